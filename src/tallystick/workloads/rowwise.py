"""Exact integer statistics of many short series at once.

A ``Rows`` holds one series per row, left-aligned in a (series, longest) matrix with zeros behind
``count`` values. Every result is (series,) int64; divisions floor. No floats, except that ``isqrt``
starts from a correctly rounded square root and then corrects it, so that results agree on every machine.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tallystick.records.sample import MISSING
from tallystick.telemetry.table import Int64
from tallystick.units import PPM

#: A series with fewer values has no statistics: they are ``MISSING``.
MIN_VALUES = 5


@dataclass(frozen=True)
class Rows:
    """Series as rows: ``values`` (series, longest), ``count`` (series,)."""

    values: Int64
    count: Int64

    @cached_property
    def filled(self) -> npt.NDArray[np.bool_]:
        """Where ``values`` holds a value (series, longest)."""
        filled: npt.NDArray[np.bool_] = np.arange(self.values.shape[1]) < self.count[:, None]
        return filled

    @cached_property
    def whole(self) -> bool:
        """Whether all series are as long as the longest."""
        return bool(self.count.min(initial=self.values.shape[1]) == self.values.shape[1])

    @cached_property
    def centre(self) -> Int64:
        """Floored mean of each series (series,); 0 for an empty one."""
        centre: Int64 = self.values.sum(axis=1) // np.maximum(self.count, 1)
        return centre

    @cached_property
    def away(self) -> Int64:
        """Deviations from the floored mean in 64ths, floored (series, longest)."""
        return self.with_values((self.values - self.centre[:, None]) // 64).values

    @cached_property
    def power(self) -> Int64:
        """Sum of the squares of ``away`` (series,)."""
        return _products(self.away, self.away)

    def with_values(self, values: Int64) -> "Rows":
        """The same shape with other values; what lies behind ``count`` is set to 0."""
        return Rows(values if self.whole else np.where(self.filled, values, 0), self.count)


def rows_of(group: Int64, values: Int64, groups: int) -> Rows:
    """Series from flat values whose sorted ``group`` says which row (0 to ``groups`` - 1) each belongs to."""
    edges = np.searchsorted(group, np.arange(groups + 1))
    count = np.diff(edges).astype(np.int64)
    rows = Rows(np.zeros((groups, max(1, int(count.max(initial=0)))), np.int64), count)
    if rows.whole:
        return Rows(values.reshape(rows.values.shape), count)
    rows.values[rows.filled] = values
    return rows


def mean(rows: Rows) -> Int64:
    """Mean, floored."""
    return _known(rows, rows.centre)


def spread(rows: Rows) -> Int64:
    """Mean absolute deviation from the floored mean."""
    away = rows.with_values(np.abs(rows.values - rows.centre[:, None]))
    return mean(away)


def deviation(rows: Rows) -> Int64:
    """Standard deviation, floored; values must lie within +-2e9 for exact sums."""
    squares = rows.with_values((rows.values - rows.centre[:, None]) ** 2)
    return _known(rows, isqrt(squares.values.sum(axis=1) // np.maximum(rows.count, 1)))


def quantiles(rows: Rows, percents: tuple[int, ...]) -> list[Int64]:
    """Order statistics: the value at position ``(count - 1) * percent // 100``."""
    padded = rows.values if rows.whole else np.where(rows.filled, rows.values, np.iinfo(np.int64).max)
    ordered = np.sort(padded, axis=1)
    line = np.arange(len(rows.count))
    last = np.maximum(rows.count - 1, 0)
    return [_known(rows, ordered[line, last * percent // 100]) for percent in percents]


def roughness(rows: Rows) -> Int64:
    """Mean absolute difference of neighbours."""
    steps = np.abs(np.diff(rows.values, axis=1))
    total = (steps if rows.whole else np.where(rows.filled[:, 1:], steps, 0)).sum(axis=1)
    return _known(rows, total // np.maximum(rows.count - 1, 1))


def autocorrelation(rows: Rows, lag: int) -> Int64:
    """Correlation with itself ``lag`` values later in ppm; 0 for a constant series.

    Values must lie within +-2**20, after which sums of products times ``PPM`` fit 64 bits for series of
    up to 8,000 values: deviations are first divided by 64.
    """
    away = rows.away
    product = _products(away[:, lag:], away[:, :-lag]) if away.shape[1] > lag else np.zeros_like(rows.power)
    return _known(rows, product * PPM // np.maximum(rows.power, 1))


def correlation(first: Rows, second: Rows) -> Int64:
    """Correlation of two series of the same rows in ppm; 0 where either is constant.

    Limits as for ``autocorrelation``; square roots are floored, so it may exceed ``PPM`` by little.
    """
    product = _products(first.away, second.away)
    scale = isqrt(first.power) * isqrt(second.power)
    return _known(first, product * PPM // np.maximum(scale, 1))


def mean_where(rows: Rows, where: npt.NDArray[np.bool_]) -> Int64:
    """Mean of the values for which ``where`` (series, longest) holds, floored; MISSING where none does."""
    chosen = where & rows.filled
    count = chosen.sum(axis=1)
    total = np.where(chosen, rows.values, 0).sum(axis=1)
    return np.where(count > 0, _known(rows, total // np.maximum(count, 1)), MISSING)


def share(rows: Rows, where: npt.NDArray[np.bool_]) -> Int64:
    """Share of values in ppm for which ``where`` (series, longest) holds."""
    return _known(rows, (where & rows.filled).sum(axis=1) * PPM // np.maximum(rows.count, 1))


def ratio_ppm(part: Int64, whole: Int64, most: int = 4 * PPM) -> Int64:
    """``part`` / ``whole`` in ppm, at most ``most``; MISSING where either is missing or ``whole`` <= 0."""
    known = (part != MISSING) & (whole != MISSING) & (whole > 0)
    quotient = np.where(known, part, 0) * PPM // np.where(known, whole, 1)
    return np.where(known, np.minimum(quotient, most), MISSING)


def isqrt(values: Int64) -> Int64:
    """Integer square root of non-negative values below 2**62."""
    root = np.sqrt(values.astype(np.float64)).astype(np.int64)
    root -= root * root > values
    root += (root + 1) * (root + 1) <= values
    return root


def _products(first: Int64, second: Int64) -> Int64:
    """Sum of the products of two matrices (series, longest), row by row (series,)."""
    products: Int64 = np.einsum("ij,ij->i", first, second)
    return products


def _known(rows: Rows, values: Int64) -> Int64:
    return np.where(rows.count >= MIN_VALUES, values, MISSING)
