"""The operator answers a challenge with something else than what it committed to."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.adversarial.hostile_operator import Honest, concluded, failed, rebuilt

import tallystick.site.close as close_module
from tallystick.declarations.bundle import declaration_of, read_bundle
from tallystick.evidence.block import decode_block
from tallystick.inspection.challenge import Challenge, Wish, plan_challenge
from tallystick.inspection.conclude import conclude
from tallystick.inspection.opening import OpenedBlock, Opening
from tallystick.inspection.report import Report
from tallystick.inspection.verify import verify
from tallystick.records.entry import LedgerEntry
from tallystick.records.flop import NO_FLOP
from tallystick.records.outcome import Conclusion
from tallystick.site.close import close
from tallystick.site.directory import SiteDirectory
from tallystick.site.respond import respond
from tallystick.workloads.shipped_model import ShippedModel

Change = Callable[[Opening], Opening]


def test_the_honest_opening_opens_and_recomputes(honest: Honest) -> None:
    report = concluded(honest, recomputation=ShippedModel())
    assert failed(report) <= {15, 16}
    assert all(report.passed(number) for number in range(10, 15))


def test_without_the_workload_code_nothing_that_needs_it_passes(honest: Honest) -> None:
    report = concluded(honest)
    assert [c.number for c in report.checks if c.ok is None] == [8, 9, 14, 15, 16, 18, 19, 20]
    assert report.conclusion is Conclusion.UNRESOLVED


def _entry(opening: Opening, at: int, **changes: object) -> Opening:
    entries = list(opening.entries)
    entries[at] = replace(entries[at], **changes)
    return replace(opening, entries=tuple(entries))


def _block(opening: Opening, at: int, **changes: object) -> Opening:
    blocks = list(opening.entries[0].blocks)
    blocks[at] = replace(blocks[at], **changes)
    return _entry(opening, 0, blocks=tuple(blocks))


def _slot_block(opening: Opening, **changes: object) -> Opening:
    first = list(opening.slots[0])
    first[0] = replace(first[0], **changes)
    return replace(opening, slots=(tuple(first), *opening.slots[1:]))


def _more_energy(block: OpenedBlock) -> bytes:
    """The same block with one reading counted up by a milliwatt, well-formed as before."""
    changed = bytearray(block.data)
    count = len(decode_block(block.data, "x").time_ns)
    body = changed.index(b"\n", 22) + 1
    at = body + 16 * count
    changed[at : at + 8] = (int.from_bytes(changed[at : at + 8], "little", signed=True) + 1).to_bytes(
        8, "little", signed=True
    )
    decode_block(bytes(changed), "x")
    return bytes(changed)


def _other_drawn(opening: Opening) -> Opening:
    """An entry that was not drawn, opened in place of one that was."""
    return _entry(opening, 0, leaf=opening.entries[0].leaf + 1)


def _claims(opening: Opening, **changes: object) -> Opening:
    return _entry(opening, 0, entry=replace(opening.entries[0].entry, **changes))


def _one_more(entry: LedgerEntry) -> tuple[int, ...]:
    return (entry.verdicts[0] + 1, *entry.verdicts[1:])


def _blocks_swapped(opening: Opening) -> Opening:
    one, two, *rest = opening.entries[0].blocks
    return _entry(opening, 0, blocks=(two, one, *rest))


def _of_another_subject(opening: Opening) -> Opening:
    """Each of the two drawn subjects answers with the other's samples, salt and path."""
    one, two, *rest = opening.slots[0]
    return replace(opening, slots=((two, one, *rest), *opening.slots[1:]))


def _of_another_slot(opening: Opening) -> Opening:
    first, second, *rest = opening.slots
    return replace(opening, slots=(second, first, *rest))


def _relabelled_slot(opening: Opening) -> Opening:
    """Samples of a later slot under the number of the drawn one."""
    here, there = opening.slots[0][0], opening.slots[1][0]
    return _slot_block(opening, data=there.data, salt=there.salt, path=there.path, slot_ns=here.slot_ns)


ATTACKS: list[tuple[str, int, Change]] = [
    ("another nonce than committed", 10, lambda o: replace(o, nonce=bytes(32))),
    ("an answer to another challenge", 10, lambda o: replace(o, challenge=bytes(32))),
    ("an entry that was not drawn", 11, _other_drawn),
    ("an entry is missing", 11, lambda o: replace(o, entries=o.entries[:-1])),
    ("no entry", 11, lambda o: replace(o, entries=())),
    ("an entry twice", 11, lambda o: replace(o, entries=(*o.entries, o.entries[-1]))),
    ("one entry in another's place", 11, lambda o: replace(o, entries=(*o.entries[:-1], o.entries[0]))),
    ("entries out of order", 11, lambda o: replace(o, entries=o.entries[::-1])),
    ("an entry of another subject", 11, lambda o: _claims(o, subject="n001-a9")),
    ("an entry of another hour", 11, lambda o: _claims(o, hour_ns=o.entries[0].entry.hour_ns + 3600 * 10**9)),
    ("a drawn slot is missing", 11, lambda o: replace(o, slots=o.slots[:-1])),
    ("a slot too many", 11, lambda o: replace(o, slots=(*o.slots, o.slots[0]))),
    (
        "a subject of a slot is missing",
        11,
        lambda o: replace(o, slots=(o.slots[0][:-1], *o.slots[1:])),
    ),
    ("a wrong salt of an entry", 12, lambda o: _entry(o, 0, salt=bytes(32))),
    ("the salt of another entry", 12, lambda o: _entry(o, 0, salt=o.entries[1].salt)),
    ("less energy than committed", 12, lambda o: _claims(o, energy_mj=1)),
    ("other verdicts than committed", 12, lambda o: _claims(o, verdicts=_one_more(o.entries[0].entry))),
    ("another class than committed", 12, lambda o: _claims(o, workloads=(None,) * 12)),
    ("no FLOP although committed", 12, lambda o: _claims(o, flop=NO_FLOP, run="x")),
    ("a wrong salt of a block", 12, lambda o: _block(o, 0, salt=bytes(32))),
    ("altered power", 12, lambda o: _block(o, 0, data=_more_energy(o.entries[0].blocks[0]))),
    ("altered power in a drawn slot", 12, lambda o: _slot_block(o, data=_more_energy(o.slots[0][0]))),
    ("a block is missing", 12, lambda o: _entry(o, 0, blocks=o.entries[0].blocks[:-1])),
    ("no block", 12, lambda o: _entry(o, 0, blocks=())),
    ("blocks of two slots change places", 12, _blocks_swapped),
    ("samples of another subject", 12, _of_another_subject),
    ("samples of another slot", 12, _of_another_slot),
    ("samples of another slot under its number", 12, _relabelled_slot),
    ("a shortened path", 12, lambda o: _block(o, 0, path=o.entries[0].blocks[0].path[:-1])),
    (
        "a lengthened path",
        12,
        lambda o: _block(o, 0, path=(*o.entries[0].blocks[0].path, bytes(32))),
    ),
    ("the path of another block", 12, lambda o: _block(o, 0, path=o.entries[1].blocks[0].path[::-1])),
    ("an empty block", 12, lambda o: _block(o, 0, data=b"")),
]


@pytest.mark.parametrize(("name", "number", "change"), ATTACKS, ids=[a[0] for a in ATTACKS])
def test_altered_openings(honest: Honest, name: str, number: int, change: Change) -> None:
    report = concluded(honest, opening=change(honest.opening))
    assert failed(report) == {number}
    assert report.conclusion is Conclusion.NOT_CONSISTENT


def test_an_opening_cannot_be_replayed_for_another_challenge(honest: Honest) -> None:
    other = replace(honest.challenge, nonce=b"\x01" * 32)
    assert failed(concluded(honest, challenge=other)) == {10}
    relabelled = replace(honest.opening, challenge=other.digest)
    assert failed(concluded(honest, challenge=other, opening=relabelled)) == {11}


def test_a_smaller_challenge_is_another_challenge(honest: Honest) -> None:
    smaller = replace(honest.challenge, entries=1)
    opening = replace(honest.opening, entries=honest.opening.entries[:1])
    assert failed(concluded(honest, opening=replace(opening, challenge=smaller.digest))) == {10}


@pytest.mark.parametrize("changes", [{"root": bytes(32)}, {"origin": "tallystick.example/other"}])
def test_a_challenge_for_another_bundle(honest: Honest, changes: dict[str, object]) -> None:
    other = replace(honest.challenge, **changes)
    opening = replace(honest.opening, challenge=other.digest)
    assert failed(concluded(honest, challenge=other, opening=opening)) == {10}


def test_a_bundle_that_does_not_verify_is_never_concluded_on(honest: Honest) -> None:
    false = rebuilt(honest, accelerators=1)
    report = concluded(honest, bundle=false)
    assert all(c.ok is None for c in report.checks if c.number >= 10)
    assert report.conclusion is Conclusion.NOT_CONSISTENT


def test_a_challenge_that_draws_nothing_shows_nothing(honest: Honest) -> None:
    """Checks 15 to 20 of nothing are not passes, and there is no clean conclusion."""
    empty = replace(honest.challenge, entries=0, slots=0)
    opening = replace(honest.opening, challenge=empty.digest, entries=(), slots=())
    report = concluded(honest, challenge=empty, opening=opening, recomputation=ShippedModel())
    assert {c.number: c.ok for c in report.checks if c.number >= 15} == dict.fromkeys(range(15, 21))
    assert report.conclusion is Conclusion.UNRESOLVED


# --- lies that were committed to: the commitments open, and the recomputation refuses them -----------


def _shifted(entry: LedgerEntry, sign: int) -> LedgerEntry:
    return replace(entry, inventory_ms=entry.inventory_ms + sign * (entry.inventory_ms > 0))


LIES: list[tuple[str, int, Callable[[list[LedgerEntry]], list[LedgerEntry]]]] = [
    ("half the energy", 13, lambda e: [replace(x, energy_mj=x.energy_mj // 2) for x in e]),
    ("a millijoule more", 13, lambda e: [replace(x, energy_mj=x.energy_mj + 1) for x in e]),
    (
        "less time observed",
        13,
        lambda e: [replace(x, time_ms=tuple(max(0, t - 1) for t in x.time_ms)) for x in e],
    ),
    (
        "time in the inventory moved between subjects",
        13,
        lambda e: [_shifted(x, 1 if x.subject.endswith(("1", "3", "5", "7")) else -1) for x in e],
    ),
    ("no training FLOP", 13, lambda e: [replace(x, flop=NO_FLOP) for x in e]),
    (
        "verdicts of another class",
        14,
        lambda e: [replace(x, verdicts=(*x.verdicts[1:], x.verdicts[0])) for x in e],
    ),
    ("verdicts of another model", 14, lambda e: [replace(x, model="0" * 64) for x in e]),
    ("other samples than those sealed", 12, lambda e: [replace(x, slots=x.slots[::-1]) for x in e]),
    ("no samples", 12, lambda e: [replace(x, slots=()) for x in e]),
]


def _lying(template: Path, root: Path, lie: Callable[[list[LedgerEntry]], list[LedgerEntry]]) -> Report:
    """All checks of a site whose software writes ``lie`` into its entries, every entry being opened."""
    shutil.copytree(template, root)
    true_entries = close_module.entries_of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(close_module, "entries_of", lambda *a: lie(true_entries(*a)))
        bundle = read_bundle(close(SiteDirectory(root / "site"), "all").bundle)
    planned = plan_challenge(bundle, Wish(10**20, 0.5, 0.9, 0.0, slots=1, subjects=1), bytes(32))
    census: Challenge = replace(planned.challenge, entries=planned.population)
    opening = respond(SiteDirectory(root / "site"), census)
    assert len(opening.entries) == 32
    assert declaration_of(bundle).nonce_commitment
    return conclude(verify(bundle), census, opening, ShippedModel()).report


@pytest.mark.parametrize(("name", "number", "lie"), LIES, ids=[a[0] for a in LIES])
def test_committed_lies(
    ingested_template: Path,
    tmp_path: Path,
    name: str,
    number: int,
    lie: Callable[[list[LedgerEntry]], list[LedgerEntry]],
) -> None:
    report = _lying(ingested_template, tmp_path / "pair", lie)
    assert failed(report) - {15, 16} == {number}
    assert report.conclusion is Conclusion.NOT_CONSISTENT
