"""The hard bound: no program executed more FLOP than this in the time, or with the energy, that was seen.

Two public linear rules on committed amounts, in exact integers; the bound is the lesser, and a run, a ledger
entry and the inspection's bound on what may be hidden all use it.

by time     tensor units at the chip's fastest precision, all other units beside them, at a clock above the
            data sheet's by the chip's margin (``chips.Chip.most_op_per_s``)
by energy   ``EFFICIENCY_MARGIN`` times that fastest rate per rated watt. Nothing is taken off for idle power
            or for the rest of a node: what is not compute today may be made smaller tomorrow.
"""

from tallystick.accounting.chips import PPM, Chip

US_PER_S = 1_000_000
#: The silicon does at most this many times the FLOP per joule of dense peak over rated power. Built from
#: published parts, not measured as a whole, and so the weakest number here: an A100 multiplies random
#: matrices at 257 of 312 TFLOP/s within its 400 W (thonking.ai, 2024), 0.82 of that ratio; data that toggle
#: few bits take up to 1.67 times less power (Bhalachandra et al., arXiv 2212.08805); lower clocks and
#: voltage are taken to save at most 30 %. 0.82 x 1.67 / 0.7 = 1.96.
EFFICIENCY_MARGIN = 2


def most_flop_per_mj(kind: Chip, count_integers: bool = False, count_skipped: bool = False) -> int | None:
    """The most FLOP of one millijoule, rounded up; None where the chip's rated power is not published."""
    if kind.tdp_mw is None:
        return None
    return -(-EFFICIENCY_MARGIN * kind.fastest_op_per_s(count_integers, count_skipped) // kind.tdp_mw)


def hard_bound(flop_per_s: int, flop_per_mj: int | None, observed_us: int, energy_mj: int | None) -> int:
    """The lesser of what ``observed_us`` allow and, where both are known, what ``energy_mj`` allow."""
    by_time = -(-flop_per_s * observed_us // US_PER_S)
    if flop_per_mj is None or energy_mj is None:
        return by_time
    return min(by_time, flop_per_mj * energy_mj)


def most_flop(
    kind: Chip,
    chip_us: int,
    energy_mj: int | None,
    active_ppm: int = PPM,
    count_integers: bool = False,
    count_skipped: bool = False,
) -> int:
    """The hard bound of ``chip_us`` accelerator-microseconds that drew ``energy_mj``, or an unknown amount.

    ``active_ppm`` is the share of cycles in which tensor units were busy, where it is known. Integer
    operations, or those that sparsity skips, are counted if told.
    """
    per_s = kind.most_op_per_s(active_ppm, count_integers, count_skipped)
    return hard_bound(per_s, most_flop_per_mj(kind, count_integers, count_skipped), chip_us, energy_mj)
