"""A server for tests that sends whatever it is told, byte for byte: what no proper HTTP server can be made to do.

``crawler.testing.LoopbackSite`` answers as HTTP asks; here an answer is a function that holds the connection. It may lie,
drip, never end, or say nothing. Nothing here is used when Returnwatch runs.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import repeat
from types import TracebackType
from typing import Self

from crawler.testing import Application, Asked, Reply

_LONGEST_HEAD = 1_000_000
_MOST_IN_ONE_GO = 65_536


class Wire:
    """One connection, after a request came over it. Sending ends in BrokenPipeError once the client has gone."""

    def __init__(self, connection: socket.socket, asked: Asked, leaving: threading.Event) -> None:
        self.asked = asked
        self.sent = 0
        self._connection = connection
        self._leaving = leaving

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        for start in range(0, len(data), _MOST_IN_ONE_GO):
            if self._leaving.is_set():
                raise BrokenPipeError
            part = data[start : start + _MOST_IN_ONE_GO]
            self._connection.sendall(part)
            self.sent += len(part)

    def drip(self, data: Iterator[bytes], every_s: float) -> None:
        """Send piece after piece, each after a wait."""
        for piece in data:
            self.send(piece)
            if self._leaving.wait(every_s):  # sending nothing would never notice it
                raise BrokenPipeError

    def for_ever(self, piece: bytes, every_s: float = 0.0) -> None:
        """Send the same piece again and again, until the client has had enough."""
        self.drip(repeat(piece), every_s)


Script = Callable[[Wire], None]
"""What to do with a connection; when it returns, the connection is closed."""


class MisbehavingSite:
    """A server on a free port of a loopback address, in threads of its own; a context manager. ``::`` is every address.

    ``scripts`` answer the paths they stand under, ``application`` all others, properly. With ``tls`` it speaks HTTPS.
    """

    def __init__(
        self, application: Application, *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> None:
        self.application = application
        self.scripts: dict[str, Script] = {}
        self.asked: list[Asked] = []
        self.connections = 0
        self.busiest = 0
        """Most requests that waited for their answers at the same time."""
        self._tls = tls
        self._at_work = 0
        self._lock = threading.Lock()
        self._leaving = threading.Event()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        every = address == "::"
        self._listener = socket.create_server((address, 0), family=family, backlog=64, dualstack_ipv6=every)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._leaving.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def url(self, host: str) -> str:
        """Give the root address under a name that the test resolves to this server."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}/"

    def paths(self) -> list[str]:
        """Give what was asked for, in order, without robots.txt."""
        return [asked.target for asked in self.asked if asked.path != "/robots.txt"]

    def _accept(self) -> None:
        while not self._leaving.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(60)
            secured = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with secured:
                asked = _request(secured)
                if asked is not None:
                    self._answer(secured, asked)

    def _answer(self, connection: socket.socket, asked: Asked) -> None:
        wire = Wire(connection, asked, self._leaving)
        with self._counted(asked):
            script = self.scripts.get(asked.path)
            if script is not None:
                script(wire)
                return
            answer = _message(self.application(asked))
        wire.send(answer)  # no longer counted: the client may have all of it, and go on, before this thread does

    @contextlib.contextmanager
    def _counted(self, asked: Asked) -> Iterator[None]:
        with self._lock:
            self.asked.append(asked)
            self._at_work += 1
            self.busiest = max(self.busiest, self._at_work)
        try:
            yield
        finally:
            with self._lock:
                self._at_work -= 1


def _request(connection: socket.socket) -> Asked | None:
    """Read one request up to the end of its head; None when the client says nothing sensible."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _LONGEST_HEAD:
        received = connection.recv(_MOST_IN_ONE_GO)
        if not received:
            return None
        head += received
    first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Asked(target=first.split(" ")[1], headers=headers)


def _message(reply: Reply) -> bytes:
    if reply.raw is not None:
        return reply.raw
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    lines += [f"Content-Length: {len(reply.body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + reply.body
