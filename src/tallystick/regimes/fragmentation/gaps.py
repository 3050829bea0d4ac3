"""Where nothing binds: work, events, regions and levels of compute that no duty reaches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tallystick.regimes.fragmentation.figures import compared
from tallystick.regimes.fragmentation.profile import Profile
from tallystick.regimes.fragmentation.standing import HeldDuty, Standing
from tallystick.regimes.judging.condition import line_at
from tallystick.regimes.law.counting import COMPONENTS
from tallystick.regimes.law.exact import Number, number_text
from tallystick.regimes.law.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Lowest:
    """The lowest line on compute in a region, of a regime that runs and may reach the developer by his roles
    and ties: below it compute triggers nothing."""

    region: str
    line: Number | None
    regime: str

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        line = None if self.line is None else number_text(self.line)
        return {"region": self.region, "lowest_line_flop": line, "regime": self.regime}


@dataclass(frozen=True, slots=True)
class Gaps:
    """What no duty of this developer, or no regime that runs at all, reaches.

    ``nowhere``: work that no regime in force asks of anybody; ``elsewhere``: that some ask, but not of this
    developer. ``levels``: for each region of the profile the lowest line on compute; None where compute
    triggers nothing. ``uncounted``: components that no regime in force counts, under any reading. ``no_cap``:
    no regime in force forbids an amount of compute. ``no_cluster_duty``: none hangs on a cluster.
    ``untied``: regions of the profile without a duty that is due.
    """

    nowhere: tuple[str, ...]
    elsewhere: tuple[str, ...]
    events: tuple[str, ...]
    levels: tuple[Lowest, ...]
    uncounted: tuple[str, ...]
    no_cap: bool
    no_cluster_duty: bool
    untied: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "capabilities_nowhere_in_force": list(self.nowhere),
            "capabilities_not_of_this_developer": list(self.elsewhere),
            "events": list(self.events),
            "levels": [level.as_json() for level in self.levels],
            "uncounted_components": list(self.uncounted),
            "no_cap_on_compute_in_force": self.no_cap,
            "no_cluster_duty_in_force": self.no_cluster_duty,
            "regions_without_a_duty": list(self.untied),
        }


def gaps(
    standings: Iterable[Standing], duties: Sequence[HeldDuty], profile: Profile, vocabulary: Vocabulary
) -> Gaps:
    """The gaps of the duties that are due, among the regimes given."""
    running = [one for one in standings if one.running and one.group == "binding"]
    owed = {capability for duty in duties for capability in duty.obligation.satisfies}
    asked = {capability for one in running for duty in one.duties for capability in duty.obligation.satisfies}
    met = {duty.obligation.event for duty in duties}
    reached = {one.instrument.binds.region for one in running if one.due}
    counted = {
        c.name
        for one in running
        for rule in one.instrument.counting.values()
        for c in rule.components
        if c.counts != "no"
    }
    return Gaps(
        nowhere=tuple(name for name in vocabulary.capabilities if name not in asked),
        elsewhere=tuple(name for name in vocabulary.capabilities if name in asked - owed),
        events=tuple(name for name in vocabulary.events if name not in met),
        levels=tuple(_lowest(region, running) for region in profile.regions),
        uncounted=tuple(name for name in COMPONENTS if name not in counted),
        no_cap=not any(o.breach for one in running for o in one.instrument.outcomes.values()),
        no_cluster_duty=not any(_on_clusters(one) for one in running),
        untied=tuple(region for region in profile.regions if region not in reached),
    )


def _on_clusters(one: Standing) -> bool:
    return bool(one.duties) and any(name.startswith("cluster.") for name in compared(one.instrument))


def _lowest(region: str, running: Sequence[Standing]) -> Lowest:
    """The lowest line on a figure in FLOP among the regimes of a region; lines of zero only mark a period."""
    found: list[tuple[Number, str]] = []
    for one in running:
        if one.instrument.binds.region != region or not one.duties or one.tied[0] is False:
            continue
        for parameter in one.instrument.parameters.values():
            line = line_at(parameter, one.duties[0].at, None)
            if parameter.unit == "FLOP" and parameter.operator in (">", ">=") and line and line.value.number:
                found.append((line.value.number, one.instrument.id))
    return Lowest(region, *min(found)) if found else Lowest(region, None, "")
