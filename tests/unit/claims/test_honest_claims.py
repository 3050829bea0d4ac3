"""Honest claims of each kind verify, come back from their bytes, and say what brute force finds."""

from functools import cache

import pytest
from claims_site import AMOUNTS, DAY, DAY_MS, IDLE, RECORD, book, coverage, proven_book

from tallystick.claims.cap import Cap
from tallystick.claims.capacity import Capacity
from tallystick.claims.claim import Claim, decode_claim
from tallystick.claims.classes import Classes, Share, TimeClass
from tallystick.claims.energy import Energy
from tallystick.claims.figure import Figure
from tallystick.claims.pause import Pause
from tallystick.claims.statement import ClaimStatement
from tallystick.claims.total import Total
from tallystick.claims.verify import verify_claims

#: Sums over the table of rows in ``claims_site``, by hand: 1e13 FLOP, J and s, by column and type.
ESTIMATE = 10**13 * (16_000_000 + 3_000_000 + 24_000_000 + 19_000_000 + 3_000_000 + 700_000 + 350_000)
LINEAGE_ESTIMATE = 10**13 * (16_000_000 + 3_000_000 + 24_000_000 + 19_000_000 + 350_000)
TIME_BOUND = 10**12 * (2324 * (100_000 + 400_000 + 600_000 + 530_000) + 701 * (220_000 + 50_000))
ENERGY_BOUND = 10**9 * (5655 * (350_000_000 + 420_000_000 + 370_000_000) + 1560 * 95_000_000)
TRAINING_MS = 1000 * (500_000 + 220_000 + 600_000 + 50_000 + 530_000)
INVENTORY_MS = 32 * DAY_MS


STATEMENTS: dict[str, ClaimStatement] = {
    "total, exact": Total(Figure.ESTIMATE, ESTIMATE, exact=True),
    "total, exact, by time": Total(Figure.TIME_BOUND, TIME_BOUND, exact=True),
    "total, exact, by energy": Total(Figure.ENERGY_BOUND, ENERGY_BOUND, exact=True),
    "total, at most": Total(Figure.TIME_BOUND, TIME_BOUND),
    "cap": Cap(Figure.ESTIMATE, LINEAGE_ESTIMATE),
    "cap without generation": Cap(Figure.ESTIMATE, LINEAGE_ESTIMATE - 35 * 10**17, counts_generation=False),
    "cap by energy, without generation": Cap(Figure.ENERGY_BOUND, 10**25, counts_generation=False),
    "pause": Pause(Figure.ENERGY_BOUND, ENERGY_BOUND),
    "pause in time": Pause(Figure.ACCELERATOR_TIME, TRAINING_MS),
    "energy": Energy("Arden", RECORD.meters["Arden"], 20_000),
    "energy, exact": Energy("Brume", RECORD.meters["Brume"], 0),
    "capacity": Capacity(INVENTORY_MS),
    "capacity, balance": Capacity(INVENTORY_MS, TRAINING_MS),
    "classes": Classes(
        (Share(TimeClass.NOT_TRAINING, 100_000, 400_000), Share(TimeClass.OTHER_TRAINING, 0, 60_000))
    ),
    "coverage": coverage(DAY),
}


@cache
def claim(name: str) -> Claim:
    return book().prover.prove(STATEMENTS[name])


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_claim_verifies_and_comes_back_from_its_bytes(name: str) -> None:
    read = decode_claim(claim(name).encode(), name)
    assert read == claim(name)
    (verdict,) = verify_claims(RECORD, book().matrix, [read])
    assert verdict.statement == STATEMENTS[name]
    assert f"({verdict.figure.value})" in verdict.text
    assert "Ares at Arden, Brume, 2026-03-02 00:00 to 2026-03-04 00:00 UTC" in verdict.text


def test_a_claim_over_rows_that_were_proven_and_verified() -> None:
    """End to end, for one row: commit, prove, check, claim, verify."""
    brume = proven_book()
    claims = [
        brume.prover.prove(statement)
        for statement in (Cap(Figure.ESTIMATE, 10**21), brume.prover.balance(), STATEMENTS["energy, exact"])
    ]
    assert len(verify_claims(brume.record, brume.matrix, claims)) == 3


def test_all_claims_verify_together() -> None:
    verdicts = verify_claims(RECORD, book().matrix, [claim(name) for name in STATEMENTS])
    assert [verdict.statement for verdict in verdicts] == list(STATEMENTS.values())


def test_verdicts_are_plain_sentences_that_name_figure_and_generation() -> None:
    cap, total, balance, coverage_ = verify_claims(
        RECORD, book().matrix, [claim(n) for n in ("cap", "total, exact", "capacity, balance", "coverage")]
    )
    assert cap.text.startswith(
        "no lineage, and not other training as a whole, is above 6.235e20 FLOP, "
        "generation inside training counted (estimate); Ares"
    )
    assert total.text.startswith("training is exactly 6.605e20 FLOP, generation inside training counted")
    assert "2764800000 ms = 1900000000 ms training + 864800000 ms not training" in balance.text
    assert coverage_.text.startswith("each of 12 accelerators is in exactly one stream at 2026-03-02 06:00")


def test_the_prover_finds_the_true_total_and_balance() -> None:
    assert book().prover.exact_total(Figure.TIME_BOUND) == STATEMENTS["total, exact, by time"]
    assert book().prover.exact_total(Figure.ESTIMATE, counts_generation=False).limit == ESTIMATE - 35 * 10**17
    assert book().prover.balance() == STATEMENTS["capacity, balance"]
    idle = sum(amounts.cells[IDLE].time_ms for amounts in AMOUNTS)
    assert TRAINING_MS + idle == INVENTORY_MS


def test_a_claim_is_small() -> None:
    """Two remainders in 736 bytes of proof, a cap of two columns likewise; an opened total in 64."""
    assert len(claim("energy").proof.remainders) == 736
    assert claim("total, exact").proof.remainders == b""
    assert [len(part) for part in claim("total, exact").proof.known] == [64]
    assert all(len(claim(name).encode()) < 2000 for name in STATEMENTS)
