"""Which key signs where in a log: from the registration, by each rotation and revocation, to its end."""

from bisect import bisect_left
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from tallystick.declarations.key_event import SITE, WITNESS, KeyEvent, KeyRevocation, KeyRotation
from tallystick.declarations.leaf import Inventory, Leaf, Registration
from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import VerifierKey

#: Most changes of keys in one log: each costs four signatures to check.
MAX_CHANGES = 1000
_NAME_KEYS = frozenset({Inventory, KeyRotation, KeyRevocation})


@dataclass(frozen=True, slots=True)
class KeySpan:
    """``key`` signs from leaf ``first_leaf`` on, up to the next span. None: nobody does any more."""

    first_leaf: int
    key: VerifierKey | None


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """Spans of the site's and of the witness's key, each from leaf 0 on, in order.

    The key for a head of ``size`` leaves is the one that signs at its last leaf, ``size - 1``. So the head
    that ends with a rotation is the new key's, and the head that ends with a revocation is the last.
    """

    origin: str
    site: tuple[KeySpan, ...]
    witness: tuple[KeySpan, ...]

    def site_key(self, size: int) -> VerifierKey:
        """Who signs the head of ``size`` leaves, and a declaration closed by its last leaf.

        Raises VerificationError where the key was revoked before.
        """
        key = _at(self.site, size)
        if key is None:
            raise VerificationError(f"the key of {self.origin} was revoked before leaf {size - 1}")
        return key

    def witness_key(self, size: int) -> VerifierKey | None:
        """Who cosigns the head of ``size`` leaves; None for a log without a witness.

        Raises VerificationError where the log has one whose key was revoked before.
        """
        key = _at(self.witness, size)
        if key is None and len(self.witness) > 1:
            raise VerificationError(f"the key of the witness was revoked before leaf {size - 1}")
        return key

    @property
    def all_keys(self) -> tuple[VerifierKey, ...]:
        """Every key of site and witness that ever signed here: no meter may have one of them."""
        return tuple(span.key for span in (*self.site, *self.witness) if span.key is not None)


def keys_over_log(leaves: Sequence[Leaf]) -> KeyHistory:
    """Who signs from which leaf on, with every change of key checked.

    Raises FormatError where the log does not begin with its registration, and VerificationError for a
    change that the key valid there did not sign, or to a key that was used before in this log.
    """
    first = leaves[0] if leaves else None
    if not isinstance(first, Registration):
        raise FormatError("the log does not begin with its registration")
    spans = {SITE: [KeySpan(0, first.key)], WITNESS: [KeySpan(0, first.witness)]}
    used = _halves(first.key) | _halves(first.witness)
    name_keys = [(i, leaf) for i, leaf in enumerate(leaves) if type(leaf) in _NAME_KEYS]  # of millions
    used |= {half for _, leaf in name_keys if isinstance(leaf, Inventory) for half in _halves(leaf.meter_key)}
    changes = [(i, leaf) for i, leaf in name_keys if isinstance(leaf, KeyRotation | KeyRevocation)]
    if len(changes) > MAX_CHANGES:
        raise VerificationError(f"{len(changes)} changes of keys where at most {MAX_CHANGES} are accepted")
    for index, leaf in changes:
        _check(leaf, spans[leaf.role][-1].key, used, first.key.name, index)
        spans[leaf.role].append(KeySpan(index if leaf.follows else index + 1, leaf.follows))
        used |= _halves(leaf.follows)
    return KeyHistory(first.key.name, tuple(spans[SITE]), tuple(spans[WITNESS]))


def _check(
    leaf: KeyEvent, valid: VerifierKey | None, used: AbstractSet[bytes], origin: str, index: int
) -> None:
    if leaf.ends != valid:
        raise VerificationError(f"leaf {index} ends a key of {leaf.ends.name} that does not sign there")
    if _halves(leaf.follows) & used:
        raise VerificationError(f"leaf {index} brings in a key that was used before in this log")
    try:
        leaf.check(origin)
    except VerificationError as error:
        raise VerificationError(f"leaf {index}, a change of key: {error.problem}") from error


def _halves(key: VerifierKey | None) -> set[bytes]:
    return {key.ed25519.public, key.mldsa44.public} if key else set()


def _at(spans: tuple[KeySpan, ...], size: int) -> VerifierKey | None:
    return spans[bisect_left(spans, max(1, size), key=lambda span: span.first_leaf) - 1].key
