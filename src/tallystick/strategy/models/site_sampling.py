"""How many sites to visit so that a violation at some of them is met.

Source: IAEA attributes sampling, hypergeometric (Jaech and Russell, IAEA STR-261, 1991).
"""

from math import comb

import numpy as np

from tallystick.errors import InputError
from tallystick.strategy.models.ranges import probability, whole


def chance_of_meeting(sites: int, violating: int, visited: int) -> float:
    """1 - C(N-r, n) / C(N, n). Raises InputError where more sites violate or are visited than there are."""
    n_sites, r, n = whole("sites", sites, 1), whole("violating", violating), whole("visited", visited)
    if max(r, n) > n_sites:
        raise InputError("more sites than there are", where="sites", mend="count the sites again")
    return 1 - comb(n_sites - r, n) / comb(n_sites, n)


def visits_needed(sites: int, violating: int, missed: float) -> float:
    """n = N (1 - beta^(1/r)), the planning approximation, not rounded. Raises InputError for r below 1."""
    n_sites, r = whole("sites", sites, 1), whole("violating", violating, 1)
    beta = probability("missed", missed)
    return float(n_sites * (1 - np.power(beta, 1 / r)))
