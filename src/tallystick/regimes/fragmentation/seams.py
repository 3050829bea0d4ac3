"""Seams: which duties drop if training, deployment or the seat leaves a region, and which come elsewhere.

Nothing is guessed from tables: every move is evaluated again, with the developer's ties moved. An instrument
sees the ties to its own region only, so it is evaluated once for each set of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tallystick.regimes.fragmentation.profile import Profile, Ties
from tallystick.regimes.fragmentation.standing import LAW, HeldDuty, Memory, Standing, stand
from tallystick.regimes.law.instrument import Instrument
from tallystick.regimes.law.reads import facts_read
from tallystick.regimes.law.vocabulary import Vocabulary
from tallystick.regimes.stated.places import EU_MEMBERS, regions_around

#: What a developer can move -> the ties that go with it.
ACTIVITIES: Mapping[str, tuple[str, ...]] = {
    "training": ("develops", "hosts_cluster"),
    "deployment": ("places_on_market", "deploys", "intends_to_place"),
    "the seat": ("established", "subject_person"),
    "business": ("does_business",),
    "chip exports": ("exports_from",),
    "everything": (),
}


Duties = Mapping[str, HeldDuty]


@dataclass(frozen=True, slots=True)
class Exit:
    """An activity leaves a region. ``held_by``: ties that still bind the developer there."""

    activity: str
    region: str
    leaves: Ties
    drops: tuple[HeldDuty, ...]
    held_by: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "activity": self.activity,
            "from": self.region,
            "ties": sorted(tie for _, tie in self.leaves),
            "drops": [duty.key for duty in self.drops],
            "still_bound_through": list(self.held_by),
        }


@dataclass(frozen=True, slots=True)
class Move:
    """The same activity, taken up in another region: what drops, what comes, and what may come."""

    activity: str
    origin: str
    destination: str
    drops: tuple[HeldDuty, ...]
    gains: tuple[HeldDuty, ...]
    may_gain: tuple[HeldDuty, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {
            "activity": self.activity,
            "from": self.origin,
            "to": self.destination,
            "drops": [duty.key for duty in self.drops],
            "gains": [duty.key for duty in self.gains],
            "may_gain": [duty.key for duty in self.may_gain],
        }


@dataclass(frozen=True, slots=True)
class Seams:
    """All exits, and for those that drop a duty the moves, those that leave fewest duties first."""

    exits: tuple[Exit, ...]
    moves: tuple[Move, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that ``--json`` prints."""
        return {"exits": [e.as_json() for e in self.exits], "moves": [m.as_json() for m in self.moves]}


def seams(standings: Sequence[Standing], profile: Profile, vocabulary: Vocabulary, at: date) -> Seams:
    """Every activity out of every region; where that drops duties, into every region whose law reaches it."""
    search = _Search([s.instrument for s in standings if s.group in LAW], vocabulary, at)
    before = search.duties(profile)
    exits: list[Exit] = []
    moves: list[Move] = []
    for activity, region, leaves in departures(profile):
        after = profile.moved(leaves, frozenset())
        drops = tuple(duty for duty in _lost(before, search.duties(after)) if _sure(duty))
        exits.append(
            Exit(activity, region, leaves, drops, _held_by(search.instruments, after, region, before))
        )
        if not drops or activity == "everything":
            continue
        for destination in _reached_by(search.instruments, leaves):
            enters = frozenset((destination, tie) for _, tie in leaves)
            if destination != region and not enters & profile.ties:
                there = search.duties(profile.moved(leaves, enters))
                moves.append(_move(activity, region, destination, before, there))
    return Seams(tuple(exits), tuple(sorted(moves, key=_remaining)))


def departures(profile: Profile) -> Iterable[tuple[str, str, Ties]]:
    """Every activity that the developer has in a region, with its ties."""
    own = {tie for things in profile.things.values() for t in things for tie in t.ties or ()}
    held = profile.ties | own
    for region in sorted({region for region, _ in held}):
        for activity, ties in ACTIVITIES.items():
            leaves = frozenset(t for t in held if t[0] == region and (not ties or t[1] in ties))
            if leaves:
                yield activity, region, leaves


def _move(
    activity: str,
    origin: str,
    destination: str,
    before: Duties,
    there: Duties,
) -> Move:
    gone, come = _lost(before, there), _lost(there, before)
    return Move(
        activity,
        origin,
        destination,
        tuple(filter(_sure, gone)),
        tuple(filter(_sure, come)),
        tuple(duty for duty in come if not _sure(duty)),
    )


def _reached_by(instruments: Iterable[Instrument], leaves: Ties) -> list[str]:
    """Regions with law that takes one of the ties. Anywhere else the move gains nothing, as the exit says."""
    ties = {f"jurisdictions.{tie}" for _, tie in leaves}
    return sorted({one.binds.region for one in instruments if ties & set(one.binds.nexus)})


def _sure(duty: HeldDuty) -> bool:
    """Due, or due from a known day on; not merely perhaps."""
    return duty.due or duty.coming is not None


def _remaining(move: Move) -> tuple[Any, ...]:
    return move.activity, move.origin, len(move.gains) - len(move.drops), move.destination


def _lost(before: Duties, after: Duties) -> tuple[HeldDuty, ...]:
    return tuple(duty for key, duty in before.items() if key not in after)


def _held_by(
    instruments: Iterable[Instrument], after: Profile, region: str, before: Duties
) -> tuple[str, ...]:
    """Ties that stay and that some regime with a duty in the region takes; member states are in the EU."""
    own = {tie for things in after.things.values() for one in things for tie in one.ties or ()}
    bound = {duty.regime for duty in before.values()}
    takes = {
        tie.removeprefix("jurisdictions.")
        for one in instruments
        if one.id in bound and one.binds.region == _market(region)
        for tie in one.binds.nexus
    }
    held = {tie for place, tie in after.ties | own if _market(place) == _market(region)}
    return tuple(sorted(held & takes))


def _market(region: str) -> str:
    return "EU" if region in EU_MEMBERS else region


@dataclass
class _Search:
    """Duties under moved ties, sure or open, each instrument once for each set of ties that it sees."""

    instruments: Sequence[Instrument]
    vocabulary: Vocabulary
    at: date
    memory: Memory = field(default_factory=Memory)
    known: dict[object, tuple[HeldDuty, ...]] = field(default_factory=dict)

    def duties(self, profile: Profile) -> dict[str, HeldDuty]:
        """The duties that are due, that will be, or that may be."""
        return {duty.key: duty for one in self.instruments for duty in self._of(one, profile)}

    def _of(self, one: Instrument, profile: Profile) -> tuple[HeldDuty, ...]:
        key = one.id, _relevant(one, profile)
        if key not in self.known:
            found = stand(one, profile, self.vocabulary, self.at, self.memory).duties
            self.known[key] = tuple(duty for duty in found if duty.claimed is not False or _sure(duty))
        return self.known[key]


def _relevant(one: Instrument, profile: Profile) -> object:
    """The ties that the instrument can see: those to its region, and to places within it."""
    own = [t.ties for things in profile.things.values() for t in things]
    if any(name.startswith("jurisdictions.") for name in facts_read(one)):
        return profile.ties, tuple(own)
    region = one.binds.region

    def seen(ties: Ties | None) -> object:
        return ties and frozenset(tie for place, tie in ties if region in (place, *regions_around(place)))

    return seen(profile.ties), tuple(map(seen, own))
