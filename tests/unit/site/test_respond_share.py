"""The operator opens no more of a period than it is willing to."""

import pytest
from tests.conftest import Pair

from tallystick.declarations.bundle import read_bundle
from tallystick.errors import FormatError, InputError, SiteError
from tallystick.inspection.challenge import Challenge
from tallystick.site.close import close
from tallystick.site.respond import respond


def _challenge(pair: Pair, entries: int, slots: int, subjects: int) -> Challenge:
    """Of 32 entries, and of 8 slots of 16 counted rows."""
    head = read_bundle(close(pair.site, "all").bundle).heads[-1].checkpoint
    head_of = (head.origin, head.size, head.root)
    return Challenge(*head_of, bytes(32), entries, slots, subjects, 10**21, 1, 1, 1)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ((17, 0, 0), r"17 of 32 entries.* 0\.5.*--at-most"),
        ((10**9, 0, 0), "32 of 32 entries"),
        ((1, 5, 13), "65 of 128 quarter-hours.*--at-most"),
        ((1, 10**6, 10**6), "128 of 128 quarter-hours"),
    ],
)
def test_more_than_the_share_is_refused_and_not_recorded(
    ingested: Pair, asked: tuple[int, int, int], words: str
) -> None:
    greedy = _challenge(ingested, *asked)
    with pytest.raises(SiteError, match=words):
        respond(ingested.site, greedy, at_most_share=0.5)
    modest = _challenge(ingested, 16, 4, 16)
    assert len(respond(ingested.site, modest, at_most_share=0.5).entries) == 16


def test_everything_is_opened_where_the_operator_agrees(ingested: Pair) -> None:
    opening = respond(ingested.site, _challenge(ingested, 10**9, 10**6, 10**6))
    assert (len(opening.entries), sum(map(len, opening.slots))) == (32, 128)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none(ingested: Pair, share: float) -> None:
    with pytest.raises(InputError, match="not a share"):
        respond(ingested.site, _challenge(ingested, 1, 0, 0), at_most_share=share)


@pytest.mark.parametrize("damage", ["short", "rubbish", "swapped"])
def test_damaged_entries_are_named(ingested: Pair, damage: str) -> None:
    census = _challenge(ingested, 32, 0, 0)
    (path,) = (ingested.site.path / "entries").iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    changed = {
        "short": lines[:-1],
        "rubbish": [*lines[:-1], b"\xff{\n"],
        "swapped": [*lines[:-2], lines[-1], lines[-2]],
    }
    path.write_bytes(b"".join(changed[damage]))
    with pytest.raises(FormatError, match=r"Mend: restore"):
        respond(ingested.site, census)
