"""Many fact sets against many instruments: compiled once, no trace, on all cores where wished."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from tallystick.execution.local import mapped
from tallystick.regimes.judging.check import Question, chosen
from tallystick.regimes.judging.condition import Test
from tallystick.regimes.judging.plan import Outcomes, Plan, plan_of
from tallystick.regimes.law.vocabulary import Vocabulary
from tallystick.regimes.library import load_all
from tallystick.regimes.stated.fact_file import fact_set
from tallystick.regimes.stated.fact_set import FactSet

#: Fact sets that one call of a worker takes.
BATCH = 500

#: Outcomes of one fact set: for each regime with outcomes, each outcome claimed and verified.
Judged = dict[str, Outcomes]


@dataclass(frozen=True)
class Book:
    """Instruments compiled for one date. Tests that several share are made once for each fact set."""

    plans: tuple[Plan, ...]
    vocabulary: Vocabulary

    @cached_property
    def _sides(self) -> tuple[tuple[Test, ...], tuple[Test, ...]]:
        """The distinct tests, claimed and verified."""
        claimed = dict.fromkeys(test for plan in self.plans for test in plan.claimed.agreed)
        verified = dict.fromkeys(test for plan in self.plans for test in plan.verified.agreed)
        return tuple(claimed), tuple(verified)

    @cached_property
    def _rows(self) -> tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]:
        """For each regime its outcomes, with the places of their tests."""
        claimed, verified = ({test: place for place, test in enumerate(side)} for side in self._sides)
        return tuple(
            (
                plan.instrument.id,
                tuple(
                    (name, claimed[test], verified[check])
                    for name, test, check in zip(
                        plan.instrument.outcomes, plan.claimed.agreed, plan.verified.agreed, strict=True
                    )
                ),
            )
            for plan in self.plans
        )

    def judge(self, facts: FactSet) -> Judged:
        """Every outcome of every instrument, as ``Plan.outcomes`` gives it."""
        claimed, verified = self._sides
        facts = facts.at(self.plans[0].at) if self.plans else facts
        said, shown = facts.claimed, facts.verified
        truths = [test(said) for test in claimed]
        checks = [test(shown) for test in verified]
        return {
            regime: {name: (truths[i], checks[j]) for name, i, j in outcomes}
            for regime, outcomes in self._rows
        }


@lru_cache(maxsize=8)
def book_at(at: date, known_on: date | None = None) -> Book:
    """All shipped instruments that have outcomes, bills and history too."""
    regimes = load_all()
    found = chosen(regimes, Question(at, known_on, everything=True))
    plans = tuple(plan_of(one, at, known_on) for one in found if one.outcomes)
    return Book(plans, regimes.vocabulary)


def judge_many(data: Iterable[Any], at: date, workers: int = 1) -> Iterator[Judged]:
    """The outcomes of each fact set, given as plain data, in order. Raises InputError."""
    for batch in mapped(_judge_batch, _batches(data, at), workers):
        yield from batch


def _batches(data: Iterable[Any], at: date) -> Iterator[tuple[date, list[Any]]]:
    source = iter(data)
    while batch := list(islice(source, BATCH)):
        yield at, batch


def _judge_batch(work: tuple[date, Sequence[Any]]) -> list[Judged]:
    at, batch = work
    book = book_at(at)
    return [book.judge(fact_set(one, "facts", book.vocabulary)) for one in batch]
