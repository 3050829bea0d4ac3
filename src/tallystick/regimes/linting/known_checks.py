"""Warnings about rules of which the file does not say since when their text was public.

A source that was not read in its text (S, R, X) mostly tells of one that a status cites; it is passed over.
"""

from collections.abc import Iterator
from datetime import date

from tallystick.regimes.files.key_places import Places
from tallystick.regimes.files.known_days import text_of
from tallystick.regimes.files.shape import Problem
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument


def known_problems(instrument: Instrument, at: Places) -> Iterator[Problem]:
    """Tests, exceptions and duties that would count as known since anything of the instrument was."""
    for what, place, known_on, reference in _rules(instrument, at):
        texts = (instrument.sources.get(text_of(one)) for one in reference)
        if known_on is None and not any(text and text.read in UNVERIFIED for text in texts):
            problem = f"{what} cites another text than any status, and nothing says since when it was public"
            mend = "add known_on to the text under sources, or to the rule"
            yield Problem(place, problem, mend, warning=True)


def _rules(instrument: Instrument, at: Places) -> Iterator[tuple[str, str, date | None, tuple[str, ...]]]:
    for name, one in instrument.conditions.items():
        yield f"condition {name}", at("conditions", name), one.known_on, one.reference
    for name, rule in instrument.exceptions.items():
        yield f"exception {name}", at("exceptions", name), rule.known_on, rule.reference
    for index, duty in enumerate(instrument.obligations):
        yield f"obligation {duty.id}", at("obligations", index), duty.known_on, duty.reference
