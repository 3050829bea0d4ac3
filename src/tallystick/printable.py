"""Text from outside, fit to be shown: on a terminal, in a page, in a picture."""


def printable(text: str) -> str:
    """``text`` without characters that steer a terminal or break a picture."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
