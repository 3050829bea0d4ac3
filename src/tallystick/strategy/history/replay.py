"""History run through the model: does it find who refused, where, and for which reasons?

A refusal is met where the state's share is at most 0.1: once counting draws in which it would agree and
keep its word, once counting all in which it would agree, its own word aside, which is the harder test.
Standing by a proposal is met where it would agree in at least half. Two events are told apart, no consent and
a formal block; see ``approval``. Misses are reported and nothing is repaired; what was changed after the
first run is in ``data/history/CHANGES.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.regimes.library import INSTRUMENTS, load_instrument
from tallystick.strategy.assessment import DRAWS, SEED, Assessment, assess, read_terms
from tallystick.strategy.history.approval import Approval, approval
from tallystick.strategy.history.case import HistoricCase, era
from tallystick.strategy.history.placebo import PlaceboResult, placebo
from tallystick.strategy.inputs.ensemble import Inputs
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.verdicts.verdict import ROBUST_NO

#: A state that stands by its proposal accepts in at least half of the ensemble.
STANDS = 0.5


@dataclass(frozen=True, slots=True)
class ReasonMet:
    """A reason a delegation gave beside the share of draws in which that gate fails for it."""

    who: str
    gate: str
    text: str
    source: str
    fails: float


@dataclass(frozen=True, slots=True)
class CaseReplay:
    """One proposal: what came, what the model says. ``hits``: expectation by state, met or missed.
    ``approval``: shares of draws in which the text has everybody's consent, a veto or no majority.
    """

    case: HistoricCase
    assessment: Assessment
    hits: Mapping[str, bool]
    approval: Approval
    reasons: tuple[ReasonMet, ...]


@dataclass(frozen=True, slots=True)
class HistoryReplay:
    """All proposals of an era, and how often random parameters give the same pattern."""

    title: str
    cases: tuple[CaseReplay, ...]
    placebo: PlaceboResult

    @property
    def misses(self) -> tuple[str, ...]:
        """What history shows and the model does not."""
        return tuple(
            f"{one.case.regime}: {name}" for one in self.cases for name, met in one.hits.items() if not met
        )


def replay(name: str = "1946", *, draws: int = DRAWS, seed: int = SEED, boxes: int = 500) -> HistoryReplay:
    """Runs an era. Raises InputError where a file is missing or unusable."""
    chosen = era(name)
    terms = {case.regime: historic_terms(case.regime) for case in chosen.cases}
    return HistoryReplay(
        title=chosen.title,
        cases=tuple(
            _replay(case, terms[case.regime], chosen.states, chosen.technology, draws, seed)
            for case in chosen.cases
        ),
        placebo=placebo(chosen, terms, boxes=boxes, seed=seed),
    )


def historic_terms(regime: str) -> Terms:
    """The terms of a shipped regime file. Raises InputError."""
    return read_terms(load_instrument(INSTRUMENTS / f"{regime}.yaml"))


def _replay(
    case: HistoricCase, terms: Terms, states: tuple[str, ...], technology: str, draws: int, seed: int
) -> CaseReplay:
    inputs = Inputs(tuple(map(shipped, states)), shipped(technology), shipped("world/default"))
    result = assess(
        terms,
        inputs.states,
        inputs.technology,
        draws=draws,
        seed=seed,
        proposer=case.proposer,
        sensitivity=False,
    )
    against = {who: result.state(who) for who in case.refused_by}
    hits = {f"{who} refuses, or would not keep it": one.share <= ROBUST_NO for who, one in against.items()}
    hits |= {f"{who} refuses": one.agrees <= ROBUST_NO for who, one in against.items()}
    hits |= {f"{who} stands by it": result.state(who).agrees >= STANDS for who in case.accepted_by}
    return CaseReplay(
        case=case,
        assessment=result,
        hits=hits,
        approval=approval(terms, inputs, case.proposer, draws=draws, seed=seed),
        reasons=tuple(
            ReasonMet(s.who, s.gate, s.text, s.source, 1 - result.state(s.who).gates[s.gate])
            for s in case.said
        ),
    )
