"""What each regime looks at before it binds: where two gates differ, there is a seam between the regimes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tallystick.regimes.fragmentation.standing import Standing
from tallystick.regimes.law.expression import RatioExceeds, Unknowable, walk
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.reads import read_by

#: Kind of gate -> how the names of the facts begin that it rests on; the first that fits counts.
KINDS: Mapping[str, tuple[str, ...]] = {
    "price of compute": ("compute.cost_usd", "compute.modification_cost_usd"),
    "compute": ("compute.",),
    "revenue or spend": ("developer.revenue", "developer.ai_spend"),
    "users": ("developer.business_users",),
    "designation": ("developer.commission_designated",),
    "cluster": ("cluster.",),
    "chips": ("chips.",),
    "kind of model or service": ("model.", "service."),
}
RATIO, JUDGEMENT = "share of another's compute", "judgement of an authority"


@dataclass(frozen=True, slots=True)
class Gates:
    """``by_regime``: the kinds of gate of each regime that has any, in one order."""

    by_regime: Mapping[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {regime: list(kinds) for regime, kinds in self.by_regime.items()}


def gates(standings: Iterable[Standing]) -> Gates:
    """The gates of the regimes: what their conditions, not their exceptions, rest on."""
    found = {one.instrument.id: tuple(_kinds(one.instrument)) for one in standings}
    return Gates({regime: kinds for regime, kinds in found.items() if kinds})


def _kinds(instrument: Instrument) -> Iterator[str]:
    names = read_by(instrument, (rule.when for rule in instrument.conditions.values()))
    kinds = {_kind(name) for name in names}
    parts = [part for rule in instrument.conditions.values() for part in walk(rule.when)]
    yield from (kind for kind in KINDS if kind in kinds)
    if any(isinstance(part, RatioExceeds) for part in parts):
        yield RATIO
    if any(isinstance(part, Unknowable) for part in parts):
        yield JUDGEMENT


def _kind(name: str) -> str:
    return next((kind for kind, starts in KINDS.items() if name.startswith(starts)), "")
