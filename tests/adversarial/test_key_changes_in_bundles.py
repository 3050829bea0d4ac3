"""A site whose key changed hands over a bundle: every head and the declaration need the key that counts."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.adversarial.hostile_operator import Honest, leaf_bytes, on_time

from tallystick.declarations.bundle import Bundle, declaration_of, parse_bundle, read_bundle
from tallystick.declarations.key_event import SITE, KeyRevocation, KeyRotation
from tallystick.declarations.leaf import Close, Leaf
from tallystick.declarations.statement import PAYLOAD_TYPE
from tallystick.evidence.dsse import sign_envelope
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, sign_checkpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint
from tallystick.evidence.log.tree import MerkleTree
from tallystick.inspection.verify import verify
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.key_changes import follow_witness, rotate_site_key, rotate_witness_key

Signer = Callable[[int], SigningKey]


def _failed(bundle: Bundle, *agreed: SigningKey) -> set[int]:
    report = verify(bundle, agreed=frozenset(key.verifier.fingerprint for key in agreed)).report
    return {c.number for c in report.checks if c.ok is False}


def test_a_site_and_a_witness_with_new_keys_pass(tmp_path: Path, ingested_template: Path) -> None:
    shutil.copytree(ingested_template, tmp_path / "pair")
    site, peer = tmp_path / "pair/site", tmp_path / "pair/peer"
    first = SiteDirectory(site).key, SiteDirectory(peer).witness_signing_key
    rotate_site_key(SiteDirectory(site))
    rotate_witness_key(SiteDirectory(peer))
    follow_witness(SiteDirectory(site))
    bundle = read_bundle(close(SiteDirectory(site), "all").bundle)
    for agreed in ((), first, (SiteDirectory(site).key, SiteDirectory(peer).witness_signing_key)):
        assert not _failed(bundle, *agreed)
    assert parse_bundle(bundle.encode(), "again").keys == bundle.keys


def _rotated(honest: Honest, change: Leaf, heads: Signer, declares: SigningKey) -> Bundle:
    """The honest log with ``change`` before its close; ``heads`` says who signs the head of a size."""
    leaves = [*honest.bundle.leaves[:-1], change]
    tree = MerkleTree(map(leaf_bytes, leaves))
    declaration = replace(honest.declaration, log_size=len(leaves), log_root=tree.root())
    payload = declaration.payload()
    leaves.append(Close(hashlib.sha256(payload).digest()))
    tree.append(leaf_bytes(leaves[-1]))
    last = on_time(max(honest.bundle.slots))
    notes = list(honest.bundle.heads[:-1])
    for size in (len(leaves) - 1, len(leaves)):
        note = sign_checkpoint(Checkpoint(honest.site.config.origin, size, tree.root(size)), heads(size))
        notes.append(note.signed_by(cosign_checkpoint(note.checkpoint, honest.witness_key, last)))
    return Bundle(tuple(leaves), tuple(notes), sign_envelope(PAYLOAD_TYPE, payload, declares))


def test_heads_and_declarations_of_a_retired_key_fail(honest: Honest) -> None:
    old, new = honest.site.key, SigningKey.generate(honest.site.config.origin, NOTE)
    change = KeyRotation.signed(SITE, honest.site.config.origin, old, new)
    assert not _failed(_rotated(honest, change, lambda _: new, new))
    assert 2 in _failed(_rotated(honest, change, lambda _: old, new))
    size = len(honest.bundle.leaves)
    assert 2 in _failed(_rotated(honest, change, lambda n: old if n == size else new, new))
    assert 1 in _failed(_rotated(honest, change, lambda _: new, old))
    assert declaration_of(_rotated(honest, change, lambda _: new, new)).log_size == size


def test_a_rotation_that_the_old_key_did_not_sign_fails(honest: Honest) -> None:
    old, new = honest.site.key, SigningKey.generate(honest.site.config.origin, NOTE)
    forged = replace(
        KeyRotation.signed(SITE, honest.site.config.origin, old, new), old_signature=new.sign(b"")
    )
    assert 1 in _failed(_rotated(honest, forged, lambda _: new, new))


def test_nothing_holds_after_a_revocation(honest: Honest) -> None:
    old = honest.site.key
    change = KeyRevocation.signed(SITE, honest.site.config.origin, old, "stolen")
    assert _failed(_rotated(honest, change, lambda _: old, old)) >= {1}


@pytest.mark.parametrize("agreed", [0, 1])
def test_a_stranger_among_the_agreed_keys_does_not_help(honest: Honest, agreed: int) -> None:
    keys = [honest.site.key, honest.witness_key]
    keys[agreed] = SigningKey.generate("x", keys[agreed].verifier.purpose)
    assert _failed(honest.bundle, *keys) == {1 if agreed == 0 else 3}
