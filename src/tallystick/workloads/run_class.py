"""The workload class of a run, from its windows' verdicts and from the fact that it is a run at all.

Accelerators: the class with most votes, if it has at least half of those that decide and a tenth of all.
Nodes, of which only wall power is known: one node's power does not tell training from serving, but several
nodes in lock-step do, because replicas of a served model answer different requests. So a group of two or
more nodes is training. This is an assumption, and it errs towards suspicion: tightly coupled simulation codes
(HPC) and a model served across nodes work in lock-step too, and would be called training. Whether such a
group pre-trains or fine-tunes is left to the votes; where they are silent it is called pre-training, the
graver one. A single node is what its votes say, or None.
"""

import numpy as np

from tallystick.records.subject import Subject, SubjectKind
from tallystick.records.workload import CLASSES, NOT_OBSERVED, WorkloadClass

#: Length of a vote tuple: the classes, abstained, not observed.
VOTE_KINDS = NOT_OBSERVED + 1

#: A class needs one vote in this many windows; abstentions are many, and wrong votes are few.
VOTES_PER_DECISION = 10


def class_of_run(subjects: tuple[Subject, ...], votes: tuple[int, ...]) -> WorkloadClass | None:
    """The class of a run of ``subjects`` whose windows voted ``votes``, or None where nothing decides."""
    if len(subjects) > 1 and all(s.kind is SubjectKind.NODE for s in subjects):
        return _training_kind(votes)
    working = [0 if c is WorkloadClass.IDLE else votes[i] for i, c in enumerate(CLASSES)]
    best = int(np.argmax(working))
    seen = sum(votes[:NOT_OBSERVED])
    if not working[best] or 2 * working[best] < sum(working) or VOTES_PER_DECISION * working[best] < seen:
        return None
    return CLASSES[best]


def _training_kind(votes: tuple[int, ...]) -> WorkloadClass:
    pretraining = votes[CLASSES.index(WorkloadClass.PRETRAINING)]
    fine_tuning = votes[CLASSES.index(WorkloadClass.FINE_TUNING)]
    seen = sum(votes[:NOT_OBSERVED])
    if fine_tuning > 2 * pretraining and VOTES_PER_DECISION * fine_tuning >= seen:
        return WorkloadClass.FINE_TUNING
    return WorkloadClass.PRETRAINING
