import hashlib
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tallystick.errors import FormatError
from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import ABSTAINED, CLASSES, NOT_OBSERVED, WorkloadClass
from tallystick.telemetry.table import SampleTable
from tallystick.workloads.classifier import Classifier, outside
from tallystick.workloads.model import encode_model, parse_model
from tallystick.workloads.trees import Tree, forest

from .sample_tables import slot_times, subject, table_of

SHIPPED = files("tallystick.workloads").joinpath("model.json").read_bytes()


def scored_one_by_one(trees: list[Tree], classes: int, row: list[int]) -> list[int]:
    """The plain rule: walk each tree."""
    scores = [0] * classes
    for tree in trees:
        at = 0 if tree.nodes else -1
        while at >= 0:
            feature, threshold, left, right = tree.nodes[at]
            at = left if row[feature] <= threshold else right
        scores[tree.of_class] += tree.leaves[-1 - at]
    return scores


def test_scores_equal_a_walk_through_each_tree() -> None:
    part = parse_model(SHIPPED, "shipped").kinds[SubjectKind.ACCELERATOR]
    rng = np.random.default_rng(4)
    low, high = np.maximum(part.low, -(10**6)), np.maximum(part.high, 10)
    values = rng.integers(low, high + 1, (300, len(part.low)))
    values[rng.random(values.shape) < 0.05] = MISSING
    scores = forest(part.trees, len(part.classes)).scores(values)
    for row, found in zip(values[:40].tolist(), scores[:40].tolist(), strict=True):
        assert found == scored_one_by_one(list(part.trees), len(part.classes), row)


def test_chunks_and_order_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    part = parse_model(SHIPPED, "shipped").kinds[SubjectKind.NODE]
    values = np.random.default_rng(1).integers(-(10**6), 10**6, (50, len(part.low)))
    trees = forest(part.trees, len(part.classes))
    whole = trees.scores(values)
    monkeypatch.setattr("tallystick.workloads.trees.CHUNK_ROWS", 7)
    assert trees.scores(values[::-1])[::-1].tolist() == whole.tolist()


def test_missing_goes_left_and_a_lone_leaf_counts() -> None:
    trees = [Tree(0, ((0, 5, -1, -2),), (10, -10)), Tree(1, (), (3,))]
    assert forest(trees, 2).scores(np.array([[MISSING], [5], [6]])).tolist() == [[10, 3], [10, 3], [-10, 3]]


def test_hash_is_that_of_the_file_and_size_is_small(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(SHIPPED)
    assert Classifier.load().hash == Classifier.load(path).hash == hashlib.sha256(SHIPPED).hexdigest()
    assert len(SHIPPED) < 800_000


def idle_accelerator(rows: int = 90) -> SampleTable:
    """A bare accelerator, all channels at rest, and a meter."""
    rng = np.random.default_rng(2)
    times = slot_times()[:rows]
    power = rng.integers(68_000, 72_000, rows).tolist()
    rest = {
        name: [[0] * rows, [MISSING] * rows]
        for name in (
            "DCGM_FI_DEV_GPU_UTIL",
            "DCGM_FI_PROF_SM_ACTIVE",
            "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
            "DCGM_FI_PROF_DRAM_ACTIVE",
            "DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES",
            "DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES",
        )
    }
    rest["DCGM_FI_DEV_FB_USED"] = [[550_000_000] * rows, [MISSING] * rows]
    both = [subject("a", SubjectKind.ACCELERATOR), subject("m", SubjectKind.METER)]
    return table_of(both, [(times, power), (times, power)], rest)


def test_idle_is_idle_and_meters_are_not_judged() -> None:
    found = Classifier.load().verdicts(idle_accelerator())
    idle = CLASSES.index(WorkloadClass.IDLE)
    assert found.classes.tolist() == [[idle] * 3, [NOT_OBSERVED] * 3]


def test_windows_without_samples_are_not_observed() -> None:
    found = Classifier.load().verdicts(idle_accelerator(rows=33))
    assert found.classes[0, 1:].tolist() == [NOT_OBSERVED] * 2


def without(table: SampleTable, *parts: str) -> SampleTable:
    channels = {k: v for k, v in table.channels.items() if not any(part in k for part in parts)}
    return SampleTable(table.subjects, table.subject, table.time_ns, table.quality, channels)


def test_unlike_anything_fitted_is_an_abstention() -> None:
    bare = without(idle_accelerator(), "PROF", "UTIL", "FB_USED")
    assert Classifier.load().verdicts(bare).classes[0].tolist() == [ABSTAINED] * 3


@pytest.mark.parametrize("also", ["PROF", "NVLINK"])
def test_without_profiling_counters_another_model_judges(also: str) -> None:
    bare = without(idle_accelerator(), "PROF", also)
    idle = CLASSES.index(WorkloadClass.IDLE)
    assert Classifier.load().verdicts(bare).classes[0].tolist() == [idle] * 3


def test_one_source_with_counters_beside_one_without() -> None:
    table = idle_accelerator()
    counters = {
        name: np.where(table.time_ns < np.median(table.time_ns), values, MISSING)
        for name, values in table.channels.items()
        if "PROF" in name
    }
    half = SampleTable(
        table.subjects, table.subject, table.time_ns, table.quality, {**table.channels, **counters}
    )
    idle = CLASSES.index(WorkloadClass.IDLE)
    assert Classifier.load().verdicts(half).classes[0].tolist() == [idle] * 3


def test_outside_counts_features_beyond_the_fitted_range() -> None:
    part = parse_model(SHIPPED, "shipped").kinds[SubjectKind.NODE]
    inside = np.array([part.high])
    assert outside(part, inside).tolist() == [0]
    assert outside(part, inside + 1).tolist() == [len(part.high)]


def node(model: Any) -> Any:
    return model["models"]["node"]


DEFECTS: dict[str, Callable[[Any], Any]] = {
    "format": lambda m: m.update(format="other/1"),
    "extra key": lambda m: m.update(more=1),
    "missing model": lambda m: m["models"].pop("node"),
    "unknown class": lambda m: node(m).update(classes=["pretraining", "poetry"]),
    "one class": lambda m: node(m).update(classes=["idle"]),
    "renamed feature": lambda m: node(m)["features"].__setitem__(0, "power"),
    "no trees": lambda m: node(m).update(trees=[]),
    "float score": lambda m: node(m)["trees"][0]["leaves"].__setitem__(0, 0.5),
    "true for a number": lambda m: node(m).update(temperature=True),
    "no temperature": lambda m: node(m).update(temperature=0),
    "coverage above one": lambda m: node(m).update(coverage_ppm=1_000_001),
    "negative allowance": lambda m: node(m)["side"].__setitem__(0, -1),
    "allowances of too few classes": lambda m: node(m)["within"].pop(),
    "no card": lambda m: m.pop("card"),
    "card of numbers": lambda m: m["card"].update(limits=3),
    "endless card": lambda m: m["card"].update(limits="x" * 3000),
    "huge score": lambda m: node(m)["trees"][0]["leaves"].__setitem__(0, 2**60),
    "feature that is not there": lambda m: node(m)["trees"][0]["nodes"][0].__setitem__(0, 99),
    "loop": lambda m: node(m)["trees"][0]["nodes"][1].__setitem__(2, 0),
    "leaf used twice": lambda m: node(m)["trees"][0].update(nodes=[[0, 1, -1, -1]], leaves=[1, 2]),
    "leaf missing": lambda m: node(m)["trees"][0]["leaves"].pop(),
    "class of a tree": lambda m: node(m)["trees"][0].update({"class": 7}),
    "range too short": lambda m: node(m)["low"].pop(),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_bad_model_is_refused(name: str) -> None:
    model = json.loads(SHIPPED)
    DEFECTS[name](model)
    with pytest.raises(FormatError, match="Mend"):
        parse_model(encode_model(model), "bad.json")


@pytest.mark.parametrize(
    "data", [b"", b"{", SHIPPED + b" ", b"[" * 100_000, SHIPPED + b"\0" * 10**6, b"\xff{}", b"NaN\n"]
)
def test_bytes_that_are_no_canonical_model_are_refused(data: bytes) -> None:
    with pytest.raises(FormatError, match="Mend"):
        parse_model(data, "bad.json")
