"""What a coder reads in the words of a stage that the regime format has no key for.

Two things: whether the movers give up capability there, or rights and secrets only; and whether inspection
is at work from there on. A regime without readings yields at every stage and is inspected from its first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tallystick.errors import InputError
from tallystick.regimes.yaml_file import parse_yaml


@dataclass(frozen=True, slots=True)
class StageReading:
    """One stage as read: see the module."""

    yields: bool
    inspected: bool


AS_WRITTEN = StageReading(True, True)

_TRUTHS = {"yes": True, "no": False}


@cache
def stage_readings() -> Mapping[str, Mapping[str, StageReading]]:
    """The shipped readings, by regime and stage. Raises InputError where the file is unusable."""
    path = files("tallystick.strategy") / "data" / "readings.yaml"
    data = parse_yaml(path.read_bytes(), "readings.yaml").plain
    try:
        return {
            regime: {
                stage: StageReading(_TRUTHS[one["yields"]], _TRUTHS[one["inspected"]])
                for stage, one in stages.items()
            }
            for regime, stages in data["readings"].items()
        }
    except (KeyError, TypeError, AttributeError) as error:
        problem = f"a stage lacks {error}"
        raise InputError(problem, where="readings.yaml", mend="write {yields: yes, inspected: no}") from None
