"""Cosignatures of several witnesses on one head, as many as a policy demands."""

from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.errors import InputError, VerificationError
from tallystick.evidence.keys import VerifierKey
from tallystick.evidence.log.checkpoint import SignedCheckpoint
from tallystick.evidence.log.misbehaviour import LogFork, LogRewritten, LogRollback
from tallystick.evidence.log.policy import Policy
from tallystick.evidence.log.tree import ProvingTree
from tallystick.evidence.log.witness import Cosigner


@dataclass(frozen=True)
class Gathered:
    """A head with the cosignatures of those who answered, and why each of the others did not."""

    note: SignedCheckpoint
    failures: Mapping[str, str]


def gather(
    note: SignedCheckpoint,
    log_key: VerifierKey,
    tree: ProvingTree,
    witnesses: Mapping[str, Cosigner],
    policy: Policy,
    now_s: int,
) -> Gathered:
    """Ask each of ``witnesses``, named as in ``policy``, in the order of the policy.

    One that cannot be reached or refuses is passed over as long as the quorum is met; but where one says that
    this log was rolled back, forked or rewritten, that is raised at once. Raises VerificationError where the
    quorum is not met, with each failure.
    """
    failures: dict[str, str] = {}
    for name in policy.witnesses:
        witness = witnesses.get(name)
        if witness is None:
            failures[name] = "not asked: no address"
            continue
        try:
            note = note.signed_by(witness.cosign_tree(note, log_key, tree, now_s))
        except (LogRollback, LogFork, LogRewritten):
            raise
        except (InputError, VerificationError) as error:
            failures[name] = error.problem
    try:
        policy.check(note)
    except VerificationError as error:
        said = "".join(f"; {name}: {why}" for name, why in failures.items())
        raise VerificationError(
            f"{error.problem}{said}", mend="seal again when the witnesses answer"
        ) from error
    return Gathered(note, failures)
