"""What an inspection says: checks, findings, facts, conclusion."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from tallystick.units import NS_PER_S


class Severity(StrEnum):
    """How much a finding matters."""

    MAJOR = "major"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered check. ``ok`` is None where it was not run: that is never a pass."""

    number: int
    name: str
    ok: bool | None
    detail: str

    def as_json(self) -> dict[str, object]:
        """The form that ``--json`` prints."""
        return {"number": self.number, "name": self.name, "ok": self.ok, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit the declaration. ``evidence`` are numbers of checks."""

    code: str
    severity: Severity
    text: str
    evidence: tuple[int, ...]
    resolve: str

    def as_json(self) -> dict[str, object]:
        """The form that ``--json`` prints."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "text": self.text,
            "evidence": list(self.evidence),
            "resolve": self.resolve,
        }


@dataclass(frozen=True, slots=True)
class Fact:
    """A quantity that regimes take as input. Integers in the unit that the name ends with.

    ``period``: the times that it is about, ``(start, end)`` in nanoseconds of Unix time, the end exclusive.
    """

    name: str
    lower: int
    upper: int
    claimed: int
    verified: bool
    period: tuple[int, int] | None = None

    def as_json(self) -> dict[str, object]:
        """The form that ``--json`` prints: decimal strings, and times of UTC to the second."""
        period = {} if self.period is None else dict(zip(("from", "to"), map(_utc, self.period), strict=True))
        return {
            "name": self.name,
            "lower": str(self.lower),
            "upper": str(self.upper),
            "claimed": str(self.claimed),
            "verified": self.verified,
            **period,
        }


def _utc(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns // NS_PER_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Conclusion(StrEnum):
    """What an inspection concludes. Never a probability of guilt."""

    NO_INDICATION = "no indication of undeclared training"
    UNRESOLVED = "unresolved"
    NOT_CONSISTENT = "not consistent with the declaration"
