"""What a stage's trigger may refer to, and how each sort of trigger is read."""

from dataclasses import replace
from datetime import date

import pytest

from tallystick.errors import InputError
from tallystick.regimes.law.institution import Institution, Stage
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.library import INSTRUMENTS, load_instrument
from tallystick.strategy.assessment import read_terms
from tallystick.strategy.inputs.terms import terms_of


def text(*triggers: dict[str, str]) -> Institution:
    """Stages one, two and so on, of these triggers."""
    base = load_instrument(INSTRUMENTS / "hist.soviet_1947.yaml").institution
    assert base is not None
    names = ("one", "two", "three")
    stages = [
        replace(base.stages[0], id=name, gives_up=name, trigger=trigger)
        for name, trigger in zip(names, triggers, strict=False)
    ]
    return replace(base, stages=tuple(stages), entry_into_force=None)


def read(*triggers: dict[str, str], begins: date | None = None) -> list[tuple[str, float | None]]:
    return [(stage.trigger, stage.years) for stage in terms_of("x", text(*triggers), begins).stages]


FIRST = {"event": "entry_into_force"}


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"when_complete": "two"}, "when_complete refers to itself"),
        ({"when_complete": "three"}, "when_complete refers to three, which is no stage before it"),
        ({"when_complete": "nothing"}, "when_complete refers to nothing, which is no stage before it"),
        ({"when_complete": "entry_into_force"}, "which is no stage before it"),
        ({"after": "P1Y", "of": "two"}, "of refers to itself"),
        ({"after": "P1Y", "of": "nosuchstage"}, "of refers to nosuchstage, which is no stage before it"),
    ],
)
def test_what_does_not_come_before_is_refused_with_the_stage_and_what_there_is(
    second: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(FIRST, second, {"when_complete": "two"})
    assert caught.value.where == "x: stage two"
    assert "one" in caught.value.mend


def test_a_circle_is_refused_at_its_first_stage() -> None:
    with pytest.raises(InputError, match="when_complete refers to two") as caught:
        read({"when_complete": "two"}, {"when_complete": "one"})
    assert caught.value.where == "x: stage one"


def test_a_stage_that_only_repeats_another_can_be_referred_to() -> None:
    base = text(FIRST, {"after": "P1Y", "of": "again"})
    again = replace(base.stages[0], id="again", title="The same in other words")
    terms = terms_of("x", replace(base, stages=(base.stages[0], again, base.stages[1])))
    assert [stage.since for stage in terms.stages] == ["", "one"]


def test_an_event_that_somebody_must_bring_about_is_as_sure_as_a_condition_and_it_is_said() -> None:
    assert read(FIRST) == [("dated", None)]
    assert read({"event": "the_leader_pleases"}) == [("condition", None)]
    notes = terms_of("x", text({"event": "the_leader_pleases"})).assumed
    assert any("one waits for the event the_leader_pleases" in note for note in notes)
    assert not any("waits for" in note for note in terms_of("x", text(FIRST)).assumed)


def test_a_calendar_date_counts_from_the_day_on_which_the_text_begins() -> None:
    on = {"on": "2029-01-01"}
    assert read(on, begins=date(2026, 1, 1)) == [("dated", pytest.approx(3.0, abs=0.01))]
    assert read(on, begins=date(2030, 1, 1)) == [("dated", 0.0)]
    with pytest.raises(InputError, match="no day to be counted from") as caught:
        read(on)
    assert caught.value.where == "x: stage one"
    with pytest.raises(InputError, match="not a date"):
        read({"on": "some day"}, begins=date(2026, 1, 1))


def dated(*status: tuple[date, str]) -> Instrument:
    """A text with a stage on a calendar date, and a history of its status."""
    base = load_instrument(INSTRUMENTS / "hist.soviet_1947.yaml")
    entries = tuple(replace(base.status[0], since=day, known_on=day, value=value) for day, value in status)
    return replace(base, institution=text(FIRST, {"on": "2029-01-01"}), status=entries)


@pytest.mark.parametrize(
    ("status", "years", "said"),
    [
        (((date(2026, 1, 1), "proposed"),), 3.0, "on 2026-01-01, when it was proposed"),
        (((date(2025, 1, 1), "proposed"), (date(2027, 1, 1), "in_force")), 2.0, "on 2027-01-01, in force"),
        (
            ((date(2025, 1, 1), "adopted"), (date(2026, 1, 1), "in_force"), (date(2028, 1, 1), "applies")),
            3.0,
            "on 2026-01-01, in force",
        ),
    ],
)
def test_a_regime_file_begins_when_it_enters_into_force_or_else_when_it_was_last_put_forward(
    status: tuple[tuple[date, str], ...], years: float, said: str
) -> None:
    terms = read_terms(dated(*status))
    assert terms.stages[1].years == pytest.approx(years, abs=0.01)
    assert any(said in note for note in terms.assumed)


def test_a_text_without_calendar_dates_says_nothing_of_its_beginning() -> None:
    terms = read_terms(load_instrument(INSTRUMENTS / "hist.soviet_1947.yaml"))
    assert not any("calendar" in note for note in terms.assumed)


@pytest.mark.parametrize("trigger", [{"after": "P9999Y"}, {"on": "2099-01-01"}])
def test_an_end_beyond_any_horizon_is_refused(trigger: dict[str, str]) -> None:
    with pytest.raises(InputError, match="beyond any horizon") as caught:
        read(trigger, begins=date(2026, 1, 1))
    assert caught.value.where == "x: stage one"


def test_an_end_beyond_some_horizons_is_said() -> None:
    assert any("ends 8 years after" in note for note in terms_of("x", text({"after": "P8Y"})).assumed)
    assert not any("ends" in note for note in terms_of("x", text({"after": "P3Y"})).assumed)


def test_a_bad_duration_is_refused_with_its_stage() -> None:
    with pytest.raises(InputError, match="not a duration") as caught:
        read({"after": "P99999999999Y"})
    assert caught.value.where == "x: stage one"


def test_every_shipped_trigger_can_be_read() -> None:
    read_ones = 0
    for path in sorted(INSTRUMENTS.glob("*.yaml")):
        institution = load_instrument(path).institution
        if institution:
            read_ones += len(terms_of(path.stem, institution).stages)
    assert read_ones > 40


def test_discretion_is_somebodys() -> None:
    stage: Stage = text({"discretion_of": "US"}).stages[0]
    read_as = terms_of("x", replace(text(FIRST), stages=(stage,))).stages[0]
    assert (read_as.trigger, read_as.chooser) == ("discretion", "US")
