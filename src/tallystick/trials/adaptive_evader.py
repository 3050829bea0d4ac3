"""An evader who queries the detector: random search over strategies and parameters, then refinement."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.errors import InputError
from tallystick.simulation.cost_model import EvasionCost
from tallystick.simulation.evasions.strategy import Strategy, moved, redrawn

Chain = tuple[Strategy, ...]
#: Detection probability, 0 to 1, of training under a chain of strategies: one query of the detector.
Objective = Callable[[Chain], float]
#: What a chain costs; the evader computes it without the detector.
Price = Callable[[Chain], EvasionCost]

#: Share of the budget for chains drawn at random; the rest refines the best.
EXPLORING = 0.5
#: Width of a refining step, as a share of each parameter's range, at first and at the end.
FIRST_WIDTH, LAST_WIDTH = 0.25, 0.03
#: How many of the best chains are refined in turn.
REFINED = 3
#: Draws per query after which the evader gives up finding a chain that it can afford.
_TRIES = 200


@dataclass(frozen=True)
class Query:
    """One question to the detector and its answer."""

    chain: Chain
    detection: float
    cost: EvasionCost


@dataclass(frozen=True)
class EvaderSearch:
    """What an adaptive evader found. ``queries`` in the order asked, at most ``budget``."""

    queries: tuple[Query, ...]
    budget: int
    least_throughput_ppm: int

    @property
    def best(self) -> Query:
        """The query least detected; of several, the one that leaves most training."""
        return min(self.queries, key=lambda q: (q.detection, -q.cost.throughput_ppm))

    def text(self) -> str:
        """One line for people, with the query budget."""
        best = self.best
        names = " + ".join(type(strategy).__name__ for strategy in best.chain)
        return (
            f"adaptive evader: {len(self.queries)} of {self.budget} queries, at least "
            f"{self.least_throughput_ppm / 10_000:.0f} % of training kept; best detected with probability "
            f"{best.detection:.3f}, keeps {best.cost.throughput_ppm / 10_000:.0f} % "
            f"({best.cost.basis}): {names}"
        )


def search(
    space: Sequence[Strategy],
    objective: Objective,
    price: Price,
    budget: int,
    rng: np.random.Generator,
    least_throughput_ppm: int = 0,
    longest: int = 2,
    known: Sequence[Chain] = (),
) -> EvaderSearch:
    """Search chains of up to ``longest`` strategies of ``space``, in its order, for the least detected.

    Asks first about ``known`` chains that leave at least ``least_throughput_ppm``, then about chains drawn
    at random, then about neighbours of the best. Raises InputError where no chain leaves so much.
    """
    if budget < 1 or not space:
        raise InputError(
            f"an evader with {budget} queries over {len(space)} strategies cannot search",
            mend="give it at least one query and one strategy",
        )
    asked: list[Query] = []

    def ask(chain: Chain) -> None:
        cost = price(chain)
        if len(asked) < budget and cost.throughput_ppm >= least_throughput_ppm:
            asked.append(Query(chain, float(objective(chain)), cost))

    for chain in known:
        ask(chain)
    exploring = max(1, round(EXPLORING * budget))
    for _ in range(_TRIES * budget):
        if len(asked) >= exploring:
            break
        ask(_drawn(space, longest, rng))
    if not asked:
        raise InputError(
            f"no chain of up to {longest} strategies leaves {least_throughput_ppm} ppm of training",
            mend="ask for less throughput or give more strategies",
        )
    _refine(asked, ask, budget, rng)
    return EvaderSearch(tuple(asked), budget, least_throughput_ppm)


def _drawn(space: Sequence[Strategy], longest: int, rng: np.random.Generator) -> Chain:
    """A chain of different strategies, in the order of the space, with parameters drawn anew."""
    length = int(rng.integers(1, min(longest, len(space)) + 1))
    chosen = np.sort(rng.choice(len(space), size=length, replace=False))
    return tuple(redrawn(space[int(i)], rng) for i in chosen)


def _refine(asked: list[Query], ask: Callable[[Chain], None], budget: int, rng: np.random.Generator) -> None:
    """Spend what is left of the budget on neighbours of the best chains, ever closer ones."""
    first = len(asked)
    for attempt in range(_TRIES * budget):
        if len(asked) >= budget:
            return
        best = sorted(asked, key=lambda q: (q.detection, -q.cost.throughput_ppm))[:REFINED]
        done = (len(asked) - first) / max(1, budget - first)
        width = FIRST_WIDTH * (LAST_WIDTH / FIRST_WIDTH) ** done
        chain = best[attempt % len(best)].chain
        ask(tuple(moved(strategy, rng, width) for strategy in chain))
