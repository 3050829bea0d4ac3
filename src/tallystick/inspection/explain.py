"""What one numbered check looked at, in which bytes, on which assumption (``spec/inspection.md``)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from tallystick.declarations.bundle import Bundle
from tallystick.declarations.days import Day
from tallystick.declarations.leaf import DayStart, SlotSeal
from tallystick.errors import InputError, TallystickError
from tallystick.inspection.report import CHECKS, Report

_HASHES = "nobody finds two inputs with one SHA-256"
_SIGNATURES = "nobody forges both an Ed25519 and an ML-DSA-44 signature; the key is the one agreed"
_DRAW = "the draw was in neither side's hand (spec/challenge.md)"
_LABELS = "error rates measured on simulated sites; for work and evasions that it never saw, nothing"
_OPENING = "the opening and the log's commitments of what it opens; no bytes of the bundle alone"


@dataclass(frozen=True, slots=True)
class Explanation:
    """``checks`` in one sentence; ``where`` names the bytes of a bundle; ``rests_on`` the assumption."""

    checks: str
    where: Callable[[Bundle], str]
    rests_on: str


def explained(bundle: Bundle, report: Report, number: int) -> dict[str, object]:
    """One check in words, with its outcome in ``report``. Raises InputError where there is no such check."""
    if number not in CHECKS:
        raise InputError(f"there is no check {number}", mend=f"name one of 1 to {max(CHECKS)}")
    explanation = EXPLANATIONS[number]
    found = next((check for check in report.checks if check.number == number), None)
    try:
        where = explanation.where(bundle)
    except TallystickError as error:
        where = f"cannot be named: {error}"
    if found is None:
        outcome, held = "made by tallystick inspect conclude, with the challenge and its opening", None
    else:
        marks = {True: "holds", False: "FAILED", None: "not checked"}
        outcome, held = f"{marks[found.ok]}: {found.detail}", found.ok
    return {
        "number": number,
        "name": CHECKS[number],
        "checks": explanation.checks,
        "bytes": where,
        "rests_on": explanation.rests_on,
        "ok": held,
        "outcome": outcome,
    }


def _declaration(bundle: Bundle) -> str:
    key = bundle.keys.site_key(len(bundle.leaves))
    return f"the last line, a DSSE envelope; key {key.name}, fingerprint {key.fingerprint}"


def _leaves(bundle: Bundle) -> str:
    head = bundle.heads[-1].checkpoint
    return (
        f"leaves 0 to {len(bundle.leaves) - 1} and {len(bundle.heads)} heads; the last root {head.root.hex()}"
    )


def _heads(bundle: Bundle) -> str:
    witness = bundle.registration.witness
    named = (
        f"{witness.name}, fingerprint {witness.fingerprint}" if witness else "none: the site has no witness"
    )
    return f"signature lines 3 and 4 of {len(bundle.heads)} heads; witness {named}"


def _slots(bundle: Bundle) -> str:
    at = [i for i, leaf in enumerate(bundle.leaves) if isinstance(leaf, SlotSeal)]
    return f"{len(at)} leaves of slots, {_range(at)}, and the times in the heads that follow them"


def _close(bundle: Bundle) -> str:
    return f"leaf {len(bundle.leaves) - 1}: SHA-256 of the declaration, {bundle.close.declaration.hex()}"


def _days(bundle: Bundle) -> str:
    starts = [i for i, leaf in enumerate(bundle.leaves) if isinstance(leaf, DayStart)]
    entries = sum(day.first_row - day.first_entry for day in bundle.days)
    return f"{len(starts)} days, beginning at {_range(starts)}, with {entries} entries"


def _inventory(bundle: Bundle) -> str:
    names = sum(len(leaf.subjects) for leaf in bundle.inventories)
    return f"{len(bundle.inventories)} leaves of the inventory, which name {names} subjects; the declaration"


def _rows(bundle: Bundle) -> str:
    rows = [leaf for day in bundle.days for leaf in range(day.first_row, day.after)]
    plan = hashlib.sha256(bundle.plan.encoding()).hexdigest() if bundle.plan else "none"
    return f"{len(rows)} leaves of rows, {_range(rows)}; plan of columns {plan}; {len(bundle.claims)} claims"


def _committed(bundle: Bundle) -> str:
    days: tuple[Day, ...] = bundle.days
    return f"rows and entries of the drawn days among {len(days)} days; {_OPENING}"


def _range(leaves: list[int]) -> str:
    return f"leaves {leaves[0]} to {leaves[-1]}" if leaves else "no leaf"


def _fixed(text: str) -> Callable[[Bundle], str]:
    return lambda bundle: text


EXPLANATIONS: dict[int, Explanation] = {
    1: Explanation(
        "both signatures over the declaration, by the site's key of that time", _declaration, _SIGNATURES
    ),
    2: Explanation(
        "the tree over all leaves gives each head's root, and the site signed it", _leaves, _HASHES
    ),
    3: Explanation(
        "the witness signed each head, with a time that does not run back",
        _heads,
        f"{_SIGNATURES}; the witness",
    ),
    4: Explanation(
        "each slot was fixed within 15 minutes of its end",
        _slots,
        "the witness's clock, and that it does not collude",
    ),
    5: Explanation("the log ends with this declaration and names this site", _close, _HASHES),
    6: Explanation(
        "entries for each subject and hour, and no slot missing", _days, "the inventory is complete"
    ),
    7: Explanation(
        "declared totals are within what the hardware can do", _inventory, "the chip table's data sheets"
    ),
    8: Explanation(
        "declared energy against the sealed meter",
        _fixed("energyMillijoule in the declaration; the meter's file, given with --meter"),
        "the meter's seal and key",
    ),
    9: Explanation(
        "a range proof for every row, time closes to the inventory, and each claim over all rows",
        _rows,
        "discrete logarithms are hard, Merlin is a random oracle; that amounts are true is not shown",
    ),
    10: Explanation(
        "the answer is to this challenge, and the nonce is the one fixed before", _fixed(_OPENING), _HASHES
    ),
    11: Explanation("all that was drawn is opened, and nothing else", _fixed(_OPENING), _DRAW),
    12: Explanation("entries and samples hash to what was logged", _fixed(_OPENING), _HASHES),
    13: Explanation(
        "time, energy and FLOP again from samples", _fixed(_OPENING), "public rules in exact integers"
    ),
    14: Explanation("the classifier's verdicts again, bit for bit", _fixed(_OPENING), "the pinned model"),
    15: Explanation("declared classes against verdicts", _fixed(_OPENING), _LABELS),
    16: Explanation("groups in lock-step against declared runs", _fixed(_OPENING), f"lock-step; {_LABELS}"),
    17: Explanation("declared totals against what was drawn", _fixed(_OPENING), _DRAW),
    18: Explanation(
        "evidence of training over a declared run's time", _fixed(_OPENING), "the simulated reference set"
    ),
    19: Explanation(
        "work in lock-step over nodes against its class", _fixed(_OPENING), "the simulated reference set"
    ),
    20: Explanation(
        "hours of a drawn day add up, column by column, to the committed row",
        _committed,
        "discrete logarithms; SHA-256",
    ),
}
