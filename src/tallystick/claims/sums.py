"""Evaluate linear forms over a period: the verifier on commitments, the operator on what they hide.

Each (group of rows, column, amount) is summed once, however many claims speak of it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from tallystick.claims.bounds import Term
from tallystick.claims.figure import RowGroup
from tallystick.claims.public_record import PublicRecord
from tallystick.errors import VerificationError
from tallystick.evidence.matrix.amounts import Amount, position
from tallystick.evidence.matrix.check_row import CheckedRow
from tallystick.evidence.matrix.row import RowOpening
from tallystick.evidence.matrix.sums import Matrix, OpenMatrix, check_complete
from tallystick.evidence.proofs.pedersen import Opening, sum_openings, weigh_openings
from tallystick.evidence.proofs.ristretto import Point, multiply, total

_Key = tuple[RowGroup, int, Amount]


class CommittedSums:
    """Sums of the commitments of a complete matrix."""

    def __init__(self, record: PublicRecord, matrix: Matrix) -> None:
        """Raises VerificationError for other plans than the record's, and for a row missing or not due."""
        if matrix.plans != record.plans:
            raise VerificationError("the matrix has other plans of columns than the log")
        check_complete(matrix, (due.place for due in record.due))
        self._record = record
        self._matrix = matrix
        self._sums: dict[_Key, Point] = {}

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of all rows by site, day and row: place, inventory time, peak rates, every commitment."""
        rows = {row.place: row for row in self._matrix.rows}
        digest = hashlib.sha256()
        for due in self._record.ordered:
            commitments = rows[due.place].commitments
            rates = self._record.rates.get(due.place)
            digest.update(hashlib.sha256(due.place.encoding()).digest())
            digest.update(due.inventory_ms.to_bytes(8, "little"))
            for rate in (rates.flop_per_s, rates.flop_per_mj) if rates else (0, 0):
                digest.update((rate or 0).to_bytes(16, "little"))
            digest.update(len(commitments).to_bytes(4, "little") + b"".join(commitments))
        return digest.digest()

    def weigh(self, terms: Sequence[Term]) -> Point:
        """The commitment to a form."""
        by_factor: dict[int, list[Point]] = defaultdict(list)
        for term in terms:
            by_factor[term.rule.factor].append(self._sum(term))
        products = [multiply(factor, total(points)) for factor, points in by_factor.items()]
        return total(products)

    def _sum(self, term: Term) -> Point:
        key = (term.group, term.column, term.rule.amount)
        if key not in self._sums:
            at = position(term.column, term.rule.amount)
            self._sums[key] = total(
                row.commitments[at] for row in self._rows[term.group] if term.column < row.columns
            )
        return self._sums[key]

    @cached_property
    def _rows(self) -> dict[RowGroup, list[CheckedRow]]:
        grouped: dict[RowGroup, list[CheckedRow]] = defaultdict(list)
        for row in self._matrix.rows:
            grouped[self._record.group_of(row.place)].append(row)
        return grouped


class OpenedSums:
    """The same sums of what the commitments hide. Secret."""

    def __init__(self, record: PublicRecord, matrix: OpenMatrix) -> None:
        """Raises VerificationError for a row that is missing or not due."""
        check_complete(matrix, (due.place for due in record.due))
        self._record = record
        self._matrix = matrix
        self._sums: dict[_Key, Opening] = {}

    def weigh(self, terms: Sequence[Term]) -> Opening:
        """What a form comes to, and its blinding."""
        return weigh_openings([term.rule.factor for term in terms], [self._sum(term) for term in terms])

    def by_day(self, terms: Sequence[Term]) -> dict[int, int]:
        """What a form comes to on each day, by ascending day."""
        days: dict[int, int] = defaultdict(int)
        for term in terms:
            at = position(term.column, term.rule.amount)
            for row in self._rows[term.group]:
                if term.column < row.columns:
                    days[row.place.day] += term.rule.factor * row.amounts.flat[at]
        return dict(sorted(days.items()))

    def _sum(self, term: Term) -> Opening:
        key = (term.group, term.column, term.rule.amount)
        if key not in self._sums:
            rows = [row for row in self._rows[term.group] if term.column < row.columns]
            self._sums[key] = sum_openings(row.cell(term.column, term.rule.amount) for row in rows)
        return self._sums[key]

    @cached_property
    def _rows(self) -> dict[RowGroup, list[RowOpening]]:
        grouped: dict[RowGroup, list[RowOpening]] = defaultdict(list)
        for row in self._matrix.rows:
            grouped[self._record.group_of(row.place)].append(row)
        return grouped
