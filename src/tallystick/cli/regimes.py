"""``tallystick regimes``: laws, treaties and proposals as data, and what they make of the facts."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli import regimes_compare
from tallystick.cli.output import JsonFlag, emit, room
from tallystick.errors import InputError

if TYPE_CHECKING:
    from tallystick.regimes.judging.check import Question
    from tallystick.regimes.law.exact import Number

app = typer.Typer(
    help="Laws, treaties and proposals, held against facts about compute.", no_args_is_help=True
)
app.command("compare")(regimes_compare.compare)

AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="DATE", help="The day in question, past or future; today if not given."),
]
KnownOption = Annotated[
    str | None, typer.Option("--known-on", metavar="DATE", help="Only what was public knowledge on that day.")
]
AllFlag = Annotated[bool, typer.Option("--all", help="Bills, proposals, soft law and history too.")]
KindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind", help="Only this kind: law, order, rule, bill, treaty, proposal ...; may be repeated."
    ),
]
WithOption = Annotated[
    list[Path] | None,
    typer.Option("--with", metavar="FILE", help="A regime file of your own; may be repeated."),
]
TraceFlag = Annotated[bool, typer.Option("--trace", help="Print every step, with articles and readings.")]


@app.command("list")
def list_regimes(
    at: AtOption = None,
    known_on: KnownOption = None,
    everything: AllFlag = False,
    kind: KindOption = None,
    own: WithOption = None,
    as_json: JsonFlag = False,
) -> None:
    """List the regimes, in groups: binding ones apart from bills, proposals and history."""
    question = asked(at, known_on, everything, kind)
    regimes = room("tallystick.regimes.library", "regimes").load_all(own or ())
    found = room("tallystick.regimes.judging.check", "regimes").chosen(regimes, question)
    listing = room("tallystick.regimes.wording.listing", "regimes")
    arguments = (found, question.at, question.known_on)
    text = listing.list_text(*arguments, everything=everything)
    emit(listing.list_json(*arguments), text, as_json=as_json)


@app.command("show")
def show(
    name: Annotated[
        str,
        typer.Argument(metavar="ID", help="As in `tallystick regimes list --all`, or words of its title."),
    ],
    at: AtOption = None,
    known_on: KnownOption = None,
    own: WithOption = None,
    source: Annotated[
        bool,
        typer.Option(
            "--source",
            help="Print its file, to copy and change; also that of a counting rule, `vocabulary`, or an "
            "example: `facts` for check, `developer` for compare.",
        ),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Print one regime or template: status, lines, counting, duties, institution, sources and doubts."""
    library = room("tallystick.regimes.library", "regimes")
    templates = library.shipped_templates()
    if name not in (*library.words_and_counting(), *library.examples(), library.FACTS_NAME, *templates):
        finding = room("tallystick.regimes.wording.finding", "regimes")
        name = finding.named_by_words(name, library.load_all(own or ()))
    if source:
        text = library.source_text(name)
        emit({"id": name, "source": text}, text.rstrip("\n"), as_json=as_json)
        return
    question = asked(at, known_on)
    one = library.load_all([*(own or ()), *([Path(name)] if name in templates else [])]).get(name)
    listing = room("tallystick.regimes.wording.listing", "regimes")
    arguments = (one, question.at, question.known_on)
    emit(listing.show_json(*arguments), listing.show_text(*arguments), as_json=as_json)


@app.command("check")
def check(
    facts: Annotated[
        list[Path],
        typer.Argument(
            metavar="FACTS",
            help="JSON or YAML, one or several that are read as one; `inspect conclude --json` as it is; "
            "- for standard input.",
        ),
    ],
    at: AtOption = None,
    known_on: KnownOption = None,
    everything: AllFlag = False,
    kind: KindOption = None,
    regime: Annotated[
        list[str] | None, typer.Option("--regime", metavar="ID", help="Only this one; may be repeated.")
    ] = None,
    own: WithOption = None,
    margin: Annotated[
        str,
        typer.Option(
            "--margin", metavar="SHARE", help="Share of a line from which on it is approached, 0 to 1."
        ),
    ] = "0.8",
    trace: TraceFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Hold facts against regimes, claimed and verified side by side. Exit status 1: a cap is breached.

    A facts file names what is so: `compute.pretraining: 9e25`, `roles.provider: true`,
    `jurisdictions.EU.places_on_market: true`, one a line, or under `facts:` with `complete: true` beside it
    where what is not named is zero. One to copy: `tallystick regimes show facts --source`; all names:
    `tallystick regimes show vocabulary --source`. An inspection's facts and your own go together:
    `check inspection.json mine.yaml`.

    0 does not say that a cap is kept: `breach` is then false, where verified figures show it, or unknown.
    Nothing is authenticated: what the fact file calls verified is taken as verified.
    """
    question = asked(at, known_on, everything, kind, regime, margin)
    library, checking = (room(f"tallystick.regimes.{one}", "regimes") for one in ("library", "judging.check"))
    reading = room("tallystick.regimes.stated.fact_file", "regimes")
    wording = room("tallystick.regimes.wording.answer_text", "regimes")
    regimes = library.load_all(own or ())
    refuse_templates(question.names, regimes.own, library.shipped_templates())
    stated = reading.read_all_facts(facts, regimes.vocabulary, sys.stdin.buffer)
    answer = checking.answer(regimes, stated, question)
    emit(answer.as_json(), wording.answer_text(answer, trace=trace), as_json=as_json)
    raise SystemExit(1 if answer.breach else 0)


@app.command("institutions")
def institutions(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]", help="Only these, each in full: how, and in which article."),
    ] = None,
    at: AtOption = None,
    known_on: KnownOption = None,
    own: WithOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Who inspects, decides and can block in each regime, and how far the terms of 1946 are met.

    Regimes in force, living proposals and those that were vetoed or lapsed stand apart. Of laws without an
    inspecting body: who enforces, and what their duties cover.
    """
    question = asked(at, known_on)
    regimes = room("tallystick.regimes.library", "regimes").load_all(own or ())
    finding = room("tallystick.regimes.wording.finding", "regimes")
    ids = [finding.named_by_words(name, regimes) for name in names or ()]
    found = tuple(map(regimes.get, ids)) if ids else tuple(regimes)
    table, terms = (
        room(f"tallystick.regimes.wording.institution_{one}", "regimes") for one in ("table", "terms")
    )
    arguments = (found, question.at, question.known_on)
    text = terms.terms_text(*arguments) if names else table.institutions_text(*arguments)
    emit(table.institutions_json(*arguments), text, as_json=as_json)


@app.command("lint")
def lint(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]", help="Regime files; without any, all that are shipped."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check regime files and run their cases. Exit status 1 where an error stands."""
    linting = room("tallystick.regimes.linting.lint", "regimes")
    report = linting.lint_files(files) if files else linting.lint_shipped()
    emit(report.as_json(), report.text(), as_json=as_json)
    raise SystemExit(0 if report.ok else 1)


@app.command("pages")
def pages(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where they go.")],
    own: WithOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Write a page in Markdown for each regime, and an index."""
    regimes = room("tallystick.regimes.library", "regimes").load_all(own or ())
    writing = room("tallystick.regimes.pages.regime_pages", "regimes")
    written = [str(page) for page in writing.write_pages(regimes, out)]
    emit({"pages": written}, f"{len(written)} pages in {out}: index.md first", as_json=as_json)


def asked(
    at: str | None,
    known_on: str | None,
    everything: bool = False,
    kinds: list[str] | None = None,
    names: list[str] | None = None,
    margin: str = "0.8",
) -> "Question":
    """The question that the options ask. Raises InputError."""
    dates = room("tallystick.regimes.law.dates", "regimes")
    question: Question = room("tallystick.regimes.judging.check", "regimes").Question(
        at=dates.parse_date(at, "--at") if at else date.today(),
        known_on=dates.parse_date(known_on, "--known-on") if known_on else None,
        everything=everything,
        kinds=regimes_compare.known_kinds(kinds or ()),
        names=tuple(names or ()),
        margin=margin_of(margin),
    )
    return question


def margin_of(text: str) -> "Number":
    """A share of a line. Raises InputError, also for a percentage."""
    exact = room("tallystick.regimes.law.exact", "regimes")
    share: Number = exact.parse_number(text, "--margin")
    if share <= 1:
        return share
    percent = exact.number_text(exact.parse_number(f"{text}/100")) if share <= 100 and "/" not in text else ""
    mend = f"did you mean {percent}?" if percent else "write 0.8 for 80 % of the line"
    raise InputError(f"a margin of {text[:20]} is more than the line", where="--margin", mend=mend)


def refuse_templates(names: Sequence[str], own: Sequence[str], templates: Sequence[str]) -> None:
    """Templates are asked only where a file of one's own has their id. Raises InputError."""
    for name in names:
        if name in templates and name not in own:
            mend = (
                f"save it, tallystick regimes show {name} --source > {name}.yaml, change it, and add "
                f"--with {name}.yaml"
            )
            raise InputError(f"{name} is a template", where="--regime", mend=mend)
