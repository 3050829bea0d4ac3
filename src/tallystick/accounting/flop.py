"""Training FLOP of a span from time and energy: public linear rules that anyone can apply.

upper     min(peak rate x time, energy above the floor x most FLOP per joule of the silicon)
estimate  energy above idle x typical FLOP per joule, at most the upper bound
lower     energy above idle x least FLOP per joule seen in training, at most the estimate
"""

from tallystick.accounting.hardware import Hardware
from tallystick.records.flop import FlopInterval

US_PER_S = 1_000_000


def training_flop(hardware: Hardware, observed_us: int, energy_mj: int) -> FlopInterval:
    """Training FLOP of ``observed_us`` microseconds that took ``energy_mj``, were it all training."""
    by_time = hardware.peak_flop_per_s * observed_us // US_PER_S
    above_floor_mj = max(0, energy_mj - hardware.floor_mw * observed_us // US_PER_S)
    upper = min(by_time, above_floor_mj * hardware.most_flop_per_mj)
    dynamic_mj = max(0, energy_mj - hardware.idle_mw * observed_us // US_PER_S)
    estimate = min(upper, dynamic_mj * hardware.typical_flop_per_mj)
    lower = min(estimate, dynamic_mj * hardware.least_flop_per_mj)
    return FlopInterval(lower, estimate, upper)
