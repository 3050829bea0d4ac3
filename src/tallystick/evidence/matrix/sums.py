"""Add rows of the matrix up, over days, columns and sites, weighed by public linear rules.

The verifier adds commitments, the operator the openings of the same terms; whoever has both sides of a
figure checks it with ``check_total``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tallystick.errors import InputError, VerificationError
from tallystick.evidence.matrix.amounts import Amount, position
from tallystick.evidence.matrix.check_row import CheckedRow
from tallystick.evidence.matrix.columns import ColumnPlan, check_extends
from tallystick.evidence.matrix.place import RowPlace
from tallystick.evidence.matrix.row import RowOpening
from tallystick.evidence.proofs import pedersen
from tallystick.evidence.proofs.pedersen import Opening
from tallystick.evidence.proofs.ristretto import Point, total


@dataclass(frozen=True, slots=True)
class Rule:
    """How a row counts in a figure: one of its amounts, times a public factor in [0, 2**64)."""

    amount: Amount
    factor: int = 1


#: The rule for each row, which may differ by its accelerators. It sees the place alone, so it is public.
RuleOf = Callable[[RowPlace], Rule]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Verified rows of one operator. ``plans``: the stages of its plan of columns, earliest first."""

    plans: tuple[ColumnPlan, ...]
    rows: tuple[CheckedRow, ...]

    def __post_init__(self) -> None:
        """Raises VerificationError for a row that is there twice, of another plan or of another operator."""
        _check(self.plans, self.rows)


@dataclass(frozen=True, slots=True)
class OpenMatrix:
    """The operator's side of a ``Matrix``. Secret."""

    plans: tuple[ColumnPlan, ...]
    rows: tuple[RowOpening, ...]

    def __post_init__(self) -> None:
        """Raises VerificationError as ``Matrix`` does."""
        _check(self.plans, self.rows)


def every(amount: Amount) -> RuleOf:
    """The rule that counts one amount of each row as it is."""
    rule = Rule(amount)
    return lambda place: rule


def check_complete(matrix: Matrix | OpenMatrix, due: Iterable[RowPlace]) -> None:
    """Raise VerificationError unless the matrix holds exactly the rows at ``due``."""
    expected, found = set(due), {row.place for row in matrix.rows}
    for place in sorted(expected - found, key=lambda p: p.key):
        raise VerificationError("the row is missing", where=str(place))
    for place in sorted(found - expected, key=lambda p: p.key):
        raise VerificationError("no such row is due", where=str(place))


def weigh_rows(matrix: Matrix, columns: Sequence[int], rule_of: RuleOf) -> Point:
    """The commitment to a figure: the sum over rows and ``columns`` of factor times amount.

    Raises InputError for a column that is there twice or in no plan, and for a factor out of range.
    """
    _check_columns(matrix.plans, columns)
    terms: dict[int, list[Point]] = defaultdict(list)
    for row in matrix.rows:
        rule = rule_of(row.place)
        here = [column for column in columns if column < row.columns]
        terms[rule.factor] += [row.commitments[position(column, rule.amount)] for column in here]
    return pedersen.weigh_commitments(list(terms), [total(points) for points in terms.values()])


def open_total(matrix: OpenMatrix, columns: Sequence[int], rule_of: RuleOf) -> Opening:
    """What opens the same figure: its value and the same rule over the blindings.

    Openings add up: whoever sees two figures has their sums and differences. Raises as ``weigh_rows``.
    """
    _check_columns(matrix.plans, columns)
    factors, openings = [], []
    for row in matrix.rows:
        rule = rule_of(row.place)
        here = [column for column in columns if column < row.columns]
        factors += [rule.factor] * len(here)
        openings += [row.cell(column, rule.amount) for column in here]
    if any(not 0 <= factor <= pedersen.MAX_VALUE for factor in factors):
        raise InputError(
            "a factor is out of range", mend=f"factors are integers from 0 to {pedersen.MAX_VALUE}"
        )
    return pedersen.weigh_openings(factors, openings)


def check_total(
    matrix: Matrix, columns: Sequence[int], rule_of: RuleOf, opening: Opening, where: str = ""
) -> None:
    """Raise VerificationError unless the figure is what ``opening`` says."""
    pedersen.verify_opening(weigh_rows(matrix, columns, rule_of), opening, where)


def _check(plans: Sequence[ColumnPlan], rows: Sequence[CheckedRow] | Sequence[RowOpening]) -> None:
    if not plans:
        raise InputError("a matrix has at least one plan of columns")
    for earlier, later in pairwise(plans):
        check_extends(earlier, later)
    widths = {plan.digest: len(plan.roles) for plan in plans}
    seen: dict[tuple[str, int, int], list[tuple[int, int]]] = {}
    for row in rows:
        place = row.place
        if place.operator != plans[0].operator:
            raise VerificationError("the row is another operator's", where=str(place))
        if widths.get(place.columns) != row.columns:
            raise VerificationError("the row is of another plan of columns", where=str(place))
        spans = seen.setdefault((place.site, place.day, place.row), [])
        if any(first < place.hours[1] and place.hours[0] < end for first, end in spans):
            raise VerificationError("the row is there twice", where=str(place))
        spans.append(place.hours)


def _check_columns(plans: Sequence[ColumnPlan], columns: Sequence[int]) -> None:
    last = len(plans[-1].roles) - 1
    if not columns or len(set(columns)) != len(columns) or any(not 0 <= column <= last for column in columns):
        raise InputError(f"columns {list(columns)} are not one or more of 0 to {last}, each once")
