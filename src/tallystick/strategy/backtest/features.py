"""What a proposal before its states looks like, in numbers from 0 to 1: to say which cases are near it.

Read off terms and profiles alone, so that past cases and new proposals are measured alike.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

import numpy as np

from tallystick.strategy.backtest.case_profiles import frame
from tallystick.strategy.gates.schedule import schedule
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Decision, Terms

_ANSWER = {"no": 0.0, "silent": 1 / 3, "partial": 2 / 3, "yes": 1.0}
_COVERED = {"none": 0.0, "partial": 0.5, "full": 1.0}
_RULE = {"veto": 1 / 3, "consensus": 1 / 3, "majority": 2 / 3, "supermajority": 2 / 3, "court": 2 / 3}
_RULE |= {"executive": 2 / 3}
_NEUTRAL = ("international_authority", "third_party")

#: Parameters read at their median, and how those of several states become one number.
_SITUATION: Mapping[str, tuple[str, Callable[[list[float]], float]]] = {
    "most secrecy": ("secrecy", max),
    "least secrecy": ("secrecy", min),
    "catastrophe": ("catastrophe", fmean),
    "stake": ("stake", fmean),
    "least trust": ("trust", min),
    "fastest programme": ("growth", max),
    "slowest programme": ("growth", min),
    "hidden capacity": ("hidden_capacity", max),
}


def features(terms: Terms, profiles: Sequence[Profile]) -> dict[str, float]:
    """Every feature by name, 0 to 1."""
    return {**_of_text(terms, tuple(profiles)), **_of_situation(profiles)}


def _of_text(terms: Terms, profiles: tuple[Profile, ...]) -> dict[str, float]:
    rights = {name: _ANSWER[answer] for name, answer in terms.rights.items()}
    given = schedule(terms, profiles, _one_draw()).given
    gap = given.max(axis=0) - given.min(axis=0)
    return {
        "inspection of declared places": rights.get("declared", 0.0),
        "inspection of other places": max(rights.get("undeclared", 0.0), rights.get("challenge", 0.0)),
        "continuous monitoring": rights.get("continuous_monitoring", 0.0),
        "neutral inspector": float(terms.inspector in _NEUTRAL),
        "inspected from the start": float(terms.stages[0].inspected),
        "one side ahead in giving up": float(gap[1:].mean()),
        "one side gives up alone": float(gap[-1]),
        "discretion": float(any(stage.trigger == "discretion" for stage in terms.stages)),
        "depth": _COVERED[terms.elimination],
        "ownership": float(terms.owned),
        "enforcement": _enforcement(terms.sanctions),
        "payment": float(bool(terms.paid)),
        "outsiders shut out": float(terms.excludes_outsiders),
    }


def _of_situation(profiles: Sequence[Profile]) -> dict[str, float]:
    found = {
        name: float(join([_scaled(profile, parameter) for profile in profiles]))
        for name, (parameter, join) in _SITUATION.items()
    }
    capability = [float(profile.parameters["capability"].at(0.5)) for profile in profiles]
    return {**found, "standing of the weakest": min(capability) / max(*capability, 1e-9)}


def _scaled(profile: Profile, parameter: str) -> float:
    low, high = frame().ranges[parameter]
    return float(np.clip((float(profile.parameters[parameter].at(0.5)) - low) / (high - low), 0.0, 1.0))


def _enforcement(body: Decision) -> float:
    return 1.0 if body.automatic else _RULE.get(body.rule, 0.0)


def _one_draw() -> dict[str, np.typing.NDArray[np.float64]]:
    """The schedule needs chances and lengths; who gives what does not depend on them."""
    names = ("stage_years", "complete_dated", "complete_condition", "complete_discretion")
    return {name: np.ones(1) for name in names}
