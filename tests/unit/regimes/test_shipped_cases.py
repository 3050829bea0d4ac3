"""Every shipped file: its cases come out, its lint is clean."""

from pathlib import Path

import pytest

from tallystick.regimes.library import TEMPLATES, file_problems, load_instrument, shipped_vocabulary
from tallystick.regimes.linting.cases import case_problems
from tallystick.regimes.linting.lint import shipped_files

FILES = [*shipped_files(), *sorted(TEMPLATES.glob("*.yaml"))]


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_shipped_files_hold(path: Path) -> None:
    assert [p for p in file_problems(path) if not p.warning] == []
    instrument = load_instrument(path)
    assert list(case_problems(instrument, shipped_vocabulary())) == []
    assert path.stem == instrument.id
