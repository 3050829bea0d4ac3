"""What holds of merging, clocks and cost whatever the duties are."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.regimes.fragmentation.duties import held

from tallystick.regimes.fragmentation.clocks import clocks_by_event
from tallystick.regimes.fragmentation.cost import Assumptions, cost_of, read_assumptions
from tallystick.regimes.fragmentation.merging import shipped_rules, tally
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.dates import parse_duration
from tallystick.regimes.law.instrument import Clock

CAPABILITIES = ["incident_report", "safety_framework", "registration", "fees", "risk_assessment", "licence"]
RECIPIENTS = [
    "none",
    "public",
    "board",
    "law_enforcement",
    "ca_oes",
    "ny_dfs",
    "eu_ai_office",
    "downstream_providers",
]
REGIMES = ["a", "b", "c"]
DURATIONS = ["PT24H", "PT72H", "P15D", "P3M", "P1Y"]


@st.composite
def clocks(draw: st.DrawFn) -> Clock | None:
    text = draw(st.sampled_from(DURATIONS))
    sort = draw(st.sampled_from(["none", "within", "every", "before"]))
    span = parse_duration(text)
    if sort == "none":
        return None
    return Clock(
        span if sort == "within" else None,
        span if sort == "every" else None,
        None,
        "release" if sort == "before" else "",
        (),
    )


@st.composite
def duties(draw: st.DrawFn) -> list[HeldDuty]:
    found = []
    for index in range(draw(st.integers(0, 9))):
        models = tuple(draw(st.lists(st.sampled_from(["M1", "M2", "M3"]), max_size=3, unique=True)))
        found.append(
            replace(
                held(
                    f"{draw(st.sampled_from(REGIMES))}/d{index}",
                    tuple(draw(st.lists(st.sampled_from(CAPABILITIES), max_size=2, unique=True))),
                    tuple(draw(st.lists(st.sampled_from(RECIPIENTS), max_size=3, unique=True))),
                    draw(st.sampled_from(["must", "must", "must", "must_not", "may"])),
                    draw(st.sampled_from(["incident", "release", "always", "period"])),
                    draw(clocks()),
                ),
                models=models,
                models_ahead=models,
            )
        )
    return found


@given(duties())
@settings(max_examples=60, deadline=None)
def test_merging_never_raises_the_number_of_works(found: list[HeldDuty]) -> None:
    counted = tally(found)
    assert counted.union <= counted.sum
    assert counted.sum == sum(tally([d for d in found if d.regime == r]).union for r in REGIMES)


@given(duties(), st.data())
@settings(max_examples=60, deadline=None)
def test_leaving_a_duty_out_never_raises_anything(found: list[HeldDuty], data: st.DataObject) -> None:
    fewer = [duty for duty in found if data.draw(st.booleans())]
    more, less = tally(found), tally(fewer)
    assert (less.union <= more.union, less.sum <= more.sum, less.filings <= more.filings) == (
        True,
        True,
        True,
    )
    assert cost_of(less).merged <= cost_of(more).merged


@given(duties())
@settings(max_examples=50, deadline=None)
def test_every_duty_to_do_something_is_met_by_some_work(found: list[HeldDuty]) -> None:
    merged = tally(found).merged
    met = {(duty.key, work.capability) for work in merged for duty in work.duties}
    for duty in found:
        if duty.obligation.deontic == "must":
            assert all((duty.key, one) in met for one in duty.obligation.satisfies or (duty.key,))
    assert all(duty.obligation.deontic == "must" for work in merged for duty in work.duties)


@given(duties())
@settings(max_examples=50, deadline=None)
def test_every_recipient_outside_the_house_gets_a_filing(found: list[HeldDuty]) -> None:
    rules = shipped_rules()
    filed = {(duty.key, to) for work in tally(found).merged for to in work.filings for duty in work.duties}
    for duty in found:
        for to in duty.obligation.to:
            if duty.obligation.deontic == "must" and to not in rules.house:
                assert (duty.key, rules.office(to, duty.region)) in filed


@given(duties())
@settings(max_examples=50, deadline=None)
def test_no_clock_is_shorter_than_the_strictest(found: list[HeldDuty]) -> None:
    for event in clocks_by_event(found):
        least = {running.sort: running.hours for running in event.strictest}
        assert all(running.hours >= least[running.sort] for running in event.clocks)


ASSUMED = read_assumptions()


@st.composite
def assumed(draw: st.DrawFn) -> Assumptions:
    values = {}
    for name in ASSUMED.values:
        most = 1 if name == "share_when_repeated" else 50
        ends = sorted(Fraction(draw(st.integers(0, 10 * most)), 10) for _ in range(3))
        values[name] = (ends[0], ends[1], ends[2])
    return Assumptions(values, ASSUMED.sizes, "assumed")


@given(duties(), assumed(), st.booleans())
@settings(max_examples=50, deadline=None)
def test_merged_work_never_costs_more_and_ranges_are_in_order(
    found: list[HeldDuty], assumptions: Assumptions, ahead: bool
) -> None:
    cost = cost_of(tally(found), assumptions, ahead)
    assert all(merged <= alone for merged, alone in zip(cost.merged, cost.separate, strict=True))
    assert cost.merged[0] <= cost.merged[1] <= cost.merged[2]
    for swing in cost.swings:
        assert cost.merged[0] <= swing.low_usd <= cost.merged[1] <= swing.high_usd <= cost.merged[2]
