"""Somebody alters a bundle after it was signed: the check that should refuse it does."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.adversarial.hostile_operator import Honest, cosignature, failed, rebuilt, report_of

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.leaf import EntryCommitment
from tallystick.declarations.statement import PAYLOAD_TYPE
from tallystick.evidence.dsse import sign_envelope
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, NoteSignature, SignedCheckpoint, sign_checkpoint

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
        return replace(note, signatures=(*note.signatures, head.signatures[1]))

    return _last_head(h, change)


def _signature_flipped(h: Honest) -> Bundle:
    def change(head: SignedCheckpoint) -> SignedCheckpoint:
        own, other = head.signatures
        wrong = bytes([own.signature[0] ^ 1]) + own.signature[1:]
        return replace(head, signatures=(replace(own, signature=wrong), other))

    return _last_head(h, change)


def _cosignature(h: Honest, line: Callable[[SignedCheckpoint], tuple[NoteSignature, ...]]) -> Bundle:
    return _last_head(h, lambda head: replace(head, signatures=(head.signatures[0], *line(head))))


def _by_another_witness(head: SignedCheckpoint) -> tuple[NoteSignature, ...]:
    """A key of the same name; it can even borrow the true witness's key id."""
    true = head.signatures[1]
    time_s = int.from_bytes(true.signature[:8], "big")
    forged = cosignature(SigningKey.generate(true.name, COSIGNATURE), head.checkpoint, time_s)
    return (replace(forged, key_id=true.key_id),)


def _time_moved(head: SignedCheckpoint) -> tuple[NoteSignature, ...]:
    true = head.signatures[1]
    earlier = int.from_bytes(true.signature[:8], "big") - 60
    return (replace(true, signature=earlier.to_bytes(8, "big") + true.signature[8:]),)


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
    ("a head with a bit of its signature flipped", 2, _signature_flipped),
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
    ("the cosignature is stripped", 3, lambda h: _cosignature(h, lambda _: ())),
    (
        "a cosignature by another key of the witness's name",
        3,
        lambda h: _cosignature(h, _by_another_witness),
    ),
    (
        "the cosignature of another head",
        3,
        lambda h: _cosignature(h, lambda _: h.bundle.heads[0].signatures[1:]),
    ),
    ("the cosignature's time is moved", 3, lambda h: _cosignature(h, _time_moved)),
    ("two cosignatures", 3, lambda h: _cosignature(h, lambda head: head.signatures[1:] * 2)),
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
