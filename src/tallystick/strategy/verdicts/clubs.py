"""What would remain: the clubs in which all members accept, and the deals two states could strike.

The same regime is put to every group of two or more, all others racing outside; what it is worth to a club
goes by the members' part of all capability (``gates.benefit``). A pair may also strike a deal of its own: the
one behind stops, the one ahead pays the price of ``models.deal_timing``, with no more than national means; a
late deal that can be expected makes an early one dearer. It is written as a text of one stage and put through
the same gates, and must be early or late enough besides.
Early it has no body that acts; late the one ahead decides by itself whether to fight. A group none of whose
members moves at any stage keeps nothing, and is no club.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from tallystick.strategy.gates.evaluate import Gate, Margins, margins
from tallystick.strategy.gates.power import weight
from tallystick.strategy.gates.proposal import JOINT
from tallystick.strategy.gates.situation import Values, situation
from tallystick.strategy.inputs.ensemble import Draws, Inputs
from tallystick.strategy.inputs.terms import Decision, Stage, Terms
from tallystick.strategy.models.deal_timing import (
    deal_price,
    early_deal,
    late_deal,
    late_price,
    price_of_early_deal,
)
from tallystick.strategy.verdicts.verdict import Verdict, verdict

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

MOST_STATES = 6
REGIME = "regime"

#: Years before its weapon within which the rival's threat to fight is believed: a deal is "late" then.
FIGHT_WINDOW_YEARS = 1.0


@dataclass(frozen=True, slots=True)
class Club:
    """A group and the share of draws in which all of it accept. ``kind`` is ``regime``, ``early deal`` or
    ``late deal``; all are put through the six gates. ``gates``: share of draws in which all of it pass each;
    without those that ask nothing of it, as coalition of two.
    """

    members: tuple[str, ...]
    kind: str
    share: float
    verdict: Verdict
    gates: Mapping[str, float]


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
    if not case.plan.moving[list(group)].any():
        return None
    table = margins(case)
    return _club(tuple(inputs.names[i] for i in group), REGIME, table, np.asarray(table.accepted.all(axis=0)))


def _club(names: tuple[str, ...], kind: str, table: Margins, holds: Bool) -> Club:
    share = float(holds.mean())
    passes = (table.table >= 0).all(axis=(0, 2)).mean(axis=1)
    gates = {gate.label: float(passes[gate]) for gate in Gate if gate not in table.idle}
    return Club(names, kind, share, verdict(share), gates)


def _deals(inputs: Inputs, values: Draws, pair: tuple[int, ...]) -> list[Club]:
    """The early and the late deal of a pair."""
    first, second = (inputs.names[i] for i in pair)
    now = {name: float(np.median(values.of(name)["capability"])) for name in (first, second)}
    behind, ahead = (first, second) if now[first] < now[second] else (second, first)
    offers = offers_of(values.of(behind), values.of(ahead), values.of("technology")["national_means"])
    found = []
    for kind, offer, body in (("early deal", offers.early, "none"), ("late deal", offers.late, "executive")):
        paid = _paying(values, offer.price)
        table = margins(situation(deal_terms(behind, ahead, body), inputs, paid, JOINT, pair))
        found.append(_club((first, second), kind, table, offer.possible & table.accepted.all(axis=0)))
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """A deal of two, (n,): whether it is possible at all, and what the one ahead pays, in payoff units."""

    possible: Bool
    price: Float


@dataclass(frozen=True, slots=True)
class Offers:
    """What the one behind can have now, or near its weapon."""

    early: Offer
    late: Offer


def offers_of(behind: Values, ahead: Values, seen: Float) -> Offers:
    """Both deals by ``models.deal_timing``; ``seen`` (n,): what national means find in a year.

    The prize is the whole stake, from far below the rival to far above, and the one ahead can pay as much.
    Late it would fight where that saves it more power than a fight costs it, both as shares of the stake
    (Fearon, 1995). The late deal that can be expected is what the one behind compares an early one with.
    """
    left, discount = behind["catch_up_years"], behind["discount"]
    prize, budget = 2 * behind["stake"], 2 * ahead["stake"]
    least = deal_price(np.minimum(left, FIGHT_WINDOW_YEARS), prize, discount)
    late, fights = late_price(least, budget), _worth_a_fight(behind, ahead, left)
    awaited = np.where(fights & (least <= budget), late, 0.0)
    timing = (left, prize, discount)
    early = early_deal(*timing, seen, behind["punishment"], awaited, FIGHT_WINDOW_YEARS, budget)
    return Offers(
        Offer(early, price_of_early_deal(*timing, awaited, FIGHT_WINDOW_YEARS)),
        Offer(late_deal(left, FIGHT_WINDOW_YEARS, least, budget) & fights, late),
    )


def deal_terms(behind: str, ahead: str, body: str) -> Terms:
    """One stops and is paid by the other; either may leave. ``body``: the rule by which a breach is acted
    on.
    """
    stop = Stage("stop", (behind,), "dated", None, 1.0, yields=False, inspected=False)
    return Terms(
        name="deal",
        stages=(stop,),
        findings=Decision("national"),
        sanctions=Decision(body),
        exit="yes",
        paid=(behind,),
        payers=(ahead,),
    )


def _paying(values: Draws, price: Float) -> Draws:
    """The same draws with this price as what is paid."""
    return Draws({**values.values, "world": {**values.of("world"), "side_payment": price}}, values.count)


def _worth_a_fight(behind: Values, ahead: Values, years: Float) -> Bool:
    """A fight, which leaves the one behind nothing of what the regime limits, saves the one ahead more power
    than it costs, against letting it catch up in so many ``years``.
    """
    own, caught_up = weight(ahead, years), weight(behind, years)
    saved = own / (own + behind["other_power"]) - own / (own + caught_up)
    return np.asarray(saved > ahead["conflict_cost"])
