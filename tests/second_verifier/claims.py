"""Claims of a bundle of one site, as spec/claims.md says: bounds over rows, and what proves them."""

import hashlib
import json

from . import bulletproofs
from . import ristretto as group

EXACTLY, AT_MOST, AT_LEAST = "exactly", "at most", "at least"
#: H100: FLOP/s of one accelerator and FLOP/mJ (spec/bundle.md, "For an H100").
FLOP_PER_S, FLOP_PER_MJ = 2_323_970_000_000_000, 5_654_000_000
TIME, ENERGY = 0, 1


def canonical(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def bounds_of(claim, columns: int, inventory_ms: int):
    """(columns, amount, factor, sense, limit) of each bound, in order. Column 1 is *not training*."""
    kind, said = claim["kind"], claim["statement"]
    every = list(range(columns))
    training = [column for column in every if column != 1]
    if kind in ("cap", "total", "pause"):
        assert claim["figure"] == "time bound"
        factor, limit = -(-FLOP_PER_S // 10**12), int(said["limit"]) // 10**9
        groups = [[column] for column in training] if kind == "cap" else [training]
        return [(group, TIME, factor, AT_MOST, limit) for group in groups]
    if kind == "capacity":
        assert int(said["inventory_ms"]) == inventory_ms
        return [
            (every, TIME, 1, EXACTLY, inventory_ms),
            (training, TIME, 1, EXACTLY, int(said["training_ms"])),
        ]
    if kind == "energy":
        metered, ppm = int(said["meter_mj"]), said["tolerance_ppm"]
        return [
            (every, ENERGY, 1, AT_LEAST, -(-metered * (10**6 - ppm) // 10**9)),
            (every, ENERGY, 1, AT_MOST, metered * (10**6 + ppm) // 10**9),
        ]
    ((of, least, most),) = said["shares"]
    assert (kind, of, least) == ("classes", "training", 0)
    return [(training, TIME, 1, AT_MOST, inventory_ms * most // 10**6)]


def rows_digest(places, inventories, commitments) -> bytes:
    out = hashlib.sha256()
    for place, inventory_ms, points in zip(places, inventories, commitments, strict=True):
        out.update(hashlib.sha256(canonical(place)).digest())
        out.update(inventory_ms.to_bytes(8, "little"))
        out.update(FLOP_PER_S.to_bytes(16, "little") + FLOP_PER_MJ.to_bytes(16, "little"))
        out.update(len(points).to_bytes(4, "little") + b"".join(points))
    return out.digest()


def holds(claim, context_digest: bytes, rows: bytes, commitments, inventory_ms: int) -> bool:
    """Whether a claim (figure, kind, statement; proof decoded to bytes) is proven over the rows."""
    statement = {key: claim[key] for key in ("figure", "kind", "statement")}
    context = [
        ("protocol", b"tallystick-claims/1"),
        ("context", context_digest),
        ("rows", rows),
        ("statement", hashlib.sha256(canonical(statement)).digest()),
    ]
    columns = len(commitments[0]) // 3
    exact, remainders = [], []
    for chosen, amount, factor, sense, limit in bounds_of(claim, columns, inventory_ms):
        total = group.IDENTITY
        for points in commitments:
            for column in chosen:
                total = group.add(total, group.decode(points[3 * column + amount]))
        total = group.multiply(factor, total)
        due = group.multiply(limit, group.BASE)
        pair = (due, total) if sense == AT_MOST else (total, due)
        difference = group.add(pair[0], group.multiply(group.ORDER - 1, pair[1]))
        (exact if sense == EXACTLY else remainders).append(difference)
    known, proof = claim["proof"]
    if len(known) != len(exact) or bool(proof) != bool(remainders):
        return False
    for index, (image, shown) in enumerate(zip(exact, known, strict=True)):
        numbered = [*context, ("index", index.to_bytes(8, "little"))]
        pairs = [(bulletproofs.BLINDING_BASE, image)]
        if not bulletproofs.known_scalar_holds(b"tallystick claim known scalar v1", numbered, pairs, shown):
            return False
    if not remainders:
        return True
    encoded = [group.encode(point) for point in remainders]
    return bulletproofs.range_holds(b"tallystick claim remainders v1", context, encoded, 64, proof)
