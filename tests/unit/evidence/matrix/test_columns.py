"""What a column means is committed once and never changes."""

from dataclasses import replace

import pytest
from matrix_rows import GROWN, GROWN_OPENINGS, LINEAGE, OPERATOR, PLAN, PLAN_OPENINGS, SECRET

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.matrix.columns import (
    ColumnOpening,
    Role,
    check_extends,
    check_meanings,
    decode_plan,
    plan_columns,
    spare_identifier,
)


def test_a_plan_opens_and_is_read_back() -> None:
    check_meanings(GROWN, GROWN_OPENINGS)
    assert decode_plan(GROWN.encoding(), "plan") == GROWN
    with_generation, openings = plan_columns(OPERATOR, ["a"], SECRET, generation=True)
    check_meanings(with_generation, openings)
    assert decode_plan(with_generation.encoding(), "plan") == with_generation
    assert with_generation.with_role(Role.GENERATION) == (2,)


def test_a_column_whose_meaning_changed_is_refused() -> None:
    """The same column and salt, opened as another lineage."""
    changed = replace(PLAN_OPENINGS[0], lineage="lineage-b")
    with pytest.raises(VerificationError, match=f"column {LINEAGE} was not committed to lineage lineage-b"):
        check_meanings(PLAN, [changed])


def test_the_meaning_of_another_column_is_refused() -> None:
    moved = replace(GROWN_OPENINGS[0], column=LINEAGE + 1)
    with pytest.raises(VerificationError, match="was not committed"):
        check_meanings(GROWN, [moved])


def test_a_later_plan_that_changes_a_meaning_is_refused() -> None:
    other, _ = plan_columns(OPERATOR, ["lineage-c", "lineage-b"], SECRET)
    with pytest.raises(VerificationError, match=f"column {LINEAGE} was dropped or changed its meaning"):
        check_extends(PLAN, other)


def test_a_later_plan_that_drops_reorders_or_changes_roles_is_refused() -> None:
    check_extends(PLAN, GROWN)
    for later in (
        PLAN,
        replace(GROWN, meanings=GROWN.meanings[::-1]),
        replace(GROWN, generation=True),
        replace(GROWN, operator="Borealis"),
    ):
        with pytest.raises(VerificationError):
            check_extends(GROWN, later)


def test_one_lineage_in_two_columns_is_refused() -> None:
    with pytest.raises(InputError, match="has two columns"):
        plan_columns(OPERATOR, ["lineage-a", "lineage-a"], SECRET)
    split = ColumnOpening(LINEAGE + 1, "lineage-a", bytes(32))
    plan = replace(PLAN, meanings=(*PLAN.meanings, split.meaning()))
    with pytest.raises(VerificationError, match=r"lineage lineage-a has columns 2 and 3"):
        check_meanings(plan, [*PLAN_OPENINGS, split])


def test_a_column_that_is_no_lineage_does_not_open() -> None:
    for column in (0, 1, 3):
        with pytest.raises(FormatError, match="opens no lineage"):
            check_meanings(PLAN, [replace(PLAN_OPENINGS[0], column=column)])


def test_salts_differ_by_column_and_content() -> None:
    _, renamed = plan_columns(OPERATOR, ["lineage-x", "lineage-b"], SECRET)
    salts = {o.salt for o in (*GROWN_OPENINGS, *renamed)}
    assert len(salts) == 3
    assert renamed[1] == GROWN_OPENINGS[1]


def test_a_short_secret_is_refused_for_columns_too() -> None:
    with pytest.raises(InputError, match="at least 32 bytes"):
        plan_columns(OPERATOR, ["lineage-a"], SECRET[:31])
    with pytest.raises(InputError, match="at least 32 bytes"):
        spare_identifier(SECRET[:31], OPERATOR, LINEAGE)


def test_spare_identifiers_are_all_different() -> None:
    assert len({spare_identifier(SECRET, OPERATOR, column) for column in range(20)}) == 20


def test_other_encodings_of_a_plan_are_refused() -> None:
    data = GROWN.encoding()
    for changed in (
        data + b"\n",
        data.replace(b"other training", b"not training", 1),
        data.replace(b'"type":"columns"', b'"type":"column"', 1),
        data.replace(b'{"role":"other training"},', b"", 1),
        b'{"columns":[],"operator":"Ares","type":"columns"}',
    ):
        with pytest.raises(FormatError):
            decode_plan(changed, "plan")
