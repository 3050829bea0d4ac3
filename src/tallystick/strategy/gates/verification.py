"""What inspection achieves under the rights that a text grants: detection in time, false alarms, intrusion.

A violator goes where it is least seen: to a place nobody declared if it can, else to a declared one. Looks
at a declared place are independent. Looks at a hidden one are so too in half of the ensemble; in the other
half the first decides, since what concealed the place once conceals it again. National means look as often
as a rival takes stock, whatever rights a text grants: a right makes nobody's satellites pass more often.
Inspectors and national means may see the same things, so that the better of both counts, and not their sum.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.inputs.terms import RIGHTS, Terms
from tallystick.strategy.models.timeliness import looks_before_breakout, timely_detection

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]

#: Where these decide on findings, an empty alarm can be cleared.
_JUDGES = ("majority", "supermajority", "veto", "consensus", "court", "executive")
_NEUTRAL = ("international_authority", "third_party")


@dataclass(frozen=True, slots=True)
class Verification:
    """``timely`` (states, stages, n): a violation by a state is found before its result; ``yearly``: per
    year. ``alarms`` (stages, n): a year, that survive. ``intrusion`` (stages, n): share of all access that
    is granted, less what a neutral inspector keeps to itself. Before inspection is at work there are
    national means only.
    """

    timely: Float
    yearly: Float
    alarms: Float
    intrusion: Float


def verification_key(terms: Terms) -> Hashable:
    """Equal for two texts under which inspection achieves the same."""
    begun = tuple(stage.inspected for stage in terms.stages)
    return tuple(sorted(terms.rights.items())), begun, terms.findings.rule, terms.inspector


def verification(
    terms: Terms, states: Sequence[Values], technology: Values, world: Values, *, per_violation: bool = False
) -> Verification:
    """What the rights of ``terms`` let the technology achieve against each state at each stage.
    ``per_violation``: its detection is of a whole violation, so that further looks add nothing.
    """
    granted = {right: world[f"access_{terms.rights.get(right, 'no')}"] for right in RIGHTS}
    with_rights = _at_work(
        terms, granted, look_interval(terms, world), states, technology, world, per_violation
    )
    refused = dict.fromkeys(RIGHTS, np.zeros_like(world["access_no"]))
    without = _at_work(terms, refused, world["interval_none"], states, technology, world, per_violation)
    begun = np.maximum.accumulate([stage.inspected for stage in terms.stages])
    stages = [with_rights if at_work else without for at_work in begun]
    return Verification(
        timely=np.stack([one.timely for one in stages], axis=1),
        yearly=np.stack([one.yearly for one in stages], axis=1),
        alarms=np.array([one.alarms for one in stages]),
        intrusion=np.array([one.intrusion for one in stages]),
    )


def _at_work(
    terms: Terms,
    access: Mapping[str, Float],
    interval: Float,
    states: Sequence[Values],
    technology: Values,
    world: Values,
    per_violation: bool,
) -> Verification:
    """The same at one stage, without that axis."""
    declared = np.maximum(access["declared"], access["continuous_monitoring"])
    hidden = np.maximum(access["undeclared"], access["challenge"])
    survive = world["unadjudicated"] if terms.findings.rule in _JUDGES else np.ones_like(declared)
    filtered = world["authority_filter"] if terms.inspector in _NEUTRAL else np.ones_like(declared)
    views = [_View(values, technology, world, declared, hidden, per_violation) for values in states]
    delay = technology["delay_years"]
    outside = world["interval_none"]
    looks = [
        [looks_before_breakout(values["breakout_years"], delay, every) for every in (interval, outside)]
        for values in states
    ]
    return Verification(
        timely=np.array([view.found(*both) for view, both in zip(views, looks, strict=True)]),
        yearly=np.array([view.found(1 / interval, 1 / outside) for view in views]),
        alarms=np.asarray(technology["false_alarm"] * survive * np.maximum(declared, hidden)),
        intrusion=np.asarray(np.mean(list(access.values()), axis=0) * filtered),
    )


def look_interval(terms: Terms, world: Values) -> Float:
    """Years between looks, by the best right that is granted."""
    granted = {right for right, answer in terms.rights.items() if answer in ("yes", "partial")}
    if "continuous_monitoring" in granted:
        return world["interval_continuous"]
    if granted & {"unannounced", "challenge"}:
        return world["interval_unannounced"]
    return world["interval_routine"] if granted else world["interval_none"]


@dataclass(frozen=True, slots=True)
class _View:
    """What inspectors see of one state."""

    state: Values
    technology: Values
    world: Values
    declared: Float
    hidden: Float
    per_violation: bool

    def found(self, looks: Float, looks_outside: Float) -> Float:
        """Probability that a violation is found in so many looks, by inspectors and from outside, (n,)."""
        in_open = self._better(self.technology["detection"] * self.declared, looks, looks_outside)
        hidden = self.technology["detection_hidden"] * self.hidden
        once = self._better(hidden, np.minimum(looks, 1.0), np.minimum(looks_outside, 1.0))
        often = self._better(hidden, looks, looks_outside)
        in_hiding = np.where(self.world["hidden_looks"] == 0, often, once)
        can_hide = self.state["hidden_capacity"]
        return np.asarray((1 - can_hide) * in_open + can_hide * np.minimum(in_open, in_hiding))

    def _better(self, seen: Float, looks: Float, looks_outside: Float) -> Float:
        """The better of inspectors, who find ``seen`` per look, and national means."""
        if self.per_violation:
            looks, looks_outside = np.minimum(looks, 1.0), np.minimum(looks_outside, 1.0)
        national = timely_detection(self.technology["national_means"], looks_outside)
        return np.maximum(timely_detection(seen, looks), national)
