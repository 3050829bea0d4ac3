"""How far two codings agree: Cohen's kappa with linear weights, attribute by attribute.

Source: Cohen, "Weighted kappa", Psychological Bulletin 70 (1968).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tallystick.strategy.backtest.case import CodedCase, read_data

#: Words that are grades too.
GRADES = {"none": 0, "partial": 1, "full": 2, "0": 0, "1": 1, "2": 2, "3": 3}

#: The information a text provides, in the words of the Adversarial Agreements Dataset.
_AAD = {"none": 0, "reporting": 1, "observation": 2, "verification": 3}


@dataclass(frozen=True, slots=True)
class Agreement:
    """One attribute in two codings of ``cases`` cases: ``same`` the share coded alike, ``kappa`` with linear
    weights (not-a-number where one value only was used), ``differ`` the cases coded otherwise.
    """

    attribute: str
    cases: int
    same: float
    kappa: float
    differ: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecondCoding:
    """Another coding set beside the first; ``coder`` says who made it and how."""

    name: str
    coder: str
    rows: tuple[Agreement, ...]


def second_codings(cases: Sequence[CodedCase]) -> tuple[SecondCoding, ...]:
    """The second pass, the provisional table, and the public dataset's code of verification."""
    found = []
    for name in ("second_coding", "provisional_coding"):
        data = read_data(f"{name}.yaml")
        rows = tuple(agreement(cases, attribute, codes) for attribute, codes in data["codes"].items())
        found.append(SecondCoding(name, data["coder"], rows))
    told = (
        "Vaynman's dataset of concluded agreements: other people's coding, but the coder had seen its codes"
    )
    found.append(SecondCoding("aad", told, (agreement(cases, "verification", _aad_codes(cases)),)))
    return tuple(found)


def agreement(cases: Sequence[CodedCase], attribute: str, other: Mapping[str, str]) -> Agreement:
    """The first coding of ``attribute`` against ``other``, where both have one."""
    shared = [case for case in cases if case.id in other]
    first = [GRADES[case.said(attribute)] for case in shared]
    second = [GRADES[str(other[case.id])] for case in shared]
    differ = tuple(case.id for case, a, b in zip(shared, first, second, strict=True) if a != b)
    same = 1 - len(differ) / len(shared)
    return Agreement(attribute, len(shared), same, weighted_kappa(first, second), differ)


def weighted_kappa(first: Sequence[int], second: Sequence[int]) -> float:
    """1 less the mean distance over the distance expected if both had coded at random with their own
    shares; not-a-number where that is 0.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    expected = np.abs(a[:, None] - b[None, :]).mean()
    return float(1 - np.abs(a - b).mean() / expected) if expected > 0 else float("nan")


def _aad_codes(cases: Sequence[CodedCase]) -> dict[str, str]:
    """By case, the code of the dataset as a level."""
    return {case.id: str(_AAD[case.aad.split()[-1]]) for case in cases if case.aad}
