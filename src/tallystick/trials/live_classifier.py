"""A live copy of the classifier, as a white-box evader runs it on its own telemetry."""

import numpy as np

from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.records.workload import CLASSES
from tallystick.simulation.chip import H100
from tallystick.simulation.evasions.white_box import Detector
from tallystick.simulation.power import IDLE_W
from tallystick.simulation.sensors import IDLE_MEMORY_BYTES
from tallystick.simulation.signals import Float32, Float64, Quantity
from tallystick.telemetry.table import Int64, SampleTable
from tallystick.units import NS_PER_S, PPM, WINDOW_NS
from tallystick.workloads.classifier import KindClassifier
from tallystick.workloads.features import features

#: Seconds between the samples that the evader expects the inspector to see.
INTERVAL_S = 10
WINDOW_S = WINDOW_NS // NS_PER_S
_TRAINING = [i for i, workload in enumerate(CLASSES) if workload.is_training]


def live_classifier(model: KindClassifier) -> Detector:
    """Probability of training that ``model`` gives to the last window of an H100's contribution.

    Until a window has passed it judges what there is; with too few samples to judge, it says 0.
    """

    def probability(window: Float32) -> float:
        found = features(window_table(window[:, -WINDOW_S:]), SubjectKind.ACCELERATOR)
        if not found.observed[0]:
            return 0.0
        return float(model.judge(found).likely_ppm[0, _TRAINING].sum()) / PPM

    return probability


def window_table(window: Float32) -> SampleTable:
    """What a sensor without error reports of ``window`` (quantities, seconds), every ``INTERVAL_S``."""
    ticks = window.shape[1] // INTERVAL_S
    whole = window[:, window.shape[1] - ticks * INTERVAL_S :].astype(np.float64)
    means = whole.reshape(len(whole), ticks, INTERVAL_S).mean(axis=2)
    readings = {
        "DCGM_FI_DEV_POWER_USAGE": _integers(1000 * (means[Quantity.POWER_W] + IDLE_W)),
        "DCGM_FI_DEV_GPU_UTIL": _integers(100 * means[Quantity.UTILISATION].clip(0, 1)) * (PPM // 100),
        "DCGM_FI_PROF_SM_ACTIVE": _integers(PPM * means[Quantity.SM].clip(0, 1)),
        "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE": _integers(PPM * means[Quantity.TENSOR].clip(0, 1)),
        "DCGM_FI_PROF_DRAM_ACTIVE": _integers(PPM * means[Quantity.DRAM].clip(0, 1)),
        "DCGM_FI_DEV_FB_USED": _integers(means[Quantity.MEMORY_BYTES] + IDLE_MEMORY_BYTES),
        "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES": _integers(np.cumsum(INTERVAL_S * means[Quantity.NVLINK_TX])),
        "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES": _integers(np.cumsum(INTERVAL_S * means[Quantity.NVLINK_RX])),
    }
    interval_ns = INTERVAL_S * NS_PER_S
    kind = SubjectKind.ACCELERATOR
    evader = Subject("own", kind, H100.accelerator, ("own",), "own", Trust.OPERATOR, interval_ns, 0)
    nothing = np.zeros(ticks, dtype=np.int64)
    times = np.arange(ticks, dtype=np.int64) * interval_ns
    return SampleTable((evader,), nothing, times, nothing, readings)


def _integers(values: Float64) -> Int64:
    return np.rint(values).astype(np.int64)
