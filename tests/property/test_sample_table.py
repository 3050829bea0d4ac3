"""A sample table written to Parquet comes back exactly, whatever is in it."""

import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import SampleError
from tallystick.records.sample import CHANNELS, MAX_INTERVAL_NS, MISSING
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.telemetry.parquet import open_parquet, read_slot, write_parquet
from tallystick.telemetry.table import SampleTable
from tallystick.units import NS_PER_MS, SLOT_NS

SLOT_START_NS = 1_715_299_200_000_000_000
NAMES = st.from_regex(r"[A-Za-z0-9._:-]{1,64}", fullmatch=True)
HARDWARE = {SubjectKind.ACCELERATOR: "h100-sxm", SubjectKind.NODE: "hgx-h100-8", SubjectKind.METER: ""}


@st.composite
def subjects(draw: st.DrawFn) -> tuple[Subject, ...]:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    return tuple(draw(_subject(name)) for name in sorted(names))


@st.composite
def _subject(draw: st.DrawFn, name: str) -> Subject:
    kind = draw(st.sampled_from(SubjectKind))
    covers = {
        SubjectKind.ACCELERATOR: (name,),
        SubjectKind.NODE: tuple(f"{name[:60]}-a{i}" for i in range(8)),
        SubjectKind.METER: tuple(draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))),
    }[kind]
    return Subject(
        name,
        kind,
        HARDWARE[kind],
        covers,
        draw(NAMES),
        draw(st.sampled_from(Trust)),
        draw(st.integers(NS_PER_MS, SLOT_NS if kind is SubjectKind.METER else MAX_INTERVAL_NS)),
        draw(st.integers(0, 2**63 - 1)),
        draw(st.integers(0, 2**63 - 1)),
    )


@st.composite
def tables(draw: st.DrawFn, slots: int) -> SampleTable:
    inventory = draw(subjects())
    offsets = st.integers(0, slots * SLOT_NS - 1)
    rows = sorted(draw(st.sets(st.tuples(st.integers(0, len(inventory) - 1), offsets), max_size=25)))
    quality = draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    names = draw(st.sets(st.sampled_from(sorted(CHANNELS)), min_size=1))
    return SampleTable(
        inventory,
        np.array([r[0] for r in rows], dtype=np.int64),
        np.array([SLOT_START_NS + r[1] for r in rows], dtype=np.int64),
        np.array(quality, dtype=np.int64),
        {name: draw(_readings(name, [inventory[r[0]].kind for r in rows])) for name in names},
    )


@st.composite
def _readings(draw: st.DrawFn, name: str, kinds: list[SubjectKind]) -> np.ndarray:
    channel = CHANNELS[name]
    reading = st.just(MISSING) | st.integers(0, channel.maximum) | st.just(channel.maximum)
    return np.array([draw(reading) if k is channel.subject else MISSING for k in kinds], dtype=np.int64)


def assert_same(one: SampleTable, other: SampleTable) -> None:
    assert one.subjects == other.subjects
    assert set(one.channels) == set(other.channels)
    for a, b in [
        (one.subject, other.subject),
        (one.time_ns, other.time_ns),
        (one.quality, other.quality),
        *((one.channels[n], other.channels[n]) for n in one.channels),
    ]:
        assert a.dtype == b.dtype == np.int64
        assert a.tolist() == b.tolist()


@given(tables(slots=3))
@settings(max_examples=40, deadline=None)
def test_read_slot_gives_back_what_write_parquet_wrote(table: SampleTable) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        write_parquet(path, table)
        assert_same(read_slot(path), table)


@given(tables(slots=1).filter(len))
@settings(max_examples=40, deadline=None)
def test_a_written_slot_reads_as_a_source_with_the_same_readings(table: SampleTable) -> None:
    for name, values in table.channels.items():  # one great reading, so that no unit looks wrong
        values[values > 0] = CHANNELS[name].maximum
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        write_parquet(path, table)
        (read,) = open_parquet(path, now_ns=SLOT_START_NS).slots()
    names = [read.subjects[i].name for i in read.subject]
    assert names == [table.subjects[i].name for i in table.subject]
    assert read.time_ns.tolist() == table.time_ns.tolist()
    assert ((read.quality & table.quality) == table.quality).all(), "marks may be added, never lost"
    for name, values in table.channels.items():
        assert read.channels[name].tolist() == values.tolist()


@given(tables(slots=1).filter(len), st.data())
@settings(max_examples=40, deadline=None)
def test_one_changed_byte_never_gives_a_traceback(table: SampleTable, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        write_parquet(path, table)
        raw = bytearray(path.read_bytes())
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(raw))
        for read in (read_slot, lambda p: list(open_parquet(p).slots())):
            with suppress(SampleError):
                read(path)
