"""All parameters of an assessment, drawn together: one column of a Sobol sequence each, by name.

A column's place depends on its owner and its name alone, never on the regime or the order of the profiles:
two regimes, or a regime and its mend, are compared on the same draws, whichever state is named first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from tallystick.errors import InputError
from tallystick.strategy.inputs.distribution import Distribution
from tallystick.strategy.inputs.profile import KINDS, Profile

Float = npt.NDArray[np.float64]

MOST_DRAWS = 2**20


@dataclass(frozen=True, slots=True)
class Inputs:
    """The profiles of one assessment. Raises InputError for fewer than two states, or two of one name."""

    states: tuple[Profile, ...]
    technology: Profile
    world: Profile

    def __post_init__(self) -> None:
        names = [state.name for state in self.states]
        if len(names) < 2:
            raise InputError("fewer than two states", where="profiles", mend="give --profiles once for each")
        if len(set(names)) < len(names):
            problem = f"states are not of different names: {', '.join(names)}"
            raise InputError(problem, where="profiles", mend="change name: in one of the files")
        for profile, kind in ((self.technology, "technology"), (self.world, "world")):
            if profile.kind != kind:
                raise InputError(
                    f"{profile.name} is not a {kind} profile", where="profiles", mend=f"give a {kind}"
                )
        for state in self.states:
            if state.kind != "state":
                raise InputError(
                    f"{state.name} is not a state", where="profiles", mend="give a profile of a state"
                )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of states, in order."""
        return tuple(state.name for state in self.states)

    @property
    def columns(self) -> dict[str, Distribution]:
        """Every parameter by its full name, ``world.reach`` or ``US.trust``, in the order of the columns:
        world, technology, who is called leader, the others by name.
        """
        found = {f"world.{name}": d for name, d in self.world.parameters.items()}
        found |= {f"technology.{name}": d for name, d in self.technology.parameters.items()}
        for state in sorted(self.states, key=lambda one: (not one.is_called("leader"), one.name)):
            found |= {f"{state.name}.{name}": d for name, d in state.parameters.items()}
        return found

    def words(self, column: str) -> tuple[str, ...]:
        """The words of a parameter that is a choice, by its full name; none for others."""
        owner, _, name = column.rpartition(".")
        kind = owner if owner in ("world", "technology") else "state"
        return next(p.words for p in KINDS[kind] if p.name == name)


@dataclass(frozen=True, slots=True)
class Draws:
    """Values of every parameter, each (n,), by owner and name."""

    values: Mapping[str, Mapping[str, Float]]
    count: int

    def of(self, owner: str) -> Mapping[str, Float]:
        """The parameters of ``world``, ``technology`` or a state."""
        return self.values[owner]


def sobol_levels(columns: int, draws: int, seed: int) -> Float:
    """``draws`` x ``columns`` scrambled Sobol levels in (0, 1). Raises InputError where ``draws`` is no power
    of two from 2 to 1,048,576, which the sequence needs to be balanced.
    """
    if not 2 <= draws <= MOST_DRAWS or draws & (draws - 1):
        raise InputError(f"{draws} draws", where="draws", mend="give a power of two, such as 8192")
    engine = qmc.Sobol(columns, scramble=True, rng=np.random.default_rng(seed))
    return np.asarray(engine.random_base2(draws.bit_length() - 1))


def drawn(inputs: Inputs, levels: Float) -> Draws:
    """The values at ``levels`` (n, columns)."""
    values: dict[str, dict[str, Float]] = {}
    for index, (name, distribution) in enumerate(inputs.columns.items()):
        owner, _, parameter = name.rpartition(".")
        values.setdefault(owner, {})[parameter] = distribution.at(levels[:, index])
    return Draws(values, levels.shape[0])
