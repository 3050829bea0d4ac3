"""Files that grow without bound when references are written out are refused, with file and line, at once."""

import time
from pathlib import Path

import pytest
from tests.unit.regimes.bad_files import GOOD

from tallystick.regimes.files.sizes import LONGEST_CHAIN
from tallystick.regimes.judging.evaluate import evaluate
from tallystick.regimes.library import file_problems, load_instrument, shipped_vocabulary
from tallystick.regimes.stated.fact_file import fact_set

CONDITION = "  {name}:\n    when: {when}\n    gives: banned\n    reference: [act#art-4]\n"
SECONDS = 2.0


def conditions(*tests: str, name: str = "c") -> str:
    """Conditions c0, c1 ... with these tests."""
    return "".join(CONDITION.format(name=f"{name}{k}", when=when) for k, when in enumerate(tests))


def good(folder: Path, added: str) -> Path:
    path = folder / "test.good.yaml"
    path.write_text(GOOD.replace("outcomes:\n", f"{added}outcomes:\n").replace(", excludes: [banned]", ""))
    return path


def refused(path: Path) -> str:
    started = time.process_time()
    problems = [p for p in file_problems(path) if not p.warning]
    assert time.process_time() - started < SECONDS
    (problem,) = problems
    assert problem.where.startswith(f"{path}:")
    return problem.problem


def fork(k: int) -> str:
    """Twice the one before, in a form that folds to nothing shorter."""
    before = f"{{condition: c{k - 1}}}"
    parts = ", ".join(f"{{all: [{before}, {{is: developer.{name}}}]}}" for name in ("academic", "licensed"))
    return f"{{any: [{parts}]}}"


def test_references_that_double_are_refused(tmp_path: Path) -> None:
    first = "{exceeds: [compute.counted, high]}"
    path = good(tmp_path, conditions(first, *(fork(k) for k in range(1, 40))))
    assert "more than 20000 tests" in refused(path)


def test_what_doubles_a_few_times_is_answered_at_once(tmp_path: Path) -> None:
    first = "{exceeds: [compute.counted, high]}"
    one = load_instrument(good(tmp_path, conditions(first, *(fork(k) for k in range(1, 9)))))
    entry = {"name": "compute.pretraining", "value": "1e25", "verified": True}
    facts = fact_set({"facts": [entry], "complete": "verified"}, "test", shipped_vocabulary())
    started = time.process_time()
    result = evaluate(one, facts, one.status[-1].since)
    assert time.process_time() - started < SECONDS
    assert result.outcomes[1].verified is True


def test_exceptions_that_multiply_are_refused(tmp_path: Path) -> None:
    rules = ["exceptions:\n"]
    for level in range(14):
        targets = ", ".join(f"e{level - 1}{k}" for k in "abc") if level else "above_high"
        rest = f"when: {{is: developer.academic}}, defeats: [{targets}], reference: [act#art-4]"
        rules += [f"  e{level}{k}: {{{rest}}}\n" for k in "abc"]
    assert "more than 20000 tests" in refused(good(tmp_path, "".join(rules)))


@pytest.mark.parametrize(
    ("length", "fits"), [(LONGEST_CHAIN, True), (LONGEST_CHAIN + 1, False), (400, False)]
)
def test_chains_of_references_have_a_longest(length: int, fits: bool, tmp_path: Path) -> None:
    rest = (f"{{condition: c{k - 1}}}" for k in range(1, length - 1))
    path = good(tmp_path, conditions("{exceeds: [compute.counted, high]}", *rest))
    if fits:
        assert [p for p in file_problems(path) if not p.warning] == []
    else:
        assert "chain of more than 50" in refused(path)


def test_amounts_have_a_most_of_names(tmp_path: Path) -> None:
    """A product of very many large amounts would have more digits than can be written out."""
    inner = "{product: [" + ", ".join(["compute.counted"] * 20) + "]}"
    amount = "{product: [" + ", ".join([inner] * 3) + "]}"
    path = good(tmp_path, conditions(f"{{exceeds: [{amount}, high]}}"))
    assert "more than 40 names" in refused(path)


def test_all_pairs_of_a_file_share_one_budget(tmp_path: Path) -> None:
    """Tests of parity are contradictory without any part of them saying so."""
    facts = ("academic", "licensed", "kr_state_of_the_art", "commission_designated", "rebuttal_accepted")
    names = [name for name in (f"developer.{fact}" for fact in facts) if shipped_vocabulary().fact(name)]
    amounts = [f"compute.{name}" for name in ("original", "modification", "run", "upstream")]
    leaves = [*(f"{{is: {name}}}" for name in names), *(f"{{exceeds: [{name}, high]}}" for name in amounts)]

    def parity(parts: list[str]) -> tuple[str, str]:
        if len(parts) == 1:
            return parts[0], f"{{not: {parts[0]}}}"
        (a, not_a), (b, not_b) = parity(parts[: len(parts) // 2]), parity(parts[len(parts) // 2 :])
        same = f"{{any: [{{all: [{a}, {b}]}}, {{all: [{not_a}, {not_b}]}}]}}"
        return f"{{any: [{{all: [{a}, {not_b}]}}, {{all: [{not_a}, {b}]}}]}}", same

    odd, even = parity(leaves[:8])
    added = "".join(
        conditions(*[test] * 8, name=name).replace("banned", name)
        for name, test in (("odd", odd), ("even", even))
    )
    path = good(tmp_path, added)
    outcomes = "  odd: {title: Odd, bound: true, excludes: [even]}\n  even: {title: Even, bound: true}\n"
    path.write_text(path.read_text().replace("outcomes:\n", f"outcomes:\n{outcomes}"))
    started = time.process_time()
    assert "too much to work out" in refused(path)
    assert time.process_time() - started < SECONDS
