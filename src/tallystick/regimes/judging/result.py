"""Frozen records of an evaluation: outcomes claimed and verified side by side, duties, lines and a trace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tallystick.regimes.law.exact import Interval, Truth, disjunction, interval_text, number_text, truth_text
from tallystick.regimes.law.instrument import Obligation


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a text. ``place`` is empty where all of the text is meant."""

    title: str
    place: str
    edition: str = ""

    @property
    def source(self) -> str:
        """The text and its edition."""
        return f"{self.title} ({self.edition})" if self.edition else self.title

    @property
    def text(self) -> str:
        """As lawyers write it: the text, the article, the edition."""
        edition = f" ({self.edition})" if self.edition else ""
        return f"{self.title}, {self.place}{edition}" if self.place else f"{self.title}{edition}"


#: What a step is about.
STATUS, WHO, FIGURE, TEST, EXCEPTION, OUTCOME, DUTY, FORCE = (
    "Status",
    "Binds",
    "Figure",
    "Test",
    "Exception",
    "Outcome",
    "Duty",
    "Force",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the trace: what was held against what, where that stands, and what it gave.

    ``head``: how ``text`` begins, where that is the same under each reading; ``parts``: the tests that it
    goes on with, joined by ``word``; ``tail``: how it ends.
    """

    kind: str
    rule: str
    text: str
    citations: tuple[Citation, ...] = ()
    claimed: Truth | str = None
    verified: Truth | str = None
    reading: str = ""
    judged: bool = True
    head: str = ""
    parts: tuple[str, ...] = ()
    word: str = ""
    tail: str = ""

    @property
    def detail(self) -> str:
        """The text without its head."""
        return self.text.removeprefix(self.head).removeprefix(": ")

    @property
    def truths(self) -> str:
        """What it gave, in words; empty where there was nothing to judge."""
        if not self.judged:
            return ""
        return f"claimed {_shown(self.claimed)}, verified {_shown(self.verified)}"

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        cited = [one.text for one in self.citations]
        data: dict[str, Any] = {"rule": self.rule, "text": self.text, "reference": cited}
        if self.judged:
            data |= {"claimed": _shown(self.claimed), "verified": _shown(self.verified)}
        return data | ({"reading": self.reading} if self.reading else {})


def _shown(value: Truth | str) -> str:
    return value if isinstance(value, str) else truth_text(value)


@dataclass(frozen=True, slots=True)
class Breach:
    """By claimed and by verified figures, of a developer who is bound by these; ``days``: on which.

    ``stands``: by either, or by verified figures of a developer who says itself that it is bound.
    ``covered``: spans of days, first and last, on which it was in force and verified facts show no breach.
    ``verified`` is false only where these are all days up to the day asked about on which it was in force.
    """

    claimed: Truth
    verified: Truth
    stands: bool
    days: tuple[date, ...] = ()
    covered: tuple[tuple[date, date], ...] = ()


NO_BREACH = Breach(False, False, False)


@dataclass(frozen=True, slots=True)
class OutcomeResult:
    """One outcome. ``readings``: claimed and verified under each reading of the text.

    ``breached``: of an outcome that is a breach, whether it was on any day on which it was in force.
    """

    name: str
    title: str
    claimed: Truth
    verified: Truth
    bound: bool
    breach: bool
    readings: Mapping[str, tuple[Truth, Truth]]
    breached: Breach = NO_BREACH

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        readings = {
            name: {"claimed": truth_text(said), "verified": truth_text(shown)}
            for name, (said, shown) in self.readings.items()
        }
        return {
            "outcome": self.name,
            "title": self.title,
            "claimed": truth_text(self.claimed),
            "verified": truth_text(self.verified),
            "breach": self.breach,
            "breach_claimed": truth_text(self.breached.claimed),
            "breach_verified": truth_text(self.breached.verified),
            "breach_days": [day.isoformat() for day in self.breached.days],
            "covered": [
                {"from": first.isoformat(), "to": last.isoformat()} for first, last in self.breached.covered
            ],
            "readings": readings,
        }


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation held against the facts.

    ``claimed`` and ``verified``: it is due, on the date, for this developer. ``brought``: facts bring it
    about, claimed and verified, whatever the force of the text and the developer's ties.
    """

    obligation: Obligation
    claimed: Truth
    verified: Truth
    starts: date | None
    citations: tuple[Citation, ...]
    brought: tuple[Truth, Truth] = (None, None)

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        one = self.obligation
        return {
            "id": one.id,
            "title": one.title,
            "deontic": one.deontic,
            "claimed": truth_text(self.claimed),
            "verified": truth_text(self.verified),
            "when": list(one.when),
            "to": list(one.to),
            "event": one.event,
            "clock": one.clock.as_json() if one.clock else {},
            "starts": self.starts.isoformat() if self.starts else None,
            "satisfies": list(one.satisfies),
            "penalty": one.penalty.text if one.penalty else "",
            "reference": [one.text for one in self.citations],
        }


@dataclass(frozen=True, slots=True)
class LineResult:
    """How near an amount is to a line. Shares are exact intervals of the line; None: nothing known.

    ``approach``: the claimed or verified share reaches the margin without crossing the line.
    ``crossings``: when the series reaches the line, claimed and verified.
    """

    outcome: str
    parameter: str
    title: str
    unit: str
    line: str
    operator: str
    claimed: Interval
    verified: Interval
    claimed_share: Interval
    verified_share: Interval
    approach: bool
    crossings: "tuple[Crossing | None, Crossing | None]"

    @property
    def crossing(self) -> "Crossing | None":
        """By claimed figures; by verified ones where no claims show one."""
        return self.crossings[0] or self.crossings[1]

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "outcome": self.outcome,
            "parameter": self.parameter,
            "title": self.title,
            "unit": self.unit,
            "operator": self.operator,
            "line": self.line,
            "claimed": interval_json(self.claimed),
            "verified": interval_json(self.verified),
            "claimed_share": interval_json(self.claimed_share),
            "verified_share": interval_json(self.verified_share),
            "approach": self.approach,
            "crossing": _crossing_json(self.crossing),
            "crossing_claimed": _crossing_json(self.crossings[0]),
            "crossing_verified": _crossing_json(self.crossings[1]),
        }


@dataclass(frozen=True, slots=True)
class Crossing:
    """When a series of dated facts reaches a line.

    ``seen``: facts show that it was reached, by ``latest``, and not before ``earliest``, None where none is
    from before; else it is predicted, if the series goes on as between its
    ``first`` and ``last`` day. ``past``: the latest day of a prediction is before the day asked about.
    """

    earliest: date | None
    latest: date | None
    first: date
    last: date
    seen: bool = False
    past: bool = False

    def as_json(self) -> dict[str, Any]:
        """ISO days; null for never, or for a day after the year 9999."""
        return {
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "latest": self.latest.isoformat() if self.latest else None,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "seen": self.seen,
            "past": self.past,
        }


def _crossing_json(crossing: Crossing | None) -> dict[str, Any] | None:
    return crossing.as_json() if crossing else None


@dataclass(frozen=True, slots=True)
class Result:
    """One instrument held against the facts on one date.

    ``known``: something of the instrument was known on the day of ``known_on``. ``without_line``: titles of
    parameters of which no value stands on the date, although the text does not say that there is none.
    """

    regime: str
    title: str
    kind: str
    binding: bool
    confidence: str
    at: date
    status: str
    status_since: date | None
    in_effect: bool
    claimed: Truth
    verified: Truth
    binds_claimed: Truth
    binds_verified: Truth
    outcomes: tuple[OutcomeResult, ...]
    duties: tuple[Duty, ...]
    lines: tuple[LineResult, ...]
    figures: Mapping[str, Mapping[str, tuple[Interval, Interval]]]
    trace: tuple[Step, ...]
    known: bool = True
    without_line: tuple[str, ...] = ()

    @property
    def breach(self) -> Truth:
        """Whether a cap, pause or ban was broken while it ran: true if by either side's figures.

        False only where the verified ones show that it is kept: a claim is no proof of that.
        """
        if not self.known:
            return None
        return True if any(o.breach and o.breached.stands for o in self.outcomes) else self.breaches[1]

    @property
    def breaches(self) -> tuple[Truth, Truth]:
        """By claimed and by verified figures, on any day. False where no cap, pause or ban ever ran."""
        if not self.known:
            return None, None
        found = [o.breached for o in self.outcomes if o.breach]
        return disjunction(o.claimed for o in found), disjunction(o.verified for o in found)

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "regime": self.regime,
            "title": self.title,
            "kind": self.kind,
            "binding": self.binding,
            "confidence": self.confidence,
            "at": self.at.isoformat(),
            "status": self.status,
            "status_since": self.status_since.isoformat() if self.status_since else None,
            "in_effect": self.in_effect,
            "claimed": truth_text(self.claimed),
            "verified": truth_text(self.verified),
            "binds": {"claimed": truth_text(self.binds_claimed), "verified": truth_text(self.binds_verified)},
            "breach": truth_text(self.breach),
            "breach_claimed": truth_text(self.breaches[0]),
            "breach_verified": truth_text(self.breaches[1]),
            "outcomes": [outcome.as_json() for outcome in self.outcomes],
            "figures": {
                name: {
                    reading: {"claimed": interval_json(said), "verified": interval_json(shown)}
                    for reading, (said, shown) in found.items()
                }
                for name, found in self.figures.items()
            },
            "obligations": [duty.as_json() for duty in self.duties],
            "lines": [line.as_json() for line in self.lines],
            "without_line": list(self.without_line),
            "trace": [step.as_json() for step in self.trace],
        }


def interval_json(value: Interval) -> dict[str, str | None]:
    """Decimal strings; ``upper`` null where no bound is known."""
    return {
        "lower": number_text(value.lower),
        "upper": None if value.upper is None else number_text(value.upper),
        "text": interval_text(value),
    }
