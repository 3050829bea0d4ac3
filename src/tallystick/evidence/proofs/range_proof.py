"""Range proofs over Pedersen commitments: prove and verify that each hides a value in [0, 2**bits).

Bulletproofs, byte-compatible with zkcrypto/bulletproofs: whoever has a commitment, a proof, the number of
bits and the transcript's label can check with that crate. ``context`` holds further messages, each under a
label of its own, appended before the proof (merlin's ``append_message``): bind there all that the proof must
not be moved away from, such as the operator, the period and the log's checkpoint.

A number of commitments that is not a power of two is padded: see ``Statement``.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs import pedersen
from tallystick.evidence.proofs.blinding import BlindingStream, Randomness
from tallystick.evidence.proofs.encoding import RangeProof
from tallystick.evidence.proofs.prover import Witness, prove_statement
from tallystick.evidence.proofs.ristretto import Point
from tallystick.evidence.proofs.statement import Context, Statement, check_width
from tallystick.evidence.proofs.verifier import Batch


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with the proof that comes with it. ``name`` says in errors whose it is."""

    statement: Statement
    proof: bytes
    name: str = ""


def prove(
    values: Sequence[int],
    blindings: Sequence[int],
    bits: int,
    label: bytes,
    secret: bytes,
    context: Context = (),
    randomness: Randomness = os.urandom,
) -> Claim:
    """Commit to ``values`` with ``blindings`` and prove that each value is in [0, 2**bits).

    ``secret`` (at least 32 bytes, never shown) and the statement go into the prover's own blinding beside
    the operating system's randomness. Only tests pass another ``randomness``.
    Raises InputError for a value out of range, a blinding outside (0, ORDER) or unequal lengths.
    """
    check_width(bits)
    if len(values) != len(blindings):
        raise InputError(f"{len(values)} values do not go with {len(blindings)} blindings")
    for index, value in enumerate(values):
        if not 0 <= value < 2**bits:
            raise InputError(f"value {index} is not in [0, 2**{bits}), so nothing proves that it is")
    commitments = tuple(pedersen.commit(v, b) for v, b in zip(values, blindings, strict=True))
    statement = Statement(bits, commitments, label, context)
    padding = statement.parties - len(values)
    witness = Witness([*values, *[0] * padding], [*blindings, *[1] * padding])
    stream = BlindingStream(secret, statement, witness.values, witness.blindings, randomness)
    return Claim(statement, prove_statement(statement, witness, stream).encode())


def verify(
    proof: bytes, commitments: Sequence[Point], bits: int, label: bytes, context: Context = (), name: str = ""
) -> None:
    """Check one proof.

    Raises FormatError for what is no proof or no commitment, InputError for widths and counts that do not
    exist, VerificationError where the proof does not hold.
    """
    _verify_one(Claim(Statement(bits, tuple(commitments), label, context), proof, name))


def verify_batch(claims: Sequence[Claim]) -> None:
    """Check many proofs at the price of little more than their own points; shapes may differ.

    Raises as ``verify``, for the first claim that does not hold, by name or number.
    """
    named = [claim if claim.name else replace(claim, name=f"proof {i}") for i, claim in enumerate(claims)]
    if not _all_hold(named):
        _name_culprit(named)


def _all_hold(claims: Sequence[Claim]) -> bool:
    try:
        return _sum_holds(claims)
    except (FormatError, VerificationError):
        return False


def _sum_holds(claims: Sequence[Claim]) -> bool:
    groups: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.statement.shape].append(claim)
    batches: dict[tuple[int, int], Batch] = {}
    for group in groups.values():
        bits, parties = group[0].statement.bits, group[0].statement.parties
        batch = batches.setdefault((bits, parties), Batch(bits, parties))
        proofs = [RangeProof.decode(claim.proof, bits * parties, claim.name) for claim in group]
        batch.absorb([claim.statement for claim in group], proofs)
    return all(batch.holds() for batch in batches.values())


def _verify_one(claim: Claim) -> None:
    try:
        holds = _sum_holds([claim])
    except (FormatError, VerificationError) as error:
        raise type(error)(error.problem, where=claim.name) from error
    if not holds:
        raise VerificationError("the range proof does not hold", where=claim.name)


def _name_culprit(claims: Sequence[Claim]) -> None:
    """Halve until one is left: about as dear as the batch was, however many proofs are false."""
    while len(claims) > 1:
        half = len(claims) // 2
        claims = claims[half:] if _all_hold(claims[:half]) else claims[:half]
    _verify_one(claims[0])
    raise VerificationError("the proofs hold one by one, but not together", mend="report this")
