"""The workload benchmark: everything that is measured about telling training from the rest, in one run.

The protocol is ``docs/benchmark-workloads.md``. Simulated and real figures stay apart. Seeds from 40,000 are
for this benchmark alone: no shipped model was fitted on them, and it fits models of its own for each group
that it holds out.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tallystick.records.subject import SubjectKind
from tallystick.telemetry.mlperf import NOTICE
from tallystick.trials.corpus_windows import corpus_windows
from tallystick.trials.evasion_corpus import evasion_costs, evasive_kinds
from tallystick.trials.evasion_trial import (
    EvasionRow,
    ServingHeldOut,
    evasion_rows,
    serving_held_out,
)
from tallystick.trials.held_out import Verdicted
from tallystick.trials.labels import LabelledWindows, joined
from tallystick.trials.ladder import RUNGS, Rung, climb
from tallystick.trials.real_ladder import real_rungs
from tallystick.trials.run_trial import RunTrial, run_trial

FIRST_SEED = 40_000
FIRST_EVASION_SEED = 50_000
FIRST_RUN_SEED = 60_000
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


FULL = BenchSize(36, 12, 6, 8, 60, 99, 200)
QUICK = BenchSize(10, 3, 2, 4, 30, 5, 25)


@dataclass(frozen=True)
class WorkloadBench:
    """All results. ``real_notice`` goes with every real figure."""

    size: BenchSize
    ladder: tuple[Rung, ...]
    serving: ServingHeldOut
    evasions: tuple[EvasionRow, ...]
    runs: RunTrial
    runs_unseen_families: RunTrial
    grouping: dict[str, Any]
    flop: tuple[Any, ...]

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
            "serving_false_positive": self.serving.false_positive,
            "serving": asdict(self.serving),
            "runs": asdict(self.runs),
            "runs_unseen_families": asdict(self.runs_unseen_families),
            "grouping": self.grouping,
            "flop": [asdict(row) for row in self.flop],
        }


def bench_workloads(size: BenchSize, data: Path, progress: Progress) -> WorkloadBench:
    """Run it all. ``data`` is the folder of reference data; what needs it is left out where it is absent."""
    accelerators = SubjectKind.ACCELERATOR
    progress("simulate", 0)
    honest = corpus_windows(range(FIRST_SEED, FIRST_SEED + size.sites), accelerators, most_subjects=2)
    ladder, _ = _simulated_ladder(honest, size, progress)
    serving = serving_held_out(honest, size.rounds, _step(progress, "serving held out"))
    evasive = joined([honest, _evasive_windows(size)])
    evasions = evasion_rows(evasive, size.rounds, _step(progress, "evasions"))
    known, unseen = _run_trials(size, progress)
    return WorkloadBench(
        size=size,
        ladder=(*ladder, *real_rungs(data, size.rounds, _step(progress, "real ladder"), size.most_folds)),
        serving=serving,
        evasions=tuple(evasions),
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


def _step(progress: Progress, name: str) -> Callable[[int], None]:
    return lambda count: progress(name, count)


def _grouping(size: BenchSize, data: Path, progress: Progress) -> dict[str, Any]:
    return {}


def _flop(data: Path) -> tuple[Any, ...]:
    return ()
