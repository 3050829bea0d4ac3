"""What a share of the ensemble says. It is not a probability: it counts assumptions, not outcomes."""

from enum import StrEnum

ROBUST_YES, ROBUST_NO = 0.9, 0.1


class Verdict(StrEnum):
    """How far the ensemble agrees."""

    YES = "robust yes"
    NO = "robust no"
    CONTESTED = "contested"
    #: Said in place of any of them where no past case is like the proposal; never by a share alone.
    ABSTAINS = "abstains"


def verdict(share: float) -> Verdict:
    """At least 0.9 robust yes, at most 0.1 robust no, else contested."""
    if share >= ROBUST_YES:
        return Verdict.YES
    return Verdict.NO if share <= ROBUST_NO else Verdict.CONTESTED
