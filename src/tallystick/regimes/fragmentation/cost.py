"""What the deliverables cost, from declared assumptions: a range and what drives it, never a figure of law.

Cost a year = rate * sum over works of (hours * how often + hours per filing * how often, for each recipient).
Work that is repeated within the year costs a share of its hours after the first time. A work that serves
several regimes is done as often as the one that asks most often, and filed with each recipient as often as
that one asks. What is done at releases is done for every model that any of its duties reaches: on the date,
or from a known day on where that is what is counted. All exact. The result is always a range, with a table
that moves one assumption at a time from its low to its high end, the others at their middle.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.files.file_shapes import NUMBER
from tallystick.regimes.files.shape import Choice, ListOf, MapOf, Record
from tallystick.regimes.files.yaml_file import read_yaml
from tallystick.regimes.fragmentation.merging import Tally, Work
from tallystick.regimes.fragmentation.standing import HeldDuty
from tallystick.regimes.law.exact import Number, number_text, parse_number, whole

FILE = Path(__file__).parent / "assumptions.yaml"
#: Assumption of how often, for each event of the vocabulary.
OFTEN = {
    "release": "releases_per_model",
    "incident": "incidents",
    "imminent_incident": "imminent_incidents",
    "on_request": "requests",
    "threshold": "threshold_notices",
    "training_start": "training_starts",
    "framework_changed": "framework_changes",
    "export": "exports",
    "cluster_built": "clusters_built",
}
STANDING, RATE, FILING, AGAIN = (
    "standing_upkeep",
    "rate_usd_per_hour",
    "hours_per_filing",
    "share_when_repeated",
)
SIZES = ("light", "document", "programme", "audit")
HOURS_A_YEAR = 365 * 24
#: Events that each model has of its own.
FOR_EACH_MODEL = frozenset({"release"})
RANGE = ListOf(NUMBER, 3, 3)
Values = Mapping[str, Number]
SHAPE = Record(
    {
        "schema": Choice(("cost-assumptions/1",)),
        "basis": Choice(("assumed", "measured")),
        RATE: RANGE,
        FILING: RANGE,
        STANDING: RANGE,
        AGAIN: RANGE,
        "hours": Record(dict.fromkeys(SIZES, RANGE)),
        "sizes": MapOf(Choice(SIZES)),
        **dict.fromkeys(OFTEN.values(), RANGE),
    }
)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """``values``: name -> low, middle, high; hours of a size are named ``hours: size``."""

    values: Mapping[str, tuple[Number, Number, Number]]
    sizes: Mapping[str, str]
    basis: str

    def middle(self) -> dict[str, Number]:
        """All at their middle."""
        return {name: found[1] for name, found in self.values.items()}


@cache
def read_assumptions(path: Path = FILE) -> Assumptions:
    """The file, its ranges in order. Raises InputError with file and line."""
    node = read_yaml(path, "fragmentation/assumptions.yaml" if path == FILE else "")
    for problem in SHAPE.problems(node, ""):
        raise problem.error()
    data = node.plain
    plain = {name: value for name, value in data.items() if isinstance(value, list)}
    plain |= {f"hours: {size}": value for size, value in data["hours"].items()}
    values = {name: _ordered(name, value, str(path)) for name, value in plain.items()}
    return Assumptions(values, data["sizes"], data["basis"])


def _ordered(name: str, texts: list[str], where: str) -> tuple[Number, Number, Number]:
    low, middle, high = (parse_number(text, f"{where}: {name}") for text in texts)
    if not low <= middle <= high:
        raise InputError(f"{name} is not in order", where=where, mend="write [low, middle, high]")
    return low, middle, high


@dataclass(frozen=True, slots=True)
class Swing:
    """The cost a year with one assumption at its low and at its high end, the others at their middle."""

    assumption: str
    values: tuple[Number, Number, Number]
    low_usd: Number
    high_usd: Number

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "assumption": self.assumption,
            "assumed": [number_text(v) for v in self.values],
            "usd_at_low": round(self.low_usd),
            "usd_at_high": round(self.high_usd),
        }


@dataclass(frozen=True, slots=True)
class Cost:
    """A year, in USD: low, middle and high, if each regime is served alone and after merging."""

    separate: tuple[Number, Number, Number]
    merged: tuple[Number, Number, Number]
    hours_separate: Number
    hours_merged: Number
    swings: tuple[Swing, ...]
    basis: str

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints: whole dollars and hours."""
        return {
            "basis": f"{self.basis}; not a sourced cost of any law",
            "usd_a_year_separate": [round(v) for v in self.separate],
            "usd_a_year_merged": [round(v) for v in self.merged],
            "hours_a_year_separate": round(self.hours_separate),
            "hours_a_year_merged": round(self.hours_merged),
            "sensitivity": [swing.as_json() for swing in self.swings],
        }


def cost_of(found: Tally, assumptions: Assumptions | None = None, ahead: bool = False) -> Cost:
    """The cost a year of a tally; ``ahead``: with the models that its duties reach on a later known day."""
    assumptions = assumptions or read_assumptions()
    middle, sizes = assumptions.middle(), assumptions.sizes
    alone = [_range(works, ahead, assumptions) for works in found.separate.values()]
    low, half, high = (total(one[i] for one in alone) for i in range(3))
    return Cost(
        separate=(low, half, high),
        merged=_range(found.merged, ahead, assumptions),
        hours_separate=total(hours(works, ahead, middle, sizes) for works in found.separate.values()),
        hours_merged=hours(found.merged, ahead, middle, sizes),
        swings=tuple(_swings(found.merged, ahead, assumptions)),
        basis=assumptions.basis,
    )


def total(numbers: Iterable[Number]) -> Number:
    """The exact sum."""
    return whole(sum(map(Fraction, numbers), Fraction(0)))


def _range(works: Iterable[Work], ahead: bool, assumptions: Assumptions) -> tuple[Number, Number, Number]:
    """All assumptions low, middle, and high at once: the widest that they allow."""
    works = tuple(works)
    low, middle, high = (
        _usd(works, ahead, {name: found[i] for name, found in assumptions.values.items()}, assumptions.sizes)
        for i in range(3)
    )
    return low, middle, high


def _usd(works: Iterable[Work], ahead: bool, values: Values, sizes: Mapping[str, str]) -> Number:
    return whole(Fraction(values[RATE]) * hours(works, ahead, values, sizes))


def hours(works: Iterable[Work], ahead: bool, values: Values, sizes: Mapping[str, str]) -> Number:
    """Hours a year of the works of one tally, or of one regime: in the order of their capabilities."""
    found: list[Number] = []
    for capability, together in groupby(works, key=lambda work: work.capability):
        group = list(together)
        often = Often(values, ahead)
        size = values[f"hours: {sizes.get(capability, 'document')}"]
        found.append(size * _efforts(group, often, values[AGAIN]) + values[FILING] * _filed(group, often))
    return total(found)


def _efforts(works: Sequence[Work], often: "Often", again: Number) -> Number:
    """Full performances of the works of one capability; what stays in the house is part of the largest."""
    each = [_effort(often.of(work.direct), again) for work in works]
    inside = _effort(often.of([duty for work in works for duty in work.absorbed]), again)
    return total([*each, max(0, inside - max(each))])


def _filed(works: Iterable[Work], often: "Often") -> Number:
    """How often a year any of the works is sent to any recipient."""
    return total(often.of(duties) for work in works for duties in work.sent.values())


def _effort(often: Number, again: Number) -> Number:
    """Performances in a year as full ones: after the first, each costs a share of it."""
    return often if often <= 1 else 1 + (often - 1) * again


@dataclass(frozen=True, slots=True)
class Often:
    """How often a year something is done, with these values, for the models of today or of later days too."""

    values: Values
    ahead: bool

    def of(self, duties: Sequence[HeldDuty]) -> Number:
        """As often as the duty that asks most often; at releases, for every model that any reaches."""
        releases = [duty for duty in duties if self._at_releases(duty)]
        rates = [self.one(duty) for duty in duties if not self._at_releases(duty)]
        if releases:
            reached = {
                name for duty in releases for name in (duty.models_ahead if self.ahead else duty.models)
            }
            rates.append(self.values[OFTEN["release"]] * max(1, len(reached)))
        return max(rates, default=0)

    def one(self, duty: HeldDuty) -> Number:
        """By the duty's clock, else as often as its event is assumed to be."""
        clock = duty.obligation.clock
        if clock is not None and clock.every is not None:
            every = clock.every
            return Fraction(HOURS_A_YEAR, every.months * HOURS_A_YEAR // 12 + every.days * 24 + every.hours)
        return self.values[OFTEN.get(duty.obligation.event, STANDING)]

    @staticmethod
    def _at_releases(duty: HeldDuty) -> bool:
        clock = duty.obligation.clock
        return duty.obligation.event in FOR_EACH_MODEL and (clock is None or clock.every is None)


def _swings(works: tuple[Work, ...], ahead: bool, assumptions: Assumptions) -> Iterator[Swing]:
    """One assumption at a time, those that matter most first; those that change nothing are left out."""
    middle = assumptions.middle()
    found = []
    for name, values in assumptions.values.items():
        low, high = (
            _usd(works, ahead, middle | {name: end}, assumptions.sizes) for end in (values[0], values[2])
        )
        if low != high:
            found.append(Swing(name, values, low, high))
    yield from sorted(found, key=lambda s: (s.low_usd - s.high_usd, s.assumption))
