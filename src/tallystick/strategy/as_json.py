"""Results as plain data, in the form that ``--json`` prints. Floats are rounded to six places."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from tallystick.strategy.assessment import Assessment
from tallystick.strategy.verdicts.placebo import VerdictPlacebo
from tallystick.strategy.verdicts.together import ALL
from tallystick.strategy.verdicts.verdict import verdict


def assessment_json(result: Assessment, placebo: VerdictPlacebo | None = None) -> dict[str, Any]:
    """``states[].name|share|verdict|binding_gate|breaks_at_stage``, ``drivers[]``, ``placebo``,
    ``clubs[]``, and all else that the assessment holds. ``drivers`` are those of all states and of all
    together, the strongest first, with whose answer each drives.
    """
    whole = plain(result)
    owners = [(ALL, result.together.drivers), *((state.name, state.drivers) for state in result.states)]
    drivers = [{"state": name, **plain(driver)} for name, own in owners for driver in own]
    for club in whole["clubs"]:
        club["gated"] = True
        club["whole"] = club["kind"] == "regime" and len(club["members"]) == len(result.states)
    for told, share in ((whole, result.joint), *zip(whole["states"], _shares(result), strict=True)):
        told["verdict_by_share"] = verdict(share).value
    whole["drivers"] = sorted(drivers, key=lambda driver: -driver["total"])
    whole["placebo"] = plain(placebo) if placebo else None
    return dict(whole)


def _shares(result: Assessment) -> list[float]:
    return [state.share for state in result.states]


def plain(value: Any) -> Any:
    """Dataclasses, enumerations, tuples and mappings as JSON's own types; not-a-number as null."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return None if value != value else round(value, 6)
    return value
