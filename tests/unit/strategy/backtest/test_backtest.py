"""The whole backtest, its text, its data and its command."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tallystick.cli.strategy_backtest import backtest as command
from tallystick.reporting.strategy.backtest_text import backtest_text
from tallystick.reporting.strategy.backtest_words import against_base
from tallystick.strategy.backtest.as_json import backtest_json
from tallystick.strategy.backtest.backtest import BASE, STRATEGY, Backtest, backtest
from tallystick.strategy.backtest.counterexamples import counterexamples
from tallystick.strategy.backtest.scores import Estimate
from tallystick.strategy.memo.plain_words import share
from tallystick.strategy.verdicts.verdict import Verdict, verdict

DRAWS = 64


@pytest.fixture(scope="module")
def result() -> Backtest:
    return backtest(draws=DRAWS)


def test_every_case_is_predicted_by_every_rival(result: Backtest) -> None:
    assert result.cases == len(result.rows) == 34
    names = {score.predictor for score in result.by_case}
    assert all(set(row.predictions) == names for row in result.rows)
    assert {score.predictor for score in result.by_era} == names


def test_misses_are_published_by_name(result: Backtest) -> None:
    text = backtest_text(result)
    wrong = [row.case.title for row in result.rows if (row.share.agrees > 0.5) != row.case.accepted]
    assert list(result.misses(STRATEGY)) == wrong
    assert all(title in " ".join(text.split()) for title in wrong)


def test_a_result_worse_than_the_base_rate_is_printed_as_such(result: Backtest) -> None:
    assert "WORSE than the base rate" in backtest_text(result)  # "always accept" is
    worse = [
        replace(score, against_base=Estimate(0.1, 0.05, 0.2)) if score.predictor == STRATEGY else score
        for score in result.by_case
    ]
    text = backtest_text(replace(result, by_case=tuple(worse)))
    assert "The strategy share is worse than the base rate" in text


def test_differences_in_words() -> None:
    assert against_base(Estimate(0.1, 0.05, 0.2)) == "worse than the base rate"
    assert against_base(Estimate(-0.1, -0.2, -0.05)) == "better than the base rate"
    assert against_base(Estimate(0.01, -0.2, 0.3)).startswith("no better")
    assert against_base(Estimate(-0.01, -0.2, 0.3)).startswith("not told apart")


def test_what_takes_away_from_the_result_is_printed_with_it(result: Backtest) -> None:
    text = backtest_text(result)
    assert "without the three cases of 1946-47" in text
    assert "NOT independent" in text
    assert result.notice.split(";")[0][:40] in text
    changed = replace(result, changed=("first/atomic.yaml",))
    assert "CHANGED since their hash was recorded: first/atomic.yaml" in backtest_text(changed)


def test_both_shares_of_a_counterexample_are_told_and_who_is_robustly_wrong_by_each(result: Backtest) -> None:
    by_id = {row.case.id: row.share for row in result.rows}
    for one in result.counterexamples:
        assert (one.share, one.kept) == (by_id[one.id].agrees, by_id[one.id].holds)
        assert one.verdict_kept is verdict(one.kept)
    text = " ".join(backtest_text(result).split())
    assert f"word kept {share(result.counterexamples[0].kept)}" in text
    for kept, said in ((False, "that both would agree"), (True, "with the word kept")):
        wrong = result.sure_of_the_contrary(kept=kept)
        assert f"by the share {said}: {'; '.join(wrong) or 'none'}" in text
    low = [replace(row, share=replace(row.share, holds=0.1)) for row in result.rows]
    accepted = tuple(row.case.title for row in result.rows if row.case.accepted)
    assert replace(result, rows=tuple(low)).sure_of_the_contrary(kept=True) == accepted
    high = [replace(row, share=replace(row.share, agrees=0.9)) for row in result.rows]
    others = tuple(row.case.title for row in result.rows if not row.case.accepted)
    assert replace(result, rows=tuple(high)).sure_of_the_contrary(kept=False) == others


def test_the_counterexample_gate_says_when_it_does_not_hold(result: Backtest) -> None:
    sure = [
        replace(row.share, verdict=Verdict.NO) if row.case.id == "npt_1968" else row.share
        for row in result.rows
    ]
    failing = replace(result, counterexamples=counterexamples(sure))
    assert not failing.gate_holds
    assert "Counterexample gate: DOES NOT HOLD" in backtest_text(failing)
    assert "The counterexample gate does not hold: npt_1968" in " ".join(backtest_text(failing).split())


def test_the_gate_covers_the_five_named_cases(result: Backtest) -> None:
    barred = {one.id: one.must_not_be for one in result.counterexamples}
    assert {name for name, verdict in barred.items() if verdict is Verdict.NO} == {
        "npt_1968",
        "jcpoa_2015",
        "inf_1987",
    }
    assert {name for name, verdict in barred.items() if verdict is Verdict.YES} == {
        "open_skies_1955",
        "bwc_protocol_2001",
    }


def test_the_same_seed_gives_the_same_result(result: Backtest) -> None:
    assert backtest_json(backtest(draws=DRAWS)) == backtest_json(result)


def test_json_holds_scores_misses_and_the_gate(result: Backtest) -> None:
    data = json.loads(json.dumps(backtest_json(result)))
    assert data["gate_holds"] is result.gate_holds
    base = next(score for score in data["by_case"] if score["predictor"] == BASE)
    assert base["worse_than_base_rate"] is False
    assert data["misses"][STRATEGY] == list(result.misses(STRATEGY))
    assert data["rows"][0]["case"]["codes"]["verification"]["tag"] == "documented"


def test_the_command_writes_text_data_and_pictures(tmp_path: Path) -> None:
    pytest.importorskip("altair", reason="pictures need the extra console")
    app = typer.Typer()
    app.command()(command)
    found = CliRunner().invoke(app, ["--draws", str(DRAWS), "--out", str(tmp_path), "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["draws"] == DRAWS
    assert {path.name for path in tmp_path.iterdir()} == {
        "backtest.txt",
        "backtest.json",
        "backtest_cases.svg",
        "backtest_cases.png",
        "backtest_scores.svg",
        "backtest_scores.png",
    }
    assert "Baruch Plan, 1946" in (tmp_path / "backtest_cases.svg").read_text()
