"""Our own proofs: what is true is proven, what is false is not, and batches name who is wrong."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.proofs import pedersen
from tallystick.evidence.proofs.blinding import BlindingStream
from tallystick.evidence.proofs.encoding import RangeProof, proof_length
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.prover import Witness, prove_statement
from tallystick.evidence.proofs.range_proof import Claim, prove, verify, verify_batch
from tallystick.evidence.proofs.ristretto import (
    IDENTITY,
    ORDER,
    Point,
    add,
    multiply,
    multiply_base,
    subtract,
)
from tallystick.evidence.proofs.statement import MAX_PARTIES, Statement
from tallystick.evidence.proofs.verifier import Batch, random_weight

LABEL = b"tallystick test"
SECRET = bytes(range(32))
CONTEXT = ((b"operator", b"Ares"), (b"period", b"2026-11"))

values8 = st.lists(st.integers(0, 255), min_size=1, max_size=4)
blinding = st.integers(1, ORDER - 1)


def check(claim: Claim) -> None:
    statement = claim.statement
    verify(claim.proof, statement.commitments, statement.bits, statement.label, statement.context)


def forge(values: list[int], blindings: list[int], bits: int) -> Claim:
    """What a prover who does not check makes of any values, negative ones and those too large included."""
    commitments = tuple(
        add(multiply_base(v % ORDER), multiply(b, BLINDING_BASE))
        for v, b in zip(values, blindings, strict=True)
    )
    statement = Statement(bits, commitments, LABEL)
    witness = Witness([v % ORDER for v in values], blindings)
    stream = BlindingStream(SECRET, statement, witness.values, blindings, bytes)
    return Claim(statement, prove_statement(statement, witness, stream).encode())


def small_claim(value: int, name: str = "") -> Claim:
    claim = prove([value], [value + 1], 8, LABEL, SECRET, CONTEXT)
    return Claim(claim.statement, claim.proof, name)


@settings(max_examples=12, deadline=None)
@given(values8, st.data())
def test_what_is_true_is_proven(values: list[int], data: st.DataObject) -> None:
    blindings = [data.draw(blinding) for _ in values]
    claim = prove(values, blindings, 8, LABEL, SECRET, CONTEXT)
    expected = tuple(pedersen.commit(v, b) for v, b in zip(values, blindings, strict=True))
    assert claim.statement.commitments == expected
    check(claim)


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_the_ends_of_each_range(bits: int) -> None:
    check(prove([0, 2**bits - 1], [1, ORDER - 1], bits, LABEL, SECRET))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 255), min_size=2, max_size=2), st.integers(256, ORDER - 1), st.booleans())
def test_what_is_false_is_not_proven(values: list[int], false: int, first: bool) -> None:
    values[0 if first else 1] = false
    with pytest.raises(VerificationError, match="does not hold"):
        check(forge(values, [5, 7], 8))


@pytest.mark.parametrize("false", [-1, 256, 2**32, ORDER - 255])
def test_the_prover_says_what_is_out_of_range(false: int) -> None:
    with pytest.raises(InputError, match=r"value 1 is not in \[0, 2\*\*8\)"):
        prove([3, false], [1, 2], 8, LABEL, SECRET)
    with pytest.raises(VerificationError):
        check(forge([3, false], [1, 2], 8))


def test_a_negative_amount_cannot_hide_another() -> None:
    """300 and -100 sum to 200, and the sum opens; but no proof covers either term."""
    claim = forge([300, -100], [5, 7], 8)
    summed = pedersen.sum_commitments(claim.statement.commitments)
    pedersen.verify_opening(summed, pedersen.Opening(200, 12))
    with pytest.raises(VerificationError):
        check(claim)


def test_a_sum_that_wraps_the_order_is_refused() -> None:
    claim = forge([ORDER - 1, 1 + 200], [5, 7], 8)
    pedersen.verify_opening(pedersen.sum_commitments(claim.statement.commitments), pedersen.Opening(200, 12))
    with pytest.raises(VerificationError):
        check(claim)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_padding_is_the_public_commitment_to_zero(count: int) -> None:
    """Whoever checks with other code appends BLINDING_BASE up to a power of two."""
    claim = prove(list(range(count)), list(range(1, count + 1)), 8, LABEL, SECRET)
    padding = claim.statement.parties - count
    padded = [*claim.statement.commitments, *[BLINDING_BASE] * padding]
    assert len(padded) in (1, 2, 4, 8)
    assert pedersen.commit(0, 1) == BLINDING_BASE
    verify(claim.proof, padded, 8, LABEL)
    verify(claim.proof, claim.statement.commitments, 8, LABEL)


@pytest.mark.parametrize(
    "context",
    [
        (),
        CONTEXT[:1],
        CONTEXT[::-1],
        (*CONTEXT, CONTEXT[0]),
        ((b"operator", b"Ares2"), (b"period", b"026-11")),
        ((b"operator", b"Ares"), (b"period", b"2026-12")),
        ((b"operato", b"rAres"), (b"period", b"2026-11")),
    ],
)
def test_a_proof_cannot_be_moved_to_another_context(context: tuple) -> None:
    """Unbound statements (Frozen Heart): all that was said before the proof is in its challenges."""
    claim = prove([3], [4], 8, LABEL, SECRET, CONTEXT)
    check(claim)
    with pytest.raises(VerificationError):
        verify(claim.proof, claim.statement.commitments, 8, LABEL, context)


def test_a_shifted_commitment_is_refused() -> None:
    """Adding to commitment and t_x what Frozen Heart would let through (value and challenge unbound)."""
    claim = prove([3], [4], 8, LABEL, SECRET)
    shifted = add(claim.statement.commitments[0], multiply_base(1000))
    proof = RangeProof.decode(claim.proof, 8)
    assert RangeProof.encode(proof) == claim.proof
    with pytest.raises(VerificationError):
        verify(claim.proof, [shifted], 8, LABEL)


def test_unusable_commitments_are_refused() -> None:
    claim = prove([3], [4], 8, LABEL, SECRET)
    with pytest.raises(FormatError, match="identity"):
        verify(claim.proof, [IDENTITY], 8, LABEL)
    with pytest.raises(FormatError, match="32 bytes"):
        verify(claim.proof, [Point(b"\2" * 31)], 8, LABEL)
    with pytest.raises(FormatError, match="of a group element"):
        verify(claim.proof, [Point(b"\xff" * 32)], 8, LABEL, name="row 5")
    with pytest.raises(InputError, match="1 to"):
        verify(claim.proof, [], 8, LABEL)
    with pytest.raises(InputError, match="1 to"):
        verify(claim.proof, claim.statement.commitments * (MAX_PARTIES + 1), 8, LABEL)


def test_unusable_secrets_of_the_prover_are_refused() -> None:
    with pytest.raises(InputError, match="secret"):
        prove([3], [4], 8, LABEL, b"short")
    with pytest.raises(InputError, match="1 values do not go with 2"):
        prove([3], [4, 5], 8, LABEL, SECRET)
    for wrong in (0, ORDER, -1):
        with pytest.raises(InputError, match="blinding"):
            prove([3], [wrong], 8, LABEL, SECRET)
    with pytest.raises(InputError, match="bits"):
        prove([3], [4], 9, LABEL, SECRET)


def test_blindings_never_repeat_for_another_statement() -> None:
    """With the operating system's randomness stuck: statements, values and secrets still differ."""
    stuck = bytes
    base = {"values": [3], "blindings": [4], "bits": 8, "label": LABEL, "secret": SECRET, "context": CONTEXT}
    others = [
        {"values": [5]},
        {"blindings": [5]},
        {"bits": 16},
        {"label": LABEL + b"2"},
        {"secret": bytes(32)},
        {"context": CONTEXT[:1]},
        {"context": ((b"operator", b"Ares"), (b"period2", b"026-11"))},
        {"values": [3, 3], "blindings": [4, 4]},
    ]
    proofs = [prove(**{**base, **other}, randomness=stuck) for other in others]
    proofs.append(prove(**base, randomness=stuck))
    size = [8, 8, 16, 8, 8, 8, 8, 16, 8]
    masks = {RangeProof.decode(c.proof, n).mask_commitment for c, n in zip(proofs, size, strict=True)}
    assert len(masks) == len(proofs)
    assert prove(**base, randomness=stuck).proof == proofs[-1].proof


def test_fresh_randomness_makes_other_proofs_of_one_statement() -> None:
    one, two = small_claim(3), small_claim(3)
    assert one.statement == two.statement
    starts = range(0, len(one.proof), 32)
    assert not {one.proof[at : at + 32] for at in starts} & {two.proof[at : at + 32] for at in starts}


def test_the_blinding_stream_does_not_repeat() -> None:
    stream = BlindingStream(SECRET, Statement(8, (BLINDING_BASE,), LABEL), [1], [2], bytes)
    drawn = [*stream.scalars(5), *stream.scalars(5), *stream.scalars(1)]
    assert len(set(drawn)) == 11
    assert all(0 <= scalar < ORDER for scalar in drawn)


def test_a_batch_of_several_shapes_holds() -> None:
    claims = [
        small_claim(3),
        small_claim(200),
        prove([1, 2, 3], [4, 5, 6], 8, LABEL, SECRET),
        prove([70_000], [5], 32, LABEL, SECRET, CONTEXT),
        prove([7], [5], 8, b"other label", SECRET, ((b"operator", b"a longer name"),)),
    ]
    verify_batch(claims)
    verify_batch([])
    for index in range(len(claims)):
        proof = bytearray(claims[index].proof)
        proof[-32] ^= 1
        broken = [*claims[:index], Claim(claims[index].statement, bytes(proof)), *claims[index + 1 :]]
        with pytest.raises(VerificationError, match=f"^proof {index}: the range proof does not hold"):
            verify_batch(broken)


def test_a_batch_names_the_first_culprit() -> None:
    claims = [small_claim(value, f"row {value}") for value in range(6)]
    swapped = list(claims)
    swapped[2] = Claim(claims[2].statement, claims[4].proof, "row 2")
    swapped[4] = Claim(claims[4].statement, claims[2].proof, "row 4")
    with pytest.raises(VerificationError, match=r"^row 2: "):
        verify_batch(swapped)
    short = [*claims[:5], Claim(claims[5].statement, claims[5].proof[:-1], "row 5")]
    with pytest.raises(FormatError, match=r"^row 5: "):
        verify_batch(short)
    invalid = [*claims[:3], Claim(claims[3].statement, b"\xff" * 32 + claims[3].proof[32:], "row 3")]
    with pytest.raises(FormatError, match=r"^row 3: .*of a group element"):
        verify_batch(invalid)


def test_errors_that_cancel_are_caught_by_the_weights() -> None:
    """Two wrong proofs whose errors cancel in a plain sum: without weights they would pass together."""
    claim = small_claim(9)
    proof = RangeProof.decode(claim.proof, 8)
    fields = {name: getattr(proof, name) for name in RangeProof.__slots__}
    wrong = [RangeProof(**{**fields, "a": (proof.a + delta) % ORDER}) for delta in (1, -1)]
    statements = [claim.statement] * 2
    plain = Batch(8, 1, weights=lambda: 1)
    plain.absorb(statements, wrong)
    assert plain.holds()
    weighted = Batch(8, 1)
    weighted.absorb(statements, wrong)
    assert not weighted.holds()
    with pytest.raises(VerificationError, match="proof 0"):
        verify_batch([Claim(claim.statement, each.encode()) for each in wrong])


def test_weights_are_of_128_bits_and_differ() -> None:
    weights = [random_weight() for _ in range(64)]
    assert len(set(weights)) == 64
    assert all(0 < weight < 2**128 for weight in weights)
    assert max(weights) > 2**120


def test_each_equation_of_each_proof_has_a_weight_of_its_own() -> None:
    claim = small_claim(9)
    drawn: list[int] = []

    def draw() -> int:
        drawn.append(random_weight())
        return drawn[-1]

    batch = Batch(8, 1, weights=draw)
    batch.absorb([claim.statement] * 3, [RangeProof.decode(claim.proof, 8)] * 3)
    assert batch.holds()
    assert len(set(drawn)) == len(drawn) == 6


def test_at_most_a_limit_is_shown_by_the_remainder() -> None:
    """The use in claims: v in range and limit - v in range."""
    limit, value, secret = 200, 150, 77
    claim = prove([value, limit - value], [secret, ORDER - secret], 8, LABEL, SECRET)
    commitment = claim.statement.commitments[0]
    verify(claim.proof, [commitment, pedersen.remainder(limit, commitment)], 8, LABEL)
    with pytest.raises(VerificationError):
        verify(claim.proof, [commitment, pedersen.remainder(limit - 1, commitment)], 8, LABEL)


def test_encodings_of_statements_are_distinct() -> None:
    point, other = BLINDING_BASE, subtract(BLINDING_BASE, multiply_base(1))
    statements = [
        Statement(8, (point,), b"ab"),
        Statement(16, (point,), b"ab"),
        Statement(8, (other,), b"ab"),
        Statement(8, (point, point), b"ab"),
        Statement(8, (point,), b"a"),
        Statement(8, (point,), b"a", ((b"b", b""),)),
        Statement(8, (point,), b"a", ((b"", b"b"),)),
        Statement(8, (point,), b"ab", ((b"", b""),)),
    ]
    for left, right in itertools.combinations(statements, 2):
        assert left.encoding() != right.encoding()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=700), st.sampled_from([8, 16, 32, 64]), st.booleans())
def test_any_bytes_are_a_proof_or_a_format_error(data: bytes, size: int, fit: bool) -> None:
    if fit:
        data = data.ljust(proof_length(size), b"\1")[: proof_length(size)]
    try:
        proof = RangeProof.decode(data, size)
    except FormatError:
        return
    assert proof.encode() == data
