"""All states together: the share that the headline and the exit status rest on, and what decides it."""

from dataclasses import dataclass

from tallystick.strategy.verdicts.breakpoints import Breakpoint
from tallystick.strategy.verdicts.decisive_box import DecisiveBoxes
from tallystick.strategy.verdicts.sensitivity import Driver

#: What it is called where a state's name would stand.
ALL = "all together"


@dataclass(frozen=True, slots=True)
class Together:
    """``boxes``, ``drivers``, ``breakpoints`` and ``assumed`` as of a state, of the draws in which all states
    pass every gate.
    """

    boxes: DecisiveBoxes
    drivers: tuple[Driver, ...]
    breakpoints: tuple[Breakpoint, ...]
    assumed: float
