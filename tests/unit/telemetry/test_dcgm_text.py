from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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
    metric_line,
    only_table,
    scrape,
    steady,
    write,
)

from tallystick.errors import InputError, SampleError
from tallystick.records.sample import CHANNELS, MISSING, Quality
from tallystick.telemetry.dcgm_text import open_dcgm

T0 = START_NS // SECOND


def test_units_become_the_schemas(tmp_path: Path) -> None:
    reading = {POWER: 412_350, UTIL: 980_000, SM: 912_345, TENSOR: 500_000, DRAM: 1_000_000}
    reading |= {MEMORY: 4845 * 2**20, TX: 10**15 + 1, RX: 3}
    path = write(
        tmp_path / "a.prom", [*scrape(f"{T0}.5", {0: reading}), *scrape(f"{T0 + 1}.5", {0: reading})]
    )
    source = open_dcgm(str(path), now_ns=NOW_NS)
    table = only_table(source)
    assert {name: column(table, name)[0] for name in table.channels} == reading
    assert table.time_ns.tolist() == [START_NS + SECOND // 2, START_NS + 3 * SECOND // 2]
    (subject,) = source.inventory()
    assert (subject.name, subject.hardware, subject.interval_ns) == ("GPU-0000", "h100-sxm", SECOND)
    assert subject.source == "dcgm-exporter"
    assert source.notes == ()


def test_time_stamps_on_lines(tmp_path: Path) -> None:
    """GPUs of one scrape may be stamped some ms apart, and metrics come one after the other."""
    ms = START_NS // 10**6
    lines = [
        metric_line(channel, gpu, "50", str(ms + 1000 * t + 7 * gpu))
        for t in range(3)
        for channel in (POWER, UTIL)
        for gpu in (0, 1)
    ]
    table = only_table(open_dcgm(str(write(tmp_path / "a.txt", lines)), now_ns=NOW_NS))
    assert table.time_ns[table.subject == 1].tolist() == [START_NS + t * SECOND + 7 * 10**6 for t in range(3)]
    assert column(table, POWER) == [50_000] * 6
    assert column(table, UTIL) == [500_000] * 6


def test_open_metrics_stamps_are_seconds(tmp_path: Path) -> None:
    lines = [metric_line(POWER, 0, "50", f"{T0 + t}.250") for t in range(3)] + ["# EOF"]
    table = only_table(open_dcgm(str(write(tmp_path / "a.txt", lines)), now_ns=NOW_NS))
    assert table.time_ns.tolist() == [START_NS + t * SECOND + SECOND // 4 for t in range(3)]


def test_a_scrape_across_the_end_of_a_slot(tmp_path: Path) -> None:
    end_ms = START_NS // 10**6 + 900_000
    lines = [
        metric_line(channel, gpu, "50", str(end_ms + 1000 * t + 5 - 10 * gpu))
        for t in range(-1, 2)
        for channel in (POWER, UTIL)
        for gpu in (0, 1)
    ]
    first, second = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS).slots()
    assert (len(first), len(second)) == (3, 3)


def test_what_is_absent_is_missing_never_zero(tmp_path: Path) -> None:
    lines = scrape(str(T0), {0: {POWER: 300_000, UTIL: 0}, 1: {POWER: 300_000}})
    lines += scrape(str(T0 + 1), {0: {POWER: MISSING, UTIL: 0}, 1: {POWER: 301_000}})
    source = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)
    table = only_table(source)
    assert set(table.channels) == {POWER, UTIL}
    assert column(table, POWER, "GPU-0000") == [300_000, MISSING]
    assert column(table, UTIL, "GPU-0000") == [0, 0]
    assert column(table, UTIL, "GPU-0001") == [MISSING, MISSING]
    assert source.notes == (f"1 readings of {POWER} are missing: 'NaN'",)


@pytest.mark.parametrize(
    "mark",
    [
        "9223372036854775794",
        "9.223372036854776e+18",
        "1.8446744073709552e+19",
        "2147483632",
        "4294967295",
        "140737488355328",
        "140737488355330.0",
        "NaN",
        "+Inf",
    ],
)
def test_marks_for_no_value(tmp_path: Path, mark: str) -> None:
    lines = steady(3)
    lines += [f"# scrape {T0 + 3}", metric_line(POWER, 0, "310"), metric_line(MEMORY, 0, mark)]
    source = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)
    table = only_table(source)
    assert len(table) == 4
    assert MEMORY not in table.channels
    (note,) = source.notes
    assert MEMORY in note


def test_a_counter_may_pass_through_a_gauges_marks(tmp_path: Path) -> None:
    counts = [2**31 - 10, 2**32 - 1, 2**47 + 3]
    lines = [x for t, n in enumerate(counts) for x in scrape(str(T0 + t), {0: {TX: n}})]
    assert column(only_table(open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)), TX) == counts


def test_wraps_and_resets_are_marked(tmp_path: Path) -> None:
    counts = [10**6, 2 * 10**6, 5, 9]
    lines = [x for t, n in enumerate(counts) for x in scrape(str(T0 + t), {0: {TX: n, RX: t}})]
    source = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)
    table = only_table(source)
    assert table.quality.tolist() == [0, 0, Quality.AFTER_RESET, 0]
    assert column(table, TX) == counts
    assert any("counter reset" in note for note in source.notes)


def test_gaps_are_marked(tmp_path: Path) -> None:
    times = [0, 1, 2, 3, 4, 30, 31, 32]
    lines = [x for t in times for x in scrape(str(T0 + t), {0: {POWER: 300_000 + t}})]
    source = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)
    assert np.flatnonzero(only_table(source).quality == Quality.AFTER_GAP).tolist() == [5]
    assert any("unmarked gap" in note for note in source.notes)


def test_gaps_and_resets_are_marked_in_every_slot(tmp_path: Path) -> None:
    times = [0, 1, 2, 30, 31, 898, 899, 900, 901]
    lines = [x for t in times for x in scrape(str(T0 + t), {0: {TX: 50 if t == 31 else 100 + t}})]
    first, second = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS).slots()
    assert first.quality.tolist() == [0, 0, 0, Quality.AFTER_GAP, Quality.AFTER_RESET, Quality.AFTER_GAP, 0]
    assert second.quality.tolist() == [0, 0]


def test_powers_own_rate_is_the_nominal_one(tmp_path: Path) -> None:
    lines = []
    for t in range(40):
        power = {POWER: 300_000 + t} if t % 5 == 0 else {}
        lines += scrape(str(T0 + t), {0: {UTIL: 500_000, **power}})
    source = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)
    assert source.inventory()[0].interval_ns == 5 * SECOND
    table = only_table(source)
    assert len(table) == 40
    assert sum(v != MISSING for v in column(table, POWER)) == 8
    assert not table.quality.any()


def test_mig_instances_are_left_out(tmp_path: Path) -> None:
    lines = steady(3)
    lines += [metric_line(POWER, 0, "99", GPU_I_PROFILE="1g.10gb", GPU_I_ID="7")]
    source = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)
    assert column(only_table(source), POWER) == [300_000, 301_000, 302_000]
    assert source.notes == ("1 readings of MIG instances were left out: a part is no accelerator",)


def test_one_gpu_under_several_containers_is_read_once(tmp_path: Path) -> None:
    lines = []
    for t in range(3):
        lines += [f"# scrape {T0 + t}"]
        lines += [metric_line(POWER, 0, "300", pod=pod, container="c") for pod in ("a", "b")]
    assert len(only_table(open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS))) == 3


def test_a_scrape_kept_twice_counts_once(tmp_path: Path) -> None:
    lines = steady(3) + steady(3)[-4:]
    source = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)
    assert len(only_table(source)) == 3
    assert source.notes == ("1 samples came twice: kept once",)


def test_without_a_uuid_host_and_number_name_the_gpu(tmp_path: Path) -> None:
    lines = [x for t in range(2) for x in (f"# scrape {T0 + t}", metric_line(POWER, 3, "300", UUID=None))]
    source = open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS)
    assert [s.name for s in source.inventory()] == ["n1-gpu3"]


def test_hardware_may_be_given_where_labels_lack_it(tmp_path: Path) -> None:
    lines = [
        x for t in range(2) for x in (f"# scrape {T0 + t}", metric_line(POWER, 3, "300", modelName=None))
    ]
    path = write(tmp_path / "a,b.prom", lines)
    with pytest.raises(SampleError, match="what product"):
        open_dcgm(str(path), now_ns=NOW_NS)
    source = open_dcgm(f"{path},hardware=a100-sxm4-80,interval=500ms", now_ns=NOW_NS)
    (subject,) = source.inventory()
    assert (subject.hardware, subject.interval_ns) == ("a100-sxm4-80", SECOND // 2)


def test_a_folder_is_read_in_name_order(tmp_path: Path) -> None:
    lines = steady(6)
    write(tmp_path / "2.prom", lines[len(lines) // 2 :])
    write(tmp_path / "1.prom", lines[: len(lines) // 2])
    (tmp_path / "notes.md").write_text("no telemetry")
    table = only_table(open_dcgm(str(tmp_path), now_ns=NOW_NS))
    assert column(table, POWER) == [300_000 + 1000 * t for t in range(6)]


def test_a_folder_of_scrapes_without_times_is_refused(tmp_path: Path) -> None:
    for i in range(3):
        write(tmp_path / f"{i}.prom", [metric_line(POWER, 0, "300")])
    with pytest.raises(SampleError, match=r"0\.prom, line 1: nothing says when .*# scrape UNIX_SECONDS"):
        open_dcgm(str(tmp_path), now_ns=NOW_NS)


def test_a_last_line_without_end_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.prom"
    path.write_text("\n".join(steady(3))[:-1])  # "302.00" of "302.000"
    source = open_dcgm(str(path), now_ns=NOW_NS)
    assert column(only_table(source), POWER) == [300_000, 301_000]
    assert source.notes == (f"{path}: the last line has no end and was left out",)


def test_it_can_be_read_twice(tmp_path: Path) -> None:
    source = open_dcgm(str(write(tmp_path / "a.prom", steady(5))), now_ns=NOW_NS)
    assert column(only_table(source), POWER) == column(only_table(source), POWER)


def test_an_unknown_option_names_the_known(tmp_path: Path) -> None:
    path = write(tmp_path / "a.prom", steady(2))
    with pytest.raises(InputError, match="use any of: hardware, interval"):
        open_dcgm(f"{path},hardwear=x", now_ns=NOW_NS)


VALUES = {
    POWER: st.integers(0, CHANNELS[POWER].maximum),
    UTIL: st.integers(0, 100).map(lambda v: v * 10_000),
    SM: st.integers(0, 10**6),
    MEMORY: st.integers(0, 2**22).map(lambda v: v * 2**20),
    TX: st.integers(0, 2**62),
}
READING = st.fixed_dictionaries({}, optional={c: st.one_of(v, st.just(MISSING)) for c, v in VALUES.items()})
SCRAPES = st.lists(st.dictionaries(st.integers(0, 3), READING, max_size=4), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCRAPES)
def test_whatever_is_served_is_read_back(tmp_path: Path, drawn: list[dict[int, dict[str, int]]]) -> None:
    """After two sound scrapes, which settle units and GPUs."""
    sound = {g: {POWER: 300_000, UTIL: 1_000_000, SM: 900_000, MEMORY: 2**34, TX: 0} for g in range(4)}
    scrapes = [sound, sound, *drawn]
    lines = [x for t, readings in enumerate(scrapes) for x in scrape(str(T0 + t), readings)]
    table = only_table(open_dcgm(str(write(tmp_path / "a.prom", lines)), now_ns=NOW_NS))
    got = [
        (int(table.time_ns[i]), int(table.subject[i]), {c: int(v[i]) for c, v in table.channels.items()})
        for i in range(len(table))
    ]
    wanted = [
        (START_NS + t * SECOND, g, {c: scrapes[t][g].get(c, MISSING) for c in VALUES})
        for g in range(4)
        for t in range(len(scrapes))
        if any(v != MISSING for v in scrapes[t].get(g, {}).values())
    ]
    assert got == wanted
