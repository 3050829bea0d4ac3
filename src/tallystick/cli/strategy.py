"""``tallystick strategy``: would a regime hold, what would mend it, and how good must inspection be?"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from tallystick.cli import strategy_backtest, strategy_profiles
from tallystick.cli.output import JsonFlag, counter, emit, room
from tallystick.cli.strategy_inputs import (
    DEMO,
    EXTRA,
    HISTORY_WARNING,
    AsOption,
    DrawsOption,
    ProfilesOption,
    ProposerOption,
    Question,
    RegimeArgument,
    SeedOption,
    TechnologyOption,
    question,
)
from tallystick.cli.strategy_waiting import waiting

app = typer.Typer(
    help="Would a regime hold, what would mend it, and how good must inspection be?", no_args_is_help=True
)

app.command("backtest")(strategy_backtest.backtest)
app.command("profiles")(strategy_profiles.profiles)

DRAWS = 8192
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write the report, the memo, pictures and data there."),
]


@app.command("assess")
def assess(
    regime: RegimeArgument,
    profiles: ProfilesOption = None,
    meant: AsOption = None,
    technology: TechnologyOption = None,
    proposer: ProposerOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    out: OutOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Take a regime through six gates for every state. Exit status 1: a robust no for all together.

    Where all past cases are unlike it, the model abstains: the verdict says so, and the status is 0.
    """
    asked = question(regime, profiles, meant, technology, proposer)
    found, placebo = _assessed(asked, draws, seed)
    support = room("tallystick.strategy.backtest.support", EXTRA).support_of(asked.terms, asked.inputs.states)
    found = found.abstaining() if support.abstains else found
    data = room("tallystick.strategy.as_json", EXTRA).assessment_json(found, placebo)
    data |= {
        "technology": asked.technology,
        "support": room("tallystick.strategy.as_json", EXTRA).plain(support),
        "abstains": support.abstains,
        "warnings": list(asked.warnings),
    }
    text = room("tallystick.reporting.strategy.text", EXTRA).assessment_text(
        found,
        placebo,
        title=asked.regime.title,
        technology=asked.technology,
        support=support,
        warnings=asked.warnings,
    )
    if out is not None:
        data["report"] = str(_report(asked, found, placebo, support, data, out))
        text = f"{text}\n\nReport  {out / 'report.html'}\nMemo    {out / 'memo.html'}, {out / 'memo.md'}"
    emit(data, text, as_json=as_json)
    raise SystemExit(1 if found.verdict == "robust no" else 0)


def _assessed(asked: Question, draws: int, seed: int) -> tuple[Any, Any]:
    """The assessment and its placebo."""
    with waiting(f"assessing {asked.terms.name}: {draws:,} draws, drivers, clubs, placebo"):
        found = room("tallystick.strategy.assessment", EXTRA).assess(
            asked.terms,
            asked.inputs.states,
            asked.inputs.technology,
            draws=draws,
            seed=seed,
            proposer=asked.proposer,
            world=asked.inputs.world,
        )
        placebo = room("tallystick.strategy.verdicts.placebo", EXTRA).verdict_placebo(
            found, asked.terms, asked.inputs, seed=seed
        )
    return found, placebo


def _report(asked: Question, found: Any, placebo: Any, support: Any, data: dict[str, Any], out: Path) -> Path:
    """The report needs the requirement and the mends too."""
    reporting = room("tallystick.reporting.strategy.report", "console")
    evidence = room("tallystick.strategy.memo.memo", EXTRA).Evidence(
        title=asked.regime.title,
        terms=asked.terms,
        assessment=found,
        placebo=placebo,
        requirement=_requirement(asked, found.draws, found.seed),
        mends=_mends(asked, found.draws, found.seed),
        measured=asked.measured,
        support=support,
        warnings=asked.warnings,
    )
    written: Path = reporting.write_report(evidence, asked.technology, json.dumps(data, indent=2), out)
    return written


@app.command("mend")
def mend(
    regime: RegimeArgument,
    profiles: ProfilesOption = None,
    meant: AsOption = None,
    technology: TechnologyOption = None,
    proposer: ProposerOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    most: Annotated[
        int, typer.Option("--most", min=1, max=3, help="Clauses that a change may have at most.")
    ] = 3,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Processes; the result is the same for all.")
    ] = 1,
    as_json: JsonFlag = False,
) -> None:
    """Find the smallest change of clauses that turns the verdict, and who gains and who pays."""
    asked = question(regime, profiles, meant, technology, proposer)
    found = _mends(asked, draws, seed, most, workers)
    wording = room("tallystick.reporting.strategy.mend_text", EXTRA)
    emit(wording.mend_json(found), wording.mend_text(found, asked.regime.title), as_json=as_json)


@app.command("require")
def require(
    regime: Annotated[
        str,
        typer.Argument(metavar="[REGIME]", help="An id, or a file; without one, the demonstration's cap."),
    ] = DEMO,
    profiles: ProfilesOption = None,
    meant: AsOption = None,
    technology: TechnologyOption = None,
    proposer: ProposerOption = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the picture and the data there.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Say how good detection, false alarms, delay and leakage must be, and how far off they are."""
    if regime == DEMO and not profiles:
        profiles = ["fictional/arden", "fictional/borealis"]
    asked = question(regime, profiles, meant, technology, proposer)
    found = _requirement(asked, draws, seed)
    wording = room("tallystick.reporting.strategy.require_text", EXTRA)
    data, text = wording.require_json(found), wording.require_text(found, asked.regime.title)
    if out is not None:
        room("tallystick.reporting.strategy.report", "console").write_frontier(
            found, json.dumps(data, indent=2), out
        )
        written = f"Picture  {out / 'frontier.svg'}" if found.surface else f"Data  {out / 'require.json'}"
        text = f"{text}\n\n{written}"
    emit(data, text, as_json=as_json)


@app.command("explain")
def explain(
    regime: RegimeArgument,
    profiles: ProfilesOption = None,
    meant: AsOption = None,
    technology: TechnologyOption = None,
    proposer: ProposerOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Print every gate's formula, every input with its source, and the terms as read from the regime."""
    asked = question(regime, profiles, meant, technology, proposer)
    wording = room("tallystick.reporting.strategy.explain_text", EXTRA)
    arguments = (asked.terms, asked.inputs, asked.proposer)
    emit(
        wording.explain_json(*arguments),
        wording.explain_text(*arguments, asked.regime.title),
        as_json=as_json,
    )


@app.command("history")
def history(
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 0,
    boxes: Annotated[
        int, typer.Option("--boxes", min=1, max=5000, help="Random boxes of the placebo.")
    ] = 500,
    as_json: JsonFlag = False,
) -> None:
    """Run the proposals of 1946 to 1948 through the model, with the placebo beside them."""
    found = room("tallystick.strategy.history.replay", EXTRA).replay(
        "1946", draws=draws, seed=seed, boxes=boxes
    )
    wording = room("tallystick.reporting.strategy.history_text", EXTRA)
    emit(
        wording.history_json(found, HISTORY_WARNING),
        wording.history_text(found, HISTORY_WARNING),
        as_json=as_json,
    )


def _mends(asked: Question, draws: int, seed: int, most: int = 3, workers: int = 1) -> Any:
    search = room("tallystick.strategy.mend.search", EXTRA)
    total = search.candidates_count(asked.terms, asked.inputs, most)
    with counter(f"texts of {total}", "judged") as progress:
        return search.mend(
            asked.terms,
            asked.inputs,
            proposer=asked.proposer,
            draws=draws,
            seed=seed,
            most=most,
            workers=workers,
            progress=progress,
        )


def _requirement(asked: Question, draws: int, seed: int) -> Any:
    total = room("tallystick.strategy.require.surface", EXTRA).points_count()
    with counter(f"points of {total:,}", "done") as progress:
        return room("tallystick.strategy.require.requirement", EXTRA).require(
            asked.terms, asked.inputs, proposer=asked.proposer, draws=draws, seed=seed, progress=progress
        )
