"""Facts held against many instruments: which are asked, in which order, and the answer as plain data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from tallystick.regimes.judging.evaluate import MARGIN, evaluate
from tallystick.regimes.judging.result import Result
from tallystick.regimes.judging.role_notes import role_notes
from tallystick.regimes.law.dates import parse_date
from tallystick.regimes.law.exact import Number, Truth, truth_text
from tallystick.regimes.law.instrument import WITHOUT_FORCE, Instrument
from tallystick.regimes.law.status import ended, in_effect, known_at_all, status_at
from tallystick.regimes.library import Regimes, load_all
from tallystick.regimes.linting.contradictions import contradictions
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_set import FactSet
from tallystick.regimes.stated.missing_facts import Asked, asked_for

#: Groups in the order in which they are shown. Only the first two are asked unless more is wished.
GROUPS = ("binding", "not_yet_effective", "voluntary", "bill", "proposal", "historic")
ASKED = frozenset({"binding", "not_yet_effective"})


@dataclass(frozen=True, slots=True)
class Question:
    """Which date, which knowledge, which instruments. ``names`` are asked whatever they are."""

    at: date
    known_on: date | None = None
    everything: bool = False
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    margin: Number = MARGIN


@dataclass(frozen=True)
class Answer:
    """The results, the instruments that were asked, one for each, and the facts as of that day.

    ``warnings``: facts that contradict each other, and what a reader must know of where they come from.
    """

    question: Question
    results: tuple[Result, ...]
    instruments: tuple[Instrument, ...]
    facts: FactSet
    warnings: tuple[str, ...] = ()

    @property
    def breach(self) -> Truth:
        """Whether any cap, pause or ban that runs is broken."""
        found = [result.breach for result in self.results]
        return True if True in found else None if None in found else False

    @cached_property
    def asked(self) -> Asked:
        """What was not stated and would settle the most of the regimes that run."""
        pairs = zip(self.instruments, self.results, strict=True)
        running = [instrument for instrument, result in pairs if result.in_effect]
        return asked_for(running, self.facts, self.question.at, self.question.known_on)

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        known = self.question.known_on
        return {
            "at": self.question.at.isoformat(),
            "known_on": known.isoformat() if known else None,
            "breach": truth_text(self.breach),
            "warnings": list(self.warnings),
            "not_stated": [one.as_json() for one in self.asked.settling],
            "not_settled": [
                {"regime": regime, "facts": list(names)} for regime, names in self.asked.left.items()
            ],
            "results": [result.as_json() for result in self.results],
            "notice": NOTICE,
            "authenticity": AUTHENTICITY,
        }


NOTICE = "This is not legal advice: it says what a file of rules makes of facts, and names the texts to read."


AUTHENTICITY = (
    "Nothing is authenticated here: verified means that the fact file says so; no signature is checked."
)


def group_of(instrument: Instrument, at: date, known_on: date | None = None) -> str:
    """Where an instrument belongs on a date: in force, to come, soft, a bill, a proposal, or history."""
    entry = status_at(instrument, at, known_on)
    if entry is not None and entry.value in WITHOUT_FORCE - {"proposed", "none"}:
        return "historic"
    if ended(instrument, at, known_on):
        return "historic"
    if instrument.kind == "bill":
        return "bill"
    if instrument.kind == "proposal" or (entry is not None and entry.value in ("proposed", "none")):
        return "proposal"
    if not instrument.binding:
        return "voluntary" if entry is not None else "proposal"
    return "binding" if in_effect(instrument, at, known_on) else "not_yet_effective"


def chosen(regimes: Regimes, question: Question) -> list[Instrument]:
    """The instruments that the question asks, by group and id; files that the user named are always asked.

    Raises InputError for unknown names.
    """
    if question.names:
        return [regimes.get(name) for name in question.names]
    known = [one for one in regimes if known_at_all(one, question.known_on) or one.id in regimes.own]
    groups = {one.id: group_of(one, question.at, question.known_on) for one in known}

    def wanted(one: Instrument) -> bool:
        if question.kinds:
            return one.kind in question.kinds
        return question.everything or (groups[one.id] in ASKED and not one.institution_only)

    asked = [one for one in known if one.id in regimes.own or wanted(one)]
    return sorted(asked, key=lambda one: (GROUPS.index(groups[one.id]), one.id))


def answer(regimes: Regimes, facts: FactSet, question: Question) -> Answer:
    """Every chosen instrument held against the facts."""
    found = chosen(regimes, question)
    results = tuple(evaluate(one, facts, question.at, question.known_on, question.margin) for one in found)
    now = facts.at(question.at)
    warnings = (*facts.notes, *contradictions(now), *role_notes(results, now))
    return Answer(question, results, tuple(found), now, warnings)


def check(
    data: Mapping[str, Any] | Sequence[Any],
    at: str,
    *,
    known_on: str | None = None,
    everything: bool = False,
    kinds: Iterable[str] = (),
    names: Iterable[str] = (),
    files: Sequence[Path | str] = (),
) -> dict[str, Any]:
    """Plain data in, plain data out: the facts of ``spec/regime.md``, and what ``check --json`` prints.

    ``at`` and ``known_on`` are ISO dates; ``files`` are regime files beside the shipped ones.
    Raises InputError.
    """
    regimes = load_all([Path(file) for file in files])
    day, known = parse_date(at, "at"), parse_date(known_on, "known_on") if known_on else None
    question = Question(day, known, everything, tuple(kinds), tuple(names))
    return answer(regimes, fact_set(data, "facts", regimes.vocabulary), question).as_json()
