"""Clocks of one event: which is the strictest, and what has none."""

from tests.unit.regimes.fragmentation.duties import held

from tallystick.regimes.fragmentation.clocks import clocks_by_event
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.dates import parse_duration
from tallystick.regimes.law.instrument import Clock


def before(name: str, ahead: str = "", deontic: str = "must") -> HeldDuty:
    clock = Clock(None, None, None, "release", (), parse_duration(ahead) if ahead else None)
    return held(name, "transparency_report", ("public",), deontic, "release", clock)


def test_the_longest_lead_is_the_strictest_and_is_said() -> None:
    duties = [before("a/x"), before("b/x", "P30D"), before("c/x", "P90D"), before("d/x", "PT72H")]
    (event,) = clocks_by_event(duties)
    assert [running.text for running in event.clocks] == [
        "at least 90 days before release",
        "at least 30 days before release",
        "at least 72 hours before release",
        "before release",
    ]
    assert [running.duty.key for running in event.strictest] == ["c/x"]


def test_what_one_may_do_has_no_clock_to_keep() -> None:
    assert clocks_by_event([before("a/x", "P90D", "may")]) == ()
    (event,) = clocks_by_event([before("a/x"), before("b/x", "P90D", "may")])
    assert [running.duty.key for running in event.strictest] == ["a/x"]
