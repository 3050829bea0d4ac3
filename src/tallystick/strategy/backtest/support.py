"""Is a proposal like anything that was ever tried? Where it is not, the backtest says nothing about it.

Distance is the mean absolute difference of features. The cases' own distances to their nearest set the
limit: a proposal farther from every case than nearly all cases are from each other is outside. A text that
is itself one of the cases is not unlike them; its distance is that between two codings of one text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tallystick.strategy.backtest.case import CodedCase, coded_cases, read_data
from tallystick.strategy.backtest.case_profiles import profiles_of_case
from tallystick.strategy.backtest.case_terms import terms_of_case
from tallystick.strategy.backtest.features import features
from tallystick.strategy.inputs.profile import Profile
from tallystick.strategy.inputs.terms import Terms

Float = npt.NDArray[np.float64]

#: Quantile of the cases' distances to their own nearest, beyond which one abstains.
QUANTILE = 0.95
NEIGHBOURS = 3
FEATURES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A case near a proposal, how far, how it ended, and the features in which the two differ most."""

    id: str
    title: str
    outcome: str
    distance: float
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """``nearest`` cases, the nearest first; ``distance`` to the first; ``limit`` beyond which one abstains.
    ``unlike``: features in which the proposal lies beyond all cases. ``coded_again``: id of the case that
    the proposal is, read from its regime file and nearest to that case; empty for any other.
    """

    nearest: tuple[Neighbour, ...]
    distance: float
    limit: float
    inside: bool
    unlike: tuple[str, ...]
    coded_again: str = ""

    @property
    def abstains(self) -> bool:
        """Whether experience backs no verdict on it."""
        return not self.inside and not self.coded_again

    @property
    def sentence(self) -> str:
        """One line for people."""
        named = ", ".join(f"{one.title} ({one.outcome}, {one.distance:.2f})" for one in self.nearest)
        count = len(coded_cases())
        where = f"inside the support of {count} past cases"
        if self.coded_again:
            where = f"one of the {count} past cases, coded again"
        elif not self.inside:
            where = f"OUTSIDE the support of {count} past cases, so that experience backs no verdict"
        return f"{where} (distance {self.distance:.3f}, limit {self.limit:.3f}); nearest: {named}"


def support_of(terms: Terms, profiles: Sequence[Profile]) -> Support:
    """Where a proposal before its states stands among the cases."""
    own = features(terms, profiles)
    found = np.array(list(own.values()))
    table, limit = _cases_table()
    gaps = np.abs(table - found)
    distances = gaps.mean(axis=1)
    order = np.argsort(distances, kind="stable")[:NEIGHBOURS]
    names = list(own)
    beyond = (found < table.min(axis=0) - 1e-9) | (found > table.max(axis=0) + 1e-9)
    nearest = tuple(_neighbour(coded_cases()[k], float(distances[k]), gaps[k], names) for k in order)
    return Support(
        nearest=nearest,
        distance=float(distances[order[0]]),
        limit=limit,
        inside=bool(distances[order[0]] <= limit),
        unlike=tuple(name for name, outside in zip(names, beyond, strict=True) if outside),
        coded_again=nearest[0].id if nearest[0].id == _case_of(terms.name) else "",
    )


def _case_of(regime: str) -> str:
    """The case that a regime file codes again, empty where it is none of them."""
    cases = read_data("regimes.yaml")["cases"]
    return next((case for case, row in cases.items() if row["regime"] == regime), "")


def _neighbour(case: CodedCase, distance: float, gaps: Float, names: Sequence[str]) -> Neighbour:
    most = [k for k in np.argsort(-gaps, kind="stable")[:FEATURES_SHOWN] if gaps[k] > 0]
    return Neighbour(case.id, case.title, case.outcome, distance, tuple(names[k] for k in most))


@cache
def _cases_table() -> tuple[Float, float]:
    """Features of all cases, (cases, features), and the limit."""
    table = np.array(
        [list(features(terms_of_case(case), profiles_of_case(case)).values()) for case in coded_cases()]
    )
    apart = np.abs(table[:, None, :] - table[None, :, :]).mean(axis=2)
    np.fill_diagonal(apart, np.inf)
    return table, float(np.quantile(apart.min(axis=1), QUANTILE))
