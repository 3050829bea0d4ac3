"""Forests score as their trees say when each is followed by hand, whatever their shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.records.sample import MISSING
from tallystick.workloads import trees as module
from tallystick.workloads.trees import Tree, forest

FEATURES, CLASSES = 3, 3
THRESHOLDS = st.integers(-4, 4) | st.sampled_from([MISSING, MISSING + 1, 2**53 - 1])
VALUES = st.integers(-5, 5) | st.sampled_from([MISSING, MISSING + 1, 2**53 - 1, 2**53])


@st.composite
def a_tree(draw: st.DrawFn, most: int = 20) -> Tree:
    """A tree of any shape: each node takes a free place below an earlier node, leaves the rest."""
    count = draw(st.integers(0, most))
    children: list[list[int]] = [[0, 0] for _ in range(count)]
    free = [(0, 0), (0, 1)] if count else []
    for node in range(1, count):
        parent, side = free.pop(draw(st.integers(0, len(free) - 1)))
        children[parent][side] = node
        free += [(node, 0), (node, 1)]
    for leaf, (parent, side) in enumerate(draw(st.permutations(free))):
        children[parent][side] = -1 - leaf
    nodes = tuple(
        (draw(st.integers(0, FEATURES - 1)), draw(THRESHOLDS), left, right) for left, right in children
    )
    leaves = tuple(draw(st.integers(-(2**32), 2**32)) for _ in range(count + 1))
    return Tree(draw(st.integers(0, CLASSES - 1)), nodes, leaves)


def followed(tree: Tree, row: list[int]) -> int:
    at = 0 if tree.nodes else -1
    while at >= 0:
        feature, threshold, left, right = tree.nodes[at]
        at = left if row[feature] <= threshold else right
    return tree.leaves[-1 - at]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(a_tree(), max_size=5),
    st.lists(st.lists(VALUES, min_size=FEATURES, max_size=FEATURES), max_size=9),
)
def test_scores_are_sums_of_the_leaves_reached(trees: list[Tree], rows: list[list[int]]) -> None:
    expected = [
        [sum(followed(t, row) for t in trees if t.of_class == c) for c in range(CLASSES)] for row in rows
    ]
    values = np.array(rows, np.int64).reshape(-1, FEATURES)
    assert forest(trees, CLASSES).scores(values).tolist() == expected


@pytest.mark.parametrize("deep", [0, 1])
def test_a_tree_of_the_most_nodes(deep: int) -> None:
    """A chain of 255 nodes along one side has 256 leaves: the last fits a byte."""
    ends = range(255)
    nodes = tuple(
        (
            0,
            i if deep else 254 - i,
            *((-1 - i, i + 1 if i < 254 else -256) if deep else (i + 1 if i < 254 else -256, -1 - i)),
        )
        for i in ends
    )
    tree = Tree(0, nodes, tuple(range(256)))
    rows = [[v] for v in range(-1, 257)]
    assert forest([tree], 1).scores(np.array(rows)).ravel().tolist() == [followed(tree, row) for row in rows]


def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    trees = [Tree(i % 2, ((0, i, -1, -2),), (i, -7 * i)) for i in range(9)]
    values = np.arange(-3, 14, dtype=np.int64)[:, None]
    whole = forest(trees, 2).scores(values)
    monkeypatch.setattr(module, "CHUNK_ROWS", 4)
    monkeypatch.setattr(module, "CHUNK_PAIRS", 8)
    assert np.array_equal(forest(trees, 2).scores(values), whole)


def test_more_thresholds_than_two_bytes_count() -> None:
    trees = [
        Tree(
            0,
            tuple((0, 255 * t + i, -1 - i, i + 1 if i < 254 else -256) for i in range(255)),
            tuple(range(256)),
        )
        for t in range(129)
    ]
    values = np.array([[0], [12_345], [32_894], [10**6]])
    expected = [[sum(followed(t, row) for t in trees)] for row in values.tolist()]
    assert forest(trees, 1).scores(values).tolist() == expected
