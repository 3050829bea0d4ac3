"""Days, columns and sites add up; public rules weigh them; a total opens to what it is and nothing else."""

from dataclasses import replace
from functools import cache

import pytest
from matrix_rows import (
    DAY_MS,
    FIRST_DAY,
    GROWN,
    IDLE,
    LINEAGE,
    OTHER,
    PLAN,
    due_row,
    honest,
    opening,
)

from tallystick.errors import InputError, VerificationError
from tallystick.evidence.matrix.amounts import Amount, CellAmounts, whole_flop_units, whole_joules
from tallystick.evidence.matrix.check_row import CheckedRow, check_row
from tallystick.evidence.matrix.flop_rules import ESTIMATE, PeakRates, bound_by_energy, bound_by_time
from tallystick.evidence.matrix.place import DueRow, RowPlace
from tallystick.evidence.matrix.sums import (
    Matrix,
    OpenMatrix,
    Rule,
    check_complete,
    check_total,
    every,
    open_total,
)
from tallystick.evidence.proofs.pedersen import Opening

#: Two days of one site under one plan, and a day of another site under the plan that grew.
PLACES = (
    (due_row(), PLAN, 500_000_000),
    (due_row(day=FIRST_DAY + 1), PLAN, 500_000_000),
    (due_row(site="Brume", plan=GROWN), GROWN, 300_000_000),
)
H100 = PeakRates(flop_per_s=2_323_970_000_000_000, flop_per_mj=5_654_000_000)


@cache
def matrix() -> Matrix:
    rows = [check_row(plan, due, honest(due, plan, training)) for due, plan, training in PLACES]
    return Matrix((PLAN, GROWN), tuple(rows))


def open_matrix() -> OpenMatrix:
    rows = [opening(due, plan, training) for due, plan, training in PLACES]
    return OpenMatrix((PLAN, GROWN), tuple(rows))


def test_days_and_sites_add_up_to_the_lineage() -> None:
    total = open_total(open_matrix(), [LINEAGE], every(Amount.TIME))
    assert total.value == 1_300_000_000
    check_total(matrix(), [LINEAGE], every(Amount.TIME), total)


def test_a_spare_column_that_only_the_later_plan_has_adds_nothing() -> None:
    columns = [OTHER, IDLE, LINEAGE, LINEAGE + 1]
    total = open_total(open_matrix(), columns, every(Amount.TIME))
    assert total.value == 3 * DAY_MS
    check_total(matrix(), columns, every(Amount.TIME), total)


def test_another_total_is_refused() -> None:
    total = open_total(open_matrix(), [LINEAGE], every(Amount.ENERGY))
    for wrong in (
        replace(total, value=total.value - 1),
        replace(total, blinding=total.blinding + 1),
        Opening(0, 0),
    ):
        with pytest.raises(VerificationError, match="does not open to"):
            check_total(matrix(), [LINEAGE], every(Amount.ENERGY), wrong)
    with pytest.raises(VerificationError):
        check_total(matrix(), [LINEAGE], every(Amount.TIME), total)


def test_flop_bounds_follow_from_time_and_energy_by_public_rules() -> None:
    """In 1e9 FLOP; the bound by time for one site and by energy for the other, chosen in the open."""
    assert (bound_by_time(H100).factor, bound_by_energy(H100).factor, ESTIMATE.factor) == (2324, 5654, 10_000)

    def rule_of(place: RowPlace) -> Rule:
        return bound_by_time(H100) if place.site == "Arden" else bound_by_energy(H100)

    total = open_total(open_matrix(), [OTHER, LINEAGE], rule_of)
    assert total.value == 2324 * 1_000_000_000 + 5654 * 210_000_000
    check_total(matrix(), [OTHER, LINEAGE], rule_of, total)
    estimate = open_total(open_matrix(), [LINEAGE], lambda place: ESTIMATE)
    assert estimate.value == 10_000 * 52_000_000
    check_total(matrix(), [LINEAGE], lambda place: ESTIMATE, estimate)


def test_rules_round_bounds_up() -> None:
    rates = PeakRates(flop_per_s=10**12 + 1, flop_per_mj=10**6 + 1)
    assert (bound_by_time(rates).factor, bound_by_energy(rates).factor) == (2, 2)


def test_energy_bounds_nothing_where_its_rate_is_not_known() -> None:
    with pytest.raises(InputError, match="not known for these accelerators"):
        bound_by_energy(PeakRates(flop_per_s=10**12, flop_per_mj=None))


def test_a_negative_factor_is_refused() -> None:
    def rule_of(place: RowPlace) -> Rule:
        return Rule(Amount.TIME, -1)

    with pytest.raises(InputError, match="factor"):
        open_total(open_matrix(), [LINEAGE], rule_of)
    with pytest.raises(InputError, match="factor"):
        check_total(matrix(), [LINEAGE], rule_of, Opening(0, 1))


@pytest.mark.parametrize("columns", [[], [LINEAGE, LINEAGE], [4], [-1]])
def test_a_column_counted_twice_or_never_declared_is_refused(columns: list[int]) -> None:
    with pytest.raises(InputError, match="each once"):
        check_total(matrix(), columns, every(Amount.TIME), Opening(0, 1))


def test_a_row_counted_twice_is_refused() -> None:
    with pytest.raises(VerificationError, match="the row is there twice"):
        Matrix((PLAN, GROWN), matrix().rows + matrix().rows[:1])


def test_rows_of_another_plan_or_operator_are_refused() -> None:
    with pytest.raises(VerificationError, match="another plan"):
        Matrix((PLAN,), matrix().rows)
    row = matrix().rows[0]
    with pytest.raises(VerificationError, match="another operator"):
        Matrix((PLAN,), (CheckedRow(replace(row.place, operator="Borealis"), row.commitments),))


def test_a_row_left_out_and_one_that_is_not_due_are_named() -> None:
    due = [place.place for place, _, _ in PLACES]
    check_complete(matrix(), due)
    with pytest.raises(VerificationError, match=r"site Arden, 2026-03-04, row 0: the row is missing"):
        check_complete(matrix(), [*due, due_row(day=FIRST_DAY + 2).place])
    with pytest.raises(VerificationError, match=r"site Brume, 2026-03-02, row 0: no such row is due"):
        check_complete(matrix(), due[:2])


def test_one_amount_of_one_row_opens_alone() -> None:
    due: DueRow = PLACES[0][0]
    one = Matrix((PLAN,), matrix().rows[:1])
    check_total(one, [IDLE], every(Amount.ENERGY), opening(due).cell(IDLE, Amount.ENERGY))


def test_units_round_up_and_refuse_what_is_no_amount() -> None:
    assert (whole_joules(0), whole_joules(1), whole_joules(2000)) == (0, 1, 2)
    assert (whole_flop_units(10**13), whole_flop_units(10**13 + 1)) == (1, 2)
    for bad in (-1, 2**32, True, 1.0):
        with pytest.raises(InputError, match="which a row cannot hold"):
            CellAmounts(time_ms=bad)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="negative"):
        whole_joules(-1)
