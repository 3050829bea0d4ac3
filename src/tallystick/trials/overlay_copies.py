"""The hard case: two real runs of one program that began within seconds of each other.

``python -m tallystick.trials.overlay_copies FOLDER`` lays the two gpt3 runs that nothing was tuned on over
each other so that their evaluations begin a given time apart, at random places in the runs, and prints in how
many draws no group holds nodes of both, after ten minutes and after twenty minutes of the same runs.
"""

import argparse
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from tallystick.telemetry.mlperf import NOTICE
from tallystick.telemetry.mlperf_files import PairedRun
from tallystick.trials.overlay import (
    LATER_MINUTES,
    MEASURED,
    MINUTES,
    TUNED_RUN,
    Part,
    grouped,
    merges,
    real_runs,
)
from tallystick.trials.overlay_reasons import evaluations
from tallystick.units import NS_PER_S

APART_S = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0)
DRAWS, SEED = 20, 8100


def told_apart(folder: Path, meter: str, apart_s: float, draws: int, seed: int) -> tuple[int, int]:
    """Draws of two runs ``apart_s`` apart without a false merge after MINUTES, and after LATER_MINUTES."""
    rng = np.random.default_rng([seed, int(apart_s * 1000)])
    first, second = (r for r in real_runs(folder) if r.benchmark == MEASURED and r.number != TUNED_RUN)
    soon = later = 0
    for _ in range(draws):
        parts = _aligned(folder, first, second, meter, apart_s, rng)
        soon += not merges(parts, grouped(parts, MINUTES)[1])
        later += not merges(parts, grouped(parts, LATER_MINUTES)[1])
    return soon, later


def _aligned(
    folder: Path, first: PairedRun, second: PairedRun, meter: str, apart_s: float, rng: np.random.Generator
) -> list[Part]:
    """Both runs from places whose evaluations come ``apart_s`` apart, LATER_MINUTES before their ends."""
    starts = [evaluations(folder, r.number) for r in (first, second)]
    last_s = min(first.duration_ns, second.duration_ns) / NS_PER_S - LATER_MINUTES * 60 - 3
    period = float(np.median([b - a for a, b in pairwise(starts[0])]))
    lead = float(rng.uniform(0, min(period, starts[0][0], starts[1][0]) - apart_s))
    begins = [float(rng.choice(s[s - lead < last_s])) - lead for s in starts]
    begins[1] += apart_s * float(rng.choice([-1, 1]))
    return [
        Part(
            f"gpt3 run {run.number}",
            tuple(r for _, r in sorted((run.ac if meter == "ac" else run.dc).items())),
            int(max(0.0, begin) * NS_PER_S),
            run.number,
        )
        for run, begin in zip((first, second), begins, strict=True)
    ]


def copies_text(folder: Path, draws: int = DRAWS, seed: int = SEED) -> Iterator[str]:
    """One line for each meter and time apart."""
    for meter in ("ac", "dc"):
        for apart_s in APART_S:
            soon, later = told_apart(folder, meter, apart_s, draws, seed)
            yield (
                f"  {meter} meter, begun {apart_s:.1f} s apart: told apart in {soon} of {draws} draws after "
                f"{MINUTES} min, in {later} after {LATER_MINUTES} min"
            )


def main() -> None:
    """Prints the lines of ``copies_text``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder mlperf_power of the reference data")
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    print(f"Figures are {NOTICE}.")
    for line in copies_text(given.folder, given.draws, given.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
