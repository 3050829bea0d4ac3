"""What ``total``, ``cap`` and ``pause`` share: a figure of training and a limit on it."""

from dataclasses import dataclass
from typing import ClassVar

from tallystick.claims.bounds import MAX_BOUND
from tallystick.claims.figure import FLOP_FIGURES, Figure, amount_text, units_per
from tallystick.errors import FormatError, InputError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.proofs.ristretto import Point


@dataclass(frozen=True)
class TrainingLimit:
    """A limit in FLOP, or in accelerator-milliseconds where ``figure`` is time.

    ``counts_generation``: whether *generation inside training* counts as training.
    """

    figure: Figure
    limit: int
    counts_generation: bool = True

    figures: ClassVar[tuple[Figure, ...]] = FLOP_FIGURES
    known_key: ClassVar[Point | None] = None

    def __post_init__(self) -> None:
        """Raises InputError for a figure that the kind does not have, and for a limit out of range."""
        if self.figure not in self.figures:
            raise InputError(f"the figure of this claim is one of: {', '.join(self.figures)}")
        if self.limit < 0 or self.units > MAX_BOUND:
            most = MAX_BOUND * units_per(self.figure)
            raise InputError(f"the limit {self.limit} is not from 0 to {most}")

    @property
    def units(self) -> int:
        """The limit in units of what is proven, rounded down: no easier to keep than the limit itself."""
        return self.limit // units_per(self.figure)

    @property
    def limit_text(self) -> str:
        """The limit as it is proven, for people."""
        return amount_text(self.figure, self.units)

    @property
    def generation_text(self) -> str:
        """What the verdict says of generation."""
        return f"generation inside training {'' if self.counts_generation else 'not '}counted"

    def fields(self) -> dict[str, Json]:
        """Limit and generation."""
        return {"counts_generation": self.counts_generation, "limit": str(self.limit)}


def read_flag(fields: Fields, key: str, where: str) -> bool:
    """A JSON boolean. Raises FormatError."""
    value = fields.raw(key)
    if not isinstance(value, bool):
        raise FormatError(f"field {key!r} must be true or false", where=where)
    return value
