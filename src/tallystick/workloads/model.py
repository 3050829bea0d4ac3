"""The classifier's model file: canonical JSON, strictly checked before it is used.

A file holds a card, which says in words what the model is for and on what it was fitted, and a model for
accelerators, one for accelerators without profiling counters, and one for nodes: its classes and features
by name, its trees, the temperature that turns scores into probabilities, the allowances of its conformal
sets, and the range of each feature that it was fitted on.
Anybody may be handed a model file by a rival, so every size, index and integer is checked.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallystick.errors import FormatError
from tallystick.records.sample import MISSING
from tallystick.records.subject import SubjectKind
from tallystick.records.workload import CLASSES, WorkloadClass
from tallystick.units import PPM
from tallystick.workloads.conformal import Allowances
from tallystick.workloads.features import FEATURES
from tallystick.workloads.trees import Tree

FORMAT = "tallystick-trees/3"
MAX_FILE_BYTES = 1_500_000
MAX_TREES = 2000
MAX_NODES = 255
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
#: Scores times PPM and 2**12 must fit 64 bits.
MAX_SCORE = 2**32
MAX_CARD_TEXT = 2000
WITHOUT_PROFILING = "accelerator without profiling"
#: The models of a file, and the kind of subject that each judges.
MODELS = {
    SubjectKind.ACCELERATOR.value: SubjectKind.ACCELERATOR,
    WITHOUT_PROFILING: SubjectKind.ACCELERATOR,
    SubjectKind.NODE.value: SubjectKind.NODE,
}
CARD_KEYS = {"calibrated_on", "fitted_on", "limits", "purpose"}
KIND_KEYS = {
    *("classes", "coverage_ppm", "features", "high", "low", "most_outside", "side", "temperature"),
    *("trees", "within"),
}
MEND = "use the model that comes with Tallystick, or fit one with python -m tallystick.trials.fit"


@dataclass(frozen=True)
class KindModel:
    """The model of one kind of subject.

    ``allowances`` make the sets that contain the true class of windows like the calibration windows with
    probability ``coverage_ppm``, for each class. ``low`` and ``high`` bound each feature in the fitting
    data; a window with more than ``most_outside`` features outside them is unlike anything fitted, and the
    model abstains.
    """

    classes: tuple[WorkloadClass, ...]
    trees: tuple[Tree, ...]
    temperature: int
    coverage_ppm: int
    allowances: Allowances
    low: tuple[int, ...]
    high: tuple[int, ...]
    most_outside: int


@dataclass(frozen=True)
class Model:
    """A checked model file: ``hash`` is the SHA-256 of its bytes in hexadecimal; ``card`` its description.

    ``without_profiling`` judges accelerators whose source has no profiling counters.
    """

    hash: str
    card: dict[str, str]
    kinds: dict[SubjectKind, KindModel]
    without_profiling: KindModel


def read_model(path: Path) -> Model:
    """Reads and checks a model file. Raises FormatError where it is malformed, OSError where unreadable."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    return parse_model(data, path.name)


def parse_model(data: bytes, where: str) -> Model:
    """Checks the bytes of a model file. Raises FormatError."""
    if len(data) > MAX_FILE_BYTES:
        raise FormatError(f"model file above {MAX_FILE_BYTES} bytes", where=where, mend=MEND)
    try:
        raw = json.loads(data)
        canonical = encode_model(raw)
    except (ValueError, RecursionError):
        raise FormatError("model file is not JSON", where=where, mend=MEND) from None
    if canonical != data:
        raise FormatError("model file is not in canonical form", where=where, mend=MEND)
    check = _Check(where)
    top = check.keys(raw, {"card", "format", "models"})
    check.that(top["format"] == FORMAT, f"format is not {FORMAT}")
    models = check.keys(top["models"], set(MODELS))
    parts = {
        name: _kind_model(_Check(f"{where}: {name}"), models[name], kind) for name, kind in MODELS.items()
    }
    bare = parts.pop(WITHOUT_PROFILING)
    kinds = {MODELS[name]: part for name, part in parts.items()}
    return Model(hashlib.sha256(data).hexdigest(), _card(check, top["card"]), kinds, bare)


def encode_model(raw: object) -> bytes:
    """The canonical bytes of a model: sorted keys, no spaces, ASCII, one newline at the end."""
    text = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii") + b"\n"


@dataclass(frozen=True, slots=True)
class _Check:
    where: str

    def that(self, holds: bool, problem: str) -> None:
        if not holds:
            raise FormatError(problem, where=self.where, mend=MEND)

    def keys(self, raw: object, names: set[str]) -> dict[str, Any]:
        if not isinstance(raw, dict) or set(raw) != names:
            raise FormatError(
                f"expected exactly the keys {', '.join(sorted(names))}", where=self.where, mend=MEND
            )
        return raw

    def integers(
        self, raw: object, what: str, least: int, most: int, length: int | None = None
    ) -> tuple[int, ...]:
        good = isinstance(raw, list) and (length is None or len(raw) == length)
        if not good or not all(type(v) is int and least <= v <= most for v in raw):  # type: ignore[attr-defined]
            raise FormatError(f"{what} is not a list of integers in range", where=self.where, mend=MEND)
        return tuple(raw)  # type: ignore[arg-type]

    def integer(self, raw: object, what: str, least: int, most: int) -> int:
        return self.integers([raw], what, least, most)[0]


def _kind_model(check: _Check, raw: object, kind: SubjectKind) -> KindModel:
    fields = check.keys(raw, KIND_KEYS)
    names = [f.name for f in FEATURES[kind]]
    check.that(fields["features"] == names, "features are not those of this version, in order")
    known = [c.value for c in CLASSES]
    classes = fields["classes"]
    check.that(isinstance(classes, list) and all(c in known for c in classes), "unknown workload class")
    check.that(len(set(classes)) == len(classes) >= 2, "needs two or more distinct classes")
    trees = fields["trees"]
    check.that(isinstance(trees, list) and 1 <= len(trees) <= MAX_TREES, f"trees are not 1 to {MAX_TREES}")
    return KindModel(
        classes=tuple(WorkloadClass(c) for c in classes),
        trees=tuple(_tree(check, t, len(classes), len(names)) for t in trees),
        temperature=check.integer(fields["temperature"], "temperature", 1, MAX_SCORE),
        coverage_ppm=check.integer(fields["coverage_ppm"], "coverage_ppm", 0, PPM),
        allowances=Allowances(
            check.integers(fields["side"], "side", 0, MAX_INTEGER, len(classes)),
            check.integers(fields["within"], "within", 0, MAX_INTEGER, len(classes)),
        ),
        low=check.integers(fields["low"], "low", MISSING, MAX_INTEGER, len(names)),
        high=check.integers(fields["high"], "high", MISSING, MAX_INTEGER, len(names)),
        most_outside=check.integer(fields["most_outside"], "most_outside", 0, len(names)),
    )


def _card(check: _Check, raw: object) -> dict[str, str]:
    card = check.keys(raw, CARD_KEYS)
    good = all(isinstance(text, str) and len(text) <= MAX_CARD_TEXT for text in card.values())
    check.that(good, f"the card is not texts of at most {MAX_CARD_TEXT} characters")
    return card


def _tree(check: _Check, raw: object, classes: int, features: int) -> Tree:
    fields = check.keys(raw, {"class", "leaves", "nodes"})
    nodes, count = (
        fields["nodes"],
        len(fields["nodes"]) if isinstance(fields["nodes"], list) else MAX_NODES + 1,
    )
    check.that(count <= MAX_NODES, f"a tree has no list of at most {MAX_NODES} nodes")
    leaves = check.integers(fields["leaves"], "leaves", -MAX_SCORE, MAX_SCORE, count + 1)
    parsed: list[tuple[int, int, int, int]] = []
    for i, node in enumerate(nodes):
        feature, threshold, left, right = check.integers(node, "node", -MAX_INTEGER, MAX_INTEGER, 4)
        check.that(0 <= feature < features, "a node asks for a feature that does not exist")
        check.that(
            all(i < c < count or -1 - count <= c < 0 for c in (left, right)), "a child is out of range"
        )
        parsed.append((feature, threshold, left, right))
    children = sorted(c for _, _, left, right in parsed for c in (left, right))
    expected = [*range(-1 - count, 0), *range(1, count)] if count else []
    check.that(children == expected, "nodes and leaves do not form one tree")
    of_class = check.integer(fields["class"], "class of a tree", 0, classes - 1)
    tree = Tree(of_class, tuple(parsed), leaves)
    check.that(tree.depth() <= MAX_DEPTH, f"a tree is deeper than {MAX_DEPTH}")
    return tree
