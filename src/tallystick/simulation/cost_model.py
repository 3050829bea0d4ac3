"""What training costs in time and energy, and what an evasion does to both. Modelled, never measured.

A ``TrainingBudget`` says how one optimiser step spends the time of its accelerators. A strategy turns one
budget into another; comparing the two for the same useful training gives the cost. Energy is power times
time with the idle floor, loaded memory and host of ``simulation.power``, for all accelerators of the job
and the whole time: cover work is counted as worthless to the evader.
"""

from dataclasses import dataclass, replace
from typing import Self

from tallystick.simulation.power import HOST_LEAST_W, HOST_MOST_W, HOST_PER_DYNAMIC_W, IDLE_W, LOADED_W
from tallystick.simulation.signals import ACCELERATORS_PER_NODE, Quantity
from tallystick.simulation.training_family import Phase, TrainingParameters
from tallystick.units import PPM

#: Share of the exposed exchange that crosses nodes in a job of several; an assumption.
BETWEEN_NODES = 0.7
#: Batch of honest large-scale training over its critical batch (arXiv 1812.06162); an assumption.
BATCH_OVER_CRITICAL = 0.1
MODELLED = "modelled"


@dataclass(frozen=True)
class TrainingBudget:
    """One optimiser step of a job on ``nodes`` nodes.

    ``*_s`` are seconds of a step in which all its accelerators compute, exchange, wait for the pipeline,
    or pause for checkpoints and evaluations; ``*_w`` are watts of one accelerator above a loaded one in
    them. ``between_nodes`` is the share of the exchange that crosses nodes. ``pace`` and ``power`` are
    multiples of the speed and of the dynamic power of these steps, ``examples`` of the examples needed.
    The job gets ``share`` of the accelerators' time; ``rest_w`` is what the rest of their time adds to
    the mean watts of one accelerator.
    """

    nodes: int
    compute_s: float
    communication_s: float
    bubble_s: float
    pause_s: float
    compute_w: float
    communication_w: float
    bubble_w: float
    pause_w: float
    between_nodes: float
    pace: float = 1.0
    power: float = 1.0
    examples: float = 1.0
    share: float = 1.0
    rest_w: float = 0.0

    @classmethod
    def of(cls, parameters: TrainingParameters, nodes: int) -> Self:
        """The budget of a simulated job of these parameters."""
        p = parameters
        watts = [float(row[Quantity.POWER_W]) for row in p.activity]
        writing = p.step_s * p.checkpoint_s / p.checkpoint_every_s
        evaluating = p.step_s * p.evaluation_s / p.evaluation_every_s
        pause_s = writing + evaluating
        pause_ws = writing * watts[Phase.PAUSE] + evaluating * watts[Phase.EVALUATION]
        return cls(
            nodes=nodes,
            compute_s=p.step_s * (1 - p.communication - p.bubble),
            communication_s=p.step_s * p.communication,
            bubble_s=p.step_s * p.bubble,
            pause_s=pause_s,
            compute_w=watts[Phase.COMPUTE],
            communication_w=watts[Phase.COMMUNICATION],
            bubble_w=watts[Phase.WAIT],
            pause_w=pause_ws / pause_s if pause_s else 0.0,
            between_nodes=BETWEEN_NODES if nodes > 1 else 0.0,
        )

    @property
    def step_s(self) -> float:
        """Seconds from one step to the next at full pace, pauses included."""
        return self.compute_s + self.communication_s + self.bubble_s + self.pause_s

    @property
    def training_w(self) -> float:
        """Mean watts above a loaded accelerator while the job has it."""
        joules = (
            self.compute_s * self.compute_w
            + self.communication_s * self.communication_w
            + self.bubble_s * self.bubble_w
            + self.pause_s * self.pause_w
        )
        return self.power * joules / self.step_s

    @property
    def throughput(self) -> float:
        """Useful steps per second of the job's life."""
        return self.share * self.pace / (self.step_s * self.examples)

    @property
    def mean_w(self) -> float:
        """Mean watts of one accelerator and its part of the host."""
        dynamic = LOADED_W + self.share * self.training_w + self.rest_w
        host = (HOST_LEAST_W + HOST_MOST_W) / 2 / ACCELERATORS_PER_NODE
        return host + IDLE_W + dynamic * (1 + HOST_PER_DYNAMIC_W)

    def giving_up(self, share: float, to_w: float = 0.0) -> Self:
        """The budget when ``share`` of all time, whatever it is spent on, goes to work of ``to_w`` watts."""
        return replace(self, share=self.share * (1 - share), rest_w=self.rest_w * (1 - share) + share * to_w)


@dataclass(frozen=True, slots=True)
class EvasionCost:
    """What an evasion costs, as ppm of the same useful training on the same accelerators without it.

    ``throughput_ppm`` is what is left of useful training per second, ``energy_ppm`` and ``time_ppm`` what
    the same training then takes. ``basis`` says that no machine measured it.
    """

    throughput_ppm: int
    energy_ppm: int
    time_ppm: int
    basis: str = MODELLED


def compare(evading: TrainingBudget, honest: TrainingBudget) -> EvasionCost:
    """The cost of training by ``evading`` rather than by ``honest``."""
    left = evading.throughput / honest.throughput
    return EvasionCost(
        throughput_ppm=round(PPM * left),
        energy_ppm=round(PPM * evading.mean_w / honest.mean_w / left),
        time_ppm=round(PPM / left),
    )
