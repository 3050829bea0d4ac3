"""The institution on the page of one regime: who inspects and decides, stages, each with its article."""

import textwrap
from collections.abc import Iterator

from tallystick.regimes.files.institution_shape import EFFECTS
from tallystick.regimes.law.institution import Coverage, Decision, Effects, Stage, Term
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.pages.markdown import short

WIDTH = 100


def institution_lines(one: Instrument) -> Iterator[str]:
    """Nothing where the regime has none."""
    found = one.institution
    if found is None:
        return
    yield "\nInstitution"
    if found.inspector:
        yield from _line(one, f"inspects: {_words(found.inspector.value)}", found.inspector)
    for name, right in found.rights.items():
        yield from _line(one, f"inspection, {_words(name)}: {right.value}", right)
    for decision in found.decisions.values():
        veto = f", veto of {', '.join(decision.veto_holders)}" if decision.veto_holders else ""
        yield from _line(one, f"decides {decision.function}: {_words(decision.rule)}{veto}", decision)
    for number, stage in enumerate(found.stages, 1):
        text = f"stage {number}, {_words(stage.id)}: {stage.title} (reversible: {stage.reversible})"
        yield from _line(one, text, stage)
        if stage.effects:
            yield from _wrapped(_effects_text(stage.effects), "      ", "        ")
    for coverage in found.terms_of_reference.values():
        text = f"terms of reference of 1946, {_words(coverage.head)}: {coverage.covered}. {coverage.how}"
        yield from _line(one, text, coverage)
    yield f"  in full, with notes: tallystick regimes institutions {one.id}"


def _line(one: Instrument, text: str, term: Term | Decision | Stage | Coverage) -> list[str]:
    mark = f"{term.confidence or one.confidence}  [{short(term.reference)}]"
    return _wrapped(f"{text}  {mark}", "  ", "    ")


def _effects_text(effects: Effects) -> str:
    named = ((effect, getattr(effects, effect)) for effect in EFFECTS)
    texts = [f"{effect} {', '.join(states)}" for effect, states in named if states]
    verified = "verified first" if effects.verified_first else "nothing verified first"
    judged = ", a coder's judgement" if effects.confidence == "J" else f", {effects.confidence}"
    return f"{'; '.join([*texts, verified])} [coded{judged}]"


def _wrapped(text: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def _words(name: str) -> str:
    return name.replace("_", " ")
