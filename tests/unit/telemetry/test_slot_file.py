from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from good_table import NOW_NS, columns, write

from tallystick import whole_file
from tallystick.errors import InputError, SampleError
from tallystick.telemetry.parquet import open_parquet, read_slot, write_parquet
from tallystick.telemetry.slot_file import INVENTORY_KEY
from tallystick.telemetry.table import SampleTable


@pytest.fixture
def table(tmp_path: Path) -> SampleTable:
    (table,) = open_parquet(write(tmp_path / "in.parquet", columns()), now_ns=NOW_NS).slots()
    return table


def test_the_same_table_gives_the_same_bytes(table: SampleTable, tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", table)
    write_parquet(tmp_path / "b.parquet", table)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.parquet", "b.parquet", "in.parquet"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    table: SampleTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, table)
    before = path.read_bytes()

    def fail(handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(whole_file.os, "fsync", fail)
    with pytest.raises(InputError, match="disk full"):
        write_parquet(path, replace(table, quality=table.quality + 1))
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.parquet", "in.parquet"]


def test_an_unsorted_or_unknown_table_is_not_written(table: SampleTable, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with pytest.raises(SampleError, match="row 1 of the table"):
        write_parquet(path, replace(table, time_ns=np.zeros_like(table.time_ns)))
    with pytest.raises(SampleError, match="'POWER' is not known"):
        write_parquet(path, replace(table, channels={"POWER": table.time_ns}))
    assert not path.exists()


def test_a_file_without_inventory_is_not_a_slot(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="no readable inventory"):
        read_slot(write(tmp_path / "t.parquet", columns()))


def test_rows_that_contradict_the_inventory_are_refused(table: SampleTable, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, table)
    arrow = pq.read_table(path)
    index = arrow.column_names.index("source")
    changed = arrow.set_column(index, "source", [["other"] * len(arrow)])
    pq.write_table(changed, path)
    with pytest.raises(SampleError, match="differs between rows and inventory"):
        read_slot(path)


@pytest.mark.parametrize(
    "inventory", [b"\xff", b"{}", b"[1]", b"[" * 100_000, b'[{"name": "a0"}]', b'["x", null]']
)
def test_a_damaged_inventory_is_refused(inventory: bytes, table: SampleTable, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, table)
    arrow = pq.read_table(path).replace_schema_metadata({INVENTORY_KEY: inventory})
    pq.write_table(arrow, path)
    with pytest.raises(SampleError, match=r"a\.parquet"):
        read_slot(path)
