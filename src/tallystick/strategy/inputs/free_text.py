"""What is read out of free words of a regime file, by whole words, and one sentence for each such reading.

Two things have no coded field: whether enforcement shuts out who stays outside, and whose ratification is
needed. A sentence that denies names nobody and shuts out nobody; a reader who wants more must write it so.
"""

import re
from collections.abc import Iterable, Iterator

from tallystick.strategy.inputs.profile import Profile

#: Words of means of enforcement that also shut out who stays outside.
_EXCLUDING = {
    *("trade", "export", "exports", "import", "imports", "supply", "supplies", "benefits", "embargo"),
    *("embargoes", "access", "licence", "licences", "license", "licenses"),
}
#: A measure denied: "no trade measures" shuts out nobody, "no export of chips to them" does.
_DENIED = re.compile(
    r"\b(?:no|not|without|never|neither|nor)\b(?:\W+\w+){0,5}?\W+"
    r"(?:measures?|sanctions?|restrictions?|barriers?|embargo(?:es)?|suspension|revoked)\b"
)
_DOUBT = re.compile(r"\bbenefits?\W+of\W+(?:the\W+)?doubt\b")
_NOBODY = re.compile(r"\b(?:no|none|not|nobody|neither|nor|without|except|excluding|other\W+than)\b")
#: Names so short are also words ("US" and "us"): they must be written as the profile writes them.
SHORT = 3


def excluding(means: Iterable[str]) -> tuple[str, ...]:
    """Those means of enforcement that shut out who stays outside."""
    return tuple(one for one in means if _shuts_out(one.casefold()))


def _shuts_out(words: str) -> bool:
    return not _DENIED.search(words) and _speaks_of_it(words)


def _speaks_of_it(words: str) -> bool:
    return not _EXCLUDING.isdisjoint(re.findall(r"[^\W\d_]+", _DOUBT.sub(" ", words)))


def names(text: str, state: Profile) -> bool:
    """Whether ``text`` names the state, by its name or an alias as whole words, and denies nothing."""
    if _NOBODY.search(text.casefold()):
        return False
    return any(_stands_in(text, one) for one in (state.name, *state.aliases))


def _stands_in(text: str, name: str) -> bool:
    found = rf"(?<!\w){re.escape(name)}(?!\w)"
    return re.search(found, text, 0 if len(name) <= SHORT else re.IGNORECASE) is not None


def reading_notes(means: Iterable[str], needed: str) -> Iterator[str]:
    """One sentence for each thing that was read out of words."""
    for one in means:
        if _shuts_out(one.casefold()):
            yield f'Read out of the words "{one}": outsiders are shut out, which costs them their dependence.'
        elif _speaks_of_it(one.casefold()):
            yield f'Read out of the words "{one}": they deny a measure, so nobody is shut out by them.'
    if needed and _NOBODY.search(needed.casefold()):
        yield f'Read out of the words "{needed}": they deny something, so nobody\'s ratification is needed.'
    elif needed:
        yield (
            f'Read out of the words "{needed}": of three states or more, without one whose name or alias '
            "stands there as whole words the text falls."
        )
