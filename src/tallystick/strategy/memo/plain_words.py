"""Shares, gates and verdicts in the words of reports."""

from collections.abc import Iterable

from tallystick.strategy.inputs.parameters import STATE, TECHNOLOGY, WORLD
from tallystick.strategy.inputs.random_boxes import BOX_DRAWS
from tallystick.strategy.verdicts.verdict import ROBUST_NO, ROBUST_YES

#: What must stand beside every share.
SHARE_NOTICE = "Figures from 0 to 1 are shares of an ensemble of assumptions, not probabilities."

#: What must stand beside every state.
SCENARIOS = "States are scenarios; no claim is made about any government."

#: What must stand beside every placebo.
PLACEBO_LIMITS = (
    f"A box is {BOX_DRAWS} draws, so its share is off by up to about "
    f"{1.96 * (0.25 / BOX_DRAWS) ** 0.5:.2f}; the world's parameters stay as they are."
)

GATE_WORDS = {
    "participation": "being in is worth less than the race",
    "compliance": "it would not keep its word, or is not protected against a rival who breaks his",
    "transparency": "inspection gives away more than the deal repays",
    "power_shift": "what is promised for later does not make up for what is given up now",
    "enforcement": "a violation would not be acted on, or the body could be turned against the innocent",
    "coalition": "it does better by letting the others bear it",
}
GATE_NAMES = {name: name.replace("_", " ") for name in GATE_WORDS}

ORDER_WORDS = {
    "dilemma": "each prefers to arm alone",
    "assurance": "each prefers restraint if the other is sure to keep it",
    "chicken": "each fears the race most",
    "deadlock": "it wants the race even against restraint",
}

#: Where a verdict begins.
BOUNDS = (ROBUST_NO, ROBUST_YES)

_CHOICES = frozenset(one.name for one in (*STATE, *TECHNOLOGY, *WORLD) if one.words)


def is_choice(parameter: str) -> bool:
    """Whether a parameter, by its full name, is a choice of words and no number."""
    return parameter.rpartition(".")[2] in _CHOICES


def input_name(parameter: str) -> str:
    """``technology.delay_years`` as ``delay (years)``, ``Arden.trust`` as ``trust of Arden``."""
    owner, _, name = parameter.rpartition(".")
    said = name.removesuffix("_years").replace("_", " ")
    whose = "" if owner in ("world", "technology") else f" of {owner}"
    return f"{said}{whose}{' (years)' if name.endswith('_years') else ''}"


def share(value: float) -> str:
    """``0.53``; never 0.00 or 1.00 for what is neither, and never 0.10 or 0.90, where a verdict begins, for
    what is not: as many decimals more as it takes, ``0.104``.
    """
    if 0 < value < 0.005:
        return "<0.01"
    if 0.995 <= value < 1:
        return ">0.99"
    for decimals in range(2, 6):
        said = f"{value:.{decimals}f}"
        if value in BOUNDS or float(said) not in BOUNDS:
            return said
    return f"{value:.2f}"


def signed(value: float) -> str:
    """``+0.12``; what rounds to nothing is ``+0.00`` on either side."""
    return f"{value:+z.2f}"


def level(value: float) -> str:
    """A level of technology; a small one by two figures that matter."""
    return f"{value:.2f}" if value >= 0.02 or value < 0.001 else f"{value:.2g}"


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    found = list(words)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
