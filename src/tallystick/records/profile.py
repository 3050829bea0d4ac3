"""The technology profile: how well inspection works, as draws with their uncertainty (``spec/profile.md``).

It is the only way in which measured numbers reach an analysis of a regime, so that every file is checked
whole before any of it is used: sizes, types, ranges, the canonical form and the hash. Nothing simulated is
ever called measured.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from tallystick.errors import FormatError
from tallystick.units import PPM

FORMAT = "tallystick-profile/1"
MAX_FILE_BYTES = 20_000_000
MAX_AXES = 512
MAX_DRAWS = 4_000
MAX_NOTICES = 8
MAX_NOTICE = 500
MAX_SIZES = 32
MAX_INTEGER = 2**53 - 1
#: Greatest widening, in thousandths of a logit: twenty logits are one in 500 million.
MAX_GAP = 20_000
MEND = "build it again with: tallystick profile build BENCH.json"

E = TypeVar("E", bound=StrEnum)

_NAME = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_HEX32 = re.compile(r"[0-9a-f]{64}")
_TEXT = re.compile(r"[ -~]+")


class Quantity(StrEnum):
    """What the draws of an axis are, each in ppm.

    ``detection``: probability that a violation is found; ``false_alarm``: that permitted work is accused;
    ``delay``: share of a run's length that passes before it is named; ``recognition``: share of windows
    rightly told training or not; ``sampling_effort``: share of entries opened; ``leakage``: share of what
    should stay private that an inspector learns.
    """

    DETECTION = "detection"
    FALSE_ALARM = "false_alarm"
    DELAY = "delay"
    RECOGNITION = "recognition"
    SAMPLING_EFFORT = "sampling_effort"
    LEAKAGE = "leakage"


class Violation(StrEnum):
    """What the inspected side does wrong."""

    NONE = "none"
    UNDECLARED_TRAINING = "undeclared_training"


class Rule(StrEnum):
    """By what a verdict is reached; figures of different rules are different operating points."""

    NONE = "none"
    RUN_EVIDENCE = "run_evidence"
    WINDOW_MAJORITY = "window_majority"
    WINDOW_SHARE = "window_share"
    WINDOW_CLASS = "window_class"


class Source(StrEnum):
    """Where an axis comes from: ``real`` telemetry, or anything else, which is ``simulated``."""

    REAL = "real"
    SIMULATED = "simulated"


class Status(StrEnum):
    """How far an axis may be trusted. Only ``measured`` is a measurement."""

    MEASURED = "measured"
    WIDENED = "widened by the gap"
    NO_GAP = "no gap measured"
    NOT_MEASURED = "not measured"


class Unit(StrEnum):
    """What was counted as independent; never windows."""

    NONE = "none"
    RUN = "run"
    FAMILY = "family"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Axis:
    """One quantity of one violation and evasion, as ``draws`` in ppm from its posterior.

    ``evasion`` is ``none``, ``adaptive`` or a family; ``setting`` names what was held out, or is ``none``.
    ``observed_ppm`` is the benchmark's own figure over ``units`` independent units (None where there is
    none), ``gap`` the measure of the gap that widened the draws, or ``none``.
    """

    quantity: Quantity
    violation: Violation
    evasion: str
    setting: str
    rule: Rule
    source: Source
    status: Status
    unit: Unit
    units: int
    observed_ppm: int | None
    gap: str
    draws: tuple[int, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What tells axes apart, and their order."""
        return (self.quantity, self.violation, self.evasion, self.setting, self.rule, self.source)

    def quantile(self, level_ppm: int) -> int:
        """The draw below which ``level_ppm`` of all draws lie (nearest rank, exact)."""
        ordered = sorted(self.draws)
        return ordered[min(len(ordered) - 1, len(ordered) * level_ppm // PPM)]


@dataclass(frozen=True, slots=True)
class Gap:
    """How far real and simulated figures of one task may lie apart: the upper limit at 95 % of the distance
    between their logits, in thousandths, over families as independent units.
    """

    measure: str
    real_held_out: str
    simulated_held_out: str
    real_ppm: int
    simulated_ppm: int
    real_families: int
    simulated_families: int
    logit_milli: int


@dataclass(frozen=True, slots=True)
class TechnologyProfile:
    """A whole profile. ``hash`` is the SHA-256, in hexadecimal, of the file without its hash."""

    hash: str
    benchmark_sha256: str
    benchmark_size: dict[str, int]
    tool_version: str
    seed: int
    notices: tuple[str, ...]
    gaps: tuple[Gap, ...]
    axes: tuple[Axis, ...]


def sealed(profile: TechnologyProfile) -> TechnologyProfile:
    """The same profile with its axes in order and its hash filled in."""
    ordered = replace(profile, axes=tuple(sorted(profile.axes, key=lambda axis: axis.key)))
    return replace(ordered, hash=_hash(_body(ordered)))


def encode_profile(profile: TechnologyProfile) -> bytes:
    """The file of a sealed profile: canonical JSON and one newline."""
    return _canonical({**_body(profile), "hash": profile.hash}) + b"\n"


def read_profile(path: Path) -> TechnologyProfile:
    """Reads and checks a whole profile. Raises FormatError where anything in it is wrong, OSError where the
    file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    return parse_profile(data, path.name)


def parse_profile(data: bytes, where: str) -> TechnologyProfile:
    """Checks the bytes of a profile. Raises FormatError."""
    check = _Check(where)
    check.that(len(data) <= MAX_FILE_BYTES, f"profile above {MAX_FILE_BYTES} bytes")
    try:
        raw = json.loads(data)
        canonical = _canonical(raw) + b"\n"
    except (ValueError, RecursionError):
        raise FormatError("profile is not JSON of integers and text", where=where, mend=MEND) from None
    check.that(canonical == data, "profile is not in canonical form")
    top = check.keys(raw, _TOP)
    check.that(top["format"] == FORMAT, f"format is not {FORMAT}")
    claimed = check.matching(top["hash"], "hash", _HEX32)
    check.that(_hash({k: v for k, v in top.items() if k != "hash"}) == claimed, "hash does not hold")
    return _profile(check, top)


_TOP = {"axes", "benchmark", "draws", "format", "gaps", "hash", "notices", "seed", "tool_version"}
_AXIS = set(Axis.__dataclass_fields__)
_GAP = set(Gap.__dataclass_fields__)


def _body(profile: TechnologyProfile) -> dict[str, Any]:
    return {
        "axes": [{name: getattr(axis, name) for name in _AXIS} for axis in profile.axes],
        "benchmark": {"sha256": profile.benchmark_sha256, "size": profile.benchmark_size},
        "draws": len(profile.axes[0].draws) if profile.axes else 0,
        "format": FORMAT,
        "gaps": [asdict(gap) for gap in profile.gaps],
        "notices": list(profile.notices),
        "seed": profile.seed,
        "tool_version": profile.tool_version,
    }


def _canonical(raw: object) -> bytes:
    """RFC 8785 for ASCII text and integers: sorted keys, no spaces."""
    return json.dumps(raw, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _hash(body: dict[str, Any]) -> str:
    return hashlib.sha256(_canonical(body)).hexdigest()


@dataclass(frozen=True, slots=True)
class _Check:
    """Reads values of untrusted JSON; each problem is a FormatError that names the place and the mend."""

    where: str

    def that(self, holds: bool, problem: str) -> None:
        if not holds:
            raise FormatError(problem, where=self.where, mend=MEND)

    def keys(self, raw: object, names: set[str]) -> dict[str, Any]:
        if not isinstance(raw, dict) or set(raw) != names:
            listed = ", ".join(sorted(names))
            raise FormatError(f"expected exactly the keys {listed}", where=self.where, mend=MEND)
        return raw

    def matching(self, raw: object, what: str, pattern: re.Pattern[str], most: int = 64) -> str:
        if not isinstance(raw, str) or len(raw) > most or not pattern.fullmatch(raw):
            raise FormatError(f"{what} is not text of the stated form", where=self.where, mend=MEND)
        return raw

    def integer(self, raw: object, what: str, most: int, least: int = 0) -> int:
        if type(raw) is not int or not least <= raw <= most:
            raise FormatError(f"{what} is not an integer of {least} to {most}", where=self.where, mend=MEND)
        return raw

    def items(self, raw: object, what: str, most: int, least: int = 0) -> list[Any]:
        if not isinstance(raw, list) or not least <= len(raw) <= most:
            raise FormatError(f"{what} is not a list of {least} to {most}", where=self.where, mend=MEND)
        return raw

    def one_of(self, raw: object, kind: type[E]) -> E:
        for member in kind:
            if raw == member.value:
                return member
        known = ", ".join(member.value for member in kind)
        raise FormatError(f"{kind.__name__.lower()} is none of {known}", where=self.where, mend=MEND)


def _profile(check: _Check, top: dict[str, Any]) -> TechnologyProfile:
    benchmark = check.keys(top["benchmark"], {"sha256", "size"})
    size = benchmark["size"]
    check.that(isinstance(size, dict) and len(size) <= MAX_SIZES, f"size has not 0 to {MAX_SIZES} entries")
    draws = check.integer(top["draws"], "draws", MAX_DRAWS, 1)
    gaps = tuple(_gap(check, raw) for raw in check.items(top["gaps"], "gaps", MAX_SIZES))
    measures = [gap.measure for gap in gaps]
    check.that(len(set(measures)) == len(measures), "a gap occurs twice")
    axes = tuple(_axis(check, a, draws, measures) for a in check.items(top["axes"], "axes", MAX_AXES, 1))
    keys = [axis.key for axis in axes]
    check.that(keys == sorted(set(keys)), "axes are not in order, each once")
    notices = check.items(top["notices"], "notices", MAX_NOTICES)
    return TechnologyProfile(
        hash=top["hash"],
        benchmark_sha256=check.matching(benchmark["sha256"], "sha256", _HEX32),
        benchmark_size={
            check.matching(k, "size", _NAME): check.integer(v, "size", MAX_INTEGER) for k, v in size.items()
        },
        tool_version=check.matching(top["tool_version"], "tool_version", _NAME),
        seed=check.integer(top["seed"], "seed", MAX_INTEGER),
        notices=tuple(check.matching(n, "a notice", _TEXT, MAX_NOTICE) for n in notices),
        gaps=gaps,
        axes=axes,
    )


def _gap(check: _Check, raw: object) -> Gap:
    fields = check.keys(raw, _GAP)
    for name in ("measure", "real_held_out", "simulated_held_out"):
        check.matching(fields[name], name, _NAME)
    for name in ("real_ppm", "simulated_ppm"):
        check.integer(fields[name], name, PPM)
    for name in ("real_families", "simulated_families"):
        check.integer(fields[name], name, MAX_INTEGER, 1)
    check.integer(fields["logit_milli"], "logit_milli", MAX_GAP, 1)
    return Gap(**fields)


def _axis(check: _Check, raw: object, draws: int, measures: list[str]) -> Axis:
    fields = check.keys(raw, _AXIS)
    drawn = check.items(fields["draws"], "draws of an axis", draws, draws)
    check.that(all(type(v) is int and 0 <= v <= PPM for v in drawn), f"a draw is not 0 to {PPM}")
    observed = fields["observed_ppm"]
    axis = Axis(
        quantity=check.one_of(fields["quantity"], Quantity),
        violation=check.one_of(fields["violation"], Violation),
        evasion=check.matching(fields["evasion"], "evasion", _NAME),
        setting=check.matching(fields["setting"], "setting", _NAME),
        rule=check.one_of(fields["rule"], Rule),
        source=check.one_of(fields["source"], Source),
        status=check.one_of(fields["status"], Status),
        unit=check.one_of(fields["unit"], Unit),
        units=check.integer(fields["units"], "units", MAX_INTEGER),
        observed_ppm=None if observed is None else check.integer(observed, "observed_ppm", PPM),
        gap=check.matching(fields["gap"], "gap", _NAME),
        draws=tuple(drawn),
    )
    _agrees(check, axis, measures)
    return axis


def _agrees(check: _Check, axis: Axis, measures: list[str]) -> None:
    """Source, status, sample and gap of an axis must say the same."""
    real = axis.source is Source.REAL
    check.that(
        real == (axis.status is Status.MEASURED), "only an axis of real source is measured, and all are"
    )
    widened = axis.status is Status.WIDENED
    check.that(axis.gap in measures if widened else axis.gap == "none", "gap does not fit the status")
    sampled = axis.status is not Status.NOT_MEASURED
    has_sample = axis.observed_ppm is not None and axis.units > 0 and axis.unit is not Unit.NONE
    lacks_sample = axis.observed_ppm is None and axis.units == 0 and axis.unit is Unit.NONE
    check.that(has_sample if sampled else lacks_sample, "sample does not fit the status")
