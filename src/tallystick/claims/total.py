"""``total``: the training FLOP of the period is exactly X, or at most X."""

from dataclasses import dataclass
from typing import ClassVar

from tallystick.claims.bounds import Bound, Sense, terms_over, training_columns
from tallystick.claims.figure import Figure, units_per
from tallystick.claims.public_record import PublicRecord
from tallystick.claims.training_limit import TrainingLimit, read_flag
from tallystick.errors import FormatError, InputError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields


@dataclass(frozen=True)
class Total(TrainingLimit):
    """``limit`` is X in FLOP. Where ``exact``, X is opened, and a whole multiple of 1e9 FLOP."""

    exact: bool = False

    kind: ClassVar[str] = "total"

    def __post_init__(self) -> None:
        """Raises InputError as ``TrainingLimit``, and for an exact total between two units."""
        TrainingLimit.__post_init__(self)
        if self.exact and self.limit % units_per(self.figure):
            raise InputError("an exact total is a whole multiple of 1e9 FLOP")

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        sense = "exactly" if self.exact else "at most"
        return f"training is {sense} {self.limit_text}, {self.generation_text}"

    def fields(self) -> dict[str, Json]:
        """For the canonical encoding."""
        return {**TrainingLimit.fields(self), "exact": self.exact}

    def bounds(self, record: PublicRecord) -> tuple[Bound, ...]:
        """One bound, over all columns of training."""
        columns = training_columns(record.plan, self.counts_generation)
        sense = Sense.EXACTLY if self.exact else Sense.AT_MOST
        terms = terms_over(record, self.figure, columns)
        return (Bound("training", self.figure, terms, sense, self.units),)


def read_total(figure: Figure, value: Json, where: str) -> Total:
    """The inverse of ``Total.fields``. Raises FormatError."""
    fields = Fields(value, ("counts_generation", "exact", "limit"), where)
    generation, exact = read_flag(fields, "counts_generation", where), read_flag(fields, "exact", where)
    limit = fields.amount("limit")
    try:
        return Total(figure, limit, generation, exact)
    except InputError as error:
        raise FormatError(error.problem, where=where) from error
