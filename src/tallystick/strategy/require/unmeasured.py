"""A technology of which nothing was measured: every axis as wide as it can be, and marked so."""

from dataclasses import replace

from tallystick.strategy.inputs.distribution import Origin
from tallystick.strategy.inputs.profile import Profile, shipped


def unmeasured_technology() -> Profile:
    """The shipped technology without measurements, its empty axes called "not measured" and not assumed."""
    base = shipped("fictional/technology")
    parameters = {
        name: replace(one, origin=Origin.NOT_MEASURED) if one.why.startswith("not measured") else one
        for name, one in base.parameters.items()
    }
    return replace(base, parameters=parameters)
