"""Checks 1 to 9: form, signatures, log and totals of a bundle, offline, without any opening.

The numbers are those of ``report.CHECKS`` and of ``spec/inspection.md``.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tallystick.accounting.hardware import hardware
from tallystick.claims.public_record import MeterTotal
from tallystick.declarations.bundle import Bundle, declaration_of
from tallystick.declarations.key_history import KeySpan
from tallystick.declarations.leaf import REAL, Close
from tallystick.declarations.statement import Declaration
from tallystick.errors import FormatError, TallystickError, VerificationError
from tallystick.evidence.log.cosignature import verify_head
from tallystick.evidence.matrix.sums import Matrix
from tallystick.inspection.claimed import claims_hold
from tallystick.inspection.committed import committed_matrix
from tallystick.inspection.meter import MeterFile
from tallystick.inspection.report import VERIFY_CHECKS, Report
from tallystick.records.subject import SubjectKind, Trust
from tallystick.units import NS_PER_HOUR, NS_PER_MINUTE, NS_PER_S, PPM, SLOT_NS, kwh_text

#: A slot's head must be cosigned this long after the slot's end at the latest.
SEALING_LIMIT_NS = SLOT_NS
#: The witness's clock may run this much behind the site's.
CLOCK_TOLERANCE_NS = NS_PER_MINUTE
#: Declared and metered energy may differ by meter class and conversion loss together.
ENERGY_TOLERANCE_PPM = 50_000
#: A node's supply may draw this much more than its rated power for a moment.
RATED_MARGIN_PPM = 200_000


@dataclass(frozen=True, slots=True)
class Verified:
    """A bundle whose declaration could be read, with the outcome of its checks."""

    bundle: Bundle
    declaration: Declaration | None
    report: Report
    matrix: Matrix | None = None


def verify(
    bundle: Bundle,
    meter: MeterFile | None = None,
    agreed: frozenset[str] = frozenset(),
    progress: Callable[[int], None] = lambda _: None,
    workers: int = 1,
) -> Verified:
    """Run checks 1 to 9. Never raises for a bad bundle: each check says what failed.

    ``agreed`` are fingerprints of the keys that the two sides exchanged beforehand, of site, witness and
    meter. Where any is given, all three must be among them; where none is, comparing is left to the
    reader. ``progress`` is told of rows of the matrix that were checked, by ``workers`` processes.
    """
    report = Report()
    declaration = _check_1(bundle, agreed, report)
    log_holds = report.run(2, lambda: _log_recomputes(bundle))
    if declaration is None or not log_holds:
        report.skip(VERIFY_CHECKS, "not checked: an earlier check failed")
        return Verified(bundle, None, report)
    _check_witness(bundle, agreed, report)
    if not report.run(5, lambda: _bound(bundle, declaration)):
        report.skip(VERIFY_CHECKS, "not checked: an earlier check failed")
        return Verified(bundle, None, report)
    report.run(6, lambda: _complete(bundle, declaration))
    report.run(7, lambda: _possible(bundle, declaration))
    _check_energy(bundle, declaration, meter, agreed, report)
    metered = _meter_total(meter, declaration, report)
    matrix = _check_matrix(
        bundle, declaration, metered, report, lambda: committed_matrix(bundle, declaration, workers, progress)
    )
    return Verified(bundle, declaration, report, matrix)


def _check_matrix(
    bundle: Bundle,
    declaration: Declaration,
    meter: MeterTotal | None,
    report: Report,
    check: Callable[[], Matrix],
) -> Matrix | None:
    if bundle.plan is None:
        report.add(9, None, "not checked: the log has no plan of columns, so no amounts are committed")
        return None
    if not report.passed(6):
        report.add(9, None, "not checked: an earlier check failed")
        return None
    found: list[Matrix] = []

    def proven() -> str:
        matrix = check()
        found.append(matrix)
        report.claims += claims_hold(bundle, declaration, matrix, meter)
        said = f"{len(matrix.rows)} rows of {len(matrix.plans[-1].roles)} columns, none negative"
        left_out = len(bundle.claims) - len(report.claims)
        waiting = f"; {left_out} of energy not checked: give the sealed meter's file" if left_out else ""
        return f"{said}; {len(report.claims)} claims proven{waiting}"

    report.run(9, proven)
    return found[0] if found else None


def _meter_total(meter: MeterFile | None, declaration: Declaration, report: Report) -> MeterTotal | None:
    """What claims of energy are held against: only a meter whose signature and key check 8 accepted."""
    if meter is None or meter.signer is None or not report.passed(8):
        return None
    period = declaration.period
    return MeterTotal(meter.signer.fingerprint, meter.energy_mj(period.start_ns, period.end_ns))


def _check_1(bundle: Bundle, agreed: frozenset[str], report: Report) -> Declaration | None:
    try:
        declaration = declaration_of(bundle)
        known = _as_agreed(bundle.keys.site, len(bundle.leaves), agreed)
    except TallystickError as error:
        report.add(1, False, str(error))
        return None
    report.add(1, True, f"signed by {known}")
    return declaration


def _as_agreed(spans: Sequence[KeySpan], size: int, agreed: frozenset[str]) -> str:
    """How far the key of a head of ``size`` leaves is known; one agreed vouches for those that follow it.

    Raises VerificationError where others were agreed.
    """
    keys = [span.key for span in spans if span.first_leaf < size and span.key is not None]
    chain = f", {len(keys)}th in this log, each vouched for by the one before it" if len(keys) > 1 else ""
    named = f"{keys[-1].name}, fingerprint {keys[-1].fingerprint}"
    if not agreed:
        return f"{named}{chain}: compare {'the first' if chain else 'this'} key with the one agreed"
    if not agreed.intersection(key.fingerprint for key in keys):
        raise VerificationError(f"{named}, is not among the keys agreed")
    return f"{named}, as agreed{chain}"


def _log_recomputes(bundle: Bundle) -> str:
    origin, sizes = bundle.registration.key.name, []
    for head in bundle.heads:
        checkpoint = head.checkpoint
        key = bundle.keys.site_key(checkpoint.size)
        head.verify(key)
        if bundle.registration.witness is None:
            verify_head(head, key, ())
        if checkpoint.origin != origin or not 0 < checkpoint.size <= len(bundle.leaves):
            raise VerificationError(f"a head of {checkpoint.origin} with {checkpoint.size} leaves")
        if bundle.tree.root(checkpoint.size) != checkpoint.root:
            raise VerificationError(f"the leaves do not recompute to the head of size {checkpoint.size}")
        sizes.append(checkpoint.size)
    if sizes != sorted(set(sizes)) or sizes[-1] != len(bundle.leaves):
        raise VerificationError("heads are out of order or do not cover all leaves")
    return f"{len(bundle.leaves)} leaves, {len(sizes)} heads"


def _check_witness(bundle: Bundle, agreed: frozenset[str], report: Report) -> None:
    witness = bundle.registration.witness
    if witness is None:
        reason = "not checked: the site has no witness, so nobody else fixed the time of its log"
        report.add(3, None, reason)
        report.add(4, None, reason)
        return
    times: dict[int, int] = {}

    def cosigned() -> str:
        for head in bundle.heads:
            size = head.checkpoint.size
            cosigner = bundle.keys.witness_key(size) or witness
            (times[size],) = verify_head(head, bundle.keys.site_key(size), (cosigner,))
        if witness.shares_a_half_with(bundle.registration.key):
            raise VerificationError("the site is its own witness")
        if list(times.values()) != sorted(times.values()):
            raise VerificationError(f"the clock of {witness.name} ran backwards")
        return f"{len(times)} times, by {_as_agreed(bundle.keys.witness, len(bundle.leaves), agreed)}"

    if report.run(3, cosigned):
        report.run(4, lambda: _sealed_in_time(bundle, times))
    else:
        report.add(4, None, "not checked: an earlier check failed")


def _sealed_in_time(bundle: Bundle, times: dict[int, int]) -> str:
    worst = 0
    sizes = sorted(times)
    position = 0
    for slot_ns, (leaf, _) in bundle.slots.items():
        while sizes[position] <= leaf:
            position += 1
        late = times[sizes[position]] * NS_PER_S - (slot_ns + SLOT_NS)
        worst = max(worst, late)
        if late > SEALING_LIMIT_NS:
            raise VerificationError(
                f"the slot at {slot_ns} was fixed {late // NS_PER_S} s after it ended",
                mend="ask why; samples may have been written after the fact",
            )
        if late < -CLOCK_TOLERANCE_NS:
            raise VerificationError(f"the slot at {slot_ns} was fixed {-late // NS_PER_S} s before it ended")
    clock = "" if bundle.registration.clock == REAL else ", by a simulated clock"
    return f"each slot fixed at most {worst // NS_PER_S} s after its end{clock}"


def _bound(bundle: Bundle, declaration: Declaration) -> str:
    registration = bundle.registration
    if (declaration.site, declaration.origin) != (registration.site, registration.key.name):
        raise VerificationError(f"a declaration of {declaration.site} for {declaration.origin}")
    if declaration.log_size != len(bundle.leaves) - 1:
        raise VerificationError("the log goes on after the declaration")
    if bundle.tree.root(declaration.log_size) != declaration.log_root:
        raise VerificationError("the declaration names another log")
    if bundle.close.declaration != hashlib.sha256(declaration.payload()).digest():
        raise VerificationError("the log closes with another declaration")
    earlier = sum(isinstance(leaf, Close) for leaf in bundle.leaves) - 1
    before = f"; {earlier} earlier declarations in this log: ask for their bundles" if earlier else ""
    return f"period {declaration.period.label}, log of {declaration.log_size} leaves{before}"


def _complete(bundle: Bundle, declaration: Declaration) -> str:
    period = declaration.period
    if period.start_ns % NS_PER_HOUR or period.end_ns % NS_PER_HOUR or period.start_ns >= period.end_ns:
        raise FormatError("the period is not whole hours")
    if not bundle.roster.rows:
        raise VerificationError("the inventory is empty")
    days = bundle.days_of(declaration)
    entries = [bundle.entry(leaf) for day in days for leaf in range(day.first_entry, day.first_row)]
    if len(set(entries)) != len(entries):
        raise VerificationError("an entry stands in the log twice")
    period_slots = range(period.start_ns // SLOT_NS * SLOT_NS, period.end_ns, SLOT_NS)
    due = [s for s in period_slots if bundle.roster.somebody_there(s, s + SLOT_NS)]
    missing = sum(slot not in bundle.slots for slot in due)
    if missing or not due:
        raise VerificationError(f"{missing or 'all'} slots are missing", mend="ask why nothing was sealed")
    return f"{len(entries)} entries for {len(bundle.roster.rows)} subjects, {len(due)} slots"


def _possible(bundle: Bundle, declaration: Declaration) -> str:
    roster, period = bundle.roster, declaration.period
    inventory = sum(
        roster.inventory_ms(row, period.start_ns, period.end_ns) for row in range(len(roster.rows))
    )
    if (declaration.accelerators, declaration.inventory_ms) != (roster.accelerators, inventory):
        raise VerificationError("accelerators or their time differ from the inventory in the log")
    if sum(declaration.time_ms.values()) != declaration.observed_ms or declaration.observed_ms > inventory:
        raise VerificationError("times by class do not add up to the time observed, within the inventory")
    energy_limit = flop_limit = 0
    for row, subject in enumerate(roster.rows):
        if subject.kind is SubjectKind.METER:
            continue
        if hardware(subject.hardware).covers != len(subject.covers):
            raise VerificationError(
                f"{subject.name} is {subject.hardware} and names {len(subject.covers)} accelerators"
            )
        there_ms = roster.inventory_ms(row, period.start_ns, period.end_ns)
        if roster.counted[row]:
            flop_limit += hardware(subject.hardware).most_flop_per_s * there_ms // len(subject.covers) // 1000
        if row in roster.wall_rows:
            wall_ms = (period.end_ns - period.start_ns) // 1_000_000
            rated = hardware(subject.hardware).rated_mw * (PPM + RATED_MARGIN_PPM) // PPM
            energy_limit += rated * wall_ms // 1000
    if declaration.energy_mj > energy_limit or declaration.training_flop.upper > flop_limit:
        raise VerificationError("declared energy or FLOP exceed what the hardware can do")
    if declaration.largest_run_flop.upper > declaration.training_flop.upper:
        raise VerificationError("the largest run exceeds all training")
    return f"{declaration.accelerators} accelerators, {kwh_text(declaration.energy_mj)} kWh"


def _check_energy(
    bundle: Bundle,
    declaration: Declaration,
    meter: MeterFile | None,
    agreed: frozenset[str],
    report: Report,
) -> None:
    sealed = [leaf for leaf in bundle.inventories if any(s.trust is Trust.SEALED for s in leaf.subjects)]
    others = bundle.keys.all_keys
    if meter is None:
        report.add(8, None, "not checked: give the sealed meter's file with --meter")
        return
    signer = meter.signer
    if (
        signer is None
        or {leaf.meter_key for leaf in sealed} != {signer}
        or any(map(signer.shares_a_half_with, others))
    ):
        who = "unsigned" if signer is None else f"signed by {signer}, not the meters' key in the log"
        report.add(8, None, f"not checked: the meter's file is {who}, so it is only the operator's word")
        return
    known = (KeySpan(0, signer),), 1, agreed
    report.run(8, lambda: f"{_energy_agrees(bundle, declaration, meter)}, by {_as_agreed(*known)}")


def _energy_agrees(bundle: Bundle, declaration: Declaration, meter: MeterFile) -> str:
    expected = {s.name for s in bundle.roster.meters}
    if meter.subjects() != expected:
        raise VerificationError(f"meters in the file are not the {len(expected)} of the inventory")
    period = declaration.period
    metered = meter.energy_mj(period.start_ns, period.end_ns)
    difference = declaration.energy_mj - metered
    detail = f"declared {kwh_text(declaration.energy_mj)} kWh, metered {kwh_text(metered)} kWh"
    if abs(difference) * PPM > metered * ENERGY_TOLERANCE_PPM:
        raise VerificationError(f"{detail}: further apart than {ENERGY_TOLERANCE_PPM // 10_000} %")
    percent = difference * 1000 // max(1, metered) / 10
    return f"{detail} ({percent:+.1f} %)"
