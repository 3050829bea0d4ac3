"""What a witness answers to ``add-checkpoint`` (C2SP tlog-witness): a status, a type and a body."""

from collections.abc import Callable, Mapping

from tallystick.errors import FormatError, TallystickError, VerificationError
from tallystick.evidence.keys import VerifierKey
from tallystick.evidence.log.misbehaviour import LogFork, WrongOldSize
from tallystick.evidence.log.witness import Witness
from tallystick.evidence.log.witness_messages import SIZE_TYPE, AddCheckpoint, encode_signatures

TEXT = "text/plain; charset=utf-8"
#: Status, content type, body.
Answer = tuple[int, str, bytes]


def answer_add_checkpoint(
    witness: Witness, logs: Callable[[], Mapping[str, VerifierKey]], body: bytes, now_s: int
) -> Answer:
    """Cosign, or say why not.

    200 with both cosignatures; 400 for a malformed request or an old size above the head's; 404 for an
    unknown log; 403 where one of the log's two signatures is missing or does not hold; 409 for another old
    size than the one seen last, with that size, and for a fork; 422 where the proof does not hold; 500 where
    the witness's own files fail.
    """
    try:
        request = AddCheckpoint.parse(body, "the request")
    except FormatError as error:
        return _refusal(400, error)
    head = request.note.checkpoint
    try:
        log = logs().get(head.origin)
        if log is None:
            return 404, TEXT, b"unknown log\n"
        try:
            request.note.verify(log)
        except VerificationError as error:
            return _refusal(403, error)
        if request.old > head.size:
            return 400, TEXT, b"the old size is above the size of the head\n"
        lines = witness.cosign(request.note, log, request.proof, now_s, request.old)
    except WrongOldSize as error:
        return 409, SIZE_TYPE, f"{error.seen}\n".encode()
    except LogFork as error:
        return _refusal(409, error)
    except VerificationError as error:
        return _refusal(422, error)
    except (TallystickError, OSError):
        return 500, TEXT, b"the witness cannot read or write its own files\n"
    return 200, TEXT, encode_signatures(lines)


def _refusal(status: int, error: TallystickError) -> Answer:
    return status, TEXT, f"{error.problem}\n".encode()
