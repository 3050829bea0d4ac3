"""Names of the regimes' vocabulary, for people."""

from textwrap import shorten

from tallystick.regimes.fragmentation.merging import ACT, CONFIDENTIAL, HOUSE, PUBLIC
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
    """Whom work is for: ``public`` and ``confidential`` as they are, else who that is."""
    return audience if audience in (PUBLIC, CONFIDENTIAL, HOUSE) else f"to: {recipient_words(audience)}"


def short_title(one: Instrument, most: int) -> str:
    """The instrument's title, cut between words."""
    return shorten(one.title, most, placeholder=" …", break_on_hyphens=False)
