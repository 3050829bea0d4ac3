"""Rollback, fork and rewriting of a log, each under its own name, against heads shown before."""

import pytest
from tests.unit.evidence.log.published import LOG, head_of, leaves

from tallystick.errors import VerificationError
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.evidence.log.checkpoint import SignedCheckpoint
from tallystick.evidence.log.history import check_extends
from tallystick.evidence.log.misbehaviour import LogFork, LogRewritten, LogRollback
from tallystick.evidence.log.tree import MerkleTree

TREE = MerkleTree(leaves(20))
KEYS = (LOG.verifier,)


def test_a_log_extends_all_its_heads() -> None:
    assert check_extends([head_of(TREE, size) for size in range(21)], TREE, KEYS) == 21


def test_rollback() -> None:
    with pytest.raises(LogRollback, match="has 20 leaves, and 21 were signed"):
        check_extends([head_of(MerkleTree(leaves(21)))], TREE, KEYS)


def test_fork() -> None:
    with pytest.raises(LogFork, match="two roots for 20"):
        check_extends([head_of(MerkleTree(leaves(20, 1)))], TREE, KEYS)


def test_rewritten() -> None:
    with pytest.raises(LogRewritten, match="first 19"):
        check_extends([head_of(MerkleTree(leaves(19, 1)))], TREE, KEYS)


def test_heads_under_a_key_that_was_rotated_away_are_met_too() -> None:
    old = SigningKey(LOG.verifier.name, NOTE, bytes([7]) * 64)
    heads = [head_of(TREE, 5, old), head_of(TREE, 9)]
    assert check_extends(heads, TREE, (LOG.verifier, old.verifier)) == 2
    with pytest.raises(VerificationError):
        check_extends(heads, TREE, KEYS)


@pytest.mark.parametrize("half", [0, 1])
def test_a_head_without_one_of_its_signatures_says_nothing(half: int) -> None:
    note = head_of(TREE, 5)
    stripped = SignedCheckpoint(note.checkpoint, note.signatures[:half] + note.signatures[half + 1 :])
    with pytest.raises(VerificationError, match="0 signatures"):
        check_extends([stripped], TREE, KEYS)


def test_a_head_of_another_log_says_nothing() -> None:
    other = SigningKey("elsewhere", NOTE, bytes([7]) * 64)
    with pytest.raises(VerificationError, match="no key is given"):
        check_extends([head_of(TREE, 5, other)], TREE, KEYS)
