"""What texts share is worked out once, and changes nothing."""

from dataclasses import fields, replace
from itertools import combinations

import numpy as np
import pytest
from tests.unit.strategy.cases import balanced, states, technology

from tallystick.strategy.assessment import evaluated
from tallystick.strategy.gates.course import course_key
from tallystick.strategy.gates.memory import Memory
from tallystick.strategy.gates.situation import situation
from tallystick.strategy.inputs.ensemble import Inputs, drawn, sobol_levels
from tallystick.strategy.inputs.profile import shipped
from tallystick.strategy.inputs.terms import Decision, Terms
from tallystick.strategy.mend.clause import applied
from tallystick.strategy.mend.clauses import clauses_for
from tallystick.strategy.mend.sides import sides_of

INPUTS = Inputs(states(), technology(), shipped("world/default"))
VALUES = drawn(INPUTS, sobol_levels(len(INPUTS.columns), 64, 3))


def others(terms: Terms) -> list[Terms]:
    """Texts that differ from ``terms`` in one term each, whichever gates read it."""
    first, second = terms.stages
    return [
        replace(terms, rights={**terms.rights, "undeclared": "yes"}),
        replace(terms, inspector="third_party"),
        replace(terms, owned=True, operations=Decision("majority")),
        replace(terms, findings=Decision("national")),
        replace(terms, sanctions=Decision("majority")),
        replace(terms, disarms_last=("Arden",)),
        replace(terms, elimination="full"),
        replace(terms, exit="no"),
        replace(terms, burdened=("Arden",)),
        replace(terms, paid=("Borealis",)),
        replace(terms, paid=("Borealis",), payers=("Arden",)),
        replace(terms, excludes_outsiders=True),
        replace(terms, needed_states=("Arden",)),
        *(replace(terms, stages=(first, replace(second, **change))) for change in STAGE_CHANGES),
    ]


STAGE_CHANGES = (
    {"movers": ("Borealis",)},
    {"trigger": "discretion", "chooser": "Arden"},
    {"years": 2.0},
    {"years": 2.0, "since": "declare"},
    {"kept": 0.0},
    {"yields": False},
    {"yields": False, "restrains": False},
    {"inspected": False},
    {"reveals": ("Borealis",)},
)


@pytest.mark.parametrize("proposer", ["joint", "Arden"])
def test_margins_are_the_same_to_the_bit_whatever_was_judged_before(proposer: str) -> None:
    memory = Memory(1000)
    texts = [balanced(), *others(balanced())]
    clauses = clauses_for(balanced(), sides_of(INPUTS.states))
    texts += [applied(balanced(), two) for two in combinations(clauses, 2)]
    for _ in range(2):
        for text in texts:
            alone = evaluated(text, INPUTS, VALUES, proposer)
            shared = evaluated(text, INPUTS, VALUES, proposer, memory)
            assert np.array_equal(alone.table, shared.table)
            assert np.array_equal(alone.keeps, shared.keeps)


def test_members_are_part_of_what_a_course_is_known_by() -> None:
    three = Inputs((*states(), shipped("fictional/cindra")), technology(), shipped("world/default"))
    values = drawn(three, sobol_levels(len(three.columns), 64, 3))
    memory = Memory(1000)
    for group in ((0, 1, 2), (0, 2), (1, 2)):
        alone, shared = (
            situation(balanced(), three, values, members=group, memory=one) for one in (Memory(0), memory)
        )
        assert np.array_equal(alone.benefit, shared.benefit)
        assert np.array_equal(alone.power.within, shared.power.within)


def test_every_term_is_tried_above() -> None:
    plain = balanced()
    changed = {
        f.name
        for f in fields(Terms)
        for one in others(plain)
        if getattr(one, f.name) != getattr(plain, f.name)
    }
    named_only = {"name", "assumed", "needed"}
    assert changed == {f.name for f in fields(Terms)} - named_only


def test_inspection_and_what_is_revealed_are_no_part_of_a_course() -> None:
    terms = balanced()
    seen = replace(terms, stages=tuple(replace(s, inspected=False, reveals=("all",)) for s in terms.stages))
    assert course_key(seen, (0, 1)) == course_key(terms, (0, 1))
    assert course_key(terms, (0, 1)) != course_key(terms, (0, 1, 2))


def test_a_memory_makes_each_part_once_and_forgets_what_was_not_asked_for_longest() -> None:
    made: list[str] = []

    def upper(key: str) -> str:
        made.append(key)
        return key.upper()

    def part(key: str) -> str:
        return memory.part("part", key, lambda: upper(key))

    memory = Memory(2)
    assert [part(key) for key in "aabab"] == list("AABAB")
    assert made == ["a", "b"]
    assert [part(key) for key in "cb"] == ["C", "B"]
    assert made == ["a", "b", "c"]
    part("a")
    assert made == ["a", "b", "c", "a"]
    memory = Memory(0)
    part("d"), part("d")
    assert made[-2:] == ["d", "d"]
