"""The smallest change of clauses that turns a regime's verdict: every single, pair and triple is tried.

All candidates are put to the same draws as the text itself, so that a difference between two of them is the
clauses' and not chance. Each candidate is judged by itself and the order is fixed, so the result does not
depend on the number of workers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice

from tallystick.errors import InputError
from tallystick.execution.local import mapped
from tallystick.strategy.assessment import DRAWS, SEED, check_draws, evaluated
from tallystick.strategy.gates.memory import Memory
from tallystick.strategy.gates.proposal import JOINT
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.terms import Terms
from tallystick.strategy.mend.clause import Clause, applied
from tallystick.strategy.mend.clauses import clauses_for
from tallystick.strategy.mend.outcome import Effect, Outcome, effects_of, outcome_of
from tallystick.strategy.mend.sides import sides_of
from tallystick.strategy.verdicts.verdict import Verdict

MOST_CLAUSES = 3
#: Texts that one worker judges in one go: they share what they have in common (``gates.memory``).
BATCH = 64
#: Draws times parts of texts that are remembered: 64 parts at the usual draws.
REMEMBERED = 64 * DRAWS
#: How many candidates of each size are kept for the report.
KEPT = 5


@dataclass(frozen=True, slots=True)
class Mend:
    """A change and what comes of it."""

    clauses: tuple[Clause, ...]
    outcome: Outcome
    effects: tuple[Effect, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The clauses' names."""
        return tuple(clause.id for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class MendSearch:
    """``best``: by number of clauses, the candidates with the highest joint share, at most ``KEPT`` each.
    ``smallest``: of the smallest changes that turn the verdict to robust yes, or, where none does, from
    robust no to contested, the one with the highest joint share; None where none turns it. ``turning``:
    how many changes of each size turn it so far. ``tried``: candidates of each size.
    """

    regime: str
    proposer: str
    draws: int
    seed: int
    clauses: tuple[Clause, ...]
    before: Outcome
    tried: dict[int, int]
    turning: dict[int, int]
    best: dict[int, tuple[Mend, ...]]
    smallest: Mend | None

    @property
    def reached(self) -> Verdict:
        """The verdict of the smallest change, or of the text as it is."""
        return self.smallest.outcome.verdict if self.smallest else self.before.verdict


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some texts to judge, with all that a worker needs to draw the same draws."""

    texts: tuple[Terms, ...]
    inputs: Inputs
    draws: int
    seed: int
    proposer: str


def mend(
    terms: Terms,
    inputs: Inputs,
    *,
    proposer: str = JOINT,
    draws: int = DRAWS,
    seed: int = SEED,
    most: int = MOST_CLAUSES,
    workers: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> MendSearch:
    """Tries every change of up to ``most`` clauses. ``progress`` is told the number of texts just judged.

    Raises InputError for draws or a proposer that do not fit, or ``most`` outside 1 to 3.
    """
    if not 1 <= most <= MOST_CLAUSES:
        raise InputError(f"changes of {most} clauses", where="most", mend="give 1, 2 or 3")
    check_draws(draws)
    clauses = clauses_for(terms, sides_of(inputs.states))
    chosen = [()] + [found for size in range(1, most + 1) for found in _candidates(clauses, size)]
    batches = (
        _Batch(tuple(applied(terms, one) for one in group), inputs, draws, seed, proposer)
        for group in _groups(chosen)
    )
    outcomes: list[Outcome] = []
    for found in mapped(_judged, batches, workers):
        outcomes.extend(found)
        progress(len(found))
    before = outcomes[0]
    mends = [
        Mend(one, outcome, effects_of(before, outcome))
        for one, outcome in zip(chosen[1:], outcomes[1:], strict=True)
    ]
    return _search(terms, clauses, before, mends, proposer, draws, seed)


def candidates_count(terms: Terms, inputs: Inputs, most: int = MOST_CLAUSES) -> int:
    """How many texts a search judges, the text itself included."""
    clauses = clauses_for(terms, sides_of(inputs.states))
    return 1 + sum(1 for size in range(1, most + 1) for _ in _candidates(clauses, size))


def _candidates(clauses: tuple[Clause, ...], size: int) -> Iterator[tuple[Clause, ...]]:
    """Sets of clauses that one text can hold together."""
    for group in combinations(clauses, size):
        if len({clause.slot for clause in group}) == size:
            yield group


def _groups(chosen: list[tuple[Clause, ...]]) -> Iterator[list[tuple[Clause, ...]]]:
    left = iter(chosen)
    while group := list(islice(left, BATCH)):
        yield group


def _judged(batch: _Batch) -> list[Outcome]:
    inputs = batch.inputs
    values = drawn(inputs, sobol_levels(len(inputs.columns), batch.draws, batch.seed))
    memory = Memory(REMEMBERED // batch.draws)
    return [
        outcome_of(evaluated(text, inputs, values, batch.proposer, memory), inputs.names)
        for text in batch.texts
    ]


def _search(
    terms: Terms,
    clauses: tuple[Clause, ...],
    before: Outcome,
    mends: list[Mend],
    proposer: str,
    draws: int,
    seed: int,
) -> MendSearch:
    by_size: dict[int, list[Mend]] = {}
    for one in mends:
        by_size.setdefault(len(one.clauses), []).append(one)
    # Python's sort is stable: equal shares stay in the order in which clauses are listed.
    ranked = {size: sorted(found, key=lambda m: -m.outcome.joint) for size, found in by_size.items()}
    wanted = _wanted(before, mends)
    turning = {
        size: sum(one.outcome.verdict is wanted for one in found) if wanted else 0
        for size, found in ranked.items()
    }
    smallest = next((size for size, count in sorted(turning.items()) if count), None)
    return MendSearch(
        regime=terms.name,
        proposer=proposer,
        draws=draws,
        seed=seed,
        clauses=clauses,
        before=before,
        tried={size: len(found) for size, found in ranked.items()},
        turning=turning,
        best={size: tuple(found[:KEPT]) for size, found in ranked.items()},
        smallest=ranked[smallest][0] if smallest else None,
    )


def _wanted(before: Outcome, mends: list[Mend]) -> Verdict | None:
    """Robust yes where anything reaches it, else contested where that is better than before."""
    reached = {one.outcome.verdict for one in mends}
    if before.verdict is not Verdict.YES and Verdict.YES in reached:
        return Verdict.YES
    if before.verdict is Verdict.NO and Verdict.CONTESTED in reached:
        return Verdict.CONTESTED
    return None
