"""The part of a regime's page that says who inspects, decides and moves first, and what may be undone."""

from collections.abc import Iterator, Mapping
from typing import Any

from tallystick.regimes.files.institution_shape import EFFECTS
from tallystick.regimes.fragmentation.coverage import coverage_of
from tallystick.regimes.law.dates import span_text
from tallystick.regimes.law.institution import Decision, Effects, Institution, Stage, Term
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.pages.markdown import listed, sentence, short, table, words

#: The four heads of General Assembly resolution 1 (I), 24 January 1946, paragraph 5.
HEADS = {
    "exchange_of_information": "exchange of information",
    "peaceful_use": "control to ensure peaceful use",
    "elimination": "elimination of weapons",
    "safeguards": "safeguards against violation and evasion",
}
#: Stands over a coverage that no coder read out of the text.
FROM_DUTIES = (
    "The file names no inspecting body. What its duties cover is worked out from their kind; never more than "
    "partial, since such a text binds no other state."
)


def institution_lines(one: Instrument) -> Iterator[str]:
    """The lines of the section; where the file has no institution, what its duties cover."""
    found = one.institution
    if found is None:
        yield from _from_duties(one)
        return
    yield from ("", "## Institution", *listed(term_lines(found)))
    if found.stages:
        coded = any(stage.effects for stage in found.stages)
        head = ["stage", "trigger", "who moves", "gives up", "gets", "reversible", "where"]
        stages = [_stage(number, stage, coded) for number, stage in enumerate(found.stages, 1)]
        yield from table([*head, "effects, as coded"] if coded else head, stages)
    if found.terms_of_reference:
        coverages = [
            (HEADS[c.head], c.covered, c.how + _note(c.note), short(c.reference) + _code(c.confidence))
            for c in found.terms_of_reference.values()
        ]
        yield from table(("terms of reference of 1946", "covered", "how", "where"), coverages)


def _from_duties(one: Instrument) -> Iterator[str]:
    """The four terms of reference of 1946, as far as duties serve them: worked out, not coded."""
    yield from ("", "## Terms of reference of 1946", "", FROM_DUTIES)
    rows = [
        (HEADS[found.head], found.covered, "; ".join(f"`{duty.id}`" for duty in found.duties))
        for found in coverage_of(one)
    ]
    yield from table(("head", "covered", "by the duties"), rows)


def term_lines(found: Institution) -> Iterator[str]:
    """Who inspects, decides, owns and may leave, each with its article."""
    if found.inspector:
        yield f"inspects: {_term(found.inspector)}"
    if found.rights:
        rights = [
            f"{words(name)} {right.value}{_code(right.confidence)}{_note(right.note)}"
            for name, right in found.rights.items()
        ]
        references = dict.fromkeys(ref for right in found.rights.values() for ref in right.reference)
        yield f"inspection: {', '.join(rights)}{_where(tuple(references))}"
    yield from (_decision(decision) for decision in found.decisions.values())
    if found.ownership:
        owned = ", ".join(words(one) for one in found.ownership["of"])
        yield f"owns: {found.ownership['by']}, {owned}{_where(found.ownership['reference'])}"
    if found.quantity:
        yield f"quantity that counts: {found.quantity}"
    if found.disarms_last:
        yield f"moves last: {', '.join(found.disarms_last)}"
    yield from _entry_and_exit(found)
    yield from (f"burden on {b['on']}: {b['what']}{_where(b['reference'])}" for b in found.burdens)
    yield from (_payment(payment) for payment in found.side_payments)
    if found.enforcement:
        against = ", ".join(found.enforcement.get("against", ()))
        means = ", ".join(found.enforcement["means"])
        suffix = f", against {against}" if against else ""
        yield f"enforcement: {means}{suffix}{_where(found.enforcement['reference'])}"


def _entry_and_exit(found: Institution) -> Iterator[str]:
    entry = found.entry_into_force
    if entry:
        yield f"enters into force: {sentence(entry['rule'])[:-1]}{_where(entry['reference'])}"
    if found.exit:
        notice = f", notice {span_text(found.exit_notice.text)}" if found.exit_notice else ""
        yield f"exit: {_term(found.exit, notice)}"


def _decision(one: Decision) -> str:
    veto = f", veto of {', '.join(one.veto_holders)}" if one.veto_holders else ""
    automatic = ", automatic" if one.automatic == "yes" else ""
    marks = f"{_where(one.reference)}{_code(one.confidence)}{_note(one.note)}"
    return f"decides {words(one.function)}: {words(one.rule)}{veto}{automatic}{marks}"


def _payment(one: Mapping[str, Any]) -> str:
    parties = [f"{word} {one[word]}" for word in ("by", "to") if word in one]
    return f"side payment {' '.join(parties)}: {one['what']}{_where(one['reference'])}"


def _stage(number: int, stage: Stage, coded: bool) -> list[str]:
    moves, where = ", ".join(stage.who_moves), short(stage.reference) + _code(stage.confidence)
    title = f"{number}. {stage.title}{_note(stage.note)}"
    cells = [title, trigger_words(stage.trigger), moves, stage.gives_up, stage.gets, stage.reversible, where]
    return [*cells, stage_effects(stage.effects)] if coded else cells


def stage_effects(one: Effects | None) -> str:
    """Who reveals, hands over, disarms or is limited; J: a coder's judgement."""
    if one is None:
        return "not coded"
    found = [f"{name} {', '.join(getattr(one, name))}" for name in EFFECTS if getattr(one, name)]
    first = ["verified first"] if one.verified_first else []
    return ("; ".join([*found, *first]) or "nothing moves") + _code(one.confidence) + _note(one.note)


def _term(one: Term, more: str = "") -> str:
    return f"{words(one.value)}{more}{_where(one.reference)}{_code(one.confidence)}{_note(one.note)}"


def _code(confidence: str) -> str:
    return f" [{confidence}]" if confidence else ""


def _note(note: str) -> str:
    return f" ({note})" if note else ""


def trigger_words(trigger: Mapping[str, str]) -> str:
    """What starts a stage: ``100 days after entry into force``, ``when census is complete``."""
    parts = [
        words(trigger.get("event", "")),
        f"{span_text(trigger['after'])} after {words(trigger.get('of', 'the start'))}"
        if "after" in trigger
        else "",
        f"when {words(trigger['when_complete'])} is complete" if "when_complete" in trigger else "",
        f"at the discretion of {trigger['discretion_of']}" if "discretion_of" in trigger else "",
        f"on {words(trigger['on'])}" if "on" in trigger else "",
    ]
    return "; ".join(part for part in parts if part)


def _where(references: Any) -> str:
    return f" ({short(references)})" if references else ""
