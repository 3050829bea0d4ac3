"""How large the tests of a file become when every reference is written out, and how long its chains are.

A file of a few lines can refer to itself so often that nobody could evaluate it: ``c1`` twice to ``c0``,
``c2`` twice to ``c1`` and so on. Such a file is refused when it is read. Needs references that are known, and
no circle among them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from tallystick.regimes.law.expression import Expression, Refer, amounts_of, names_in, walk
from tallystick.regimes.law.instrument import Instrument

#: Most tests in all, references and exceptions written out; longest chain of either; most names in an amount.
MOST_TESTS = 20_000
LONGEST_CHAIN = 50
MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class TooLarge:
    """What is too large: the path of the rule in its file, and why."""

    path: tuple[str | int, ...]
    problem: str
    mend: str


def too_large(instrument: Instrument) -> Iterator[TooLarge]:
    """The first rule, in the order in which they are built on each other, that is too large."""
    yield from _long_amounts(instrument)
    tests = _tests(instrument)
    against = _against(instrument)
    size: dict[tuple[str, str], int] = {}
    depth: dict[tuple[str, str], int] = {}
    total = 0
    for node in TopologicalSorter(_graph(tests, against)).static_order():
        needed = _needed(node, tests, against)
        depth[node] = 1 + max((depth[one] for one in needed), default=0)
        size[node] = _own(node, tests) + sum(size[one] for one in needed)
        total += size[node]
        if depth[node] > LONGEST_CHAIN:
            problem = f"{node[1]} ends a chain of more than {LONGEST_CHAIN} references or exceptions"
            yield TooLarge(_path(node, instrument), problem, "write the inner tests out")
            return
        if total > MOST_TESTS:
            problem = (
                f"{node[1]} brings the file to more than {MOST_TESTS} tests when references are written out"
            )
            yield TooLarge(_path(node, instrument), problem, "refer to each condition less often")
            return


def _long_amounts(instrument: Instrument) -> Iterator[TooLarge]:
    for (kind, name), test in _tests(instrument).items():
        for amount in (amount for part in walk(test) for amount in amounts_of(part)):
            if sum(1 for _ in names_in(amount)) > MOST_NAMES:
                problem = f"{name} has an amount of more than {MOST_NAMES} names"
                yield TooLarge(_path((kind, name), instrument), problem, "leave some out")
                return


def _tests(instrument: Instrument) -> dict[tuple[str, str], Expression]:
    """Each rule's own test; ``stands`` of a name is its test and the exceptions to it."""
    rules = {("holds", name): rule.when for name, rule in instrument.conditions.items()}
    rules |= {("holds", name): rule.when for name, rule in instrument.exceptions.items()}
    return rules | {("duty", d.id): d.only_if for d in instrument.obligations if d.only_if is not None}


def _against(instrument: Instrument) -> dict[str, list[str]]:
    """The exceptions to each name."""
    found: dict[str, list[str]] = {}
    for name, rule in instrument.exceptions.items():
        for target in rule.defeats:
            found.setdefault(target, []).append(name)
    return found


def _graph(
    tests: Mapping[tuple[str, str], Expression], against: Mapping[str, list[str]]
) -> dict[tuple[str, str], list[tuple[str, str]]]:
    nodes = [*tests, *(("stands", name) for kind, name in tests if kind == "holds")]
    return {node: _needed(node, tests, against) for node in nodes}


def _needed(
    node: tuple[str, str], tests: Mapping[tuple[str, str], Expression], against: Mapping[str, list[str]]
) -> list[tuple[str, str]]:
    """What is evaluated beside the node's own test, once for each time."""
    kind, name = node
    exceptions = [("stands", one) for one in against.get(name, ())]
    if kind == "stands":
        return [("holds", name), *exceptions]
    referred = [("holds", part.condition) for part in walk(tests[node]) if isinstance(part, Refer)]
    return referred + (exceptions if kind == "duty" else [])


def _own(node: tuple[str, str], tests: Mapping[tuple[str, str], Expression]) -> int:
    return 0 if node[0] == "stands" else sum(1 for _ in walk(tests[node]))


def _path(node: tuple[str, str], instrument: Instrument) -> tuple[str | int, ...]:
    kind, name = node
    if kind == "duty":
        ids = [duty.id for duty in instrument.obligations]
        return ("obligations", ids.index(name), "if")
    return ("conditions" if name in instrument.conditions else "exceptions", name)
