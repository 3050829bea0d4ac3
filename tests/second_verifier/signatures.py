"""Signatures of heads and envelopes, as spec/log.md says: Ed25519 and ML-DSA-44, both or none."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

CLASSES = {1: Ed25519PublicKey, 4: Ed25519PublicKey, 6: MLDSA44PublicKey}


def halves(pair: str):
    """(name, id, type, public key) of each half of a pair's text."""
    found = []
    for text in pair.split(","):
        name, identifier, encoded = text.split("+", 2)
        raw = base64.b64decode(encoded)
        if hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != identifier:
            raise ValueError("an id that is not the key's")
        found.append((name, identifier, raw[0], raw[1:]))
    return found


def signed(kind: int, public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        CLASSES[kind].from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def cosigned_message(name: str, time_s: int, origin: str, size: int, root: bytes) -> bytes:
    parts = [b"subtree/v1\n\0", bytes([len(name)]), name.encode(), time_s.to_bytes(8, "big")]
    parts += [bytes([len(origin)]), origin.encode(), bytes(8), size.to_bytes(8, "big"), root]
    return b"".join(parts)


def head_holds(note: str, log: str, witness: str) -> bool:
    """Whether the head carries the lines of the log and of the witness, in order, and no other."""
    body, rest = note.split("\n\n", 1)
    text = body + "\n"
    origin, size, root = body.split("\n")
    lines = rest.splitlines()
    due = [*halves(log), *halves(witness)]
    if len(lines) != len(due):
        return False
    times = []
    for number, (line, (name, identifier, kind, public)) in enumerate(zip(lines, due, strict=True)):
        raw = base64.b64decode(line.split(" ")[2])
        if line.split(" ")[:2] != ["—", name] or raw[:4].hex() != identifier:
            return False
        if number == 0:
            message, signature = text.encode(), raw[4:]
        else:
            time_s, signature = int.from_bytes(raw[4:12], "big"), raw[12:]
            times.append(time_s)
            if kind == 6:
                message = cosigned_message(name, time_s, origin, int(size), base64.b64decode(root))
            else:
                message = f"cosignature/v1\ntime {time_s}\n{text}".encode()
        if not signed(kind, public, signature, message):
            return False
    return times[0] == 0 and times[1] == times[2] > 0


def envelope_holds(envelope, key: str) -> bool:
    """Whether a DSSE envelope carries both signatures of the pair, Ed25519 first."""
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    pair = halves(key)
    if len(envelope["signatures"]) != len(pair):
        return False
    return all(
        given["keyid"] == f"{name}+{identifier}"
        and signed(algorithm, public, base64.b64decode(given["sig"]), message)
        for given, (name, identifier, algorithm, public) in zip(envelope["signatures"], pair, strict=True)
    )
