"""The workload classes, in their fixed order."""

from enum import StrEnum


class WorkloadClass(StrEnum):
    """What kind of work an accelerator did (design, section 4)."""

    PRETRAINING = "pretraining"
    FINE_TUNING = "fine-tuning"
    INFERENCE = "inference"
    OTHER = "other"
    IDLE = "idle"

    @property
    def is_training(self) -> bool:
        """Whether regimes count the work's FLOP as training."""
        return self in (WorkloadClass.PRETRAINING, WorkloadClass.FINE_TUNING)


CLASSES: tuple[WorkloadClass, ...] = tuple(WorkloadClass)

#: Verdict where the work is training and the classifier cannot tell which kind.
TRAINING_UNCLEAR = len(CLASSES)
#: Verdict where the work is no training and the classifier cannot tell what else.
NO_TRAINING_UNCLEAR = len(CLASSES) + 1
#: Verdict where the classifier abstained: not even whether it is training.
ABSTAINED = len(CLASSES) + 2
#: Verdict where there was nothing to classify.
NOT_OBSERVED = len(CLASSES) + 3
#: Verdicts by index, as people read them.
VERDICT_NAMES: tuple[str, ...] = (
    *(c.value for c in CLASSES),
    "training of unclear kind",
    "no training, kind unclear",
    "abstained",
    "not observed",
)
#: Indexes of the verdicts that mean training.
TRAINING_VERDICTS = frozenset({*(i for i, c in enumerate(CLASSES) if c.is_training), TRAINING_UNCLEAR})
