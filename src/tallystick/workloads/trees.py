"""Boosted decision trees in integers: the same scores, bit for bit, on every machine.

A node sends a row left where ``x <= threshold``. ``MISSING`` is the least integer, so a missing value
always goes left. Leaves are scores in units of 2**-20; a class's score is the sum over its trees.

A forest is evaluated without following pointers, in the spirit of QuickScorer (Lucchese et al. 2015): all
trees take their nodes in preorder, and each row carries one byte per tree, the leftmost leaf that it may
still reach. A node is on a row's path when that leaf is the first below the node; if the row then goes
right, the byte moves past the leaves of the node's left side. Values enter as their rank among the
thresholds of their feature, so that a comparison takes two bytes instead of eight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from tallystick.telemetry.table import Int64

#: Leaf scores are multiples of 1 / SCORE_ONE.
SCORE_ONE = 2**20
#: Rows scored at once, and pairs of row and tree: they bound memory, and keep it in cache.
CHUNK_ROWS = 4096
CHUNK_PAIRS = 2**16

Ranks = npt.NDArray[np.signedinteger[Any]]
Bytes = npt.NDArray[np.uint8]


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
    """Trees laid out for evaluation, ``steps`` being the most nodes of a tree and ``trees`` sorted by class.

    ``thresholds`` holds the distinct thresholds of each feature in order. Node ``k`` in preorder of tree
    ``t`` sends a row right where its value's rank in ``thresholds[feature[k, t]]`` is above ``rank[k, t]``;
    its leaves begin with number ``first[k, t]``, and its left side has ``skip[k, t]`` of them. Where a tree
    has fewer nodes, no rank is above ``rank``. ``score`` (trees, steps + 1) holds the leaves from left to
    right. Trees of class ``c`` are ``class_edges[c]`` to ``class_edges[c + 1]``.
    """

    classes: int
    thresholds: tuple[Int64, ...]
    feature: npt.NDArray[np.intp]
    rank: Ranks
    first: Bytes
    skip: Bytes
    score: Int64
    class_edges: tuple[int, ...]

    def scores(self, values: Int64) -> Int64:
        """Scores (rows, classes) of feature rows (rows, features), in units of 2**-20."""
        out = np.zeros((len(values), self.classes), np.int64)
        for start in range(0, len(values), CHUNK_ROWS):
            self._score(values[start : start + CHUNK_ROWS], out[start : start + CHUNK_ROWS])
        return out

    def _score(self, values: Int64, out: Int64) -> None:
        ranks = self._ranks(values)
        width = max(1, CHUNK_PAIRS // len(values))
        for k, (begin, end) in enumerate(pairwise(self.class_edges)):
            for start in range(begin, end, width):
                trees = slice(start, min(start + width, end))
                leaves = self._leaves(ranks, trees)
                numbers = np.arange(trees.start, trees.stop)[:, None] * self.score.shape[1] + leaves
                out[:, k] += self.score.ravel().take(numbers, mode="clip").sum(axis=0)

    def _ranks(self, values: Int64) -> Ranks:
        """How many thresholds of its feature each value exceeds, (features, rows)."""
        ranks = np.zeros((len(self.thresholds), len(values)), self.rank.dtype)
        for feature, thresholds in enumerate(self.thresholds):
            if len(thresholds):
                ranks[feature] = np.searchsorted(thresholds, np.ascontiguousarray(values[:, feature]))
        return ranks

    def _leaves(self, ranks: Ranks, trees: slice) -> Bytes:
        """The leaf, counted from the left, that each row reaches in each of ``trees``, (trees, rows)."""
        shape = (trees.stop - trees.start, ranks.shape[1])
        leaf = np.zeros(shape, np.uint8)
        asked = np.empty(shape, ranks.dtype)
        right, reached = np.empty(shape, np.bool_), np.empty(shape, np.bool_)
        step = right.view(np.uint8)
        for k in range(len(self.feature)):
            np.take(ranks, self.feature[k, trees], axis=0, out=asked, mode="clip")
            np.greater(asked, self.rank[k, trees, None], out=right)
            np.equal(leaf, self.first[k, trees, None], out=reached)
            np.logical_and(right, reached, out=right)
            np.multiply(step, self.skip[k, trees, None], out=step)
            np.add(leaf, step, out=leaf)
        return leaf


def forest(trees: Sequence[Tree], classes: int) -> Forest:
    """Lays out ``trees`` (checked beforehand, see ``model``) for classes 0 to ``classes`` - 1."""
    ordered = sorted(trees, key=lambda tree: tree.of_class)
    nodes = [node for tree in ordered for node in tree.nodes]
    distinct: list[set[int]] = [set() for _ in range(max((n[0] for n in nodes), default=-1) + 1)]
    for feature, limit, _, _ in nodes:
        distinct[feature].add(limit)
    shape = (max((len(tree.nodes) for tree in ordered), default=0), len(ordered))
    most = max((len(limits) for limits in distinct), default=0)
    kind = np.int16 if most < np.iinfo(np.int16).max else np.int32
    counts = np.bincount([tree.of_class for tree in ordered], minlength=classes)
    built = Forest(
        classes=classes,
        thresholds=tuple(np.array(sorted(limits), np.int64) for limits in distinct),
        feature=np.zeros(shape, np.intp),
        rank=np.full(shape, np.iinfo(kind).max, kind),
        first=np.zeros(shape, np.uint8),
        skip=np.zeros(shape, np.uint8),
        score=np.zeros((shape[1], shape[0] + 1), np.int64),
        class_edges=(0, *(int(e) for e in np.cumsum(counts))),
    )
    for number, tree in enumerate(ordered):
        _lay_out(built, number, tree)
    return built


def _lay_out(built: Forest, number: int, tree: Tree) -> None:
    """Fills in tree ``number``: its nodes in preorder, its leaves from left to right."""
    below = [1] * len(tree.nodes)
    for i in reversed(range(len(tree.nodes))):
        below[i] = sum(below[c] if c >= 0 else 1 for c in tree.nodes[i][2:])
    waiting, k = [(0 if tree.nodes else -1, 0)], 0
    while waiting:
        at, first = waiting.pop()
        if at < 0:
            built.score[number, first] = tree.leaves[-1 - at]
            continue
        feature, limit, left, right = tree.nodes[at]
        skip = below[left] if left >= 0 else 1
        built.feature[k, number] = feature
        built.rank[k, number] = np.searchsorted(built.thresholds[feature], limit)
        built.first[k, number], built.skip[k, number] = first, skip
        waiting += [(right, first + skip), (left, first)]
        k += 1
