"""Policies in the text of C2SP tlog-policy, of which those count that nothing can be stripped from."""

import pytest
from tests.unit.evidence.log.published import LOG, OTHER, TIME_S, WITNESS, head_of, leaves

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, SigningKey
from tallystick.evidence.log.checkpoint import SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint
from tallystick.evidence.log.policy import Policy, PolicyWitness, parse_policy
from tallystick.evidence.log.tree import MerkleTree

THIRD = SigningKey("witness.example/delta", COSIGNATURE, bytes([4]) * 64)
KEYS = {"b": WITNESS, "c": OTHER, "d": THIRD}
L1, L2 = LOG.verifier.ed25519, LOG.verifier.mldsa44
LOGS = f"log {L1}\nlog {L2}\n"
PAIRS = "".join(
    f"witness {name}1 {key.verifier.ed25519}\nwitness {name}2 {key.verifier.mldsa44}\n"
    f"group {name} all {name}1 {name}2\n"
    for name, key in KEYS.items()
)
B1, B2 = WITNESS.verifier.ed25519, WITNESS.verifier.mldsa44
TREE = MerkleTree(leaves(7))


def _head(*cosigners: str) -> SignedCheckpoint:
    note = sign_checkpoint(head_of(TREE).checkpoint, LOG)
    for name in cosigners:
        note = note.signed_by(cosign_checkpoint(note.checkpoint, KEYS[name], TIME_S))
    return note


@pytest.mark.parametrize(
    ("rule", "enough", "too_few"),
    [
        ("quorum b", ["b", "bc"], ["", "cd"]),
        ("group x all b c\nquorum x", ["bc", "cb", "bcd"], ["b", "cd"]),
        ("group x any b c\nquorum x", ["b", "c"], ["", "d"]),
        ("group x 2 b c d\nquorum x", ["bc", "cd", "bcd"], ["b", "d", ""]),
        ("group y any b c\ngroup x all y d\nquorum x", ["bd", "cd"], ["bc", "d"]),
        ("quorum none", ["", "b"], []),
    ],
)
def test_quorums(rule: str, enough: list[str], too_few: list[str]) -> None:
    policy = parse_policy(f"# ours\n\n{LOGS}\t {PAIRS}{rule}\n", "policy")
    for names in enough:
        assert policy.check(_head(*names)) == dict.fromkeys(sorted(names), TIME_S)
    for names in too_few:
        with pytest.raises(VerificationError, match="quorum"):
            policy.check(_head(*names))


@pytest.mark.parametrize("drop", range(4))
def test_a_stripped_algorithm_breaks_the_quorum(drop: int) -> None:
    policy = parse_policy(f"{LOGS}{PAIRS}quorum b\n", "policy")
    note = _head("b")
    policy.check(note)
    lines = tuple(line for i, line in enumerate(note.signatures) if i != drop)
    with pytest.raises(VerificationError):
        policy.check(SignedCheckpoint(note.checkpoint, lines))


def test_an_unknown_log_and_an_unknown_key_of_a_known_one() -> None:
    policy = parse_policy(f"{LOGS}quorum none\n", "policy")
    for key in (
        SigningKey("elsewhere", 1, bytes([9]) * 64),
        SigningKey(LOG.verifier.name, 1, bytes([9]) * 64),
    ):
        with pytest.raises(VerificationError):
            policy.check(head_of(TREE, key=key))


def test_a_policy_is_read_as_it_is_written() -> None:
    witnesses = {
        "borealis": PolicyWitness(WITNESS.verifier, "http://b.example:7380"),
        "caldera": PolicyWitness(OTHER.verifier, ""),
    }
    for least in (0, 1, 2):
        policy = Policy.of([LOG.verifier], witnesses, least)
        assert parse_policy(policy.text, "x") == policy
    with pytest.raises(ValueError, match="not a number of witnesses"):
        Policy.of([LOG.verifier], witnesses, 3)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{LOGS}witness b {B1}\nquorum b\n", id="Ed25519 alone"),
        pytest.param(f"{LOGS}witness b {B2}\nquorum b\n", id="ML-DSA-44 alone"),
        pytest.param(f"{LOGS}witness b {B1}\nwitness c {B2}\ngroup x any b c\nquorum x\n", id="any of both"),
        pytest.param(f"{LOGS}witness b {B1}\nwitness c {B2}\ngroup x 1 b c\nquorum x\n", id="one of both"),
        pytest.param(f"{LOGS}{PAIRS}group x 2 b1 b2 c1 c2\nquorum x\n", id="two keys of four"),
        pytest.param(f"{LOGS}{PAIRS}quorum b1\n", id="half of a witness as the quorum"),
        pytest.param(f"{LOGS}{PAIRS}group x all b c1\nquorum x\n", id="half of a witness in a group"),
        pytest.param(f"log {L1}\n{PAIRS}quorum b\n", id="a log without ML-DSA-44"),
        pytest.param(f"log {L2}\n{PAIRS}quorum b\n", id="a log without Ed25519"),
        pytest.param(f"{LOGS}log {L1}\n{PAIRS}quorum b\n", id="a log twice"),
        pytest.param(f"{LOGS}log {B1}\n{PAIRS}quorum b\n", id="a witness as a log"),
        pytest.param(
            f"{LOGS}witness b {L1}\nwitness c {L2}\ngroup x all b c\nquorum x\n", id="a log as witness"
        ),
        pytest.param(f"{LOGS}{PAIRS}", id="no quorum"),
        pytest.param(f"{LOGS}{PAIRS}quorum b\nquorum c\n", id="two quorums"),
        pytest.param(f"{LOGS}quorum b\n{PAIRS}", id="a quorum before its definition"),
        pytest.param(f"{LOGS}{PAIRS}group x all b e\nquorum x\n", id="an unknown member"),
        pytest.param(f"{LOGS}{PAIRS}group x all b b\nquorum x\n", id="a member twice"),
        pytest.param(
            f"{LOGS}{PAIRS}group x any b c\ngroup y any b d\nquorum x\n", id="a member of two groups"
        ),
        pytest.param(f"{LOGS}{PAIRS}group x 3 b c\nquorum x\n", id="more than there are"),
        pytest.param(f"{LOGS}{PAIRS}group x 0 b c\nquorum x\n", id="none of them"),
        pytest.param(f"{LOGS}{PAIRS}group x 02 b c\nquorum x\n", id="a leading zero"),
        pytest.param(f"{LOGS}{PAIRS}group x ² b c\nquorum x\n", id="another digit"),
        pytest.param(f"{LOGS}{PAIRS}group none all b c\nquorum none\n", id="a group called none"),
        pytest.param(f"{LOGS}{PAIRS}group b any c d\nquorum b\n", id="a name twice"),
        pytest.param(f"{LOGS}{PAIRS}quorum b", id="an unfinished line"),
        pytest.param(f"{LOGS}{PAIRS}quorum b\r\n", id="carriage return"),
        pytest.param(f"{LOGS}{PAIRS}delegate b\nquorum b\n", id="an unknown line"),
        pytest.param("", id="nothing"),
    ],
)
def test_policies_that_are_refused(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_policy(text, "the policy")
    assert "the policy" in str(caught.value)
    assert "\n" not in str(caught.value)
