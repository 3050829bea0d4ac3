import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import InputError
from tallystick.simulation.scenario import SCENARIOS
from tallystick.simulation.source import open_simulation
from tallystick.simulation.spec import INTERVALS_S, parse_spec
from tallystick.units import NS_PER_HOUR, NS_PER_MINUTE

NAMES = tuple(SCENARIOS)
MIDNIGHT_NS = 1_772_409_600_000_000_000  # 2026-03-02T00:00Z


def test_a_bare_name_takes_the_defaults() -> None:
    spec = parse_spec("honest", NAMES)
    assert (spec.seed, spec.accelerators, spec.hours, spec.interval_s) == (0, 256, 24, 10)
    assert spec.start_ns == MIDNIGHT_NS
    assert spec.end_ns == MIDNIGHT_NS + 24 * NS_PER_HOUR
    assert spec.traces == "auto"


@given(
    seed=st.integers(0, 2**63 - 1),
    nodes=st.integers(2, 12_500),
    hours=st.integers(1, 8760),
    interval=st.sampled_from(INTERVALS_S),
    traces=st.sampled_from(["auto", "on", "off"]),
)
def test_every_usable_value_is_read_back(
    seed: int, nodes: int, hours: int, interval: int, traces: str
) -> None:
    text = f"relabel, seed={seed},accelerators={8 * nodes},hours={hours},interval={interval},traces={traces}"
    spec = parse_spec(text, NAMES)
    assert (spec.seed, spec.nodes, spec.hours, spec.interval_s, spec.traces) == (
        seed,
        nodes,
        hours,
        interval,
        traces,
    )


@pytest.mark.parametrize("start", ["2026-03-02T06:15Z", "2026-03-02T06:15", "2026-03-02T08:15+02:00"])
def test_times_of_day_are_utc_unless_they_say_otherwise(start: str) -> None:
    spec = parse_spec(f"honest,start={start}", NAMES)
    assert spec.start_ns == MIDNIGHT_NS + 6 * NS_PER_HOUR + 15 * NS_PER_MINUTE


@pytest.mark.parametrize(
    ("text", "part", "mend"),
    [
        ("", "scenario ''", "honest, relabel"),
        ("hones", "scenario 'hones'", "honest, relabel"),
        ("honest,sede=1", "'sede=1'", "accelerators, hours, interval, seed, start, traces"),
        ("honest,seed", "'seed'", "key=value"),
        ("honest,,seed=1", "''", "key=value"),
        ("honest,seed=1,seed=2", "seed is given twice", "once"),
        ("honest,seed=-1", "seed=-1", "from 0"),
        ("honest,seed=1.5", "seed=1.5", "whole number"),
        ("honest,seed=99999999999999999999", "seed=9999", "whole number"),
        ("honest,seed=²", "seed=²", "whole number"),
        ("honest,accelerators=8", "accelerators=8", "multiple of 8 from 16 to 100000"),
        ("honest,accelerators=20", "accelerators=20", "multiple of 8"),
        ("honest,accelerators=100008", "accelerators=100008", "to 100000"),
        ("honest,hours=0", "hours=0", "from 1 to 8760"),
        ("honest,hours=8761", "hours=8761", "from 1 to 8760"),
        ("honest,interval=7", "interval=7", "1, 2, 3"),
        ("honest,start=monday", "start=monday", "2026-03-02"),
        ("honest,start=2026-03-02T00:05Z", "start=2026-03-02T00:05Z", "quarter of an hour"),
        ("honest,start=1969-01-01", "start=1969-01-01", "from 2000 to 2100"),
        ("honest,traces=maybe", "traces=maybe", "auto, drawn, off, on"),
    ],
)
def test_a_bad_part_is_named_with_its_mend(text: str, part: str, mend: str) -> None:
    with pytest.raises(InputError) as caught:
        open_simulation(text)
    message = str(caught.value)
    assert part in message
    assert mend in message
    assert "\n" not in message
