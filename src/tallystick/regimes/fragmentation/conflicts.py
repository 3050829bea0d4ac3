"""Pairs of duties that cannot both be met: those that a file declares, and those that follow."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from tallystick.regimes.fragmentation.merging import CUSTOMERS, PUBLIC, Rules, shipped_rules
from tallystick.regimes.fragmentation.standing import HeldDuty, Standing


@dataclass(frozen=True, slots=True)
class Collision:
    """Two duties on one developer. ``declared``: a regime file says so, with ``reference``; else derived."""

    first: HeldDuty
    second: HeldDuty
    reason: str
    declared: bool
    reference: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "first": self.first.key,
            "second": self.second.key,
            "reason": self.reason,
            "declared": self.declared,
            "reference": list(self.reference),
        }


def collisions(
    standings: Iterable[Standing], duties: Sequence[HeldDuty], rules: Rules | None = None
) -> tuple[Collision, ...]:
    """All pairs among ``duties``, each once; declarations are read from the instruments of ``standings``."""
    rules = rules or shipped_rules()
    found: dict[frozenset[str], Collision] = {}
    for one in (*_declared(standings, duties), *_derived(duties, rules)):
        found.setdefault(frozenset({one.first.key, one.second.key}), one)
    return tuple(found.values())


def _declared(standings: Iterable[Standing], duties: Sequence[HeldDuty]) -> Iterator[Collision]:
    by_key = {duty.key: duty for duty in duties}
    for standing in standings:
        for conflict in standing.instrument.conflicts:
            first = by_key.get(f"{standing.instrument.id}/{conflict.obligation}")
            second = by_key.get(conflict.other)
            if first is not None and second is not None:
                yield Collision(first, second, conflict.reason, True, conflict.reference)


def _derived(duties: Sequence[HeldDuty], rules: Rules) -> Iterator[Collision]:
    for first, second in permutations(duties, 2):
        if first.obligation.deontic != "must" or second.obligation.deontic != "must_not":
            continue
        owed, forbidden = set(first.obligation.satisfies), set(second.obligation.satisfies)
        for capability in sorted(owed & forbidden & rules.forbids_the_act):
            if _same_audience(first, second, rules):
                text = f"one orders what the other forbids: {capability.replace('_', ' ')}"
                yield Collision(first, second, text, False)
        for must, must_not, reason in rules.opposites:
            if must in owed and must_not in forbidden:
                yield Collision(first, second, reason, False)


def _same_audience(first: HeldDuty, second: HeldDuty, rules: Rules) -> bool:
    """Telling one and not telling another can both be met. A ban that names nobody reaches all.

    What is published reaches customers and those who build on the model as well.
    """
    banned = set(second.obligation.to) - {"none"}
    classes = {rules.audience(recipient) for recipient in banned}
    if not banned or PUBLIC in classes:
        return True
    if CUSTOMERS in classes and PUBLIC in {rules.audience(recipient) for recipient in first.obligation.to}:
        return True
    return bool(banned & set(first.obligation.to))
