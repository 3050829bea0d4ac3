"""The files of the package, and files named by the user, as one collection of instruments."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tallystick.errors import InputError
from tallystick.regimes.files.file_kinds import REGIME, refuse_wrong_kind
from tallystick.regimes.files.file_shapes import COUNTING, INSTRUMENT, VOCABULARY
from tallystick.regimes.files.parse import counting_of, instrument_of
from tallystick.regimes.files.shape import Problem, Shape, nearest
from tallystick.regimes.files.yaml_file import Node, read_yaml
from tallystick.regimes.law.counting import Counting
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.own_facts import own_fact_problems
from tallystick.regimes.law.vocabulary import FactName, Vocabulary, vocabulary_of
from tallystick.regimes.linting.checks import instrument_problems
from tallystick.regimes.stated.example_facts import EXAMPLE_FACTS

DATA = Path(__file__).parent / "data"
INSTRUMENTS, TEMPLATES, COUNTINGS = DATA / "instruments", DATA / "templates", DATA / "counting"
EXAMPLES = DATA / "examples"
#: The name under which the example of a facts file is shown.
FACTS_NAME = "facts"
#: A country, or a part of one, by ISO 3166: a file of one's own may be about a place that is new here.
PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)

ALL_IDS = "all ids: tallystick regimes list --all"


@dataclass(frozen=True, slots=True)
class Regimes:
    """Instruments by id, with the words that they use. ``own``: the ids of files that the user named."""

    by_id: Mapping[str, Instrument]
    vocabulary: Vocabulary
    own: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def get(self, name: str) -> Instrument:
        """The instrument of that id. Raises InputError naming the nearest one."""
        if name in self.by_id:
            return self.by_id[name]
        if name in {FACTS_NAME, *words_and_counting(), *examples()}:
            mend = f"tallystick regimes show {name} --source prints it"
            raise InputError(f"{name} is no regime", mend=mend)
        raise InputError(f"no regime {name[:60]!r}", mend=nearest(name, self.by_id, ALL_IDS))


def shaped(path: Path, shape: Shape, kind: str = "") -> Node:
    """The file's tree, of that shape. Raises InputError for the first thing that is wrong.

    ``kind``: of what kind it must be; one of another kind is named for what it is.
    """
    node = read_yaml(path, shown_name(path))
    if kind:
        refuse_wrong_kind(node.plain, kind, node.place)
    for problem in shape.problems(node, ""):
        raise problem.error()
    return node


def shown_name(path: Path) -> str:
    """The file's name in messages: short for the package's own files."""
    return str(path.relative_to(DATA.parent)) if path.is_relative_to(DATA) else str(path)


@cache
def shipped_vocabulary() -> Vocabulary:
    """The package's words. Raises InputError."""
    return vocabulary_of(shaped(DATA / "vocabulary.yaml", VOCABULARY))


@cache
def shipped_counting() -> Mapping[str, Counting]:
    """The package's counting rules by name. Raises InputError."""
    rules = [counting_of(shaped(path, COUNTING)) for path in sorted(COUNTINGS.glob("*.yaml"))]
    return {rule.name: rule for rule in rules}


def load_instrument(path: Path) -> Instrument:
    """One file, checked as far as it must be to be evaluated. Raises InputError with file and line."""
    node = shaped(path, INSTRUMENT, REGIME)
    instrument = instrument_of(node, shipped_counting())
    for problem in problems_of(instrument, node):
        if not problem.warning:
            raise problem.error()
    return instrument


@cache
def load_shipped() -> Regimes:
    """The instruments of the package. Raises InputError where a file is unusable."""
    return collected(load_instrument(path) for path in sorted(INSTRUMENTS.glob("*.yaml")))


def load_all(files: Sequence[Path] = ()) -> Regimes:
    """The instruments of the package, and those of ``files``: paths, or names of shipped templates.

    Raises InputError.
    """
    shipped = load_shipped()
    if not files:
        return shipped
    own = [load_instrument(template_or_file(path)) for path in files]
    return replace(collected([*shipped, *own]), own=tuple(one.id for one in own))


def template_or_file(path: Path) -> Path:
    """The path, or the shipped template of that id where there is no such file."""
    template = TEMPLATES / f"{path.name}.yaml"
    return template if not path.exists() and path.parent == Path() and template.exists() else path


def shipped_templates() -> list[str]:
    """The ids of the templates."""
    return sorted(path.stem for path in TEMPLATES.glob("*.yaml"))


def words_and_counting() -> dict[str, Path]:
    """The files that are no instruments, by the name under which they are shown."""
    return {"vocabulary": DATA / "vocabulary.yaml", **{p.stem: p for p in sorted(COUNTINGS.glob("*.yaml"))}}


def examples() -> dict[str, Path]:
    """The shipped profiles of developers, by the name under which they are shown."""
    return {path.stem: path for path in sorted(EXAMPLES.glob("*.yaml"))}


def source_text(name: str) -> str:
    """The file of a shipped instrument, template, counting rule or example, or the vocabulary.

    Raises InputError.
    """
    if name == FACTS_NAME:
        return EXAMPLE_FACTS
    paths = [*INSTRUMENTS.glob("*.yaml"), *TEMPLATES.glob("*.yaml")]
    files = words_and_counting() | examples() | {path.stem: path for path in paths}
    if name not in files:
        names = dict.fromkeys(sorted([*files, FACTS_NAME]))
        raise InputError(f"no regime {name[:60]!r}", mend=nearest(name, names, ALL_IDS))
    return files[name].read_text(encoding="utf-8")


def collected(instruments: Iterable[Instrument]) -> Regimes:
    """Instruments as one collection. Raises InputError where two have the same id."""
    found: dict[str, Instrument] = {}
    for instrument in instruments:
        if instrument.id in found:
            mend = f"give it another id; {found[instrument.id].place} has this one"
            raise InputError(f"{instrument.id} is there twice", where=instrument.place, mend=mend)
        found[instrument.id] = instrument
    return Regimes(found, vocabulary_with(found.values()))


def vocabulary_with(instruments: Iterable[Instrument]) -> Vocabulary:
    """The package's words, the places that the instruments are about, and the facts that they add.

    Raises InputError where two instruments add one name with different meanings.
    """
    shipped = shipped_vocabulary()
    places: set[str] = set()
    facts: dict[str, FactName] = {}
    for one in instruments:
        places |= {one.jurisdiction, one.binds.region}
        for name, fact in one.facts.items():
            if facts.setdefault(name, fact) != fact:
                mend = "write the same kind, unit and title in both files, or another name"
                raise InputError(f"{name} means something else in another file", where=one.place, mend=mend)
    added = {place for place in places - shipped.regions if PLACE.fullmatch(place)}
    if not added and not facts:
        return shipped
    # What is shipped stands, so that no file changes what a name means to the others.
    names = MappingProxyType({**facts, **shipped.facts})
    return replace(shipped, regions=shipped.regions | added, facts=names)


def problems_of(instrument: Instrument, node: Node) -> list[Problem]:
    """What is wrong with a file of the right shape, warnings included."""
    own = list(own_fact_problems(instrument, node, shipped_vocabulary()))
    vocabulary = vocabulary_with([instrument])
    return own + list(instrument_problems(instrument, node, vocabulary, shipped_counting()))


def file_problems(path: Path) -> list[Problem]:
    """All that is wrong with an instrument's file, warnings included; its cases are not run here."""
    try:
        node = read_yaml(path, shown_name(path))
        refuse_wrong_kind(node.plain, REGIME, node.place)
        problems = list(INSTRUMENT.problems(node, ""))
        if not problems:
            instrument = instrument_of(node, shipped_counting())
            problems += problems_of(instrument, node)
    except InputError as error:
        problems = [Problem(error.where, error.problem, error.mend)]
    return problems
