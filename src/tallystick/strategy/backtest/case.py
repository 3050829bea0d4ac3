"""Past proposals as coded data: each attribute with its source tag, the outcome apart.

Levels and rules are in ``data/cases/CODING_RULES.md``; hashes of all files in ``data/cases/HASHES``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.files.yaml_file import parse_yaml

ERAS = ("interwar", "atomic", "detente", "late", "after")
OUTCOMES = ("accepted", "rejected", "failed")
TAGS = ("documented", "elicited", "assumed")

_GRADED = ("0", "1", "2", "3")
_SIDE = ("leader", "laggard", "neither")
_TRUTH = ("yes", "no")

TEXT: Mapping[str, tuple[str, ...]] = {
    "verification": _GRADED,
    "reach": _GRADED,
    "continuous": _TRUTH,
    "inspector": ("none", "reciprocal", "international_authority"),
    "inspection_from": ("start", "after"),
    "depth": ("none", "partial", "full"),
    "parity": _GRADED,
    "gives_more": _SIDE,
    "sequencing": _GRADED,
    "first": _SIDE,
    "reversible": ("yes", "partly", "no"),
    "owned": _TRUTH,
    "enforcement": _GRADED,
    "veto": ("leader", "laggard", "both", "neither"),
    "exit": ("yes", "no", "silent"),
    "paid": _SIDE,
    "excludes": _TRUTH,
    "proposer": ("leader", "laggard", "joint", "third_party"),
}
SITUATION: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    (
        "standing",
        "vulnerability",
        "leakage_leader",
        "leakage_laggard",
        "outside_leader",
        "outside_laggard",
        "concealability",
        "trust",
        "votes_leader",
        "votes_laggard",
    ),
    _GRADED,
)


@dataclass(frozen=True, slots=True)
class Code:
    """One attribute's value with its source tag and the key of its source."""

    value: str
    tag: str
    source: str


@dataclass(frozen=True, slots=True)
class CodedCase:
    """One proposal. ``accepted``: signed by all whose consent it needed, and in force. ``later`` tells of
    exits and breaches, which change no outcome. ``aad``: number and code in the Adversarial Agreements
    Dataset, empty where it is not there (it holds concluded agreements only).
    """

    id: str
    title: str
    tabled: str
    era: str
    parties: str
    leader: str
    laggard: str
    outcome: str
    came: str
    later: str
    aad: str
    codes: Mapping[str, Code]

    @property
    def accepted(self) -> bool:
        """Whether it was signed and came into force."""
        return self.outcome == "accepted"

    def level(self, attribute: str) -> int:
        """The level 0 to 3 of a graded attribute."""
        return int(self.codes[attribute].value)

    def said(self, attribute: str) -> str:
        """The word of an attribute."""
        return self.codes[attribute].value


def data_folder() -> Traversable:
    """Where the coded cases lie."""
    return files("tallystick.strategy") / "data" / "cases"


@cache
def coded_cases() -> tuple[CodedCase, ...]:
    """All cases of the first coding, in order of time. Raises InputError where a file is unusable."""
    sources = set(read_data("sources.yaml")["sources"])
    found = [_case(raw, era, sources) for era in ERAS for raw in read_data(f"first/{era}.yaml")["cases"]]
    return tuple(sorted(found, key=lambda case: case.tabled))


@cache
def read_data(name: str) -> Any:
    """A data file as plain text, mappings and tuples, for reading. Raises InputError with file and line."""
    return parse_yaml(_file(name).read_bytes(), name).plain


def recorded_hashes() -> dict[str, str]:
    """The last SHA-256 recorded for each file in ``HASHES``."""
    lines = _file("HASHES").read_text().splitlines()
    rows = [line.split(maxsplit=3) for line in lines if line and not line.startswith("#")]
    return {row[2]: row[1] for row in rows}


def changed_files() -> tuple[str, ...]:
    """Files that no longer have their recorded hash: none, unless somebody changed the coding unrecorded."""
    return tuple(
        name
        for name, digest in recorded_hashes().items()
        if sha256(_file(name).read_bytes()).hexdigest() != digest
    )


def _file(name: str) -> Traversable:
    place = data_folder()
    for part in name.split("/"):
        place = place / part
    return place


def _case(raw: Any, era: str, sources: set[str]) -> CodedCase:
    where = f"{era}.yaml: {raw.get('id', '?')}"
    try:
        codes = {
            name: _code(raw[block][name], name, levels, sources, where)
            for block, table in (("text", TEXT), ("situation", SITUATION))
            for name, levels in table.items()
        }
        told = {key: raw[key] for key in ("id", "title", "tabled", "parties", "leader", "laggard")}
        ended = {key: raw[key] for key in ("outcome", "came", "later", "aad")}
    except KeyError as error:
        raise InputError(f"lacks {error}", where=where, mend="copy a case and edit it") from None
    if raw["outcome"] not in OUTCOMES:
        mend = f"one of {', '.join(OUTCOMES)}"
        raise InputError(f"outcome {raw['outcome']!r} is not known", where=where, mend=mend)
    return CodedCase(era=era, codes=codes, **told, **ended)


def _code(text: str, name: str, levels: tuple[str, ...], sources: set[str], where: str) -> Code:
    parts = text.split()
    if len(parts) != 3 or parts[0] not in levels or parts[1] not in TAGS or parts[2] not in sources:
        mend = f"write VALUE TAG SOURCE: {'/'.join(levels)}, {'/'.join(TAGS)}, a key of sources.yaml"
        raise InputError(f"{name}: {text!r} is no code", where=where, mend=mend)
    return Code(*parts)
