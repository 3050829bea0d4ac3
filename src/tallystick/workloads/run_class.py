"""The workload class of a run, from its windows' verdicts and from the fact that it is a run at all.

Accelerators are known by all their channels, so their votes decide where enough of them agree. Otherwise,
and for nodes, of which only wall power is known, lock-step decides: one node's power does not tell training
from serving, but several nodes in lock-step do, because replicas of a served model answer different requests.
So a group that spans two or more nodes is training. This is an assumption, and it errs towards suspicion:
tightly coupled simulation codes (HPC) and a model served across nodes work in lock-step too, and would be
called training where the votes are silent. Votes for either kind of training, or for training of unclear
kind, count together; which kind it is follows the greater number, and pre-training, the graver one, where
they are level or silent. Votes for no training of unclear kind count for inference or other work, whichever
has more. A single node is what its votes say, or None.
"""

from collections.abc import Sequence

from tallystick.records.subject import Subject, SubjectKind
from tallystick.records.workload import (
    CLASSES,
    NO_TRAINING_UNCLEAR,
    NOT_OBSERVED,
    TRAINING_VERDICTS,
    WorkloadClass,
)

#: Length of a vote tuple: one count a verdict.
VOTE_KINDS = NOT_OBSERVED + 1
#: A class needs one vote in this many observed windows (abstentions are many, wrong votes are few),
VOTES_PER_DECISION = 50
#: and this share of the votes for any working class: 2 of 3.
AGREED, OF_VOTES = 2, 3


def class_of_run(
    subjects: tuple[Subject, ...], votes: tuple[int, ...], nodes: int | None = None
) -> WorkloadClass | None:
    """The class of a run of ``subjects`` on ``nodes`` nodes whose windows voted ``votes``; None if open.

    Where the number of nodes is not given, accelerators count as one node.
    """
    decided = _by_votes(votes)
    if nodes is None:
        nodes = max(1, sum(1 for s in subjects if s.kind is SubjectKind.NODE))
    if nodes < 2:
        return decided
    if all(s.kind is SubjectKind.NODE for s in subjects):
        return decided if decided is not None and decided.is_training else WorkloadClass.PRETRAINING
    return decided if decided is not None else WorkloadClass.PRETRAINING


def nodes_of(site: Sequence[Subject], subjects: Sequence[Subject]) -> int:
    """How many nodes of ``site`` the subjects belong to; accelerators that no node covers count as one."""
    names = {s.name for s in subjects}
    nodes = [s for s in site if s.kind is SubjectKind.NODE]
    return max(1, sum(1 for n in nodes if n.name in names or not names.isdisjoint(n.covers)))


def _by_votes(votes: tuple[int, ...]) -> WorkloadClass | None:
    count = dict(zip(CLASSES, votes, strict=False))
    kinds = {
        _training_kind(count): sum(votes[i] for i in TRAINING_VERDICTS),
        WorkloadClass.INFERENCE: count[WorkloadClass.INFERENCE],
        WorkloadClass.OTHER: count[WorkloadClass.OTHER],
    }
    serves = kinds[WorkloadClass.INFERENCE] > kinds[WorkloadClass.OTHER]
    kinds[WorkloadClass.INFERENCE if serves else WorkloadClass.OTHER] += votes[NO_TRAINING_UNCLEAR]
    best = max(kinds, key=lambda kind: kinds[kind])
    few = VOTES_PER_DECISION * kinds[best] < sum(votes[:NOT_OBSERVED])
    if not kinds[best] or few or OF_VOTES * kinds[best] < AGREED * sum(kinds.values()):
        return None
    return best


def _training_kind(count: dict[WorkloadClass, int]) -> WorkloadClass:
    """The kind with more votes; pre-training, the graver one, where they are level or silent."""
    if count[WorkloadClass.FINE_TUNING] > count[WorkloadClass.PRETRAINING]:
        return WorkloadClass.FINE_TUNING
    return WorkloadClass.PRETRAINING
