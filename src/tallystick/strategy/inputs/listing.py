"""The shipped profiles at a glance: what each is, and how much of it somebody assumed."""

from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.strategy.inputs.distribution import Origin
from tallystick.strategy.inputs.profile import Profile, shipped, shipped_names


@dataclass(frozen=True, slots=True)
class ListedProfile:
    """One profile. ``id``: the word that ``--profiles`` takes; ``state``: its name, empty for a technology or
    the world; ``called``: words by which texts speak of it; ``origins``: parameters of each origin;
    ``assumed``: share of parameters neither measured nor documented.
    """

    id: str
    kind: str
    title: str
    state: str
    called: tuple[str, ...]
    fictional: bool
    parameters: int
    origins: Mapping[str, int]
    assumed: float
    digest: str


def listed_profiles() -> tuple[ListedProfile, ...]:
    """All that come with the package, by id."""
    return tuple(_listed(name, shipped(name)) for name in shipped_names())


def _listed(name: str, profile: Profile) -> ListedProfile:
    found = [one.origin for one in profile.parameters.values()]
    return ListedProfile(
        id=name,
        kind=profile.kind,
        title=profile.title,
        state=profile.name if profile.kind == "state" else "",
        called=profile.aliases,
        fictional=profile.fictional,
        parameters=len(found),
        origins={origin.value: found.count(origin) for origin in Origin if origin in found},
        assumed=sum(not origin.firm for origin in found) / len(found),
        digest=profile.digest,
    )
