"""One colour and one name for each kind of accelerator-time, the same in every picture.

Colours are those of Okabe and Ito (jfly.uni-koeln.de/color), told apart with any colour vision; greys
stand for time without work or without a verdict.
"""

from dataclasses import dataclass

from tallystick.records.entry import UNSTATED
from tallystick.records.workload import WorkloadClass
from tallystick.trials.timeline import ABSTAINED_KEY, NO_TRAINING_KEY, NOT_OBSERVED_KEY, UNCLEAR_KEY


@dataclass(frozen=True, slots=True)
class Shade:
    """How a kind of time is drawn. ``ink`` is the colour of text on it; ``meaning`` is for newcomers."""

    key: str
    label: str
    fill: str
    ink: str
    meaning: str


#: In stacking order, bottom first: training at the bottom, so that its height is read from the axis.
SHADES: dict[str, Shade] = {
    shade.key: shade
    for shade in (
        Shade(
            WorkloadClass.PRETRAINING.value,
            "pre-training",
            "#D55E00",
            "#000000",
            "a model is made from scratch: many accelerators compute in lock-step for hours to months",
        ),
        Shade(
            WorkloadClass.FINE_TUNING.value,
            "fine-tuning",
            "#E69F00",
            "#000000",
            "an existing model is trained further, with far less work",
        ),
        Shade(
            UNCLEAR_KEY,
            "training, kind unclear",
            "#F7D3B0",
            "#000000",
            "training, but the telemetry does not show which kind",
        ),
        Shade(
            WorkloadClass.INFERENCE.value,
            "inference",
            "#0072B2",
            "#FFFFFF",
            "a finished model answers users' requests",
        ),
        Shade(
            WorkloadClass.OTHER.value,
            "other work",
            "#CC79A7",
            "#000000",
            "science, graphics and the like",
        ),
        Shade(
            NO_TRAINING_KEY,
            "no training, kind unclear",
            "#9CC7E4",
            "#000000",
            "the telemetry rules out training, but does not show what else it was",
        ),
        Shade(WorkloadClass.IDLE.value, "idle", "#DDE1E4", "#000000", "switched on, no work"),
        Shade(UNSTATED, "not stated", "#B9A77C", "#000000", "the operator states no class"),
        Shade(
            ABSTAINED_KEY,
            "cannot be told",
            "#8A949E",
            "#000000",
            "the classifier abstains: the telemetry does not show clearly what kind of work it was",
        ),
        Shade(NOT_OBSERVED_KEY, "not observed", "#39424A", "#FFFFFF", "no reading"),
    )
}


#: Keys that mean training of some kind.
TRAINING_KEYS = frozenset({*(c.value for c in WorkloadClass if c.is_training), UNCLEAR_KEY})


def shade_of(workload: WorkloadClass | None) -> Shade:
    """The shade of a run's class; of an abstention where there is none."""
    return SHADES[workload.value if workload else ABSTAINED_KEY]
