"""What becomes of a proposal in the body that must approve it: consent, a veto, or no majority.

Two events are told apart. *No consent*: not all states would agree. A *formal block* is one way for that to
come: a text has a majority, is put to the vote, and a permanent member that would refuse it vetoes it. The
votes are those that states can count on (``council_friends``): of who would agree for it, of who would refuse
against it; those whom nobody counts on stay away. Whether a permanent member abstains instead, as the USSR
did in December 1946 and did not in June 1948, no input says: a refuser is taken to use its veto.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.strategy.assessment import evaluated
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.terms import Terms

Bool = npt.NDArray[np.bool_]

#: How texts and profiles call a permanent member of the Security Council.
PERMANENT = "P5"


@dataclass(frozen=True, slots=True)
class Approval:
    """Shares of draws, which add up to 1. ``consent``: all states would agree. ``vetoed``: a majority of the
    votes is for it, and a permanent member refuses. ``carried``: a majority is for it, and who refuses has
    no veto. ``no_majority``: it falls without a veto.
    """

    consent: float
    vetoed: float
    carried: float
    no_majority: float

    @property
    def no_consent(self) -> float:
        """Share of draws in which not all states would agree."""
        return 1 - self.consent


def approval(terms: Terms, inputs: Inputs, proposer: str, *, draws: int, seed: int) -> Approval:
    """What becomes of a text, on the draws of an assessment with the same draws and seed."""
    values = drawn(inputs, sobol_levels(len(inputs.columns), draws, seed))
    agrees = evaluated(terms, inputs, values, proposer).agreed
    friends = np.array([values.of(name)["council_friends"] for name in inputs.names])
    permanent = np.array([state.is_called(PERMANENT) for state in inputs.states])
    return counted(agrees, friends, permanent)


def counted(agrees: Bool, friends: npt.NDArray[np.float64], permanent: Bool) -> Approval:
    """The events, from who would agree (states, n), whose votes each can count on (states, n; shares of the
    body), and who may veto (states,).
    """
    consent = agrees.all(axis=0)
    majority = (friends * agrees).sum(axis=0) > (friends * ~agrees).sum(axis=0)
    veto = (~agrees & permanent[:, None]).any(axis=0)
    return Approval(
        consent=float(consent.mean()),
        vetoed=float((~consent & majority & veto).mean()),
        carried=float((~consent & majority & ~veto).mean()),
        no_majority=float((~consent & ~majority).mean()),
    )
