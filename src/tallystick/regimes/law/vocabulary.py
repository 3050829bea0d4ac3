"""The names that regime files and fact files share."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from tallystick.regimes.files.yaml_file import Node
from tallystick.regimes.stated.places import is_region

#: How to see all of them, for errors.
ALL_WORDS = "all words: tallystick regimes show vocabulary --source"
TITLED = ("roles", "jurisdictions", "recipients", "events", "moments", "capabilities")


@dataclass(frozen=True, slots=True)
class FactName:
    """What a fact is: its kind, its unit, and what holds where nobody states it."""

    name: str
    kind: str
    title: str
    unit: str
    unless_stated: bool | None
    derived: bool


@dataclass(frozen=True)
class Vocabulary:
    """All names, by list. Clocks run from ``moments`` or ``events``."""

    facts: Mapping[str, FactName]
    roles: Mapping[str, str]
    jurisdictions: Mapping[str, str]
    regions: frozenset[str]
    recipients: Mapping[str, str]
    events: Mapping[str, str]
    moments: Mapping[str, str]
    capabilities: Mapping[str, str]

    @cached_property
    def presumed(self) -> Mapping[str, bool]:
        """What holds of formal acts where nobody states them."""
        return {f.name: f.unless_stated for f in self.facts.values() if f.unless_stated is not None}

    def fact(self, name: str) -> FactName | None:
        """What the name means, or None; roles and ties to a region are boolean facts too."""
        known = self.facts.get(name)
        if known is not None:
            return known
        prefix, _, rest = name.partition(".")
        tie = rest.rpartition(".")[2]
        region = rest.rpartition(".")[0]
        if prefix == "jurisdictions" and tie in self.jurisdictions and self._has(region):
            return FactName(name, "boolean", self.jurisdictions[tie], "none", None, False)
        if prefix == "roles" and rest in self.roles:
            return FactName(name, "boolean", self.roles[rest], "none", None, False)
        return None

    def recipient(self, name: str) -> str | None:
        """Who that is, for people: the title of a code, a name in words as it is; None for no code."""
        return self.recipients.get(name, None if is_code(name) else name)

    def _has(self, region: str) -> bool:
        """No region is meant, or one that there is."""
        return not region or region in self.regions or is_region(region)


def is_code(recipient: str) -> bool:
    """Whether it is a code, ``ny_dfs``; else it is a name in words, ``Attorney General of Ohio``."""
    return recipient[:1].islower() and recipient.isascii()


def vocabulary_of(node: Node) -> Vocabulary:
    """From a checked tree."""
    data = node.plain
    titles = {key: MappingProxyType(data[key]) for key in TITLED}
    return Vocabulary(facts=facts_of(data["facts"]), regions=frozenset(data["regions"]), **titles)


def facts_of(entries: Mapping[str, Mapping[str, str]]) -> Mapping[str, FactName]:
    """Names of facts, of the vocabulary or of a regime file that adds its own."""
    return MappingProxyType({name: _fact(name, entry) for name, entry in entries.items()})


def _fact(name: str, entry: Mapping[str, str]) -> FactName:
    stated = entry.get("unless_stated")
    unless = None if stated is None else stated == "true"
    unit = entry.get("unit", "none")
    return FactName(name, entry["kind"], entry["title"], unit, unless, entry.get("derived") == "true")
