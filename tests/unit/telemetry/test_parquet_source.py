from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from good_table import NOW_NS, START_NS, STEP_NS, columns, with_column, write

from tallystick.records.sample import MISSING, Quality
from tallystick.records.subject import SubjectKind, Trust
from tallystick.telemetry import parquet_file
from tallystick.telemetry.parquet import open_parquet
from tallystick.units import SLOT_NS


def test_inventory_is_read_off_the_rows(tmp_path: Path) -> None:
    source = open_parquet(write(tmp_path / "t.parquet", columns()), now_ns=NOW_NS)
    subjects = {s.name: s for s in source.inventory()}

    assert list(subjects) == ["a0", "a1", "m0", "n0"]
    assert subjects["a1"].covers == ("a1",)
    assert subjects["n0"].covers == tuple(f"b{i}" for i in range(8))
    assert (subjects["m0"].kind, subjects["m0"].trust) == (SubjectKind.METER, Trust.SEALED)
    assert subjects["a0"].joined_ns == START_NS
    assert subjects["a0"].left_ns == START_NS + 6 * STEP_NS
    assert source.truth() == ()


def test_slots_hold_all_rows_sorted(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(parquet_file, "BATCH_ROWS", 50)
    data = columns(times=200)  # 2,000 s: three slots
    rng = np.random.default_rng(1)
    slot = np.array(data["time_ns"]) // SLOT_NS
    order = np.lexsort((rng.random(len(slot)), slot))  # any order inside a slot
    pq.write_table(pa.table(data).take(pa.array(order)), tmp_path / "t.parquet", row_group_size=64)

    source = open_parquet(tmp_path / "t.parquet", now_ns=NOW_NS)
    tables = list(source.slots())

    assert [len(t) for t in tables] == [360, 360, 80]
    for table in tables:
        assert len(set((table.time_ns // SLOT_NS).tolist())) == 1
        keys = list(zip(table.subject.tolist(), table.time_ns.tolist(), strict=True))
        assert all(a < b for a, b in pairwise(keys))
        assert table.subjects == source.inventory()
    power = np.concatenate([t.channels["DCGM_FI_DEV_POWER_USAGE"][t.subject == 0] for t in tables])
    assert power.tolist() == [
        v for v, s in zip(data["DCGM_FI_DEV_POWER_USAGE"], data["subject"], strict=True) if s == "a0"
    ]
    assert (tables[0].channels["DCGM_FI_DEV_POWER_USAGE"][tables[0].subject == 3] == MISSING).all()
    assert source.notes == ()


def test_row_order_inside_slots_and_column_order_do_not_matter(tmp_path: Path) -> None:
    table = pa.table(columns())
    turned = table.take(pa.array(list(reversed(range(len(table))))))
    turned = turned.select(list(reversed(turned.column_names)))
    pq.write_table(table, tmp_path / "a.parquet")
    pq.write_table(turned, tmp_path / "b.parquet")
    (one,), (other,) = (list(open_parquet(tmp_path / f"{n}.parquet", now_ns=NOW_NS).slots()) for n in "ab")

    assert one.subjects == other.subjects
    assert (one.time_ns == other.time_ns).all()
    for name in one.channels:
        assert (one.channels[name] == other.channels[name]).all()


def test_folder_is_one_table_in_name_order(tmp_path: Path) -> None:
    table = pa.table(columns(times=200))
    pq.write_table(table.slice(0, 500), tmp_path / "day-1.parquet")
    pq.write_table(table.slice(500).drop_columns(["METER_ENERGY_TOTAL"]), tmp_path / "day-2.parquet")
    source = open_parquet(tmp_path, now_ns=NOW_NS)
    tables = list(source.slots())

    assert [len(t) for t in tables] == [360, 360, 80]
    assert (tables[2].channels["METER_ENERGY_TOTAL"] == MISSING).all()
    assert (tables[0].channels["METER_ENERGY_TOTAL"] != MISSING).any()


def test_narrow_integers_plain_strings_and_own_columns_are_read(tmp_path: Path) -> None:
    data = with_column("x_rack", [1.5] * 24)
    data["quality"] = pa.array(data["quality"], pa.int8())
    data["DCGM_FI_DEV_GPU_UTIL"] = pa.array(data["DCGM_FI_DEV_GPU_UTIL"], pa.uint32())
    data["subject"] = pa.array(data["subject"], pa.large_string())
    data["kind"] = pa.array(data["kind"]).dictionary_encode()
    pq.write_table(pa.table(data), tmp_path / "t.parquet", use_dictionary=False)
    (table,) = open_parquet(tmp_path / "t.parquet", now_ns=NOW_NS).slots()
    assert table.channels["DCGM_FI_DEV_GPU_UTIL"][0] == 500_000
    assert "x_rack" not in table.channels


def test_unmarked_gaps_and_resets_are_marked_and_noted(tmp_path: Path) -> None:
    data = columns(times=200)
    data["time_ns"] = [t + (31 * 10**9 if i >= 400 else 0) for i, t in enumerate(data["time_ns"])]
    data["METER_ENERGY_TOTAL"] = [
        v and v % 7_200_000_000 for v in data["METER_ENERGY_TOTAL"]
    ]  # after 120 steps
    source = open_parquet(write(tmp_path / "t.parquet", data), now_ns=NOW_NS)
    tables = list(source.slots())

    marked = {
        (t.subjects[s].name, int(q)) for t in tables for s, q in zip(t.subject, t.quality, strict=True) if q
    }
    assert marked == {(n, Quality.AFTER_GAP) for n in ("a0", "a1", "n0", "m0")} | {
        ("m0", Quality.AFTER_RESET)
    }
    assert source.notes == (
        "4 samples follow an unmarked gap: marked",
        "1 samples follow an unmarked counter reset: marked",
    )


def test_slots_can_be_read_again(tmp_path: Path) -> None:
    source = open_parquet(write(tmp_path / "t.parquet", columns()), now_ns=NOW_NS)
    assert [len(t) for t in source.slots()] == [len(t) for t in source.slots()] == [24]
