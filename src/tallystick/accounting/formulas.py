"""The two formulas by which regimes count training compute, in exact numbers.

Source: European Commission, Guidelines on the scope of obligations for general-purpose AI models under
Regulation (EU) 2024/1689, annex on training compute (paragraphs 117 to 139 of the July 2025 text).
Either method is allowed; what is reported must be within 30 % of the estimate.
"""

from fractions import Fraction

from tallystick.errors import InputError

#: FLOP per parameter and token of a dense transformer: 2 forward, 4 backward.
FULL_TRAINING = 6
#: The same where the base weights are frozen (LoRA): no gradient of the weights, so 2 forward, 2 backward.
LOW_RANK_TRAINING = 4
#: The guidelines accept any method whose error is within this share of the reported estimate.
EU_ACCURACY = Fraction(30, 100)


def hardware_flop(
    accelerators: int, seconds: int | Fraction, peak_flop_per_s: int, utilisation: Fraction
) -> Fraction:
    """C = N x L x H x U: accelerators, seconds, peak FLOP/s of one, average share of the peak reached.

    Where N changes over a run, add the periods; where the accelerators differ, add the kinds. Raises
    InputError for negative amounts or a utilisation outside 0 to 1.
    """
    if accelerators < 0 or seconds < 0 or peak_flop_per_s < 0:
        raise InputError(
            f"{accelerators} accelerators, {seconds} s and {peak_flop_per_s} FLOP/s must not be negative",
            mend="give amounts of 0 or more",
        )
    if not 0 <= utilisation <= 1:
        raise InputError(f"utilisation {utilisation} is no share", mend="give a fraction from 0 to 1")
    return accelerators * Fraction(seconds) * peak_flop_per_s * utilisation


def architecture_flop(parameters: int, tokens: int, flop_per_parameter: int = FULL_TRAINING) -> int:
    """C = 6 x P x D: parameters active per token, tokens of all passes; ``LOW_RANK_TRAINING`` for LoRA.

    Leaves out attention, so that it holds only where parameters far exceed context tokens / 12. Raises
    InputError for negative amounts or a factor below 1.
    """
    if parameters < 0 or tokens < 0 or flop_per_parameter < 1:
        raise InputError(
            f"{flop_per_parameter} x {parameters} parameters x {tokens} tokens is no amount of training",
            mend="give parameters and tokens of 0 or more and a factor of 1 or more",
        )
    return flop_per_parameter * parameters * tokens


def within_accuracy(reported: int | Fraction, actual: int | Fraction) -> bool:
    """Whether ``actual`` lies within 30 % of the estimate that was reported."""
    return abs(Fraction(actual) - Fraction(reported)) <= EU_ACCURACY * Fraction(reported)
