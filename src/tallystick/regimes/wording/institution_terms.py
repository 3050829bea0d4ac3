"""One regime's institution in full: every term with its article; without one, what its duties cover."""

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap

from tallystick.regimes.fragmentation.coverage import coverage_of
from tallystick.regimes.law.institution import Stage
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.status import status_at
from tallystick.regimes.pages.institution import HEADS, stage_effects, term_lines, trigger_words
from tallystick.regimes.pages.markdown import short, words
from tallystick.regimes.pages.regime_pages import duty_words
from tallystick.regimes.wording.institution_table import WIDTH, enforcer_words


def terms_text(regimes: Sequence[Instrument], at: date, known_on: date | None = None) -> str:
    """The regimes one after the other."""
    return "\n\n".join("\n".join(_page(one, at, known_on)) for one in regimes)


def _page(one: Instrument, at: date, known_on: date | None) -> Iterator[str]:
    entry = status_at(one, at, known_on)
    said = f"{words(entry.value)} {entry.since}" if entry else "no status yet"
    yield from wrap(f"{one.title}  ({one.id})", WIDTH, subsequent_indent="  ")
    yield f"{one.kind}, {said} on {at}, confidence {one.confidence} where nothing else is said"
    lines = _institution(one) if one.institution else _duties(one)
    for line in lines:
        yield from wrap(line, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False)


def _institution(one: Instrument) -> Iterator[str]:
    found = one.institution
    assert found is not None
    yield from term_lines(found)
    yield from (_stage(number, stage) for number, stage in enumerate(found.stages, 1))
    for coverage in found.terms_of_reference.values():
        code = f" [{coverage.confidence}]" if coverage.confidence else ""
        note = f" ({coverage.note})" if coverage.note else ""
        where = f" ({short(coverage.reference)})" if coverage.reference else ""
        head = HEADS[coverage.head]
        yield f"1946, {head}: {coverage.covered}. {coverage.how.rstrip('.')}{where}{code}{note}"


def _stage(number: int, stage: Stage) -> str:
    parts = [f"stage {number}: {stage.title}"]
    parts += [f"starts {trigger_words(stage.trigger)}"] if stage.trigger else []
    parts += [f"{', '.join(stage.who_moves)} moves"] if stage.who_moves else []
    parts += [f"gives up {stage.gives_up}"] if stage.gives_up else []
    parts += [f"gets {stage.gets}"] if stage.gets else []
    parts += [f"reversible: {stage.reversible}", f"coded: {stage_effects(stage.effects)}"]
    code = f" [{stage.confidence}]" if stage.confidence else ""
    return f"{'; '.join(parts)} ({short(stage.reference)}){code}"


def _duties(one: Instrument) -> Iterator[str]:
    yield f"no inspecting body of its own; {enforcer_words(one)}"
    for found in coverage_of(one):
        named = "; ".join(f"{duty_words(duty)} ({short(duty.reference)})" for duty in found.duties)
        yield f"1946, {HEADS[found.head]}: {found.covered}{f', by its duties: {named}' if named else ''}"
