"""The sample block: written and read back, and every malformed one refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import FormatError
from tallystick.evidence.block import (
    BlockHeader,
    SampleBlock,
    block_from_text,
    block_text,
    column_bytes,
    decode_block,
    encode_block,
)
from tallystick.records.sample import CHANNELS, MISSING
from tallystick.records.subject import SubjectKind, Trust
from tallystick.units import SLOT_NS

SLOT = 1_772_409_600_000_000_000
POWER = "DCGM_FI_DEV_POWER_USAGE"


def _encode(block: SampleBlock, names: list[str] | None = None) -> bytes:
    channels = {n: column_bytes(block.channels[n]) for n in names or block.channels}
    count = len(block.time_ns)
    return encode_block(
        block.header, count, column_bytes(block.time_ns), column_bytes(block.quality), channels
    )


@st.composite
def blocks(draw: st.DrawFn, least: int = 0) -> SampleBlock:
    kind = draw(st.sampled_from(SubjectKind))
    count = draw(st.integers(least, 6))
    offsets = draw(st.lists(st.integers(0, SLOT_NS - 1), min_size=count, max_size=count, unique=True))
    fitting = [n for n, c in CHANNELS.items() if c.subject is kind]
    names = draw(st.lists(st.sampled_from(fitting), unique=True)) if count else []
    header = BlockHeader(
        subject=draw(st.text("abc.:-9", max_size=8)),
        kind=kind,
        source=draw(st.text("xyz", max_size=4)),
        trust=draw(st.sampled_from(Trust)),
        interval_ns=draw(st.integers(1, SLOT_NS)),
        slot_ns=SLOT,
    )
    channels = {}
    for name in names:
        reading = st.integers(0, CHANNELS[name].maximum)
        values = draw(st.lists(reading | st.just(MISSING), min_size=count, max_size=count))
        values[draw(st.integers(0, count - 1))] = draw(reading)
        channels[name] = values
    quality = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    return SampleBlock(header, sorted(SLOT + o for o in offsets), quality, channels)


@given(blocks())
@settings(max_examples=100)
def test_round_trip(block: SampleBlock) -> None:
    data = _encode(block)
    read = decode_block(data, "x")
    assert read.header == block.header
    assert (list(read.time_ns), list(read.quality)) == (block.time_ns, block.quality)
    assert {n: list(v) for n, v in read.channels.items()} == block.channels
    assert _encode(read) == data
    assert block_from_text(block_text(data), "x") == data


@given(blocks(), st.data())
@settings(max_examples=150)
def test_a_changed_block_is_refused_or_says_something_else(block: SampleBlock, data: st.DataObject) -> None:
    """A second encoding of the same samples would let an operator open one commitment twice."""
    original = _encode(block)
    at = data.draw(st.integers(0, len(original) - 1))
    kind = data.draw(st.sampled_from(["flip", "drop", "insert", "cut", "append"]))
    byte = data.draw(st.binary(min_size=1, max_size=1))
    if kind == "flip":
        changed = original[:at] + byte + original[at + 1 :]
    elif kind == "drop":
        changed = original[:at] + original[at + 1 :]
    elif kind == "insert":
        changed = original[:at] + byte + original[at:]
    else:
        changed = original[:at] if kind == "cut" else original + byte
    if changed == original:
        return
    read, refusal = None, ""
    try:
        read = decode_block(changed, "the block")
    except FormatError as error:
        refusal = str(error)
    if read is None:
        assert refusal.startswith("the block: ")
        assert "\n" not in refusal
    else:
        assert _encode(read) == changed


def _good(**changes: object) -> SampleBlock:
    fields = {
        "subject": "a0",
        "kind": SubjectKind.ACCELERATOR,
        "source": "dcgm",
        "trust": Trust.OPERATOR,
        "interval_ns": 10**9,
        "slot_ns": SLOT,
    }
    columns = {"time_ns": [SLOT, SLOT + 5], "quality": [0, 0], "power": [1, 2]}
    fields.update({k: v for k, v in changes.items() if k in fields})
    columns.update({k: v for k, v in changes.items() if k in columns})
    header = BlockHeader(**fields)
    return SampleBlock(header, columns["time_ns"], columns["quality"], {POWER: columns["power"]})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time_ns": [SLOT, SLOT]}, "do not increase"),
        ({"time_ns": [SLOT + 5, SLOT]}, "do not increase"),
        ({"time_ns": [SLOT - 1, SLOT]}, "outside the slot"),
        ({"time_ns": [SLOT, SLOT + SLOT_NS]}, "outside the slot"),
        ({"time_ns": [MISSING, SLOT]}, "outside the slot"),
        ({"quality": [0, 4]}, "quality"),
        ({"quality": [-1, 0]}, "quality"),
        ({"power": [-1, 2]}, "out of range"),
        ({"power": [5_000_001, 2]}, "out of range"),
        ({"power": [MISSING, MISSING]}, "no reading"),
        ({"slot_ns": SLOT + 1}, "out of range"),
        ({"slot_ns": -SLOT_NS}, "out of range"),
        ({"interval_ns": 0}, "out of range"),
        ({"interval_ns": -1}, "out of range"),
        ({"interval_ns": SLOT_NS + 1}, "out of range"),
        ({"subject": "a\n0"}, "printable"),
        ({"subject": "a" * 129}, "128"),
        ({"kind": SubjectKind.METER}, "another kind of subject"),
        ({"kind": SubjectKind.NODE}, "another kind of subject"),
    ],
)
def test_blocks_that_are_refused(changes: dict[str, object], words: str) -> None:
    decode_block(_encode(_good()), "x")
    with pytest.raises(FormatError, match=words):
        decode_block(_encode(_good(**changes)), "x")


@pytest.mark.parametrize(
    "change",
    [
        lambda d: b"",
        lambda d: d[:10],
        lambda d: d.replace(b"samples/1", b"samples/2"),
        lambda d: d.replace(b'"count":2', b'"count":3'),
        lambda d: d.replace(b'"count":2', b'"count":-2'),
        lambda d: d.replace(b'"count":2', b'"count":"2"'),
        lambda d: d.replace(b'"count":2', b'"count":9007199254740991'),
        lambda d: d.replace(POWER.encode(), b"POWER"),
        lambda d: d.replace(b'["DCGM_FI_DEV_POWER_USAGE"]', b"[1]"),
        lambda d: d.replace(b'["DCGM_FI_DEV_POWER_USAGE"]', b'["%s","%s"]' % ((POWER.encode(),) * 2)),
        lambda d: d.replace(b"operator", b"nobody"),
        lambda d: d.replace(b'"kind":"accelerator"', b'"kind":"toaster"'),
        lambda d: d.replace(b'"1000000000"', b'"01000000000"'),
        lambda d: d.replace(b"}\n", b"} \n"),
        lambda d: d[:21] + b"x" * 10_000 + d[21:],
    ],
)
def test_bytes_that_are_refused(change) -> None:
    good = _encode(_good())
    assert change(good) != good
    with pytest.raises(FormatError):
        decode_block(change(good), "x")


@pytest.mark.parametrize("text", [None, 1, [], {}, "é", "A", "AAA", "AB==", "AA==\n", "AA-_", " AA=="])
def test_text_that_is_not_canonical_base64(text: object) -> None:
    with pytest.raises(FormatError):
        block_from_text(text, "x")
