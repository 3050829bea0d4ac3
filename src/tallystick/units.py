"""Integer base units: milliwatt, millijoule, nanosecond, byte, part per million, FLOP.

One milliwatt for one second is one millijoule. Nothing committed is ever a float.
"""

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000
NS_PER_MINUTE = 60 * NS_PER_S
NS_PER_HOUR = 3600 * NS_PER_S
NS_PER_DAY = 24 * NS_PER_HOUR

#: Longest span that may pass before samples are sealed in the log.
SLOT_NS = 15 * NS_PER_MINUTE
#: Span of one workload verdict.
WINDOW_NS = 5 * NS_PER_MINUTE
WINDOWS_PER_HOUR = NS_PER_HOUR // WINDOW_NS
SLOTS_PER_HOUR = NS_PER_HOUR // SLOT_NS

PPM = 1_000_000
MJ_PER_KWH = 3_600_000_000


def kwh_text(energy_mj: int) -> str:
    """Energy in mJ as a decimal string of kWh with three decimals, rounded half up."""
    thousandths = (abs(energy_mj) * 1000 + MJ_PER_KWH // 2) // MJ_PER_KWH
    sign = "-" if energy_mj < 0 else ""
    return f"{sign}{thousandths // 1000}.{thousandths % 1000:03d}"


def flop_text(flop: int) -> str:
    """FLOP for people, two significant digits: ``1.3e+21`` is written ``1.3e21``."""
    if flop == 0:
        return "0"
    return f"{flop:.1e}".replace("e+", "e")
