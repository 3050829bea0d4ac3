"""``pause``: all training of the period is within a declared allowance."""

from dataclasses import dataclass
from typing import ClassVar

from tallystick.claims.bounds import Bound, Sense, terms_over, training_columns
from tallystick.claims.figure import FLOP_FIGURES, Figure
from tallystick.claims.public_record import PublicRecord
from tallystick.claims.training_limit import TrainingLimit


@dataclass(frozen=True)
class Pause(TrainingLimit):
    """``limit`` is the allowance: FLOP, or accelerator-milliseconds where the figure is accelerator-time."""

    kind: ClassVar[str] = "pause"
    figures: ClassVar[tuple[Figure, ...]] = (*FLOP_FIGURES, Figure.ACCELERATOR_TIME)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return f"training is within the allowance of {self.limit_text}, {self.generation_text}"

    def bounds(self, record: PublicRecord) -> tuple[Bound, ...]:
        """One bound, over all columns of training."""
        columns = training_columns(record.plan, self.counts_generation)
        terms = terms_over(record, self.figure, columns)
        return (Bound("training", self.figure, terms, Sense.AT_MOST, self.units),)
