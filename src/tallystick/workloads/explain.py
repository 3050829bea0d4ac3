"""Why a window got its verdict: which features moved the scores, in words and units.

Along the path of a row through a tree, the mean of the leaves below changes at every decision; the change is
credited to the feature asked (Saabas 2014). Summed over trees, the credits of a row and the mean of all
leaves add up to its score exactly. It says what the model looked at, not what caused it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.telemetry.table import Int64
from tallystick.workloads.features import FEATURES
from tallystick.workloads.model import KindModel
from tallystick.workloads.trees import SCORE_ONE, Tree

#: Reasons given for a verdict.
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One feature's part in a verdict: ``credit`` in units of log odds; positive speaks for the verdict."""

    feature: str
    meaning: str
    unit: str
    value: int | None
    credit: float

    def sentence(self) -> str:
        """In words."""
        shown = "no reading" if self.value is None else f"{_number(self.value, self.unit)}"
        side = "for" if self.credit > 0 else "against"
        return f"{self.meaning}: {shown} ({side} it, {abs(self.credit):.1f})"


def credits(model: KindModel, row: Sequence[int]) -> tuple[list[list[float]], list[float]]:
    """Credits [class][feature] of one row, and what each class's score is without any feature.

    Both in units of scores; a class's credits and its base add up to its score.
    """
    found = [[0.0] * len(row) for _ in model.classes]
    base = [0.0] * len(model.classes)
    for tree in model.trees:
        means = _means(tree)
        base[tree.of_class] += means[0] if tree.nodes else tree.leaves[0]
        at = 0 if tree.nodes else -1
        while at >= 0:
            feature, threshold, left, right = tree.nodes[at]
            child = left if row[feature] <= threshold else right
            after = means[child] if child >= 0 else tree.leaves[-1 - child]
            found[tree.of_class][feature] += after - means[at]
            at = child
    return found, base


def reasons(model: KindModel, kind: SubjectKind, values: Int64, most: int = MOST_REASONS) -> list[Reason]:
    """What speaks most, for or against, for the best class of one row (features,) over its best rival."""
    row = [int(v) for v in values]
    found, base = credits(model, row)
    totals = np.array([b + sum(c) for b, c in zip(base, found, strict=True)])
    best, rival = (int(i) for i in np.argsort(-totals, kind="stable")[:2])
    net = [(a - b) / SCORE_ONE for a, b in zip(found[best], found[rival], strict=True)]
    order = sorted(range(len(row)), key=lambda i: -abs(net[i]))[:most]
    return [
        Reason(
            feature=FEATURES[kind][i].name,
            meaning=FEATURES[kind][i].meaning,
            unit=FEATURES[kind][i].unit,
            value=None if row[i] == MISSING else row[i],
            credit=net[i],
        )
        for i in order
        if net[i]
    ]


def _means(tree: Tree) -> list[float]:
    """Mean of the leaves below each node, every leaf counting the same."""
    total, count = [0.0] * len(tree.nodes), [0] * len(tree.nodes)
    for i in range(len(tree.nodes) - 1, -1, -1):
        for child in tree.nodes[i][2:]:
            total[i] += total[child] if child >= 0 else tree.leaves[-1 - child]
            count[i] += count[child] if child >= 0 else 1
    return [t / c for t, c in zip(total, count, strict=True)]


def _number(value: int, unit: str) -> str:
    """A value with its unit; parts per million as a percentage."""
    if unit.startswith("ppm"):
        rest = unit.removeprefix("ppm").strip()
        return f"{value / 10_000:.1f} %" + (f" {rest}" if rest else "")
    return f"{value:,} {unit}"
