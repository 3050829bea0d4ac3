"""Which states a word of the text means."""

from collections.abc import Iterable

from tallystick.strategy.inputs.profile import Profile

EVERYBODY = frozenset({"all", "parties", "states", "members", "signatories", "each", "both", "all_parties"})
THE_REST = frozenset({"others", "other_states", "rest", "all_others", "other_parties"})


def meant(
    words: Iterable[str], states: tuple[Profile, ...], first: frozenset[int] = frozenset()
) -> frozenset[int]:
    """Indices of the states that ``words`` name. ``first`` are those already spoken of, whom "others" leaves
    out besides those named beside it. Words that name none of the states (an authority) mean nobody here.
    """
    spoken = list(words)
    if any(word.casefold() in EVERYBODY for word in spoken):
        return frozenset(range(len(states)))
    named = frozenset(index for index, state in enumerate(states) for word in spoken if state.is_called(word))
    if any(word.casefold() in THE_REST for word in spoken):
        return named | (frozenset(range(len(states))) - first)
    return named


def unmatched(words: Iterable[str], states: tuple[Profile, ...]) -> tuple[str, ...]:
    """Words that mean none of the states, each once, in order."""
    return tuple(dict.fromkeys(word for word in words if not _means_somebody(word, states)))


def _means_somebody(word: str, states: tuple[Profile, ...]) -> bool:
    role = word.casefold() in EVERYBODY | THE_REST
    return role or any(state.is_called(word) for state in states)
