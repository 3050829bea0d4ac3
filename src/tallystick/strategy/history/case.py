"""Proposals of the past with what came of them, and what delegations said, as data."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.files.yaml_file import parse_yaml


@dataclass(frozen=True, slots=True)
class Said:
    """A reason a delegation gave, and the gate it speaks of (the coder's reading)."""

    who: str
    gate: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class HistoricCase:
    """One proposal: its regime file, who made it, who refused it and who stood by it (neither: no
    outcome).
    """

    regime: str
    proposer: str
    refused_by: tuple[str, ...]
    accepted_by: tuple[str, ...]
    what_came: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Era:
    """The proposals of one negotiation, with the profiles coded for it."""

    title: str
    states: tuple[str, ...]
    technology: str
    cases: tuple[HistoricCase, ...]


def era(name: str) -> Era:
    """A shipped era, such as ``1946``. Raises InputError where there is none or the file is unusable."""
    path = files("tallystick.strategy") / "data" / "history" / f"{name}.yaml"
    if not path.is_file():
        raise InputError(f"no history {name!r}", where="history", mend="write 1946")
    data = parse_yaml(path.read_bytes(), f"{name}.yaml").plain
    try:
        return Era(data["title"], tuple(data["states"]), data["technology"], tuple(map(_case, data["cases"])))
    except (KeyError, TypeError) as error:
        raise InputError(f"lacks {error}", where=f"{name}.yaml", mend="copy the shipped file") from None


def _case(raw: Any) -> HistoricCase:
    said = tuple(Said(one["who"], one["gate"], one["text"], one["source"]) for one in raw["said"])
    refused, accepted = tuple(raw["refused_by"]), tuple(raw["accepted_by"])
    return HistoricCase(raw["regime"], raw["proposer"], refused, accepted, raw["what_came"], said)
