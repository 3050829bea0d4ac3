"""Frozen records of an instrument: what a regime file says, with dates, numbers and citations parsed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tallystick.regimes.law.counting import Counting, Reading, Source
from tallystick.regimes.law.dates import Duration
from tallystick.regimes.law.exact import Number, Truth
from tallystick.regimes.law.expression import Expression
from tallystick.regimes.law.institution import Institution
from tallystick.regimes.law.vocabulary import FactName

#: Values with these codes were not read in the text itself, or conflict: nothing rests on them as verified.
UNVERIFIED = frozenset({"R", "S", "X"})

#: The instrument has no force (any more) while its latest status is one of these.
WITHOUT_FORCE = frozenset(
    {"proposed", "superseded", "revoked", "vetoed", "withdrawn", "lapsed", "expired", "not_enforced", "none"}
)


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """From ``since`` on the instrument has this status; the world knew it from ``known_on`` on.

    ``confidence``: how the text that says so was read.
    """

    since: date
    value: str
    known_on: date
    reference: tuple[str, ...]
    note: str
    confidence: str = "V1"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a parameter from ``since`` until the next one, or ``until`` (not included).

    ``inherits``: the date of the status entry from which ``known_on`` was taken; None where the file says it.
    ``until_known_on``: since when the world knew of ``until``; None: since it knew of the value.
    """

    since: date
    until: date | None
    known_on: date
    number: Number
    text: str
    reference: tuple[str, ...]
    confidence: str
    edition: str
    inherits: date | None = None
    until_known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A line that the instrument draws."""

    name: str
    title: str
    unit: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of the instrument and the outcome that it gives.

    ``known_on``: since when the world knew of it; None: since it knew of the instrument.
    """

    name: str
    title: str
    when: Expression
    gives: str
    reference: tuple[str, ...]
    confidence: str
    known_on: date | None = None


@dataclass(frozen=True, slots=True)
class Defeater:
    """An exception: where it holds, the conditions, exceptions and obligations that it names give nothing.

    ``until``: the first day on which there is no such exception any more; None: open. ``known_on`` and
    ``until_known_on``: since when the world knew of it, and of its end; None: with the instrument, with it.
    """

    name: str
    title: str
    when: Expression
    defeats: tuple[str, ...]
    reference: tuple[str, ...]
    confidence: str
    until: date | None = None
    known_on: date | None = None
    until_known_on: date | None = None

    def stands_on(self, day: date) -> bool:
        """There is such an exception on that day, whatever the facts."""
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the instrument can say of a developer, model, cluster or site."""

    name: str
    title: str
    bound: bool
    excludes: tuple[str, ...]
    breach: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """When a duty is due. ``ahead``: at least so long before ``before``."""

    within: Duration | None
    every: Duration | None
    by: date | None
    before: str
    start: tuple[str, ...]
    ahead: Duration | None = None

    def as_json(self) -> dict[str, Any]:
        """Only what is set, in the file's words."""
        data = {
            "within": self.within and self.within.text,
            "every": self.every and self.every.text,
            "by": self.by and self.by.isoformat(),
            "before": self.before,
            "ahead": self.ahead and self.ahead.text,
            "from": list(self.start),
        }
        return {key: value for key, value in data.items() if value}

    @property
    def sets_time(self) -> bool:
        """It says when, and not only from what the time runs."""
        return bool(self.within or self.every or self.by or self.before)


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a breach costs, in words."""

    text: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty. ``when`` names outcomes, any of which brings it about; empty: whenever the instrument binds.

    ``only_if``: a test that must hold besides; None: none. Exceptions may defeat a duty by its id.
    ``known_on``, ``starts_known_on``, ``ends_known_on``: since when the world knew of it, of its first day
    and of its end; None: with the instrument, with it.
    """

    id: str
    title: str
    when: tuple[str, ...]
    deontic: str
    to: tuple[str, ...]
    clock: Clock | None
    event: str
    satisfies: tuple[str, ...]
    starts: date | None
    ends: date | None
    penalty: Penalty | None
    reference: tuple[str, ...]
    confidence: str
    only_if: Expression | None = None
    known_on: date | None = None
    starts_known_on: date | None = None
    ends_known_on: date | None = None

    @property
    def has_deadline(self) -> bool:
        """A time that must be kept: what one ``may`` do, and what one must not, has none."""
        return self.deontic == "must" and self.clock is not None and self.clock.sets_time


@dataclass(frozen=True, slots=True)
class Binds:
    """Who is bound: roles, any of which is enough, and ties to the region."""

    roles: tuple[str, ...]
    nexus: tuple[str, ...]
    every_nexus: bool
    region: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two duties that cannot both be met."""

    obligation: str
    other: str
    reason: str
    reference: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example: facts, the outcomes expected, and the duties that the facts bring about or not."""

    name: str
    at: date
    known_on: date | None
    facts: Mapping[str, Any]
    expect: Mapping[str, Truth]
    place: str
    duties: Mapping[str, Truth] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verified:
    """When somebody last compared the file with its sources, and how."""

    on: date
    how: str
    by: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """One law, order, bill, treaty or proposal.

    ``sunset_known_on``: when the world knew of the sunset. ``facts``: names that the file adds to the
    vocabulary.
    """

    id: str
    title: str
    jurisdiction: str
    kind: str
    binding: bool
    confidence: str
    summary: str
    status: tuple[StatusEntry, ...]
    sunset: date | None
    verified: Verified
    binds: Binds
    parameters: Mapping[str, Parameter]
    counting: Mapping[str, Counting]
    conditions: Mapping[str, Condition]
    exceptions: Mapping[str, Defeater]
    outcomes: Mapping[str, Outcome]
    obligations: tuple[Obligation, ...]
    readings: tuple[Reading, ...]
    institution: Institution | None
    conflicts: tuple[Conflict, ...]
    doubts: tuple[str, ...]
    sources: Mapping[str, Source]
    cases: tuple[Case, ...]
    place: str
    sunset_known_on: date | None = None
    facts: Mapping[str, FactName] = field(default_factory=dict)

    @property
    def institution_only(self) -> bool:
        """It is held for its institution: it has no test and no duty that facts could be held against."""
        return self.institution is not None and not self.outcomes and not self.obligations

    def expressions(self) -> Iterator[Expression]:
        """All tests: of conditions, of exceptions, and of duties that have one of their own."""
        yield from (rule.when for rule in self.conditions.values())
        yield from (rule.when for rule in self.exceptions.values())
        yield from (duty.only_if for duty in self.obligations if duty.only_if is not None)

    def exceptions_to(self, name: str) -> tuple[Defeater, ...]:
        """The exceptions that defeat a condition, an exception or a duty of that name."""
        return tuple(rule for rule in self.exceptions.values() if name in rule.defeats)

    def change_days(self) -> tuple[date, ...]:
        """Every day on which a status, value, exception, duty or edition begins or ends, in order."""
        days: set[date | None] = {self.sunset, *(entry.since for entry in self.status)}
        for parameter in self.parameters.values():
            days |= {day for value in parameter.values for day in (value.since, value.until)}
        days |= {rule.until for rule in self.exceptions.values()}
        days |= {day for duty in self.obligations for day in (duty.starts, duty.ends)}
        days |= {edition.since for rule in self.counting.values() for edition in rule.editions}
        return tuple(sorted(day for day in days if day is not None))
