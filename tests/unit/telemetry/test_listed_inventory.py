"""Slot files whose rows describe their subjects in the inventory's words, in other words, or wrongly."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from good_table import NOW_NS, columns, write

from tallystick.errors import SampleError
from tallystick.telemetry.parquet import open_parquet, read_slot, write_parquet
from tallystick.telemetry.table import SampleTable


@pytest.fixture
def table(tmp_path: Path) -> SampleTable:
    (table,) = open_parquet(write(tmp_path / "in.parquet", columns()), now_ns=NOW_NS).slots()
    return table


def rewritten(path: Path, table: SampleTable, column: str, values: dict[int, object]) -> Path:
    """A slot file with some rows of one column changed."""
    write_parquet(path, table)
    arrow = pq.read_table(path)
    kind = arrow.schema.field(column).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    cells = arrow.column(column).to_pylist()
    for row, value in values.items():
        cells[row] = value
    index = arrow.column_names.index(column)
    pq.write_table(arrow.set_column(index, column, pa.array(cells, kind)), path)
    return path


def same(first: SampleTable, second: SampleTable) -> bool:
    return (
        first.subjects == second.subjects
        and np.array_equal(first.subject, second.subject)
        and np.array_equal(first.time_ns, second.time_ns)
        and np.array_equal(first.quality, second.quality)
        and all(np.array_equal(values, second.channels[name]) for name, values in first.channels.items())
    )


def test_what_means_the_same_is_accepted(table: SampleTable, tmp_path: Path) -> None:
    rows = np.flatnonzero(table.subject == 0).tolist()
    path = rewritten(tmp_path / "a.parquet", table, "covers", dict.fromkeys(rows, ""))
    assert same(read_slot(path), table)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("source", "other", "changes midway|differs between rows and inventory"),
        ("hardware", "abacus", "changes midway|'hardware' is"),
        ("trust", "external", "changes midway|differs between rows and inventory"),
        ("interval_ns", 7 * 10**9, "changes midway|differs between rows and inventory"),
        ("interval_ns", 1, "changes midway|'interval_ns' is 1"),
        ("trust", None, "'trust' is empty"),
        ("interval_ns", None, "'interval_ns' is empty"),
        ("subject", "nobody", "not in the inventory"),
    ],
)
@pytest.mark.parametrize("row", [0, -1])
def test_one_wrong_row_is_refused(
    table: SampleTable, tmp_path: Path, column: str, value: object, message: str, row: int
) -> None:
    path = rewritten(tmp_path / "a.parquet", table, column, {row: value})
    with pytest.raises(SampleError, match=message):
        read_slot(path)


def test_files_of_two_sites_in_turn(table: SampleTable, tmp_path: Path) -> None:
    """What is kept from one file to the next does not leak into another site's."""
    write_parquet(tmp_path / "a.parquet", table)
    others = tuple(replace(s, source="elsewhere") for s in table.subjects)
    other = replace(table, subjects=others)
    write_parquet(tmp_path / "b.parquet", other)
    for _ in range(3):
        assert same(read_slot(tmp_path / "a.parquet"), table)
        assert same(read_slot(tmp_path / "b.parquet"), other)


def test_rows_out_of_order_are_put_in_order(table: SampleTable, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, table)
    arrow = pq.read_table(path)
    pq.write_table(arrow.take(list(range(len(arrow)))[::-1]), path)
    assert same(read_slot(path), table)
