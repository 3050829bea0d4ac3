"""The tallies of a comparison with their names."""

from collections.abc import Iterator

from tallystick.regimes.fragmentation.comparison import Comparison
from tallystick.regimes.fragmentation.merging import Tally

DUE, COMING = "due on that day", "due then or from a known later day"
OPEN = "due then, and all that is undecided"
ADOPTED = "the row above, and all texts without force"


def tallies(found: Comparison) -> Iterator[tuple[str, Tally]]:
    """The tallies with their names."""
    yield DUE, found.today
    yield OPEN, found.open
    yield COMING, found.coming
    if found.adopted is not None:
        yield ADOPTED, found.adopted
