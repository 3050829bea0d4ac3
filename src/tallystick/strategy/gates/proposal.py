"""What it says that this side proposes this text.

A proposal that lets its author disarm last is what one who wants to contain would propose too: it lowers a
rival's trust. One under which the author goes first costs him something, and does not. See ``models.trust``.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tallystick.errors import InputError
from tallystick.strategy.gates.schedule import Schedule
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.models.trust import updated_trust

Float = npt.NDArray[np.float64]
Values = Mapping[str, Float]

JOINT, THIRD_PARTY = "joint", "third_party"


def proposer_of(word: str, profiles: tuple[Profile, ...], states: Sequence[Values]) -> int | None:
    """The index of the proposer, None where it is joint or a third party. ``leader`` and ``laggard`` go by
    median capability. Raises InputError for a word that means nobody.
    """
    if word in (JOINT, THIRD_PARTY):
        return None
    ranked = np.argsort([float(np.median(values["capability"])) for values in states])
    if word in ("leader", "laggard"):
        return int(ranked[-1] if word == "leader" else ranked[0])
    for index, profile in enumerate(profiles):
        if profile.is_called(word):
            return index
    known = ", ".join(("leader", "laggard", JOINT, THIRD_PARTY, *(p.name for p in profiles)))
    raise InputError(f"proposer {word!r} is not known", where="proposer", mend=f"one of {known}")


def trust_after(proposer: int | None, plan: Schedule, states: Sequence[Values]) -> Float:
    """Trust of each state in its rivals, (states, n), once the proposal is on the table."""
    found = []
    for i, values in enumerate(states):
        self_serving = 0.0 if proposer is None or proposer == i else 0.5 + 0.5 * _favour(proposer, i, plan)
        found.append(updated_trust(values["trust"], -values["containment"] * self_serving))
    return np.array(found)


def _favour(proposer: int, other: int, plan: Schedule) -> float:
    """+1 where the proposer gives up his capability later than the other on average, -1 where earlier."""
    behind = plan.given[other, 1:].mean() - plan.given[proposer, 1:].mean()
    return float(np.sign(np.round(behind, 9)))
