"""Results as plain data, in the form that ``--json`` prints. Floats are rounded to six places."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from tallystick.strategy.assessment import Assessment
from tallystick.strategy.verdicts.placebo import VerdictPlacebo

DRIVERS_SHOWN = 12


def assessment_json(result: Assessment, placebo: VerdictPlacebo | None = None) -> dict[str, Any]:
    """``states[].name|share|verdict|binding_gate|breaks_at_stage``, ``drivers[]``, ``placebo``,
    ``clubs[]``, and all else that the assessment holds. ``drivers`` are the strongest over all states, with
    the state each drives.
    """
    whole = plain(result)
    drivers = [
        {"state": state.name, **plain(driver)}
        for state in result.states
        for driver in state.drivers[:DRIVERS_SHOWN]
    ]
    for state in whole["states"]:
        state["drivers"] = state["drivers"][:DRIVERS_SHOWN]
    for club in whole["clubs"]:
        club["gated"] = True
    whole["drivers"] = sorted(drivers, key=lambda driver: -driver["total"])
    whole["placebo"] = plain(placebo) if placebo else None
    return dict(whole)


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
