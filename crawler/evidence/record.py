"""request and answer → WARC records (ISO 28500), each squeezed into a gzip member of its own. Values in, bytes out.

A record is made by warcio, but for the heads of HTTP messages, which stay byte for byte as the client gives them. Both
digests in a record are SHA-256 in hex: ``WARC-Payload-Digest`` of the body as it was sent, with its content coding;
``WARC-Block-Digest`` of the HTTP message, head and body.
"""

import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from warcio.warcwriter import WARCWriter

from cases.errors import StoreError
from cases.model import Value

KEPT = "body as sent with its content-coding; transfer-coding removed; header names as the client spells them"
_NOT_OF_THE_RECORD = frozenset({"transfer-encoding", "content-length"})
_LEVEL = 3
"""Of a plain page: 11 % larger than at 6, in less than half of the time (0.3 against 0.6 ms for 43 kB)."""
_LEVEL_OF_SQUEEZED = 0
"""Of a body that came compressed: only the heads would grow smaller, by 300 bytes, for the time that all the rest takes (0.7 against 0.02 ms for 32 kB)."""
_LEVEL_OF_A_HEAD = 1
_GZIP_FRAME, _BLOCK_HEAD, _LONGEST_BLOCK = 18, 5, 65_535
"""Bytes of a gzip member's head and end, of a stored block's head, and the most that one such block holds (RFC 1951, RFC 1952)."""
_DIGITS = 10


class Exchange(Value, frozen=True, kw_only=True):
    """One request and its answer, as the client saw them on the wire."""

    url: str
    method: str
    request_headers: Sequence[tuple[str, str]]
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    ip_address: str | None
    at: datetime
    protocol: str = "HTTP/1.1"


class Conversion(Value, frozen=True, kw_only=True):
    """What was made of an answer before it was read: not what a site sent."""

    url: str
    body: bytes
    content_type: str
    of: str
    """Id of the record of the answer that it was made of."""
    how: str
    at: datetime


class Pair(Value, frozen=True, kw_only=True):
    """The records of one exchange, as they are to stand in the file one after the other."""

    record_id: str
    """Of the answer."""
    payload_sha256: str
    answer: bytes
    request: bytes = b""
    """Nothing where nobody was asked."""


def conversion_of(conversion: Conversion) -> Pair:
    """Make the one record of a conversion: what it holds is stated in it, and which answer it was made of."""
    digest = sha256(conversion.body).hexdigest()
    about = {
        "WARC-Date": _stamp(conversion.at),
        "WARC-Refers-To": conversion.of,
        "WARC-Payload-Digest": f"sha256:{digest}",
        "WARC-Block-Digest": f"sha256:{digest}",
        "X-Conversion": conversion.how,
    }
    record = _writer(io.BytesIO()).create_warc_record(
        conversion.url,
        "conversion",
        payload=io.BytesIO(conversion.body),
        length=len(conversion.body),
        warc_content_type=conversion.content_type,
        warc_headers_dict=about,
    )
    return Pair(
        record_id=record.rec_headers.get_header("WARC-Record-ID"), payload_sha256=digest, answer=_member(record, _LEVEL)
    )


def pair_of(exchange: Exchange) -> Pair:
    """Make the records of one exchange."""
    digest = sha256(exchange.body).hexdigest()
    answer = _answer(exchange, digest)
    record_id = answer.rec_headers.get_header("WARC-Record-ID")
    is_squeezed = any(name.lower() == "content-encoding" for name, _ in exchange.headers)
    return Pair(
        record_id=record_id,
        payload_sha256=digest,
        answer=_member(answer, _LEVEL_OF_SQUEEZED if is_squeezed else _LEVEL),
        request=_member(_request(exchange, record_id), _LEVEL_OF_A_HEAD),
    )


def first_record(filename: str, about: Mapping[str, str], at: datetime) -> bytes:
    """Make the record with which a file begins: who wrote it, why, and what its records hold."""
    info = _writer(io.BytesIO()).create_warcinfo_record(filename, {**about, "kept": KEPT})
    info.rec_headers.replace_header("WARC-Date", _stamp(at))
    return _member(info, _LEVEL)


def tombstone_of(record_id: str, was_sha256: str, length: int, at: datetime) -> bytes:
    """Make what stands in the place of a purged record: a gzip member of exactly as many bytes.

    It bears the id of that record and the digest of it, no address, and nothing of what it held. It is filled up with blanks,
    unpacked, so that its length can be chosen. Raises StoreError for a record too short to hold it, which no page is.
    """
    room = length - _GZIP_FRAME
    blocks = -(-room // (_LONGEST_BLOCK + _BLOCK_HEAD))
    room -= blocks * _BLOCK_HEAD
    head = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {record_id}\r\nWARC-Date: {_stamp(at)}\r\n"
        f"X-Purged-Record-Digest: sha256:{was_sha256}\r\nContent-Type: text/plain\r\nContent-Length: "
    )
    ends = "\r\n\r\n"
    content = room - len(head) - _DIGITS - 2 * len(ends)
    if content < 0:
        raise StoreError(f"record {record_id} is too short to hold a tombstone: {length} bytes")
    plain = f"{head}{content:0{_DIGITS}d}{ends}{'purged'[:content].ljust(content)}{ends}".encode()
    pieces = [plain[start : start + _LONGEST_BLOCK] for start in range(0, len(plain), _LONGEST_BLOCK)]
    last = len(pieces) - 1
    stored = b"".join(
        struct.pack("<BHH", number == last, len(piece), len(piece) ^ 0xFFFF) + piece
        for number, piece in enumerate(pieces)
    )
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + stored + struct.pack("<II", zlib.crc32(plain), len(plain) & 0xFFFFFFFF)


class _Head:
    """The head of an HTTP message for warcio, byte for byte: left to itself it rewrites what is not ASCII."""

    def __init__(self, first_line: str, lines: Sequence[tuple[str, str]]) -> None:
        text = "".join(f"{line}\r\n" for line in (first_line, *(f"{name}: {value}" for name, value in lines), ""))
        self.headers_buff = text.encode("latin-1", "replace")

    def compute_headers_buffer(self, _: object) -> None:
        """Do nothing: the bytes stand already."""


def _answer(exchange: Exchange, digest: str) -> Any:  # noqa: ANN401 - warcio has no types
    lines = [pair for pair in exchange.headers if pair[0].lower() not in _NOT_OF_THE_RECORD]
    lines.append(("Content-Length", str(len(exchange.body))))
    head = _Head(f"{exchange.protocol} {exchange.status} ", lines)
    about = {
        "WARC-Date": _stamp(exchange.at),
        "WARC-Payload-Digest": f"sha256:{digest}",
        "WARC-Block-Digest": _digest(head.headers_buff, exchange.body),
    }
    if exchange.ip_address is not None:
        about["WARC-IP-Address"] = exchange.ip_address
    return _writer(io.BytesIO()).create_warc_record(
        exchange.url,
        "response",
        payload=io.BytesIO(exchange.body),
        length=len(exchange.body),
        http_headers=head,
        warc_headers_dict=about,
    )


def _request(exchange: Exchange, answered_by: str) -> Any:  # noqa: ANN401 - warcio has no types
    url = urlsplit(exchange.url)
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    stated = {name.lower() for name, _ in exchange.request_headers}
    host = [] if "host" in stated else [("Host", url.netloc.rpartition("@")[2])]  # the client adds it by itself
    head = _Head(f"{exchange.method} {target} HTTP/1.1", [*host, *exchange.request_headers])
    about = {
        "WARC-Date": _stamp(exchange.at),
        "WARC-Concurrent-To": answered_by,
        "WARC-Payload-Digest": _digest(b""),
        "WARC-Block-Digest": _digest(head.headers_buff),
    }
    return _writer(io.BytesIO()).create_warc_record(exchange.url, "request", http_headers=head, warc_headers_dict=about)


def _member(record: Any, level: int) -> bytes:  # noqa: ANN401 - warcio has no types
    plain = io.BytesIO()
    _writer(plain).write_record(record)
    return zlib.compress(plain.getvalue(), level, wbits=31)


def _writer(out: io.BytesIO) -> WARCWriter:
    return WARCWriter(out, gzip=False, warc_version="1.1")


def _digest(*parts: bytes) -> str:
    found = sha256()
    for part in parts:
        found.update(part)
    return f"sha256:{found.hexdigest()}"


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
