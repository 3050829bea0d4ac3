"""What the strategy reads of a regime: the typed terms of its institution block.

Words of the text become categories here, and only here; what a category means in numbers is the world
profile's. A regime without an institution block has terms in which nothing is granted and nobody is charged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.files.institution_shape import RIGHTS, RULES
from tallystick.regimes.law.institution import Institution, Term
from tallystick.regimes.law.institution import Stage as InstitutionStage
from tallystick.strategy.inputs.free_text import needed_by, needed_notes, outsiders_of
from tallystick.strategy.inputs.reading import assumptions, reading_of
from tallystick.strategy.inputs.triggers import trigger_notes, trigger_of

__all__ = ["RIGHTS", "RULES", "Decision", "Stage", "Terms", "terms_of"]

ANSWERS = ("yes", "partial", "silent", "no")
COVERED = ("full", "partial", "none")


@dataclass(frozen=True, slots=True)
class Stage:
    """One step. ``movers`` are words of the text; ``years`` is None where it has no date, else it ends so
    long after the end of the stage ``since``, or after entry into force where that is none of the stages;
    ``kept`` is the share of what is given up that can be had back: 1 reversible, 0 not, one half partly.
    ``yields``: movers give up capability here, and not rights or secrets only. ``restrains``: their
    capability stands still from here on. ``reveals``: whose secrets or territory are opened here; None where
    the file does not say. ``inspected``: inspection is at work from here on.
    """

    id: str
    movers: tuple[str, ...]
    trigger: str
    years: float | None
    kept: float
    chooser: str = ""
    yields: bool = True
    inspected: bool = True
    since: str = ""
    restrains: bool = True
    reveals: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """How the body decides one function: its rule, who holds a veto, whether no vote is needed."""

    rule: str
    veto_holders: tuple[str, ...] = ()
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The institution of a regime, as categories. ``assumed``: one sentence for each thing that the gates
    need and the file does not say, or not in codes: see ``inputs.reading``, ``triggers``, ``free_text``.
    ``needed_states``: whose ratification is needed, where the file lists them; else ``needed`` are its words.
    """

    name: str
    stages: tuple[Stage, ...]
    rights: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(RIGHTS, "no"))
    inspector: str = "none"
    owned: bool = False
    findings: Decision = Decision("none")
    sanctions: Decision = Decision("none")
    operations: Decision = Decision("none")
    disarms_last: tuple[str, ...] = ()
    elimination: str = "none"
    exit: str = "silent"
    burdened: tuple[str, ...] = ()
    paid: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    needed: str = ""
    needed_states: tuple[str, ...] = ()
    excludes_outsiders: bool = False
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what, value, known in (
            ("elimination", self.elimination, COVERED),
            *((f"right {name}", value, ANSWERS) for name, value in self.rights.items()),
            *(("decision rule", d.rule, RULES) for d in (self.findings, self.sanctions, self.operations)),
        ):
            if value not in known:
                mend = f"one of {', '.join(known)}"
                raise InputError(f"{what} {value!r} is not known", where=self.name, mend=mend)


def terms_of(name: str, institution: Institution | None, begins: date | None = None) -> Terms:
    """The terms of an institution block. ``begins``: the day from which calendar dates of stages count.
    Raises InputError, with the stage's name, for a trigger that cannot be read (``inputs.triggers``), and for
    a category that is not known.
    """
    if institution is None:
        return Terms(name, _UNSTAGED, assumed=tuple(assumptions(())))
    block = institution
    elimination = block.terms_of_reference.get("elimination")
    needs = (block.entry_into_force or {}).get("needs", {})
    needed_states, needed = needed_by(needs)
    outsiders = outsiders_of(block.enforcement or {})
    return Terms(
        name=name,
        stages=_stages(name, block.stages, begins),
        rights={right: _said(block.rights.get(right), "silent") for right in RIGHTS},
        inspector=_said(block.inspector, "none"),
        owned=bool(block.ownership),
        findings=_decision(block, "findings"),
        sanctions=_decision(block, "sanctions"),
        operations=_decision(block, "operations"),
        disarms_last=block.disarms_last,
        elimination=elimination.covered if elimination else "none",
        exit=_said(block.exit, "silent"),
        burdened=_named(block.burdens, "on"),
        paid=_named(block.side_payments, "to"),
        payers=_named(block.side_payments, "by"),
        needed=needed,
        needed_states=needed_states,
        excludes_outsiders=outsiders.shut_out,
        assumed=(
            *assumptions(block.stages),
            *trigger_notes(block.stages),
            *outsiders.notes,
            *needed_notes(needed),
        ),
    )


def _said(term: Term | None, unsaid: str) -> str:
    return term.value if term else unsaid


def _decision(block: Institution, function: str) -> Decision:
    found = block.decisions.get(function)
    return Decision(found.rule, found.veto_holders, found.automatic == "yes") if found else Decision("silent")


def _named(entries: Iterable[Mapping[str, Any]], key: str) -> tuple[str, ...]:
    """Whom each entry names; what is laid on all alike is nobody's in particular."""
    words = [word for entry in entries for word in _words(entry.get(key)) if word != "all"]
    return tuple(dict.fromkeys(words))


def _words(raw: Any) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else tuple(str(one) for one in raw or ())


#: A text without stages: all move at once.
_UNSTAGED = (Stage("in_force", ("all",), "dated", None, 0.5, reveals=None),)


def _stages(name: str, given: Iterable[InstitutionStage], begins: date | None) -> tuple[Stage, ...]:
    """The stages in order; one that only repeats its forerunner is left out; none at all is one of all."""
    stages: list[Stage] = []
    earlier: dict[str, str] = {}
    before: tuple[Any, ...] = ()
    for one in given:
        reading = reading_of(one.effects)
        content = (one.who_moves, one.gives_up, one.gets, one.reversible, dict(one.trigger), reading)
        if content == before:
            earlier[one.id] = stages[-1].id
            continue
        before = content
        trigger = trigger_of(one, tuple(earlier), begins, name)
        earlier[one.id] = one.id
        kept = {"yes": 1.0, "no": 0.0}.get(one.reversible, 0.5)
        movers = one.who_moves or ("all",)
        stages.append(
            Stage(
                id=one.id,
                movers=movers,
                trigger=trigger.kind,
                years=trigger.years,
                kept=kept,
                chooser=trigger.chooser,
                yields=reading.yields,
                inspected=reading.inspected,
                since=earlier.get(trigger.since, trigger.since),
                restrains=reading.restrains,
                reveals=reading.reveals,
            )
        )
    return tuple(stages) or _UNSTAGED
