"""Whatever the bytes, a parser of the log answers or raises its own error."""

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence.log.published import LOG, TREE_HEAD, WITNESS, publish_to

from tallystick.errors import FormatError, VerificationError
from tallystick.evidence.keys import VerifierKey
from tallystick.evidence.log.checkpoint import parse_checkpoint
from tallystick.evidence.log.cosignature import verify_head
from tallystick.evidence.log.fsck import fsck_tiles
from tallystick.evidence.log.policy import Policy, PolicyWitness, parse_policy
from tallystick.evidence.log.tiles import TileName, decode_bundle, decode_tile
from tallystick.evidence.vkey import Vkey

POLICY = Policy.of([LOG.verifier], {"b": PolicyWitness(WITNESS.verifier, "")}, 1).text
KEY = str(LOG.verifier)
NOTE = TREE_HEAD.text
TEXTS = st.text(max_size=200) | st.builds(
    lambda text, at, new: text[: at % len(text)] + new + text[at % len(text) + 1 :],
    st.sampled_from([POLICY, KEY, NOTE]),
    st.integers(0, 10**6),
    st.text(max_size=3),
)


@given(TEXTS)
def test_texts(text: str) -> None:
    for parse in (parse_policy, parse_checkpoint, VerifierKey.parse, Vkey.parse):
        with suppress(FormatError):
            parse(text, "here")
    TileName.parse(text)


@given(st.binary(max_size=600), st.integers(1, 256))
def test_bytes(data: bytes, width: int) -> None:
    for decode in (decode_bundle, decode_tile):
        try:
            assert len(decode(data, width, "here")) == width
        except FormatError:
            continue


@pytest.mark.parametrize("seed", range(20))
def test_a_log_with_one_damaged_byte_fails_by_name(tmp_path: Path, seed: int) -> None:
    publish_to(tmp_path, 270, 260)
    chosen = random.Random(seed)
    path = chosen.choice(sorted(p for p in tmp_path.rglob("*") if p.is_file()))
    data = bytearray(path.read_bytes())
    data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
    path.write_bytes(data)
    with pytest.raises(VerificationError) as caught:
        fsck_tiles(tmp_path, lambda note: verify_head(note, LOG.verifier, [WITNESS.verifier]))
    assert caught.value.where.startswith(str(tmp_path))
