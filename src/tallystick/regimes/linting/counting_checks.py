"""What a counting rule must keep beyond its shape: its sources, its components, its readings."""

from collections.abc import Iterator
from pathlib import Path

from tallystick.regimes.files.file_shapes import COUNTING
from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.parse import counting_of
from tallystick.regimes.files.shape import Problem, nearest
from tallystick.regimes.files.yaml_file import read_yaml
from tallystick.regimes.law.counting import COMPONENTS, Counting
from tallystick.regimes.linting.source_checks import all_nodes, best_code, less_well_read, strange_places


def counting_problems(path: Path, shown: str) -> list[Problem]:
    """All that is wrong with the file of a counting rule, named ``shown``. Raises InputError."""
    node = read_yaml(path, shown)
    found = list(COUNTING.problems(node, ""))
    if found:
        return found
    rule, at = counting_of(node), Places(node)
    return [
        *_unknown_sources(rule, at),
        *_components(rule, at),
        *_readings(rule, at),
        *_editions(rule, at),
        *strange_places(node),
    ]


def _unknown_sources(rule: Counting, at: Places) -> Iterator[Problem]:
    known = {source.id for source in rule.sources}
    for child in all_nodes(at.node):
        if isinstance(child.value, dict) and "reference" in child.value:
            for one in child.value["reference"].plain:
                source = one.partition("#")[0]
                if source not in known:
                    place, problem = child.value["reference"].place, f"source {source[:60]!r} is not known"
                    yield Problem(place, problem, f"add it under sources, or {nearest(source, tuple(known))}")


def _components(rule: Counting, at: Places) -> Iterator[Problem]:
    """Each of the twelve says whether it counts: what is not named would be left out in silence."""
    named = [component.name for component in rule.components]
    for name in named:
        if name not in COMPONENTS:
            yield Problem(
                at("components", name), f"component {name!r} is not known", nearest(name, COMPONENTS)
            )
    for name in COMPONENTS:
        if name not in named:
            yield Problem(at("components"), f"component {name} is missing", "add it: yes, no or silent")


def _readings(rule: Counting, at: Places) -> Iterator[Problem]:
    ids = [entry["id"] for entry in at.node.plain.get("readings", [])]
    for index, name in enumerate(ids):
        if name in ids[:index]:
            yield Problem(at("readings", index, "id"), f"reading {name} is there twice", "rename one")
    for index, reading in enumerate(rule.readings):
        if isinstance(reading.silent, frozenset):
            for name in sorted(reading.silent - set(rule.silent)):
                problem = f"reading {reading.id} counts {name}, of which the text is not silent"
                yield Problem(at("readings", index), problem, f"name of {', '.join(rule.silent) or 'none'}")


def _editions(rule: Counting, at: Places) -> Iterator[Problem]:
    """A rule, and each text that counts by it, is no better read than the texts that are cited for it."""
    read = {source.id: source.read for source in rule.sources}
    rested = [(at("confidence"), rule.name, rule.confidence, [*read.values()])]
    for index, edition in enumerate(rule.editions):
        codes = [read[one] for one in _sources(edition.reference) if one in read]
        rested.append((at("editions", index), edition.text, edition.confidence, codes))
    for place, what, code, codes in rested:
        if codes and less_well_read(code, codes):
            problem = f"{what} has confidence {code}, and its sources were read less well"
            yield Problem(place, problem, f"write confidence: {best_code(codes)}", warning=True)


def _sources(references: tuple[str, ...]) -> list[str]:
    return [one.partition("#")[0] for one in references]
