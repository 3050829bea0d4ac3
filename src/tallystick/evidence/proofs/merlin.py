"""Merlin transcripts (https://merlin.cool), which turn an interactive proof into one that stands alone."""

from collections.abc import Sequence

from tallystick.evidence.proofs.ristretto import wide_scalar
from tallystick.evidence.proofs.strobe import Strobe


class Transcript:
    """``count`` transcripts of one shape, run in lock-step: equal labels and lengths, other messages."""

    def __init__(self, label: bytes, count: int = 1) -> None:
        self._strobe = Strobe(b"Merlin v1.0", count)
        self.append(b"dom-sep", label)

    def append(self, label: bytes, message: bytes) -> None:
        """Absorb a message that all transcripts share."""
        self._frame(label, len(message))
        self._strobe.ad(message)

    def append_each(self, label: bytes, messages: Sequence[bytes]) -> None:
        """Absorb one message into each transcript, all of one length."""
        self._frame(label, len(messages[0]))
        self._strobe.ad(messages)

    def append_u64(self, label: bytes, number: int) -> None:
        """Absorb a number that all transcripts share, 8 bytes little-endian."""
        self.append(label, number.to_bytes(8, "little"))

    def challenge(self, label: bytes, length: int) -> list[bytes]:
        """Draw ``length`` bytes from each transcript."""
        self._frame(label, length)
        return self._strobe.prf(length)

    def challenge_scalars(self, label: bytes) -> list[int]:
        """Draw a scalar from each transcript: 64 bytes modulo the group's order."""
        return [wide_scalar(data) for data in self.challenge(label, 64)]

    def _frame(self, label: bytes, length: int) -> None:
        self._strobe.meta_ad(label)
        self._strobe.meta_ad(length.to_bytes(4, "little"), more=True)
