import numpy as np
import pytest

from tallystick.records.sample import CHANNELS
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import WorkloadClass
from tallystick.simulation.evasions.catalogue import EVASIONS, hidden
from tallystick.simulation.evasions.paced import PacedProcess
from tallystick.simulation.signals import QUANTITIES, Float32, Process, Quantity
from tallystick.simulation.training import TrainingProcess
from tallystick.simulation.training_family import draw_pretraining
from tallystick.simulation.work_kind import WorkKind
from tallystick.trials.live_classifier import INTERVAL_S, WINDOW_S, live_classifier, window_table
from tallystick.workloads.classifier import Classifier


def start(rng: np.random.Generator, nodes: int, duration_s: float) -> Process:
    return TrainingProcess(draw_pretraining(rng, nodes), nodes, duration_s, rng)


KIND = WorkKind("base", "pretraining", "training", WorkloadClass.PRETRAINING, start)


def test_the_copy_reads_what_a_sensor_would() -> None:
    window = np.zeros((QUANTITIES, 47), dtype=np.float32)
    window[Quantity.POWER_W] = np.arange(47)
    window[Quantity.NVLINK_TX] = 1e9
    table = window_table(window)
    assert len(table) == 4
    assert list(table.channels["DCGM_FI_DEV_POWER_USAGE"]) == [81_500, 91_500, 101_500, 111_500]
    assert set(np.diff(table.channels["DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES"])) == {10**10}
    assert all(CHANNELS[name].subject is SubjectKind.ACCELERATOR for name in table.channels)


def test_the_copy_knows_training_and_does_not_judge_too_little() -> None:
    model = Classifier.load().kinds[SubjectKind.ACCELERATOR]
    copy = live_classifier(model)
    signals = start(np.random.default_rng(5), 2, 1e5).advance(np.arange(1200, 1501, dtype=float))
    assert copy(signals[:, 0, 0]) > 0.5
    idle = np.zeros((QUANTITIES, WINDOW_S), dtype=np.float32)
    assert copy(idle) < 0.3
    assert copy(idle[:, : INTERVAL_S - 1]) == 0.0


def test_an_evader_with_a_copy_of_the_shipped_model_trains_only_while_it_is_not_seen() -> None:
    queries: list[float] = []
    copy = live_classifier(Classifier.load().kinds[SubjectKind.ACCELERATOR])

    def counted(window: Float32) -> float:
        queries.append(copy(window))
        return queries[-1]

    evasion = next(e for e in EVASIONS if e.name == "whitebox_full/live_copy").against(
        counted, WINDOW_S, 30.0
    )
    process = hidden(KIND, evasion).start(np.random.default_rng(2), 1, 1e5)
    process.advance(np.arange(0, 1801, 10, dtype=float))
    assert isinstance(process, PacedProcess)
    trained = process.trained_s / 1800
    quiet = np.mean(np.array([0.0, *queries]) < 0.30)
    assert len(queries) == 59
    assert trained == pytest.approx(quiet, abs=0.02)
