"""How many entries to open: exact hypergeometric odds.

A test that fires on a false entry with probability ``sensitivity`` and on an honest one with
probability ``false_rate`` raises the alarm at ``threshold`` or more contradictions among ``n`` opened.
Oracle values: ``tests/unit/inspection/test_sampling.py``.
"""

from collections.abc import Callable
from math import exp, inf, lgamma, log, log1p

#: Greatest probability of an alarm on an honest site, for one check of one period.
ALPHA = 0.001
#: Terms below this do not change any probability that is printed.
NEGLIGIBLE = 1e-15


def hypergeometric(population: int, defects: int, drawn: int, found: int) -> float:
    """Probability that a draw without replacement of ``drawn`` holds exactly ``found`` defects."""
    if found > min(defects, drawn) or drawn - found > population - defects:
        return 0.0
    return exp(
        _log_choose(defects, found)
        + _log_choose(population - defects, drawn - found)
        - _log_choose(population, drawn)
    )


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def binomial_tail(n: int, p: float, at_least: int) -> float:
    """Probability of ``at_least`` or more successes in ``n`` independent trials."""
    if at_least <= 0:
        return 1.0
    if 2 * at_least > n:
        return min(1.0, sum(_binomial(n, p, k) for k in range(at_least, n + 1)))
    return max(0.0, 1.0 - sum(_binomial(n, p, k) for k in range(at_least)))


def _binomial(n: int, p: float, k: int) -> float:
    """Probability of exactly ``k`` successes. In logarithms, since the coefficient outgrows a float."""
    if p <= 0.0 or p >= 1.0:
        return float(k == (n if p >= 1.0 else 0))
    return exp(_log_choose(n, k) + k * log(p) + (n - k) * log1p(-p))


def alarm_threshold(drawn: int, false_rate: float, alpha: float) -> int:
    """Fewest contradictions that an honest site shows with probability at most ``alpha``."""
    threshold, below = 1, _binomial(drawn, false_rate, 0)
    while threshold <= drawn and 1.0 - below > alpha:
        below += _binomial(drawn, false_rate, threshold)
        threshold += 1
    return threshold


def detection(population: int, defects: int, drawn: int, sensitivity: float, threshold: int = 1) -> float:
    """Probability that ``threshold`` or more of the false entries are drawn and recognised."""
    missed = 0.0
    for drawn_defects in range(min(defects, drawn) + 1):
        unseen = 1.0 - binomial_tail(drawn_defects, sensitivity, threshold)
        if unseen < NEGLIGIBLE:
            break
        missed += hypergeometric(population, defects, drawn, drawn_defects) * unseen
    return max(0.0, 1.0 - missed)


def sample_size(
    population: int,
    defects: int,
    target: float,
    *,
    sensitivity: float = 1.0,
    false_rate: float = 0.0,
    alpha: float = ALPHA,
) -> int | None:
    """Fewest draws that reach ``target``, or None where a census does not."""

    def reached(drawn: int) -> float:
        threshold = alarm_threshold(drawn, false_rate, alpha) if false_rate else 1
        return detection(population, defects, drawn, sensitivity, threshold)

    if defects <= 0 or reached(population) < target:
        return None
    low, high = 0, population
    while high - low > 1:
        middle = (low + high) // 2
        if reached(middle) >= target:
            high = middle
        else:
            low = middle
    # A threshold that steps up makes the curve dip: walk on until the target holds for good nearby.
    while reached(high) < target:
        high += 1
    return high


def share_interval(found: int, drawn: int, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson interval for the share of the population, two-sided."""
    tail = (1 - confidence) / 2
    low = 0.0 if found == 0 else _bisect(lambda p: binomial_tail(drawn, p, found) > tail)
    high = 1.0 if found == drawn else _bisect(lambda p: 1 - binomial_tail(drawn, p, found + 1) < tail)
    return low, high


def mean_interval(total: float, drawn: int, tail: float) -> tuple[float, float]:
    """Interval for the mean of amounts between 0 and 1, from the sum of ``drawn`` of them.

    Each end is passed with probability at most ``tail``, whatever the distribution, with or without
    replacement (Hoeffding 1963, theorem 1 and section 6: P(mean of the sample >= m) <= exp(-n KL(m, mu))).
    """
    if drawn == 0:
        return 0.0, 1.0
    mean, limit = min(1.0, max(0.0, total / drawn)), log(1 / tail) / drawn
    low = _bisect(lambda mu: mu >= mean or _divergence(mean, mu) <= limit)
    high = _bisect(lambda mu: mu > mean and _divergence(mean, mu) > limit)
    return low if mean > 0 else 0.0, high if mean < 1 else 1.0


def _divergence(p: float, q: float) -> float:
    """Kullback-Leibler divergence of Bernoulli(p) from Bernoulli(q)."""
    if (p > 0 and q <= 0) or (p < 1 and q >= 1):
        return inf
    first = p * log(p / q) if p > 0 else 0.0
    return first + ((1 - p) * log((1 - p) / (1 - q)) if p < 1 else 0.0)


def _bisect(too_high: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if too_high(middle):
            high = middle
        else:
            low = middle
    return (low + high) / 2
