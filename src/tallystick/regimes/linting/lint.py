"""Lint: every problem of regime files, with file and line, and their cases run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.files.yaml_file import read_yaml
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.library import (
    COUNTINGS,
    INSTRUMENTS,
    file_problems,
    load_instrument,
    shipped_counting,
    shown_name,
    vocabulary_with,
)
from tallystick.regimes.linting.cases import case_problems
from tallystick.regimes.linting.counting_checks import counting_problems
from tallystick.regimes.linting.date_checks import stale
from tallystick.regimes.linting.line_cases import untried_lines


@dataclass(frozen=True, slots=True)
class LintReport:
    """What lint found in how many files and cases."""

    files: int
    cases: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """No error; warnings may be there."""
        return all(problem.warning for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        found = [problem.as_json() for problem in self.problems]
        return {"ok": self.ok, "files": self.files, "cases": self.cases, "problems": found}

    def text(self) -> str:
        """A line for each problem, and a count."""
        lines = [
            f"{p.where}: {'warning: ' if p.warning else ''}{p.problem}. Mend: {p.mend}" for p in self.problems
        ]
        errors = sum(not p.warning for p in self.problems)
        counts = (
            f"{self.files} files, {self.cases} cases, {errors} errors, {len(self.problems) - errors} warnings"
        )
        return "\n".join([*lines, f"{'OK' if self.ok else 'FAILED'}: {counts}"])


def shipped_files() -> list[Path]:
    """The instruments of the package."""
    return sorted(INSTRUMENTS.glob("*.yaml"))


def lint_shipped(today: date | None = None) -> LintReport:
    """The instruments and the counting rules of the package."""
    report = lint_files(shipped_files(), today)
    rules = sorted(COUNTINGS.glob("*.yaml"))
    found = [problem for path in rules for problem in counting_problems(path, shown_name(path))]
    return replace(report, files=report.files + len(rules), problems=(*report.problems, *found))


def lint_files(files: Sequence[Path], today: date | None = None) -> LintReport:
    """Check the files one by one, run their cases, and look for ids that are there twice."""
    shipped_counting()
    problems: list[Problem] = []
    cases = 0
    by_id: dict[str, str] = {}
    for path in files:
        found = file_problems(path)
        problems += found
        if any(not problem.warning for problem in found):
            continue
        instrument = load_instrument(path)
        cases += len(instrument.cases)
        at = Places(read_yaml(path, shown_name(path)))
        problems += _of_instrument(instrument, at, today or date.today())
        if by_id.setdefault(instrument.id, instrument.place) != instrument.place:
            problem = f"{instrument.id} is also in {by_id[instrument.id]}"
            problems.append(Problem(at("id"), problem, "rename one"))
        if path.name != f"{instrument.id}.yaml":
            mend = f"name it {instrument.id}.yaml"
            problem = "the file is not named after its id"
            problems.append(Problem(at("id"), problem, mend, warning=True))
    return LintReport(len(files), cases, tuple(problems))


def _of_instrument(instrument: Instrument, at: Places, today: date) -> list[Problem]:
    return [
        *stale(instrument, at, today),
        *case_problems(instrument, vocabulary_with([instrument])),
        *untried_lines(instrument, vocabulary_with([instrument]), at),
    ]
