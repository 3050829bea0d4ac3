"""The challenges of a range proof, drawn again from the proof itself, for many proofs in lock-step."""

from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.evidence.proofs.encoding import RangeProof
from tallystick.evidence.proofs.ristretto import encode_scalar
from tallystick.evidence.proofs.statement import Statement, open_transcript


@dataclass(frozen=True, slots=True)
class Challenges:
    """The verifier's words: ``u`` holds one for each halving of the inner product, in their order."""

    y: int
    z: int
    x: int
    w: int
    u: tuple[int, ...]


def replay(statements: Sequence[Statement], proofs: Sequence[RangeProof]) -> list[Challenges]:
    """The challenges of each proof. All statements are of one shape."""
    transcript = open_transcript(statements)
    transcript.append_each(b"A", [p.bit_commitment for p in proofs])
    transcript.append_each(b"S", [p.mask_commitment for p in proofs])
    y = transcript.challenge_scalars(b"y")
    z = transcript.challenge_scalars(b"z")
    transcript.append_each(b"T_1", [p.t1_commitment for p in proofs])
    transcript.append_each(b"T_2", [p.t2_commitment for p in proofs])
    x = transcript.challenge_scalars(b"x")
    transcript.append_each(b"t_x", [encode_scalar(p.t) for p in proofs])
    transcript.append_each(b"t_x_blinding", [encode_scalar(p.t_blinding) for p in proofs])
    transcript.append_each(b"e_blinding", [encode_scalar(p.e_blinding) for p in proofs])
    w = transcript.challenge_scalars(b"w")
    transcript.append(b"dom-sep", b"ipp v1")
    transcript.append_u64(b"n", statements[0].bits * statements[0].parties)
    rounds = []
    for index in range(len(proofs[0].lefts)):
        transcript.append_each(b"L", [p.lefts[index] for p in proofs])
        transcript.append_each(b"R", [p.rights[index] for p in proofs])
        rounds.append(transcript.challenge_scalars(b"u"))
    return [
        Challenges(y[k], z[k], x[k], w[k], tuple(drawn[k] for drawn in rounds)) for k in range(len(proofs))
    ]
