from dataclasses import replace
from pathlib import Path

import pytest
from good_table import NOW_NS, START_NS, STEP_NS, columns, with_column, write

from tallystick.errors import FormatError, SampleError
from tallystick.evidence.block import BlockHeader, column_bytes, decode_block, encode_block
from tallystick.records.sample import CHANNELS, MISSING, Quality
from tallystick.records.subject import SubjectKind, Trust
from tallystick.telemetry.parquet import open_parquet
from tallystick.telemetry.slot_file import read_slot, write_parquet

SENT, RECEIVED = "NODE_INFINIBAND_TX_BYTES", "NODE_INFINIBAND_RX_BYTES"
HEADER = BlockHeader("n0", SubjectKind.NODE, "node-exporter", Trust.OPERATOR, STEP_NS, START_NS)


def counters(values: list[int]) -> list[int | None]:
    """Readings of the table's one node, one a time."""
    rest = iter(values)
    return [next(rest) if kind == "node" else None for kind in columns()["kind"]]


def test_both_ways_are_read_apart_and_given_back(tmp_path: Path) -> None:
    sent, received = [4, 40, 400, 4000, 4040, 4400], [3, 30, 300, 3000, 3030, 3300]
    data = columns() | {SENT: counters(sent), RECEIVED: counters(received)}
    (table,) = open_parquet(write(tmp_path / "a.parquet", data), now_ns=NOW_NS).slots()
    rows = table.subject == [s.name for s in table.subjects].index("n0")
    assert (table.channels[SENT][rows].tolist(), table.channels[RECEIVED][rows].tolist()) == (sent, received)
    assert (table.channels[SENT][~rows] == MISSING).all()
    write_parquet(tmp_path / "b.parquet", table)
    again = read_slot(tmp_path / "b.parquet")
    assert {n: v.tolist() for n, v in again.channels.items()} == {
        n: v.tolist() for n, v in table.channels.items()
    }


def test_a_table_without_them_has_no_such_channel(tmp_path: Path) -> None:
    (table,) = open_parquet(write(tmp_path / "a.parquet", columns()), now_ns=NOW_NS).slots()
    assert SENT not in table.channels


def test_a_port_that_began_again_is_marked(tmp_path: Path) -> None:
    data = with_column(SENT, counters([100, 200, 5, 60, 70, 80]))
    source = open_parquet(write(tmp_path / "a.parquet", data), now_ns=NOW_NS)
    (table,) = source.slots()
    rows = table.subject == [s.name for s in table.subjects].index("n0")
    assert table.quality[rows].tolist() == [0, 0, Quality.AFTER_RESET, 0, 0, 0]
    assert "1 samples follow an unmarked counter reset: marked" in source.notes


def test_they_belong_to_nodes_and_stay_below_their_greatest(tmp_path: Path) -> None:
    wrong = [5 if kind == "accelerator" else None for kind in columns()["kind"]]
    with pytest.raises(SampleError, match="belongs to subjects of kind node, not accelerator"):
        open_parquet(write(tmp_path / "a.parquet", with_column(SENT, wrong)), now_ns=NOW_NS)
    large = with_column(SENT, counters([1, 2, 3, 4, 5, 2**62 + 1]))
    with pytest.raises(SampleError, match=f"'{SENT}' is {2**62 + 1}, more than"):
        open_parquet(write(tmp_path / "b.parquet", large), now_ns=NOW_NS)


def test_they_are_the_last_channels_of_all() -> None:
    assert list(CHANNELS)[-2:] == [SENT, RECEIVED]


def test_a_block_without_them_has_the_bytes_it_always_had() -> None:
    times, zeros, power = ([START_NS, START_NS + STEP_NS], [0, 0], [5, 6])
    data = encode_block(
        HEADER, 2, *map(column_bytes, (times, zeros)), {"NODE_POWER_USAGE": column_bytes(power)}
    )
    head = (
        b'tallystick-samples/1\n{"channels":["NODE_POWER_USAGE"],"count":2,"interval_ns":"10000000000",'
        b'"kind":"node","slot_ns":"1715299200000000000","source":"node-exporter","subject":"n0",'
        b'"trust":"operator"}\n'
    )
    assert data == head + b"".join(map(column_bytes, (times, zeros, power)))


def test_a_block_with_them_is_read_back_and_only_in_order() -> None:
    times, zeros = [START_NS, START_NS + STEP_NS], [0, 0]
    channels = {RECEIVED: [MISSING, 7], SENT: [8, 9], "NODE_POWER_USAGE": [5, 6]}
    as_bytes = {name: column_bytes(values) for name, values in channels.items()}
    data = encode_block(HEADER, 2, column_bytes(times), column_bytes(zeros), as_bytes)
    block = decode_block(data, "b")
    assert list(block.channels) == ["NODE_POWER_USAGE", SENT, RECEIVED]
    assert {name: list(values) for name, values in block.channels.items()} == channels
    swapped = data.replace(f'"{SENT}","{RECEIVED}"'.encode(), f'"{RECEIVED}","{SENT}"'.encode())
    with pytest.raises(FormatError, match="out of order"):
        decode_block(swapped, "b")
    other = replace(HEADER, kind=SubjectKind.ACCELERATOR)
    wrong = encode_block(other, 2, column_bytes(times), column_bytes(zeros), {SENT: as_bytes[SENT]})
    with pytest.raises(FormatError, match="another kind of subject"):
        decode_block(wrong, "b")
