"""Training FLOP of a span from time and energy: public linear rules that anyone can apply.

upper     the hard bound: no program executes more (``hard_bound``)
estimate  energy above idle x typical FLOP per joule, at most the upper bound
lower     energy above idle x least FLOP per joule seen in training, at most the estimate
"""

from tallystick.accounting.hard_bound import US_PER_S, hard_bound
from tallystick.accounting.hardware import Hardware
from tallystick.records.flop import FlopInterval


def training_flop(hardware: Hardware, observed_us: int, energy_mj: int) -> FlopInterval:
    """Training FLOP of ``observed_us`` microseconds that took ``energy_mj``, were it all training."""
    upper = hard_bound(hardware.most_flop_per_s, hardware.most_flop_per_mj, observed_us, energy_mj)
    dynamic_mj = max(0, energy_mj - hardware.idle_mw * observed_us // US_PER_S)
    estimate = min(upper, dynamic_mj * hardware.typical_flop_per_mj)
    lower = min(estimate, dynamic_mj * hardware.least_flop_per_mj)
    return FlopInterval(lower, estimate, upper)
