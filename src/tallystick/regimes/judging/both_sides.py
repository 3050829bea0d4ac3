"""The rules of one instrument under one reading, asked on both sides: by claimed and by verified facts."""

from dataclasses import dataclass

from tallystick.regimes.judging.condition import Compiler, Test
from tallystick.regimes.judging.plan import Plan, Rules
from tallystick.regimes.law.counting import Reading
from tallystick.regimes.law.exact import Interval, Truth, truth_text
from tallystick.regimes.law.expression import Amount, Expression
from tallystick.regimes.law.instrument import Condition, Defeater
from tallystick.regimes.stated.fact_set import FactSet

Truths = tuple[Truth, Truth]


@dataclass(frozen=True, slots=True)
class BothSides:
    """One reading of one instrument over one set of facts; every answer is claimed first, then verified."""

    claimed: Rules
    verified: Rules
    facts: FactSet

    @property
    def compiler(self) -> Compiler:
        """That of the claimed side: lines and components are the same on both."""
        return self.claimed.compiler

    def test(self, expression: Expression) -> Truths:
        """What a test gives, before exceptions."""
        return self._asked(self.claimed.compiler.test(expression), self.verified.compiler.test(expression))

    def standing(self, rule: Condition | Defeater) -> Truths:
        """Whether a rule holds and nothing defeats it."""
        return self._asked(self.claimed.standing(rule), self.verified.standing(rule))

    def outcome(self, name: str) -> Truths:
        """Whether any condition that gives the outcome stands."""
        return self._asked(self.claimed.outcome(name), self.verified.outcome(name))

    def figure(self, amount: Amount) -> tuple[Interval, Interval]:
        """An amount."""
        claimed, verified = self.claimed.compiler.figure(amount), self.verified.compiler.figure(amount)
        return claimed(self.facts.claimed), verified(self.facts.verified)

    def _asked(self, claimed: Test, verified: Test) -> Truths:
        return claimed(self.facts.claimed), verified(self.facts.verified)


def both_sides(plan: Plan, facts: FactSet, reading: Reading) -> BothSides:
    """The instrument of the plan under one of its readings."""
    claimed, verified = (
        Rules(Compiler(plan.instrument, plan.at, plan.known_on, reading, side)) for side in (False, True)
    )
    return BothSides(claimed, verified, facts)


def mark(truths: Truths) -> str:
    """``[claimed / verified]``: ``[true / not verified]``; one word where nothing is known on either side."""
    claimed, verified = truths
    if verified is None:
        return "[unknown]" if claimed is None else f"[{truth_text(claimed)} / not verified]"
    return f"[{truth_text(claimed)} / {truth_text(verified)}]"
