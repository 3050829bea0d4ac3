"""Changed at random, a regime file or fact file is refused with a place and a mend, or read."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.regimes.bad_files import GOOD

from tallystick.errors import InputError
from tallystick.regimes.judging.check import Question, answer
from tallystick.regimes.library import load_all, shipped_vocabulary
from tallystick.regimes.linting.lint import lint_files
from tallystick.regimes.stated.fact_file import parse_facts
from tallystick.regimes.stated.fact_set import FactSet

#: What people write in the wrong place.
PIECES = (
    "",
    "[]",
    "{}",
    "x",
    "~",
    "1e25",
    "- a",
    "true",
    "#",
    ":",
    "[a",
    '"',
    "'",
    "\t",
    "\x00",
    "é",
    "2026-13-01",
)
TOKENS = sorted({t for t in GOOD.replace("{", " ").replace("}", " ").replace(",", " ").split() if t})


@st.composite
def changed(draw: st.DrawFn) -> str:
    """The good file with one to three words replaced, or lines dropped."""
    lines = GOOD.splitlines()
    for _ in range(draw(st.integers(1, 3))):
        index = draw(st.integers(0, len(lines) - 1))
        words = [word for word in TOKENS if word in lines[index]]
        if words and draw(st.booleans()):
            new = draw(st.sampled_from([*PIECES, *TOKENS]))
            lines[index] = lines[index].replace(draw(st.sampled_from(words)), new, 1)
        elif len(lines) > 2:
            del lines[index]
    return "\n".join(lines)


@given(changed())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_regime_file_is_refused_or_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "test.good.yaml"
    path.write_text(text)
    report = lint_files([path], today=date(2026, 11, 24))
    for problem in report.problems:
        assert problem.where.startswith(str(path))
        assert problem.mend
        assert "\n" not in problem.problem


FACTS = (
    '{"facts": [{"name": "compute.pretraining", "claimed": "7e25", "lower": "6e25", "upper": "9e25", '
    '"verified": true, "on": "2026-01-01"}, {"name": "site.largest_run_flop", "value": ["1", "2"]}, '
    '{"name": "model.generates_language", "value": true}], "complete": true, "absent_is_zero": []}'
)


@given(
    st.integers(0, len(FACTS) - 1),
    st.integers(0, 12),
    st.sampled_from([*PIECES, "null", "7e25", "-1", "[1, 2]"]),
)
@settings(max_examples=250, deadline=None)
def test_a_changed_fact_file_is_refused_or_read(start: int, length: int, piece: str) -> None:
    data = (FACTS[:start] + piece + FACTS[start + length :]).encode()
    facts: FactSet | None = None
    refused: InputError | None = None
    try:
        facts = parse_facts(data, "facts.json", shipped_vocabulary())
    except InputError as error:
        refused = error
    if facts is None:
        assert refused is not None
        assert refused.mend
        assert "\n" not in str(refused)
    else:
        found = answer(load_all(), facts, Question(date(2026, 11, 24), names=("eu.gpai_sr", "ca.sb53")))
        assert found.as_json()["results"]


@pytest.mark.parametrize("data", [b"a: !!python/name:os.system x", b"{{", b"- - - -", b"&a [*a]"])
def test_yaml_that_would_run_or_loop_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        parse_facts(data, "facts.yaml", shipped_vocabulary())
