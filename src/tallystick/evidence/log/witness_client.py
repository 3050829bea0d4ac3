"""A witness behind HTTP, for the log that asks it (C2SP tlog-witness)."""

from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from tallystick.errors import InputError, VerificationError
from tallystick.evidence.keys import COSIGNATURE, VerifierKey
from tallystick.evidence.log.checkpoint import MAX_NOTE_BYTES, NoteSignature, SignedCheckpoint
from tallystick.evidence.log.cosignature import verify_cosignature
from tallystick.evidence.log.misbehaviour import LogRollback
from tallystick.evidence.log.tree import ProvingTree
from tallystick.evidence.log.witness_messages import (
    PATH,
    SIZE_TYPE,
    AddCheckpoint,
    parse_signatures,
    parse_size,
)

TIMEOUT_S = 20.0
#: Others may grow the same log between two calls: a wrong size is answered again, but not for ever.
ATTEMPTS = 4
_MEND = "check the witness's address, and that tallystick witness serve runs there"


class HttpWitness:
    """The witness ``verifier`` at ``url``, which stands for its submission prefix. It uses its own clock."""

    def __init__(self, url: str, verifier: VerifierKey, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise InputError(
                f"not the address of a witness: {url[:80]!r}", mend="write it as http://host:port"
            )
        if verifier.purpose != COSIGNATURE:
            raise InputError(f"the key of {verifier.name} is not a witness's", mend="give the witness's key")
        self.verifier = verifier
        self._url, self._parts, self._timeout_s = url, parts, timeout_s
        self._seen: dict[str, int] = {}

    def cosign_tree(
        self, note: SignedCheckpoint, log_key: VerifierKey, tree: ProvingTree, now_s: int = 0
    ) -> tuple[NoteSignature, ...]:
        """Both cosignatures on ``note``, verified. ``now_s`` is not sent: the witness has a clock.

        Raises LogRollback where the witness saw more leaves, VerificationError where it refuses or its
        answer does not hold, and InputError where it cannot be reached.
        """
        head = note.checkpoint
        for _ in range(ATTEMPTS):
            seen = self._seen.get(head.origin, 0)
            proof = tree.consistency_proof(seen, head.size) if 0 < seen <= head.size else []
            status, kind, body = self._post(AddCheckpoint(min(seen, head.size), tuple(proof), note).encode())
            if status == 200:
                lines = self._own(note, parse_signatures(body, self._url))
                self._seen[head.origin] = head.size
                return lines
            if status != 409 or kind != SIZE_TYPE:
                raise self._refused(status, body)
            seen = parse_size(body, self._url)
            if seen > head.size:
                raise LogRollback(
                    f"the witness has seen {seen} leaves and the log has {head.size}", where=self._url
                )
            self._seen[head.origin] = seen
        raise VerificationError("the witness keeps naming other sizes", where=self._url)

    def _own(self, note: SignedCheckpoint, lines: Sequence[NoteSignature]) -> tuple[NoteSignature, ...]:
        """The witness's own two lines, in our order; lines of unknown keys are ignored."""
        key = self.verifier
        due = [(half.name, half.id) for half in (key.ed25519, key.mldsa44)]
        own = sorted(
            (line for line in lines if (line.name, line.key_id) in due),
            key=lambda line: due.index((line.name, line.key_id)),
        )
        verify_cosignature(SignedCheckpoint(note.checkpoint, tuple(own)), key)
        return tuple(own)

    def _post(self, body: bytes) -> tuple[int, str, bytes]:
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        try:
            connection = kind(str(self._parts.hostname), self._parts.port, timeout=self._timeout_s)
            try:
                connection.request("POST", self._parts.path.rstrip("/") + PATH, body)
                answer = connection.getresponse()
                data = answer.read(MAX_NOTE_BYTES + 1)
            finally:
                connection.close()
        except (OSError, HTTPException, ValueError) as error:
            said = str(error)[:80] or type(error).__name__
            raise InputError(f"the witness does not answer ({said})", where=self._url, mend=_MEND) from error
        if len(data) > MAX_NOTE_BYTES:
            raise VerificationError("the witness's answer is too long", where=self._url)
        return answer.status, answer.headers.get("Content-Type", ""), data

    def _refused(self, status: int, body: bytes) -> VerificationError:
        said = "".join(c for c in body[:120].decode("ascii", "replace").strip() if c.isprintable())
        return VerificationError(f"the witness refuses with {status}: {said}", where=self._url)
