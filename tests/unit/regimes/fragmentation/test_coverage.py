"""What the duties of a law without an institution cover of the four terms of reference of 1946."""

from tallystick.regimes.files.institution_shape import HEADS
from tallystick.regimes.fragmentation.coverage import authorities, coverage_of, shipped_heads
from tallystick.regimes.library import load_all, shipped_vocabulary


def covered(name: str) -> list[str]:
    return [found.covered for found in coverage_of(load_all().get(name))]


def test_the_heads_stand_in_order_and_name_known_work() -> None:
    assert tuple(shipped_heads()) == HEADS
    works = [work for found in shipped_heads().values() for work in found]
    assert set(works) <= set(shipped_vocabulary().capabilities)
    assert len(works) == len(set(works))


def test_duties_cover_partly_or_not_at_all() -> None:
    assert covered("us.ear.3A090") == ["none", "partial", "none", "none"]
    assert covered("ct.sb5") == ["none", "none", "none", "partial"]
    assert covered("eu.reach") == ["none"] * 4
    assert covered("ny.raise.2025")[2] == "partial"


def test_what_one_may_do_covers_nothing() -> None:
    regime = load_all().get("us.eo14409")
    assert [duty.deontic for duty in regime.obligations if "early_access" in duty.satisfies] == ["may"]
    assert covered("us.eo14409") == ["none"] * 4


def test_authorities_are_neither_the_public_nor_the_house() -> None:
    assert authorities(load_all().get("eu.gpai")) == ("eu_ai_office",)
    assert authorities(load_all().get("ct.sb5")) == ()
