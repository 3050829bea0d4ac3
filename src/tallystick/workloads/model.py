"""The classifier's model file: canonical JSON, strictly checked before it is used.

A file holds one model per kind of subject: its classes and features by name, its trees, how a margin of
scores translates to confidence, the margin below which it abstains, and the range of each feature that it
was fitted on. Anybody may be handed a model file by a rival, so every size, index and integer is checked.
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
from tallystick.workloads.features import FEATURES
from tallystick.workloads.trees import Tree

FORMAT = "tallystick-trees/1"
MAX_FILE_BYTES = 1_000_000
MAX_TREES = 2000
MAX_NODES = 255
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1
MAX_SCORE = 2**40
MEND = "use the model that comes with Tallystick, or fit one with python -m tallystick.trials.fit"


@dataclass(frozen=True)
class KindModel:
    """The model of one kind of subject.

    ``confidence`` are (margin, ppm) pairs: a margin of at least the first and less than the next has that
    confidence. ``low`` and ``high`` bound each feature in the fitting data; a window with more than
    ``most_outside`` features outside them is unlike anything fitted, and the model abstains.
    """

    classes: tuple[WorkloadClass, ...]
    trees: tuple[Tree, ...]
    confidence: tuple[tuple[int, int], ...]
    abstain_below: int
    low: tuple[int, ...]
    high: tuple[int, ...]
    most_outside: int


@dataclass(frozen=True)
class Model:
    """A checked model file: ``hash`` is the SHA-256 of its bytes in hexadecimal."""

    hash: str
    kinds: dict[SubjectKind, KindModel]


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
    except (ValueError, RecursionError):
        raise FormatError("model file is not JSON", where=where, mend=MEND) from None
    if encode_model(raw) != data:
        raise FormatError("model file is not in canonical form", where=where, mend=MEND)
    check = _Check(where)
    top = check.keys(raw, {"format", "models"})
    check.that(top["format"] == FORMAT, f"format is not {FORMAT}")
    models = check.keys(top["models"], {SubjectKind.ACCELERATOR.value, SubjectKind.NODE.value})
    kinds = {
        SubjectKind(k): _kind_model(_Check(f"{where}: {k}"), v, SubjectKind(k)) for k, v in models.items()
    }
    return Model(hashlib.sha256(data).hexdigest(), kinds)


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
    keys = {"abstain_below", "classes", "confidence", "features", "high", "low", "most_outside", "trees"}
    fields = check.keys(raw, keys)
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
        confidence=_confidence(check, fields["confidence"]),
        abstain_below=check.integer(fields["abstain_below"], "abstain_below", 0, MAX_INTEGER),
        low=check.integers(fields["low"], "low", MISSING, MAX_INTEGER, len(names)),
        high=check.integers(fields["high"], "high", MISSING, MAX_INTEGER, len(names)),
        most_outside=check.integer(fields["most_outside"], "most_outside", 0, len(names)),
    )


def _confidence(check: _Check, raw: object) -> tuple[tuple[int, int], ...]:
    check.that(isinstance(raw, list) and 1 <= len(raw) <= 1000, "confidence is not a list of 1 to 1000 pairs")
    assert isinstance(raw, list)
    pairs = [check.integers(pair, "confidence pair", 0, MAX_INTEGER, 2) for pair in raw]
    margins, shares = [p[0] for p in pairs], [p[1] for p in pairs]
    check.that(margins[0] == 0 and sorted(set(margins)) == margins, "confidence margins do not rise from 0")
    check.that(sorted(shares) == shares and shares[-1] <= PPM, "confidence falls or exceeds 1000000 ppm")
    return tuple(zip(margins, shares, strict=True))


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
