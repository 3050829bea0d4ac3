"""Boosted trees from LightGBM, turned into integer trees."""

import math
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from tallystick.records.sample import MISSING
from tallystick.telemetry.table import Int64
from tallystick.workloads.trees import SCORE_ONE, Tree

ROUNDS = 160

Float64 = npt.NDArray[np.float64]
#: One thread, fixed seeds and column-wise histograms: the same trees every time.
PARAMETERS: dict[str, Any] = {
    "objective": "multiclass",
    "num_leaves": 15,
    "max_depth": 6,
    "learning_rate": 0.15,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "use_missing": False,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "seed": 7,
    "verbosity": -1,
}
#: Stands for MISSING while fitting: below every other value, exact as a float.
_LEAST = -(2.0**60)


def boosted_trees(
    values: Int64, label: Int64, weight: Float64, classes: int, rounds: int = ROUNDS
) -> list[Tree]:
    """Trees fitted to feature rows (n, features) with labels (n,) 0 to ``classes`` - 1 and weights (n,)."""
    exact = np.where(values == MISSING, _LEAST, values.astype(np.float64))
    data = lightgbm.Dataset(exact, label, weight=weight, free_raw_data=False)
    booster = lightgbm.train({**PARAMETERS, "num_class": classes}, data, num_boost_round=rounds)
    dumped = booster.dump_model()["tree_info"]
    return [_tree(info["tree_structure"], number % classes) for number, info in enumerate(dumped)]


def _tree(root: dict[str, Any], of_class: int) -> Tree:
    nodes: list[tuple[int, int, int, int]] = []
    leaves: list[int] = []

    def place(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaves.append(round(node["leaf_value"] * SCORE_ONE))
            return -len(leaves)
        if node["decision_type"] != "<=":
            raise ValueError(f"unexpected decision {node['decision_type']}")
        at = len(nodes)
        nodes.append((0, 0, 0, 0))
        left, right = place(node["left_child"]), place(node["right_child"])
        # whole x: x <= 2.5 says x <= 2; a split at MISSING alone says x <= the least value there is
        threshold = max(math.floor(node["threshold"]), -(2**53) + 1)
        nodes[at] = (int(node["split_feature"]), threshold, left, right)
        return at

    place(root)
    return Tree(of_class, tuple(nodes), tuple(leaves))
