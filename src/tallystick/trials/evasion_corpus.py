"""Every named evasion on training of several sorts, as kinds of work for a corpus."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tallystick.simulation.cost_model import EvasionCost, TrainingBudget
from tallystick.simulation.evasions.catalogue import EVASIONS, hidden
from tallystick.simulation.evasions.strategy import cost
from tallystick.simulation.evasions.table7 import Evasion
from tallystick.simulation.training_family import draw_pretraining
from tallystick.simulation.training_kinds import TRAINING_KINDS
from tallystick.simulation.work_kind import WorkKind

#: Training that evaders hide: frontier-like kinds, not small vision or recommender models.
HIDDEN_FAMILIES = ("dense transformer", "sharded transformer", "small transformer", "mixture of experts")
#: Families that use several accelerators or nodes by their nature.
ON_SEVERAL_NODES = ("low_communication", "low_communication_cover", "K_ddp", "K_ddp_accum", "L_ddp")
BUDGETS = 12
#: Every how many-th evasion is taken.
ONE_IN = 1


def evasive_kinds(seed: int) -> tuple[WorkKind, ...]:
    """Each named evasion once, on a kind of training drawn with ``seed``; its family is the evasion's."""
    rng = np.random.default_rng(seed)
    kinds = []
    for evasion in EVASIONS[::ONE_IN]:
        several = evasion.family.startswith(ON_SEVERAL_NODES)
        suitable = [
            k
            for k in TRAINING_KINDS
            if k.family in HIDDEN_FAMILIES and (k.most_nodes >= 2 if several else True)
        ]
        base = suitable[int(rng.integers(len(suitable)))]
        least, most = (2, 4) if several else (1, 2)
        kind = hidden(replace(base, least_nodes=least, most_nodes=most), evasion)
        kinds.append(replace(kind, name=evasion.name, family=f"evasion {evasion.family}"))
    return tuple(kinds)


def evasion_costs() -> dict[str, EvasionCost]:
    """Modelled cost of each family: mean over its variants and over drawn training jobs."""
    rng = np.random.default_rng(7)
    jobs = [TrainingBudget.of(draw_pretraining(rng, 4), 4) for _ in range(BUDGETS)]
    found = {}
    for family, variants in _families():
        each = [cost(v.strategies, job) for v in variants for job in jobs]
        found[family] = EvasionCost(
            throughput_ppm=sum(c.throughput_ppm for c in each) // len(each),
            energy_ppm=sum(c.energy_ppm for c in each) // len(each),
            time_ppm=sum(c.time_ppm for c in each) // len(each),
        )
    return found


def _families() -> Iterator[tuple[str, list[Evasion]]]:
    for family in dict.fromkeys(e.family for e in EVASIONS):
        yield family, [e for e in EVASIONS if e.family == family]
