"""What an inspection says: checks, findings, facts, conclusion."""

from dataclasses import dataclass
from enum import StrEnum


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
    """A quantity that regimes take as input. Integers in the unit that the name ends with."""

    name: str
    lower: int
    upper: int
    claimed: int
    verified: bool

    def as_json(self) -> dict[str, object]:
        """The form that ``--json`` prints: decimal strings."""
        return {
            "name": self.name,
            "lower": str(self.lower),
            "upper": str(self.upper),
            "claimed": str(self.claimed),
            "verified": self.verified,
        }


class Conclusion(StrEnum):
    """What an inspection concludes. Never a probability of guilt."""

    NO_INDICATION = "no indication of undeclared training"
    UNRESOLVED = "unresolved"
    NOT_CONSISTENT = "not consistent with the declaration"
