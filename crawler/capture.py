"""response → capture: the exact bytes are kept in a WARC file before anything parses them (ISO 28500).

Kept is the body as it was sent, with its content coding; the transfer coding is gone, for the client undoes it, and header
names are in the client's spelling. One file a visit, one pair of records an answer, each on the disk before the answer is
used. Nothing here ever rewrites a record.
"""

import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from cases.errors import StoreError
from cases.model import Capture, Value

KEPT = "body as sent with its content-coding; transfer-coding removed; header names as the client spells them"
_NOT_OF_THE_RECORD = frozenset({"transfer-encoding", "content-length"})


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


class Archive:
    """The WARC file of one visit below the captures folder; it is only made when there is something to keep."""

    def __init__(self, captures: Path, source: str, *, at: datetime, software: str, reason: str) -> None:
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{token_hex(4)}.warc.gz"
        self._path = captures / source / name
        self._relative = f"{source}/{name}"
        self._about = {"software": software, "format": "WARC File Format 1.1", "description": reason, "kept": KEPT}
        self._file: io.BufferedWriter | None = None
        self._writer: WARCWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def keep(self, exchange: Exchange) -> Capture:
        """Write request and answer to the disk; StoreError when that fails, and then the answer must not be used."""
        try:
            return self._keep(exchange)
        except OSError as cause:
            raise StoreError(f"the capture of {exchange.url} cannot be written to {self._path}: {cause}") from cause

    def close(self) -> None:
        """End the file; harmless when there is none."""
        if self._file is not None:
            self._file.close()
            self._file, self._writer = None, None

    def _keep(self, exchange: Exchange) -> Capture:
        writer = self._writer or self._open()
        digest = sha256(exchange.body).hexdigest()
        answer = _record(writer, exchange, digest)
        asked = _request(writer, exchange)
        writer.write_request_response_pair(asked, answer)
        self._flush()
        return Capture(
            url=exchange.url,
            fetched_at=exchange.at,
            status=exchange.status,
            sha256=digest,
            record=f"{self._relative}#{answer.rec_headers.get_header('WARC-Record-ID')}",
        )

    def _open(self) -> WARCWriter:
        for folder in (self._path.parent.parent, self._path.parent):  # parents that it makes get the common mode
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._writer = WARCWriter(self._file, gzip=True, warc_version="1.1")
        self._writer.write_record(self._writer.create_warcinfo_record(self._path.name, self._about))
        return self._writer

    def _flush(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())


def captured_body(captures: Path, capture: Capture) -> bytes:
    """Give the body of a capture back, as it was kept; StoreError when the record is not there or not the same."""
    relative, _, record_id = capture.record.partition("#")
    path = captures / relative
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_headers.get_header("WARC-Record-ID") == record_id:
                    return _verified(record.raw_stream.read(), capture)
    except OSError as cause:
        raise StoreError(f"the capture of {capture.url} cannot be read from {path}: {cause}") from cause
    raise StoreError(f"the capture of {capture.url} is not in {path}")


def _verified(body: bytes, capture: Capture) -> bytes:
    if sha256(body).hexdigest() != capture.sha256:
        raise StoreError(f"the capture of {capture.url} is not what was kept: its SHA-256 differs")
    return body


class _Head:
    """The head of an HTTP message for warcio, byte for byte: left to itself it rewrites what is not ASCII."""

    def __init__(self, first_line: str, lines: Sequence[tuple[str, str]]) -> None:
        text = "".join(f"{line}\r\n" for line in (first_line, *(f"{name}: {value}" for name, value in lines), ""))
        self.headers_buff = text.encode("latin-1", "replace")

    def compute_headers_buffer(self, _: object) -> None:
        """Do nothing: the bytes stand already."""


def _record(writer: WARCWriter, exchange: Exchange, digest: str) -> Any:  # noqa: ANN401 - warcio has no types
    lines = [pair for pair in exchange.headers if pair[0].lower() not in _NOT_OF_THE_RECORD]
    lines.append(("Content-Length", str(len(exchange.body))))
    about = {"WARC-Date": _stamp(exchange.at), "WARC-Payload-Digest": f"sha256:{digest}"}
    if exchange.ip_address is not None:
        about["WARC-IP-Address"] = exchange.ip_address
    return writer.create_warc_record(
        exchange.url,
        "response",
        payload=io.BytesIO(exchange.body),
        length=len(exchange.body),
        http_headers=_Head(f"HTTP/1.1 {exchange.status}", lines),
        warc_headers_dict=about,
    )


def _request(writer: WARCWriter, exchange: Exchange) -> Any:  # noqa: ANN401 - warcio has no types
    return writer.create_warc_record(
        exchange.url,
        "request",
        http_headers=_Head(f"{exchange.method} {exchange.url} HTTP/1.1", exchange.request_headers),
        warc_headers_dict={"WARC-Date": _stamp(exchange.at)},
    )


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
