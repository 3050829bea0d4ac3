"""Several witnesses, of which a policy says how many must sign."""

from pathlib import Path

import pytest
from tests.unit.evidence.log.published import LOG, OTHER, WITNESS, leaves

from tallystick.errors import VerificationError
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.gather import gather
from tallystick.evidence.log.misbehaviour import LogFork, LogRollback
from tallystick.evidence.log.policy import Policy, PolicyWitness
from tallystick.evidence.log.tree import MerkleTree
from tallystick.evidence.log.witness import Witness
from tallystick.evidence.log.witness_client import HttpWitness

NAMED = {"b": PolicyWitness(WITNESS.verifier, ""), "c": PolicyWitness(OTHER.verifier, "http://127.0.0.1:9")}
TREE = MerkleTree(leaves(9))


def _note(size: int, tree: MerkleTree = TREE) -> SignedCheckpoint:
    return sign_checkpoint(Checkpoint(LOG.verifier.name, size, tree.root(size)), LOG)


@pytest.fixture
def both(tmp_path: Path) -> dict[str, Witness]:
    return {"b": Witness(WITNESS, tmp_path / "b"), "c": Witness(OTHER, tmp_path / "c")}


def test_all_sign_in_the_order_of_the_policy(both: dict[str, Witness]) -> None:
    policy = Policy.of([LOG.verifier], NAMED, 2)
    for size in (3, 9):
        found = gather(_note(size), LOG.verifier, TREE, dict(reversed(both.items())), policy, 77)
        assert not found.failures
        names = [line.name for line in found.note.signatures[2:]]
        assert names == [WITNESS.verifier.name] * 2 + [OTHER.verifier.name] * 2
        assert policy.check(found.note) == {"b": 77, "c": 77}


def test_one_that_does_not_answer_is_passed_over_while_the_quorum_is_met(both: dict[str, Witness]) -> None:
    asked = {"b": both["b"], "c": HttpWitness(NAMED["c"].url, OTHER.verifier, 0.2)}
    found = gather(_note(3), LOG.verifier, TREE, asked, Policy.of([LOG.verifier], NAMED, 1), 77)
    assert set(found.failures) == {"c"}
    with pytest.raises(VerificationError, match=r"quorum.*c: the witness does not answer"):
        gather(_note(3), LOG.verifier, TREE, asked, Policy.of([LOG.verifier], NAMED, 2), 77)
    with pytest.raises(VerificationError, match="c: not asked"):
        gather(_note(3), LOG.verifier, TREE, {"b": both["b"]}, Policy.of([LOG.verifier], NAMED, 2), 77)


def test_one_witness_that_saw_another_history_stops_all(both: dict[str, Witness]) -> None:
    policy = Policy.of([LOG.verifier], NAMED, 1)
    gather(_note(9), LOG.verifier, TREE, both, policy, 77)
    with pytest.raises(LogRollback):
        gather(_note(3), LOG.verifier, TREE, both, policy, 78)
    fork = MerkleTree(leaves(9, 1))
    with pytest.raises(LogFork):
        gather(_note(9, fork), LOG.verifier, fork, both, policy, 78)
