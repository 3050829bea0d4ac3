"""Blindings of a row, from the site's secret, the row's place and all its amounts.

The same content gives the same blindings, so that closing again after a crash changes nothing. Any other
amount changes every blinding of the row: two versions of a row share none, and so do not tell where they
differ. To whoever lacks the secret each blinding is as good as drawn at random, so that opening one says
nothing of another.
"""

import hashlib
import hmac

from tallystick.errors import InputError
from tallystick.evidence.matrix.amounts import RowAmounts
from tallystick.evidence.matrix.place import RowPlace
from tallystick.evidence.proofs.ristretto import wide_scalar

MIN_SECRET_BYTES = 32

_BLINDING = b"tallystick-blinding/1\0"
_PROVER = b"tallystick-prover/1\0"


def row_blindings(secret: bytes, place: RowPlace, amounts: RowAmounts) -> tuple[int, ...]:
    """One scalar for each amount, as in ``RowAmounts.flat``. Raises InputError for a short secret."""
    check_secret(secret)
    digests = hashlib.sha256(place.encoding()).digest() + hashlib.sha256(amounts.encoding()).digest()
    keyed = hmac.new(secret, _BLINDING + digests, hashlib.sha512)
    blindings = []
    for index in range(len(amounts.flat)):
        drawn = keyed.copy()
        drawn.update(index.to_bytes(8, "little"))
        blindings.append(wide_scalar(drawn.digest()))
    return tuple(blindings)


def prover_secret(secret: bytes, place: RowPlace) -> bytes:
    """64 bytes for the range proof's own randomness. Raises InputError for a short secret."""
    check_secret(secret)
    return hmac.digest(secret, _PROVER + place.encoding(), "sha512")


def check_secret(secret: bytes) -> None:
    """Raise InputError for a secret that is too short to hide anything."""
    if len(secret) < MIN_SECRET_BYTES:
        raise InputError(f"a site's secret has at least {MIN_SECRET_BYTES} bytes")
