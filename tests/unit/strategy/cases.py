"""Terms and profiles that the tests of this room start from."""

from dataclasses import replace

from tallystick.strategy.inputs.distribution import Origin, uniform
from tallystick.strategy.inputs.profile import Profile, shipped
from tallystick.strategy.inputs.terms import RIGHTS, Decision, Stage, Terms

DRAWS = 1024


def balanced() -> Terms:
    """A mutual cap with good inspection, in two stages that both move at."""
    return Terms(
        name="balanced",
        stages=(
            Stage("declare", ("all",), "dated", 0.5, 1.0),
            Stage("cap", ("all",), "condition", None, 0.5),
        ),
        rights={**dict.fromkeys(RIGHTS, "partial"), "declared": "yes", "continuous_monitoring": "yes"},
        inspector="reciprocal",
        findings=Decision("consensus"),
        sanctions=Decision("consensus"),
        operations=Decision("none"),
        elimination="none",
        exit="yes",
    )


def states() -> tuple[Profile, Profile]:
    return shipped("fictional/arden"), shipped("fictional/borealis")


def technology() -> Profile:
    return shipped("fictional/technology")


def with_parameter(profile: Profile, name: str, low: float, high: float) -> Profile:
    """The same profile with one parameter drawn from elsewhere."""
    changed = {**profile.parameters, name: uniform(low, high, Origin.ASSUMED, "a test")}
    return replace(profile, parameters=changed)
