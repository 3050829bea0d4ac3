"""Every shipped file: its cases come out, and lint finds neither an error nor anything to warn of."""

from datetime import date
from pathlib import Path

import pytest

from tallystick.regimes.library import TEMPLATES
from tallystick.regimes.linting.lint import lint_files, shipped_files

#: The day on which the files were last read as a whole; later they grow old one by one.
TODAY = date(2026, 11, 24)
FILES = [*shipped_files(), *sorted(TEMPLATES.glob("*.yaml"))]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_shipped_files_hold(path: Path) -> None:
    report = lint_files([path], today=TODAY)
    assert [f"{p.where}: {p.problem}" for p in report.problems] == []
    assert report.files == 1
