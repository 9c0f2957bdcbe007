"""capture file → what stands in it, record by record: reads, compares and names, and never writes.

A record is a gzip member of its own. It is found by its place, and named by what can still be read of it.
"""

import io
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from cases.errors import StoreError
from cases.model import Capture, Value

_OK = 200
TOMBSTONE = "metadata"
"""Type of the record that stands in the place of one that was purged."""
_CHUNK = 1 << 16
_FIRST_STEP = 64
_GZIP_HEAD = 10
_LONGEST_HEAD = 1 << 16


class RecordName(Value, frozen=True, kw_only=True):
    """What a record says of itself; what cannot be read is None."""

    kind: str | None = None
    record_id: str | None = None
    url: str | None = None
    at: datetime | None = None
    answered_by: str | None = None
    """Of a request: id of the record of its answer."""


class Member(Value, frozen=True, kw_only=True):
    """A stretch of a file that begins a gzip member. ``fault`` says why it is no whole one; ``torn``: the file just ends."""

    offset: int
    length: int
    fault: str | None = None
    torn: bool = False


class KeptAnswer(Value, frozen=True, kw_only=True):
    """An answer as it was kept: its body with its content coding, header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def kept_answer(captures: Path, capture: Capture) -> KeptAnswer:
    """Give the answer of a capture back; StoreError when its record is not there, was purged, or differs in a byte."""
    if capture.purged:
        raise StoreError(f"the capture of {capture.url} was purged: 'returnwatch cases log' tells by whom and why")
    relative, _, record_id = capture.record.partition("#")
    path = captures / relative
    try:
        with path.open("rb") as file:
            answer = _answer(_record(file, capture, record_id), record_id)
    except OSError as cause:
        raise StoreError(f"the capture of {capture.url} cannot be read from {path}: {cause.strerror}") from cause
    except (ArchiveLoadFailed, zlib.error, EOFError) as cause:
        raise StoreError(f"the capture of {capture.url} in {path} is no record any more: {cause}") from cause
    if answer is None:
        raise StoreError(f"the capture of {capture.url} is not in {path}")
    if sha256(answer.body).hexdigest() != capture.sha256:
        raise StoreError(f"the capture of {capture.url} is not what was kept: its SHA-256 differs")
    return answer


def kept_record(captures: Path, capture: Capture) -> bytes:
    """Give the record of a capture back as it lies in its file, a gzip member; StoreError when it is not what was kept."""
    relative, _, record_id = capture.record.partition("#")
    kept_answer(captures, capture)
    with (captures / relative).open("rb") as file:
        return _record(file, capture, record_id)


def _record(file: BinaryIO, capture: Capture, record_id: str) -> bytes:
    """Give the bytes of a capture's record; a capture that does not say where it lies is looked for."""
    if capture.offset is None or capture.length is None:
        return _searched(file, record_id)
    file.seek(capture.offset)
    found = file.read(capture.length)
    if capture.record_sha256 not in {None, sha256(found).hexdigest()}:
        raise StoreError(f"the capture of {capture.url} is not what was kept: its record differs")
    return found


def _searched(file: BinaryIO, record_id: str) -> bytes:
    records = ArchiveIterator(file)
    for record in records:
        if record.rec_headers.get_header("WARC-Record-ID") == record_id:
            offset, length = records.get_record_offset(), records.get_record_length()
            file.seek(offset)
            return file.read(length)
    return b""


def _answer(member: bytes, record_id: str) -> KeptAnswer | None:
    for record in ArchiveIterator(io.BytesIO(member)):
        if record.rec_headers.get_header("WARC-Record-ID") != record_id:
            continue
        if record.rec_type == "conversion":
            kind = {"content-type": str(record.rec_headers.get_header("Content-Type"))}
            return KeptAnswer(status=_OK, headers=kind, body=record.raw_stream.read())
        if record.http_headers is not None:
            return KeptAnswer(
                status=int(record.http_headers.get_statuscode()),
                headers={name.lower(): value for name, value in record.http_headers.headers},
                body=record.raw_stream.read(),
            )
    return None


def fault_of(captures: Path, capture: Capture) -> str | None:
    """Say what is wrong with the record that a capture points to, or None when it is what was kept."""
    relative, _, record_id = capture.record.partition("#")
    try:
        if capture.purged:
            return _fault_of_tombstone(captures / relative, capture, record_id)
        kept_answer(captures, capture)
        with (captures / relative).open("rb") as file:
            name = named(_record(file, capture, record_id))
    except StoreError as fault:
        return str(fault)
    if (name.url, name.at) != (capture.url, capture.fetched_at):
        return f"the store and the record do not agree on what was fetched: {capture.url}, {name.url} at {name.at}"
    return None


def _fault_of_tombstone(path: Path, capture: Capture, record_id: str) -> str | None:
    try:
        with path.open("rb") as file:
            name = named(_record(file, capture, record_id))
    except OSError as cause:
        raise StoreError(f"the tombstone of {capture.url} cannot be read from {path}: {cause.strerror}") from cause
    if (name.kind, name.record_id) != (TOMBSTONE, record_id):
        return f"no tombstone stands where the capture of {capture.url} was purged"
    return None


def digest_of(file: BinaryIO) -> str:
    """Give the SHA-256 of a file from where it stands, in hex."""
    found = sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    return found.hexdigest()


def members(file: BinaryIO) -> Iterator[Member]:
    """Walk the gzip members of a file from where it stands, checking each; ends after the first that is not whole."""
    offset, left = file.tell(), b""
    while left or (left := file.read(_CHUNK)):
        unpacking, length = zlib.decompressobj(wbits=31), 0
        while not unpacking.eof:
            chunk = left or file.read(_CHUNK)
            if not chunk:
                yield Member(offset=offset, length=length, fault="it breaks off", torn=True)
                return
            try:
                unpacking.decompress(chunk)
            except zlib.error as fault:
                yield Member(offset=offset, length=length, fault=str(fault))
                return
            length, left = length + len(chunk) - len(unpacking.unused_data), b""
        left = unpacking.unused_data
        yield Member(offset=offset, length=length)
        offset += length


def named(member: bytes) -> RecordName:
    """Name a record, by as much of its head as can be read; a damaged head gives what stands before the damage."""
    said = {name: value for name, value in _lines(_unpacked(member)) if value}
    try:
        at = datetime.fromisoformat(said["warc-date"]) if "warc-date" in said else None
    except ValueError:
        at = None
    return RecordName(
        kind=said.get("warc-type"),
        record_id=said.get("warc-record-id"),
        url=said.get("warc-target-uri"),
        at=at,
        answered_by=said.get("warc-concurrent-to"),
    )


def _lines(head: bytes) -> Iterator[tuple[str, str]]:
    whole, _, _ = head.partition(b"\r\n\r\n")
    for line in whole.split(b"\r\n")[1:]:
        name, _, value = line.decode("utf-8", "replace").partition(":")
        yield name.strip().lower(), value.strip()


def _unpacked(member: bytes) -> bytes:
    """Unpack the beginning of a member, in small steps and without its head and checksum: what is damaged ends it."""
    unpacking, found, at = zlib.decompressobj(wbits=-15), b"", _GZIP_HEAD
    while at < len(member) and len(found) < _LONGEST_HEAD and b"\r\n\r\n" not in found:
        try:
            found += unpacking.decompress(member[at : at + _FIRST_STEP])
        except zlib.error:
            break
        at += _FIRST_STEP
    return found
