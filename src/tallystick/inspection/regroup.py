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
from tallystick.inspection.sampling import share_interval
from tallystick.inspection.sightings import Sighting, chains
from tallystick.records.flop import NO_FLOP, FlopInterval
from tallystick.records.subject import Subject
from tallystick.records.workload import WorkloadClass
from tallystick.units import PPM, SLOT_NS


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


def regroup(
    seen: Sequence[Sighting], slots: Sequence[OpenedSlot], bundle: Bundle, declaration: Declaration
) -> list[SeenRun]:
    """Training runs among the groups ``seen`` in the drawn ``slots``, largest first."""
    period = declaration.period
    sealed = sum(period.start_ns <= s < period.end_ns for s in bundle.slots)
    training = (s for s in seen if s.group.workload is not None and s.group.workload.is_training)
    runs = [_seen_run(chain, bundle, len(slots), sealed) for chain in chains(training)]
    return sorted(runs, key=lambda r: r.flop.estimate, reverse=True)


def _slot_flop(subject: Subject, block: SampleBlock) -> FlopInterval:
    amount = block_amounts(block, SLOT_NS)[0]
    return training_flop(hardware(subject.hardware), amount.observed_us, amount.energy_mj)


def _seen_run(chain: Sequence[Sighting], bundle: Bundle, drawn: int, sealed: int) -> SeenRun:
    scales = [bundle.roster.accelerators * PPM // max(1, s.drawn_accelerators) for s in chain]
    total = NO_FLOP
    for s, scale in zip(chain, scales, strict=True):
        flop = NO_FLOP
        for member in s.members:
            flop += _slot_flop(*member)
        total += FlopInterval(
            flop.lower * scale // PPM, flop.estimate * scale // PPM, flop.upper * scale // PPM
        )
    seen = len(chain)
    low, high = share_interval(min(seen, drawn), drawn)

    def over_period(flop: int, share: float) -> int:
        return flop // seen * round(share * sealed * PPM) // PPM

    classes = [s.group.workload for s in chain]
    sizes = sorted(s.accelerators * scale // PPM for s, scale in zip(chain, scales, strict=True))
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
