"""Totals that the drawn entries do not bear out."""

from dataclasses import replace

import pytest
from tests.conftest import Pair

from tallystick.declarations.bundle import declaration_of, read_bundle
from tallystick.declarations.statement import Declaration
from tallystick.errors import VerificationError
from tallystick.inspection.challenge import Wish, plan_challenge
from tallystick.inspection.draw import counted_rows, draw
from tallystick.inspection.opened import OpenedHour, open_all
from tallystick.inspection.totals import check_totals
from tallystick.records.flop import NO_FLOP
from tallystick.site.close import close
from tallystick.site.respond import respond


@pytest.fixture
def drawn(ingested: Pair) -> tuple[list[OpenedHour], Declaration, object, int]:
    bundle = read_bundle(close(ingested.site, "all").bundle)
    declaration = declaration_of(bundle)
    wish = Wish(10**20, 0.9, 0.9, 0.001, 1, 4)
    challenge = plan_challenge(bundle, wish, bytes(32)).challenge
    opening = respond(ingested.site, challenge)
    hours, _ = open_all(bundle, draw(bundle, declaration, challenge, opening.nonce), opening)
    return hours, declaration, bundle, 2 * len(counted_rows(bundle))


def test_true_totals_agree(drawn) -> None:
    hours, declaration, bundle, population = drawn
    assert "9 totals" in check_totals(hours, declaration, bundle, population)


def test_time_moved_to_another_class(drawn) -> None:
    hours, declaration, bundle, population = drawn
    used = max(declaration.time_ms, key=lambda k: declaration.time_ms[k])
    moved = {**declaration.time_ms, used: 0, "other": declaration.time_ms[used]}
    with pytest.raises(VerificationError, match="accelerator-milliseconds"):
        check_totals(hours, replace(declaration, time_ms=moved), bundle, population)


def test_training_left_out_of_the_total(drawn) -> None:
    hours, declaration, bundle, population = drawn
    training = [
        replace(h, entry=replace(h.entry, flop=h.entry.flop + declaration.training_flop)) for h in hours
    ]
    with pytest.raises(VerificationError, match="training FLOP"):
        check_totals(training, replace(declaration, training_flop=NO_FLOP), bundle, population)
