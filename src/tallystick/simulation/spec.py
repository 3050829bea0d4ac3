"""The text that asks for a simulation: ``relabel,seed=7,accelerators=256,hours=24,interval=10``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tallystick.errors import InputError
from tallystick.simulation.signals import ACCELERATORS_PER_NODE
from tallystick.units import NS_PER_HOUR, NS_PER_S, SLOT_NS

#: Seconds between samples that divide a slot of 15 minutes.
INTERVALS_S = tuple(s for s in range(1, 61) if SLOT_NS // NS_PER_S % s == 0)
TRACE_CHOICES = ("auto", "drawn", "off", "on")
_LAST_SEED = 2**63 - 1
_DEFAULT_START = "2026-03-02"


@dataclass(frozen=True, slots=True)
class SimulationSpec:
    """A parsed request: which scenario, how large, how long, from when, and with which randomness."""

    scenario: str
    seed: int
    accelerators: int
    hours: int
    start_ns: int
    interval_s: int
    traces: str

    @property
    def nodes(self) -> int:
        """Nodes of eight accelerators."""
        return self.accelerators // ACCELERATORS_PER_NODE

    @property
    def end_ns(self) -> int:
        """The simulated span ends here, exclusive."""
        return self.start_ns + self.hours * NS_PER_HOUR


def parse_spec(text: str, scenarios: tuple[str, ...]) -> SimulationSpec:
    """Read ``NAME[,key=value]…``. Raises InputError that names the bad part and the mend."""
    name, *parts = (part.strip() for part in text.split(","))
    if name not in scenarios:
        raise _bad(f"unknown scenario {name!r}", f"use one of: {', '.join(sorted(scenarios))}")
    given: dict[str, str] = {}
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals or key not in _KEYS:
            raise _bad(f"cannot read {part!r}", f"write key=value with a key of: {', '.join(sorted(_KEYS))}")
        if key in given:
            raise _bad(f"{key} is given twice", "give it once")
        given[key] = value
    return SimulationSpec(
        name,
        seed=seed_of(given.get("seed", "0")),
        accelerators=_accelerators(given.get("accelerators", "256")),
        hours=hours_of(given.get("hours", "24")),
        start_ns=_start(given.get("start", _DEFAULT_START)),
        interval_s=interval_of(given.get("interval", "10")),
        traces=_traces(given.get("traces", "auto")),
    )


def _bad(problem: str, mend: str) -> InputError:
    return InputError(problem, where="simulation", mend=mend)


def _whole(key: str, text: str, allowed: Callable[[int], bool], rule: str) -> int:
    """``text`` as a whole number for which ``allowed`` holds."""
    if text.isascii() and text.isdecimal() and len(text) < 20 and allowed(int(text)):
        return int(text)
    raise _bad(f"{key}={text} is not usable", f"give {key} as {rule}")


def seed_of(text: str) -> int:
    """A seed. Raises InputError."""
    return _whole("seed", text, lambda n: n <= _LAST_SEED, f"a whole number from 0 to {_LAST_SEED}")


def _accelerators(text: str) -> int:
    rule = f"a multiple of {ACCELERATORS_PER_NODE} from 16 to 100000"
    return _whole("accelerators", text, lambda n: 16 <= n <= 100_000 and n % ACCELERATORS_PER_NODE == 0, rule)


def hours_of(text: str) -> int:
    """Hours of the span. Raises InputError."""
    return _whole("hours", text, lambda n: 1 <= n <= 8760, "a whole number from 1 to 8760")


def interval_of(text: str) -> int:
    """Seconds between samples. Raises InputError."""
    choices = ", ".join(map(str, INTERVALS_S))
    return _whole("interval", text, lambda n: n in INTERVALS_S, f"seconds that divide a slot: {choices}")


def _traces(text: str) -> str:
    if text in TRACE_CHOICES:
        return text
    raise _bad(f"traces={text} is not usable", f"use one of: {', '.join(TRACE_CHOICES)}")


def _start(text: str) -> int:
    """A date, or a time on a whole quarter of an hour; UTC unless it says otherwise."""
    mend = "give start as 2026-03-02 or 2026-03-02T06:15Z, from 2000 to 2100, on a whole quarter of an hour"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _bad(f"start={text} is not a time", mend) from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    start_ns = int(moment.timestamp()) * NS_PER_S
    if not 2000 <= moment.year < 2100 or moment.microsecond or start_ns % SLOT_NS:
        raise _bad(f"start={text} is not usable", mend)
    return start_ns


_KEYS = ("accelerators", "hours", "interval", "seed", "start", "traces")
