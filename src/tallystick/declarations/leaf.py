"""What a site's log holds, leaf by leaf. A leaf's data is the canonical JSON of its value."""

from dataclasses import dataclass

from tallystick.declarations.key_event import KeyRevocation, KeyRotation, parse_key_event
from tallystick.errors import FormatError
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields, hash_from
from tallystick.evidence.keys import COSIGNATURE, NOTE, VerifierKey
from tallystick.evidence.matrix.columns import ColumnPlan, parse_plan
from tallystick.evidence.matrix.row import CommittedRow, parse_row
from tallystick.records.sample import MAX_INTERVAL_NS
from tallystick.records.subject import Subject, SubjectKind, Trust
from tallystick.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_MS, SLOT_NS

MAX_SUBJECTS = 200_000
MAX_COVERS = 4096
CLOCKS = (REAL, SIMULATED) = ("real", "simulated")
#: Nominal time between samples is this long at least, and a slot at most: one reading holds no longer.
MIN_INTERVAL_NS = NS_PER_MS


@dataclass(frozen=True, slots=True)
class Registration:
    """The first leaf: which site this log is of, and with which keys it and its witness sign.

    ``clock`` is ``real``, or ``simulated`` where the samples' own time stands for the present.
    """

    site: str
    key: VerifierKey
    witness: VerifierKey | None
    clock: str

    def as_json(self) -> Json:
        """The leaf's value."""
        witness = str(self.witness) if self.witness else ""
        return {
            "clock": self.clock,
            "key": str(self.key),
            "site": self.site,
            "type": "registration",
            "witness": witness,
        }


@dataclass(frozen=True, slots=True)
class Inventory:
    """Subjects that join, with the key of each sealed meter among them."""

    subjects: tuple[Subject, ...]
    meter_key: VerifierKey | None

    def as_json(self) -> Json:
        """The leaf's value."""
        key = str(self.meter_key) if self.meter_key else ""
        return {"meter_key": key, "subjects": [_subject_json(s) for s in self.subjects], "type": "inventory"}


@dataclass(frozen=True, slots=True)
class SlotSeal:
    """The root over one salted leaf per operator's subject, for one slot."""

    slot_ns: int
    root: bytes

    def as_json(self) -> Json:
        """The leaf's value."""
        return {"root": self.root.hex(), "slot_ns": str(self.slot_ns), "type": "slot"}


@dataclass(frozen=True, slots=True)
class DayStart:
    """What follows is a day's account, or that of the part of it which a period covers.

    First ``rows`` entries for each hour, in the order of the roster; then, where the log has a plan of
    columns, the rows of the matrix of the subjects that were in the inventory, in the same order.
    """

    start_ns: int
    end_ns: int
    rows: int

    @property
    def hours(self) -> int:
        """How many hours it covers."""
        return (self.end_ns - self.start_ns) // NS_PER_HOUR

    def as_json(self) -> Json:
        """The leaf's value."""
        return {
            "end_ns": str(self.end_ns),
            "rows": self.rows,
            "start_ns": str(self.start_ns),
            "type": "day",
        }


@dataclass(frozen=True, slots=True)
class EntryCommitment:
    """The root over the salted fields of a ledger entry."""

    digest: bytes

    def as_json(self) -> Json:
        """The leaf's value."""
        return self.digest.hex()


@dataclass(frozen=True, slots=True)
class Close:
    """The hash of the declaration that closed a period."""

    declaration: bytes

    def as_json(self) -> Json:
        """The leaf's value."""
        return {"declaration": self.declaration.hex(), "type": "close"}


Leaf = (
    Registration
    | Inventory
    | ColumnPlan
    | SlotSeal
    | DayStart
    | EntryCommitment
    | CommittedRow
    | KeyRotation
    | KeyRevocation
    | Close
)


def parse_leaf(value: Json, where: str) -> Leaf:
    """Read a leaf. Raises FormatError."""
    if isinstance(value, str):
        return EntryCommitment(hash_from(value, where))
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "slot":
        fields = Fields(value, ("root", "slot_ns", "type"), where)
        slot_ns = fields.integer("slot_ns")
        if slot_ns < 0 or slot_ns % SLOT_NS:
            raise FormatError("not the start of a slot", where=where)
        return SlotSeal(slot_ns, fields.hash("root"))
    if kind == "row":
        return parse_row(value, where)
    if kind == "day":
        return _day(value, where)
    if kind == "columns":
        return parse_plan(value, where)
    if kind in ("key-rotation", "key-revocation"):
        return parse_key_event(value, where)
    if kind == "close":
        return Close(Fields(value, ("declaration", "type"), where).hash("declaration"))
    if kind == "inventory":
        fields = Fields(value, ("meter_key", "subjects", "type"), where)
        subjects = tuple(_subject(s, where) for s in fields.items("subjects", MAX_SUBJECTS))
        return Inventory(subjects, _optional_key(fields.text("meter_key"), NOTE, where))
    if kind == "registration":
        fields = Fields(value, ("clock", "key", "site", "type", "witness"), where)
        if fields.text("clock") not in CLOCKS:
            raise FormatError(f"clock must be one of {CLOCKS}", where=where)
        key = _key(fields.text("key"), NOTE, where)
        witness = _optional_key(fields.text("witness"), COSIGNATURE, where)
        return Registration(fields.text("site", 128), key, witness, fields.text("clock"))
    raise FormatError("unknown kind of leaf", where=where)


def _day(value: Json, where: str) -> DayStart:
    fields = Fields(value, ("end_ns", "rows", "start_ns", "type"), where)
    day = DayStart(fields.amount("start_ns"), fields.amount("end_ns"), fields.number("rows"))
    whole = day.start_ns % NS_PER_HOUR == day.end_ns % NS_PER_HOUR == 0
    within = day.start_ns // NS_PER_DAY == (day.end_ns - 1) // NS_PER_DAY
    if not whole or not within or day.hours < 1 or not 0 < day.rows <= MAX_SUBJECTS:
        raise FormatError("not whole hours of one day", where=where)
    return day


def _optional_key(text: str, purpose: int, where: str) -> VerifierKey | None:
    return _key(text, purpose, where) if text else None


def _key(text: str, purpose: int, where: str) -> VerifierKey:
    key = VerifierKey.parse(text, where)
    if key.purpose != purpose:
        raise FormatError(f"the key of {key.name} is for another purpose", where=where)
    return key


def _subject_json(subject: Subject) -> Json:
    return {
        "covers": list(subject.covers),
        "hardware": subject.hardware,
        "interval_ns": str(subject.interval_ns),
        "joined_ns": str(subject.joined_ns),
        "kind": subject.kind.value,
        "left_ns": str(subject.left_ns),
        "name": subject.name,
        "source": subject.source,
        "trust": subject.trust.value,
    }


_SUBJECT_KEYS = (
    "covers",
    "hardware",
    "interval_ns",
    "joined_ns",
    "kind",
    "left_ns",
    "name",
    "source",
    "trust",
)


def _subject(value: Json, where: str) -> Subject:
    fields = Fields(value, _SUBJECT_KEYS, where)
    covers = fields.items("covers", MAX_COVERS)
    if any(not isinstance(name, str) or len(name) > 128 or not name.isprintable() for name in covers):
        raise FormatError("covers must name accelerators", where=where)
    try:
        kind, trust = SubjectKind(fields.text("kind")), Trust(fields.text("trust"))
    except ValueError as error:
        raise FormatError(str(error), where=where) from error
    subject = Subject(
        name=fields.text("name", 128),
        kind=kind,
        hardware=fields.text("hardware", 64),
        covers=tuple(covers),
        source=fields.text("source", 128),
        trust=trust,
        interval_ns=fields.integer("interval_ns"),
        joined_ns=fields.integer("joined_ns"),
        left_ns=fields.integer("left_ns"),
    )
    most = SLOT_NS if kind is SubjectKind.METER else MAX_INTERVAL_NS
    if not subject.name or not MIN_INTERVAL_NS <= subject.interval_ns <= most:
        raise FormatError("name or interval of a subject is out of range", where=where)
    if subject.joined_ns < 0 or subject.left_ns < 0:
        raise FormatError("times must not be negative", where=where)
    return subject
