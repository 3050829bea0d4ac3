"""What the codes of confidence mean: how a text was read."""

#: Codes in the order from the best to the worst.
CONFIDENCE = {
    "V1": "the text itself was read",
    "V2": "two sources, or one that quotes the text",
    "S": "one secondary source; never gives a verified outcome",
    "R": "recalled, to be checked; never gives a verified outcome",
    "X": "sources conflict; never gives a verified outcome",
}
NEVER = "; never gives a verified outcome"


def codes_text() -> str:
    """All codes in a sentence, for the head of a list."""
    meanings = [f"{code} {meaning.removesuffix(NEVER)}" for code, meaning in CONFIDENCE.items()]
    weak = [code for code, meaning in CONFIDENCE.items() if meaning.endswith(NEVER)]
    named = f"{', '.join(weak[:-1])} and {weak[-1]}"
    return f"{'; '.join(meanings)}. {named} never give a verified outcome."
