"""The declaration: what the operator states and signs about one period (in-toto statement)."""

from dataclasses import dataclass

from tallystick.errors import FormatError
from tallystick.evidence import canonical
from tallystick.evidence.canonical import Json
from tallystick.evidence.fields import Fields
from tallystick.records.entry import TIME_KEYS
from tallystick.records.flop import FlopInterval

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://tallystick.example/declaration/v2"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole hours, ``start_ns`` to ``end_ns`` (exclusive), with the name the operator gave it."""

    label: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """Public figures of one period.

    ``log_size`` and ``log_root`` are the head that holds the period's days. Times are
    accelerator-milliseconds; ``time_ms`` is observed time by declared class (keys ``TIME_KEYS``);
    ``energy_mj`` is the site's wall energy. ``largest_run_flop`` is that of the largest run as the operator
    declares its runs.
    ``nonce_commitment`` fixes the operator's half of the challenge's randomness.
    """

    site: str
    origin: str
    period: Period
    log_size: int
    log_root: bytes
    accelerators: int
    inventory_ms: int
    observed_ms: int
    time_ms: dict[str, int]
    energy_mj: int
    training_flop: FlopInterval
    largest_run_flop: FlopInterval
    model: str
    nonce_commitment: bytes

    def payload(self) -> bytes:
        """The in-toto statement that is signed."""
        return canonical.encode(
            {
                "_type": STATEMENT_TYPE,
                "predicate": self._predicate(),
                "predicateType": PREDICATE_TYPE,
                "subject": [{"digest": {"sha256": self.log_root.hex()}, "name": self.origin}],
            }
        )

    def _predicate(self) -> Json:
        return {
            "accelerators": self.accelerators,
            "energyMillijoule": str(self.energy_mj),
            "inventoryMillisecond": str(self.inventory_ms),
            "largestRunFlop": self.largest_run_flop.as_json(),
            "logSize": self.log_size,
            "model": self.model,
            "nonceCommitment": self.nonce_commitment.hex(),
            "observedMillisecond": str(self.observed_ms),
            "period": {
                "endNanosecond": str(self.period.end_ns),
                "label": self.period.label,
                "startNanosecond": str(self.period.start_ns),
            },
            "site": self.site,
            "timeMillisecond": {key: str(self.time_ms[key]) for key in TIME_KEYS},
            "trainingFlop": self.training_flop.as_json(),
        }


_PREDICATE_KEYS = (
    "accelerators",
    "energyMillijoule",
    "inventoryMillisecond",
    "largestRunFlop",
    "logSize",
    "model",
    "nonceCommitment",
    "observedMillisecond",
    "period",
    "site",
    "timeMillisecond",
    "trainingFlop",
)


def parse_declaration(payload: bytes, where: str) -> Declaration:
    """Read a declaration. Raises FormatError."""
    statement = Fields(
        canonical.decode(payload, where), ("_type", "predicate", "predicateType", "subject"), where
    )
    if (statement.text("_type"), statement.text("predicateType")) != (STATEMENT_TYPE, PREDICATE_TYPE):
        raise FormatError("not a Tallystick declaration", where=where)
    subjects = statement.items("subject", 1)
    if len(subjects) != 1:
        raise FormatError("a declaration is about one log", where=where)
    subject = Fields(subjects[0], ("digest", "name"), where)
    fields = Fields(statement.raw("predicate"), _PREDICATE_KEYS, where)
    times = Fields(fields.raw("timeMillisecond"), TIME_KEYS, where)
    return Declaration(
        site=fields.text("site", 128),
        origin=subject.text("name", 128),
        period=_period(fields.raw("period"), where),
        log_size=fields.number("logSize"),
        log_root=Fields(subject.raw("digest"), ("sha256",), where).hash("sha256"),
        accelerators=fields.number("accelerators"),
        inventory_ms=fields.amount("inventoryMillisecond"),
        observed_ms=fields.amount("observedMillisecond"),
        time_ms={key: times.amount(key) for key in TIME_KEYS},
        energy_mj=fields.amount("energyMillijoule"),
        training_flop=parse_flop(fields.raw("trainingFlop"), where),
        largest_run_flop=parse_flop(fields.raw("largestRunFlop"), where),
        model=fields.text("model", 128),
        nonce_commitment=fields.hash("nonceCommitment"),
    )


def parse_flop(value: Json, where: str) -> FlopInterval:
    """Read an interval of FLOP. Raises FormatError where it is not ordered."""
    fields = Fields(value, ("lower", "estimate", "upper"), where)
    interval = FlopInterval(fields.integer("lower"), fields.integer("estimate"), fields.integer("upper"))
    if not 0 <= interval.lower <= interval.estimate <= interval.upper:
        raise FormatError("a FLOP interval is not ordered", where=where)
    return interval


def _period(value: Json, where: str) -> Period:
    fields = Fields(value, ("endNanosecond", "label", "startNanosecond"), where)
    return Period(fields.text("label", 128), fields.amount("startNanosecond"), fields.amount("endNanosecond"))
