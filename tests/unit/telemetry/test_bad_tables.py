"""Named bad inputs: each must give one line that names the file, the row and the mend."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from good_table import (
    NOW_NS,
    START_NS,
    STEP_NS,
    columns,
    renamed,
    scaled,
    with_column,
    with_value,
    write,
)

from tallystick.errors import InputError, SampleError
from tallystick.telemetry import decode, slot_buffer
from tallystick.telemetry.parquet import open_parquet
from tallystick.telemetry.place import Place

POWER = "DCGM_FI_DEV_POWER_USAGE"
UTIL = "DCGM_FI_DEV_GPU_UTIL"


def _truncated(path: Path) -> None:
    whole = write(path, columns()).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _damaged_page(path: Path) -> None:
    table = pa.table(columns())
    pq.write_table(table, path, write_page_checksum=True, compression="none")
    raw = bytearray(path.read_bytes())
    raw[200:260] = bytes(b ^ 0xFF for b in raw[200:260])
    path.write_bytes(bytes(raw))


def _raw_string(values: list[bytes]) -> pa.Array:
    """A string column whose bytes are not UTF-8, as a broken writer would leave it."""
    binary = pa.array(values, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(values), binary.buffers())


def _bad_bytes(path: Path) -> None:
    values = [v.encode() for v in columns()["subject"]]
    values[5] = b"a\xff\xfe"
    write(path, with_column("subject", _raw_string(values)))


def _bad_column_name(path: Path) -> None:
    write(path, renamed("quality", "qualitx"))
    path.write_bytes(path.read_bytes().replace(b"qualitx", b"q\xff\xfeality"[:7]))


def _repeated_column(path: Path) -> None:
    table = pa.table(columns())
    pq.write_table(table.append_column("quality", pa.array([0] * len(table))), path)


def _times(factor: int) -> list[int]:
    return [t // factor for t in columns()["time_ns"]]


def _stamps(kind: pa.DataType) -> pa.Array:
    return pa.array(columns()["time_ns"], pa.int64()).cast(kind, safe=False)


def _second_slot_first() -> dict[str, list[object]]:
    data = columns()
    data["time_ns"] = [START_NS + 900 * 10**9, *data["time_ns"][1:]]
    return data


# name -> (what makes the file, words that the error must have)
BAD: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "empty_file": (lambda p: p.write_bytes(b""), ("not a Parquet file", "again")),
    "text_file": (lambda p: p.write_text("time,subject\n"), ("not a Parquet file",)),
    "truncated": (_truncated, ("cut short", "again")),
    "damaged_page": (_damaged_page, ("row 0", "damaged")),
    "no_rows": (lambda p: pq.write_table(pa.table(columns()).slice(0, 0), p), ("no rows",)),
    "column_renamed": (
        lambda p: write(p, renamed(POWER, "DCGM_FI_DEV_POWER")),
        (f"rename it to '{POWER}'", "x_"),
    ),
    "column_lower_case": (lambda p: write(p, renamed(POWER, POWER.lower())), (f"rename it to '{POWER}'",)),
    "column_alias": (lambda p: write(p, renamed("time_ns", "timestamp")), ("rename it to 'time_ns'",)),
    "column_unknown": (lambda p: write(p, with_column("zebra", [0] * 24)), ("'zebra'", "take it out", "x_")),
    "column_missing": (
        lambda p: write(p, {k: v for k, v in columns().items() if k != "trust"}),
        ("'trust' is missing",),
    ),
    "column_twice": (_repeated_column, ("'quality'", "twice")),
    "column_not_utf8": (_bad_column_name, ("damaged",)),
    "pandas_index": (lambda p: write(p, with_column("__index_level_0__", [0] * 24)), ("without its index",)),
    "no_channel": (
        lambda p: write(p, {k: v for k, v in columns().items() if not k.isupper() and "DCGM" not in k}),
        ("no column is a channel",),
    ),
    "float_column": (
        lambda p: write(p, with_column(POWER, [300.5] * 24)),
        (f"'{POWER}'", "integers in base units (mW)"),
    ),
    "nan": (
        lambda p: write(p, with_column(POWER, pa.array([1.0] * 7 + [float("nan")] * 17))),
        ("row 7", "NaN", "leave a missing reading empty"),
    ),
    "text_in_channel": (lambda p: write(p, with_column(POWER, ["300"] * 24)), ("instead of integers", "mW")),
    "integer_subject": (lambda p: write(p, with_column("subject", [1] * 24)), ("instead of strings",)),
    "timestamp_naive": (
        lambda p: write(p, with_column("time_ns", _stamps(pa.timestamp("us")))),
        ("time zone", "convert it to UTC"),
    ),
    "timestamp_other_zone": (
        lambda p: write(p, with_column("time_ns", _stamps(pa.timestamp("ns", "Asia/Tokyo")))),
        ("Asia/Tokyo", "convert it to UTC"),
    ),
    "time_in_seconds": (
        lambda p: write(p, with_column("time_ns", _times(10**9))),
        ("row 0", "seconds", "1000000000"),
    ),
    "time_in_ms": (
        lambda p: write(p, with_column("time_ns", _times(10**6))),
        ("row 0", "milliseconds", "1000000"),
    ),
    "time_in_us": (
        lambda p: write(p, with_column("time_ns", _times(10**3))),
        ("row 0", "microseconds", "1000"),
    ),
    "time_before_2015": (lambda p: write(p, with_value("time_ns", 0, 10**18)), ("row 0", "before 2015")),
    "time_in_future": (
        lambda p: write(p, with_value("time_ns", 23, NOW_NS + 2 * 86_400 * 10**9)),
        ("row 23", "future"),
    ),
    "time_negative": (lambda p: write(p, with_value("time_ns", 3, -5)), ("row 3", "before 2015")),
    "time_empty": (lambda p: write(p, with_value("time_ns", 3, None)), ("row 3", "'time_ns' is empty")),
    "unsorted": (lambda p: write(p, _second_slot_first()), ("row 1", "sort by time")),
    "duplicate": (
        lambda p: write(p, with_value("time_ns", 4, START_NS)),
        ("row 4", "'a0'", "second sample", "keep one"),
    ),
    "negative_reading": (lambda p: write(p, with_value(POWER, 4, -1)), ("row 4", "negative")),
    "explicit_missing": (lambda p: write(p, with_value(POWER, 4, -(2**63))), ("row 4", "negative", "empty")),
    "over_maximum": (lambda p: write(p, with_value(POWER, 4, 5_000_001)), ("row 4", "is the unit mW?")),
    "huge_integer": (
        lambda p: write(p, with_column(POWER, pa.array([2**64 - 1] * 24, pa.uint64()))),
        ("row 0", "beyond 64-bit"),
    ),
    "percent_over_100": (lambda p: write(p, with_value(UTIL, 0, 1_000_001)), ("row 0", "is the unit ppm?")),
    "watts": (lambda p: write(p, scaled(POWER, 1000)), ("row 0", "watts", "multiply by 1000")),
    "node_watts": (
        lambda p: write(p, scaled("NODE_POWER_USAGE", 1000)),
        ("row 3", "watts", "multiply by 1000"),
    ),
    "meter_watts": (
        lambda p: write(p, scaled("METER_POWER_USAGE", 1000)),
        ("row 2", "watts", "multiply by 1000"),
    ),
    "percent": (lambda p: write(p, scaled(UTIL, 10_000)), ("not ppm", "multiply by 10000")),
    "sm_percent": (
        lambda p: write(p, scaled("DCGM_FI_PROF_SM_ACTIVE", 10_000)),
        ("not ppm", "multiply by 10000"),
    ),
    "mebibytes": (lambda p: write(p, scaled("DCGM_FI_DEV_FB_USED", 2**20)), ("MiB", "multiply by 1048576")),
    "reading_on_wrong_kind": (
        lambda p: write(p, with_value(POWER, 3, 5)),
        ("row 3", "kind accelerator, not node"),
    ),
    "quality_unknown": (lambda p: write(p, with_value("quality", 6, 4)), ("row 6", "'quality' is 4")),
    "quality_empty": (lambda p: write(p, with_value("quality", 6, None)), ("row 6", "'quality' is empty")),
    "interval_zero": (
        lambda p: write(p, with_column("interval_ns", [0] * 24)),
        ("row 0", "'interval_ns' is 0"),
    ),
    "interval_negative": (
        lambda p: write(p, with_column("interval_ns", [-1] * 24)),
        ("row 0", "'interval_ns'"),
    ),
    "subject_empty": (lambda p: write(p, with_value("subject", 5, "")), ("row 5", "'subject' is ''")),
    "subject_null": (lambda p: write(p, with_value("subject", 5, None)), ("row 5", "'subject' is empty")),
    "subject_control_character": (
        lambda p: write(p, with_value("subject", 5, "a\x1b[2J")),
        ("row 5", "\\x1b"),
    ),
    "subject_newline_at_end": (lambda p: write(p, with_value("subject", 5, "a1\n")), ("row 5", "\\n")),
    "subject_too_long": (lambda p: write(p, with_value("subject", 5, "a" * 65)), ("row 5", "1 to 64")),
    "subject_not_utf8": (_bad_bytes, ("row 5", "\\xff")),
    "kind_unknown": (
        lambda p: write(p, with_value("kind", 0, "gpu")),
        ("row 0", "'kind' is 'gpu'", "accelerator"),
    ),
    "kind_changes": (lambda p: write(p, with_value("kind", 4, "node")), ("row 4", "'kind' of subject 'a0'")),
    "hardware_changes": (
        lambda p: write(p, with_value("hardware", 5, "")),
        ("row 5", "'hardware' of subject 'a1'"),
    ),
    "trust_changes": (
        lambda p: write(p, with_value("trust", 6, "operator")),
        ("row 6", "'trust' of subject 'm0'"),
    ),
    "interval_changes": (
        lambda p: write(p, with_value("interval_ns", 7, STEP_NS + 1)),
        ("row 7", "'interval_ns' of"),
    ),
    "trust_unknown": (
        lambda p: write(p, with_value("trust", 0, "me")),
        ("row 0", "operator, sealed, external"),
    ),
    "hardware_unknown": (
        lambda p: write(p, with_value("hardware", 0, "h900")),
        ("row 0", "'h900'", "h100-sxm"),
    ),
    "hardware_of_meter": (lambda p: write(p, with_value("hardware", 2, "h100-sxm")), ("row 2", "meter")),
    "covers_of_accelerator": (lambda p: write(p, with_value("covers", 0, "a7")), ("row 0", "something else")),
    "covers_too_few": (
        lambda p: write(p, with_value("covers", 3, "b0,b1")),
        ("row 3", "8 accelerators", "names 2"),
    ),
    "covers_with_space": (lambda p: write(p, with_value("covers", 2, "a0, a1")), ("row 2", "' a1'")),
    "covers_twice": (lambda p: write(p, with_value("covers", 2, "a0,a0")), ("row 2", "twice")),
    "covers_nothing": (lambda p: write(p, with_value("covers", 2, "")), ("row 2", "empty")),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_table_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    make, words = BAD[name]
    path = tmp_path / f"{name}.parquet"
    make(path)

    with pytest.raises(SampleError) as caught:
        list(open_parquet(path, now_ns=NOW_NS).slots())

    text = str(caught.value)
    assert f"{name}.parquet" in text
    assert "Mend: " in text
    assert text.isprintable(), text
    assert len(text) < 1000
    for word in words:
        assert word in text


@pytest.mark.parametrize("what", ["nothing_there.parquet", "."])
def test_missing_path_or_empty_folder(what: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Mend: check the path"):
        open_parquet(tmp_path / what)


def test_any_cut_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.parquet"
    whole = write(path, columns()).read_bytes()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        with pytest.raises(SampleError, match=r"cut\.parquet"):
            open_parquet(path, now_ns=NOW_NS)


def test_too_many_subjects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "MAX_SUBJECTS", 3)
    with pytest.raises(SampleError, match="more than 3 values"):
        open_parquet(write(tmp_path / "t.parquet", columns()), now_ns=NOW_NS)


def test_too_many_rows_in_a_slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slot_buffer, "MAX_SLOT_ROWS", 10)
    source = open_parquet(write(tmp_path / "t.parquet", columns()), now_ns=NOW_NS)
    with pytest.raises(SampleError, match="more than 10 rows"):
        list(source.slots())


def test_row_numbers_count_from_the_file_over_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table(with_value(POWER, 1204, -1, times=400)), path, row_group_size=100)
    with pytest.raises(SampleError, match="row 1204"):
        open_parquet(path, now_ns=NOW_NS)


@pytest.mark.parametrize("index", [-1, 2, 2**31 - 1])
def test_a_string_index_outside_its_dictionary(index: int) -> None:
    indices = pa.array([0, index], pa.int32())
    array = pa.DictionaryArray.from_arrays(indices, pa.array(["a", "b"]), safe=False)
    with pytest.raises(SampleError, match="f, row 8: 'subject' is damaged"):
        decode.TextCoder("subject").codes(array, Place("f", 7))
