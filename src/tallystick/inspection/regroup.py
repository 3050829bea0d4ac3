"""Check 16: the largest run that the drawn slots show when subjects are grouped without labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.accounting.block import block_amounts
from tallystick.accounting.flop import training_flop
from tallystick.accounting.hardware import hardware
from tallystick.declarations.bundle import Bundle
from tallystick.declarations.statement import Declaration
from tallystick.evidence.block import SampleBlock
from tallystick.inspection.opened import OpenedSlot
from tallystick.inspection.recomputation import LockStepGroup, Recomputation
from tallystick.inspection.sampling import share_interval
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.subject import Subject
from tallystick.records.workload import WorkloadClass
from tallystick.units import PPM, SLOT_NS

#: Groups of two slots are one run where this share of the subjects seen in both and in either agrees.
LINK_SHARE_PPM = 500_000


@dataclass(frozen=True)
class SeenRun:
    """A run as the drawn slots show it.

    ``accelerators`` is scaled from the drawn subjects to the site. ``slots_seen`` of ``slots_drawn``
    drawn slots show it; ``flop`` scales what they show to the period, 95 % on that share. ``groups`` are its
    subjects in each of these slots, by the slot's start.
    """

    subjects: frozenset[str]
    workload: WorkloadClass | None
    accelerators: int
    slots_seen: int
    slots_drawn: int
    coherence_ppm: int
    flop: FlopInterval
    groups: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class _Sighting:
    """One group in one slot, with the subjects that were drawn there."""

    slot_ns: int
    group: LockStepGroup
    drawn: frozenset[str]
    flop: FlopInterval
    scale_ppm: int
    accelerators: int


def regroup(
    slots: Sequence[OpenedSlot], bundle: Bundle, declaration: Declaration, recomputation: Recomputation
) -> list[SeenRun]:
    """Training runs seen in the drawn slots, largest first."""
    chains: list[list[_Sighting]] = []
    for slot in slots:
        for sighting in _sightings(slot, bundle, recomputation):
            chain = next((c for c in chains if _same_run(c, sighting)), None)
            if chain is None:
                chains.append([sighting])
            else:
                chain.append(sighting)
    period = declaration.period
    sealed = sum(period.start_ns <= s < period.end_ns for s in bundle.slots)
    runs = [_seen_run(chain, len(slots), sealed) for chain in chains]
    return sorted(runs, key=lambda r: r.flop.estimate, reverse=True)


def _sightings(slot: OpenedSlot, bundle: Bundle, recomputation: Recomputation) -> list[_Sighting]:
    by_name = {s.name: (s, b) for s, b in zip(slot.subjects, slot.blocks, strict=True)}
    drawn_accelerators = sum(len(s.covers) for s in slot.subjects)
    scale = bundle.roster.accelerators * PPM // max(1, drawn_accelerators)
    found = []
    for group in recomputation.groups(bundle.roster.rows, slot.subjects, slot.blocks):
        if group.workload is None or not group.workload.is_training:
            continue
        flop = NO_FLOP
        for name in group.subjects:
            flop += _slot_flop(*by_name[name])
        accelerators = sum(len(by_name[name][0].covers) for name in group.subjects)
        found.append(_Sighting(slot.slot_ns, group, frozenset(by_name), flop, scale, accelerators))
    return found


def _slot_flop(subject: Subject, block: SampleBlock) -> FlopInterval:
    amount = block_amounts(block, SLOT_NS)[0]
    return training_flop(hardware(subject.hardware), amount.observed_us, amount.energy_mj)


def _same_run(chain: Sequence[_Sighting], new: _Sighting) -> bool:
    for old in reversed(chain):
        both = old.drawn & new.drawn
        here, there = set(old.group.subjects) & both, set(new.group.subjects) & both
        if here or there:
            return len(here & there) * PPM >= len(here | there) * LINK_SHARE_PPM
    return False


def _seen_run(chain: Sequence[_Sighting], drawn: int, sealed: int) -> SeenRun:
    total = NO_FLOP
    for s in chain:
        total += FlopInterval(
            s.flop.lower * s.scale_ppm // PPM,
            s.flop.estimate * s.scale_ppm // PPM,
            s.flop.upper * s.scale_ppm // PPM,
        )
    seen = len(chain)
    low, high = share_interval(min(seen, drawn), drawn)

    def over_period(flop: int, share: float) -> int:
        return flop // seen * round(share * sealed * PPM) // PPM

    classes = [s.group.workload for s in chain]
    sizes = sorted(s.accelerators * s.scale_ppm // PPM for s in chain)
    return SeenRun(
        subjects=frozenset(name for s in chain for name in s.group.subjects),
        workload=max(dict.fromkeys(classes), key=classes.count),
        accelerators=sizes[len(sizes) // 2],
        slots_seen=seen,
        slots_drawn=drawn,
        coherence_ppm=sum(s.group.coherence_ppm for s in chain) // seen,
        flop=FlopInterval(
            over_period(total.lower, low),
            over_period(total.estimate, seen / drawn),
            over_period(total.upper, high),
        ),
        groups=tuple((s.slot_ns, s.group.subjects) for s in chain),
    )
