"""What the strategy reads of a regime: the typed terms of its institution block.

Words of the text become categories here, and only here; what a category means in numbers is the world
profile's. A regime without an institution block has terms in which nothing is granted and nobody is charged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tallystick.errors import InputError
from tallystick.regimes.files.institution_shape import RIGHTS, RULES
from tallystick.regimes.law.dates import parse_duration
from tallystick.regimes.law.institution import Institution, Term
from tallystick.regimes.law.institution import Stage as InstitutionStage
from tallystick.strategy.inputs.reading import assumptions, reading_of

__all__ = ["RIGHTS", "RULES", "Decision", "Stage", "Terms", "terms_of"]

ANSWERS = ("yes", "partial", "silent", "no")
COVERED = ("full", "partial", "none")
TRIGGERS = ("dated", "condition", "discretion")

#: Means of enforcement that also shut out who stays outside.
_EXCLUDING = ("trade", "export", "supply", "benefit", "access", "embargo", "licen")


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
    """The institution of a regime, as categories. ``assumed``: one sentence for each thing that the file does
    not say and the gates need, see ``inputs.reading``.
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


def terms_of(name: str, institution: Institution | None) -> Terms:
    """The terms of an institution block. Raises InputError for a category that is not known."""
    if institution is None:
        return Terms(name, _stages(()), assumed=tuple(assumptions(())))
    block = institution
    elimination = block.terms_of_reference.get("elimination")
    needed = (block.entry_into_force or {}).get("needs", {})
    return Terms(
        name=name,
        stages=_stages(block.stages),
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
        needed=str(needed.get("including", "")),
        excludes_outsiders=_excludes(block.enforcement or {}),
        assumed=tuple(assumptions(block.stages)),
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


def _excludes(enforcement: Mapping[str, Any]) -> bool:
    means = " ".join(_words(enforcement.get("means"))).casefold()
    return any(word in means for word in _EXCLUDING)


def _stages(given: Iterable[InstitutionStage]) -> tuple[Stage, ...]:
    """The stages in order; one that only repeats its forerunner is left out; none at all is one of all."""
    stages: list[Stage] = []
    before: tuple[Any, ...] = ()
    for one in given:
        reading = reading_of(one.effects)
        content = (one.who_moves, one.gives_up, one.gets, one.reversible, dict(one.trigger), reading)
        if content == before:
            continue
        before = content
        trigger, years = _trigger(one.trigger)
        kept = {"yes": 1.0, "no": 0.0}.get(one.reversible, 0.5)
        chooser = one.trigger.get("discretion_of", "")
        movers = one.who_moves or ("all",)
        since = one.trigger.get("of", "")
        stages.append(
            Stage(
                id=one.id,
                movers=movers,
                trigger=trigger,
                years=years,
                kept=kept,
                chooser=chooser,
                yields=reading.yields,
                inspected=reading.inspected,
                since=since,
                restrains=reading.restrains,
                reveals=reading.reveals,
            )
        )
    return tuple(stages) or (Stage("in_force", ("all",), "dated", None, 0.5, reveals=None),)


def _trigger(raw: Mapping[str, str]) -> tuple[str, float | None]:
    """The sort of trigger, and the years that the text gives it."""
    if "discretion_of" in raw:
        return "discretion", None
    if "after" in raw:
        span = parse_duration(raw["after"])
        return "dated", span.months / 12 + (span.days + span.hours / 24) / 365.25
    return ("condition", None) if "when_complete" in raw else ("dated", None)
