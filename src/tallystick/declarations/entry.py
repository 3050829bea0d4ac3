"""The bytes of a ledger entry and its commitment."""

from tallystick.declarations.statement import parse_flop
from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.salted import commitment
from tallystick.records.entry import LedgerEntry
from tallystick.records.workload import NOT_OBSERVED, WorkloadClass
from tallystick.units import SLOTS_PER_HOUR

PURPOSE = "tallystick-entry/1"

_KEYS = (
    "energy_mj",
    "flop",
    "hour_ns",
    "inventory_ms",
    "model",
    "observed_ms",
    "run",
    "slots",
    "subject",
    "verdicts",
    "workload",
)


def entry_json(entry: LedgerEntry) -> Json:
    """The entry as JSON: large integers are decimal strings, an unstated workload is empty."""
    return {
        "energy_mj": str(entry.energy_mj),
        "flop": entry.flop.as_json(),
        "hour_ns": str(entry.hour_ns),
        "inventory_ms": str(entry.inventory_ms),
        "model": entry.model,
        "observed_ms": str(entry.observed_ms),
        "run": entry.run,
        "slots": list(entry.slots),
        "subject": entry.subject,
        "verdicts": list(entry.verdicts),
        "workload": entry.workload.value if entry.workload else "",
    }


def parse_entry(value: Json, where: str) -> LedgerEntry:
    """Read an entry. Raises FormatError."""
    fields = Fields(value, _KEYS, where)
    verdicts = fields.items("verdicts", NOT_OBSERVED + 1)
    slots = fields.items("slots", SLOTS_PER_HOUR)
    if len(verdicts) != NOT_OBSERVED + 1 or any(type(v) is not int or v < 0 for v in verdicts):
        raise FormatError("verdicts must be counts", where=where)
    if any(not isinstance(slot, str) for slot in slots):
        raise FormatError("slots must be hashes", where=where)
    workload = fields.text("workload", 32)
    if workload and workload not in set(WorkloadClass):
        raise FormatError(f"unknown workload class {workload!r}", where=where)
    return LedgerEntry(
        subject=fields.text("subject", 128),
        hour_ns=fields.amount("hour_ns"),
        inventory_ms=fields.amount("inventory_ms"),
        observed_ms=fields.amount("observed_ms"),
        energy_mj=fields.amount("energy_mj"),
        workload=WorkloadClass(workload) if workload else None,
        run=fields.text("run", 128),
        verdicts=tuple(verdicts),
        flop=parse_flop(fields.raw("flop"), where),
        model=fields.text("model", 128),
        slots=tuple(slots),
    )


def entry_commitment(salt: bytes, entry: LedgerEntry) -> bytes:
    """The salted hash that stands in the log."""
    return commitment(PURPOSE, salt, canonical.encode(entry_json(entry)))
