"""Lower clocks and power caps: training runs slower and draws less."""

from dataclasses import dataclass, replace
from typing import ClassVar

from tallystick.simulation.cost_model import TrainingBudget
from tallystick.simulation.evasions.pacing import Steady, paced
from tallystick.simulation.evasions.strategy import Parameter
from tallystick.simulation.power import IDLE_W, LOADED_W, RATED_W
from tallystick.simulation.signals import Quantity
from tallystick.simulation.step_time import clock_at_power, power_at_clock
from tallystick.simulation.work_kind import Start


@dataclass(frozen=True)
class ClockThrottle:
    """Run at ``clock`` (share of the highest clock); ``clock_bound`` of a step's time waits on the clock."""

    clock: float
    clock_bound: float = 0.9

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (Parameter("clock", "share of the highest", 0.15, 1.0),)

    @property
    def speed(self) -> float:
        """Progress per second as a share of that at the highest clock."""
        return 1 / (self.clock_bound / self.clock + 1 - self.clock_bound)

    def apply(self, start: Start) -> Start:
        """Slower training: units are as active as before, memory serves fewer bytes, power falls."""
        power = power_at_clock(self.clock)
        scale = {Quantity.POWER_W: power, Quantity.DRAM: self.speed}
        return paced(start, lambda rng, lanes: Steady(1.0, self.speed, scale))

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """Everything takes longer, at less dynamic power."""
        power = power_at_clock(self.clock)
        return replace(
            budget,
            pace=budget.pace * self.speed,
            power=budget.power * power,
            rest_w=budget.rest_w * power,
        )


@dataclass(frozen=True)
class PowerCap:
    """Cap each accelerator at ``cap_w`` watts; the driver lowers the clock until the work fits.

    ``wanted_w`` is what the work would draw in its heaviest phase without a cap.
    """

    cap_w: float
    wanted_w: float = RATED_W

    PARAMETERS: ClassVar[tuple[Parameter, ...]] = (Parameter("cap_w", "W", 200.0, 700.0),)

    @property
    def throttle(self) -> ClockThrottle:
        """The clock at which the heaviest phase fits under the cap."""
        static_w = IDLE_W + LOADED_W
        dynamic = min(1.0, max(0.0, self.cap_w - static_w) / (self.wanted_w - static_w))
        return ClockThrottle(max(0.05, clock_at_power(dynamic)))

    def apply(self, start: Start) -> Start:
        """See ``ClockThrottle.apply``."""
        return self.throttle.apply(start)

    def charge(self, budget: TrainingBudget) -> TrainingBudget:
        """See ``ClockThrottle.charge``."""
        return self.throttle.charge(budget)
