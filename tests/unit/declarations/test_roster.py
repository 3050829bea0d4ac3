"""The inventory: every accelerator is counted once, and none is hidden between two subjects."""

from dataclasses import replace

import pytest

from tallystick.declarations.inventory import Roster
from tallystick.declarations.leaf import Inventory, parse_leaf
from tallystick.errors import FormatError
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.units import NS_PER_HOUR

HOUR = 493_000 * NS_PER_HOUR
NAMES = tuple(f"n-a{i}" for i in range(8))
NODE = Subject("n", SubjectKind.NODE, "hgx-h100-8", NAMES, "bmc", Trust.OPERATOR, 10**9, HOUR)
RANKS = tuple(
    Subject(n, SubjectKind.ACCELERATOR, "h100-sxm", (n,), "dcgm", Trust.OPERATOR, 10**9, HOUR) for n in NAMES
)
METER = Subject("m", SubjectKind.METER, "", ("n",), "pdu", Trust.SEALED, 10**9, HOUR)


def test_accelerators_that_report_themselves_are_counted_there() -> None:
    roster = Roster.of([(METER, NODE), RANKS])
    assert roster.counted == (False, *[True] * 8)
    assert roster.accelerators == 8
    assert roster.wall_rows == (0,)
    assert [s.name for s in roster.meters] == ["m"]


def test_a_silent_nodes_accelerators_are_counted_at_the_node() -> None:
    roster = Roster.of([(NODE,)])
    assert (roster.counted, roster.accelerators) == ((True,), 8)


def test_an_operators_own_meter_counts_nowhere() -> None:
    roster = Roster.of([(replace(METER, trust=Trust.OPERATOR), *RANKS)])
    assert roster.counted[0] is False
    assert roster.wall_rows == tuple(range(1, 9))


@pytest.mark.parametrize(
    ("name", "subjects"),
    [
        ("twice", (NODE, NODE)),
        ("two nodes cover one accelerator", (NODE, replace(NODE, name="n2"))),
        ("only some report themselves, so the rest would be counted nowhere", (NODE, *RANKS[:1])),
        ("all but one report themselves", (NODE, *RANKS[1:])),
        ("a sealed accelerator is no row and no meter", (replace(RANKS[0], trust=Trust.SEALED),)),
        ("a sealed node", (replace(NODE, trust=Trust.SEALED),)),
        ("an accelerator that covers nothing", (replace(RANKS[0], covers=()),)),
        ("an accelerator that covers another", (replace(RANKS[0], covers=("n-a1",)),)),
        ("an accelerator that covers two", (replace(RANKS[0], covers=("n-a0", "n-a1")),)),
        ("a node that covers nothing", (replace(NODE, covers=()),)),
        ("a node that covers one twice", (replace(NODE, covers=("n-a0", "n-a0")),)),
    ],
)
def test_inventories_that_hide_accelerators(name: str, subjects: tuple[Subject, ...]) -> None:
    with pytest.raises(FormatError):
        Roster.of([subjects])


@pytest.mark.parametrize(
    ("joined", "left", "hours"),
    [
        (HOUR, 0, 2),
        (HOUR - NS_PER_HOUR, 0, 2),
        (HOUR + NS_PER_HOUR, 0, 1),
        (HOUR, HOUR + NS_PER_HOUR, 1),
        (HOUR + 3 * NS_PER_HOUR, 0, 0),
        (HOUR - 2 * NS_PER_HOUR, HOUR - 1, 0),
    ],
)
def test_time_in_the_inventory(joined: int, left: int, hours: int) -> None:
    roster = Roster.of([(replace(NODE, joined_ns=joined, left_ns=left),)])
    assert roster.inventory_ms(0, HOUR, HOUR + 2 * NS_PER_HOUR) == hours * 3_600_000 * 8


def test_a_subject_that_left_may_join_again() -> None:
    first = replace(NODE, joined_ns=HOUR, left_ns=HOUR + NS_PER_HOUR)
    second = replace(NODE, joined_ns=HOUR + 3 * NS_PER_HOUR, left_ns=0)
    roster = Roster.of([(first,), (second,)])
    assert len(roster.rows) == 1
    assert roster.inventory_ms(0, HOUR, HOUR + 4 * NS_PER_HOUR) == 2 * 3_600_000 * 8
    assert not roster.somebody_there(HOUR + NS_PER_HOUR, HOUR + 3 * NS_PER_HOUR)
    assert roster.somebody_there(HOUR + 9 * NS_PER_HOUR, HOUR + 10 * NS_PER_HOUR)


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("leaves before it joins", replace(NODE, joined_ns=HOUR, left_ns=HOUR)),
        ("overlaps its first stay", replace(NODE, joined_ns=HOUR + NS_PER_HOUR - 1, left_ns=0)),
        ("other hardware", replace(NODE, joined_ns=HOUR + NS_PER_HOUR, hardware="h100-sxm")),
        ("another interval", replace(NODE, joined_ns=HOUR + NS_PER_HOUR, interval_ns=7)),
    ],
)
def test_stays_that_are_refused(name: str, again: Subject) -> None:
    first = replace(NODE, joined_ns=HOUR, left_ns=HOUR + NS_PER_HOUR)
    with pytest.raises(FormatError):
        Roster.of([(first,), (again,)])


def test_a_subject_that_never_left_cannot_join_again() -> None:
    with pytest.raises(FormatError, match="twice"):
        Roster.of([(replace(NODE, joined_ns=HOUR, left_ns=0),), (replace(NODE, joined_ns=2 * HOUR),)])


@pytest.mark.parametrize(
    "changes",
    [
        {"interval_ns": 0},
        {"interval_ns": -1},
        {"interval_ns": 999_999},
        {"interval_ns": 901 * 10**9},
        {"interval_ns": 10**40},
        {"joined_ns": -1},
        {"left_ns": -1},
        {"name": ""},
        {"name": "n\n8 ok"},
        {"name": "n" * 129},
        {"source": "\x1b[2J"},
        {"hardware": "h" * 65},
        {"covers": ("a\tb",)},
        {"covers": ("a" * 129,)},
    ],
)
def test_subjects_that_cannot_be_read(changes: dict[str, object]) -> None:
    """An interval beyond the slot would let one reading stand for all of it."""
    whole = Inventory((NODE,), None)
    assert parse_leaf(whole.as_json(), "leaf 1") == whole
    with pytest.raises(FormatError, match="leaf 1"):
        parse_leaf(Inventory((replace(NODE, **changes),), None).as_json(), "leaf 1")
