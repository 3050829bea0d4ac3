"""How much trust cooperation needs, and what a proposal says about the one who makes it.

Source: Kydd, "Trust, reassurance, and cooperation", International Organization 54 (2000), and "Trust and
Mistrust in International Relations" (2005).
"""

import numpy as np
import numpy.typing as npt

from tallystick.strategy.models.ranges import Float, finite, probability, within

#: Beyond it, exp overflows.
_MOST = 700.0


def trust_needed(
    restraint: npt.ArrayLike, temptation: npt.ArrayLike, defection: npt.ArrayLike, sucker: npt.ArrayLike
) -> Float:
    """(P - S) / ((R - T) + (P - S)): cooperate where the other is trustworthy at least this often.

    For assurance payoffs, R above T and P at least S. Raises InputError for others.
    """
    exposed = within("P - S", finite("P", defection) - finite("S", sucker))
    better = within("R - T", finite("R", restraint) - finite("T", temptation), 1e-12)
    return exposed / (better + exposed)


def posterior(prior: npt.ArrayLike, if_trustworthy: npt.ArrayLike, if_not: npt.ArrayLike) -> Float:
    """Bayes' rule: how probably the other is trustworthy once something was seen that a trustworthy side
    shows with the one probability and another with the other. Raises InputError for what are no
    probabilities, or where neither could have shown it.
    """
    yes, no = probability("if_trustworthy", if_trustworthy), probability("if_not", if_not)
    t = probability("prior", prior)
    seen = within("what was seen", t * yes + (1 - t) * no, 1e-300)
    return np.asarray(t * yes / seen)


def updated_trust(prior: npt.ArrayLike, log_odds: npt.ArrayLike) -> Float:
    """Bayes' rule: prior odds of being trustworthy, times exp(log_odds) for what was seen.

    A costly concession, which an untrustworthy side would shun, is above 0; a self-serving proposal below.
    Log odds beyond 700 either way count as 700. Raises InputError for a prior outside 0..1, or log odds that
    are not finite.
    """
    t = probability("prior", prior)
    weight = np.exp(np.clip(finite("log_odds", log_odds), -_MOST, _MOST))
    return t * weight / (t * weight + (1 - t))
