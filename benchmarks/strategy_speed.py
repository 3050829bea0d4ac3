"""Seconds of the strategy on this machine: gates, a whole assessment, a search for a mend, a requirement.

Aims: 8,192 draws through all gates for two states within 2 s; a search over triples within 60 s on 2 cores.
There is no peer to run beside: nothing else that we know of takes a treaty through such gates.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tallystick.cli.strategy_inputs import Question, question
from tallystick.strategy.assessment import assess, evaluated
from tallystick.strategy.inputs.ensemble import drawn, sobol_levels
from tallystick.strategy.mend.search import candidates_count, mend
from tallystick.strategy.require.requirement import require
from tallystick.strategy.require.surface import points_count

DRAWS = 8192
GATES_AIM_S, MEND_AIM_S = 2.0, 60.0
WORKERS = 2
#: Regime, words of the text with the states meant: two and three states, five and seven stages.
CASES = (("hist.baruch", ()), ("prop.miri", ("US=Arden", "China=Borealis")))


@dataclass(frozen=True)
class Took:
    """Seconds of one run: on the clock, and of processors, workers included; they differ where it is busy."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s, {self.processor:.2f} s of processors"


def took_by(task: Callable[[], object]) -> Took:
    """One run, timed."""
    before, started = os.times(), time.perf_counter()
    task()
    wall, after = time.perf_counter() - started, os.times()
    return Took(wall, sum(after[:4]) - sum(before[:4]))


def gates(asked: Question) -> None:
    """Draws, and all gates at all stages for all states."""
    inputs = asked.inputs
    values = drawn(inputs, sobol_levels(len(inputs.columns), DRAWS, 0))
    evaluated(asked.terms, inputs, values, asked.proposer)


def whole(asked: Question) -> None:
    """The same with sensitivity, breakpoints, proposers and clubs."""
    assess(
        asked.terms,
        asked.inputs.states,
        asked.inputs.technology,
        draws=DRAWS,
        proposer=asked.proposer,
        world=asked.inputs.world,
    )


def report_case(name: str, meant: tuple[str, ...]) -> None:
    """Print one line for each figure of one regime."""
    asked = question(name, None, meant, None, None)
    terms, inputs = asked.terms, asked.inputs
    print(f"{name}: {len(inputs.states)} states, {len(terms.stages)} stages, {DRAWS:,} draws")
    print(f"  all gates         {took_by(lambda: gates(asked))}  (aim {GATES_AIM_S:g} s for two states)")
    print(f"  whole assessment  {took_by(lambda: whole(asked))}")
    texts = candidates_count(terms, inputs)
    for workers in (1, WORKERS):
        took = took_by(partial(mend, terms, inputs, proposer=asked.proposer, draws=DRAWS, workers=workers))
        print(f"  mend, {workers} worker(s) {took}  for {texts} texts (aim {MEND_AIM_S:g} s on 2 cores)")
    took = took_by(lambda: require(terms, inputs, proposer=asked.proposer, draws=DRAWS))
    print(f"  requirement       {took}  with {points_count():,} points of the surface")


def report() -> None:
    """Print all."""
    for name, meant in CASES:
        report_case(name, meant)


if __name__ == "__main__":
    report()
