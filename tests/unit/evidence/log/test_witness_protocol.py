"""The witness behind HTTP: statuses and bodies of C2SP tlog-witness, and a client that holds it to them."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence.log.published import LOG, OTHER, TIME_S, WITNESS, head_of, leaves

from tallystick.errors import FormatError, InputError, VerificationError
from tallystick.evidence.keys import NOTE, SigningKey
from tallystick.evidence.log.checkpoint import Checkpoint, SignedCheckpoint, sign_checkpoint
from tallystick.evidence.log.cosignature import verify_cosignature
from tallystick.evidence.log.misbehaviour import LogRollback
from tallystick.evidence.log.tree import EMPTY_ROOT, MerkleTree
from tallystick.evidence.log.witness import Witness
from tallystick.evidence.log.witness_client import HttpWitness
from tallystick.evidence.log.witness_messages import (
    MAX_REQUEST_BYTES,
    AddCheckpoint,
    encode_signatures,
    parse_signatures,
    parse_size,
)
from tallystick.evidence.log.witness_server import WitnessServer

LOGS = {LOG.verifier.name: LOG.verifier}
TREE = MerkleTree(leaves(40))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WitnessServer]:
    server = WitnessServer(
        ("127.0.0.1", 0),
        Witness(WITNESS, tmp_path / "memory.json"),
        lambda: LOGS,
        lambda: TIME_S,
        connection_limit_s=0.4,
    )
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _post(server: WitnessServer, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request("POST", path, body)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, answer.headers["Content-Type"], data


def _signed(tree: MerkleTree, size: int, key: SigningKey = LOG) -> SignedCheckpoint:
    return sign_checkpoint(Checkpoint(key.verifier.name, size, tree.root(size)), key)


def _request(old: int, size: int, tree: MerkleTree = TREE) -> bytes:
    proof = tree.consistency_proof(old, size) if 0 < old <= size else []
    return AddCheckpoint(old, tuple(proof), _signed(tree, size)).encode()


def _url(server: WitnessServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_a_growing_log_is_cosigned(server: WitnessServer) -> None:
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 40)):
        status, _, body = _post(server, _request(old, size))
        assert status == 200
        note = _signed(TREE, size).signed_by(parse_signatures(body, "x"))
        assert verify_cosignature(note, WITNESS.verifier) == TIME_S


def test_another_old_size_is_answered_with_the_one_seen(server: WitnessServer) -> None:
    _post(server, _request(0, 8))
    for old in (0, 3, 9):
        assert _post(server, _request(old, 20)) == (409, "text/x.tlog.size", b"8\n")


def test_rollback_is_answered_with_the_size_seen(server: WitnessServer) -> None:
    _post(server, _request(0, 8))
    assert _post(server, _request(3, 5)) == (409, "text/x.tlog.size", b"8\n")
    assert _post(server, _request(8, 5))[0] == 400


def test_fork_is_a_conflict(server: WitnessServer) -> None:
    _post(server, _request(0, 8))
    status, kind, body = _post(server, _request(8, 8, MerkleTree(leaves(8, 1))))
    assert (status, kind) == (409, "text/plain; charset=utf-8")
    assert b"forked" in body


def test_a_rewritten_log_is_unprocessable(server: WitnessServer) -> None:
    _post(server, _request(0, 8))
    other = MerkleTree(leaves(20, 1))
    for proof in (other.consistency_proof(8, 20), TREE.consistency_proof(8, 20), []):
        request = AddCheckpoint(8, tuple(proof), _signed(other, 20))
        assert _post(server, request.encode())[0] == 422
    assert server.witness.last_size(LOG.verifier.name) == 8


def test_an_unknown_log_is_not_found(server: WitnessServer) -> None:
    stranger = SigningKey("elsewhere", NOTE, bytes([9]) * 64)
    assert _post(server, AddCheckpoint(0, (), _signed(TREE, 3, stranger)).encode())[0] == 404


@pytest.mark.parametrize("kept", [(), (0,), (1,)])
def test_a_head_without_both_signatures_is_forbidden(server: WitnessServer, kept: tuple[int, ...]) -> None:
    stranger = SigningKey(LOG.verifier.name, NOTE, bytes([9]) * 64)
    note, other = _signed(TREE, 3), _signed(TREE, 3, stranger)
    lines = tuple(note.signatures[i] for i in kept) + other.signatures
    request = AddCheckpoint(0, (), SignedCheckpoint(note.checkpoint, lines))
    assert _post(server, request.encode())[0] == 403
    assert server.witness.last_size(LOG.verifier.name) == 0


def test_an_empty_log_of_another_root_is_unprocessable(server: WitnessServer) -> None:
    false = sign_checkpoint(Checkpoint(LOG.verifier.name, 0, bytes(32)), LOG)
    assert _post(server, AddCheckpoint(0, (), false).encode())[0] == 422
    true = sign_checkpoint(Checkpoint(LOG.verifier.name, 0, EMPTY_ROOT), LOG)
    assert _post(server, AddCheckpoint(0, (), true).encode())[0] == 200


def test_a_proof_from_nothing_must_be_empty(server: WitnessServer) -> None:
    assert _post(server, AddCheckpoint(0, (bytes(32),), _signed(TREE, 3)).encode())[0] == 422


GOOD = _request(3, 8)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(GOOD[4:], id="no old"),
        pytest.param(GOOD.replace(b"old 3", b"old 03"), id="a leading zero"),
        pytest.param(GOOD.replace(b"old 3", b"old -3"), id="a sign"),
        pytest.param(GOOD.replace(b"old 3\n", b"old 3\r\n"), id="carriage return"),
        pytest.param(GOOD.replace(b"old 3\n", b"old 3\nAAAA\n"), id="a short hash"),
        pytest.param(GOOD.replace(b"old 3\n", b"old 3\n" + b"A" * 43 + b"=\n" + b"*\n"), id="no base64"),
        pytest.param(b"old 3\n" + (b"A" * 43 + b"=\n") * 64 + GOOD.partition(b"\n")[2], id="64 hashes"),
        pytest.param(GOOD + b"\n", id="a line more"),
        pytest.param(GOOD[:-1], id="an unfinished line"),
        pytest.param(b"\xff" + GOOD, id="no UTF-8"),
        pytest.param(GOOD.replace(b"\n\n", b"\n"), id="no empty line"),
    ],
)
def test_malformed_requests(server: WitnessServer, body: bytes) -> None:
    assert _post(server, body)[0] == 400
    with pytest.raises(FormatError):
        AddCheckpoint.parse(body, "x")


@given(st.integers(0, 2**62), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_a_request_is_read_as_it_is_written(old: int, proof: list[bytes]) -> None:
    request = AddCheckpoint(old, tuple(proof), _NOTE)
    assert AddCheckpoint.parse(request.encode(), "x") == request


_NOTE = _signed(TREE, 3)


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_a_parser(data: bytes) -> None:
    for parse in (AddCheckpoint.parse, parse_signatures, parse_size):
        try:
            parse(data, "x")
        except FormatError:
            continue


def test_too_much_is_not_read(server: WitnessServer) -> None:
    with socket.create_connection(server.server_address) as connection:
        connection.sendall(
            b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_REQUEST_BYTES + 1)
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
    with socket.create_connection(server.server_address) as connection:
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 411")


def test_other_calls_are_refused(server: WitnessServer) -> None:
    assert _post(server, GOOD, "/elsewhere")[0] == 404
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=5)
    connection.request("GET", "/add-checkpoint")
    assert connection.getresponse().status == 405
    connection.close()


@pytest.mark.parametrize(
    "sent", [b"", b"POST /add-ch", b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 50\r\n\r\nold"]
)
def test_who_dawdles_is_cut_off(server: WitnessServer, sent: bytes) -> None:
    with socket.create_connection(server.server_address, timeout=5) as connection:
        connection.sendall(sent)
        assert connection.recv(100) == b""
    assert _post(server, _request(0, 3))[0] == 200


def test_heads_sent_at_once_never_roll_the_memory_back(server: WitnessServer) -> None:
    statuses: list[int] = []

    def send(size: int) -> None:
        seen = server.witness.last_size(LOG.verifier.name)
        statuses.append(_post(server, _request(min(seen, size), size))[0])

    threads = [threading.Thread(target=send, args=(size,)) for size in range(1, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 409}
    assert 200 in statuses
    size = server.witness.last_size(LOG.verifier.name)
    assert _post(server, _request(size, 40))[0] == 200


def test_the_memory_is_on_disk_before_the_answer(
    server: WitnessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Witness, state: object) -> None:
        raise InputError("cannot write: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Witness, "_save", full)
        status, _, body = _post(server, _request(0, 8))
    assert (status, "—".encode() in body) == (500, False)
    assert _post(server, _request(0, 8))[0] == 200


def test_the_client_finds_the_size_by_itself(server: WitnessServer) -> None:
    first, second = (HttpWitness(_url(server), WITNESS.verifier) for _ in range(2))
    for client, size in ((first, 3), (second, 8), (first, 8), (first, 20), (second, 40)):
        note = _signed(TREE, size)
        assert verify_cosignature(
            note.signed_by(client.cosign_tree(note, LOG.verifier, TREE)), WITNESS.verifier
        )


def test_the_client_names_a_rollback(server: WitnessServer) -> None:
    client = HttpWitness(_url(server), WITNESS.verifier)
    client.cosign_tree(_signed(TREE, 20), LOG.verifier, TREE)
    for asked in (client, HttpWitness(_url(server), WITNESS.verifier)):
        with pytest.raises(LogRollback, match="has seen 20 leaves and the log has 8"):
            asked.cosign_tree(_signed(TREE, 8), LOG.verifier, TREE)


def test_the_client_names_a_fork_and_a_rewritten_log(server: WitnessServer) -> None:
    client, other = HttpWitness(_url(server), WITNESS.verifier), MerkleTree(leaves(40, 1))
    client.cosign_tree(_signed(TREE, 20), LOG.verifier, TREE)
    for size, status in ((20, "409"), (30, "422")):
        with pytest.raises(VerificationError, match=status):
            client.cosign_tree(_signed(other, size), LOG.verifier, other)


def test_an_answer_by_another_witness_is_refused(server: WitnessServer) -> None:
    with pytest.raises(VerificationError, match="0 signatures"):
        HttpWitness(_url(server), OTHER.verifier).cosign_tree(_signed(TREE, 3), LOG.verifier, TREE)


def test_lines_of_unknown_keys_are_ignored_and_half_an_answer_is_refused() -> None:
    client, note = HttpWitness("http://w", WITNESS.verifier), _signed(TREE, 3)
    from tallystick.evidence.log.cosignature import cosign_checkpoint

    own, strange = (cosign_checkpoint(note.checkpoint, key, TIME_S) for key in (WITNESS, OTHER))
    lines = parse_signatures(encode_signatures([*strange, own[1], own[0]]), "x")
    assert client._own(note, lines) == own
    for half in own:
        with pytest.raises(VerificationError):
            client._own(note, [half, *strange])


def test_nobody_at_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(InputError, match="does not answer"):
        HttpWitness(url, WITNESS.verifier).cosign_tree(_signed(TREE, 3), LOG.verifier, TREE)


def test_a_witness_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(InputError, match="does not answer"):
            HttpWitness(url, WITNESS.verifier, timeout_s=0.2).cosign_tree(
                _signed(TREE, 3), LOG.verifier, TREE
            )
        assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "url", ["", "w.example", "ftp://w", "file:///etc/passwd", "http://", "http://w/?x=1"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(InputError, match="not the address"):
        HttpWitness(url, WITNESS.verifier)


def test_head_of_is_what_the_log_itself_would_send() -> None:
    assert head_of(TREE, 3).checkpoint == _signed(TREE, 3).checkpoint
