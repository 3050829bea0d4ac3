"""Frozen records of an instrument's institution, which the strategy of states reads too."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tallystick.regimes.files.institution_shape import EFFECTS
from tallystick.regimes.law.dates import Duration, parse_duration


@dataclass(frozen=True, slots=True)
class Term:
    """One stated term: its value and where it stands. ``confidence`` empty: the instrument's."""

    value: str
    reference: tuple[str, ...]
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Decision:
    """How one function decides. ``automatic``: without a decision at all. ``confidence`` as in ``Term``."""

    function: str
    rule: str
    veto_holders: tuple[str, ...]
    automatic: str
    reference: tuple[str, ...]
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What a stage does to whom, coded; each a list of states, ``all`` for every party.

    ``reveals``: whose secrets or territory are opened; ``transfers``: who hands ownership to the authority;
    ``disarms``: whose stock or capability goes; ``limits``: whose activity is capped. ``verified_first``:
    something is verified before or at the move. ``confidence`` J: a coder's judgement.
    """

    reveals: tuple[str, ...]
    transfers: tuple[str, ...]
    disarms: tuple[str, ...]
    limits: tuple[str, ...]
    verified_first: bool
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One step. ``trigger`` has the file's keys: event, after, of, when_complete, discretion_of, on.

    ``effects`` None: not coded. ``confidence`` as in ``Term``.
    """

    id: str
    title: str
    trigger: Mapping[str, str]
    who_moves: tuple[str, ...]
    gives_up: str
    gets: str
    reversible: str
    reference: tuple[str, ...]
    effects: Effects | None = None
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one of the four heads of 1946 is covered: ``full``, ``partial`` or ``none``, and by what."""

    head: str
    covered: str
    how: str
    reference: tuple[str, ...]
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Institution:
    """All that the file says of who inspects, decides, owns, moves first and may leave. Unsaid is absent."""

    inspector: Term | None
    ownership: Mapping[str, Any] | None
    rights: Mapping[str, Term]
    decisions: Mapping[str, Decision]
    stages: tuple[Stage, ...]
    disarms_last: tuple[str, ...]
    entry_into_force: Mapping[str, Any] | None
    exit: Term | None
    exit_notice: Duration | None
    burdens: tuple[Mapping[str, Any], ...]
    side_payments: tuple[Mapping[str, Any], ...]
    enforcement: Mapping[str, Any] | None
    quantity: str
    terms_of_reference: Mapping[str, Coverage]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, Duration):
        return value.text
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def institution_of(data: Mapping[str, Any]) -> Institution:
    """From plain data of the checked shape. Raises InputError for a bad duration."""
    left = data.get("exit")
    return Institution(
        inspector=_term(data["inspector"], "who") if "inspector" in data else None,
        ownership=data.get("ownership"),
        rights={name: _term(entry, "value") for name, entry in data.get("rights", {}).items()},
        decisions={name: _decision(name, entry) for name, entry in data.get("decisions", {}).items()},
        stages=tuple(_stage(entry) for entry in data.get("stages", ())),
        disarms_last=tuple(data.get("disarms_last", ())),
        entry_into_force=data.get("entry_into_force"),
        exit=_term(left, "allowed") if left else None,
        exit_notice=parse_duration(left["notice"]) if left and "notice" in left else None,
        burdens=tuple(data.get("burdens", ())),
        side_payments=tuple(data.get("side_payments", ())),
        enforcement=data.get("enforcement"),
        quantity=data.get("quantity", ""),
        terms_of_reference={
            head: _coverage(head, entry) for head, entry in data.get("terms_of_reference", {}).items()
        },
    )


def _term(entry: Mapping[str, Any], key: str) -> Term:
    return Term(entry[key], tuple(entry["reference"]), *_codes(entry))


def _decision(name: str, entry: Mapping[str, Any]) -> Decision:
    holders = tuple(entry.get("veto_holders", ()))
    automatic, reference = entry.get("automatic", "silent"), tuple(entry["reference"])
    return Decision(name, entry["rule"], holders, automatic, reference, *_codes(entry))


def _codes(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry.get("confidence", ""), entry.get("note", "")


def _coverage(head: str, entry: Mapping[str, Any]) -> Coverage:
    return Coverage(head, entry["covered"], entry["how"], tuple(entry.get("reference", ())), *_codes(entry))


def _stage(entry: Mapping[str, Any]) -> Stage:
    return Stage(
        entry["id"],
        entry["title"],
        entry.get("trigger", {}),
        tuple(entry.get("who_moves", ())),
        entry.get("gives_up", ""),
        entry.get("gets", ""),
        entry.get("reversible", "silent"),
        tuple(entry["reference"]),
        _effects(entry["effects"]) if "effects" in entry else None,
        *_codes(entry),
    )


def _effects(entry: Mapping[str, Any]) -> Effects:
    states = (tuple(entry.get(effect, ())) for effect in EFFECTS)
    reveals, transfers, disarms, limits = states
    confidence, note = _codes(entry)
    return Effects(reveals, transfers, disarms, limits, entry["verified_first"] == "yes", confidence, note)
