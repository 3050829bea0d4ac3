"""What an inspection collects while it runs: numbered checks, then findings and facts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tallystick.claims.statement import statement_fields
from tallystick.claims.verify import Verdict
from tallystick.errors import TallystickError
from tallystick.records.outcome import Check, Conclusion, Fact, Finding

#: Number and name of every check, in the order in which they run (``spec/inspection.md``).
CHECKS: dict[int, str] = {
    1: "the declaration is signed with the site's key",
    2: "the log begins with the site's registration and recomputes to every signed head",
    3: "the witness cosigned every head",
    4: "samples were sealed in time",
    5: "the declaration is bound to this log and closes it",
    6: "there is one entry for each subject and hour, and no slot is missing",
    7: "declared totals are possible on the declared hardware",
    8: "declared energy agrees with the sealed meter",
    9: "amounts are committed by column and proven in range, time closes to the inventory, claims hold",
    10: "the challenge and its answer belong to this bundle",
    11: "what was opened is exactly what was drawn",
    12: "opened entries and samples open their commitments in the log",
    13: "time, energy and FLOP of opened entries recompute",
    14: "workload verdicts of opened entries recompute bit for bit",
    15: "declared work agrees with the verdicts",
    16: "no run looks larger than declared when subjects are grouped without labels",
    17: "declared totals agree with the opened entries",
    18: "no run declared as other work shows evidence of training over time",
    19: "work in lock-step over several nodes is told to be what is declared for it",
    20: "opened hours add up to their committed rows",
}

VERIFY_CHECKS = range(1, 10)
CONCLUDE_CHECKS = range(10, 21)


@dataclass
class Report:
    """Outcome of an inspection so far."""

    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    claims: list[Verdict] = field(default_factory=list)
    conclusion: Conclusion | None = None
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether no check failed and no finding stands. A check that was not run is not a pass."""
        return not self.findings and all(c.ok is not False for c in self.checks)

    def add(self, number: int, ok: bool | None, detail: str) -> None:
        """Record the outcome of a check."""
        self.checks.append(Check(number, CHECKS[number], ok, detail))

    def passed(self, number: int) -> bool:
        """Whether check ``number`` ran and held."""
        return any(c.number == number and c.ok for c in self.checks)

    def skip(self, numbers: range, reason: str) -> None:
        """Record checks that cannot run because an earlier one failed."""
        done = {c.number for c in self.checks}
        for number in numbers:
            if number not in done:
                self.add(number, None, reason)

    def run(self, number: int, check: Callable[[], str]) -> bool:
        """Run ``check``, which returns a detail or raises; record it; say whether it held."""
        try:
            self.add(number, True, check())
        except TallystickError as error:
            self.add(number, False, str(error))
            return False
        return True

    def as_json(self) -> dict[str, object]:
        """The form that ``--json`` prints."""
        result: dict[str, object] = {
            "ok": self.ok,
            "checks": [c.as_json() for c in self.checks],
            "claims": [_claim_json(verdict) for verdict in self.claims],
            "findings": [f.as_json() for f in self.findings],
        }
        if self.conclusion:
            result["conclusion"] = self.conclusion.value
            result["facts"] = [f.as_json() for f in self.facts]
            result["notes"] = self.notes
        return result


def _claim_json(verdict: Verdict) -> dict[str, object]:
    return {**statement_fields(verdict.statement), "text": verdict.text}
