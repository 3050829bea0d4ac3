"""Since when the world knew of what a file says: where the file does not say it, from the texts it cites."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tallystick.regimes.files.yaml_file import Node
from tallystick.regimes.law.dates import parse_date
from tallystick.regimes.law.instrument import StatusEntry


@dataclass(frozen=True, slots=True)
class KnownDays:
    """The days on which the texts of one instrument were public.

    ``sources``: by text, where the file says it. Of other texts it is the first status that cites them.
    """

    status: tuple[StatusEntry, ...]
    sources: Mapping[str, date]

    def of_rule(self, entries: Mapping[str, Node], reference: Iterable[str]) -> date | None:
        """Of a test, an exception or a duty: ``known_on``, else when the last of its texts was public.

        None where no day of any of its texts is known.
        """
        if "known_on" in entries:
            return _day(entries["known_on"])
        return max((day for one in reference if (day := self._of_text(text_of(one)))), default=None)

    def of_sources(self, reference: Iterable[str]) -> date | None:
        """When the last of the cited texts was public of which the file itself says when."""
        days = (self.sources.get(text_of(one)) for one in reference)
        return max((day for day in days if day), default=None)

    def of_day(self, node: Node | None) -> tuple[date | None, date | None]:
        """A day that a rule sets, and since when that was known: as the file says, else by its status."""
        if node is None:
            return None, None
        if isinstance(node.value, dict):
            return _day(node.value["on"]), _day(node.value["known_on"])
        day = _day(node)
        return day, next((entry.known_on for entry in self.status if entry.since == day), None)

    def _of_text(self, text: str) -> date | None:
        if text in self.sources:
            return self.sources[text]
        cited = (e.known_on for e in self.status if text in map(text_of, e.reference))
        return min(cited, default=None)


def known_days(status: tuple[StatusEntry, ...], sources: Mapping[str, Any]) -> KnownDays:
    """Of a file: its statuses, and its ``sources`` as plain data."""
    days = {
        name: parse_date(entry["known_on"], name) for name, entry in sources.items() if "known_on" in entry
    }
    return KnownDays(status, days)


def text_of(reference: str) -> str:
    """``act`` of ``act#art-1``."""
    return reference.partition("#")[0]


def _day(node: Node) -> date:
    return parse_date(str(node.value), node.place)
