"""The steps of a trace that say what brings a duty about under each reading, on both sides."""

from collections.abc import Iterator, Mapping

from tallystick.regimes.judging.both_sides import BothSides, Truths, mark
from tallystick.regimes.judging.citations import citations
from tallystick.regimes.judging.explained import explained
from tallystick.regimes.judging.result import DUTY, Step
from tallystick.regimes.judging.why_unverified import WhyUnverified
from tallystick.regimes.law.as_known import known_by
from tallystick.regimes.law.exact import agreement
from tallystick.regimes.law.instrument import UNVERIFIED, Instrument, Obligation

#: What a duty's steps are about that say what all readings agree on.
AGREED = "all"


def duty_steps(instrument: Instrument, readings: Mapping[str, BothSides]) -> Iterator[Step]:
    """Of the duties with a test of their own, exceptions, or a text that was not read.

    One step where all readings say the same; else one for each, and what they agree on.
    """
    for duty in instrument.obligations:
        if _plain(duty, instrument, readings):
            continue
        found = {reading: (_text(duty, sides), _brought(duty, sides)) for reading, sides in readings.items()}
        if len(set(found.values())) == 1:
            yield _step(instrument, duty, *next(iter(found.values())), "")
            continue
        for reading, (text, truths) in found.items():
            yield _step(instrument, duty, text, truths, reading)
        if len({truths for _, truths in found.values()}) > 1:
            sides = zip(*(truths for _, truths in found.values()), strict=True)
            claimed, verified = (agreement(side) for side in sides)
            yield _step(instrument, duty, "what all readings agree on", (claimed, verified), AGREED)


def _plain(duty: Obligation, instrument: Instrument, readings: Mapping[str, BothSides]) -> bool:
    """Nothing is to be said of it beside the outcomes that bring it about."""
    known = all(known_by(duty.known_on, sides.compiler.known_on) for sides in readings.values())
    return known and duty.only_if is None and not instrument.exceptions_to(duty.id) and not _unread(duty)


def _unread(duty: Obligation) -> bool:
    return duty.confidence in UNVERIFIED


def _step(instrument: Instrument, duty: Obligation, text: str, truths: Truths, reading: str) -> Step:
    places = tuple(citations(instrument, duty.reference))
    whole = f"{duty.title}: {text}"
    return Step(DUTY, f"obligation {duty.id}", whole, places, *truths, reading, head=duty.title)


def _brought(duty: Obligation, sides: BothSides) -> Truths:
    claimed, verified = sides.claimed.duty(duty), sides.verified.duty(duty)
    return claimed(sides.facts.claimed), verified(sides.facts.verified)


def _text(duty: Obligation, sides: BothSides) -> str:
    """The outcomes that bring it about, its own test, the exceptions to it, and why it is not verified."""
    known_on = sides.compiler.known_on
    if not known_by(duty.known_on, known_on):
        return f"not known on {known_on}"
    outcomes = " or ".join(f"{_words(name)} {mark(sides.outcome(name))}" for name in duty.when)
    texts = [f"if {outcomes}"] if outcomes else []
    if duty.only_if is not None:
        texts.append(f"only if {explained(duty.only_if, sides)}")
    for rule in sides.compiler.instrument.exceptions_to(duty.id):
        texts.append(f"unless exception {rule.name} stands {mark(sides.standing(rule))}")
    if _unread(duty):
        texts.append(f"confidence {duty.confidence}: never verified")
    elif _brought(duty, sides)[1] is None and (why := WhyUnverified(sides).duty(duty)):
        texts.append(f"not verified: {'; '.join(why)}")
    return "; ".join(texts)


def _words(name: str) -> str:
    return name.replace("_", " ")
