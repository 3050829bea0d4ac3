"""Shapes of files: one description that both checks a file, with lines, and is published as JSON Schema."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Protocol

from tallystick.errors import InputError
from tallystick.regimes.files.yaml_file import Node

#: How alike a guess must be to be offered, as ``difflib`` measures it.
CLOSE = 0.75
#: A part of a name is offered from so many letters on, if it fits no more names than these.
SHORTEST_PART, MOST_MEANT = 2, 4
#: Names that are listed where there is no guess.
MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file: where, what, how to mend it. A warning leaves it usable."""

    where: str
    problem: str
    mend: str
    warning: bool = False

    def error(self) -> InputError:
        """The same as an error."""
        return InputError(self.problem, where=self.where, mend=self.mend)

    def as_json(self) -> dict[str, str]:
        """The form that ``--json`` prints."""
        level = "warning" if self.warning else "error"
        return {"level": level, "where": self.where, "problem": self.problem, "mend": self.mend}


class Shape(Protocol):
    """What a node must look like."""

    def problems(self, node: Node, what: str) -> Iterator[Problem]:
        """What is wrong with the node that ``what`` names."""

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""


#: Characters that steer a terminal, or turn the direction of writing; tabs and ends of lines are let through.
CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069"
CONTROL = re.compile(f"[{CONTROLS}]")


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not empty; with ``pattern`` it must match as a whole. ``example`` mends."""

    pattern: str = ""
    example: str = ""
    unquoted: tuple[str, ...] = ()

    def problems(self, node: Node, what: str) -> Iterator[Problem]:
        """Not text, empty, or against the pattern."""
        if not isinstance(node.value, str):
            yield Problem(node.place, f"{what} is not a text", "write one value")
        elif not node.value.strip():
            yield Problem(
                node.place, f"{what} is empty", f"write it as {self.example or 'text'}, or delete the key"
            )
        elif CONTROL.search(node.value):
            yield Problem(node.place, f"{what} has control characters", "write plain text")
        elif self.pattern and not re.fullmatch(self.pattern, node.value, re.ASCII):
            mend = f"write it as {self.example}"
            yield Problem(node.place, f"{what}: {node.value[:60]!r} is not in the form expected", mend)

    def schema(self) -> dict[str, Any]:
        """A string; ``unquoted`` names the types that other readers of YAML make of it."""
        text: dict[str, Any] = {"type": ["string", *self.unquoted] if self.unquoted else "string"}
        plain = {"minLength": 1, "pattern": f"^[^{CONTROLS}]*$"}
        text |= {"pattern": f"^(?:{self.pattern})$"} if self.pattern else plain
        return text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words. Words that YAML readers turn into truth values are let through as these."""

    words: tuple[str, ...]

    def problems(self, node: Node, what: str) -> Iterator[Problem]:
        """Any other word."""
        if not isinstance(node.value, str) or node.value not in self.words:
            shown = node.value[:40] if isinstance(node.value, str) else "a list or mapping"
            yield Problem(node.place, f"{what}: {shown!r} is not known", nearest(str(shown), self.words))

    def schema(self) -> dict[str, Any]:
        """An enumeration."""
        truths = {"yes": True, "true": True, "no": False, "false": False}
        return {"enum": [*self.words, *dict.fromkeys(truths[w] for w in self.words if w in truths)]}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape."""

    item: Shape
    least: int = 0
    most: int = 500

    def problems(self, node: Node, what: str) -> Iterator[Problem]:
        """Not a list, too short or long, or a bad item."""
        if not isinstance(node.value, tuple):
            mend = "write it as [a, b], or in lines that begin with -"
            yield Problem(node.place, f"{what} is not a list", mend)
            return
        if not self.least <= len(node.value) <= self.most:
            mend = f"write {self.least} to {self.most}"
            yield Problem(node.place, f"{what} has {len(node.value)} entries", mend)
        for index, item in enumerate(node.value, 1):
            yield from self.item.problems(item, f"{what}, entry {index}")

    def schema(self) -> dict[str, Any]:
        """An array."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.least, "maxItems": self.most}


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from names, chosen freely within ``key``, to one shape."""

    item: Shape
    key: str = "[a-z][a-z0-9_]*"
    example: str = "lower_case"
    most: int = 500

    def problems(self, node: Node, what: str) -> Iterator[Problem]:
        """Not a mapping, too long, a bad name, or a bad entry."""
        if not isinstance(node.value, dict):
            yield Problem(node.place, f"{what} is not a mapping", "write it as {name: value}")
            return
        if len(node.value) > self.most:
            problem = f"{what} has {len(node.value)} entries"
            yield Problem(node.place, problem, f"write at most {self.most}")
            return
        for name, item in node.value.items():
            if not re.fullmatch(self.key, name, re.ASCII):
                yield Problem(
                    item.place, f"{what}: {name[:40]!r} is not a name", f"write it as {self.example}"
                )
            else:
                yield from self.item.problems(item, f"{what}.{name[:40]}")

    def schema(self) -> dict[str, Any]:
        """An object with pattern properties."""
        return {
            "type": "object",
            "patternProperties": {f"^(?:{self.key})$": self.item.schema()},
            "additionalProperties": False,
            "maxProperties": self.most,
        }


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys only: those of ``needs`` must be there, those of ``may`` can be."""

    needs: Mapping[str, Shape] = field(default_factory=dict)
    may: Mapping[str, Shape] = field(default_factory=dict)

    def problems(self, node: Node, what: str) -> Iterator[Problem]:
        """Not a mapping, an unknown key, a missing key, or a bad entry."""
        if not isinstance(node.value, dict):
            yield Problem(node.place, f"{what} is not a mapping", f"write its keys: {', '.join(self.needs)}")
            return
        known = {**self.needs, **self.may}
        for name, item in node.value.items():
            if name in known:
                yield from known[name].problems(item, f"{what}.{name}" if what else name)
            else:
                mend = nearest(name, known) if item.value else "quote texts that hold commas"
                yield Problem(item.place, f"{what or 'file'}: unknown key {name[:40]!r}", mend)
        for name in self.needs:
            if name not in node.value:
                yield Problem(node.place, f"{what or 'file'}: {name} is missing", f"add {name}")

    def schema(self) -> dict[str, Any]:
        """A closed object."""
        known = {**self.needs, **self.may}
        return {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in known.items()},
            "required": list(self.needs),
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Kinds:
    """One of several shapes, told apart by what the node is: a text, a list or a mapping."""

    text: Shape | None = None
    sequence: Shape | None = None
    mapping: Shape | None = None

    def problems(self, node: Node, what: str) -> Iterator[Problem]:
        """The problems of the shape that the node tries to be."""
        shape = {str: self.text, tuple: self.sequence, dict: self.mapping}[type(node.value)]
        if shape is None:
            kinds = [("a text", self.text), ("a list", self.sequence), ("a mapping", self.mapping)]
            mend = f"write {' or '.join(name for name, one in kinds if one)}"
            yield Problem(node.place, f"{what} has the wrong form", mend)
        else:
            yield from shape.problems(node, what)

    def schema(self) -> dict[str, Any]:
        """Any of the shapes."""
        return {"anyOf": [s.schema() for s in (self.text, self.sequence, self.mapping) if s is not None]}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A mapping with exactly one key, which says what it is. ``name`` allows it to contain itself."""

    name: str
    kinds: "dict[str, Shape]" = field(default_factory=dict)

    def problems(self, node: Node, what: str) -> Iterator[Problem]:
        """More or fewer than one key, an unknown one, or a bad entry."""
        if not isinstance(node.value, dict) or len(node.value) != 1:
            yield Problem(
                node.place, f"{what}: exactly one key is expected", f"one of {', '.join(self.kinds)}"
            )
            return
        ((key, item),) = node.value.items()
        if key in self.kinds:
            yield from self.kinds[key].problems(item, f"{what}.{key}")
        else:
            yield Problem(item.place, f"{what}: unknown key {key[:40]!r}", nearest(key, self.kinds))

    def schema(self) -> dict[str, Any]:
        """A reference to the definition of that name."""
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> dict[str, Any]:
        """The definition that the reference means."""
        one = [
            {"type": "object", "properties": {k: s.schema()}, "required": [k], "additionalProperties": False}
            for k, s in self.kinds.items()
        ]
        return {"anyOf": one}


def nearest(word: str, known: "Mapping[str, object] | tuple[str, ...]", elsewhere: str = "") -> str:
    """What to write instead: a name that is close, else all of them; of many, where they are listed.

    A poor guess is worse than none: close is what differs in a letter or two, or continues the word.
    """
    names = list(known)
    close = _close(word, names)
    if close:
        return f"did you mean {' or '.join(close)}?"
    if len(names) > MOST_LISTED and elsewhere:
        return elsewhere
    shown = names[:MOST_LISTED]
    return f"one of {', '.join(shown)}{' ...' if len(names) > MOST_LISTED else ''}"


def _close(word: str, names: list[str]) -> list[str]:
    """The name that is nearest, or the few of which the word is a part."""
    small = {name.lower(): name for name in reversed(names)}
    for match in get_close_matches(word.lower(), list(small), 3, cutoff=CLOSE):
        if _tails_close(word.lower(), match):
            return [small[match]]
    if len(word) < SHORTEST_PART:
        return []
    parts = [name for name in names if name.lower().startswith(word.lower())] or [
        name for name in names if f".{word.lower()}" in name.lower()
    ]
    return parts if len(parts) <= MOST_MEANT else []


def _tails_close(word: str, name: str) -> bool:
    """What follows a common beginning up to a dot is close too: ``model.`` alone says nothing."""
    while "." in word and "." in name and word.partition(".")[0] == name.partition(".")[0]:
        word, name = word.partition(".")[2], name.partition(".")[2]
    return SequenceMatcher(None, word, name).ratio() >= CLOSE
