"""What the columns of the matrix mean: roles in the open, lineages committed once and for good.

All lineages of a plan are committed at once, spare ones to identifiers drawn in advance, so that the log
does not show when a lineage began. A later plan may only append lineages.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields, hash_from
from tallystick.evidence.matrix.amounts import Amount
from tallystick.evidence.matrix.blinding import check_secret
from tallystick.evidence.matrix.place import MAX_NAME
from tallystick.evidence.proofs.statement import MAX_PARTIES
from tallystick.evidence.salted import SALT_BYTES, commitment, salt_for

TYPE = "columns"
#: As many as one range proof can speak of.
MAX_COLUMNS = MAX_PARTIES // len(Amount)
MAX_LINEAGE = 128

_PURPOSE = "tallystick-column/1"


class Role(StrEnum):
    """What a column is for. Every plan has the first two, in this order, and then the others."""

    OTHER_TRAINING = "other training"
    NOT_TRAINING = "not training"
    GENERATION = "generation inside training"
    LINEAGE = "lineage"


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """The columns of an operator. ``meanings`` holds one commitment of 32 bytes for each lineage."""

    operator: str
    generation: bool
    meanings: tuple[bytes, ...]

    def __post_init__(self) -> None:
        """Raises InputError for a plan that no matrix has."""
        if not 0 < len(self.operator) <= MAX_NAME or not self.operator.isprintable():
            raise InputError(f"the operator's name is not 1 to {MAX_NAME} printable characters")
        if len(self.roles) > MAX_COLUMNS:
            raise InputError(f"a plan has at most {MAX_COLUMNS} columns, not {len(self.roles)}")
        if len(set(self.meanings)) != len(self.meanings):
            raise InputError("two columns have one commitment")

    @property
    def roles(self) -> tuple[Role, ...]:
        """The role of each column."""
        generation = (Role.GENERATION,) if self.generation else ()
        lineages = (Role.LINEAGE,) * len(self.meanings)
        return (Role.OTHER_TRAINING, Role.NOT_TRAINING, *generation, *lineages)

    @property
    def first_lineage(self) -> int:
        """The column of the first lineage."""
        return len(self.roles) - len(self.meanings)

    def with_role(self, *roles: Role) -> tuple[int, ...]:
        """The columns that have one of ``roles``."""
        return tuple(column for column, role in enumerate(self.roles) if role in roles)

    def as_json(self) -> Json:
        """The leaf's value."""
        fixed = [{"role": role.value} for role in self.roles[: self.first_lineage]]
        lineages = [{"meaning": meaning.hex(), "role": Role.LINEAGE.value} for meaning in self.meanings]
        return {"columns": fixed + lineages, "operator": self.operator, "type": TYPE}

    def encoding(self) -> bytes:
        """Canonical bytes: the data of the plan's leaf in the log."""
        return canonical.encode(self.as_json())

    @property
    def digest(self) -> bytes:
        """What rows are bound to: SHA-256 of the encoding."""
        return hashlib.sha256(self.encoding()).digest()


@dataclass(frozen=True, slots=True)
class ColumnOpening:
    """What a lineage's column was committed to."""

    column: int
    lineage: str
    salt: bytes

    def meaning(self) -> bytes:
        """The commitment that this opens."""
        return commitment(_PURPOSE, self.salt, _content(self.column, self.lineage))


def plan_columns(
    operator: str, lineages: Sequence[str], secret: bytes, generation: bool = False
) -> tuple[ColumnPlan, tuple[ColumnOpening, ...]]:
    """A plan with one column for each identifier, spare ones included, and what opens it.

    Planning again with more identifiers appended extends the plan. Raises InputError for an identifier that
    is empty, too long or there twice, for too many of them, and for a short secret.
    """
    check_secret(secret)
    if len(set(lineages)) != len(lineages):
        raise InputError("a lineage has two columns", mend="give each lineage one column")
    if any(not 0 < len(lineage) <= MAX_LINEAGE or not lineage.isprintable() for lineage in lineages):
        raise InputError(f"a lineage's identifier is not 1 to {MAX_LINEAGE} printable characters")
    first = len(ColumnPlan(operator, generation, ()).roles)
    openings = []
    for column, lineage in enumerate(lineages, first):
        salt = salt_for(secret, f"column {column} of {operator}", _content(column, lineage))
        openings.append(ColumnOpening(column, lineage, salt))
    return ColumnPlan(operator, generation, tuple(o.meaning() for o in openings)), tuple(openings)


def spare_identifier(secret: bytes, operator: str, column: int) -> str:
    """An identifier for a lineage that does not exist yet: 32 hexadecimal digits that say nothing."""
    check_secret(secret)
    message = f"tallystick-lineage/1\0{operator}\0{column}"
    return hmac.digest(secret, message.encode(), "sha256").hex()[:32]


def decode_plan(data: bytes, where: str) -> ColumnPlan:
    """Read a plan. Raises FormatError unless ``data`` is the one encoding of a plan."""
    return parse_plan(canonical.decode(data, where), where)


def parse_plan(value: Json, where: str) -> ColumnPlan:
    """Read a plan from a leaf's value. Raises FormatError as ``decode_plan``."""
    fields = Fields(value, ("columns", "operator", "type"), where)
    if fields.text("type", MAX_NAME) != TYPE:
        raise FormatError("not a plan of columns", where=where)
    items = fields.items("columns", MAX_COLUMNS)
    generation = {"role": Role.GENERATION.value} in items
    meanings = tuple(_meaning(item, where) for item in items[2 + generation :])
    try:
        plan = ColumnPlan(fields.text("operator", MAX_NAME), generation, meanings)
    except InputError as error:
        raise FormatError(error.problem, where=where) from error
    if plan.as_json() != value:
        raise FormatError("the columns are not in the order of a plan", where=where)
    return plan


def check_meanings(plan: ColumnPlan, openings: Sequence[ColumnOpening], where: str = "") -> None:
    """Raise VerificationError unless the plan's columns mean what ``openings`` say, each something else."""
    seen: dict[str, int] = {}
    for opening in openings:
        index = opening.column - plan.first_lineage
        if not 0 <= index < len(plan.meanings) or len(opening.salt) != SALT_BYTES:
            raise FormatError(f"column {opening.column} opens no lineage of this plan", where=where)
        if not hmac.compare_digest(opening.meaning(), plan.meanings[index]):
            raise VerificationError(
                f"column {opening.column} was not committed to lineage {opening.lineage}", where=where
            )
        if seen.setdefault(opening.lineage, opening.column) != opening.column:
            raise VerificationError(
                f"lineage {opening.lineage} has columns {seen[opening.lineage]} and {opening.column}",
                where=where,
            )


def check_extends(earlier: ColumnPlan, later: ColumnPlan, where: str = "") -> None:
    """Raise VerificationError unless ``later`` is ``earlier``, with or without lineages appended."""
    if (earlier.operator, earlier.generation) != (later.operator, later.generation):
        raise VerificationError("the plan of columns changed its operator or its roles", where=where)
    for index, meaning in enumerate(earlier.meanings):
        if later.meanings[index : index + 1] != (meaning,):
            column = earlier.first_lineage + index
            raise VerificationError(f"column {column} was dropped or changed its meaning", where=where)


def _content(column: int, lineage: str) -> bytes:
    return canonical.encode({"column": column, "lineage": lineage, "role": Role.LINEAGE.value})


def _meaning(item: Json, where: str) -> bytes:
    return hash_from(Fields(item, ("meaning", "role"), where).raw("meaning"), where)
