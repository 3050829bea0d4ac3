"""The bytes of a ledger entry and its commitment."""

from collections.abc import Sequence
from itertools import pairwise

from tallystick.declarations.statement import parse_flop
from tallystick.errors import FormatError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.evidence.salted_fields import OpenedField, check_field, fields_root, open_field
from tallystick.records.entry import TIME_KEYS, ColumnAmount, LedgerEntry
from tallystick.records.workload import NOT_OBSERVED, WorkloadClass
from tallystick.units import SLOTS_PER_HOUR, WINDOWS_PER_HOUR

PURPOSE = "tallystick-entry/2"
#: The field that is opened for every hour of a day of which one hour is drawn.
AMOUNTS, ENERGY = "amounts", "energy_mj"
MAX_COLUMN = 1 << 16

_KEYS = (
    AMOUNTS,
    "columns",
    ENERGY,
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
        AMOUNTS: amounts_json(entry.amounts),
        "columns": list(entry.columns),
        ENERGY: str(entry.energy_mj),
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
        columns=_columns(fields.items("columns", WINDOWS_PER_HOUR), where),
        amounts=parse_amounts(fields.raw(AMOUNTS), where),
    )


def entry_commitment(salt: bytes, entry: LedgerEntry) -> bytes:
    """What stands in the log: the root over the entry's salted fields."""
    return fields_root(PURPOSE, salt, entry_json(entry))


def open_entry_field(salt: bytes, entry: LedgerEntry, name: str) -> OpenedField:
    """What opens one field of an entry, and nothing else of it."""
    return open_field(PURPOSE, salt, entry_json(entry), name)


def check_amounts_field(amounts: Sequence[ColumnAmount], opened: OpenedField, root: bytes) -> None:
    """Raise VerificationError unless the entry committed as ``root`` holds these amounts by column."""
    check_field(PURPOSE, _KEYS, AMOUNTS, amounts_json(amounts), opened, root)


def check_energy_field(energy_mj: int, opened: OpenedField, root: bytes) -> None:
    """Raise VerificationError unless the entry committed as ``root`` holds this energy."""
    check_field(PURPOSE, _KEYS, ENERGY, str(energy_mj), opened, root)


def amounts_json(amounts: Sequence[ColumnAmount]) -> Json:
    """Amounts by column as JSON."""
    return [[a.column, str(a.time_ms), str(a.energy_mj), str(a.flop)] for a in amounts]


def parse_amounts(value: Json, where: str) -> tuple[ColumnAmount, ...]:
    """Read amounts by column. Raises FormatError unless columns ascend."""
    if not isinstance(value, list) or any(not isinstance(item, list) or len(item) != 4 for item in value):
        raise FormatError("amounts are not columns with three amounts each", where=where)
    names = ("time_ms", "energy_mj", "flop")
    found = []
    for column, *amounts in value:
        fields = Fields(dict(zip(names, amounts, strict=True)), names, where)
        found.append(ColumnAmount(_column(column, where), *(fields.amount(name) for name in names)))
    if any(later.column <= earlier.column for earlier, later in pairwise(found)):
        raise FormatError("columns of an entry do not ascend", where=where)
    return tuple(found)


def _columns(items: list[Json], where: str) -> tuple[int, ...]:
    return tuple(_column(item, where) for item in items)


def _column(item: Json, where: str) -> int:
    if type(item) is not int or not 0 <= item < MAX_COLUMN:
        raise FormatError("a column is a number", where=where)
    return item
