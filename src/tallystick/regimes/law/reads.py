"""Which facts an instrument's tests read."""

from collections.abc import Iterable

from tallystick.regimes.law.expression import Expression, Is, OneOf, Unknowable, amounts_of, names_in, walk
from tallystick.regimes.law.instrument import Instrument


def facts_read(instrument: Instrument) -> frozenset[str]:
    """The names of all facts that its tests read; components that are or may be counted too."""
    return read_by(instrument, instrument.expressions())


def read_by(instrument: Instrument, tests: Iterable[Expression]) -> frozenset[str]:
    """The same for some of its tests."""
    found: set[str] = set()
    for test in tests:
        for part in walk(test):
            for amount in amounts_of(part):
                found |= set(names_in(amount))
            if isinstance(part, Is | OneOf):
                found.add(part.fact)
            elif isinstance(part, Unknowable) and part.unless:
                found.add(part.unless)
    for name, counting in instrument.counting.items():
        if name in found:
            found.remove(name)
            found |= {f"compute.{c.name}" for c in counting.components if c.counts != "no"}
    return frozenset(found)
