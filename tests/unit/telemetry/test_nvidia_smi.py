from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tool_text import (
    H100,
    MEMORY,
    NOW_NS,
    POWER,
    SECOND,
    SMI_HEAD,
    START_NS,
    UTIL,
    column,
    only_table,
    smi_row,
    smi_time,
    write,
)

from tallystick.errors import InputError, SampleError
from tallystick.records.sample import MISSING, Quality
from tallystick.telemetry.nvidia_smi import open_smi
from tallystick.telemetry.text_source import TextSource

ZONE_NOTE = "nvidia-smi's times have no zone: taken as UTC (say ,offset=+02:00 if they are not)"


def opened(tmp_path: Path, lines: list[str], options: str = "") -> TextSource:
    return open_smi(f"{write(tmp_path / 'smi.csv', lines)}{options}", now_ns=NOW_NS)


def at(seconds: float) -> int:
    return START_NS + round(seconds * 1000) * 10**6


def test_units_become_the_schemas(tmp_path: Path) -> None:
    lines = [SMI_HEAD, smi_row(at(0.123), 0, "412.35 W", "98 %", "4845 MiB"), smi_row(at(1.123), 0)]
    source = opened(tmp_path, lines)
    table = only_table(source)
    assert {name: column(table, name)[0] for name in table.channels} == {
        POWER: 412_350,
        UTIL: 980_000,
        MEMORY: 4845 * 2**20,
    }
    assert table.time_ns.tolist() == [at(0.123), at(1.123)]
    (subject,) = source.inventory()
    assert (subject.name, subject.hardware, subject.interval_ns) == ("GPU-0000", "h100-sxm", SECOND)
    assert source.notes == (ZONE_NOTE,)


def test_without_units_and_with_windows_line_ends(tmp_path: Path) -> None:
    lines = [SMI_HEAD] + [smi_row(at(t), 0, "300.5", "98", "1024") for t in range(2)]
    path = tmp_path / "smi.csv"
    path.write_bytes(("\ufeff" + "".join(f"{line}\r\n" for line in lines)).encode())
    table = only_table(open_smi(str(path), now_ns=NOW_NS))
    assert column(table, POWER) == [300_500] * 2


@pytest.mark.parametrize("rate_ms", [10, 100, 1000, 5000, 60_000])
def test_any_rate(tmp_path: Path, rate_ms: int) -> None:
    lines = [SMI_HEAD] + [smi_row(START_NS + t * rate_ms * 10**6, g) for t in range(6) for g in (0, 1)]
    source = opened(tmp_path, lines)
    assert [s.interval_ns for s in source.inventory()] == [rate_ms * 10**6] * 2
    assert not only_table(source).quality.any()


def test_every_way_to_say_nothing_is_missing(tmp_path: Path) -> None:
    words = ["[N/A]", "N/A", "[Not Supported]", "[Unknown Error]", "[GPU is lost]", "ERR!", "Unknown Error"]
    lines = [SMI_HEAD, smi_row(at(0), 0)]
    lines += [smi_row(at(1 + i), 0, power=word) for i, word in enumerate(words)]
    source = opened(tmp_path, lines)
    table = only_table(source)
    assert column(table, POWER) == [300_000] + [MISSING] * len(words)
    assert column(table, UTIL) == [900_000] * (1 + len(words))
    assert f"1 readings of {POWER} are missing: '[GPU is lost]'" in source.notes


def test_numbers_name_gpus_where_there_is_no_uuid(tmp_path: Path) -> None:
    head = "timestamp, index, power.draw [W]"
    lines = [head] + [f"{smi_time(at(t))}, {g}, 300 W" for t in range(2) for g in (0, 1)]
    source = opened(tmp_path, lines, ",hardware=h100-sxm,host=n3")
    assert [s.name for s in source.inventory()] == ["n3-gpu0", "n3-gpu1"]
    assert set(only_table(source).channels) == {POWER}


def test_a_table_of_one_gpu_may_be_named(tmp_path: Path) -> None:
    head = "timestamp, name, power.draw.instant [W]"
    lines = [head] + [f"{smi_time(at(t))}, {H100}, 300 W" for t in range(2)]
    with pytest.raises(SampleError, match=r"no column says which GPU.*gpu=NAME"):
        opened(tmp_path, lines)
    assert opened(tmp_path, lines, ",gpu=mine").inventory()[0].name == "mine"


def test_the_zone_can_be_given(tmp_path: Path) -> None:
    source = opened(tmp_path, [SMI_HEAD, smi_row(at(7200), 0), smi_row(at(7201), 0)], ",offset=+02:00")
    assert only_table(source).time_ns.tolist() == [at(0), at(1)]
    assert source.notes == ()


def test_zones_west_of_utc_and_without_a_colon(tmp_path: Path) -> None:
    source = opened(tmp_path, [SMI_HEAD, smi_row(at(0), 0), smi_row(at(1), 0)], ",offset=-0530")
    assert only_table(source).time_ns.tolist() == [at(19_800), at(19_801)]


def test_a_recording_that_was_started_again(tmp_path: Path) -> None:
    lines = [SMI_HEAD, smi_row(at(0), 0), smi_row(at(1), 0), SMI_HEAD, smi_row(at(60), 0), smi_row(at(61), 0)]
    assert only_table(opened(tmp_path, lines)).quality.tolist() == [0, 0, Quality.AFTER_GAP, 0]


def test_a_gpu_that_reports_anothers_values_is_named(tmp_path: Path) -> None:
    lines = [SMI_HEAD]
    for t in range(60):
        for gpu in range(3):
            power = 300 + (t * 37 % 101) if gpu < 2 else 300 + (t * 41 % 97)
            lines.append(smi_row(at(t), gpu, f"{power}.00 W"))
    source = opened(tmp_path, lines)
    list(source.slots())
    assert any("GPU-0000 and GPU-0001" in note and "identical readings" in note for note in source.notes)
    assert not any("GPU-0002" in note for note in source.notes)


def test_idle_gpus_are_alike_without_suspicion(tmp_path: Path) -> None:
    source = opened(tmp_path, [SMI_HEAD] + [smi_row(at(t), g, "70 W") for t in range(60) for g in range(3)])
    list(source.slots())
    assert source.notes == (ZONE_NOTE,)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([smi_row(at(0), 0)], r"line 1: .*no head with a 'timestamp'"),
        (["uuid, name, power.draw [W]"], r"line 1: .*no head"),
        (["timestamp, uuid, name, power.draw [kW]"], r"line 1: 'power.draw' is in 'kW', not W"),
        (["timestamp, uuid, uuid, power.draw [W]"], r"line 1: .*names that differ"),
        ([SMI_HEAD, smi_row(at(0), 0) + ", 7"], r"line 2: has 8 values under 7 columns"),
        ([SMI_HEAD, smi_row(at(0), 0, used="1 GiB")], r"line 2: .*'1 GiB'"),
        ([SMI_HEAD, smi_row(at(0), 0, power="-1 W")], r"line 2: .*outside 0"),
        ([SMI_HEAD, smi_row(at(0), 0, power="6000 W")], r"line 2: .*outside 0 to 5000000 mW"),
        ([SMI_HEAD, smi_row(at(0), 0, util="101 %")], r"line 2: .*outside"),
        ([SMI_HEAD, smi_row(at(0), 0).replace("2024/05", "2024/13")], r"line 2: 'timestamp'"),
        (
            [SMI_HEAD, smi_row(at(0), 0).replace(H100, "Voodoo2")],
            r"line 2: .*'Voodoo2'.*known are: .*H100 80GB",
        ),
        (
            [SMI_HEAD, smi_row(at(5), 0), smi_row(at(2), 0)],
            r"line 3: the clock of GPU 'GPU-0000' goes back by 3",
        ),
        ([SMI_HEAD, smi_row(at(5), 0), smi_row(at(5), 0, "1 W")], r"line 3: .*two different readings"),
        ([SMI_HEAD, smi_row(at(0), 0)], r"has only one sample"),
        ([SMI_HEAD, smi_row(at(0), 0), smi_row(at(120), 0)], r"is sampled every 120 s"),
        ([SMI_HEAD, smi_row(at(200_000), 0)], r"line 2: .*more than a day in the future"),
        ([SMI_HEAD, smi_row(0, 0)], r"line 2: .*before 2015"),
        ([SMI_HEAD, smi_row(at(0), 0).replace("2024/", "9999/")], r"line 2: .*outside 1970 to 2262"),
        ([SMI_HEAD], r"no GPU has a single reading"),
        ([], r"no GPU has a single reading"),
        ([SMI_HEAD] + [smi_row(at(t), 0, "0.3 W") for t in range(3)], r"watts instead of mW"),
    ],
)
def test_tables_that_cannot_be(tmp_path: Path, lines: list[str], words: str) -> None:
    with pytest.raises(SampleError, match=words) as error:
        opened(tmp_path, lines)
    assert error.value.mend
    assert "\n" not in str(error.value)


def test_a_gpu_that_changes_its_hardware(tmp_path: Path) -> None:
    lines = [SMI_HEAD, smi_row(at(0), 0), smi_row(at(1), 0).replace(H100, "NVIDIA H200")]
    with pytest.raises(SampleError, match="is h100-sxm before and h200-sxm here"):
        opened(tmp_path, lines)


def test_no_file_and_no_csv(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_smi(str(tmp_path / "nothing.csv"))
    with pytest.raises(InputError, match=r"no file ending in \.csv"):
        open_smi(str(tmp_path))


ROWS = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(0, 700_000), st.integers(0, 100), st.integers(0, 2**20)),
    min_size=2,
    max_size=20,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_whatever_is_printed_is_read_back(tmp_path: Path, rows: list[tuple[int, int, int, int]]) -> None:
    """The first row settles units, so that a table of zeros is not taken for watts."""
    rows = [(1, 300_000, 100, 2**17), *rows]
    times, now = [], START_NS
    for apart_ms, *_ in rows:
        now += apart_ms * 10**6
        times.append(now)
    lines = [SMI_HEAD] + [
        smi_row(t, 0, f"{mw // 1000}.{mw % 1000:03d} W", f"{percent} %", f"{mib} MiB")
        for t, (_, mw, percent, mib) in zip(times, rows, strict=True)
    ]
    table = only_table(opened(tmp_path, lines))
    assert table.time_ns.tolist() == times
    assert column(table, POWER) == [mw for _, mw, _, _ in rows]
    assert column(table, UTIL) == [percent * 10_000 for _, _, percent, _ in rows]
    assert column(table, MEMORY) == [mib * 2**20 for *_, mib in rows]
