"""An evader who asks the final detector, query by query, what it sees (all simulated, costs modelled)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tallystick.records.subject import SubjectKind
from tallystick.simulation.corpus import CorpusSource
from tallystick.simulation.cost_model import EvasionCost, TrainingBudget
from tallystick.simulation.evasions.catalogue import EVASIONS, SEARCHED
from tallystick.simulation.evasions.strategy import cost, evading
from tallystick.simulation.training_family import draw_pretraining
from tallystick.simulation.training_kinds import TRAINING_KINDS
from tallystick.trials.adaptive_evader import Chain, search
from tallystick.trials.evasion_trial import evasion_sites, threshold_of
from tallystick.trials.held_out import TRAINING, fit_split, judged
from tallystick.trials.labels import LabelledWindows, labelled_windows
from tallystick.trials.splits import Split

#: The evader must keep at least this part of the training.
LEAST_THROUGHPUT_PPM = 300_000
#: Programs that the evader tries each chain on.
PROGRAMS = tuple(
    k for k in TRAINING_KINDS if k.name in ("pretraining 3d", "pretraining zero", "pretraining small")
)
FIRST_SEED = 70_000


@dataclass(frozen=True)
class AdaptiveTrial:
    """What the evader reached: windows still found at one honest window in a hundred, and its price."""

    queries: int
    detection: float
    detection_on_new_programs: float
    cost: EvasionCost
    chain: str

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "source": "simulated"}


def adaptive_trial(
    windows: LabelledWindows, rounds: int, queries: int, progress: Callable[[int], None]
) -> AdaptiveTrial:
    """Search against a detector that was fitted on all evaders' sites in ``windows``, on sites of its own."""
    parts = evasion_sites(windows)
    split = Split(parts.fits | parts.halves[0] | parts.halves[1], parts.calibrates, parts.threshold)
    fitted = fit_split(windows, split, rounds)
    threshold = threshold_of(judged(fitted, windows.chosen(parts.threshold)).lead)
    price = _price()

    def detection(chain: Chain, seed: int) -> float:
        kinds = [evading(kind, *chain, evasion="searched") for kind in PROGRAMS]
        sites = [CorpusSource(kinds, seed)]
        found = labelled_windows(sites, SubjectKind.ACCELERATOR, most_subjects=2)
        found = found.chosen(TRAINING[found.label])
        return float((judged(fitted, found).lead > threshold).mean())

    def asked(chain: Chain) -> float:
        progress(1)
        return detection(chain, FIRST_SEED)

    result = search(
        SEARCHED,
        asked,
        price,
        queries,
        np.random.default_rng(FIRST_SEED),
        LEAST_THROUGHPUT_PPM,
        known=[e.strategies for e in EVASIONS[:: max(1, len(EVASIONS) // max(1, queries // 4))]],
    )
    best = result.best
    again = float(np.mean([detection(best.chain, FIRST_SEED + k) for k in range(1, 5)]))
    names = " + ".join(type(strategy).__name__ for strategy in best.chain)
    return AdaptiveTrial(len(result.queries), best.detection, again, best.cost, names)


def _price() -> Callable[[Chain], EvasionCost]:
    rng = np.random.default_rng(8)
    job = TrainingBudget.of(draw_pretraining(rng, 4), 4)
    return lambda chain: cost(chain, job)
