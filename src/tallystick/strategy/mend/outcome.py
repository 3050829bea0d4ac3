"""How states stand before one text: what a change of clauses is compared by."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tallystick.strategy.gates.evaluate import Gate, Margins
from tallystick.strategy.verdicts.verdict import Verdict, verdict

#: A change of a share below this is not called a change; it is far below what any choice of inputs moves.
NOTED = 0.005


@dataclass(frozen=True, slots=True)
class Standing:
    """One state before one text. Shares of draws: ``share`` passes all gates, ``agrees`` its own word aside.
    ``worth``: median, at the worst stage, of
    what the regime is worth to it against the race, in payoff units. ``binding_gate``: passed least often.
    """

    share: float
    agrees: float
    worth: float
    binding_gate: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """All states before one text; ``joint``: share of draws in which all pass every gate."""

    joint: float
    states: Mapping[str, Standing]

    @property
    def verdict(self) -> Verdict:
        """What the joint share says."""
        return verdict(self.joint)

    @property
    def least(self) -> float:
        """The share of the state that passes least often."""
        return min(state.share for state in self.states.values())


def outcome_of(table: Margins, names: tuple[str, ...]) -> Outcome:
    """The outcome of evaluated margins; ``names`` of all states, in order."""
    accepted, agreed = table.accepted, table.agreed
    worth = np.median(table.table[:, Gate.PARTICIPATION].min(axis=1), axis=1)
    passes = table.passed.mean(axis=2)
    return Outcome(
        joint=float(accepted.all(axis=0).mean()),
        states={
            names[member]: Standing(
                share=float(accepted[k].mean()),
                agrees=float(agreed[k].mean()),
                worth=float(worth[k]),
                binding_gate=Gate(int(passes[k].argmin())).label,
            )
            for k, member in enumerate(table.members)
        },
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one state. It ``gains`` where its share rises; it ``pays`` where the regime is
    worth less to it than the text before, or its share falls.
    """

    name: str
    before: Standing
    after: Standing

    @property
    def gains(self) -> bool:
        """Whether it passes more often."""
        return self.after.share - self.before.share > NOTED

    @property
    def pays(self) -> bool:
        """Whether the changed text is worth less to it, or passes it less often."""
        return self.before.worth - self.after.worth > NOTED or self.before.share - self.after.share > NOTED


def effects_of(before: Outcome, after: Outcome) -> tuple[Effect, ...]:
    """One effect for each state."""
    return tuple(Effect(name, before.states[name], one) for name, one in after.states.items())
