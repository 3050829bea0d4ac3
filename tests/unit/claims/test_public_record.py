"""What a verifier knows has to be whole: every hour of every site, each row once, in the claim's context."""

from dataclasses import replace

import pytest
from claims_site import A100, CONTEXT, DAY, DUE, H100, PLAN, RECORD, SECRET

from tallystick.claims.context import ClaimContext, SiteLog
from tallystick.claims.figure import Figure, RowGroup, exact_text, rule_for
from tallystick.errors import InputError
from tallystick.evidence.matrix.amounts import Amount
from tallystick.evidence.matrix.columns import plan_columns
from tallystick.evidence.matrix.flop_rules import PeakRates
from tallystick.evidence.matrix.place import DueRow
from tallystick.evidence.matrix.sums import Rule

ARDEN, BRUME = CONTEXT.sites


def with_hours(due: DueRow, first: int, end: int) -> DueRow:
    return replace(due, place=replace(due.place, hours=(first, end)))


def test_a_period_may_begin_within_a_day() -> None:
    """Brume joins at six: its row speaks of 18 hours."""
    late = replace(CONTEXT, sites=(ARDEN, replace(BRUME, first_hour=BRUME.first_hour + 6)))
    record = replace(RECORD, context=late, due=(*DUE[:-1], with_hours(DUE[-1], 6, 24)))
    assert record.inventory_ms == RECORD.inventory_ms
    with pytest.raises(InputError, match="no row of site Brume is due at 2026-03-03 00:00"):
        replace(record, context=CONTEXT)
    with pytest.raises(InputError, match="the row is outside the claim's period"):
        replace(record, due=DUE)


def test_a_row_may_be_two_parts_of_a_day_but_no_hour_twice() -> None:
    parts = (with_hours(DUE[-1], 0, 12), with_hours(DUE[-1], 12, 24))
    assert len(replace(RECORD, due=(*DUE[:-1], *parts)).due) == 6
    for twice in (parts[0], with_hours(DUE[-1], 11, 24)):
        with pytest.raises(InputError, match="due twice in one hour"):
            replace(RECORD, due=(*DUE[:-1], parts[0], twice))
    with pytest.raises(InputError, match="no row of site Brume is due at 2026-03-03 12:00"):
        replace(RECORD, due=(*DUE[:-1], parts[0]))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"operator": "Borealis"}, "another operator or site"),
        ({"site": "Cirrus"}, "another operator or site"),
        ({"origin": "log.example/other"}, "another log"),
        ({"day": DAY + 2}, "outside the claim's period"),
        ({"columns": bytes(32)}, "another plan of columns"),
    ],
)
def test_a_row_outside_the_context_is_refused(changes: dict[str, object], problem: str) -> None:
    stray = replace(DUE[0], place=replace(DUE[0].place, **changes))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=problem):
        replace(RECORD, due=(*DUE, stray))


def test_a_record_without_rows_or_plans_is_refused() -> None:
    for empty in ({"due": ()}, {"plans": ()}):
        with pytest.raises(InputError, match="at least one plan of columns and of 1 to"):
            replace(RECORD, **empty)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="beyond any hardware"):
        replace(RECORD, rates={DUE[0].place: PeakRates(2**97, 1)})


def test_a_claim_speaks_of_the_columns_that_a_row_has() -> None:
    """A later stage of the plan that no row uses yet adds no column."""
    grown, _ = plan_columns("Ares", ["lineage-a", "lineage-b"], SECRET, generation=True)
    assert replace(RECORD, plans=(PLAN, grown)).plan == PLAN
    newer = replace(DUE[-1], place=replace(DUE[-1].place, columns=grown.digest))
    assert replace(RECORD, plans=(PLAN, grown), due=(*DUE[:-1], newer)).plan == grown


def test_rows_of_one_site_and_hardware_count_by_one_rule() -> None:
    assert RECORD.groups == (RowGroup("Arden", H100), RowGroup("Arden", A100), RowGroup("Brume", H100))
    assert rule_for(Figure.TIME_BOUND, RECORD.groups[1]) == Rule(Amount.TIME, 701)
    assert rule_for(Figure.ENERGY_BOUND, RECORD.groups[0]) == Rule(Amount.ENERGY, 5655)
    assert rule_for(Figure.ESTIMATE, RowGroup("Arden", None)) == Rule(Amount.FLOP, 10_000)
    with pytest.raises(InputError, match="beyond any proof"):
        rule_for(Figure.TIME_BOUND, RowGroup("Arden", PeakRates(2**64 * 10**12 + 1, 1)))


def test_a_context_is_in_order() -> None:
    def context(*sites: SiteLog, **changes: object) -> ClaimContext:
        return replace(CONTEXT, sites=sites or CONTEXT.sites, **changes)  # type: ignore[arg-type]

    for sites in ((BRUME, ARDEN), (ARDEN, ARDEN)):
        with pytest.raises(InputError, match="by ascending name, each once"):
            context(*sites)
    with pytest.raises(InputError, match="1 to 1024 sites"):
        replace(CONTEXT, sites=())
    with pytest.raises(InputError, match="are no period"):
        context(first_hour=CONTEXT.end_hour)
    with pytest.raises(InputError, match="hours of site Arden are not within"):
        context(first_hour=CONTEXT.first_hour + 1)
    for name in ("", "a\x1b[2J", "a" * 257):
        with pytest.raises(InputError, match="printable"):
            context(label=name)
        with pytest.raises(InputError, match="printable"):
            replace(ARDEN, site=name)
    for checkpoint in (
        replace(ARDEN.checkpoint, size=0),
        replace(ARDEN.checkpoint, root=b""),
    ):
        with pytest.raises(InputError):
            replace(ARDEN, checkpoint=checkpoint)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (700, "700"), (1000, "1e3"), (10**25, "1e25"), (123 * 10**20, "1.23e22"), (1234, "1234")],
)
def test_large_numbers_keep_all_their_digits(number: int, text: str) -> None:
    assert exact_text(number) == text


def test_hardware_without_an_energy_rate_counts_by_time_alone() -> None:
    group = RowGroup("Arden", PeakRates(10**12, None))
    assert rule_for(Figure.TIME_BOUND, group) == Rule(Amount.TIME, 1)
    with pytest.raises(InputError, match="not known for these accelerators"):
        rule_for(Figure.ENERGY_BOUND, group)
