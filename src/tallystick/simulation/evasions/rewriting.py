"""Strategies that change the training program itself, where its parameters are known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tallystick.simulation.evasions.pacing import Steady, paced
from tallystick.simulation.signals import Process, Quantity
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import TrainingParameters
from tallystick.simulation.work_kind import Start

Change = Callable[[TrainingParameters], TrainingParameters]


def parameters_of(process: Process) -> TrainingParameters | None:
    """The parameters of a training process; None for any other."""
    return process._parameters if isinstance(process, TrainingProcess) else None


def rewritten(start: Start, change: Change, otherwise: dict[Quantity, float], speed: float = 1.0) -> Start:
    """``start`` with its parameters changed.

    A process that is no ``TrainingProcess`` has none to change: its rows are multiplied by ``otherwise``
    and it runs at ``speed``.
    """

    def started(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        process = start(rng, nodes, duration_s)
        parameters = parameters_of(process)
        if parameters is not None:
            return TrainingProcess(change(parameters), nodes, duration_s, rng)
        wrapped = paced(lambda *_: process, lambda r, lanes: Steady(1.0, speed, otherwise))
        return wrapped(rng, nodes, duration_s)

    return started


def restepped(
    parameters: TrainingParameters, compute: float = 1.0, exchange: float = 1.0, bubble: float = 1.0
) -> TrainingParameters:
    """The same job with each part of its step lasting so many times as long."""
    exchange_s = parameters.communication * parameters.step_s * exchange
    bubble_s = parameters.bubble * parameters.step_s * bubble
    compute_s = (1 - parameters.communication - parameters.bubble) * parameters.step_s * compute
    step_s = compute_s + exchange_s + bubble_s
    return replace(parameters, step_s=step_s, communication=exchange_s / step_s, bubble=bubble_s / step_s)
