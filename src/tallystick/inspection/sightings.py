"""Groups in lock-step that drawn slots show, and which of them are one run seen again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tallystick.declarations.bundle import Bundle
from tallystick.evidence.block import SampleBlock
from tallystick.inspection.opened import OpenedSlot
from tallystick.inspection.recomputation import LockStepGroup, Recomputation
from tallystick.records.subject import Subject
from tallystick.units import PPM

#: Groups of two slots are one run where this share of the subjects seen in both and in either agrees.
LINK_SHARE_PPM = 500_000


@dataclass(frozen=True)
class Sighting:
    """One group in one slot: its ``members`` with their samples, and all subjects ``drawn`` in that slot."""

    slot_ns: int
    group: LockStepGroup
    members: tuple[tuple[Subject, SampleBlock], ...]
    drawn: frozenset[str]
    drawn_accelerators: int

    @property
    def accelerators(self) -> int:
        """Accelerators that the group's members cover."""
        return sum(len(subject.covers) for subject, _ in self.members)


def sightings(
    slots: Sequence[OpenedSlot], bundle: Bundle, recomputation: Recomputation
) -> tuple[Sighting, ...]:
    """All groups of all drawn slots, a lone active subject being a group of one."""
    found = []
    for slot in slots:
        by_name = {s.name: (s, b) for s, b in zip(slot.subjects, slot.blocks, strict=True)}
        drawn, accelerators = frozenset(by_name), sum(len(s.covers) for s in slot.subjects)
        for group in recomputation.groups(bundle.roster.rows, slot.subjects, slot.blocks):
            members = tuple(by_name[name] for name in group.subjects)
            found.append(Sighting(slot.slot_ns, group, members, drawn, accelerators))
    return tuple(found)


def chains(seen: Iterable[Sighting]) -> list[list[Sighting]]:
    """Sightings of one run together, in the order in which they were first seen."""
    found: list[list[Sighting]] = []
    for sighting in seen:
        chain = next((c for c in found if _same_run(c, sighting)), None)
        if chain is None:
            found.append([sighting])
        else:
            chain.append(sighting)
    return found


def _same_run(chain: Sequence[Sighting], new: Sighting) -> bool:
    for old in reversed(chain):
        both = old.drawn & new.drawn
        here, there = set(old.group.subjects) & both, set(new.group.subjects) & both
        if here or there:
            return len(here & there) * PPM >= len(here | there) * LINK_SHARE_PPM
    return False
