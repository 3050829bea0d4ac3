"""Facts that more than one regime asks for, and figures that are nearly the same but not quite."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tallystick.regimes.fragmentation.standing import Standing
from tallystick.regimes.law.reads import facts_read


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """``asked``: how often any fact is asked for; ``asked_by``: fact -> regimes, for every fact."""

    asked_by: Mapping[str, tuple[str, ...]]

    @property
    def asked(self) -> int:
        """How often a fact is asked for, regime by regime."""
        return sum(len(regimes) for regimes in self.asked_by.values())

    @property
    def distinct(self) -> int:
        """How many facts there are to keep."""
        return len(self.asked_by)

    @property
    def duplicated(self) -> Mapping[str, tuple[str, ...]]:
        """Only those that several regimes ask for, most asked first."""
        found = [(name, regimes) for name, regimes in self.asked_by.items() if len(regimes) > 1]
        return dict(sorted(found, key=lambda item: (-len(item[1]), item[0])))

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        duplicated = {name: list(regimes) for name, regimes in self.duplicated.items()}
        return {"asked": self.asked, "distinct": self.distinct, "duplicated": duplicated}


def shared_facts(standings: Iterable[Standing]) -> SharedFacts:
    """The facts that the conditions of the regimes read, counted components included."""
    found: dict[str, list[str]] = {}
    for standing in standings:
        for name in sorted(facts_read(standing.instrument)):
            found.setdefault(name, []).append(standing.instrument.id)
    return SharedFacts({name: tuple(regimes) for name, regimes in sorted(found.items())})
