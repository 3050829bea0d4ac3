"""One small real mutual inspection, and the same with a site that is found cheating."""

from dataclasses import replace
from pathlib import Path

import pytest

from tallystick.records.flop import FlopInterval
from tallystick.records.outcome import Conclusion, Finding, Severity
from tallystick.trials.mutual import Inspected, Mutual, Terms, mutual_inspection


@pytest.fixture(scope="session")
def mutual(tmp_path_factory: pytest.TempPathFactory) -> Mutual:
    """Sixteen accelerators for two hours on each side, and few quarter-hours drawn."""
    out: Path = tmp_path_factory.mktemp("mutual") / "out"
    return mutual_inspection(out, seed=3, accelerators=16, hours=2, terms=Terms(slots=2, subjects=8))


def findings(text: str) -> list[Finding]:
    """A major finding with ``text``, and a hint beside it."""
    hint = (
        "16 accelerators work in lock-step in 20 of 24 drawn slots: pre-training, 2e20 to 7e21 FLOP, one "
        "run, or several one after the other on the same accelerators; declared in opened hours as: inference"
    )
    return [
        Finding("F-15", Severity.MAJOR, text, (12, 13, 14, 15), "the operator explains these hours"),
        Finding("F-16", Severity.MINOR, hint, (11, 12, 16), "a focused challenge"),
    ]


def found_cheating(inspected: Inspected, text: str) -> Inspected:
    """The second site as an inspection that found something leaves it."""
    inspection = inspected.inspection
    report = replace(
        inspection.report,
        checks=[replace(c, ok=False) if c.number in (15, 16) else c for c in inspection.report.checks],
        findings=findings(text),
        conclusion=Conclusion.NOT_CONSISTENT,
    )
    assert inspection.judgement is not None
    judgement = replace(
        inspection.judgement,
        undeclared=FlopInterval(10**21, 2 * 10**21, 7 * 10**21),
        odds=0.925,
        bound_flop=9 * 10**21,
    )
    return replace(inspected, inspection=replace(inspection, report=report, judgement=judgement))
