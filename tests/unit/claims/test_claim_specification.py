"""What ``spec/claims.md`` says, checked by hand: digests, sums, transcripts and pseudonyms."""

import base64
import hashlib
import json

from claims_site import A100, CONTEXT, DAY, DUE, H100, OPERATOR, RECORD, SECRET, book, coverage

from tallystick.claims.cap import Cap
from tallystick.claims.capacity import Capacity
from tallystick.claims.figure import Figure
from tallystick.claims.pseudonyms import coverage_scalar
from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.merlin import Transcript
from tallystick.evidence.proofs.range_proof import verify
from tallystick.evidence.proofs.ristretto import (
    BASEPOINT,
    ORDER,
    Point,
    add,
    from_uniform_bytes,
    multiply,
    multiply_base,
    subtract,
    total,
)
from tallystick.evidence.proofs.statement import Context


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def context_digest() -> bytes:
    sites = [
        {
            "end_hour": 24 * (DAY + 2),
            "first_hour": 24 * first,
            "origin": f"log.example/{site}",
            "root": bytes([5] * 32).hex(),
            "site": site,
            "size": 900,
        }
        for site, first in (("Arden", DAY), ("Brume", DAY + 1))
    ]
    value = {
        "end_hour": 24 * (DAY + 2),
        "first_hour": 24 * DAY,
        "label": "2026-W10",
        "operator": "Ares",
        "protocol": "tallystick-claims/1",
        "sites": sites,
    }
    return hashlib.sha256(canonical(value)).digest()


def rows_digest() -> bytes:
    """The rows of ``claims_site`` are in order already."""
    data = b""
    for due, row in zip(DUE, book().matrix.rows, strict=True):
        rates = A100 if due.place.row else H100
        data += hashlib.sha256(due.place.encoding()).digest()
        data += due.inventory_ms.to_bytes(8, "little")
        data += rates.flop_per_s.to_bytes(16, "little") + rates.flop_per_mj.to_bytes(16, "little")
        data += (12).to_bytes(4, "little") + b"".join(row.commitments)
    return hashlib.sha256(data).digest()


def context_of(claim: dict[str, object]) -> Context:
    said = {key: claim[key] for key in ("figure", "kind", "statement")}
    return (
        (b"protocol", b"tallystick-claims/1"),
        (b"context", context_digest()),
        (b"rows", rows_digest()),
        (b"statement", hashlib.sha256(canonical(said)).digest()),
    )


def test_a_cap_by_time_holds_by_hand() -> None:
    claim = json.loads(book().prover.prove(Cap(Figure.TIME_BOUND, 10**22 + 7)).encode())
    assert claim["statement"] == {"counts_generation": True, "limit": "10000000000000000000007"}
    remainders = []
    for column in (0, 3):
        figure = total(
            multiply(701 if row.place.row else 2324, add(row.commitments[3 * column], row.commitments[3 * 2]))
            for row in book().matrix.rows
        )
        remainders.append(subtract(multiply_base(10**13), figure))
    proof = base64.b64decode(claim["proof"]["remainders"])
    verify(proof, remainders, 64, b"tallystick claim remainders v1", context_of(claim))


def known_scalar_holds(proof: bytes, context: Context, pairs: list[tuple[Point, Point]]) -> bool:
    """The equation and the transcript of *Known scalar*, written out."""
    challenge, response = int.from_bytes(proof[:32], "little"), int.from_bytes(proof[32:], "little")
    transcript = Transcript(b"tallystick claim known scalar v1")
    for name, message in context:
        transcript.append(name, message)
    transcript.append(b"dom-sep", b"same scalar v1")
    transcript.append(b"n", len(pairs).to_bytes(8, "little"))
    for base, image in pairs:
        transcript.append(b"base", base)
        transcript.append(b"image", image)
    for base, image in pairs:
        transcript.append(b"announced", subtract(multiply(response, base), multiply(challenge, image)))
    return int.from_bytes(transcript.challenge(b"challenge", 64)[0], "little") % ORDER == challenge


def test_a_balance_holds_by_hand() -> None:
    claim = json.loads(book().prover.prove(Capacity(2_764_800_000, 1_900_000_000)).encode())
    rows = book().matrix.rows
    for index, (columns, value) in enumerate([(range(4), 2_764_800_000), ((0, 2, 3), 1_900_000_000)]):
        times = total(row.commitments[3 * column] for row in rows for column in columns)
        pair = (BLINDING_BASE, subtract(times, multiply_base(value)))
        context = (*context_of(claim), (b"index", index.to_bytes(8, "little")))
        proof = base64.b64decode(claim["proof"]["known"][index])
        assert known_scalar_holds(proof, context, [pair])
    assert claim["proof"]["remainders"] == ""


def test_a_list_of_accelerators_holds_by_hand() -> None:
    scalar = coverage_scalar(SECRET, OPERATOR)
    claim = json.loads(book().prover.prove(coverage(DAY)).encode())
    statement = claim["statement"]
    assert statement["key"] == multiply_base(scalar).hex()
    assert statement["hour"] == 24 * DAY + 6
    data = base64.b64decode(statement["pseudonyms"])
    listed = [data[at : at + 32] for at in range(0, len(data), 32)]
    assert listed == sorted(set(listed))
    assert statement["sites"] == ["Arden"]
    for row, count in ((0, 8), (1, 4)):
        for serial in (f"Arden-{row}-{index}" for index in range(count)):
            hashed = hashlib.sha512(b"tallystick-accelerator/1\0" + serial.encode()).digest()
            pseudonym = multiply(scalar, from_uniform_bytes(hashed))
            assert statement["rows"][listed.index(pseudonym)] == [0, row]
    pair = (BASEPOINT, Point(bytes.fromhex(statement["key"])))
    context = (*context_of(claim), (b"index", bytes(8)))
    proof = base64.b64decode(claim["proof"]["known"][0])
    assert known_scalar_holds(proof, context, [pair])


def test_the_context_is_what_the_specification_writes() -> None:
    assert CONTEXT.digest == context_digest()
    assert RECORD.context == CONTEXT
