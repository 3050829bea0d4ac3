"""Whether a log is the one that was shown before."""

from collections.abc import Collection, Iterable

from tallystick.errors import VerificationError
from tallystick.evidence.keys import VerifierKey
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint
from tallystick.evidence.log.misbehaviour import LogFork, LogRewritten, LogRollback
from tallystick.evidence.log.tree import ProvingTree


def check_extends(
    earlier: Iterable[SignedCheckpoint], tree: ProvingTree, logs: Collection[VerifierKey], where: str = ""
) -> int:
    """How many ``earlier`` heads the leaves of ``tree`` recompute to: all of them.

    ``logs`` are the keys of this log, those that it rotated away included. Raises LogRollback where the log
    has fewer leaves than a head, LogFork where it has as many and another root, LogRewritten where it has
    more but does not begin with the head's, and VerificationError where a head is not signed by both keys of
    one pair of ``logs``: such a head says nothing of it.
    """
    count = 0
    for note in earlier:
        check_signed(note, logs, where)
        check_head(note.checkpoint, tree, where)
        count += 1
    return count


def check_signed(note: SignedCheckpoint, logs: Collection[VerifierKey], where: str = "") -> VerifierKey:
    """The pair out of ``logs`` that signed a head of its own log. Raises VerificationError where none did."""
    failure = VerificationError(f"no key is given of the log {note.checkpoint.origin}", where=where)
    for log in logs:
        if log.name == note.checkpoint.origin:
            try:
                note.verify(log)
            except VerificationError as error:
                failure = VerificationError(error.problem, where=where)
            else:
                return log
    raise failure


def check_head(head: Checkpoint, tree: ProvingTree, where: str = "") -> None:
    """Raise as ``check_extends`` does unless ``tree`` begins with the leaves of ``head``."""
    if head.size > len(tree):
        raise LogRollback(
            f"the log was rolled back: it has {len(tree)} leaves, and {head.size} were signed before",
            where=where,
        )
    raise_where_other(head, tree.root(head.size), len(tree), where)


def raise_where_other(head: Checkpoint, root: bytes, size: int, where: str = "") -> None:
    """Raise LogFork or LogRewritten where a log of ``size`` leaves has another root at the head's size."""
    if head.root == root:
        return
    if head.size == size:
        raise LogFork(f"the log has forked: two roots for {size} leaves", where=where)
    raise LogRewritten(
        f"the log was rewritten: its first {head.size} leaves are not those signed before", where=where
    )
