"""The operator logs and declares a falsehood from the start, with every signature in order."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.adversarial.hostile_operator import WISH, Honest, failed, on_time, rebuilt, report_of

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.leaf import (
    DayStart,
    EntryCommitment,
    Inventory,
    Registration,
    SlotSeal,
    parse_leaf,
)
from tallystick.declarations.statement import Period
from tallystick.errors import FormatError, InputError
from tallystick.evidence.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey
from tallystick.evidence.log.checkpoint import SignedCheckpoint
from tallystick.evidence.log.cosignature import cosign_checkpoint
from tallystick.inspection.challenge import plan_challenge
from tallystick.inspection.verify import SEALING_LIMIT_NS
from tallystick.records.flop import FlopInterval
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.units import NS_PER_HOUR, NS_PER_S, SLOT_NS

Attack = Callable[[Honest], Bundle]


def _body(h: Honest) -> list:
    return list(h.bundle.leaves[:-1])


def _no_slot(h: Honest, at: int) -> Bundle:
    slots = [leaf for leaf in _body(h) if isinstance(leaf, SlotSeal)]
    return rebuilt(h, [leaf for leaf in _body(h) if leaf is not slots[at]])


def _slot_twice(h: Honest) -> Bundle:
    body = _body(h)
    at = max(i for i, leaf in enumerate(body) if isinstance(leaf, SlotSeal))
    return rebuilt(h, [*body[:at], replace(body[at - 1], root=bytes(32)), *body[at:]])


def _entry_twice(h: Honest) -> Bundle:
    return rebuilt(h, [*_body(h)[:-1], _body(h)[-2]])


def _subjects(h: Honest, change: Callable[[Subject], Subject | None]) -> Bundle:
    """The same log with another inventory; entries of dropped subjects go too."""
    body = [
        replace(leaf, subjects=tuple(s for s in map(change, leaf.subjects) if s))
        if isinstance(leaf, Inventory)
        else leaf
        for leaf in _body(h)
    ]
    return rebuilt(h, body)


def _on(name: str, /, **changes: object) -> Callable[[Subject], Subject | None]:
    return lambda s: replace(s, **changes) if s.name == name else s


def _drop(*names: str) -> Callable[[Subject], Subject | None]:
    return lambda s: None if s.name in names else s


def _day(h: Honest, change: Callable[[DayStart], DayStart]) -> Bundle:
    return rebuilt(h, [change(leaf) if isinstance(leaf, DayStart) else leaf for leaf in _body(h)])


def _moved(day: DayStart, hours: int) -> DayStart:
    shift = hours * NS_PER_HOUR
    return replace(day, start_ns=day.start_ns + shift, end_ns=day.end_ns + shift)


def _day_twice(h: Honest) -> Bundle:
    body = _body(h)
    at = next(i for i, leaf in enumerate(body) if isinstance(leaf, DayStart))
    return rebuilt(h, [*body, *body[at:]])


def _second_registration(h: Honest) -> Bundle:
    body = _body(h)
    return rebuilt(h, [body[0], replace(body[0], site="Elsewhere"), *body[1:]])


def _own_witness(h: Honest) -> Bundle:
    """A cosignature key made of the site's own key."""
    first = h.bundle.registration
    own = VerifierKey("witness.tallystick.example/peer", COSIGNATURE, first.key.public)
    bundle = rebuilt(h, [replace(first, witness=own), *_body(h)[1:]])

    def cosign(head: SignedCheckpoint) -> SignedCheckpoint:
        time_s = int.from_bytes(head.signatures[2].signature[:8], "big")
        halves = zip(
            cosign_checkpoint(head.checkpoint, h.site.key, time_s), (own.ed25519, own.mldsa44), strict=True
        )
        lines = (replace(line, name=half.name, key_id=half.id) for line, half in halves)
        return replace(head, signatures=(*head.signatures[:2], *lines))

    return replace(bundle, heads=tuple(map(cosign, bundle.heads)))


def _backwards(h: Honest) -> Bundle:
    middle = sorted(h.bundle.slots)[3]
    return rebuilt(h, time_of=lambda slot: on_time(slot) - (901 if slot == middle else 0))


def _period(h: Honest, shift_hours: int, longer_hours: int = 0) -> Period:
    p = h.declaration.period
    return Period(
        p.label, p.start_ns + shift_hours * NS_PER_HOUR, p.end_ns + (shift_hours + longer_hours) * NS_PER_HOUR
    )


def _flop(upper: int) -> FlopInterval:
    return FlopInterval(0, 0, upper)


FALSE: list[tuple[str, int, Attack]] = [
    ("a slot sealed an hour late", 4, lambda h: rebuilt(h, time_of=lambda s: on_time(s) + 3600)),
    (
        "a slot sealed one second too late",
        4,
        lambda h: rebuilt(h, time_of=lambda s: on_time(s) + SEALING_LIMIT_NS // NS_PER_S + 1),
    ),
    ("a slot sealed before it began", 4, lambda h: rebuilt(h, time_of=lambda s: on_time(s) - 1801)),
    ("a time far in the future", 4, lambda h: rebuilt(h, time_of=lambda s: on_time(s) + 10**9)),
    ("the witness's clock runs back", 3, _backwards),
    ("the site is its own witness", 3, _own_witness),
    ("the log is registered twice", 2, _second_registration),
    ("the log does not begin with its registration", 1, lambda h: rebuilt(h, _body(h)[1:])),
    ("a declaration for another site", 5, lambda h: rebuilt(h, site="Other")),
    ("a declaration for another log's name", 5, lambda h: rebuilt(h, origin="tallystick.example/other")),
    ("a declaration for another root", 5, lambda h: rebuilt(h, log_root=bytes(32))),
    ("a declaration for a shorter log", 5, lambda h: rebuilt(h, log_size=h.declaration.log_size - 1)),
    ("an hour later than its entries", 7, lambda h: rebuilt(h, period=_period(h, 1))),
    ("an hour more than its entries", 6, lambda h: rebuilt(h, period=_period(h, 0, 1))),
    ("an hour less than its entries", 6, lambda h: rebuilt(h, period=_period(h, 0, -1))),
    ("a period that ends before it begins", 6, lambda h: rebuilt(h, period=_period(h, 0, -9))),
    ("a period of no time", 6, lambda h: rebuilt(h, period=_period(h, 0, -2))),
    (
        "a period of part of an hour",
        6,
        lambda h: rebuilt(h, period=replace(_period(h, 0), end_ns=h.declaration.period.end_ns - SLOT_NS)),
    ),
    (
        "a day that begins an hour later",
        6,
        lambda h: _day(h, lambda d: replace(d, start_ns=d.end_ns - NS_PER_HOUR)),
    ),
    ("a day of another day", 6, lambda h: _day(h, lambda d: _moved(d, 24))),
    ("a day of fewer subjects", 6, lambda h: _day(h, lambda d: replace(d, rows=d.rows - 1))),
    (
        "entries that no day announces",
        6,
        lambda h: rebuilt(h, [x for x in _body(h) if not isinstance(x, DayStart)]),
    ),
    ("a day twice", 6, _day_twice),
    ("an entry is missing", 6, lambda h: rebuilt(h, _body(h)[:-1])),
    ("an entry too many", 6, lambda h: rebuilt(h, [*_body(h), EntryCommitment(bytes(32))])),
    ("one entry committed twice", 6, _entry_twice),
    ("the first slot is missing", 6, lambda h: _no_slot(h, 0)),
    ("a slot in the middle is missing", 6, lambda h: _no_slot(h, 4)),
    ("the last slot is missing", 6, lambda h: _no_slot(h, -1)),
    ("a slot is sealed twice", 6, _slot_twice),
    ("all but one accelerator of a node are left out", 6, lambda h: _subjects(h, _drop("n000-a7"))),
    (
        "an accelerator called sealed, so that it is no row",
        6,
        lambda h: _subjects(h, _on("n000-a0", trust=Trust.SEALED)),
    ),
    ("an accelerator that covers nothing", 6, lambda h: _subjects(h, _on("n000-a0", covers=()))),
    ("a name stands twice", 6, lambda h: _subjects(h, _on("n000-a0", name="n000-a1"))),
    (
        "accelerators taken for a meter",
        6,
        lambda h: _subjects(h, _on("n000-a0", kind=SubjectKind.METER, trust=Trust.SEALED)),
    ),
    ("hardware that nobody knows", 7, lambda h: _subjects(h, _on("n000", hardware="abacus"))),
    (
        "a node of eight that names seven",
        7,
        lambda h: _subjects(h, _on("n001", covers=tuple(f"n001-a{i}" for i in range(7)))),
    ),
    ("accelerators understated", 7, lambda h: rebuilt(h, accelerators=h.declaration.accelerators - 1)),
    ("time in the inventory understated", 7, lambda h: rebuilt(h, inventory_ms=1)),
    ("times that do not add up", 7, lambda h: rebuilt(h, observed_ms=h.declaration.observed_ms - 1)),
    (
        "a class that takes another's time",
        7,
        lambda h: rebuilt(h, time_ms={**h.declaration.time_ms, "pretraining": 0, "idle": 1}),
    ),
    (
        "more time than there is",
        7,
        lambda h: rebuilt(
            h,
            observed_ms=h.declaration.inventory_ms + 1,
            time_ms={**dict.fromkeys(h.declaration.time_ms, 0), "idle": h.declaration.inventory_ms + 1},
        ),
    ),
    ("more FLOP than the peak rate allows", 7, lambda h: rebuilt(h, training_flop=_flop(10**30))),
    ("more energy than the supply can give", 7, lambda h: rebuilt(h, energy_mj=10**15)),
    (
        "a run larger than all training",
        7,
        lambda h: rebuilt(h, largest_run_flop=_flop(h.declaration.training_flop.upper + 1)),
    ),
    (
        "negative time for one class",
        1,
        lambda h: rebuilt(
            h,
            time_ms={**h.declaration.time_ms, "pretraining": -(10**9)},
            observed_ms=sum({**h.declaration.time_ms, "pretraining": -(10**9)}.values()),
        ),
    ),
    ("negative energy", 1, lambda h: rebuilt(h, energy_mj=-1)),
    ("negative FLOP", 1, lambda h: rebuilt(h, training_flop=FlopInterval(-5, -4, -3))),
    ("a FLOP interval upside down", 1, lambda h: rebuilt(h, training_flop=FlopInterval(3, 2, 1))),
    (
        "a period's name that forges lines of the report",
        1,
        lambda h: rebuilt(h, period=replace(_period(h, 0), label="all\n  8 ok     declared energy agrees")),
    ),
    ("a model's name with an escape sequence", 1, lambda h: rebuilt(h, model="\x1b[2J")),
]


@pytest.mark.parametrize(("name", "number", "attack"), FALSE, ids=[a[0] for a in FALSE])
def test_false_from_the_start(honest: Honest, name: str, number: int, attack: Attack) -> None:
    bundle = attack(honest)
    report = report_of(bundle, honest.meter())
    assert number in failed(report)
    assert min(failed(report)) == number or number in (6, 7), failed(report)


def test_energy_halved_in_the_declaration_is_found_by_the_meter_alone(honest: Honest) -> None:
    bundle = rebuilt(honest, energy_mj=honest.declaration.energy_mj // 2)
    assert failed(report_of(bundle)) == set()
    assert failed(report_of(bundle, honest.meter())) == {8}


def test_a_site_without_a_witness_passes_nothing_on_its_word(honest: Honest) -> None:
    first = replace(honest.bundle.registration, witness=None)
    report = report_of(rebuilt(honest, [first, *_body(honest)[1:]]))
    assert {c.number: c.ok for c in report.checks}[3] is None
    assert {c.number: c.ok for c in report.checks}[4] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"key": SigningKey.generate("tallystick.example/site", COSIGNATURE).verifier},
        {"witness": SigningKey.generate("w", NOTE).verifier},
        {"key": VerifierKey("tallystick.example/site", NOTE, (1).to_bytes(32, "little") + bytes(1312))},
        {"site": "Arden\n  8 ok"},
    ],
    ids=["key for cosigning", "witness key for notes", "key that anybody can sign with", "forged line"],
)
def test_registrations_that_cannot_be_read(honest: Honest, changes: dict[str, object]) -> None:
    first = honest.bundle.registration
    assert isinstance(parse_leaf(first.as_json(), "leaf 0"), Registration)
    with pytest.raises(FormatError, match="leaf 0"):
        parse_leaf(replace(first, **changes).as_json(), "leaf 0")


@pytest.mark.parametrize("shift", [10**12, 10**30])
def test_a_period_of_ages_does_not_hang_the_plan(honest: Honest, shift: int) -> None:
    with pytest.raises(InputError, match="no entries for this period"):
        plan_challenge(rebuilt(honest, period=_period(honest, 0, shift)), WISH, bytes(32))
