"""Deliverables: what the duties amount to regime by regime, and after work that is the same is done once.

A piece of work is a capability for a class of audience (public, customers with those who build on the model,
confidential, or in the house); an act towards an authority, such as a licence, is one for each recipient. A
recipient such as law enforcement is another one in each region, unless the rules name it as one office.
Duties that forbid, and what one may do, are no work. Merging never raises the number of works, and
neither does leaving a duty out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tallystick.regimes.files.institution_shape import TEXT
from tallystick.regimes.files.shape import Choice, ListOf, Record
from tallystick.regimes.files.yaml_file import read_yaml
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.vocabulary import is_code

FILE = Path(__file__).parent / "merging.yaml"
NAMES = ListOf(TEXT)
HOUSE, PUBLIC, CUSTOMERS, CONFIDENTIAL = "in the house", "public", "customers", "confidential"
AUDIENCES = Choice((HOUSE, PUBLIC, CUSTOMERS, CONFIDENTIAL))
SHAPE = Record(
    {
        "schema": Choice(("merging/1",)),
        "public": NAMES,
        "customers": NAMES,
        "house": NAMES,
        "one_office": NAMES,
        "for_each_recipient": NAMES,
        "forbids_the_act": NAMES,
        "opposites": ListOf(Record({"must": TEXT, "must_not": TEXT, "reason": TEXT})),
        "names": ListOf(Record({"capability": TEXT, "audience": AUDIENCES, "title": TEXT})),
    }
)
#: An act of which the text does not say towards whom: towards whoever is competent in the region.
ACT = "authorities of"


@dataclass(frozen=True, slots=True)
class Rules:
    """When works are the same, and which duties contradict each other.

    ``names``: capability and audience -> what the work is called for that audience, where the vocabulary's
    name speaks of another one.
    """

    public: frozenset[str]
    customers: frozenset[str]
    house: frozenset[str]
    one_office: frozenset[str]
    for_each_recipient: frozenset[str]
    forbids_the_act: frozenset[str]
    opposites: tuple[tuple[str, str, str], ...]
    names: Mapping[tuple[str, str], str]

    def audience(self, recipient: str) -> str:
        """The class of a recipient."""
        classes = ((HOUSE, self.house), (PUBLIC, self.public), (CUSTOMERS, self.customers))
        return next((name for name, members in classes if recipient in members), CONFIDENTIAL)

    def office(self, recipient: str, region: str) -> str:
        """Who that is in a region: one office wherever it is named in words, or another in each region."""
        named = recipient in self.public | self.customers | self.one_office or not is_code(recipient)
        return recipient if named else f"{recipient} in {region}"


@cache
def shipped_rules() -> Rules:
    """The rules of the package. Raises InputError where the file is unusable."""
    node = read_yaml(FILE, "fragmentation/merging.yaml")
    for problem in SHAPE.problems(node, ""):
        raise problem.error()
    data = node.plain
    lists = {
        key: frozenset(data[key])
        for key in ("public", "customers", "house", "one_office", "for_each_recipient", "forbids_the_act")
    }
    opposites = tuple((o["must"], o["must_not"], o["reason"]) for o in data["opposites"])
    names = {(one["capability"], one["audience"]): one["title"] for one in data["names"]}
    return Rules(**lists, opposites=opposites, names=names)


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work. ``sent``: the recipients outside the house that it goes to, each with its duties.

    ``direct``: the duties to this audience; ``absorbed``: duties that stay in the house and are part of it.
    """

    capability: str
    audience: str
    direct: tuple[HeldDuty, ...]
    absorbed: tuple[HeldDuty, ...]
    sent: Mapping[str, tuple[HeldDuty, ...]]

    @property
    def filings(self) -> tuple[str, ...]:
        """The recipients, those that differ from region to region with their region."""
        return tuple(self.sent)

    @property
    def duties(self) -> tuple[HeldDuty, ...]:
        """All duties that it meets, each once."""
        return tuple({duty.key: duty for duty in (*self.direct, *self.absorbed)}.values())

    @property
    def regimes(self) -> tuple[str, ...]:
        """The regimes that it serves."""
        return tuple(dict.fromkeys(duty.regime for duty in self.duties))

    @property
    def key(self) -> str:
        """What tells it from other work."""
        return f"{self.capability} ({self.audience})"

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "capability": self.capability,
            "audience": self.audience,
            "duties": [duty.key for duty in self.duties],
            "recipients": list(self.filings),
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """Deliverables of some duties: regime by regime, and merged."""

    duties: int
    separate: Mapping[str, tuple[Work, ...]]
    merged: tuple[Work, ...]

    @property
    def sum(self) -> int:
        """Works if each regime is served on its own."""
        return sum(len(works) for works in self.separate.values())

    @property
    def union(self) -> int:
        """Works after merging."""
        return len(self.merged)

    @property
    def filings(self) -> int:
        """Works times the recipients that each goes to: these stay, however much is merged."""
        return sum(len(work.filings) for work in self.merged)

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "regimes": len(self.separate),
            "duties": self.duties,
            "deliverables_sum": self.sum,
            "deliverables_merged": self.union,
            "filings": self.filings,
            "works": [work.as_json() for work in self.merged],
        }


def tally(duties: Iterable[HeldDuty], rules: Rules | None = None) -> Tally:
    """Deliverables of the duties."""
    rules = rules or shipped_rules()
    found = list(duties)
    by_regime: dict[str, list[HeldDuty]] = {}
    for duty in found:
        by_regime.setdefault(duty.regime, []).append(duty)
    separate = {regime: works_of(own, rules) for regime, own in by_regime.items()}
    return Tally(len(found), separate, works_of(found, rules))


def works_of(duties: Iterable[HeldDuty], rules: Rules) -> tuple[Work, ...]:
    """The pieces of work that meet all of the duties."""
    classes: dict[str, dict[str, dict[str, list[HeldDuty]]]] = {}
    for duty in duties:
        if duty.obligation.deontic != "must":
            continue
        for capability in duty.obligation.satisfies or (duty.key,):
            audiences = classes.setdefault(capability, {})
            for recipient in duty.obligation.to or ("none",):
                name = rules.audience(recipient)
                office = recipient if name == HOUSE else rules.office(recipient, duty.region)
                if capability in rules.for_each_recipient:
                    name = f"{ACT} {duty.region}" if name == HOUSE else office
                audiences.setdefault(name, {}).setdefault(office, []).append(duty)
    return tuple(
        work for capability, audiences in sorted(classes.items()) for work in _works(capability, audiences)
    )


def _works(capability: str, audiences: Mapping[str, Mapping[str, list[HeldDuty]]]) -> Iterator[Work]:
    """One work for each audience. What stays in the house is part of one that leaves it, if there is one."""
    inside = _distinct(audiences.get(HOUSE, {}))
    outside = sorted(name for name in audiences if name != HOUSE)
    if not outside:
        yield Work(capability, HOUSE, inside, (), {})
    for index, name in enumerate(outside):
        sent = (
            {}
            if name.startswith(ACT)
            else {to: tuple(found) for to, found in sorted(audiences[name].items())}
        )
        yield Work(capability, name, _distinct(audiences[name]), inside if index == 0 else (), sent)


def _distinct(by_recipient: Mapping[str, list[HeldDuty]]) -> tuple[HeldDuty, ...]:
    return tuple({duty.key: duty for duties in by_recipient.values() for duty in duties}.values())
