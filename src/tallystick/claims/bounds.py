"""A statement about amounts as linear forms over the matrix: each equals, or does not pass, a public number.

Why a false bound has no proof. A row proves that each amount is an integer in [0, 2**32). A form has at most
``MAX_ROWS`` * ``MAX_COLUMNS`` = 2**26 * 85 terms with factors below 2**64, so its sum S is an integer in
[0, 2**129). Bounds are in [0, 2**64). A remainder (bound - S or S - bound) that is negative as an integer is
at least -2**129, and so lies above 2**251 modulo the group's order (2**252): no range proof of 64 bits speaks
of it. A remainder that is not negative but reaches 2**64 cannot be proven either; "at most" never does.
"""

from dataclasses import dataclass
from enum import StrEnum

from tallystick.claims.figure import Figure, RowGroup, rule_for
from tallystick.claims.public_record import PublicRecord
from tallystick.errors import VerificationError
from tallystick.evidence.matrix.columns import ColumnPlan, Role
from tallystick.evidence.matrix.sums import Rule

#: Width of the range proof of a remainder; bounds are below 2**64.
REMAINDER_BITS = 64
MAX_BOUND = 2**REMAINDER_BITS - 1


class Sense(StrEnum):
    """On which side of its bound a form must be."""

    EXACTLY = "exactly"
    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Term:
    """One column over all rows of a group, each counted by ``rule``."""

    group: RowGroup
    column: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class Bound:
    """That the sum of ``terms`` is on one side of ``value``, in units of ``figure``. ``what`` names it."""

    what: str
    figure: Figure
    terms: tuple[Term, ...]
    sense: Sense
    value: int

    def __post_init__(self) -> None:
        """Raises VerificationError for a bound that is not in [0, 2**64)."""
        if not 0 <= self.value <= MAX_BOUND:
            raise VerificationError(
                f"{self.what}: the bound {self.value} is beyond what a claim can prove",
                mend="claim a shorter period or fewer sites",
            )


def terms_over(
    record: PublicRecord, figure: Figure, columns: tuple[int, ...], site: str | None = None
) -> tuple[Term, ...]:
    """The form of a figure over ``columns``, of one site or all. Raises InputError as ``rule_for``."""
    return tuple(
        Term(group, column, rule_for(figure, group))
        for group in record.groups
        if site is None or group.site == site
        for column in columns
    )


def training_columns(plan: ColumnPlan, counts_generation: bool = True) -> tuple[int, ...]:
    """All columns of training; *generation inside training* only where it counts.

    Raises VerificationError where generation is not to count and the plan has no column for it: it is then
    in the lineages' columns, and counts.
    """
    if not counts_generation and not plan.generation:
        raise VerificationError("the plan has no column for generation inside training, which thus counts")
    left_out = {Role.NOT_TRAINING} if counts_generation else {Role.NOT_TRAINING, Role.GENERATION}
    return tuple(column for column, role in enumerate(plan.roles) if role not in left_out)


def column_text(plan: ColumnPlan, column: int) -> str:
    """A column for people: its number and its role."""
    return f"column {column} ({plan.roles[column].value})"
