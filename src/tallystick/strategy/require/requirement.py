"""How good inspection must be for a regime to hold, and how far the measured technology is from it.

A regime is said to hold where all states together pass all gates in at least 0.9 of the ensemble, as in an
assessment and in a search for mends. Where not even
perfect inspection gets there, what is asked for is ``NEARLY`` of the best that it can reach; where perfect
inspection leaves a robust no, technology is not the question and nothing is asked of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tallystick.strategy.assessment import DRAWS, SEED, check_draws
from tallystick.strategy.gates.proposal import JOINT
from tallystick.strategy.inputs.distribution import Origin
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.preferences import ORDERS
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.mend.outcome import Outcome, outcome_of
from tallystick.strategy.require.axes import AXES, Axis
from tallystick.strategy.require.bench import TestBench, bench_of
from tallystick.strategy.require.surface import Surface, surface_of
from tallystick.strategy.verdicts.verdict import ROBUST_NO, ROBUST_YES

NEARLY = 0.95
#: Halvings of an axis: levels are found to about one in a thousand.
HALVINGS = 10
SURFACE_DRAWS = 1024
QUANTILES, WHOLE = (0.05, 0.5, 0.95), (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class AxisGap:
    """One axis of the technology profile against what is needed.

    ``profile``: its 5th, 50th and 95th percentile, or least, middle and greatest value where it is not
    measured; ``origin`` and ``why`` as in the profile.
    ``needed_alone``: the level needed were all other axes perfect; ``needed_with_rest``: with all others as
    in the profile. Each is None where no level suffices, and the axis's worst where any does.
    ``met``: share of the profile's draws that are at least as good as ``needed_alone``.
    ``if_perfect``: the joint share were this axis perfect and all others as in the profile.
    """

    axis: Axis
    profile: tuple[float, float, float]
    origin: str
    why: str
    needed_alone: float | None
    needed_with_rest: float | None
    met: float
    if_perfect: float

    @property
    def short_by(self) -> float:
        """How far the profile's median is from ``needed_alone``; 0 where it meets it or nothing is known."""
        if self.needed_alone is None or self.axis.meets(self.profile[1], self.needed_alone):
            return 0.0
        return abs(self.needed_alone - self.profile[1])


@dataclass(frozen=True, slots=True)
class Requirement:
    """``now``: with the technology as its profile has it; ``perfect``: with the best of every axis.
    ``target``: the joint share that is asked for, None where perfect inspection leaves a robust no.
    ``together``: levels that suffice, all axes moved by one part of the way from the profile's medians to
    the best; None where nothing is asked. ``orders``: share of each state at perfect inspection by the game
    it thinks it is in. ``surface``: None where it was not asked for, or nothing is asked of technology.
    """

    regime: str
    proposer: str
    technology: str
    digest: str
    draws: int
    seed: int
    now: Outcome
    perfect: Outcome
    target: float | None
    gaps: tuple[AxisGap, ...]
    together: Mapping[str, float] | None
    orders: Mapping[str, Mapping[str, float]]
    surface: Surface | None

    @property
    def suffices(self) -> bool:
        """Whether some level of technology makes the joint share at least 0.9."""
        return self.perfect.joint >= ROBUST_YES

    @property
    def holds_now(self) -> bool:
        """Whether the technology as it is does."""
        return self.now.joint >= ROBUST_YES

    @property
    def weakest(self) -> str:
        """The state that passes least often at perfect inspection."""
        return min(self.perfect.states, key=lambda name: self.perfect.states[name].share)


def require(
    terms: Terms,
    inputs: Inputs,
    *,
    proposer: str = JOINT,
    draws: int = DRAWS,
    seed: int = SEED,
    surface_draws: int = SURFACE_DRAWS,
    progress: Callable[[int], None] = lambda done: None,
) -> Requirement:
    """What is needed of inspection. ``progress`` is told the number of surface points just done;
    ``surface_draws`` of 0 leave the surface out.

    Raises InputError for draws or a proposer that do not fit.
    """
    check_draws(draws)
    bench = bench_of(terms, inputs, draws, seed, proposer)
    best = {axis.name: axis.best for axis in AXES}
    ideal = bench.margins(best)
    perfect = outcome_of(ideal, inputs.names)
    target = _target(perfect.joint)
    wanted = surface_draws > 0 and target is not None
    return Requirement(
        regime=terms.name,
        proposer=proposer,
        technology=inputs.technology.name,
        digest=inputs.technology.digest,
        draws=draws,
        seed=seed,
        now=outcome_of(bench.margins({}), inputs.names),
        perfect=perfect,
        target=target,
        gaps=tuple(_gap(bench, axis, target) for axis in AXES),
        together=None if target is None else _together(bench, target),
        orders={name: _by_order(bench, name, ideal.accepted[k]) for k, name in enumerate(inputs.names)},
        surface=_surface(bench, min(surface_draws, draws), seed, progress) if wanted else None,
    )


def _surface(bench: TestBench, draws: int, seed: int, progress: Callable[[int], None]) -> Surface:
    return surface_of(bench_of(bench.terms, bench.inputs, draws, seed, bench.proposer), progress=progress)


def _target(reachable: float) -> float | None:
    if reachable >= ROBUST_YES:
        return ROBUST_YES
    return None if reachable <= ROBUST_NO else NEARLY * reachable


def _gap(bench: TestBench, axis: Axis, target: float | None) -> AxisGap:
    distribution = bench.inputs.technology.parameters[axis.name]
    others = {other.name: other.best for other in AXES if other is not axis}
    needed = None if target is None else _needed(bench, axis, others, target)
    band = WHOLE if distribution.origin is Origin.NOT_MEASURED else QUANTILES
    low, middle, high = (float(distribution.at(level)) for level in band)
    drawn = bench.values.of("technology")[axis.name]
    met = [axis.meets(float(level), needed) for level in drawn] if needed is not None else [False]
    return AxisGap(
        axis=axis,
        profile=(low, middle, high),
        origin=distribution.origin.value,
        why=distribution.why,
        needed_alone=needed,
        needed_with_rest=None if target is None else _needed(bench, axis, {}, target),
        met=float(np.mean(met)),
        if_perfect=bench.joint({axis.name: axis.best}),
    )


def _needed(bench: TestBench, axis: Axis, others: Mapping[str, float], target: float) -> float | None:
    """The worst level of ``axis`` that reaches ``target``, by halving: shares never fall as it improves."""
    if bench.joint({**others, axis.name: axis.best}) < target:
        return None
    if bench.joint({**others, axis.name: axis.worst}) >= target:
        return axis.worst
    return axis.at(_least_part(lambda part: bench.joint({**others, axis.name: axis.at(part)}) >= target))


def _together(bench: TestBench, target: float) -> dict[str, float]:
    medians = {axis.name: bench.inputs.technology.parameters[axis.name].median for axis in AXES}

    def levels(part: float) -> dict[str, float]:
        return {axis.name: medians[axis.name] + part * (axis.best - medians[axis.name]) for axis in AXES}

    if bench.joint(levels(0.0)) >= target:
        return levels(0.0)
    return levels(_least_part(lambda part: bench.joint(levels(part)) >= target))


def _least_part(enough: Callable[[float], bool]) -> float:
    """The least part of the way from 0 to 1 that is enough, by halving; 1 is, 0 is not."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _by_order(bench: TestBench, name: str, accepted: "np.typing.NDArray[np.bool_]") -> dict[str, float]:
    order = bench.values.of(name)["orders"]
    return {word: float(accepted[order == n].mean()) for n, word in enumerate(ORDERS) if (order == n).any()}
