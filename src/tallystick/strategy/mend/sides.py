"""Who is ahead and who is behind, as the words of a changed clause name them."""

from dataclasses import dataclass

from tallystick.strategy.inputs.profile import Profile


@dataclass(frozen=True, slots=True)
class Sides:
    """Names of the states; ``leader`` has the most capability now (by the median), the first where equal."""

    leader: str
    others: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The leader and all others."""
        return (self.leader, *self.others)


def sides_of(states: tuple[Profile, ...]) -> Sides:
    """The sides of these profiles."""
    leader = max(states, key=lambda state: state.parameters["capability"].median)
    return Sides(leader.name, tuple(state.name for state in states if state is not leader))
