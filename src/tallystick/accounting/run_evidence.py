"""How strongly windows of a run speak against "this is permitted work": an e-value, in integers.

The null: in any window, given all windows before it, the expected share of the run's accelerators that are
judged training is at most *m*, the greatest that permitted work of a named reference set showed over an hour
(``run_reference``). Against it we bet window by window: where *k* of *n* observed accelerators are judged
training, wealth is multiplied by 1 + c (k / n / m - 1), and averaged over several stakes c. Under the null
wealth is a supermartingale, so by Ville's inequality the chance that it *ever* reaches 1 / a is at most a,
whenever one looks (Shafer and Vovk 2019; Waudby-Smith and Ramdas 2024, arXiv 2010.09686). Accelerators of
one run are nearly one observation; their average is valid under any dependence. Work outside the reference
set can break the null, and then nothing is guaranteed.

Wealth is a 64-bit mantissa and a power of two, every product rounded down: rounding keeps the guarantee, and
everybody who recomputes gets the same bits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log10

from tallystick.records.run import SequentialEvidence
from tallystick.units import PPM, WINDOW_NS

#: Stakes in ppm: 1,000,000 is all of what can be lost.
STAKES_PPM = (50_000, 200_000, 500_000, 800_000)
#: Below this the null would be refuted by a single misjudged window.
LEAST_SHARE_PPM = 20_000
#: Evidence is log2 of the e-value in units of 2^-20 bit, rounded down.
UNIT_BITS = 20
BIT = 1 << UNIT_BITS
_MANTISSA = 64


@dataclass(frozen=True, slots=True)
class WindowCount:
    """One window of a run: of ``observed`` accelerators, 1 or more, ``training`` are judged training."""

    training: int
    observed: int


def log2_evidence(windows: Iterable[WindowCount], null_share_ppm: int) -> list[int]:
    """log2 of the e-value after each window, in units of 2^-20 bit, rounded down.

    Leave out windows that nobody observed: what is missing must not depend on the work. Raises ValueError
    where the null's share is not at least 0 and below 1, or a window has no share.
    """
    if not 0 <= null_share_ppm < PPM:
        raise ValueError(f"a reference share of {null_share_ppm} ppm is not at least 0 and below 1000000")
    share = max(LEAST_SHARE_PPM, null_share_ppm)
    wealth = [(1 << (_MANTISSA - 1), 1 - _MANTISSA)] * len(STAKES_PPM)
    found = []
    for window in windows:
        if not 0 <= window.training <= window.observed or not window.observed:
            raise ValueError(f"{window.training} of {window.observed} accelerators is no share")
        whole = PPM * window.observed * share
        gain = PPM * (PPM * window.training - window.observed * share)
        wealth = [
            _times(w, whole * PPM + stake * gain, whole * PPM)
            for w, stake in zip(wealth, STAKES_PPM, strict=True)
        ]
        found.append(_log2_mean(wealth))
    return found


def evidence_of(
    windows: Mapping[int, WindowCount], null_share_ppm: int, threshold: int
) -> SequentialEvidence:
    """The evidence of a run from its ``windows``, by their start in ns, taken in order of time."""
    if not windows:
        return SequentialEvidence(0, 0, 0, threshold, 0, 0, None)
    starts = sorted(windows)
    log2_e = log2_evidence((windows[start] for start in starts), null_share_ppm)
    passed = first_passed(log2_e, threshold)
    return SequentialEvidence(
        windows=len(starts),
        log2_e=log2_e[-1],
        log2_most=max(log2_e),
        threshold=threshold,
        start_ns=starts[0],
        end_ns=starts[-1] + WINDOW_NS,
        passed_ns=None if passed is None else starts[passed] + WINDOW_NS,
    )


def power_of_ten(log2_value: int) -> str:
    """A value in units of 2^-20 bit as people read it: ``10^4.6``."""
    return f"10^{log2_value / BIT * log10(2):.1f}"


def first_passed(log2_e: Sequence[int], threshold: int) -> int | None:
    """Index of the first window at which the evidence reaches ``threshold``; None if never."""
    return next((index for index, value in enumerate(log2_e) if value >= threshold), None)


def threshold_log2(runs: int, false_ppm: int) -> int:
    """The evidence from which one of ``runs`` permitted runs is named, in units of 2^-20 bit, rounded up.

    With it any of them is named with probability at most ``false_ppm`` (1 or more), all together: Bonferroni.
    """
    count = max(1, runs) * PPM
    return _log2_floor(-(-count // false_ppm)) + 1


def _times(wealth: tuple[int, int], numerator: int, denominator: int) -> tuple[int, int]:
    mantissa, exponent = wealth
    product = (mantissa * numerator << _MANTISSA) // denominator
    excess = product.bit_length() - _MANTISSA
    return product >> excess if excess > 0 else product << -excess, exponent - _MANTISSA + excess


def _log2_mean(wealth: Sequence[tuple[int, int]]) -> int:
    """log2 of the mean: a sum at the scale of the greatest, what falls below it rounded down."""
    top = max(exponent for _, exponent in wealth)
    total = sum(m << _MANTISSA >> (top - exponent) for m, exponent in wealth)
    return _log2_floor(total // len(wealth)) + (top - _MANTISSA) * BIT


def _log2_floor(number: int) -> int:
    """log2 of ``number``, 1 or more, in units of 2^-20 bit: never above the truth."""
    whole = number.bit_length() - 1
    one = 1 << (_MANTISSA - 1)
    rest = (number << _MANTISSA >> whole) >> 1
    fraction = 0
    for _ in range(UNIT_BITS):
        rest = rest * rest // one
        fraction *= 2
        if rest >= 2 * one:
            fraction, rest = fraction + 1, rest // 2
    return whole * BIT + fraction
