"""Keccak against hashlib, STROBE and Merlin against published vectors, lock-step against one by one."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.evidence.proofs.keccak import broadcast, permute
from tallystick.evidence.proofs.merlin import Transcript
from tallystick.evidence.proofs.strobe import RATE, Strobe


def sha3_256(message: bytes) -> bytes:
    """SHA3-256 (FIPS 202, section 6.1) on our permutation."""
    rate = 136
    padded = bytearray(message + b"\x06")
    padded += bytes(-len(padded) % rate)
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), rate):
        for index in range(rate // 8):
            at = start + 8 * index
            lanes[index] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


@pytest.mark.parametrize("length", [0, 1, 135, 136, 137, 500])
def test_keccak_makes_sha3(length: int) -> None:
    message = bytes(range(256)) * 2
    assert sha3_256(message[:length]) == hashlib.sha3_256(message[:length]).digest()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.integers(0, 2**64 - 1), min_size=25, max_size=25), min_size=1, max_size=5))
def test_states_in_lock_step_are_permuted_as_alone(states: list[list[int]]) -> None:
    count = len(states)
    together = permute([sum(s[i] << 64 * k for k, s in enumerate(states)) for i in range(25)], count)
    alone = [permute(state) for state in states]
    assert [[lane >> 64 * k & (2**64 - 1) for lane in together] for k in range(count)] == alone


def test_broadcast_repeats_a_lane() -> None:
    assert broadcast(5, 3) == 5 + (5 << 64) + (5 << 128)


def test_strobe_conformance() -> None:
    """The published conformance run of merlin/src/strobe.rs against strobe-rs, up to its first PRF."""
    strobe = Strobe(b"Conformance Test Protocol")
    strobe.meta_ad(b"ms")
    strobe.meta_ad(b"g", more=True)
    strobe.ad(bytes([99]) * 1024)
    strobe.meta_ad(b"prf")
    expected = "b48e645ca17c667fd5206ba57a6a228d72d8e1903814d3f17f622996d7cfefb0"
    assert strobe.prf(32)[0].hex() == expected


def test_merlin_simple() -> None:
    """merlin/src/transcript.rs, equivalence_simple."""
    transcript = Transcript(b"test protocol")
    transcript.append(b"some label", b"some data")
    expected = "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615"
    assert transcript.challenge(b"challenge", 32)[0].hex() == expected


def test_merlin_complex() -> None:
    """merlin/src/transcript.rs, equivalence_complex: challenges flow back in."""
    transcript = Transcript(b"test protocol")
    transcript.append(b"step1", b"some data")
    for _ in range(32):
        challenge = transcript.challenge(b"challenge", 32)[0]
        transcript.append(b"bigdata", bytes([99]) * 1024)
        transcript.append(b"challengedata", challenge)
    assert challenge.hex() == "a8c933f54fae76e3f9bea93648c1308e7dfa2152dd51674ff3ca438351cf003c"


@settings(max_examples=15, deadline=None)
@given(st.data(), st.integers(1, 4), st.integers(0, 2 * RATE))
def test_transcripts_in_lock_step_are_as_alone(data: st.DataObject, count: int, length: int) -> None:
    messages = [data.draw(st.binary(min_size=length, max_size=length)) for _ in range(count)]
    together = Transcript(b"lock-step", count)
    together.append_each(b"message", messages)
    together.append_u64(b"number", 7)
    drawn = together.challenge(b"c", 64), together.challenge(b"d", 8)
    for index, message in enumerate(messages):
        alone = Transcript(b"lock-step")
        alone.append(b"message", message)
        alone.append_u64(b"number", 7)
        assert [alone.challenge(b"c", 64)[0], alone.challenge(b"d", 8)[0]] == [d[index] for d in drawn]


@pytest.mark.parametrize("length", range(RATE - 24, RATE + 3))
def test_a_block_may_end_anywhere(length: int) -> None:
    """Every place where a block's end can fall within an operation's framing."""
    one, two = Transcript(b"t"), Transcript(b"t", 2)
    one.append(b"m", bytes(length))
    two.append_each(b"m", [bytes(length), b"\1" * length])
    first = one.challenge(b"c", 64)[0]
    second = two.challenge(b"c", 64)
    assert second[0] == first
    assert second[1] != first


def test_misuse_is_refused() -> None:
    strobe = Strobe(b"p", 2)
    with pytest.raises(ValueError, match="lock-step"):
        strobe.ad([b"a", b"bc"])
    with pytest.raises(ValueError, match="3 values for 2"):
        strobe.ad([b"a", b"b", b"c"])
    with pytest.raises(ValueError, match="by eights"):
        strobe.prf(12)
    with pytest.raises(ValueError, match="goes on"):
        strobe.meta_ad(b"x", more=True)
