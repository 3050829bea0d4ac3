"""A parameter as a distribution with its origin: what is uncertain says so, and says who says so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError
from tallystick.regimes.files.yaml_file import Node

Float = npt.NDArray[np.float64]

KINDS = ("uniform", "triangular", "quantiles", "weights")
EXAMPLE = '{uniform: [0.2, 0.5], source: assumed, why: "..."}'
MEND = f"write it as {EXAMPLE}"
QUANTILES = "write {0: 1, 0.5: 2, 1: 4}"
MOST_POINTS = 64
MEASUREMENT = ("n", "interval")
#: Least width, as a share of the larger end: what is narrower is a bare number in disguise.
LEAST_WIDTH = 0.001


class Origin(StrEnum):
    """Where a distribution comes from. ``simulated`` and ``not measured`` come from technology profiles
    only.
    """

    MEASURED = "measured"
    DOCUMENTED = "documented"
    ELICITED = "elicited"
    ASSUMED = "assumed"
    SIMULATED = "simulated"
    NOT_MEASURED = "not measured"

    @property
    def firm(self) -> bool:
        """Whether somebody measured it or a source states it; all else is loose."""
        return self in (Origin.MEASURED, Origin.DOCUMENTED)


#: From what rests on most to what rests on least.
_FALLING = (
    Origin.MEASURED,
    Origin.DOCUMENTED,
    Origin.ELICITED,
    Origin.SIMULATED,
    Origin.ASSUMED,
    Origin.NOT_MEASURED,
)


def weakest(*origins: Origin) -> Origin:
    """The origin of what is made from several: a measurement times an assumption is an assumption."""
    return max(origins, key=_FALLING.index)


#: What a person may write in a file.
WRITABLE = (Origin.MEASURED, Origin.DOCUMENTED, Origin.ELICITED, Origin.ASSUMED)
SOURCES = f"add source: one of {', '.join(WRITABLE)}"


@dataclass(frozen=True, slots=True)
class Distribution:
    """Quantiles at rising levels from 0 to 1, straight lines between them; ``stepped`` takes whole steps.

    ``origin`` and ``why`` (a reference or a reason) travel with it to every report.
    """

    levels: tuple[float, ...]
    values: tuple[float, ...]
    origin: Origin
    why: str
    stepped: bool = False

    def at(self, uniform: npt.ArrayLike) -> Float:
        """The quantile of each level in ``uniform`` (0..1)."""
        u = np.asarray(uniform, dtype=np.float64)
        if self.stepped:
            last = len(self.values) - 1
            place = np.searchsorted(self.levels[1:], u, side="right")
            return np.asarray(self.values, dtype=np.float64)[np.minimum(place, last)]
        return np.asarray(np.interp(u, self.levels, self.values))

    @property
    def median(self) -> float:
        """The quantile of one half."""
        return float(self.at(0.5))


def uniform(low: float, high: float, origin: Origin, why: str) -> Distribution:
    """Equally likely from ``low`` to ``high``."""
    return Distribution((0.0, 1.0), (low, high), origin, why)


def from_draws(draws: npt.ArrayLike, origin: Origin, why: str) -> Distribution:
    """The distribution of measured draws, by their sorted values; never fewer than two points. Raises
    InputError where there are none, or one is not a finite number.
    """
    ordered = np.sort(np.asarray(draws, dtype=np.float64))
    if ordered.size == 0 or not np.isfinite(ordered).all():
        raise InputError("draws are not finite numbers", where="draws", mend="give one finite number or more")
    ordered = np.repeat(ordered, 2) if ordered.size == 1 else ordered
    levels = np.linspace(0.0, 1.0, ordered.size)
    return Distribution(tuple(levels.tolist()), tuple(ordered.tolist()), origin, why)


def read_distribution(
    node: Node,
    name: str,
    low: float,
    high: float,
    words: tuple[str, ...] = (),
    sources: Collection[str] = (),
) -> Distribution:
    """The distribution that a file states. ``low`` and ``high`` bound its values; with ``words`` it must give
    ``weights`` of these and yields their indices. ``sources``: keys of the file's sources, one of which a
    documented distribution refers to.

    Raises InputError, with the way to mend it: for a bare number, a missing or unknown source, an unknown
    kind, values out of range, or a measurement without its n and interval.
    """
    if not isinstance(node.value, dict):
        shown = f" {node.value!r}" if isinstance(node.value, str) else ""
        problem = f"{name}: the bare value{shown} stands where a distribution with its origin is due"
        raise InputError(problem, where=node.place, mend=MEND)
    kinds = [kind for kind in KINDS if kind in node.value]
    unknown = set(node.value) - set(KINDS) - {"source", "reference", "why", *MEASUREMENT}
    if len(kinds) != 1 or unknown:
        raise InputError(f"{name}: not one of {', '.join(KINDS)}", where=node.place, mend=MEND)
    origin, why = _origin(node, name, sources)
    body = node.value[kinds[0]]
    if bool(words) != (kinds[0] == "weights"):
        mend = f"give weights of {', '.join(words)}" if words else f"write it as {EXAMPLE}"
        raise InputError(f"{name}: {kinds[0]} does not fit", where=body.place, mend=mend)
    if words:
        if origin is Origin.MEASURED:
            mend = "write source: documented or assumed"
            raise InputError(f"{name}: weights cannot be measured", where=node.place, mend=mend)
        return _weights(body, name, words, origin, why)
    levels, values = _points(kinds[0], body, name)
    if origin is Origin.MEASURED:
        why = f"{why}; {_measurement(node, name, values[0], values[-1])}"
    if min(values) < low or max(values) > high:
        raise InputError(f"{name} leaves {low:g} to {high:g}", where=body.place, mend="keep it in this range")
    return Distribution(levels, values, origin, why)


def _origin(node: Node, name: str, sources: Collection[str]) -> tuple[Origin, str]:
    assert isinstance(node.value, dict)
    source = node.value.get("source")
    if source is None or source.value not in list(WRITABLE):
        raise InputError(f"{name} has no known source", where=node.place, mend=SOURCES)
    origin = Origin(str(source.value))
    said = [_said(node.value[key], name, key) for key in ("reference", "why") if key in node.value]
    if not said or (origin is not Origin.ASSUMED and "reference" not in node.value):
        mend = "add reference (for an assumption: why)"
        raise InputError(f"{name} does not say what it rests on", where=node.place, mend=mend)
    if origin is Origin.DOCUMENTED and said[0] not in sources:
        known = ", ".join(sources) or "none yet"
        mend = f"add it under sources: at the end of the file, or name one of them ({known})"
        raise InputError(f"{name}: reference {said[0]!r} is not among sources", where=node.place, mend=mend)
    if origin is not Origin.MEASURED and set(MEASUREMENT) & set(node.value):
        mend = "write source: measured, or leave n and interval out"
        raise InputError(f"{name}: n and interval of what is not measured", where=node.place, mend=mend)
    return origin, " / ".join(said)


def _said(node: Node, name: str, key: str) -> str:
    if not isinstance(node.value, str) or not node.value.strip():
        raise InputError(f"{name}: {key} is empty", where=node.place, mend=f'write {key}: "..."')
    return node.value


def _measurement(node: Node, name: str, least: float, greatest: float) -> str:
    """Sample size and interval of a measurement, as text; the distribution must be as wide as it."""
    assert isinstance(node.value, dict)
    mend = "add n: 40 and interval: [0.2, 0.5]"
    if not set(MEASUREMENT) <= set(node.value):
        raise InputError(f"{name} is measured, but lacks n or interval", where=node.place, mend=mend)
    count, ends = node.value["n"], node.value["interval"].value
    size = count.value if isinstance(count.value, str) else ""
    if not (size.isascii() and size.isdigit() and int(size) > 0):
        raise InputError(f"{name}: n is not a count", where=count.place, mend=mend)
    if not isinstance(ends, tuple) or len(ends) != 2:
        raise InputError(f"{name}: interval is not two numbers", where=node.place, mend=mend)
    low, high = (_number(one, name) for one in ends)
    if not least <= low < high <= greatest:
        mend = "give a rising interval, and a distribution that is at least as wide"
        raise InputError(f"{name}: the distribution does not cover its interval", where=node.place, mend=mend)
    return f"n = {int(size)}, interval {low:g} to {high:g}"


def _points(kind: str, body: Node, name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if kind == "quantiles":
        if not isinstance(body.value, dict) or not 2 <= len(body.value) <= MOST_POINTS:
            raise InputError(f"{name}: quantiles are not a mapping", where=body.place, mend=QUANTILES)
        levels = tuple(_number(Node(key, one.place), name) for key, one in body.value.items())
        values = tuple(_number(one, name) for one in body.value.values())
        if levels[0] != 0 or levels[-1] != 1 or list(levels) != sorted(set(levels)):
            raise InputError(f"{name}: levels do not rise from 0 to 1", where=body.place, mend=QUANTILES)
    else:
        count = 2 if kind == "uniform" else 3
        if not isinstance(body.value, tuple) or len(body.value) != count:
            raise InputError(f"{name}: {kind} takes {count} numbers", where=body.place, mend=MEND)
        numbers = tuple(_number(one, name) for one in body.value)
        levels, values = ((0.0, 1.0), numbers) if kind == "uniform" else _triangle(numbers)
    if list(values) != sorted(values) or values[0] == values[-1]:
        raise InputError(
            f"{name}: values do not rise", where=body.place, mend="give a range, the lesser end first"
        )
    if values[-1] - values[0] < LEAST_WIDTH * max(abs(values[0]), abs(values[-1])):
        problem = f"{name}: from {values[0]:g} to {values[-1]:g} is a bare number in disguise"
        raise InputError(problem, where=body.place, mend=f"{MEND}, a thousandth wide at least")
    return levels, values


def _triangle(corners: tuple[float, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Quantiles of the triangular distribution on a grid of 33 levels."""
    low, mode, high = corners
    if not low <= mode <= high or low == high:
        return (0.0, 1.0), (high, low)  # refused by the caller as values that do not rise
    u = np.linspace(0, 1, 33)
    turn = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return tuple(u.tolist()), tuple(np.where(u < turn, left, right).tolist())


def _weights(body: Node, name: str, words: tuple[str, ...], origin: Origin, why: str) -> Distribution:
    stated: Mapping[str, Node] = body.value if isinstance(body.value, dict) else {}
    if set(stated) != set(words):
        raise InputError(f"{name}: not a weight for each", where=body.place, mend=f"weigh {', '.join(words)}")
    shares = [_number(stated[word], name) for word in words]
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-9:
        raise InputError(f"{name}: weights do not sum to 1", where=body.place, mend="make them sum to 1")
    levels = (0.0, *np.cumsum(shares).tolist())
    return Distribution(levels, tuple(float(i) for i in range(len(words))), origin, why, stepped=True)


def _number(node: Node, name: str) -> float:
    try:
        value = float(node.value) if isinstance(node.value, str) and node.value.isascii() else float("nan")
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(f"{name}: not a number", where=node.place, mend="write it as 0.5")
    return value
