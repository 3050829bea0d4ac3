"""Fact sets against all shipped regimes a minute, and OpenFisca beside us on one rule.

``OPENFISCA_PYTHON`` names the interpreter of an environment in which openfisca-core is installed: its
licence is AGPL, so it is a peer here and never a dependency. Where it is not named the peer is skipped.

OpenFisca evaluates one rule over a vector of all entities at once, in floats, with two truth values and no
trace. We evaluate every rule, exactly, in three values, claimed and verified, under each reading, one fact
set at a time. So two figures are printed for it: the vector, and one simulation for each entity.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tallystick.regimes.judging.bulk import book_at, judge_many
from tallystick.regimes.library import load_all
from tallystick.regimes.stated.fact_file import fact_set

AT = date(2026, 11, 24)
FACT_SETS = 100_000
SINGLE = 200
WORKERS = 2
COMPONENTS = (
    *("pretraining", "fine_tuning", "reinforcement_learning", "synthetic_private", "upstream"),
    *("distillation_teacher", "auxiliary_models", "evaluation", "failed_experiments", "recomputation"),
)
PEER = Path(__file__).with_name("openfisca_peer.py")


def fact_sets(count: int, seed: int = 20261124) -> Iterator[dict[str, Any]]:
    """Developers with ten components as verified bounds, revenue, a role, a market and two acts."""
    draw = random.Random(seed)
    for _ in range(count):
        facts: list[dict[str, Any]] = []
        for name in COMPONENTS:
            claimed = draw.randrange(1, 1000) * 10 ** draw.randrange(20, 24)
            facts.append(
                {
                    "name": f"compute.{name}",
                    "claimed": str(claimed),
                    "lower": str(claimed * 7 // 10),
                    "upper": str(claimed * 13 // 10),
                    "verified": draw.random() < 0.5,
                }
            )
        facts += [
            {"name": "developer.revenue_usd_prior_year", "value": str(draw.randrange(10**10))},
            {"name": "roles.provider", "value": True},
            {"name": "jurisdictions.EU.places_on_market", "value": draw.random() < 0.5},
            {"name": "developer.commission_designated", "value": draw.random() < 0.1},
            {"name": "model.generates_language", "value": True},
        ]
        yield {"facts": facts, "complete": "verified"}


@dataclass(frozen=True)
class Took:
    """Seconds of one run: on the clock, and of processors, workers included; they differ where it is busy."""

    wall: float
    processor: float


def took_by(task: Callable[[], object]) -> Took:
    """One run, timed."""
    before, started = os.times(), time.perf_counter()
    task()
    wall, after = time.perf_counter() - started, os.times()
    return Took(wall, sum(after[:4]) - sum(before[:4]))


def all_regimes(count: int, workers: int) -> Took:
    """Reading and judging ``count`` fact sets against every regime that has outcomes."""
    data = list(fact_sets(count))
    return took_by(lambda: sum(1 for _ in judge_many(data, AT, workers)))


def one_rule(count: int) -> Took:
    """One rule on ``count`` fact sets that are already read."""
    book = book_at(AT)
    facts = [fact_set(one, "bench", book.vocabulary) for one in fact_sets(count)]
    plan = next(plan for plan in book.plans if plan.instrument.id == "eu.gpai_sr")
    return took_by(lambda: [plan.outcomes(one) for one in facts])


def openfisca(count: int) -> dict[str, float] | str:
    """Seconds of the peer, ``vector`` and ``single``; or why it did not run."""
    python = os.environ.get("OPENFISCA_PYTHON")
    if not python:
        return "skipped: OPENFISCA_PYTHON does not name an environment with openfisca-core"
    command = [python, str(PEER), str(count), str(SINGLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"skipped: {done.stderr.strip().splitlines()[-1][:200]}"
    found: dict[str, float] = json.loads(done.stdout)
    return found


def report(count: int = FACT_SETS) -> None:
    """Print one line for each figure."""
    regimes = load_all()
    judged = len(book_at(AT).plans)
    for workers in (1, WORKERS):
        took = all_regimes(count, workers)
        print(
            f"regimes, {workers} worker(s)     {count / took.wall * 60:12,.0f} fact sets/minute against "
            f"{len(regimes)} regimes ({judged} with outcomes); {count:,} took {took.wall:.1f} s, "
            f"{took.processor:.1f} s of processors"
        )
    few = min(count, 20_000)
    rate = few / one_rule(few).processor
    print(f"one rule, exact          {rate:12,.0f} fact sets/s of processor, claimed and verified")
    peer = openfisca(count)
    if isinstance(peer, str):
        print(f"openfisca-core, one rule {peer}")
        return
    print(
        f"openfisca-core, one rule {count / peer['vector']:12,.0f} entities/s as one vector of floats; "
        f"{SINGLE / peer['single']:,.0f} /s as one simulation for each"
    )


if __name__ == "__main__":
    report(int(sys.argv[1]) if sys.argv[1:] else FACT_SETS)
