"""Cost: worked by hand from assumptions of one each."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.unit.regimes.fragmentation.duties import held
from tests.unit.regimes.fragmentation.three_regimes import EAST, NORTH, PROFILE, WEST, duty, profile, regimes

from tallystick.errors import InputError
from tallystick.regimes.fragmentation.comparison import compare
from tallystick.regimes.fragmentation.cost import FILE, cost_of, read_assumptions
from tallystick.regimes.fragmentation.merging import tally
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.dates import parse_duration
from tallystick.regimes.law.instrument import Clock
from tallystick.regimes.library import Regimes

AT = date(2026, 11, 24)
NAMES = (
    "releases_per_model incidents imminent_incidents requests threshold_notices training_starts "
    "framework_changes exports clusters_built standing_upkeep share_when_repeated hours_per_filing"
)


def ones(folder: Path, rate: str = '["1", "1", "3"]') -> Path:
    """A file in which everything is one, and the rate one to three."""
    lines = ["schema: cost-assumptions/1", "basis: assumed", f"rate_usd_per_hour: {rate}"]
    lines += [f'{name}: ["1", "1", "1"]' for name in NAMES.split()]
    lines += [
        "hours:",
        *(f'  {size}: ["1", "1", "1"]' for size in ("light", "document", "programme", "audit")),
    ]
    (folder / "ones.yaml").write_text("\n".join([*lines, "sizes: {}", ""]))
    return folder / "ones.yaml"


def test_worked_by_hand(three: Regimes, tmp_path: Path) -> None:
    found = compare(profile(), three, AT, assumptions=read_assumptions(ones(tmp_path)))
    # An hour of work and an hour of filing for each of five works. The transparency report is due for one of
    # the two models: of the other nobody knows.
    assert found.cost.separate == (10, 10, 30)
    assert found.cost.merged == (10, 10, 30)
    # North adds four works of two hours. Merged, its incident report adds a filing, its registration all.
    assert found.cost_coming.separate == (18, 18, 54)
    assert found.cost_coming.merged == (13, 13, 39)
    (swing,) = found.cost_coming.swings
    assert (swing.assumption, swing.low_usd, swing.high_usd) == ("rate_usd_per_hour", 13, 39)


def test_what_is_done_at_releases_is_done_for_the_models_that_its_own_duties_reach(tmp_path: Path) -> None:
    ones_each = read_assumptions(ones(tmp_path))

    def report(name: str, models: tuple[str, ...], ahead: tuple[str, ...] = ()) -> HeldDuty:
        one = held(name, "transparency_report", ("public",), event="release")
        return replace(one, models=models, models_ahead=(*models, *ahead))

    first, both = report("a/x", ("M1",)), report("b/x", ("M1", "M2"))
    other, later = report("c/x", ("M3",)), report("d/x", ("M1",), ("M2", "M3"))
    # One hour of work and one of filing for each model, each model once however many texts ask.
    assert cost_of(tally([first]), ones_each).merged[0] == 2
    assert cost_of(tally([first, both]), ones_each).merged[0] == 4
    assert cost_of(tally([first, both]), ones_each).separate[0] == 2 + 4
    assert cost_of(tally([both, other]), ones_each).merged[0] == 6
    assert cost_of(tally([later]), ones_each).merged[0] == 2
    assert cost_of(tally([later]), ones_each, ahead=True).merged[0] == 6


def test_the_cost_of_today_does_not_count_models_of_later_days(tmp_path: Path) -> None:
    """The second model is above North's line only, which begins in 2027."""
    north = NORTH.replace('value: "1e26"', 'value: "1e24"')
    text = PROFILE.replace(
        'pretraining: "7.0e25", reinforcement_learning: "2.0e25", synthetic_private: "1.2e25"',
        'pretraining: "5e24"',
    )
    north = north.replace(
        "obligations:\n", "obligations:\n" + duty("card", "public", "transparency_report", "release")
    )
    found = compare(
        profile(text),
        regimes(tmp_path, (WEST, north, EAST)),
        AT,
        assumptions=read_assumptions(ones(tmp_path)),
    )
    (card,) = (work for work in found.coming.merged if work.capability == "transparency_report")
    reached = {one.key: (one.models, one.models_ahead) for one in card.duties}
    assert reached["test.west/transparency"] == (("Tern 2",), ("Tern 2",))
    assert reached["test.north/card"] == ((), ("Tern 1", "Tern 2"))
    assert found.cost.merged[0] == 10, "as without North"


def test_work_in_the_house_costs_only_what_goes_beyond_the_work_that_leaves_it(
    tmp_path: Path,
) -> None:
    ones_each = read_assumptions(ones(tmp_path))
    public = held("a/x", "risk_assessment", ("public",))
    yearly, monthly = (Clock(None, parse_duration(every), None, "", ()) for every in ("P1Y", "P1M"))
    for clock, hours in ((None, 2), (yearly, 2), (monthly, 2 + 11)):
        inside = held("b/x", "risk_assessment", clock=clock)
        # One hour of work and one of filing; eleven more of work where it is done every month.
        assert cost_of(tally([public, inside]), ones_each).merged[0] == hours


def test_the_result_says_that_it_is_assumed(three: Regimes) -> None:
    data = compare(profile(), three, AT).as_json()["cost"]["today"]
    assert "assumed" in data["basis"]
    assert "not a sourced cost" in data["basis"]
    assert data["sensitivity"]


def test_a_range_out_of_order_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rate_usd_per_hour is not in order"):
        read_assumptions(ones(tmp_path, '["3", "1", "2"]'))


def test_an_unknown_assumption_is_refused_with_its_line(tmp_path: Path) -> None:
    path = ones(tmp_path)
    path.write_text(path.read_text() + 'lawyers: ["1", "2", "3"]\n')
    with pytest.raises(InputError, match=r"ones\.yaml:\d+: .*unknown key 'lawyers'"):
        read_assumptions(path)


def test_every_shipped_assumption_is_tagged_and_is_a_range() -> None:
    assert "ASSUMED" in FILE.read_text()
    shipped = read_assumptions()
    assert shipped.basis == "assumed"
    assert all(low < high for low, _, high in shipped.values.values())
