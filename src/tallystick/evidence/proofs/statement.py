"""What a range proof speaks of: which commitments, of how many bits, said under which label and context."""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.errors import FormatError, InputError
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.merlin import Transcript
from tallystick.evidence.proofs.ristretto import ENCODED_BYTES, IDENTITY, Point

WIDTHS = (8, 16, 32, 64)
#: Most commitments in one proof, so that a file cannot ask for unbounded work.
MAX_PARTIES = 256

#: Messages that go into the transcript before the proof, each under its own label.
Context = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """That each of ``commitments`` hides a value in [0, 2**bits), bound to ``label`` and ``context``.

    A proof speaks of a power of two of commitments. Others are padded at the end with the public
    commitment ``BLINDING_BASE`` (value 0, blinding 1), by the prover and the verifier alike: whoever
    checks with other code appends the same.
    """

    bits: int
    commitments: tuple[Point, ...]
    label: bytes
    context: Context = ()

    def __post_init__(self) -> None:
        """Raises InputError for widths and counts that do not exist, FormatError for unusable points."""
        check_width(self.bits)
        if not 1 <= len(self.commitments) <= MAX_PARTIES:
            raise InputError(f"a range proof speaks of 1 to {MAX_PARTIES} commitments")
        for commitment in self.commitments:
            if len(commitment) != ENCODED_BYTES:
                raise FormatError(f"a commitment has {ENCODED_BYTES} bytes, not {len(commitment)}")
            if commitment == IDENTITY:
                raise FormatError("a commitment is the group's identity, which hides nothing")

    @property
    def parties(self) -> int:
        """How many commitments the proof speaks of: the next power of two."""
        return padded_count(len(self.commitments))

    @property
    def padded(self) -> tuple[Point, ...]:
        """The commitments with their padding."""
        return self.commitments + (BLINDING_BASE,) * (self.parties - len(self.commitments))

    @property
    def shape(self) -> tuple[object, ...]:
        """Statements of one shape can be checked in lock-step."""
        context = tuple((label, len(message)) for label, message in self.context)
        return self.bits, self.parties, self.label, context

    def encoding(self) -> bytes:
        """One encoding for each statement, for hashing: every part with its length before it."""
        parts = [self.label, *(part for entry in self.context for part in entry), *self.commitments]
        numbers = (self.bits, len(self.context), len(self.commitments))
        head = b"".join(number.to_bytes(8, "little") for number in numbers)
        return head + b"".join(len(part).to_bytes(8, "little") + part for part in parts)


def check_width(bits: int) -> None:
    """Raise InputError for a width that no range proof has."""
    if bits not in WIDTHS:
        raise InputError(f"range proofs have 8, 16, 32 or 64 bits, not {bits}")


def padded_count(count: int) -> int:
    """The smallest power of two that is at least ``count``."""
    return 1 << (count - 1).bit_length()


def open_transcript(statements: Sequence[Statement]) -> Transcript:
    """Transcripts of statements of one shape, in lock-step, with all that was said before the proof."""
    first = statements[0]
    transcript = Transcript(first.label, len(statements))
    for index, (label, _) in enumerate(first.context):
        transcript.append_each(label, [s.context[index][1] for s in statements])
    transcript.append(b"dom-sep", b"rangeproof v1")
    transcript.append_u64(b"n", first.bits)
    transcript.append_u64(b"m", first.parties)
    for party in zip(*(s.padded for s in statements), strict=True):
        transcript.append_each(b"V", party)
    return transcript
