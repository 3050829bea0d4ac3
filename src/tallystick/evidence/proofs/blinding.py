"""The prover's own randomness: secret scalars that no other proof shares.

Sources are mixed, so that each covers for the others: the caller's secret and the witness keep the scalars
secret when the operating system's randomness is bad; the statement makes them differ from one statement to
the next even when that randomness repeats; fresh randomness makes two proofs of one statement differ.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tallystick.errors import InputError
from tallystick.evidence.proofs.ristretto import encode_scalar, wide_scalar
from tallystick.evidence.proofs.statement import Statement

#: Draws fresh bytes. Tests inject their own.
Randomness = Callable[[int], bytes]

MIN_SECRET_BYTES = 32
_ENTROPY_BYTES = 32
_PURPOSE = b"tallystick range proof blinding v1\n"


class BlindingStream:
    """An endless stream of scalars: HKDF-SHA512 to a key, SHAKE256 of the key and a counter to scalars."""

    def __init__(
        self,
        secret: bytes,
        statement: Statement,
        values: Sequence[int],
        blindings: Sequence[int],
        randomness: Randomness,
    ) -> None:
        if len(secret) < MIN_SECRET_BYTES:
            raise InputError(f"a prover's secret has at least {MIN_SECRET_BYTES} bytes")
        witness = b"".join(
            encode_scalar(number) for pair in zip(values, blindings, strict=True) for number in pair
        )
        derive = HKDF(
            algorithm=SHA512(),
            length=64,
            salt=randomness(_ENTROPY_BYTES),
            info=_PURPOSE + hashlib.sha512(statement.encoding()).digest(),
        )
        self._key = derive.derive(len(secret).to_bytes(8, "little") + secret + witness)
        self._drawn = 0

    def scalars(self, count: int) -> list[int]:
        """The next ``count`` scalars, each 64 bytes of the stream modulo the group's order."""
        self._drawn += 1
        stream = hashlib.shake_256(self._key + self._drawn.to_bytes(8, "little")).digest(64 * count)
        return list(_wide_scalars(stream))


def _wide_scalars(stream: bytes) -> Iterator[int]:
    for at in range(0, len(stream), 64):
        yield wide_scalar(stream[at : at + 64])
