"""Boosted decision trees in integers: the same scores, bit for bit, on every machine.

A node sends a row left where ``x <= threshold``. ``MISSING`` is the least integer, so a missing value
always goes left. Leaves are scores in units of 2**-20; a class's score is the sum over its trees.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tallystick.telemetry.table import Int64

#: Leaf scores are multiples of 1 / SCORE_ONE.
SCORE_ONE = 2**20
#: Rows scored at once: bounds memory, changes no result.
CHUNK_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree for one class.

    Node ``i`` is ``(feature, threshold, left, right)``. A child ``c >= 0`` is a node with a greater number
    than its parent; ``c < 0`` is leaf ``-1 - c``. A tree without nodes has one leaf.
    """

    of_class: int
    nodes: tuple[tuple[int, int, int, int], ...]
    leaves: tuple[int, ...]

    def depth(self) -> int:
        """Longest path from the root to a leaf, in decisions."""
        reach = [0] * len(self.nodes)
        deepest = 0
        for i, (_, _, left, right) in enumerate(self.nodes):
            deepest = max(deepest, reach[i] + 1)
            for child in (left, right):
                if child >= 0:
                    reach[child] = reach[i] + 1
        return deepest


@dataclass(frozen=True)
class Forest:
    """Trees laid out flat for evaluation: leaves are nodes whose children are themselves."""

    classes: int
    depth: int
    roots: Int64
    feature: Int64
    threshold: Int64
    child: Int64
    score: Int64
    class_edges: tuple[int, ...]

    def scores(self, values: Int64) -> Int64:
        """Scores (rows, classes) of feature rows (rows, features), in units of 2**-20."""
        out = np.zeros((len(values), self.classes), np.int64)
        for start in range(0, len(values), CHUNK_ROWS):
            self._score(values[start : start + CHUNK_ROWS], out[start : start + CHUNK_ROWS])
        return out

    def _score(self, values: Int64, out: Int64) -> None:
        by_feature = np.ascontiguousarray(values.T).ravel()
        rows = len(values)
        row = np.arange(rows)
        at = np.repeat(self.roots[:, None], rows, axis=1)
        for _ in range(self.depth):
            value = by_feature.take(self.feature.take(at) * rows + row)
            at = self.child.take(2 * at + (value > self.threshold.take(at)))
        leaf = self.score.take(at)
        for k, (first, last) in enumerate(pairwise(self.class_edges)):
            out[:, k] = leaf[first:last].sum(axis=0)


def forest(trees: Sequence[Tree], classes: int) -> Forest:
    """Lays out ``trees`` (checked beforehand, see ``model``) for classes 0 to ``classes`` - 1."""
    ordered = sorted(trees, key=lambda tree: tree.of_class)
    roots: list[int] = []
    feature: list[int] = []
    threshold: list[int] = []
    child: list[int] = []
    score: list[int] = []
    for tree in ordered:
        base, leaves = len(feature), len(feature) + len(tree.nodes)
        roots.append(base)
        for name, limit, left, right in tree.nodes:
            feature.append(name)
            threshold.append(limit)
            child += [base + c if c >= 0 else leaves - 1 - c for c in (left, right)]
            score.append(0)
        for i, leaf in enumerate(tree.leaves):
            feature.append(0)
            threshold.append(0)
            child += [leaves + i, leaves + i]
            score.append(leaf)
    counts = np.bincount([tree.of_class for tree in ordered], minlength=classes)
    edges = (0, *(int(e) for e in np.cumsum(counts)))
    return Forest(
        classes=classes,
        depth=max((t.depth() for t in ordered), default=0),
        roots=np.array(roots, np.int64),
        feature=np.array(feature, np.int64),
        threshold=np.array(threshold, np.int64),
        child=np.array(child, np.int64),
        score=np.array(score, np.int64),
        class_edges=edges,
    )
