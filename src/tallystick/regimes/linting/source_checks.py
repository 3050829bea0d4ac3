"""What values, tests, exceptions and duties rest on: sources read as well, with edition and place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.files.yaml_file import Node
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument

#: Codes from the best to the worst; conflicting sources are as little use as recollection.
RANK = {"V1": 0, "V2": 1, "S": 2, "R": 3, "X": 3}
#: Places that are named by a word alone.
NAMED_PLACES = frozenset({"whole", "abstract", "dates", "mou", "preface", "punishment", "transmittal"})
#: Places that are named by a word and a number or letter: ``art-51(2)``.
NUMBERED_PLACES = frozenset(
    {
        *("a", "annex", "appendix", "art", "ch", "eccn", "measure", "p", "par", "para", "part", "phase"),
        *(
            "point",
            "recital",
            "recommendation",
            "rule",
            "sched",
            "sec",
            "second",
            "stage",
            "stop",
            "subsec",
            "title",
        ),
    }
)
PLACE = re.compile(r"([a-z]+)[-.](\S+)", re.ASCII)
#: A number, a letter that stands for one, or a Roman number; for ``stop-manufacture`` a word.
NUMBER = re.compile(r"[0-9A-Z]|^\([a-z]+\)$", re.ASCII)
WORDED = frozenset({"second", "stop"})


@dataclass(frozen=True, slots=True)
class Resting:
    """Something that rests on sources: its place in the file, how it is said to be read, what it cites."""

    what: str
    path: tuple[str | int, ...]
    confidence: str
    reference: tuple[str, ...]


def source_problems(instrument: Instrument, node: Node, at: Places) -> Iterator[Problem]:
    """Codes that are better than their sources', values without an edition, places that name no part."""
    for one in (*_resting(instrument), *_in_institution(instrument, node.plain.get("institution", {}), ())):
        yield from _better_than_sources(instrument, one, at)
    yield from _without_edition(instrument, at)
    yield from strange_places(node)


def _resting(instrument: Instrument) -> Iterator[Resting]:
    path: tuple[str | int, ...]
    for index, entry in enumerate(instrument.status):
        yield Resting(f"status {entry.value}", ("status", index), entry.confidence, entry.reference)
    for name, parameter in instrument.parameters.items():
        for index, value in enumerate(parameter.values):
            path = ("parameters", name, "values", index)
            yield Resting(f"{name}: the value", path, value.confidence, value.reference)
    for name, condition in instrument.conditions.items():
        path = ("conditions", name)
        yield Resting(f"condition {name}", path, condition.confidence, condition.reference)
    for name, exception in instrument.exceptions.items():
        path = ("exceptions", name)
        yield Resting(f"exception {name}", path, exception.confidence, exception.reference)
    for index, duty in enumerate(instrument.obligations):
        yield Resting(f"obligation {duty.id}", ("obligations", index), duty.confidence, duty.reference)


def _in_institution(instrument: Instrument, data: Any, path: tuple[str | int, ...]) -> Iterator[Resting]:
    """All of the institution that cites something; what a coder judged rests on no sentence of a text."""
    if isinstance(data, list):
        for index, entry in enumerate(data):
            yield from _in_institution(instrument, entry, (*path, index))
    if not isinstance(data, dict):
        return
    code = data.get("confidence", instrument.confidence)
    if "reference" in data and code in RANK:
        what = " ".join(map(str, path)) or "all of it"
        yield Resting(f"institution, {what}", ("institution", *path), code, tuple(data["reference"]))
    for key, entry in data.items():
        yield from _in_institution(instrument, entry, (*path, key))


def _better_than_sources(instrument: Instrument, one: Resting, at: Places) -> Iterator[Problem]:
    cited = sorted({ref.partition("#")[0] for ref in one.reference} & instrument.sources.keys())
    codes = [instrument.sources[name].read for name in cited]
    if codes and less_well_read(one.confidence, codes):
        read = ", ".join(f"{name} {code}" for name, code in zip(cited, codes, strict=True))
        problem = f"{one.what} has confidence {one.confidence}, and its sources were read less well: {read}"
        mend = f"write confidence: {best_code(codes)}, cite a source that was read, or correct read"
        if one.confidence == "V2" and best_code(codes) == "S":
            mend = "cite a second source that says the same (two S make V2), or write confidence: S"
        # A verified answer would rest on what nobody read.
        grave = one.confidence not in UNVERIFIED and best_code(codes) in UNVERIFIED
        yield Problem(at(*one.path), problem, mend, warning=not grave)


def less_well_read(confidence: str, codes: list[str]) -> bool:
    """Whether the sources, of these codes, were all read less well than is said."""
    return RANK[confidence] < RANK[best_code(codes)]


def best_code(codes: list[str]) -> str:
    """The code of the best source; two secondary ones that agree are as good as one that quotes."""
    best = min(codes, key=RANK.__getitem__)
    return "V2" if best == "S" and codes.count("S") > 1 else best


def _without_edition(instrument: Instrument, at: Places) -> Iterator[Problem]:
    """A value names its edition, or a source of it does."""
    for name, parameter in instrument.parameters.items():
        for index, value in enumerate(parameter.values):
            cited = (instrument.sources.get(ref.partition("#")[0]) for ref in value.reference)
            if not value.edition and not any(source.edition for source in cited if source):
                place, mend = at("parameters", name, "values", index), "add edition here, or to the source"
                yield Problem(place, f"{name}: neither the value nor its source has an edition", mend, True)


def strange_places(node: Node) -> Iterator[Problem]:
    """A warning for each reference that names no part of a text."""
    for child in all_nodes(node):
        if isinstance(child.value, dict) and "reference" in child.value:
            for one in child.value["reference"].plain:
                anchor = one.partition("#")[2]
                if not is_place(anchor):
                    problem = f"{anchor[:60]!r} names no place in a text"
                    mend = f"write it as art-51(2), sec-3(a), annex-XI, or whole; a word of {_known()} first"
                    yield Problem(child.value["reference"].place, problem, mend, warning=True)


def is_place(anchor: str) -> bool:
    """Whether it names a part of a text: a word and a number, a named part, or all of it."""
    if anchor in NAMED_PLACES:
        return True
    found = PLACE.fullmatch(anchor)
    if found is None or found[1] not in NUMBERED_PLACES:
        return False
    return found[1] in WORDED or NUMBER.search(found[2]) is not None


def _known() -> str:
    return ", ".join(sorted(NUMBERED_PLACES))


def all_nodes(node: Node) -> Iterator[Node]:
    """The node and all within it."""
    yield node
    children = node.value.values() if isinstance(node.value, dict) else node.value
    if not isinstance(children, str):
        for child in children:
            yield from all_nodes(child)
