from dataclasses import replace

import numpy as np
import pytest

from tallystick.simulation.catalogue import CATALOGUE
from tallystick.simulation.evasions.low_communication import LowCommunication
from tallystick.simulation.inference_kinds import apart_over_nodes
from tallystick.simulation.infiniband import PORT_BYTES_PER_S, collective_share
from tallystick.simulation.signals import Float64, Process, Quantity
from tallystick.simulation.source import open_simulation
from tallystick.simulation.step_time import allreduce_s
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import draw_pretraining
from tallystick.telemetry.table import SampleTable
from tallystick.workloads.traffic import PORTS, traffic_totals

KINDS = {kind.name: kind for kind in CATALOGUE}
#: Bytes per second of a node's ports without any job, both ways: PortCounters' background.
BACKGROUND = 4e6


def ports(process: Process, minutes: int = 20) -> Float64:
    """Mean bytes per second (2, nodes) that each node's accelerators send and receive after the start."""
    signals = process.advance(np.arange(minutes * 6 + 1) * 10.0)[..., 36:]
    both = signals[[Quantity.INFINIBAND_TX, Quantity.INFINIBAND_RX]].astype(np.float64)
    assert both.min() >= 0
    assert both.max() <= PORT_BYTES_PER_S * 1.05
    return np.asarray(both.sum(axis=2).mean(axis=-1))


def started(name: str, nodes: int, seed: int = 1) -> Process:
    return KINDS[name].start(np.random.default_rng(seed), nodes, 1e5)


@pytest.mark.parametrize(
    "name", ["pretraining 3d", "pretraining zero", "moe pretraining", "rl short rollouts"]
)
def test_training_over_nodes_sends_what_it_receives(name: str) -> None:
    sent, received = ports(started(name, 2))
    assert sent.min() > 1e8
    assert np.abs(received / sent - 1).max() < 0.01


@pytest.mark.parametrize("name", ["pretraining small", "full fine-tuning", "chat", "disaggregated", "agents"])
def test_work_on_one_node_leaves_the_ports_alone(name: str) -> None:
    assert ports(started(name, 1)).max() == 0


def test_caches_go_one_way() -> None:
    sent, received = ports(started("prefill pool, busy", 1))
    assert sent.min() > 1e8
    assert received.max() == 0
    sent, received = ports(started("decode pool, busy", 1))
    assert received.min() > 1e8
    assert sent.max() == 0
    sent, received = ports(apart_over_nodes((0.5, 1.0))(np.random.default_rng(3), 4, 1e5))
    assert sent[:2].min() > 1e8
    assert np.abs(received[2:] / sent[:2] - 1).max() < 0.01
    assert sent[2:].max() == received[:2].max() == 0


def test_experts_served_over_nodes_are_as_symmetric_as_training() -> None:
    sent, received = ports(started("experts over nodes, busy", 2))
    assert sent.min() > 1e8
    assert np.abs(received / sent - 1).max() < 0.01


def test_low_communication_training_sends_hundreds_of_times_less() -> None:
    parameters = replace(draw_pretraining(np.random.default_rng(5), 2), startup_s=0.0, step_s=4.0)

    def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
        return TrainingProcess(parameters, nodes, duration_s, rng)

    honest = ports(start(np.random.default_rng(1), 2, 1e5)).mean()
    strategy = LowCommunication(inner_steps=500)
    evading = strategy.apply(start)(np.random.default_rng(1), 2, 1e5)
    hour = evading.advance(np.arange(1441) * 10.0)[Quantity.INFINIBAND_TX].astype(np.float64)
    assert 0 < hour.sum(axis=1).mean() < honest / 100
    wanted = allreduce_s(2, strategy.weights * strategy.bytes_per_weight, strategy.bytes_per_s)
    meetings = hour[0].sum(axis=0).sum() * 10.0 / (wanted * strategy.bytes_per_s)
    assert meetings == pytest.approx(round(meetings), abs=0.01)


def test_a_collective_over_one_node_crosses_none() -> None:
    assert collective_share(1) == 0
    assert collective_share(8) == pytest.approx(7 / 8 / 7)


def test_counters_are_the_nodes_and_hold_a_background() -> None:
    table: SampleTable = next(open_simulation("honest,seed=4,accelerators=64,hours=1,traces=off").slots())
    totals = traffic_totals(table, PORTS)
    nodes = [i for i, s in enumerate(table.subjects) if s.kind.value == "node"]
    others = [i for i in range(len(table.subjects)) if i not in nodes]
    assert totals[:, others].max() == 0
    assert totals[:, nodes].min() > 0
    # work of honest sites of 64 accelerators is of one node, or of a few
    assert np.median(totals[:, nodes].sum(axis=0)) < BACKGROUND * 900
