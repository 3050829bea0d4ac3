"""A proof serves one statement, over one record, in one context: each field changed alone breaks it.

All changes leave the statement true, so that nothing but the transcript stands in the way.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from claims_site import (
    CONTEXT,
    DAY,
    DUE,
    H100,
    PLAN,
    RECORD,
    Book,
    book,
    coverage,
)

from tallystick.claims.cap import Cap
from tallystick.claims.capacity import Capacity
from tallystick.claims.claim import Claim
from tallystick.claims.classes import Classes, Share, TimeClass
from tallystick.claims.context import ClaimContext, SiteLog
from tallystick.claims.energy import Energy
from tallystick.claims.figure import Figure
from tallystick.claims.pause import Pause
from tallystick.claims.public_record import PublicRecord
from tallystick.claims.statement import ClaimStatement
from tallystick.claims.total import Total
from tallystick.claims.verify import verify_claims
from tallystick.errors import VerificationError
from tallystick.evidence.matrix.flop_rules import PeakRates
from tallystick.evidence.matrix.place import DueRow, RowPlace
from tallystick.evidence.matrix.sums import Matrix

NOT_SHOWN = "does not show this statement for this operator, period, log and these rows"
LIMIT = 10**25
Change = Callable[[Book], Book]
Move = Callable[[RowPlace], RowPlace]


@cache
def claim(kind: str) -> Claim:
    """A range proof, an opened total, and the key of pseudonyms: the three parts that a proof may have."""
    if kind == "cap":
        return book().prover.prove(Cap(Figure.ESTIMATE, LIMIT))
    if kind == "capacity":
        return book().prover.prove(Capacity(RECORD.inventory_ms))
    return book().prover.prove(coverage(DAY))


def in_context(change: Callable[[ClaimContext], ClaimContext]) -> Change:
    return lambda b: replace(b, record=replace(b.record, context=change(b.record.context)))


def in_log(change: Callable[[SiteLog], SiteLog]) -> Change:
    return in_context(lambda c: replace(c, sites=(change(c.sites[0]), *c.sites[1:])))


def moved(move: Move, context: ClaimContext = CONTEXT) -> Change:
    """The same commitments, replayed at another place."""

    def change(b: Book) -> Book:
        plan = replace(PLAN, operator=context.operator)

        def to(place: RowPlace) -> RowPlace:
            return replace(move(place), operator=context.operator, columns=plan.digest)

        record = PublicRecord(
            context,
            (plan,),
            tuple(DueRow(to(due.place), due.inventory_ms) for due in b.record.due),
            {to(place): rates for place, rates in b.record.rates.items()},
            {
                hour: {to(place): count for place, count in counts.items()}
                for hour, counts in b.record.accelerators.items()
            },
            coverage_key=b.record.coverage_key,
        )
        rows = tuple(replace(row, place=to(row.place)) for row in b.matrix.rows)
        return replace(b, record=record, matrix=Matrix((plan,), rows))

    return change


def renamed_site(place: RowPlace) -> RowPlace:
    return replace(place, site="Brumes") if place.site == "Brume" else place


def renamed_log(place: RowPlace) -> RowPlace:
    return replace(place, origin="log.example/other") if place.site == "Brume" else place


def brume(**changes: str) -> ClaimContext:
    log = CONTEXT.sites[1]
    checkpoint = replace(log.checkpoint, origin=changes.get("origin", log.checkpoint.origin))
    return replace(
        CONTEXT,
        sites=(CONTEXT.sites[0], replace(log, site=changes.get("site", log.site), checkpoint=checkpoint)),
    )


def other_inventory(b: Book) -> Book:
    due = (replace(b.record.due[0], inventory_ms=b.record.due[0].inventory_ms + 1), *b.record.due[1:])
    less = replace(due[1], inventory_ms=due[1].inventory_ms - 1)
    return replace(b, record=replace(b.record, due=(due[0], less, *due[2:])))


def other_rates(rates: PeakRates) -> Change:
    def change(b: Book) -> Book:
        return replace(b, record=replace(b.record, rates={**b.record.rates, DUE[0].place: rates}))

    return change


def other_commitment(b: Book) -> Book:
    """An amount that neither claim counts."""
    first, second, *rest = b.matrix.rows
    at = 3 * 1 + 1
    exchanged = list(first.commitments)
    exchanged[at] = second.commitments[at]
    rows = (replace(first, commitments=tuple(exchanged)), second, *rest)
    return replace(b, matrix=Matrix(b.matrix.plans, rows))


CHANGES: dict[str, Change] = {
    "label": in_context(lambda c: replace(c, label="2026-W11")),
    "beginning of the period": in_context(lambda c: replace(c, first_hour=c.first_hour - 24)),
    "end of the period": in_context(lambda c: replace(c, end_hour=c.end_hour + 24)),
    "size of the log": in_log(lambda s: replace(s, checkpoint=replace(s.checkpoint, size=901))),
    "root of the log": in_log(lambda s: replace(s, checkpoint=replace(s.checkpoint, root=bytes(32)))),
    "origin of the log": moved(renamed_log, brume(origin="log.example/other")),
    "site": moved(renamed_site, brume(site="Brumes")),
    "operator": moved(lambda place: place, replace(CONTEXT, operator="Borealis")),
    "roster": moved(lambda place: replace(place, roster=b"\1" * 32)),
    "inventory time of rows": other_inventory,
    "FLOP per second": other_rates(replace(H100, flop_per_s=H100.flop_per_s + 1)),
    "FLOP per millijoule": other_rates(replace(H100, flop_per_mj=H100.flop_per_mj + 1)),
    "a commitment that does not count": other_commitment,
}


@pytest.mark.parametrize("kind", ["cap", "capacity", "coverage"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_proof_is_worthless_elsewhere(change: str, kind: str) -> None:
    verify_claims(RECORD, book().matrix, [claim(kind)])
    elsewhere = CHANGES[change](book())
    with pytest.raises(VerificationError, match=NOT_SHOWN):
        verify_claims(elsewhere.record, elsewhere.matrix, [claim(kind)])


@pytest.mark.parametrize("kind", ["cap", "capacity", "coverage"])
def test_a_proof_of_another_version_of_the_protocol_is_refused(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = claim(kind)
    monkeypatch.setattr("tallystick.claims.relations.PROTOCOL", "tallystick-claims/2")
    with pytest.raises(VerificationError, match=NOT_SHOWN):
        verify_claims(RECORD, book().matrix, [honest])


#: Pairs of true statements; the proof of the first is shown for the second.
SWAPS: dict[str, tuple[ClaimStatement, ClaimStatement]] = {
    "raised cap": (Cap(Figure.ESTIMATE, LIMIT), Cap(Figure.ESTIMATE, LIMIT + 10**9)),
    "lowered cap": (Cap(Figure.ESTIMATE, LIMIT), Cap(Figure.ESTIMATE, LIMIT - 10**9)),
    "limit within a unit": (Cap(Figure.ESTIMATE, LIMIT), Cap(Figure.ESTIMATE, LIMIT + 1)),
    "generation": (Cap(Figure.ESTIMATE, LIMIT), Cap(Figure.ESTIMATE, LIMIT, counts_generation=False)),
    "figure": (Cap(Figure.ESTIMATE, LIMIT), Cap(Figure.TIME_BOUND, LIMIT)),
    "kind, same bounds": (Total(Figure.ESTIMATE, LIMIT), Pause(Figure.ESTIMATE, LIMIT)),
    "tolerance": (
        Energy("Brume", RECORD.meters["Brume"], 20_000),
        Energy("Brume", RECORD.meters["Brume"], 20_001),
    ),
    "site of energy": (
        Energy("Arden", RECORD.meters["Arden"], 20_000),
        Energy("Brume", RECORD.meters["Brume"], 20_000),
    ),
    "share": (
        Classes((Share(TimeClass.TRAINING, 0, 900_000),)),
        Classes((Share(TimeClass.TRAINING, 0, 900_001),)),
    ),
    "class, same amounts": (
        Classes((Share(TimeClass.NOT_TRAINING, 10, 900_000),)),
        Classes((Share(TimeClass.LINEAGES, 10, 900_000),)),
    ),
}


@pytest.mark.parametrize("swap", SWAPS)
def test_a_proof_of_one_statement_does_not_serve_another(swap: str) -> None:
    first, second = SWAPS[swap]
    borrowed = book().prover.prove(first).proof
    with pytest.raises(VerificationError, match=NOT_SHOWN):
        verify_claims(RECORD, book().matrix, [Claim(second, borrowed)])
