"""A measured technology profile as the parameters of an assessment.

Axes of one rule belong together: detection by one and false alarms by another are never put side by side.
What the profile has no axis for stays as wide as it can be, marked "not measured"; a simulated axis is
never called measured. Of several axes that fit, all are kept and a draw takes the worst of the same rank.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tallystick.records.profile import Axis, Quantity, Rule, Status, TechnologyProfile
from tallystick.strategy.inputs.distribution import Distribution, Origin, from_draws, uniform, weakest
from tallystick.strategy.inputs.profile import Profile, shipped
from tallystick.strategy.models.alarm_load import alarm_load
from tallystick.units import PPM

Float = npt.NDArray[np.float64]

ORIGINS = {
    Status.MEASURED: Origin.MEASURED,
    Status.WIDENED: Origin.SIMULATED,
    Status.NO_GAP: Origin.NOT_MEASURED,
    Status.NOT_MEASURED: Origin.NOT_MEASURED,
}

#: Longest run, in years, of whose length ``delay`` is a share: half a year.
LONGEST_RUN_YEARS = 0.5

#: Permitted runs a state makes in a year, each of which may be accused. An assumption.
RUNS_A_YEAR = (5.0, 50.0)


def technology_of(
    measured: TechnologyProfile,
    rule: Rule = Rule.RUN_EVIDENCE,
    setting: str = "",
    runs_a_year: tuple[float, float] = RUNS_A_YEAR,
) -> Profile:
    """The measured profile as parameters. ``setting`` narrows to what was held out; without it all settings
    count, the worst of them first. Detection is of whole runs, however often one looks. False alarms are per
    permitted run: a year's follow from ``runs_a_year``, low with low and high with high, so that they
    spread as widely as they can.
    """
    base = shipped("fictional/technology")
    axes = [a for a in measured.axes if a.rule is rule and setting in ("", a.setting)]
    alarms = _worst([a for a in axes if a.quantity is Quantity.FALSE_ALARM], lowest=False)
    delay = _worst([a for a in axes if a.quantity is Quantity.DELAY], lowest=False)
    found = {
        **base.parameters,
        "detection": _worst([a for a in axes if a.quantity is Quantity.DETECTION], lowest=True),
        "detection_hidden": _unmeasured("sites that nobody declared"),
        "false_alarm": _yearly(alarms, runs_a_year),
        "delay_years": _in_years(delay),
        "leakage": _worst([a for a in measured.axes if a.quantity is Quantity.LEAKAGE], lowest=False),
    }
    name = f"profile {measured.hash[:12]}"
    return replace(base, name=name, title="", parameters=found, digest=measured.hash, per_violation=True)


def _yearly(alarms: Distribution, runs: tuple[float, float]) -> Distribution:
    """False alarms a year: of a run, times an assumed number of runs."""
    levels = np.asarray(alarms.levels)
    values = alarm_load(np.asarray(alarms.values), runs[0] + levels * (runs[1] - runs[0]))
    return _assuming(alarms, values, f"{runs[0]:g} to {runs[1]:g} runs a year assumed")


def _in_years(delay: Distribution) -> Distribution:
    """Delay in years: a share of a run, times the assumed length of the longest."""
    values = np.asarray(delay.values) * LONGEST_RUN_YEARS
    return _assuming(delay, values, f"a longest run of {LONGEST_RUN_YEARS:g} years assumed")


def _assuming(axis: Distribution, values: Float, what: str) -> Distribution:
    """``axis`` turned into ``values`` by something assumed: assumed too, unless nothing was measured."""
    origin = weakest(axis.origin, Origin.ASSUMED)
    return replace(axis, values=tuple(values.tolist()), origin=origin, why=f"{axis.why}; {what}")


def _worst(axes: list[Axis], *, lowest: bool) -> Distribution:
    if not axes:
        return _unmeasured("no axis of this rule")
    sorted_draws = np.sort(np.array([axis.draws for axis in axes], dtype=np.float64), axis=1) / PPM
    draws = sorted_draws.min(axis=0) if lowest else sorted_draws.max(axis=0)
    why = "; ".join(f"{axis.setting}: {axis.status}, {axis.units} {axis.unit}" for axis in axes)
    return from_draws(draws, weakest(*(ORIGINS[axis.status] for axis in axes)), why)


def _unmeasured(what: str) -> Distribution:
    return uniform(0.0, 1.0, Origin.NOT_MEASURED, f"not measured: {what}")
