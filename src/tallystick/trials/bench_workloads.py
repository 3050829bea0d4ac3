"""The workload benchmark: everything that is measured about telling training from the rest, in one run.

The protocol is ``docs/benchmark-workloads.md``. Simulated and real figures stay apart. Seeds from 40,000 are
for this benchmark alone: no shipped model was fitted on them, and it fits models of its own for each group
that it holds out.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tallystick.records.subject import SubjectKind
from tallystick.telemetry.mlperf import NOTICE
from tallystick.trials.adaptive_trial import AdaptiveTrial, adaptive_trial
from tallystick.trials.corpus_windows import corpus_windows
from tallystick.trials.evasion_corpus import evasion_costs, evasive_kinds
from tallystick.trials.evasion_game import solve_game, undetected_training
from tallystick.trials.evasion_trial import (
    CHOICES,
    EvasionRow,
    ServingHeldOut,
    evasion_rows,
    serving_held_out,
)
from tallystick.trials.flop_accuracy import FlopRow, flop_rows
from tallystick.trials.held_out import Verdicted
from tallystick.trials.labels import LabelledWindows, joined
from tallystick.trials.ladder import RUNGS, Rung, climb
from tallystick.trials.overlay import grouping_json, overlay_score
from tallystick.trials.real_ladder import FOLDER, real_rungs
from tallystick.trials.run_trial import RunTrial, run_trial
from tallystick.units import PPM

FIRST_SEED = 40_000
FIRST_EVASION_SEED = 50_000
FIRST_RUN_SEED = 60_000
OVERLAY_SEED = 80_000
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class BenchSize:
    """How much is simulated and fitted: sites of each corpus, hours of runs, trees per class, most folds."""

    sites: int
    evasion_sites: int
    run_sites: int
    run_hours: int
    rounds: int
    most_folds: int
    overlays: int
    queries: int


FULL = BenchSize(36, 12, 4, 24, 60, 99, 200, 120)
QUICK = BenchSize(10, 3, 1, 8, 30, 5, 20, 20)


@dataclass(frozen=True)
class EvasionGame:
    """``value`` is the share of a run's training that goes unseen, false alarms added, when both play best.

    ``evader`` and ``inspector`` are the probabilities with which they pick a family and an error rate.
    """

    value: float
    evader: dict[str, float]
    inspector: dict[str, float]


@dataclass(frozen=True)
class WorkloadBench:
    """All results. ``real_notice`` goes with every real figure."""

    size: BenchSize
    ladder: tuple[Rung, ...]
    serving: ServingHeldOut
    evasions: tuple[EvasionRow, ...]
    game: EvasionGame
    adaptive: AdaptiveTrial
    runs: RunTrial
    runs_unseen_families: RunTrial
    grouping: dict[str, Any]
    flop: tuple[FlopRow, ...]

    def as_json(self) -> dict[str, Any]:
        """The stable shape that ``--json`` prints."""
        costs = evasion_costs()
        return {
            "size": asdict(self.size),
            "notice": f"Figures of source real are {NOTICE}.",
            "ladder": [asdict(rung) for rung in self.ladder],
            "evasions": [
                {**asdict(row), "cost": asdict(costs[row.family]), "source": "simulated"}
                for row in self.evasions
            ],
            "game": asdict(self.game),
            "adaptive": self.adaptive.as_json(),
            "serving_false_positive": self.serving.false_positive,
            "serving": asdict(self.serving),
            "runs": asdict(self.runs),
            "runs_unseen_families": asdict(self.runs_unseen_families),
            "grouping": self.grouping,
            "flop": [asdict(row) for row in self.flop],
        }


def default_data_folder() -> Path:
    """Where the reference data lie beside a checkout."""
    return Path(__file__).parents[4] / "shared" / "data"


def bench_workloads(size: BenchSize, data: Path, progress: Progress) -> WorkloadBench:
    """Run it all. ``data`` is the folder of reference data; what needs it is left out where it is absent."""
    accelerators = SubjectKind.ACCELERATOR
    progress("simulate", 0)
    honest = corpus_windows(range(FIRST_SEED, FIRST_SEED + size.sites), accelerators, most_subjects=2)
    ladder, _ = _simulated_ladder(honest, size, progress)
    serving = serving_held_out(honest, size.rounds, _step(progress, "serving held out"))
    evasive = joined([honest, _evasive_windows(size)])
    evasions = evasion_rows(evasive, size.rounds, _step(progress, "evasions"))
    adaptive = adaptive_trial(evasive, size.rounds, size.queries, _step(progress, "adaptive evader"))
    known, unseen = _run_trials(size, progress)
    return WorkloadBench(
        size=size,
        ladder=(*ladder, *real_rungs(data, size.rounds, _step(progress, "real ladder"), size.most_folds)),
        serving=serving,
        evasions=tuple(evasions),
        game=game_of(evasions),
        adaptive=adaptive,
        runs=known,
        runs_unseen_families=unseen,
        grouping=_grouping(size, data, progress),
        flop=_flop(data),
    )


def _simulated_ladder(
    honest: LabelledWindows, size: BenchSize, progress: Progress
) -> tuple[list[Rung], dict[str, Verdicted]]:
    rungs, verdicts = [], {}
    for rung in RUNGS:
        if rung == "source":
            continue
        row, said = climb(
            honest, rung, "simulated", size.rounds, _step(progress, f"{rung}s held out"), size.most_folds
        )
        rungs.append(row)
        verdicts[rung] = said
    return rungs, verdicts


def _evasive_windows(size: BenchSize) -> LabelledWindows:
    """Each named evasion once a site, on another kind of training each time."""
    parts = [
        corpus_windows(
            range(FIRST_EVASION_SEED + k, FIRST_EVASION_SEED + k + 1),
            SubjectKind.ACCELERATOR,
            evasive_kinds(FIRST_EVASION_SEED + k),
            most_subjects=2,
        )
        for k in range(size.evasion_sites)
    ]
    return joined(parts)


def _run_trials(size: BenchSize, progress: Progress) -> tuple[RunTrial, RunTrial]:
    """Longer runs: of families that the models knew, and of families that they did not."""
    windows = corpus_windows(
        range(FIRST_RUN_SEED, FIRST_RUN_SEED + size.run_sites),
        SubjectKind.ACCELERATOR,
        hours=size.run_hours,
        most_subjects=2,
    )
    trials = []
    for rung in ("run", "family"):
        step = _step(progress, f"long runs, {rung}s held out")
        _, said = climb(windows, rung, "simulated", size.rounds, step, size.most_folds)
        trials.append(run_trial(windows, said))
    return trials[0], trials[1]


def game_of(rows: list[EvasionRow]) -> EvasionGame:
    """An evader who picks a family against an inspector who picks a false-positive rate.

    The evader gains the training that goes unseen; the inspector also pays for honest windows under
    suspicion, a full window's worth each.
    """
    costs = evasion_costs()
    detection = np.array([row.at_choices for row in rows])
    left = np.array([min(1.0, costs[row.family].throughput_ppm / PPM) for row in rows])
    solved = solve_game(undetected_training(detection, left, np.array(CHOICES)))
    return EvasionGame(
        value=solved.value,
        evader={row.family: float(p) for row, p in zip(rows, solved.rows, strict=True) if p > 1e-6},
        inspector={str(c): float(p) for c, p in zip(CHOICES, solved.columns, strict=True) if p > 1e-6},
    )


def _step(progress: Progress, name: str) -> Callable[[int], None]:
    return lambda count: progress(name, count)


def _grouping(size: BenchSize, data: Path, progress: Progress) -> dict[str, Any]:
    """Overlays of real runs behind one meter of each pair, ten and twenty minutes; empty without the data."""
    folder = data / FOLDER
    if not folder.is_dir():
        return {}
    scores = []
    for meter in ("ac", "dc"):
        for minutes in (10, 20):
            progress("overlays of real runs", 1)
            scores.append(overlay_score(folder, meter, size.overlays, OVERLAY_SEED, minutes))
    return grouping_json(scores)


def _flop(data: Path) -> tuple[FlopRow, ...]:
    return tuple(flop_rows(data)) if data.is_dir() else ()
