"""What the options of ``tallystick strategy`` mean: a regime, states and a technology."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.output import room
from tallystick.errors import InputError
from tallystick.records.profile import TechnologyProfile, read_profile

if TYPE_CHECKING:
    from tallystick.regimes.law.instrument import Instrument
    from tallystick.strategy.inputs.ensemble import Inputs
    from tallystick.strategy.inputs.profile import Profile
    from tallystick.strategy.inputs.terms import Terms

EXTRA = "strategy"
#: Regimes that are put before the states of 1946 unless others are named.
OF_1946 = frozenset({"hist.baruch", "hist.gromyko", "hist.soviet_1947", "hist.acheson_lilienthal"})
FICTIONAL = "fictional"
DEMO = "demo.mutual_cap"
MOST_STATES = 8
HISTORY_WARNING = (
    "The model was changed after it first ran on 1946, by somebody who knew how history went; each change "
    "and its effect is listed in strategy/data/history/CHANGES.md. The figures of 1946 are no test of the "
    "model."
)

RegimeArgument = Annotated[
    str, typer.Argument(metavar="REGIME", help="An id of `tallystick regimes list --all`, or a file.")
]
ProfilesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--profiles",
        metavar="SET|FILE",
        help="1946, fictional, a shipped state such as fictional/arden, or a file; may be repeated.",
    ),
]
AsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--as", metavar="WORD=STATE", help="Where the text says WORD it means this state; may be repeated."
    ),
]
TechnologyOption = Annotated[
    str | None,
    typer.Option(
        "--technology",
        metavar="FILE|none",
        help="From tallystick profile build, or a technology in YAML; none: nothing measured.",
    ),
]
ProposerOption = Annotated[
    str | None,
    typer.Option(
        "--proposer", help="joint, third_party, leader, laggard or a state; as in history for 1946."
    ),
]
DrawsOption = Annotated[
    int, typer.Option("--draws", help="Draws of the ensemble, a power of two, 256 or more.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the draws.")]


@dataclass(frozen=True, slots=True)
class Question:
    """A regime before states, as asked for. ``measured`` where the technology is a measured profile."""

    regime: "Instrument"
    terms: "Terms"
    inputs: "Inputs"
    proposer: str
    measured: TechnologyProfile | None
    technology: str
    warnings: tuple[str, ...]


def question(
    regime: str,
    profiles: Sequence[str] | None,
    meant: Sequence[str] | None,
    technology: str | None,
    proposer: str | None,
) -> Question:
    """The question that the options ask. Raises InputError."""
    instrument = regime_of(regime)
    historic = not profiles and instrument.id in OF_1946
    states = named(states_of(profiles or (["1946"] if historic else [FICTIONAL])), meant or ())
    tools, measured, words = _technology(technology, historic=historic)
    ensemble = room("tallystick.strategy.inputs.ensemble", EXTRA)
    shipped = room("tallystick.strategy.inputs.profile", EXTRA).shipped
    terms = room("tallystick.strategy.assessment", EXTRA).read_terms(instrument)
    _check_somebody_moves(terms, states)
    of_1946 = instrument.id in OF_1946 or any(one.name in ("US", "USSR") for one in states)
    return Question(
        regime=instrument,
        terms=terms,
        inputs=ensemble.Inputs(tuple(states), tools, shipped("world/default")),
        proposer=proposer or (_historic_proposer(instrument.id) if historic else "joint"),
        measured=measured,
        technology=words,
        warnings=(*((HISTORY_WARNING,) if of_1946 else ()), *terms.assumed),
    )


def regime_of(name: str) -> "Instrument":
    """A file's, a shipped or a template's regime, or the demonstration's. Raises InputError."""
    if name == DEMO:
        cap: Instrument = room("tallystick.strategy.require.demonstration", EXTRA).mutual_cap()
        return cap
    library = room("tallystick.regimes.library", "regimes")
    shipped = {path.stem: path for path in sorted(library.INSTRUMENTS.glob("*.yaml"))}
    shipped |= {path.stem: path for path in sorted(library.TEMPLATES.glob("*.yaml"))}
    path = shipped.get(name, Path(name))
    if name not in shipped and not _there(path):
        nearest = room("tallystick.regimes.files.shape", "regimes").nearest
        raise InputError(f"no regime {name[:60]!r}", mend=nearest(name, (*shipped, DEMO)))
    found: Instrument = library.load_instrument(path)
    return found


def states_of(chosen: Sequence[str]) -> "list[Profile]":
    """The states that sets, shipped names and files name. Raises InputError."""
    module = room("tallystick.strategy.inputs.profile", EXTRA)
    found: list[Profile] = []
    for word in chosen:
        group = [name for name in module.shipped_names() if name.startswith(f"{word}/")]
        if group:
            found += [one for one in map(module.shipped, group) if one.kind == "state"]
        elif word in module.shipped_names():
            found.append(module.shipped(word))
        else:
            found.append(_own(Path(word)))
    if len(found) > MOST_STATES:
        raise InputError(f"{len(found)} states", where="--profiles", mend=f"name at most {MOST_STATES}")
    return found


def named(states: "list[Profile]", meant: Sequence[str]) -> "list[Profile]":
    """The states, each with the words of the text that ``--as`` gives it. Raises InputError."""
    by_name = {state.name.casefold(): n for n, state in enumerate(states)}
    for pair in meant:
        word, equals, name = (part.strip() for part in pair.partition("="))
        if not equals or not word or name.casefold() not in by_name:
            known = ", ".join(state.name for state in states)
            raise InputError(
                f"{pair[:60]!r} is not WORD=STATE", where="--as", mend=f"STATE is one of {known}"
            )
        index = by_name[name.casefold()]
        states[index] = states[index].standing_for(word)
    return states


def _technology(word: str | None, *, historic: bool) -> "tuple[Profile, TechnologyProfile | None, str]":
    """The technology's parameters, the measured profile where it is one, and words for it."""
    if word is None and historic:
        tools = room("tallystick.strategy.inputs.profile", EXTRA).shipped("1946/technology")
        return tools, None, f"{tools.name} (as in 1946)"
    if word in (None, "none"):
        tools = room("tallystick.strategy.require.unmeasured", EXTRA).unmeasured_technology()
        return tools, None, "not measured (--technology FILE gives a measured profile)"
    path = Path(str(word))
    if path.suffix != ".json":
        own = _own(path)
        return own, None, own.name
    measured = read_profile(path)
    tools = room("tallystick.strategy.inputs.technology", EXTRA).technology_of(measured)
    return tools, measured, tools.name


def _own(path: Path) -> "Profile":
    """A profile of the user's, read up to the size that a profile may have."""
    limit = room("tallystick.regimes.files.yaml_file", "regimes").LIMIT_BYTES
    if not _there(path):
        known = ", ".join(room("tallystick.strategy.inputs.profile", EXTRA).shipped_names())
        raise InputError(
            f"no profile {str(path)[:60]!r}", where="--profiles", mend=f"a file, 1946, fictional, {known}"
        )
    data = room("tallystick.whole_file", EXTRA).read_file(path, limit)
    own: Profile = room("tallystick.strategy.inputs.profile", EXTRA).parse_profile(data, path.name)
    return own


def _there(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is none."""
    try:
        return path.exists()
    except OSError:
        return False


def _check_somebody_moves(terms: "Terms", states: "list[Profile]") -> None:
    """A text that binds none of the states would pass every gate. Raises InputError."""
    meant = room("tallystick.strategy.gates.roles", EXTRA).meant
    if not any(meant(stage.movers, tuple(states)) for stage in terms.stages):
        words = dict.fromkeys(word for stage in terms.stages for word in stage.movers)
        mend = f"say who is meant: --as WORD={states[0].name}, WORD one of {', '.join(words)}"
        raise InputError("none of the states moves at any stage", where=terms.name, mend=mend)


def _historic_proposer(regime: str) -> str:
    era = room("tallystick.strategy.history.case", EXTRA).era("1946")
    return str(next((case.proposer for case in era.cases if case.regime == regime), "joint"))
