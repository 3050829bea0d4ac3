"""A witness behind HTTP: one call, bounded in size, time and number."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tallystick.evidence.keys import VerifierKey
from tallystick.evidence.log.witness import Witness
from tallystick.evidence.log.witness_answers import TEXT, Answer, answer_add_checkpoint
from tallystick.evidence.log.witness_messages import MAX_REQUEST_BYTES, PATH

#: A connection is cut off this long after it began, whatever it does.
CONNECTION_LIMIT_S = 30.0
#: More connections at once than this are closed unread.
MAX_CONNECTIONS = 32


class WitnessServer(ThreadingHTTPServer):
    """Serves ``add-checkpoint`` for one witness. ``logs`` says which logs it knows at the time of a call."""

    daemon_threads = True
    request_queue_size = MAX_CONNECTIONS

    def __init__(
        self,
        address: tuple[str, int],
        witness: Witness,
        logs: Callable[[], Mapping[str, VerifierKey]],
        clock_s: Callable[[], int] = lambda: int(time.time()),
        connection_limit_s: float = CONNECTION_LIMIT_S,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.witness, self.logs, self.clock_s = witness, logs, clock_s
        self.connection_limit_s = connection_limit_s
        self.told = told
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Open a thread for the connection, where there is a place for it."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection, for no longer than the limit."""
        end = threading.Timer(self.connection_limit_s, _cut_off, (request,))
        end.daemon = True
        end.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            end.cancel()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke off is nothing to print; a fault of our own is one line."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.told(f"a request from {client_address[0]} failed: {type(error).__name__}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WitnessServer

    def version_string(self) -> str:
        return "tallystick-witness"

    def do_POST(self) -> None:
        self._answer(self._answered())

    def do_GET(self) -> None:
        self.close_connection = True
        self._answer((404 if self.path != PATH else 405, TEXT, b"POST a head to /add-checkpoint\n"))

    def _answered(self) -> Answer:
        length = self.headers.get("Content-Length", "")
        if self.path != PATH or not length.isascii() or not length.isdigit():
            self.close_connection = True  # the body stays unread
            return (
                (404, TEXT, b"no such call\n") if self.path != PATH else (411, TEXT, b"say how long it is\n")
            )
        if int(length[:12]) > MAX_REQUEST_BYTES:
            self.close_connection = True
            return 413, TEXT, b"too long for a head and its proof\n"
        body = self.rfile.read(int(length))
        server = self.server
        return answer_add_checkpoint(server.witness, server.logs, body, server.clock_s())

    def _answer(self, answer: Answer) -> None:
        status, kind, body = answer
        self.server.told(f"{self.client_address[0]} {status}")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what a stranger sends must not reach a terminal."""


def _cut_off(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
