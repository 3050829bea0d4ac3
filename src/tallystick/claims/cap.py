"""``cap``: no lineage, and not *other training* as a whole, is above a limit.

Amounts are not negative, so a lineage within the cap over all rows is within it over any of them: whatever
days and sites of the claim one picks, no column reaches more there than in all.
"""

from dataclasses import dataclass
from typing import ClassVar

from tallystick.claims.bounds import Bound, Sense, column_text, terms_over, training_columns
from tallystick.claims.public_record import PublicRecord
from tallystick.claims.training_limit import TrainingLimit
from tallystick.evidence.matrix.columns import Role


@dataclass(frozen=True)
class Cap(TrainingLimit):
    """``limit`` is the cap in FLOP.

    Generation that counts is added to every column in full: nobody sees whose it is, so each lineage might
    own all of it.
    """

    kind: ClassVar[str] = "cap"

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"no lineage, and not other training as a whole, is above {self.limit_text}, "
            f"{self.generation_text}"
        )

    def bounds(self, record: PublicRecord) -> tuple[Bound, ...]:
        """One bound for *other training* and for each lineage of the plan, spare ones included."""
        plan = record.plan
        generation = plan.with_role(Role.GENERATION)
        counted = training_columns(plan, self.counts_generation)
        added = tuple(column for column in generation if column in counted)
        return tuple(
            Bound(
                column_text(plan, column),
                self.figure,
                terms_over(record, self.figure, (column, *added)),
                Sense.AT_MOST,
                self.units,
            )
            for column in counted
            if column not in generation
        )
