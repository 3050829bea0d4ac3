"""Somebody alters a bundle after it was signed: the check that should refuse it does."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.adversarial.hostile_operator import Honest, failed, rebuilt, report_of

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.leaf import EntryCommitment
from tallystick.declarations.statement import PAYLOAD_TYPE
from tallystick.evidence.dsse import sign_envelope
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, NoteSignature, SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint

Attack = Callable[[Honest], Bundle]


def test_the_honest_bundle_holds(honest: Honest) -> None:
    report = report_of(honest.bundle, honest.meter())
    assert [c.number for c in report.checks if c.ok] == list(range(1, 9))


def test_rebuilding_it_truthfully_holds_too(honest: Honest) -> None:
    """So that whatever fails below fails for what was changed and not for how."""
    report = report_of(rebuilt(honest), honest.meter())
    assert [c.number for c in report.checks if c.ok] == list(range(1, 9))
    assert rebuilt(honest).tree.root() == honest.bundle.tree.root()


def _leaf_changed(h: Honest) -> Bundle:
    leaves = list(h.bundle.leaves)
    at = next(i for i, leaf in enumerate(leaves) if isinstance(leaf, EntryCommitment))
    leaves[at] = EntryCommitment(bytes(32))
    return replace(h.bundle, leaves=tuple(leaves))


def _without(h: Honest, at: int) -> Bundle:
    return replace(h.bundle, leaves=(*h.bundle.leaves[:at], *h.bundle.leaves[at + 1 :]))


def _leaf_twice(h: Honest) -> Bundle:
    return replace(h.bundle, leaves=(*h.bundle.leaves[:-1], h.bundle.leaves[-2], h.bundle.leaves[-1]))


def _leaves_swapped(h: Honest) -> Bundle:
    leaves = list(h.bundle.leaves)
    leaves[-2], leaves[-3] = leaves[-3], leaves[-2]
    return replace(h.bundle, leaves=tuple(leaves))


def _last_head(h: Honest, change: Callable[[SignedCheckpoint], SignedCheckpoint]) -> Bundle:
    return replace(h.bundle, heads=(*h.bundle.heads[:-1], change(h.bundle.heads[-1])))


def _head_of(h: Honest, key: SigningKey, origin: str, root: bytes | None = None) -> Bundle:
    def change(head: SignedCheckpoint) -> SignedCheckpoint:
        note = sign_checkpoint(Checkpoint(origin, head.checkpoint.size, root or head.checkpoint.root), key)
        return note.signed_by(_witness(head))

    return _last_head(h, change)


def _own(head: SignedCheckpoint) -> tuple[NoteSignature, ...]:
    """The log's two signatures: Ed25519, ML-DSA-44."""
    return head.signatures[:2]


def _witness(head: SignedCheckpoint) -> tuple[NoteSignature, ...]:
    """The witness's two cosignatures, in the same order."""
    return head.signatures[2:]


def _lines(h: Honest, lines: Callable[[SignedCheckpoint], tuple[NoteSignature, ...]]) -> Bundle:
    return _last_head(h, lambda head: replace(head, signatures=lines(head)))


def _flipped(line: NoteSignature, at: int = -1) -> NoteSignature:
    data = bytearray(line.signature)
    data[at] ^= 1
    return replace(line, signature=bytes(data))


def _by_another_witness(head: SignedCheckpoint) -> tuple[NoteSignature, ...]:
    """Keys of the same name; they can even borrow the true witness's key ids."""
    true = _witness(head)
    time_s = int.from_bytes(true[0].signature[:8], "big")
    forged = cosign_checkpoint(head.checkpoint, SigningKey.generate(true[0].name, COSIGNATURE), time_s)
    return tuple(replace(f, key_id=t.key_id) for f, t in zip(forged, true, strict=True))


def _time_moved(head: SignedCheckpoint) -> tuple[NoteSignature, ...]:
    earlier = int.from_bytes(_witness(head)[0].signature[:8], "big") - 60
    return tuple(
        replace(line, signature=earlier.to_bytes(8, "big") + line.signature[8:]) for line in _witness(head)
    )


def _envelope(h: Honest, **changes: object) -> Bundle:
    return replace(h.bundle, envelope={**h.bundle.envelope, **changes})


def _declaration_by_another_key(h: Honest) -> Bundle:
    other = SigningKey.generate(h.site.config.origin, NOTE)
    envelope = sign_envelope(PAYLOAD_TYPE, h.declaration.payload(), other)
    keyid = h.bundle.envelope["signatures"][0]["keyid"]
    envelope["signatures"][0]["keyid"] = keyid
    return replace(h.bundle, envelope=envelope)


def _declared_again_after_the_close(h: Honest) -> Bundle:
    """The site's own key on other figures, over the same log."""
    other = replace(h.declaration, energy_mj=h.declaration.energy_mj // 2)
    return replace(h.bundle, envelope=sign_envelope(PAYLOAD_TYPE, other.payload(), h.site.key))


ALTERED: list[tuple[str, int, Attack]] = [
    ("a leaf is changed", 2, _leaf_changed),
    ("an entry is dropped", 2, lambda h: _without(h, -2)),
    ("a slot is dropped", 2, lambda h: _without(h, 3)),
    ("a leaf stands twice", 2, _leaf_twice),
    ("two leaves change places", 2, _leaves_swapped),
    (
        "a bit of a head's Ed25519 signature is flipped",
        2,
        lambda h: _lines(h, lambda d: (_flipped(_own(d)[0]), _own(d)[1], *_witness(d))),
    ),
    (
        "a bit of a head's ML-DSA-44 signature is flipped",
        2,
        lambda h: _lines(h, lambda d: (_own(d)[0], _flipped(_own(d)[1]), *_witness(d))),
    ),
    (
        "a head's ML-DSA-44 signature is stripped",
        2,
        lambda h: _lines(h, lambda d: (_own(d)[0], *_witness(d))),
    ),
    ("a head's Ed25519 signature is stripped", 2, lambda h: _lines(h, lambda d: (_own(d)[1], *_witness(d)))),
    (
        "a head forged with another key of the same name",
        2,
        lambda h: _head_of(h, SigningKey.generate(h.site.config.origin, NOTE), h.site.config.origin),
    ),
    ("a head of another log", 2, lambda h: _head_of(h, h.site.key, "tallystick.example/other")),
    ("a head with another root", 2, lambda h: _head_of(h, h.site.key, h.site.config.origin, bytes(32))),
    ("the last head is missing", 2, lambda h: replace(h.bundle, heads=h.bundle.heads[:-1])),
    ("heads out of order", 2, lambda h: replace(h.bundle, heads=h.bundle.heads[::-1])),
    ("a head twice", 2, lambda h: replace(h.bundle, heads=(*h.bundle.heads, h.bundle.heads[-1]))),
    ("the cosignatures are stripped", 3, lambda h: _lines(h, _own)),
    (
        "the witness's ML-DSA-44 cosignature is stripped",
        3,
        lambda h: _lines(h, lambda d: (*_own(d), _witness(d)[0])),
    ),
    (
        "the witness's Ed25519 cosignature is stripped",
        3,
        lambda h: _lines(h, lambda d: (*_own(d), _witness(d)[1])),
    ),
    (
        "cosignatures by other keys of the witness's name",
        3,
        lambda h: _lines(h, lambda d: (*_own(d), *_by_another_witness(d))),
    ),
    (
        "the cosignatures of another head",
        3,
        lambda h: _lines(h, lambda d: (*_own(d), *_witness(h.bundle.heads[0]))),
    ),
    ("the cosignatures' time is moved", 3, lambda h: _lines(h, lambda d: (*_own(d), *_time_moved(d)))),
    (
        "the two cosignatures state different times",
        3,
        lambda h: _lines(h, lambda d: (*_own(d), _witness(d)[0], _time_moved(d)[1])),
    ),
    ("cosignatures twice", 3, lambda h: _lines(h, lambda d: (*_own(d), *_witness(d) * 2))),
    ("the declaration is signed with another key", 1, _declaration_by_another_key),
    ("the declaration's payload is changed", 1, lambda h: _envelope(h, payload="e30=")),
    ("the declaration is of another type", 1, lambda h: _envelope(h, payloadType="text/plain")),
    ("the declaration is missing", 1, lambda h: replace(h.bundle, envelope=None)),
    ("the declaration is a number", 1, lambda h: replace(h.bundle, envelope=17)),
    ("the declaration is replaced after the close", 5, _declared_again_after_the_close),
]


@pytest.mark.parametrize(("name", "number", "attack"), ALTERED, ids=[a[0] for a in ALTERED])
def test_altered_after_signing(honest: Honest, name: str, number: int, attack: Attack) -> None:
    report = report_of(attack(honest), honest.meter())
    assert number in failed(report)
    assert not report.ok
