"""How much trust cooperation needs, and what a proposal says about the one who makes it.

Source: Kydd, "Trust, reassurance, and cooperation", International Organization 54 (2000), and "Trust and
Mistrust in International Relations" (2005).
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, probability, within


def trust_needed(
    restraint: npt.ArrayLike, temptation: npt.ArrayLike, defection: npt.ArrayLike, sucker: npt.ArrayLike
) -> Float:
    """(P - S) / ((R - T) + (P - S)): cooperate where the other is trustworthy at least this often.

    For assurance payoffs, R above T and P at least S. Raises InputError for others.
    """
    exposed = within("P - S", np.subtract(defection, sucker))
    better = within("R - T", np.subtract(restraint, temptation), 1e-12)
    return exposed / (better + exposed)


def updated_trust(prior: npt.ArrayLike, log_odds: npt.ArrayLike) -> Float:
    """Bayes' rule: prior odds of being trustworthy, times exp(log_odds) for what was seen.

    A costly concession, which an untrustworthy side would shun, is above 0; a self-serving proposal below.
    Raises InputError for a prior outside 0..1.
    """
    t = probability("prior", prior)
    weight = np.exp(np.asarray(log_odds, dtype=np.float64))
    return t * weight / (t * weight + (1 - t))
