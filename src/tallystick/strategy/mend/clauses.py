"""The clause changes that are tried: each a documented edit of the terms, nothing finer.

They are the trades of the negotiations that the cases come from: who moves when, whose inspectors, how deep
they look, who can stop a punishment, who pays, what ends by itself, and who hears the accused first. What a
category means in numbers stays the world profile's, so that a clause is worth what the ensemble says it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from tallystick.strategy.inputs.terms import Decision, Stage, Terms
from tallystick.strategy.mend.clause import Clause
from tallystick.strategy.mend.sides import Sides

EVERYBODY = ("all",)
_NEUTRAL = ("international_authority", "third_party")
_LESS = {"yes": "partial", "partial": "no", "silent": "silent", "no": "no"}


def clauses_for(terms: Terms, sides: Sides) -> tuple[Clause, ...]:
    """The clauses that change these terms, in a fixed order."""
    offered = [*_sequence(sides), *_inspection(), *_decision(), *_burdens(sides)]
    return tuple(clause for clause in offered if clause.change(terms) != terms)


def _sequence(sides: Sides) -> Iterator[Clause]:
    yield Clause(
        "simultaneous",
        "simultaneity",
        "movers",
        "All parties move at every stage; nobody disarms last.",
        "movers of every stage: all; disarms_last: nobody; no stage waits for one side's discretion",
        _simultaneous,
    )
    yield Clause(
        "inspection_first",
        "simultaneity",
        "inspected",
        "Inspection is at work before anybody is bound.",
        "every stage is inspected",
        lambda terms: _stages(terms, lambda stage: replace(stage, inspected=True)),
    )
    yield Clause(
        "leader_first",
        "staged parity",
        "movers",
        f"{sides.leader} yields from the first stage on, {' and '.join(sides.others)} from the middle on.",
        "movers: the leader at every stage, the others from the middle stage on; nobody disarms last",
        lambda terms: _leader_first(terms, sides),
    )
    yield Clause(
        "sunset",
        "sunset",
        "kept",
        "The text lapses after a fixed term unless renewed, and any party may leave.",
        "every stage can be undone (what lapses comes back); leaving: yes",
        lambda terms: replace(_stages(terms, lambda stage: replace(stage, kept=1.0)), exit="yes"),
    )


def _inspection() -> Iterator[Clause]:
    yield Clause(
        "national_ownership",
        "reciprocity",
        "ownership",
        "Plants stay in national hands under the same inspection for all.",
        "no ownership by an authority, no daily decisions over it",
        lambda terms: replace(terms, owned=False, operations=Decision("none")) if terms.owned else terms,
    )
    yield Clause(
        "equal_duties",
        "reciprocity",
        "burdens",
        "Every duty binds all parties alike.",
        "no burden on one side alone",
        lambda terms: replace(terms, burdened=()),
    )
    yield Clause(
        "managed_access",
        "less intrusive inspection",
        "rights",
        "Managed access: inspectors see what answers the question, at each place one step less.",
        "every right one step lower (yes, partial, no)",
        lambda terms: replace(terms, rights={right: _LESS[said] for right, said in terms.rights.items()}),
    )
    yield Clause(
        "neutral_inspectors",
        "less intrusive inspection",
        "inspector",
        "Inspectors are a neutral body's, bound to keep what they learn.",
        "inspector: a third party, which passes on only part of what it sees",
        lambda terms: terms if terms.inspector in _NEUTRAL else replace(terms, inspector="third_party"),
    )
    yield Clause(
        "sealed_declarations",
        "less intrusive inspection",
        "disclosure",
        "What is declared before inspection begins stays sealed, and only inspectors open it.",
        "reveals: nobody, at stages that are not inspected",
        lambda terms: _stages(terms, _sealed),
    )
    yield Clause(
        "full_inspection",
        "more inspection",
        "rights",
        "Inspectors may go anywhere on challenge, and monitor declared places all the time.",
        "declared, undeclared, challenge and continuous_monitoring: yes; a neutral inspector where none was",
        _full_inspection,
    )


def _decision() -> Iterator[Clause]:
    yield Clause(
        "keep_veto",
        "veto scope",
        "sanctions",
        "Every party may veto a punishment; findings stay free of the veto.",
        "sanctions: veto of all; not automatic",
        lambda terms: replace(terms, sanctions=Decision("veto", EVERYBODY)),
    )
    yield Clause(
        "two_thirds",
        "veto scope",
        "sanctions",
        "Findings and punishments need two thirds of the votes, and nobody may veto them.",
        "findings and sanctions by two thirds, without holders of a veto; not automatic",
        lambda terms: replace(terms, findings=Decision("supermajority"), sanctions=Decision("supermajority")),
    )
    yield Clause(
        "no_veto",
        "veto scope",
        "sanctions",
        "Nobody may veto findings or punishment.",
        "findings and sanctions by majority, without holders of a veto",
        _without_veto,
    )
    yield Clause(
        "adjudication",
        "adjudication before punishment",
        "sanctions",
        "A court hears the accused before any punishment.",
        "findings and sanctions: court; not automatic",
        lambda terms: replace(terms, findings=Decision("court"), sanctions=Decision("court")),
    )


def _burdens(sides: Sides) -> Iterator[Clause]:
    for name in sides.names:
        yield Clause(
            f"pay_{name}",
            "side payments",
            "payments",
            f"{' and '.join(one for one in sides.names if one != name)} pay {name}.",
            f"a payment to {name}, borne by the others",
            partial(_pay, to=name, by=tuple(one for one in sides.names if one != name)),
        )


def _pay(terms: Terms, to: str, by: tuple[str, ...]) -> Terms:
    return replace(terms, paid=(to,), payers=by)


def _stages(terms: Terms, change: Callable[[Stage], Stage]) -> Terms:
    return replace(terms, stages=tuple(change(stage) for stage in terms.stages))


def _simultaneous(terms: Terms) -> Terms:
    together = _stages(terms, _moved_by_all)
    return replace(together, disarms_last=())


def _moved_by_all(stage: Stage) -> Stage:
    trigger = "condition" if stage.trigger == "discretion" else stage.trigger
    return replace(stage, movers=EVERYBODY, trigger=trigger, chooser="")


def _leader_first(terms: Terms, sides: Sides) -> Terms:
    middle = len(terms.stages) // 2
    stages = tuple(
        replace(stage, movers=EVERYBODY if n >= middle else (sides.leader,))
        for n, stage in enumerate(terms.stages)
    )
    return replace(terms, stages=stages, disarms_last=()) if middle else terms


def _sealed(stage: Stage) -> Stage:
    return replace(stage, reveals=()) if stage.reveals and not stage.inspected else stage


def _full_inspection(terms: Terms) -> Terms:
    granted = dict.fromkeys(("declared", "undeclared", "challenge", "continuous_monitoring"), "yes")
    inspector = terms.inspector if terms.inspector in (*_NEUTRAL, "reciprocal") else "third_party"
    return replace(terms, rights={**terms.rights, **granted}, inspector=inspector)


def _without_veto(terms: Terms) -> Terms:
    return replace(terms, findings=_unvetoed(terms.findings), sanctions=_unvetoed(terms.sanctions))


def _unvetoed(decision: Decision) -> Decision:
    if decision.rule == "veto" or decision.veto_holders:
        return Decision("majority", (), decision.automatic)
    return decision
