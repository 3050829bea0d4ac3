"""Joins the groups of single slots into lives: one group of subjects at work without a pause, over slots.

A group in a slot is first cut into pieces where all its members idle for ``PAUSE_BINS`` or more. Pieces are
chained one to one with the piece of the next slot (or one soon after, when slots were grouped wrongly) that
has most members in common. Who belongs to a life, and when, is decided by majority, so that a slot in which
a job fell apart or two jobs looked like one does not decide anything alone.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tallystick.telemetry.table import Int64
from tallystick.units import NS_PER_S, SLOT_NS

BIN_NS = 10 * NS_PER_S
BINS_PER_SLOT = SLOT_NS // BIN_NS
#: Idle for this long ends a run; shorter pauses (checkpoints, evaluations, restarts) do not.
PAUSE_BINS = 6
#: Work is taken to have gone on over at most this much without telemetry,
UNSEEN_BINS = 30
#: or with a model loaded and at rest.
RESTING_BINS = 360
#: Slots that a chain may skip over, less one.
MAX_SLOT_STEP = 4
#: Lives with four fifths of all members in common are the same subjects.
REJOIN_NUMERATOR, REJOIN_DENOMINATOR = 4, 5

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Piece:
    """A group at work within one slot: bins ``[first, last)`` counted from the first slot of all."""

    slot: int
    members: frozenset[int]
    first: int
    last: int
    coherence_ppm: int


@dataclass(frozen=True)
class Life:
    """Subjects at work together over bins ``[first, last)``, sorted; coherence over pairs and time."""

    members: tuple[int, ...]
    first: int
    last: int
    coherence_ppm: int


def spans(active: Bools, shortest_gap: int = PAUSE_BINS) -> list[tuple[int, int]]:
    """Spans ``[first, last)`` of a mask (bins,), joined over gaps of fewer than ``shortest_gap`` bins."""
    on = np.flatnonzero(active)
    if not len(on):
        return []
    cuts = np.flatnonzero(np.diff(on) > shortest_gap)
    firsts, lasts = np.r_[on[0], on[cuts + 1]], np.r_[on[cuts], on[-1]]
    return [(int(a), int(b) + 1) for a, b in zip(firsts, lasts, strict=True)]


def bridge(active: Bools, bare: Bools, seen: Bools) -> None:
    """Marks as active, in place, stretches between two active bins that no end of a job explains.

    All are (subjects, bins): ``seen`` where there are samples, ``bare`` where those show bare idle. A
    stretch is bridged when it has fewer than PAUSE_BINS bare bins and at most UNSEEN_BINS unseen ones, and
    is no longer than RESTING_BINS: a gap in the telemetry, or a loaded model at rest.
    """
    for row, idle, visible in zip(active, bare, seen, strict=True):
        at = np.flatnonzero(row)
        before, after = at[:-1], at[1:]
        idled, hidden = (np.concatenate((np.zeros(1, np.int64), np.cumsum(x))) for x in (idle, ~visible))
        gaps = (after - before > 1) & (after - before <= RESTING_BINS)
        gaps &= idled[after] - idled[before] < PAUSE_BINS
        gaps &= hidden[after] - hidden[before] <= UNSEEN_BINS
        for first, last in zip(before[gaps].tolist(), after[gaps].tolist(), strict=True):
            row[first:last] = True


def pieces(slot: int, members: Int64, coherence_ppm: int, active: Bools) -> list[Piece]:
    """Pieces of one group; ``active`` (subjects, BINS_PER_SLOT) is that of the slot with number ``slot``."""
    found = []
    offset = slot * BINS_PER_SLOT
    for first, last in spans(np.any(active[members], axis=0)):
        at_work = members[active[members, first:last].any(axis=1)]
        found.append(Piece(slot, frozenset(at_work.tolist()), offset + first, offset + last, coherence_ppm))
    return found


def lives(found: list[Piece], active: Bools) -> list[Life]:
    """Lives of all pieces, longest and largest first; ``active`` is (subjects, all bins)."""
    result = _rejoined([life for chain in _chains(found, active) for life in _lives_of(chain, active)])
    return sorted(
        result, key=lambda life: (-len(life.members) * (life.last - life.first), life.first, life.members)
    )


def _chains(found: list[Piece], active: Bools) -> list[list[Piece]]:
    """Pieces chained over slots, each piece in exactly one chain."""
    by_slot: dict[int, list[int]] = {}
    for i, piece in enumerate(found):
        by_slot.setdefault(piece.slot, []).append(i)
    following: dict[int, int] = {}
    taken: set[int] = set()
    for step in range(1, MAX_SLOT_STEP + 1):
        for slot in sorted(by_slot):
            here = [i for i in by_slot[slot] if i not in following]
            there = [i for i in by_slot.get(slot + step, []) if i not in taken]
            for _, i, j in sorted(_candidates(found, here, there)):
                if i not in following and j not in taken and _unbroken(found[i], found[j], active):
                    following[i] = j
                    taken.add(j)
    chains = []
    for i in range(len(found)):
        if i not in taken:
            chain = [i]
            while chain[-1] in following:
                chain.append(following[chain[-1]])
            chains.append([found[k] for k in chain])
    return chains


def _candidates(found: list[Piece], here: list[int], there: list[int]) -> list[tuple[int, int, int]]:
    """(less members in common, piece, later piece) with more than half of all members in common."""
    owners: dict[int, list[int]] = {}
    for j in there:
        for member in found[j].members:
            owners.setdefault(member, []).append(j)
    pairs = []
    for i in here:
        for j in {j for member in found[i].members for j in owners.get(member, [])}:
            common = len(found[i].members & found[j].members)
            if 2 * common > len(found[i].members | found[j].members):
                pairs.append((-common, i, j))
    return pairs


def _unbroken(earlier: Piece, later: Piece, active: Bools) -> bool:
    """Whether the common members never all idle for PAUSE_BINS between two pieces."""
    common = sorted(earlier.members & later.members)
    between: Bools = np.any(active[common, earlier.last - 1 : later.first + 1], axis=0)
    between[0] = between[-1] = True
    return len(spans(between)) == 1


def _lives_of(chain: list[Piece], active: Bools) -> list[Life]:
    """The lives of one chain: the majority's members, at the times when most of them work."""
    present: dict[int, int] = {}
    for piece in chain:
        for member in piece.members:
            present[member] = present.get(member, 0) + piece.last - piece.first
    first, last = chain[0].first, chain[-1].last
    candidates = np.array(sorted(present), np.int64)
    worked = active[candidates, first:last].sum(axis=1)
    often = np.array([present[int(m)] for m in candidates], np.int64)
    members = candidates[2 * often >= np.maximum(worked, (last - first) // 2)]
    if not len(members):
        return []
    together: Bools = 2 * active[members, first:last].sum(axis=0) >= len(members)
    coherence = _coherence(chain)
    names = tuple(int(m) for m in members)
    return [Life(names, first + a, first + b, coherence) for a, b in spans(together)]


def _rejoined(found: list[Life]) -> list[Life]:
    """Lives of nearly the same members without a pause between them made one: a chain had torn."""
    kept: list[Life] = []
    lives_of: dict[int, set[int]] = {}
    for life in sorted(found, key=lambda life: (life.first, life.members)):
        met = sorted({i for member in life.members for i in lives_of.get(member, ())})
        at = next((i for i in met if _continues(kept[i], life)), len(kept))
        if at == len(kept):
            kept.append(life)
        else:
            kept[at] = _union(kept[at], life)
        for member in kept[at].members:
            lives_of.setdefault(member, set()).add(at)
    return kept


def _continues(earlier: Life, later: Life) -> bool:
    """Whether ``later`` has nearly the same members and no pause lies between the two."""
    if later.first - earlier.last >= PAUSE_BINS:
        return False
    common = len(set(earlier.members) & set(later.members))
    every = len(earlier.members) + len(later.members) - common
    return REJOIN_NUMERATOR * every <= REJOIN_DENOMINATOR * common


def _union(one: Life, other: Life) -> Life:
    weights = [len(life.members) * (life.last - life.first) for life in (one, other)]
    coherence = (weights[0] * one.coherence_ppm + weights[1] * other.coherence_ppm) // sum(weights)
    members = one.members if weights[0] >= weights[1] else other.members
    return Life(members, min(one.first, other.first), max(one.last, other.last), coherence)


def _coherence(chain: list[Piece]) -> int:
    """Mean coherence over pairs of members and time."""
    weights = [len(p.members) * (len(p.members) - 1) * (p.last - p.first) for p in chain]
    total = sum(weights)
    return sum(w * p.coherence_ppm for w, p in zip(weights, chain, strict=True)) // total if total else 0
