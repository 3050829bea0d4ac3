"""A row checked from the text of spec/commitments.md alone, with the general verifier of range proofs."""

import base64
import json

from matrix_rows import DAY_MS, OPERATOR, PLAN, due_row, honest

from tallystick.evidence.proofs.generators import BLINDING_BASE
from tallystick.evidence.proofs.range_proof import verify
from tallystick.evidence.proofs.ristretto import Point, add, multiply, multiply_base


def test_the_transcript_and_the_sum_are_those_of_the_specification() -> None:
    row = json.loads(honest(due_row()).encode())
    points = base64.b64decode(row["commitments"])
    commitments = [Point(points[at : at + 32]) for at in range(0, len(points), 32)]
    blinding = base64.b64decode(row["time_blinding"])
    context = (
        (b"protocol", b"tallystick-commitments/1"),
        (b"operator", OPERATOR.encode()),
        (b"site", b"Arden"),
        (b"origin", b"log.example/Arden"),
        (b"day", (20_514).to_bytes(8, "little")),
        (b"hours", bytes([0, 24])),
        (b"row", bytes(8)),
        (b"roster", bytes(32)),
        (b"columns", PLAN.digest),
        (b"inventory-ms", (691_200_000).to_bytes(8, "little")),
        (b"time-blinding", blinding),
    )
    verify(base64.b64decode(row["proof"]), commitments, 32, b"tallystick matrix row v1", context)
    times = add(add(commitments[0], commitments[3]), commitments[6])
    scalar = int.from_bytes(blinding, "little")
    assert times == add(multiply_base(DAY_MS), multiply(scalar, BLINDING_BASE))


def test_the_plan_is_written_as_specified() -> None:
    assert json.loads(PLAN.encoding()) == {
        "columns": [
            {"role": "other training"},
            {"role": "not training"},
            {"meaning": PLAN.meanings[0].hex(), "role": "lineage"},
        ],
        "operator": OPERATOR,
        "type": "columns",
    }
