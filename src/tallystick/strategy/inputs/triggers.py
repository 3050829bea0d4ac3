"""When a stage comes: the sort of trigger, its date, and whether what it refers to exists.

A trigger refers to an earlier stage, or to an event of the text's own life (``EVENTS``), from which dates are
counted as from entry into force. Any other event is one that somebody must bring about, and as sure as a
condition is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tallystick.errors import InputError
from tallystick.regimes.law.dates import parse_date, parse_duration
from tallystick.regimes.law.institution import Stage
from tallystick.regimes.law.instrument import StatusEntry
from tallystick.strategy.inputs.parameters import WORLD
from tallystick.strategy.inputs.profile import shipped

#: What happens to a text as such: by itself, once the text is agreed.
EVENTS = (
    *("negotiation", "signature", "adoption", "adoption_day", "ratification", "entry_into_force"),
    "endorsement_by_security_council",
)
_IN_FORCE = ("in_force", "applies", "enforceable")
_PUT_FORWARD = ("proposed", "adopted", "enacted_not_effective")
#: No world profile may look farther ahead than this, in years.
FARTHEST_YEARS = next(p.high for p in WORLD if p.name == "horizon_years")
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Trigger:
    """``kind``: dated, condition or discretion. ``years`` (None: no date) after the end of the stage
    ``since``, or after entry into force where that is none of the stages.
    """

    kind: str
    years: float | None = None
    since: str = ""
    chooser: str = ""


def trigger_of(stage: Stage, earlier: Sequence[str], begins: date | None, where: str) -> Trigger:
    """How ``stage`` is triggered. ``earlier``: ids of the stages before it; ``begins``: the day from which
    calendar dates are counted.

    Raises InputError for a reference to no earlier stage and no event of ``EVENTS``, a calendar date without
    ``begins``, and an end beyond any horizon.
    """
    raw, place = stage.trigger, f"{where}: stage {stage.id}"
    _refer(raw, stage.id, earlier, place)
    if "discretion_of" in raw:
        return Trigger("discretion", chooser=raw["discretion_of"], since=raw.get("of", ""))
    if "after" in raw or "on" in raw:
        years = _span(raw["after"], place) if "after" in raw else _until(raw["on"], begins, place)
        if years > FARTHEST_YEARS:
            problem = f"ends after {years:g} years, beyond any horizon that states look to"
            mend = f"give a date within {FARTHEST_YEARS:g} years, or leave the stage out"
            raise InputError(problem, where=place, mend=mend)
        return Trigger("dated", years, raw.get("of", ""))
    awaited = "when_complete" in raw or raw.get("event", EVENTS[0]) not in EVENTS
    return Trigger("condition" if awaited else "dated", since=raw.get("of", ""))


def beginning_of(status: Sequence[StatusEntry]) -> tuple[date, str] | None:
    """The day from which calendar dates count, and what happened on it: the first on which the text was in
    force, else the last on which it was put forward; None where neither ever happened.
    """
    began = [entry for entry in status if entry.value in _IN_FORCE]
    forward = [entry for entry in status if entry.value in _PUT_FORWARD]
    found = min(began, key=_day) if began else max(forward, key=_day, default=None)
    return (found.since, found.value) if found else None


def _day(entry: StatusEntry) -> date:
    return entry.since


def beginning_note(stages: Sequence[Stage], begins: tuple[date, str] | None) -> Iterator[str]:
    """A sentence on ``begins``, where a stage has a calendar date that is counted from it."""
    dated = [stage.id for stage in stages if "on" in stage.trigger]
    if not dated or begins is None:
        return
    day, value = begins
    if value in _IN_FORCE:
        yield f"The calendar dates of {', '.join(dated)} count from its beginning on {day}, in force then."
    else:
        yield (
            f"The calendar dates of {', '.join(dated)} count from the day on which the text begins. Assumed: "
            f"on {day}, when it was {value.replace('_', ' ')}. Mend: write after and of, or in_force."
        )


def trigger_notes(stages: Sequence[Stage]) -> Iterator[str]:
    """One sentence for each stage of which the trigger is read in a way that the file does not state."""
    low, high = (shipped("world/default").parameters["horizon_years"].values[n] for n in (0, -1))
    for stage in stages:
        event = stage.trigger.get("event", EVENTS[0])
        if event not in EVENTS:
            yield (
                f"{stage.id} waits for the event {event}, which is none of {', '.join(EVENTS)}. Assumed: it "
                "is as sure as a condition is. Mend: write when_complete or discretion_of."
            )
        years = _span(stage.trigger["after"], stage.id) if "after" in stage.trigger else 0.0
        if years > low:
            yield (
                f"{stage.id} ends {years:g} years after its anchor, and the world profile that is shipped "
                f"looks {low:g} to {high:g} years ahead: in draws that look less far it is never over."
            )


def _refer(raw: Mapping[str, str], own: str, earlier: Sequence[str], place: str) -> None:
    """Raises InputError where a trigger refers to what does not come before it."""
    for key, events in (("when_complete", ()), ("of", EVENTS)):
        named = raw.get(key)
        if named is None or named in earlier or named in events:
            continue
        problem = "itself" if named == own else f"{named}, which is no stage before it"
        known = ", ".join((*earlier, *events)) or "none: it is the first stage"
        raise InputError(f"{key} refers to {problem}", where=place, mend=f"one of: {known}")


def _span(text: str, place: str) -> float:
    span = parse_duration(text, place)
    return span.months / 12 + (span.days + span.hours / 24) / _DAYS_A_YEAR


def _until(text: str, begins: date | None, place: str) -> float:
    """Years from ``begins`` to a calendar date, 0 where it is past."""
    day = parse_date(text, place)
    if begins is None:
        mend = "write after: P2Y, of: entry_into_force"
        raise InputError(f"the date {text} has no day to be counted from", where=place, mend=mend)
    return max((day - begins).days, 0) / _DAYS_A_YEAR
