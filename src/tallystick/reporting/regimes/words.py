"""Names of the regimes' vocabulary, for people."""

from collections.abc import Iterable
from textwrap import shorten, wrap

from tallystick.regimes.fragmentation.merging import (
    ACT,
    CONFIDENTIAL,
    CUSTOMERS,
    HOUSE,
    PUBLIC,
    Work,
    shipped_rules,
)
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.vocabulary import is_code
from tallystick.regimes.library import shipped_vocabulary


def words_of(name: str) -> str:
    """A name of the vocabulary for people: ``safety_framework`` as ``safety framework``."""
    return name.replace("_", " ")


def plural(count: int, one: str, many: str) -> str:
    """``1 duty``, ``2 duties``."""
    return f"{count} {one if count == 1 else many}"


def work_words(capability: str) -> str:
    """What a duty amounts to: ``copyright_policy`` as ``Have a copyright policy``."""
    return shipped_vocabulary().capabilities.get(capability, words_of(capability))


def region_words(region: str) -> str:
    """A region of a tie: ``multilateral`` and the like name the text itself."""
    return "a state that is party" if region in ("multilateral", "bilateral", "proposal", "none") else region


def title_words(work: Work) -> str:
    """What the work is called for its audience."""
    return shipped_rules().names.get((work.capability, work.audience)) or work_words(work.capability)


def either(names: Iterable[str]) -> str:
    """``developer, deployer or provider``."""
    *first, last = map(words_of, names)
    return f"{', '.join(first)} or {last}" if first else last


def event_words(event: str) -> str:
    """What starts a clock: ``incident`` as ``A serious or critical incident``."""
    return shipped_vocabulary().events.get(event, words_of(event))


def recipient_words(name: str) -> str:
    """Who that is: ``ny_dfs`` by its title, ``law_enforcement in US-NY`` with the region in brackets."""
    if name.startswith(ACT) or not is_code(name):
        return name
    recipient, _, region = name.partition(" in ")
    title = shipped_vocabulary().recipient(recipient) or words_of(recipient)
    return f"{title} ({region})" if region else title


def audience_words(audience: str) -> str:
    """Whom work is for: a class of audience, or the office that an act is done towards."""
    if audience == CUSTOMERS:
        return "customers and downstream"
    if audience == CONFIDENTIAL:
        return "in confidence"
    return audience if audience in (PUBLIC, HOUSE) else f"to: {recipient_words(audience)}"


def short_title(one: Instrument, most: int) -> str:
    """The instrument's title, cut between words."""
    return shorten(one.title, most, placeholder=" …", break_on_hyphens=False)


def wrapped_title(one: Instrument, width: int) -> tuple[str, ...]:
    """The whole title in lines of at most ``width`` characters."""
    return tuple(wrap(one.title, width, break_on_hyphens=False))
