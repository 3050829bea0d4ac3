from pathlib import Path

import pytest
from tool_text import (
    DRAM,
    MEMORY,
    NOW_NS,
    POWER,
    RX,
    SECOND,
    SM,
    START_NS,
    TENSOR,
    TX,
    UTIL,
    column,
    only_table,
    write,
)

from tallystick.errors import InputError, SampleError
from tallystick.records.sample import MISSING, Quality
from tallystick.telemetry.dcgmi_dmon import open_dmon
from tallystick.telemetry.text_source import TextSource

HEAD = [
    "#Entity   POWER  GPUTL  FBUSD  SMACT  TENSO  DRAMA  TMPTR",
    "ID         W                                  C",
]
GOOD = "start=2024-05-10T00:00:00Z,interval=1,hardware=h100-sxm"


def row(gpu: int, power: str = "300.500", util: str = "98") -> str:
    return f"GPU {gpu}     {power}   {util}   2048   0.912   0.610   0.380   55"


def opened(tmp_path: Path, lines: list[str], options: str = GOOD) -> TextSource:
    return open_dmon(f"{write(tmp_path / 'dmon.txt', lines)},{options}", now_ns=NOW_NS)


def test_units_become_the_schemas_and_times_are_counted(tmp_path: Path) -> None:
    source = opened(tmp_path, [*HEAD, row(0), row(1), *HEAD, row(0), row(1)])
    table = only_table(source)
    assert {name: column(table, name)[0] for name in table.channels} == {
        POWER: 300_500,
        UTIL: 980_000,
        MEMORY: 2**31,
        SM: 912_000,
        TENSOR: 610_000,
        DRAM: 380_000,
    }
    assert table.time_ns.tolist() == [START_NS, START_NS + SECOND] * 2
    assert [s.name for s in source.inventory()] == ["gpu0", "gpu1"]
    assert source.notes == (
        "times were counted from start and interval: dcgmi dmon prints none",
        "columns that are no channel were left out: 'TMPTR'",
    )


def test_the_older_head_and_bare_numbers(tmp_path: Path) -> None:
    lines = ["# Entity  GRACT  TENSO", "      Id", "    GPU 0  0.000  0.442", "      0  0.1  0.5"]
    assert column(only_table(opened(tmp_path, lines)), TENSOR) == [442_000, 500_000]


def test_columns_by_field_number(tmp_path: Path) -> None:
    lines = ["#Entity  155  WHAT  EVER", "GPU 0  300.0  7  9", "GPU 0  301.0  5  19"]
    table = only_table(opened(tmp_path, lines, f"{GOOD},fields=155:1201:1203"))
    assert (column(table, TX), column(table, RX)) == ([7, 5], [9, 19])
    assert table.quality.tolist() == [0, Quality.AFTER_RESET]
    numbered = only_table(opened(tmp_path, lines))
    assert set(numbered.channels) == {POWER}


def test_a_gpu_that_drops_out_of_a_round(tmp_path: Path) -> None:
    lines = [*HEAD, row(0), row(1), row(1, "400"), row(0), row(1)]
    table = only_table(opened(tmp_path, lines))
    assert table.time_ns[table.subject == 0].tolist() == [START_NS, START_NS + 2 * SECOND]
    assert table.time_ns[table.subject == 1].tolist() == [START_NS + t * SECOND for t in range(3)]


def test_no_value_is_missing(tmp_path: Path) -> None:
    source = opened(tmp_path, [*HEAD, row(0), row(0, "N/A", "N/A"), row(0, "301")])
    table = only_table(source)
    assert column(table, POWER) == [300_500, MISSING, 301_000]
    assert f"1 readings of {POWER} are missing: 'N/A'" in source.notes


def test_a_round_without_any_value_is_no_sample(tmp_path: Path) -> None:
    lines = ["#Entity POWER", "GPU 0 300", "GPU 0 N/A", "GPU 0 N/A", "GPU 0 N/A", "GPU 0 302"]
    table = only_table(opened(tmp_path, lines))
    assert column(table, POWER) == [300_000, 302_000]
    assert table.quality.tolist() == [0, Quality.AFTER_GAP]


def test_other_entities_are_left_out(tmp_path: Path) -> None:
    lines = ["#Entity TENSO", "GPU 0 0.5", "GPU-I 0 0.9", "Switch 3 0.1", "GPU 0 0.6"]
    source = opened(tmp_path, lines)
    assert column(only_table(source), TENSOR) == [500_000, 600_000]
    assert "2 rows of MIG instances or of no GPU were left out" in source.notes


def test_host_and_start_in_seconds(tmp_path: Path) -> None:
    options = f"start={START_NS // SECOND}.25,interval=100ms,hardware=h100-sxm,host=n7"
    source = opened(tmp_path, [*HEAD, row(0), row(0)], options)
    assert source.inventory()[0].name == "n7-gpu0"
    assert only_table(source).time_ns.tolist() == [
        START_NS + SECOND // 4,
        START_NS + SECOND // 4 + SECOND // 10,
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("start=0,interval=1", "does not hold hardware"),
        ("hardware=h100-sxm", "does not hold start and interval"),
        (GOOD.replace("Z", ""), "not an instant"),
        (GOOD.replace("=1,", "=0,"), "interval"),
        (GOOD.replace("=1,", "=x,"), "interval"),
        (GOOD.replace("h100-sxm", "abacus"), "unknown hardware"),
        (GOOD.replace("h100-sxm", "hgx-h100-8"), "is a node"),
        (f"{GOOD},fields=a:b", "not field numbers"),
        (f"{GOOD},host=a b", "not a name"),
        (f"{GOOD},start=1", "stands twice"),
    ],
)
def test_options_that_cannot_be(tmp_path: Path, options: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        opened(tmp_path, [*HEAD, row(0), row(0)], options)
    assert error.value.mend


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["GPU 0 300"], r"line 1: stands before any head"),
        (["#Entity POWER", "GPU 0 300 5"], r"line 2: has 2 readings under 1 columns"),
        (["#Entity POWER", "GPU 0 watts"], r"line 2: .*'watts'"),
        (["#Entity POWER", "GPU 0 -3"], r"line 2: .*outside 0"),
        (["#Entity SMACT", "GPU 0 91.2"], r"line 2: .*outside 0 to 1000000 ppm"),
        (["#Entity GPUTL", "GPU 0 0.98"], r"line 2: .*not whole percent"),
        (["#Entity TMPTR", "GPU 0 50"], r"line 1: no column is a channel"),
        (["#Entity POWER POWER", "GPU 0 50 50"], r"line 1: no column is a channel, or two"),
        (["#Entity POWER", "GPU 0 300", "#Entity GPUTL"], r"line 3: the table's head changes"),
        (["#Entity POWER", "Error: unable to connect"], r"line 2: .*no row of dcgmi dmon"),
        (["#Entity POWER", "GPU 0 N/A"], r"no GPU has a single reading"),
        (["#Entity POWER", "GPU 0 300"], r"has only one sample|interval"),
    ],
)
def test_tables_that_cannot_be(tmp_path: Path, lines: list[str], words: str) -> None:
    if lines == ["#Entity POWER", "GPU 0 300"]:  # the interval was given, so that one sample will do
        assert len(only_table(opened(tmp_path, lines))) == 1
        return
    with pytest.raises(SampleError, match=words):
        opened(tmp_path, lines)
