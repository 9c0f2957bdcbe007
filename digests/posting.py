"""bytes → HTTP POST → answer: to one address that was looked at first, without redirects and without proxies.

A name is resolved once, every address that it stands for is judged, and the connection goes to that very address: a name that
answers differently a moment later gains nothing. TLS is verified by the name all the same.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from cases.addresses import refused_as
from cases.errors import DeliveryError
from cases.model import Value
from digests.cleaning import clean_line

LONGEST_PEACE = timedelta(days=1)
"""More than this a receiver cannot ask for: what is told must not wait for ever."""


class Answer(Value, frozen=True, kw_only=True):
    """What a receiver said; its body is not read."""

    status: int
    words: str
    """The status line, such as ``503 Service Unavailable``."""
    retry_after: timedelta | None = None


class Door(Value, frozen=True, kw_only=True):
    """A receiver's address, and how far it is trusted."""

    url: str
    allow_private: bool = False
    """Also to this machine and private networks."""
    ca_file: Path | None = None
    timeout_s: float = 15
    """For everything from the connection to the last header of the answer."""


def post(door: Door, body: bytes, headers: Mapping[str, str], now: datetime) -> Answer:
    """Hand bytes over and give the answer, whatever it says.

    Raises DeliveryError without a word of the address but its host: nothing but the answer tells whether it arrived.
    """
    parts = urlsplit(door.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _connected(door, parts) as line:
        line.request("POST", target, body, {**headers, "Connection": "close"})
        answer = line.getresponse()
        return Answer(
            status=answer.status,
            words=clean_line(f"{answer.status} {answer.reason}", 100),
            retry_after=peace(answer.headers.get("Retry-After", ""), now),
        )


def reach(door: Door) -> None:
    """Connect and encrypt as for a message, and say nothing. Raises DeliveryError."""
    with _connected(door, urlsplit(door.url)):
        return


def peace(asked: str, now: datetime) -> timedelta | None:
    """Read ``Retry-After``, in seconds or as a date (RFC 9110, 10.2.3); ``None`` for what is neither, or past."""
    if asked.isascii() and asked.isdecimal():
        wanted = timedelta(seconds=min(int(asked[:9]), LONGEST_PEACE.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(asked)
        except ValueError:
            return None
        wanted = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(wanted, LONGEST_PEACE) if wanted > timedelta(0) else None


@contextmanager
def _connected(door: Door, parts: SplitResult) -> Iterator[http.client.HTTPConnection]:
    """Give a connection that is closed whatever happens, and cut when the time is over, however slowly the other side drips."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    cut: list[bool] = []
    wire: socket.socket | None = None
    try:
        wire = _dialled(_addresses(door, host, port), port, door.timeout_s)
        if secure:
            context = ssl.create_default_context(cafile=door.ca_file)
            wire = context.wrap_socket(wire, server_hostname=host)
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        line = kind(host, port, timeout=door.timeout_s)
        line.sock = wire
        watch = Timer(door.timeout_s, _cut, (wire, cut))
        watch.daemon = True
        watch.start()
        try:
            yield line
        finally:
            watch.cancel()
    except (OSError, http.client.HTTPException) as cause:
        raise DeliveryError(f"{host}: {_why(cause, timed_out=bool(cut))}") from cause
    finally:
        if wire is not None:
            wire.close()


def _addresses(door: Door, host: str, port: int) -> list[str]:
    """Resolve a name; one address that is not public refuses them all. Raises DeliveryError and OSError."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in () if door.allow_private else found:
        if told := refused_as(address):
            raise DeliveryError(
                f"{host}: its address {address} is {told}; to post there all the same, set allow_private = true"
            )
    return list(dict.fromkeys(found))


def _dialled(addresses: list[str], port: int, timeout_s: float) -> socket.socket:
    """Connect to the first of some addresses that answers. Raises OSError, that of the last."""
    fault = OSError("no address is known")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=timeout_s)
        except OSError as cause:
            fault = cause
    raise fault


def _cut(wire: socket.socket, cut: list[bool]) -> None:
    cut.append(True)
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


def _why(error: Exception, *, timed_out: bool) -> str:
    """Put an error of connection into words."""
    if timed_out or isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted: {error.verify_message}"
    if isinstance(error, http.client.HTTPException):
        return f"its answer is no HTTP: {type(error).__name__}"
    return (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
