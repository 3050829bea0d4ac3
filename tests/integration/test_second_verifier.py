"""The parts of a second verifier, written from spec/ alone, on a bundle that the first one's commands made.

Checked here: encoding, the tree at every head, each row's proof at its place, that time closes, the fields
of opened entries, that their hours add up to the rows, claims and signatures. Not yet: the draw.
"""

import base64
import copy
import hashlib
import hmac
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.second_verifier import bulletproofs, claims, merkle, ristretto, signatures

VECTORS = Path(__file__).parent.parent / "vectors/bundle"
HOUR_NS, DAY_NS = 3600 * 10**9, 24 * 3600 * 10**9


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@cache
def lines() -> list[bytes]:
    return (VECTORS / "arden.tally").read_bytes().splitlines()


def leaves() -> list[Any]:
    values = [json.loads(line) for line in lines()[1:]]
    return [v for v in values if not (isinstance(v, dict) and len(v) == 1)]


@cache
def opening() -> Any:
    return json.loads((VECTORS / "arden.opening.json").read_bytes())


def _of(kind: str) -> tuple[int, Any]:
    return next((i, v) for i, v in enumerate(leaves()) if isinstance(v, dict) and v["type"] == kind)


def subjects() -> list[Any]:
    """The rows of the account: subjects on the operator's word, as the inventory first names them."""
    named = [s for v in leaves() if isinstance(v, dict) and v["type"] == "inventory" for s in v["subjects"]]
    return [s for s in named if s["trust"] != "sealed"]


def leads() -> list[int]:
    """The nodes: each leads its accelerators, which report themselves."""
    return [i for i, s in enumerate(subjects()) if s["kind"] == "node"]


def test_every_line_is_its_own_canonical_form() -> None:
    assert all(canonical(json.loads(line)) == line for line in lines())


def test_the_tree_gives_every_head() -> None:
    tree, checked = merkle.Frontier(), 0
    for line in lines()[1:]:
        value = json.loads(line)
        if isinstance(value, dict) and set(value) == {"head"}:
            origin, size, root = value["head"].split("\n")[:3]
            assert origin == "tallystick.example/arden"
            assert int(size) == tree.size
            assert base64.b64decode(root) == tree.root()
            checked += 1
        elif not (isinstance(value, dict) and len(value) == 1):
            tree.add(line)
    assert checked >= 5


def _row_context(lead: int, blinding: bytes) -> list[tuple[str, bytes]]:
    _, plan = _of("columns")
    _, day = _of("day")
    start, end = int(day["start_ns"]), int(day["end_ns"])
    roster = canonical(["tallystick-roster/1", *(s["name"] for s in subjects())])
    first = start % DAY_NS // HOUR_NS
    milliseconds = len(subjects()[lead]["covers"]) * (end - start) // 10**6
    return [
        ("protocol", b"tallystick-commitments/1"),
        ("operator", plan["operator"].encode()),
        ("site", b"Arden"),
        ("origin", b"tallystick.example/arden"),
        ("day", (start // DAY_NS).to_bytes(8, "little")),
        ("hours", bytes([first, first + (end - start) // HOUR_NS])),
        ("row", lead.to_bytes(8, "little")),
        ("roster", hashlib.sha256(roster).digest()),
        ("columns", hashlib.sha256(canonical(plan)).digest()),
        ("inventory-ms", milliseconds.to_bytes(8, "little")),
        ("time-blinding", blinding),
    ]


def rows() -> list[Any]:
    return [v for v in leaves() if isinstance(v, dict) and v["type"] == "row"]


def _points(row: Any) -> list[bytes]:
    data = base64.b64decode(row["commitments"])
    return [data[i : i + 32] for i in range(0, len(data), 32)]


def _proves(row: Any, lead: int) -> bool:
    context = _row_context(lead, base64.b64decode(row["time_blinding"]))
    proof = base64.b64decode(row["proof"])
    return bulletproofs.range_holds(b"tallystick matrix row v1", context, _points(row), 32, proof)


def test_each_row_is_proven_at_its_place() -> None:
    assert len(rows()) == len(leads()) == 2
    for row, lead in zip(rows(), leads(), strict=True):
        assert _proves(row, lead)


def test_a_row_at_the_others_place_or_with_another_commitment_is_not() -> None:
    first, second = rows()
    assert not _proves(first, leads()[1])
    swapped = {**first, "commitments": second["commitments"]}
    assert not _proves(swapped, leads()[0])


def test_time_closes_to_the_inventory() -> None:
    for row, lead in zip(rows(), leads(), strict=True):
        blinding = base64.b64decode(row["time_blinding"])
        inventory = int.from_bytes(dict(_row_context(lead, blinding))["inventory-ms"], "little")
        total = ristretto.IDENTITY
        for point in _points(row)[::3]:
            total = ristretto.add(total, ristretto.decode(point))
        due = bulletproofs.commit(inventory, int.from_bytes(blinding, "little"))
        assert ristretto.equal(total, due)


def _field(salt: bytes, name: str, value: Any) -> bytes:
    return merkle.leaf_hash(salt + canonical(["tallystick-entry/2", name, value]))


def _entry_root(salt: bytes, entry: dict[str, Any]) -> str:
    hashes = []
    for name in sorted(entry):
        own = hmac.digest(salt, b"tallystick-field/1\0" + name.encode(), "sha256")
        hashes.append(_field(own, name, entry[name]))
    return merkle.root(hashes).hex()


def test_opened_entries_are_those_in_the_log() -> None:
    assert opening()["entries"]
    for opened in opening()["entries"]:
        salt = bytes.fromhex(opened["salt"])
        assert leaves()[opened["leaf"]] == _entry_root(salt, opened["entry"])
        other = {**opened["entry"], "energy_mj": "1"}
        assert leaves()[opened["leaf"]] != _entry_root(salt, other)


def _adds_up(day: Any) -> bool:
    """Whether the hours of an opened day open the row's commitments, column by column."""
    at, start = _of("day")
    row = rows()[leads().index(day["row"])]
    columns = len(_of("columns")[1]["columns"])
    sums = [[0, 0, 0] for _ in range(columns)]
    for hour in day["amounts"]:
        for column, *amounts in hour:
            for kind, amount in enumerate(amounts):
                sums[column][kind] += int(amount)
    units = (1, 1000, 10**13)
    flat = [-(-value // unit) for cell in sums for value, unit in zip(cell, units, strict=True)]
    blindings = [int.from_bytes(bytes.fromhex(text), "little") for text in day["blindings"]]
    assert at == day["day"]
    assert len(day["amounts"]) == (int(start["end_ns"]) - int(start["start_ns"])) // HOUR_NS
    return all(
        ristretto.equal(ristretto.decode(point), bulletproofs.commit(value, blinding))
        for point, value, blinding in zip(_points(row), flat, blindings, strict=True)
    )


def test_hours_add_up_to_their_row() -> None:
    assert opening()["days"]
    for day in opening()["days"]:
        assert _adds_up(day)


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_hours_that_say_otherwise_do_not(kind: int) -> None:
    day = copy.deepcopy(opening()["days"][0])
    amounts = day["amounts"][0][0]
    amounts[kind] = str(int(amounts[kind]) + 10**14)
    assert not _adds_up(day)


def _place(lead: int) -> dict[str, Any]:
    said = dict(_row_context(lead, bytes(32)))
    return {
        "columns": said["columns"].hex(),
        "day": int.from_bytes(said["day"], "little"),
        "hours": list(said["hours"]),
        "operator": said["operator"].decode(),
        "origin": said["origin"].decode(),
        "protocol": said["protocol"].decode(),
        "roster": said["roster"].hex(),
        "row": lead,
        "site": "Arden",
    }


def _declaration() -> Any:
    envelope = json.loads(lines()[-1])["declaration"]
    return json.loads(base64.b64decode(envelope["payload"]))


def _context(label: str = "all") -> bytes:
    """What every claim is bound to, from the declaration that the log closes with."""
    said = _declaration()
    period, log = said["predicate"]["period"], said["subject"][0]
    first, end = int(period["startNanosecond"]) // HOUR_NS, int(period["endNanosecond"]) // HOUR_NS
    site = {
        "end_hour": end,
        "first_hour": first,
        "origin": log["name"],
        "root": log["digest"]["sha256"],
        "site": "Arden",
        "size": said["predicate"]["logSize"],
    }
    context = {
        "end_hour": end,
        "first_hour": first,
        "label": label,
        "operator": _of("columns")[1]["operator"],
        "protocol": "tallystick-claims/1",
        "sites": [site],
    }
    return hashlib.sha256(canonical(context)).digest()


def kept_claims() -> list[Any]:
    found = []
    for line in lines():
        value = json.loads(line)
        if isinstance(value, dict) and set(value) == {"claim"}:
            claim = json.loads(base64.b64decode(value["claim"]["payload"]))
            proof = claim["proof"]
            known = [base64.b64decode(part) for part in proof["known"]]
            found.append({**claim, "proof": (known, base64.b64decode(proof["remainders"]))})
    return found


def _holds(claim: Any, label: str = "all") -> bool:
    inventories = [
        int.from_bytes(dict(_row_context(lead, bytes(32)))["inventory-ms"], "little") for lead in leads()
    ]
    commitments = [_points(row) for row in rows()]
    digest = claims.rows_digest([_place(lead) for lead in leads()], inventories, commitments)
    return claims.holds(claim, _context(label), digest, commitments, sum(inventories))


@pytest.mark.parametrize("kind", ["cap", "total", "pause", "energy", "capacity", "classes"])
def test_each_claim_is_proven_and_nothing_else(kind: str) -> None:
    (claim,) = (claim for claim in kept_claims() if claim["kind"] == kind)
    assert _holds(claim)
    assert not _holds(claim, label="another period")
    for key in ("limit", "training_ms", "tolerance_ppm"):
        if key in claim["statement"]:
            value = claim["statement"][key]
            other = str(int(value) - 10**9 if key == "limit" else int(value) + 1)
            changed = other if isinstance(value, str) else int(other)
            assert not _holds({**claim, "statement": {**claim["statement"], key: changed}})


def test_both_algorithms_sign_every_head_and_envelope() -> None:
    registration = leaves()[0]
    site, witness = registration["key"], registration["witness"]
    values = [json.loads(line) for line in lines()]
    heads = [v["head"] for v in values if isinstance(v, dict) and set(v) == {"head"}]
    envelopes = [
        next(iter(v.values()))
        for v in values
        if isinstance(v, dict) and (set(v) == {"claim"} or set(v) == {"declaration"})
    ]
    assert heads
    assert len(envelopes) == 7
    for note in heads:
        assert signatures.head_holds(note, site, witness)
        body, rest = note.split("\n\n", 1)
        for number in range(4):
            kept = [line for index, line in enumerate(rest.splitlines()) if index != number]
            assert not signatures.head_holds(f"{body}\n\n" + "\n".join(kept) + "\n", site, witness)
        assert not signatures.head_holds(note, witness, site)
    for envelope in envelopes:
        assert signatures.envelope_holds(envelope, site)
        assert not signatures.envelope_holds({**envelope, "payloadType": "text/plain"}, site)
        assert not signatures.envelope_holds({**envelope, "signatures": envelope["signatures"][:1]}, site)
