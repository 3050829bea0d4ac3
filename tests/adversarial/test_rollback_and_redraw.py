"""The operator rewrites its past, or the inspector asks until he likes the draw."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.adversarial.hostile_operator import Honest, rebuilt

from tallystick.declarations.leaf import SlotSeal
from tallystick.errors import SiteError, VerificationError
from tallystick.evidence.log.checkpoint import Checkpoint, sign_checkpoint
from tallystick.evidence.log.tree import MerkleTree
from tallystick.site.directory import SiteDirectory
from tallystick.site.respond import respond


@pytest.fixture
def copy(honest: Honest, tmp_path: Path) -> Honest:
    root = tmp_path / "pair"
    shutil.copytree(honest.site.path.parent, root)
    return replace(honest, site=SiteDirectory(root / "site"), peer=SiteDirectory(root / "peer"))


def test_the_same_challenge_gets_the_same_answer(honest: Honest) -> None:
    assert respond(honest.site, honest.challenge).encode() == honest.opening.encode()


@pytest.mark.parametrize("changes", [{"nonce": bytes(32)}, {"entries": 1}, {"slots": 4}, {"subjects": 1}])
def test_a_second_different_challenge_is_refused(honest: Honest, changes: dict[str, object]) -> None:
    with pytest.raises(SiteError, match="challenged before"):
        respond(honest.site, replace(honest.challenge, **changes))


def test_a_challenge_for_no_bundle_of_the_site_is_refused(honest: Honest) -> None:
    for other in (
        bytes(32),
        honest.bundle.heads[0].checkpoint.root,
        rebuilt(honest, energy_mj=1).tree.root(),
    ):
        with pytest.raises(SiteError, match="for no bundle of this site"):
            respond(honest.site, replace(honest.challenge, root=other))


def _shorten(path: Path, lines: int) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:lines]))


def test_leaves_taken_away_are_noticed_at_once(copy: Honest) -> None:
    _shorten(copy.site.path / "log/leaves.jsonl", -1)
    with pytest.raises(SiteError, match="does not match its own signed head"):
        _ = SiteDirectory(copy.site.path).log


def test_a_leaf_changed_on_disk_is_noticed_at_once(copy: Honest) -> None:
    path = copy.site.path / "log/leaves.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:-3], lines[-2], lines[-3], lines[-1]]))
    with pytest.raises(SiteError, match="does not match its own signed head"):
        _ = SiteDirectory(copy.site.path).log


def test_a_log_and_its_heads_taken_back_together_are_noticed_by_the_witness(copy: Honest) -> None:
    """The site sees nothing wrong with itself; who saw the longer log does."""
    heads = copy.site.log.heads
    _shorten(copy.site.path / "log/leaves.jsonl", heads[3].checkpoint.size)
    _shorten(copy.site.path / "log/heads.jsonl", 4)
    log = SiteDirectory(copy.site.path).log
    log.append([SlotSeal(max(log.sealed) + 900 * 10**9, bytes(32))])
    with pytest.raises(SiteError, match="rolled back"):
        log.seal(10**9)


def test_a_fork_that_outgrows_the_truth_is_refused_by_the_witness(copy: Honest) -> None:
    heads = copy.site.log.heads
    _shorten(copy.site.path / "log/leaves.jsonl", heads[3].checkpoint.size)
    _shorten(copy.site.path / "log/heads.jsonl", 4)
    log = SiteDirectory(copy.site.path).log
    start = max(log.sealed)
    log.append([SlotSeal(start + i * 900 * 10**9, bytes(32)) for i in range(1, 100)])
    with pytest.raises(VerificationError, match="rolled back or rewritten"):
        log.seal(10**9)
    assert SiteDirectory(copy.site.path).log.heads == heads[:4]


def test_two_histories_for_two_inspectors_need_two_witnesses(copy: Honest) -> None:
    """The witness cosigned the true log; it cosigns no other of the same or of a greater size."""
    key, witness = copy.site.key, copy.peer.own_witness()
    size = witness.last_size(key.verifier.name)
    assert size == len(copy.bundle.leaves)
    for grown in (0, 5):
        fork = MerkleTree([b"other"] * (size + grown))
        note = sign_checkpoint(Checkpoint(key.verifier.name, len(fork), fork.root()), key)
        with pytest.raises(VerificationError):
            witness.cosign(note, key.verifier, fork.consistency_proof(size), 10**9)
    assert witness.last_size(key.verifier.name) == size
