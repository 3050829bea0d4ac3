"""The axes of inspection technology, each with its best and its worst."""

from dataclasses import dataclass

from tallystick.strategy.inputs.parameters import TECHNOLOGY

#: Greatest delay that a technology profile may state. Where it is not measured it is
#: drawn from 0 to half a year, the longest run that is assumed, which is not all that it may be.
MOST_DELAY_YEARS = next(one.high for one in TECHNOLOGY if one.name == "delay_years")


@dataclass(frozen=True, slots=True)
class Axis:
    """One parameter of a technology: ``best`` and ``worst`` bound what is asked of it. ``high`` words a level
    that is at least so good.
    """

    name: str
    title: str
    unit: str
    worst: float
    best: float

    @property
    def rises(self) -> bool:
        """Whether more of it is better."""
        return self.best > self.worst

    def at(self, goodness: float) -> float:
        """The level from 0, the worst, to 1, the best."""
        return self.worst + goodness * (self.best - self.worst)

    def meets(self, level: float, needed: float) -> bool:
        """Whether ``level`` is at least as good as ``needed``."""
        return level >= needed if self.rises else level <= needed


DETECTION = Axis("detection", "detection at declared places", "probability", 0.0, 1.0)
HIDDEN = Axis("detection_hidden", "detection at places nobody declared", "probability", 0.0, 1.0)
FALSE_ALARM = Axis("false_alarm", "false alarms a year", "probability", 1.0, 0.0)
DELAY = Axis("delay_years", "delay in years", "years", MOST_DELAY_YEARS, 0.0)
LEAKAGE = Axis("leakage", "leakage", "share of what should stay private", 1.0, 0.0)

AXES = (DETECTION, HIDDEN, FALSE_ALARM, DELAY, LEAKAGE)
