"""The bytes of a ledger entry and its commitment."""

from tallystick.declarations.statement import parse_flop
from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.salted import commitment
from tallystick.records.entry import TIME_KEYS, LedgerEntry
from tallystick.records.workload import NOT_OBSERVED, WorkloadClass
from tallystick.units import SLOTS_PER_HOUR, WINDOWS_PER_HOUR

PURPOSE = "tallystick-entry/1"

_KEYS = (
    "energy_mj",
    "flop",
    "hour_ns",
    "inventory_ms",
    "model",
    "run",
    "slots",
    "subject",
    "time_ms",
    "verdicts",
    "workloads",
)
_NAMES = {c.value: c for c in WorkloadClass}


def entry_json(entry: LedgerEntry) -> Json:
    """The entry as JSON: large integers are decimal strings, an unstated class is empty text."""
    return {
        "energy_mj": str(entry.energy_mj),
        "flop": entry.flop.as_json(),
        "hour_ns": str(entry.hour_ns),
        "inventory_ms": str(entry.inventory_ms),
        "model": entry.model,
        "run": entry.run,
        "slots": list(entry.slots),
        "subject": entry.subject,
        "time_ms": {key: str(ms) for key, ms in zip(TIME_KEYS, entry.time_ms, strict=True)},
        "verdicts": list(entry.verdicts),
        "workloads": [w.value if w else "" for w in entry.workloads],
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
    workloads = fields.items("workloads", WINDOWS_PER_HOUR)
    if len(workloads) != WINDOWS_PER_HOUR or any(type(w) is not str for w in workloads):
        raise FormatError(f"{WINDOWS_PER_HOUR} workload classes are due", where=where)
    unknown = [w for w in workloads if w and w not in _NAMES]
    if unknown:
        raise FormatError(f"unknown workload class {unknown[0][:32]!a}", where=where)
    time_ms = Fields(fields.raw("time_ms"), TIME_KEYS, where)
    return LedgerEntry(
        subject=fields.text("subject", 128),
        hour_ns=fields.amount("hour_ns"),
        inventory_ms=fields.amount("inventory_ms"),
        time_ms=tuple(time_ms.amount(key) for key in TIME_KEYS),
        energy_mj=fields.amount("energy_mj"),
        workloads=tuple(_NAMES[w] if w else None for w in workloads),
        run=fields.text("run", 128),
        verdicts=tuple(verdicts),
        flop=parse_flop(fields.raw("flop"), where),
        model=fields.text("model", 128),
        slots=tuple(slots),
    )


def entry_commitment(salt: bytes, entry: LedgerEntry) -> bytes:
    """The salted hash that stands in the log."""
    return commitment(PURPOSE, salt, canonical.encode(entry_json(entry)))
