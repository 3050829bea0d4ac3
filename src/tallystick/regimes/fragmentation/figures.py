"""How many different figures of compute must be kept: one for each set of components that a text counts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tallystick.regimes.fragmentation.standing import Standing
from tallystick.regimes.judging.plan import distinct_readings
from tallystick.regimes.law.counting import Counting
from tallystick.regimes.law.exact import ZERO, Interval, add, interval_text
from tallystick.regimes.law.expression import amounts_of, names_in, walk
from tallystick.regimes.law.instrument import Instrument

#: Figures of compute and money that are compared as they are stated.
STATED = ("compute.", "cluster.", "chips.")


@dataclass(frozen=True, slots=True)
class ComputeFigure:
    """One sum of components. ``rules``: counting rules with the reading under which they count so."""

    components: tuple[str, ...]
    rules: tuple[str, ...]
    regimes: tuple[str, ...]
    claimed: Mapping[str, Interval]

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "components": list(self.components),
            "rules": list(self.rules),
            "regimes": list(self.regimes),
            "claimed": {model: interval_text(amount) for model, amount in self.claimed.items()},
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """``counted``: sums of components; ``different``: how many of them differ in the profile's own numbers.

    ``differing``: components that some figures count and others do not. ``stated``: single figures that texts
    compare as they are, such as the compute of a modification or the rate of a cluster.
    """

    counted: tuple[ComputeFigure, ...]
    differing: tuple[str, ...]
    different: int
    stated: Mapping[str, tuple[str, ...]]

    @property
    def models(self) -> tuple[str, ...]:
        """The models of which there are figures."""
        return tuple(dict.fromkeys(name for figure in self.counted for name in figure.claimed))

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "count": len(self.counted),
            "different_in_this_profile": self.different,
            "differing_components": list(self.differing),
            "counted": [figure.as_json() for figure in self.counted],
            "stated": {name: list(regimes) for name, regimes in self.stated.items()},
        }


def compute_figures(standings: Iterable[Standing]) -> Figures:
    """The figures of the regimes given: those that bind, or may."""
    found: dict[tuple[str, ...], dict[str, dict[str, None]]] = {}
    stated: dict[str, dict[str, None]] = {}
    amounts: dict[tuple[str, ...], dict[str, Interval]] = {}
    for standing in standings:
        for components, rule in _counted(standing.instrument):
            entry = found.setdefault(components, {"rules": {}, "regimes": {}})
            entry["rules"][rule] = None
            entry["regimes"][standing.instrument.id] = None
            amounts.setdefault(components, {}).update(_amounts(standing, components))
        for name in compared(standing.instrument):
            if name.startswith(STATED) and name not in standing.instrument.counting:
                stated.setdefault(name, {})[standing.instrument.id] = None
    counted = tuple(
        ComputeFigure(key, tuple(entry["rules"]), tuple(entry["regimes"]), amounts.get(key, {}))
        for key, entry in sorted(found.items(), key=lambda item: (len(item[0]), item[0]))
    )
    everywhere = set.intersection(*(set(f.components) for f in counted)) if counted else set()
    return Figures(
        counted,
        tuple(sorted({c for f in counted for c in f.components} - everywhere)),
        len({tuple(sorted(f.claimed.items())) for f in counted}),
        {name: tuple(regimes) for name, regimes in sorted(stated.items())},
    )


def compared(instrument: Instrument) -> frozenset[str]:
    """The names of the amounts that the instrument's tests compare."""
    parts = (part for test in instrument.expressions() for part in walk(test))
    return frozenset(name for part in parts for amount in amounts_of(part) for name in names_in(amount))


def _counted(instrument: Instrument) -> Iterator[tuple[tuple[str, ...], str]]:
    """The components that matter to a condition, under every reading that differs."""
    used = compared(instrument)
    for name, rule in instrument.counting.items():
        if name in used:
            for reading in distinct_readings(instrument):
                counted = tuple(sorted(rule.counted(reading)))
                yield counted, f"{rule.name} ({reading.id})" if _reads(rule) else rule.name


def _reads(rule: Counting) -> bool:
    return bool(rule.silent)


def _amounts(standing: Standing, components: tuple[str, ...]) -> dict[str, Interval]:
    """The claimed figure of every model; of the developer as a whole where no model is named."""
    found = {}
    for things, facts in standing.facts.items():
        amount = add(facts.claimed.amount(f"compute.{name}") for name in components)
        model = standing.models[things]
        if model or (amount != ZERO and not any(standing.models.values())):
            found[model] = amount
    return found
