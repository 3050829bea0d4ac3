"""The workload benchmark: everything that is measured about telling training from the rest, in one run.

The protocol is ``docs/benchmark-workloads.md``. Simulated and real figures stay apart. Seeds from 40,000 are
for this benchmark alone: no shipped model was fitted on them, and it fits models of its own for each group
that it holds out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from tallystick.accounting.run_reference import run_reference
from tallystick.errors import InputError
from tallystick.records.subject import SubjectKind
from tallystick.simulation.cost_model import EvasionCost
from tallystick.telemetry.mlperf import NOTICE
from tallystick.trials import held_out
from tallystick.trials.adaptive_trial import AdaptiveTrial, adaptive_trial
from tallystick.trials.corpus_windows import corpus_sites, corpus_windows
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
from tallystick.trials.held_out import cross_fitted
from tallystick.trials.judged_runs import JudgedRun, runs_of_windows, true_runs
from tallystick.trials.labels import LabelledWindows, joined
from tallystick.trials.ladder import FOLDS, RUNGS, Rung, climb
from tallystick.trials.overlay import grouping_json, overlay_score
from tallystick.trials.real_ladder import FOLDER, real_rungs
from tallystick.trials.run_trial import RunTrial, run_trial, training_and
from tallystick.trials.site_cheat_trial import SiteCheatRow, site_cheat_costs, site_cheat_rows
from tallystick.trials.site_cheats import SiteSize
from tallystick.trials.splits import SIMULATED_SITES, splits_elsewhere
from tallystick.units import PPM
from tallystick.workloads.classifier import Classifier

FIRST_SEED = 40_000
FIRST_EVASION_SEED = 50_000
FIRST_RUN_SEED = 60_000
FIRST_CHEAT_SEED = 75_000
OVERLAY_SEED = 80_000
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class BenchSize:
    """How much is simulated and fitted: sites of each corpus, hours of runs, trees per class, most folds.

    ``cheat_*`` are the sites of each cheat at the level of a site, their accelerators and hours.
    """

    sites: int
    evasion_sites: int
    run_sites: int
    run_hours: int
    rounds: int
    most_folds: int
    overlays: int
    queries: int
    cheat_sites: int
    cheat_accelerators: int
    cheat_hours: int


FULL = BenchSize(36, 16, 6, 24, 60, 99, 200, 120, 10, 256, 8)
QUICK = BenchSize(10, 2, 2, 6, 30, 5, 20, 20, 2, 64, 4)


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
    site_cheats: tuple[SiteCheatRow, ...]
    game: EvasionGame
    adaptive: AdaptiveTrial
    runs: RunTrial
    runs_like_reference: RunTrial
    runs_unseen_families: RunTrial
    grouping: dict[str, Any]
    flop: tuple[FlopRow, ...]

    def as_json(self) -> dict[str, Any]:
        """The stable shape that ``--json`` prints."""
        return {
            "size": asdict(self.size),
            "notice": f"Figures of source real are {NOTICE}.",
            "ladder": [asdict(rung) for rung in self.ladder],
            "evasions": [*_priced(self.evasions, "window", evasion_costs()), *self._priced_cheats()],
            "site_checks": {"model": Classifier.load().hash, "honest_sites": self.size.cheat_sites},
            "game": asdict(self.game),
            "adaptive": self.adaptive.as_json(),
            "serving_false_positive": self.serving.false_positive,
            "serving": asdict(self.serving),
            "runs": asdict(self.runs),
            "runs_like_reference": asdict(self.runs_like_reference),
            "runs_unseen_families": asdict(self.runs_unseen_families),
            "grouping": self.grouping,
            "flop": [asdict(row) for row in self.flop],
        }

    def _priced_cheats(self) -> list[dict[str, Any]]:
        return _priced(self.site_cheats, "site", site_cheat_costs())


def _priced(
    rows: Sequence[EvasionRow | SiteCheatRow], level: str, costs: Mapping[str, EvasionCost]
) -> list[dict[str, Any]]:
    """Rows of evasions that are detected at ``level``, each with its cost."""
    return [
        {**asdict(row), "level": level, "cost": asdict(costs[row.family]), "source": "simulated"}
        for row in rows
    ]


def default_data_folder() -> Path:
    """Where the reference data lie beside a checkout."""
    return Path(__file__).parents[4] / "shared" / "data"


def bench_workloads(size: BenchSize, data: Path, progress: Progress) -> WorkloadBench:
    """Run it all. ``data`` is the folder of reference data; what needs it is left out where it is absent."""
    accelerators = SubjectKind.ACCELERATOR
    progress("simulate", 0)
    honest = corpus_windows(range(FIRST_SEED, FIRST_SEED + size.sites), accelerators, most_subjects=2)
    ladder = _simulated_ladder(honest, size, progress)
    serving = serving_held_out(honest, size.rounds, _step(progress, "serving held out"))
    evasive = joined([honest, _evasive_windows(size)])
    evasions = evasion_rows(evasive, size.rounds, _step(progress, "evasions"))
    adaptive = adaptive_trial(evasive, size.rounds, size.queries, _step(progress, "adaptive evader"))
    trials = _run_trials(honest, size, progress)
    site = SiteSize(size.cheat_accelerators, size.cheat_hours)
    cheats = site_cheat_rows(FIRST_CHEAT_SEED, size.cheat_sites, site, _step(progress, "site cheats"))
    return WorkloadBench(
        size=size,
        ladder=(*ladder, *real_rungs(data, size.rounds, _step(progress, "real ladder"), size.most_folds)),
        serving=serving,
        evasions=tuple(evasions),
        site_cheats=tuple(cheats),
        game=game_of(evasions),
        adaptive=adaptive,
        runs=trials[1],
        runs_like_reference=trials[0],
        runs_unseen_families=trials[2],
        grouping=_grouping(size, data, progress),
        flop=_flop(data),
    )


def _simulated_ladder(honest: LabelledWindows, size: BenchSize, progress: Progress) -> list[Rung]:
    return [
        climb(honest, rung, "simulated", size.rounds, _step(progress, f"{rung} held out"), size.most_folds)
        for rung in RUNGS
        if rung != "source"
    ]


def _evasive_windows(size: BenchSize) -> LabelledWindows:
    """Each named evasion once a site, on another kind of training each time."""
    parts = [
        corpus_windows(
            range(FIRST_EVASION_SEED + k, FIRST_EVASION_SEED + k + 1),
            SubjectKind.ACCELERATOR,
            evasive_kinds(FIRST_EVASION_SEED + k),
            most_subjects=2,
            first=k,
        )
        for k in range(size.evasion_sites)
    ]
    return joined(parts)


def _run_trials(
    honest: LabelledWindows, size: BenchSize, progress: Progress
) -> tuple[RunTrial, RunTrial, RunTrial]:
    """Longer runs, on sites that no model saw, by the shipped rule: of families inside the reference set, of
    families outside, and each family by a model of the same recipe that lacks it.
    """
    reference, classifier = run_reference(), Classifier.load()
    if classifier.hash != reference.model:
        raise InputError(
            "the reference set of permitted runs is of another model than the one shipped",
            mend="python -m tallystick.trials.run_reference --write",
        )
    seeds = range(FIRST_RUN_SEED, FIRST_RUN_SEED + size.run_sites)
    step = _step(progress, "long runs, judged by the shipped model")
    runs = [run for of_site in _over_sites(seeds, size.run_hours, step) for run in of_site]
    return (
        run_trial(training_and(runs, reference, inside=True), reference, promised=True),
        run_trial(training_and(runs, reference, inside=False), reference, promised=False),
        run_trial(_runs_of_unseen_families(honest, seeds, size, progress), reference, promised=False),
    )


def _over_sites(seeds: range, hours: int, step: Callable[[int], None]) -> Iterator[list[JudgedRun]]:
    """The true runs of each site, over all cores."""
    tasks = [(place, seed, hours) for place, seed in enumerate(seeds)]
    with ExitStack() as stack:
        found: Iterator[list[JudgedRun]] = map(_runs_of_site, tasks)
        if held_out.WORKERS > 1:
            pool = ProcessPoolExecutor(held_out.WORKERS, get_context("spawn"))
            found = stack.enter_context(pool).map(_runs_of_site, tasks)
        for of_site in found:
            step(1)
            yield of_site


def _runs_of_site(task: tuple[int, int, int]) -> list[JudgedRun]:
    place, seed, hours = task
    site = corpus_sites(range(seed, seed + 1), hours=hours, first=place)
    return list(true_runs(site, Classifier.load()))


def _runs_of_unseen_families(
    honest: LabelledWindows, seeds: range, size: BenchSize, progress: Progress
) -> list[JudgedRun]:
    windows = corpus_windows(seeds, SubjectKind.ACCELERATOR, hours=size.run_hours, most_subjects=2)
    both = joined([honest, windows])
    elsewhere = np.arange(len(both)) >= len(honest)
    folds = min(FOLDS["family"], size.most_folds)
    splits = splits_elsewhere(both, elsewhere, "family", folds, SIMULATED_SITES)
    step = _step(progress, "long runs, family held out")
    return runs_of_windows(*cross_fitted(both, splits, size.rounds, step))


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
