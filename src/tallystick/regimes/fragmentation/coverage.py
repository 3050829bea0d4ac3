"""How far the duties of a regime without an institution cover the four terms of reference of 1946."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tallystick.regimes.files.institution_shape import HEADS, TEXT
from tallystick.regimes.files.shape import Choice, ListOf, Record
from tallystick.regimes.files.yaml_file import read_yaml
from tallystick.regimes.fragmentation.merging import shipped_rules
from tallystick.regimes.law.instrument import Instrument, Obligation

FILE = Path(__file__).parent / "coverage.yaml"
SHAPE = Record({"schema": Choice(("coverage/1",)), **dict.fromkeys(HEADS, ListOf(TEXT, 1))})
PARTIAL, NONE = "partial", "none"


@dataclass(frozen=True, slots=True)
class DutyCoverage:
    """One head. ``covered``: ``partial`` where some duty, in ``duties``, serves it, else ``none``."""

    head: str
    duties: tuple[Obligation, ...]

    @property
    def covered(self) -> str:
        """Never ``full``: a law on developers of one place binds no other state."""
        return PARTIAL if self.duties else NONE


@cache
def shipped_heads() -> Mapping[str, frozenset[str]]:
    """Head -> the kinds of work that serve it. Raises InputError where the file is unusable."""
    node = read_yaml(FILE, "fragmentation/coverage.yaml")
    for problem in SHAPE.problems(node, ""):
        raise problem.error()
    return {head: frozenset(node.plain[head]) for head in HEADS}


def coverage_of(one: Instrument) -> tuple[DutyCoverage, ...]:
    """The four heads in order, by what one must and must not do."""
    owed = [duty for duty in one.obligations if duty.deontic != "may"]
    return tuple(
        DutyCoverage(head, tuple(duty for duty in owed if works & set(duty.satisfies)))
        for head, works in shipped_heads().items()
    )


def authorities(one: Instrument) -> tuple[str, ...]:
    """The recipients of its duties that are neither the public, nor customers, nor in the house."""
    rules = shipped_rules()
    others = rules.public | rules.customers | rules.house
    return tuple(dict.fromkeys(to for duty in one.obligations for to in duty.to if to not in others))
