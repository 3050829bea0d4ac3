"""How often an inspection of everything finds the cheats at the level of a site, beside its false alarms."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import numpy as np

from tallystick.simulation.cost_model import EvasionCost, TrainingBudget, compare
from tallystick.simulation.training_family import draw_pretraining
from tallystick.trials import held_out
from tallystick.trials.run_trial import lower_limit, upper_limit
from tallystick.trials.site_cheats import SITE_CHEATS, SiteCheat, SiteSize, hidden_runs, honest_site
from tallystick.trials.site_checks import CHECKS, alarms, site_view, whole_runs_found, windows_found
from tallystick.units import PPM
from tallystick.workloads.classifier import Classifier

HONEST = ""
#: Seeds of the sites of one cheat begin this far from those of the next.
SEEDS_APART = 100
BUDGETS = 12
TAIL = 0.025


@dataclass(frozen=True)
class SiteOutcome:
    """What was noticed on one site: ``alarm`` by check; ``windows`` and ``stretches`` of the hidden run, of
    each first those found, then all.
    """

    alarm: Mapping[str, bool]
    windows: tuple[int, int]
    stretches: tuple[int, int]


@dataclass(frozen=True)
class SiteCheatRow:
    """One cheat: ``detection`` is the share of its sites on which any of CHECKS raises the alarm, ``low`` to
    ``high`` at 95 % (Clopper and Pearson); ``false_alarms`` the same of honest sites.

    ``by_check`` and ``false_by_check`` give each check alone.
    ``windows_found`` is the share of the hidden run's windows judged training, ``runs_found`` that of its
    stretches that the run finder found whole.
    """

    family: str
    does: str
    detection: float
    low: float
    high: float
    sites: int
    false_alarms: float
    honest_sites: int
    by_check: dict[str, float]
    false_by_check: dict[str, float]
    windows_found: float
    runs_found: float


def site_cheat_rows(
    first_seed: int, sites: int, size: SiteSize, progress: Callable[[int], None]
) -> list[SiteCheatRow]:
    """A row a cheat, each on ``sites`` sites of its own, and as many honest ones that serve all rows."""
    names = [HONEST, *(cheat.family for cheat in SITE_CHEATS)]
    tasks = [
        (name, first_seed + SEEDS_APART * place + k, size)
        for place, name in enumerate(names)
        for k in range(sites)
    ]
    outcomes = list(_outcomes(tasks, progress))
    of = {name: outcomes[place * sites : (place + 1) * sites] for place, name in enumerate(names)}
    return [_row(cheat, of[cheat.family], of[HONEST]) for cheat in SITE_CHEATS]


def _outcomes(
    tasks: Sequence[tuple[str, int, SiteSize]], progress: Callable[[int], None]
) -> list[SiteOutcome]:
    found = []
    if held_out.WORKERS == 1:
        for task in tasks:
            found.append(outcome(task))
            progress(1)
        return found
    with ProcessPoolExecutor(held_out.WORKERS, get_context("spawn")) as pool:
        for result in pool.map(outcome, tasks):
            found.append(result)
            progress(1)
    return found


@cache
def _classifier() -> Classifier:
    """The shipped classifier, read once a process."""
    return Classifier.load()


def outcome(task: tuple[str, int, SiteSize]) -> SiteOutcome:
    """What the shipped classifier and the checks notice on the site of a cheat, its seed and its size."""
    name, seed, size = task
    cheat = next((c for c in SITE_CHEATS if c.family == name), None)
    source = cheat.opened(seed, size) if cheat else honest_site(seed, size)
    view, hidden = site_view(source, _classifier()), hidden_runs(source)
    return SiteOutcome(
        alarms(view), windows_found(view, hidden), (whole_runs_found(view, hidden), len(hidden))
    )


def _row(cheat: SiteCheat, found: Sequence[SiteOutcome], honest: Sequence[SiteOutcome]) -> SiteCheatRow:
    caught = sum(_any(o) for o in found)
    windows, stretches = (
        np.array([getattr(o, part) for o in found]).sum(axis=0) for part in ("windows", "stretches")
    )
    return SiteCheatRow(
        family=cheat.family,
        does=cheat.does,
        detection=caught / len(found),
        low=lower_limit(caught, len(found), TAIL),
        high=upper_limit(caught, len(found), TAIL),
        sites=len(found),
        false_alarms=sum(_any(o) for o in honest) / len(honest),
        honest_sites=len(honest),
        by_check=_shares(found),
        false_by_check=_shares(honest),
        windows_found=float(windows[0] / max(1, windows[1])),
        runs_found=float(stretches[0] / max(1, stretches[1])),
    )


def _any(outcome: SiteOutcome) -> bool:
    return any(outcome.alarm[check] for check in CHECKS)


def _shares(outcomes: Sequence[SiteOutcome]) -> dict[str, float]:
    return {check: sum(o.alarm[check] for o in outcomes) / len(outcomes) for check in CHECKS}


def site_cheat_costs() -> dict[str, EvasionCost]:
    """Modelled cost of each cheat: mean over drawn training jobs."""
    rng = np.random.default_rng(9)
    jobs = [TrainingBudget.of(draw_pretraining(rng, 4), 4) for _ in range(BUDGETS)]
    found = {}
    for cheat in SITE_CHEATS:
        each = [compare(cheat.charge(job), job) for job in jobs]
        found[cheat.family] = EvasionCost(
            throughput_ppm=min(PPM, sum(c.throughput_ppm for c in each) // len(each)),
            energy_ppm=sum(c.energy_ppm for c in each) // len(each),
            time_ppm=sum(c.time_ppm for c in each) // len(each),
        )
    return found
