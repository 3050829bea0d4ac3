"""``capacity``: accelerator-time over all columns closes to the inventory, and how it splits if opened.

Every row closes by itself; this claim says it for the period, and opens the balance where wanted.
"""

from dataclasses import dataclass
from typing import ClassVar

from tallystick.claims.bounds import MAX_BOUND, Bound, Sense, terms_over, training_columns
from tallystick.claims.figure import Figure
from tallystick.claims.public_record import PublicRecord
from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.proofs.ristretto import Point


@dataclass(frozen=True)
class Capacity:
    """Accelerator-milliseconds of the inventory; ``training_ms`` of them trained, None where not opened.

    Training here is every column but *not training*: generation inside training included.
    """

    inventory_ms: int
    training_ms: int | None = None

    kind: ClassVar[str] = "capacity"
    figure: ClassVar[Figure] = Figure.ACCELERATOR_TIME
    known_key: ClassVar[Point | None] = None

    def __post_init__(self) -> None:
        """Raises InputError for times out of range."""
        if not 0 <= self.inventory_ms <= MAX_BOUND or not 0 <= (self.training_ms or 0) <= self.inventory_ms:
            raise InputError(f"accelerator-time is from 0 to {MAX_BOUND} ms, training within the inventory")

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        closes = f"accelerator-time closes to the inventory's {self.inventory_ms} ms"
        if self.training_ms is None:
            return closes
        rest = self.inventory_ms - self.training_ms
        return f"{closes} = {self.training_ms} ms training + {rest} ms not training"

    def fields(self) -> dict[str, Json]:
        """For the canonical encoding."""
        training = None if self.training_ms is None else str(self.training_ms)
        return {"inventory_ms": str(self.inventory_ms), "training_ms": training}

    def bounds(self, record: PublicRecord) -> tuple[Bound, ...]:
        """All columns come to the inventory; those of training to their share."""
        if record.inventory_ms != self.inventory_ms:
            raise VerificationError(
                f"the inventory has {record.inventory_ms} ms in this period, not {self.inventory_ms}"
            )
        every = tuple(range(len(record.plan.roles)))
        parts = [("accelerator-time", every, self.inventory_ms)]
        if self.training_ms is not None:
            parts.append(("training", training_columns(record.plan), self.training_ms))
        return tuple(
            Bound(what, self.figure, terms_over(record, self.figure, columns), Sense.EXACTLY, value)
            for what, columns, value in parts
        )


def read_capacity(value: Json, where: str) -> Capacity:
    """The inverse of ``Capacity.fields``. Raises FormatError."""
    fields = Fields(value, ("inventory_ms", "training_ms"), where)
    training = None if fields.raw("training_ms") is None else fields.amount("training_ms")
    inventory = fields.amount("inventory_ms")
    try:
        return Capacity(inventory, training)
    except InputError as error:
        raise FormatError(error.problem, where=where) from error
