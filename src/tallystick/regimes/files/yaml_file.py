"""YAML read strictly: every scalar is text, every node knows its line, and nothing is looked up elsewhere.

Anchors, aliases, tags, several documents, duplicate keys and deep nesting are refused, so a file cannot grow
when it is read, and what is written is what is meant. Needs PyYAML (extra ``regimes``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tallystick.errors import InputError
from tallystick.whole_file import read_file

LIMIT_BYTES = 1 << 20
MAX_DEPTH = 24
#: What to do about an empty file, of whatever kind it was to be.
EMPTY = (
    "copy one, tallystick regimes show NAME --source: NAME is facts for check, developer for compare, "
    "template.run_cap for a regime of your own"
)

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar (str), a sequence (tuple of nodes) or a mapping (dict of nodes), with its place.

    ``place`` is ``file:line``; an entry of a mapping is placed at its key.
    """

    value: "str | tuple[Node, ...] | dict[str, Node]"
    place: str

    @property
    def plain(self) -> Any:
        """The same data without places."""
        if isinstance(self.value, dict):
            return {key: node.plain for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain for node in self.value]
        return self.value


def read_yaml(path: Path, shown: str = "") -> Node:
    """The file as a tree. ``shown`` is its name in errors. Raises InputError with file and line."""
    name = shown or str(path)
    return parse_yaml(read_file(path, LIMIT_BYTES), name)


def parse_yaml(data: bytes, name: str) -> Node:
    """The bytes of one file as a tree. Raises InputError with file and line."""
    if len(data) > LIMIT_BYTES:
        raise InputError("larger than the limit of 1 MiB", where=name, mend="split it")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError("not UTF-8", where=f"{name}:{line}", mend="save the file as UTF-8") from error
    try:
        return _Builder(name, yaml.parse(text, Loader=Loader)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        line = mark.line + 1 if mark else 1
        tabbed = "\t" in text.splitlines()[line - 1] if line <= len(text.splitlines()) else False
        mend = "indent by spaces, not tabs" if tabbed else "quote texts with : # , [ ] { }"
        raise InputError(f"not YAML: {problem}", where=f"{name}:{line}", mend=mend) from error


class _Builder:
    """Turns the parser's events into nodes. Fails at the first construct that the format does not have."""

    def __init__(self, name: str, events: Iterator[Any]) -> None:
        self._name = name
        self._events = events
        self._event: Any = None
        self._step()

    def _step(self) -> None:
        self._event = next(self._events, None)

    def _place(self, event: Any = None) -> str:
        mark = (event or self._event).start_mark
        return f"{self._name}:{mark.line + 1}"

    def _refuse(self, problem: str, mend: str) -> InputError:
        return InputError(problem, where=self._place(), mend=mend)

    def document(self) -> Node:
        """The only document of the file."""
        while isinstance(self._event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            self._step()
        if self._event is None or isinstance(self._event, yaml.StreamEndEvent):
            raise InputError("empty", where=self._name, mend=EMPTY)
        node = self._node(0)
        self._step()
        if isinstance(self._event, yaml.DocumentStartEvent):
            raise self._refuse("a second document", "one file holds one document: delete the line ---")
        return node

    def _node(self, depth: int) -> Node:
        event = self._event
        if isinstance(event, yaml.AliasEvent):
            raise self._refuse(f"alias *{event.anchor}", "write the value out where it is meant")
        if event.anchor is not None:
            raise self._refuse(f"anchor &{event.anchor}", "write the value out where it is meant")
        if event.tag is not None:
            raise self._refuse(f"tag {event.tag!r}", "delete it: every value is text")
        if depth > MAX_DEPTH:
            raise self._refuse(
                f"nested more than {MAX_DEPTH} deep", "name an inner condition and refer to it"
            )
        place = self._place()
        if isinstance(event, yaml.ScalarEvent):
            self._step()
            return Node(event.value, place)
        self._step()
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(tuple(self._items(depth)), place)
        return Node(self._entries(depth), place)

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(self._event, yaml.SequenceEndEvent):
            yield self._node(depth + 1)
        self._step()

    def _entries(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(self._event, yaml.MappingEndEvent):
            place = self._event
            key = self._node(depth + 1)
            if not isinstance(key.value, str):
                raise InputError("a key that is not text", where=self._place(place), mend="quote it")
            if key.value in entries:
                mend = "delete one of the two, or give it another name"
                raise InputError(f"{key.value!r} is there twice", where=key.place, mend=mend)
            entries[key.value] = Node(self._node(depth + 1).value, key.place)
        self._step()
        return entries
