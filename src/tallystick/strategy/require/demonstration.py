"""The demonstration's regime: a mutual cap between two invented states, and what it asks of inspection."""

from importlib.resources import as_file, files

from tallystick.records.profile import TechnologyProfile
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.library import load_instrument
from tallystick.strategy.assessment import read_terms
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.technology import technology_of
from tallystick.strategy.require.requirement import Requirement, require
from tallystick.strategy.require.unmeasured import unmeasured_technology

#: Enough for two decimals of a share, in about a second.
DEMO_DRAWS = 2048
STATES = ("fictional/arden", "fictional/borealis")


def mutual_cap() -> Instrument:
    """The regime of the demonstration. Raises InputError where its file is unusable."""
    with as_file(files("tallystick.strategy.require") / "demo.mutual_cap.yaml") as path:
        return load_instrument(path)


def demo_requirement(measured: TechnologyProfile | None = None, seed: int = 0) -> Requirement:
    """What the demonstration's regime asks of inspection, against a measured profile (None: nothing measured,
    every axis as wide as it can be).
    """
    regime = mutual_cap()
    technology = technology_of(measured) if measured else unmeasured_technology()
    inputs = Inputs(tuple(shipped(name) for name in STATES), technology, shipped("world/default"))
    return require(
        read_terms(regime),
        inputs,
        draws=DEMO_DRAWS,
        seed=seed,
        surface_draws=0,
    )
