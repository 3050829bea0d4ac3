"""Pictures of the backtest: every case by its share and its outcome, and the scores beside each other."""

from pathlib import Path
from typing import Any

import altair as alt

from tallystick.reporting.sheet import Drawing, drawing
from tallystick.strategy.backtest.backtest import BASE, Backtest
from tallystick.strategy.backtest.scores import Estimate

ENDED = {"accepted": "#0072B2", "rejected": "#D55E00", "failed": "#E69F00"}
SHAPES = {"accepted": "circle", "rejected": "cross", "failed": "triangle-down"}
ROW_PIXELS, WIDTH = 18, 520


def backtest_pictures(result: Backtest) -> tuple[Drawing, ...]:
    """Cases, then scores."""
    return _cases(result), _scores(result)


def write_pictures(result: Backtest, folder: Path) -> tuple[Path, ...]:
    """SVG and PNG of each picture in ``folder``, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in backtest_pictures(result):
        for path, data in (
            (folder / f"{one.name}.svg", one.svg.encode()),
            (folder / f"{one.name}.png", one.png()),
        ):
            path.write_bytes(data)
            written.append(path)
    return tuple(written)


def _cases(result: Backtest) -> Drawing:
    rows: list[dict[str, Any]] = [
        {
            "case": f"{row.case.title}, {row.case.tabled[:4]}",
            "share": row.share.agrees,
            "ended": row.case.outcome,
        }
        for row in sorted(result.rows, key=lambda one: -one.share.agrees)
    ]
    order = [str(row["case"]) for row in rows]
    axis = alt.Axis(format="%", title="share of the ensemble in which both sides would agree", tickCount=6)
    dots = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(size=90, filled=True, opacity=1)
        .encode(
            x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis),
            y=alt.Y("case:N", sort=order, title=None, axis=alt.Axis(labelLimit=400)),
            color=alt.Color("ended:N", scale=_scale(ENDED), title="how it ended"),
            shape=alt.Shape("ended:N", scale=_scale(SHAPES), title="how it ended"),
        )
    )
    half = (
        alt.Chart(alt.InlineData(values=[{"x": 0.5}]))
        .mark_rule(strokeDash=[4, 3], color="#4F5B64")
        .encode(x="x:Q")
    )
    heading = "Past proposals: strategy share and outcome"
    missed = sum((row.share.agrees > 0.5) != row.case.accepted for row in result.rows)
    words = (
        f"{result.cases} proposals by strategy share; {result.accepted} were accepted; "
        f"{missed} lie on the wrong side of one half."
    )
    chart = (half + dots).properties(width=WIDTH, height=ROW_PIXELS * len(rows), title=heading)
    return drawing(chart, "backtest_cases", heading, words)


def _scores(result: Backtest) -> Drawing:
    rows = [
        _bar(score.predictor, title, score.brier)
        for title, scores in (("one case", result.by_case), ("one era", result.by_era))
        for score in scores
    ]
    rows.append(_bar("pair picked in each fold", "one case", result.picked_pair.brier))
    order = list(dict.fromkeys(str(row["predictor"]) for row in rows))
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("predictor:N", sort=order, title=None, axis=alt.Axis(labelLimit=220)),
        yOffset=alt.YOffset("left out:N"),
    )
    bars = base.mark_bar().encode(
        x=alt.X("brier:Q", title="Brier score, the less the better (lines: 95 %)"),
        color=alt.Color(
            "left out:N", scale=_scale({"one case": "#0072B2", "one era": "#8A949E"}), title="left out"
        ),
    )
    whiskers = base.mark_rule(color="#1D2429", strokeWidth=1.5).encode(x="low:Q", x2="high:Q")
    told = "; ".join(f"{score.predictor} {score.brier.value:.3f}" for score in result.by_case)
    heading = "Scores of the strategy share and its rivals"
    chart = (bars + whiskers).properties(width=WIDTH, height=40 * len(order), title=heading)
    return drawing(
        chart, "backtest_scores", heading, f"Leave-one-out Brier scores: {told}. {BASE} is the bar."
    )


def _bar(predictor: str, left_out: str, brier: Estimate) -> dict[str, Any]:
    return {
        "predictor": predictor,
        "left out": left_out,
        "brier": brier.value,
        "low": brier.low,
        "high": brier.high,
    }


def _scale(table: dict[str, str]) -> Any:
    return alt.Scale(domain=list(table), range=list(table.values()))
