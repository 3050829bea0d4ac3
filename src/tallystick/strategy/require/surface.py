"""The share of draws in which all states pass, over detection, false alarms, delay and leakage."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
import numpy.typing as npt

from tallystick.strategy.require.axes import DELAY, DETECTION, FALSE_ALARM, LEAKAGE
from tallystick.strategy.require.bench import TestBench

Float = npt.NDArray[np.float64]

LEVELS: Mapping[str, tuple[float, ...]] = {
    DETECTION.name: tuple(n / 10 for n in range(11)),
    FALSE_ALARM.name: (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0),
    DELAY.name: (0.0, 0.15, 0.3, 0.5),
    LEAKAGE.name: (0.0, 0.5, 1.0),
}
#: Points that are evaluated together: bounds memory, and changes no figure.
CHUNK = 16


@dataclass(frozen=True, slots=True)
class Surface:
    """``shares`` (states, detection, false alarms, delay, leakage) at ``levels`` of each; ``joint`` of all
    states together, without the axis of states. What is not on an axis (detection where nothing is
    declared, national means) stays as the technology profile has it.
    """

    names: tuple[str, ...]
    levels: Mapping[str, tuple[float, ...]]
    shares: Float
    joint: Float

    def frontier(self, target: float) -> Float:
        """Least detection at which all states pass together in at least ``target`` of draws, by straight
        lines between levels; (false alarms, delay, leakage), not-a-number where no detection suffices.
        """
        detection = np.array(self.levels[DETECTION.name])
        enough = self.joint >= target
        first = enough.argmax(axis=0)
        found = np.where(enough.any(axis=0), detection[first], np.nan)
        below = np.take_along_axis(self.joint, np.maximum(first - 1, 0)[None], axis=0)[0]
        above = np.take_along_axis(self.joint, first[None], axis=0)[0]
        rise = np.where(above > below, above - below, 1.0)
        step = detection[first] - detection[np.maximum(first - 1, 0)]
        return np.asarray(np.where(first > 0, found - step * (above - target) / rise, found))


def surface_of(
    bench: TestBench,
    levels: Mapping[str, tuple[float, ...]] = LEVELS,
    progress: Callable[[int], None] = lambda done: None,
) -> Surface:
    """Evaluates every point of the grid. ``progress`` is told the number of points just done."""
    found = []
    for points in _chunks(levels):
        found.append(bench.shares(points))
        progress(len(points))
    shape = tuple(len(values) for values in levels.values())
    shares = np.concatenate([own for own, _ in found], axis=1).reshape(len(bench.inputs.states), *shape)
    joint = np.concatenate([together for _, together in found]).reshape(shape)
    return Surface(bench.inputs.names, levels, shares, joint)


def points_count(levels: Mapping[str, tuple[float, ...]] = LEVELS) -> int:
    """Number of points of the grid."""
    return int(np.prod([len(values) for values in levels.values()]))


def _chunks(levels: Mapping[str, tuple[float, ...]]) -> Iterator[list[dict[str, float]]]:
    points = (dict(zip(levels, point, strict=True)) for point in product(*levels.values()))
    while group := list(islice(points, CHUNK)):
        yield group
