"""What would remain: the clubs in which all members accept, and the deals two states could strike.

The same regime is put to every group of two or more, all others racing outside. A pair may also strike a
deal of its own (``models.deal_timing``): the one behind stops, the one ahead pays, with no more than
national means. Those deals are not put through the gates. A group none of whose members moves at any stage
keeps nothing, and is no club.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tallystick.strategy.gates.evaluate import margins
from tallystick.strategy.gates.situation import Values, situation
from tallystick.strategy.inputs.ensemble import Draws, Inputs
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.models.deal_timing import early_deal, late_deal
from tallystick.strategy.verdicts.verdict import Verdict, verdict

MOST_STATES = 6
REGIME = "regime"

#: Years before its weapon within which the rival's threat to fight is believed: a deal is "late" then.
FIGHT_WINDOW_YEARS = 1.0


@dataclass(frozen=True, slots=True)
class Club:
    """A group and the share of draws in which all of it accept. ``kind`` is ``regime``, ``early deal`` or
    ``late deal``. ``gated``: whether it was put through the gates.
    """

    members: tuple[str, ...]
    kind: str
    share: float
    verdict: Verdict

    @property
    def gated(self) -> bool:
        """Deals of two are not put through the gates."""
        return self.kind == REGIME


def clubs_of(terms: Terms, inputs: Inputs, values: Draws, proposer: str) -> tuple[Club, ...]:
    """Every group of two or more, largest share first; at most ``MOST_STATES`` states are grouped."""
    indices = range(min(len(inputs.states), MOST_STATES))
    groups = [group for size in range(2, len(indices) + 1) for group in combinations(indices, size)]
    found = [one for group in groups if (one := _regime(terms, inputs, values, proposer, group))]
    for pair in combinations(indices, 2):
        found.extend(_deals(inputs, values, pair))
    return tuple(sorted(found, key=lambda club: (-club.share, club.members, club.kind)))


def _regime(
    terms: Terms, inputs: Inputs, values: Draws, proposer: str, group: tuple[int, ...]
) -> Club | None:
    """The group under the regime; None where none of it moves."""
    case = situation(terms, inputs, values, proposer, group)
    if (case.plan.frozen[list(group)] == case.plan.count).all():
        return None
    accepted = margins(case).accepted
    share = float(accepted.all(axis=0).mean())
    return Club(tuple(inputs.names[i] for i in group), REGIME, share, verdict(share))


def _deals(inputs: Inputs, values: Draws, pair: tuple[int, ...]) -> list[Club]:
    names = tuple(inputs.names[i] for i in pair)
    behind, ahead = sorted(
        (values.of(name) for name in names), key=lambda state: float(np.median(state["capability"]))
    )
    technology = values.of("technology")
    left, prize = behind["catch_up_years"], 2 * behind["stake"]
    early = early_deal(
        left,
        prize,
        behind["discount"],
        technology["national_means"],
        behind["punishment"],
        budget=2 * ahead["stake"],
    )
    late = late_deal(left, FIGHT_WINDOW_YEARS) & _worth_a_fight(ahead)
    shares = ((kind, float(deal.mean())) for kind, deal in (("early deal", early), ("late deal", late)))
    return [Club(names, kind, share, verdict(share)) for kind, share in shares]


def _worth_a_fight(ahead: Values) -> "np.typing.NDArray[np.bool_]":
    """The lead is worth more to the one ahead than a fight costs."""
    return np.asarray(ahead["stake"] > ahead["conflict_cost"] * 2 * ahead["stake"])
