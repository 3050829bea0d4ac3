"""Citations as lawyers write them: the text, the article, the edition."""

from collections.abc import Iterator, Mapping

from tallystick.regimes.judging.result import Citation
from tallystick.regimes.law.counting import Source
from tallystick.regimes.law.instrument import Instrument


def citations(instrument: Instrument, references: tuple[str, ...]) -> Iterator[Citation]:
    """References by text, article and edition."""
    yield from (citation(instrument.sources, one) for one in references)


def citation(sources: Mapping[str, Source], reference: str) -> Citation:
    """One reference, ``act#art-3``; its source by the id where the file has none of that name."""
    source_id, _, anchor = reference.partition("#")
    source = sources.get(source_id)
    place = "" if anchor == "whole" else anchor_text(anchor)
    return Citation(source.title if source else source_id, place, source.edition if source else "")


def cited(instrument: Instrument, references: tuple[str, ...]) -> Iterator[str]:
    """References as lawyers write them: the text, the article, the edition."""
    yield from (one.text for one in citations(instrument, references))


def anchor_text(anchor: str) -> str:
    """``art-51(2)`` as ``Art. 51(2)``, ``sec-22757.11(a)`` as ``sec. 22757.11(a)``."""
    kind, dash, rest = anchor.partition("-")
    words = {
        "art": "Art.",
        "sec": "sec.",
        "para": "para.",
        "recital": "recital",
        "annex": "Annex",
        "rule": "rule",
    }
    return f"{words[kind]} {rest.replace('_', ' ')}" if dash and kind in words else anchor.replace("_", " ")
