"""capture files → the same with tombstones in the place of some records. Nothing else in a file moves or changes.

A tombstone says which record stood there and what its digest was, and is as long as that record. The new file lies beside the
old one until it takes its place, in one step; then what the record held is gone from this folder.
"""

import fcntl
import html
import io
import os
import re
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from warcio.archiveiterator import ArchiveIterator

from cases.errors import StoreError
from cases.store import CaptureFile, Entombed, RecordDigest, Tombstone
from crawler.evidence.capture import ENDING
from crawler.evidence.custody import members
from crawler.evidence.record import tombstone_of
from crawler.wire.unpacking import without_codings

_LARGEST = 50_000_000
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_CHARSET = re.compile(rb"charset=[\"']?([\w-]{2,20})", re.IGNORECASE)
_KINDS = frozenset({"response", "conversion"})


class _Record:
    """A record of a file: where it stands, what it says of itself, and the texts it may be read as."""

    def __init__(self, offset: int, member: bytes) -> None:
        self.offset, self.member = offset, member
        record = next(iter(ArchiveIterator(io.BytesIO(member))), None)
        head = record.rec_headers if record is not None else None
        self.kind = record.rec_type if record is not None else ""
        self.record_id = str(head.get_header("WARC-Record-ID")) if head else ""
        self.made_of = head.get_header("WARC-Refers-To") if head else None
        self.texts = tuple(_texts(record)) if record is not None and self.kind in _KINDS else ()


class Tombs:
    """The new files of a purge, beside the old ones; ``put_in_place`` lets each take the place of its old one."""

    def __init__(self, captures: Path) -> None:
        self._captures = captures
        self._ready: list[tuple[Path, Path]] = []
        self.entombed: list[Entombed] = []

    def put_in_place(self) -> None:
        """Replace the old files for good."""
        for new, old in self._ready:
            new.replace(old)
            _sync(old.parent)
        self._ready.clear()

    def add(self, path: Path, records: Sequence[_Record], doomed: Collection[str], at: datetime) -> None:
        """Write the new form of one file: every doomed record a tombstone, every other byte as it was."""
        name = path.relative_to(self._captures).as_posix()
        stones, digests, whole = [], [], sha256()
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".purge-")
        self._ready.append((Path(temporary), path))
        with os.fdopen(handle, "wb") as file:
            for one in records:
                member = one.member
                if one.record_id in doomed:
                    was = sha256(member).hexdigest()
                    member = tombstone_of(one.record_id, was, len(member), at)
                    stone = sha256(member).hexdigest()
                    stones.append(Tombstone(record=f"{name}#{one.record_id}", was_sha256=was, sha256=stone))
                file.write(member)
                whole.update(member)
                digests.append(RecordDigest(length=len(member), sha256=sha256(member).hexdigest()))
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        new = CaptureFile(name=name, bytes=size, sha256=whole.hexdigest(), digests=tuple(digests), closed_at=at)
        self.entombed.append(Entombed(file=new, tombstones=tuple(stones)))

    def clear(self) -> None:
        """Take away new files that were not put in place."""
        for new, _ in self._ready:
            new.unlink(missing_ok=True)


@contextmanager
def entombing(
    captures: Path, groups: Sequence[str], named: Collection[str], holds: Callable[[str], bool], *, at: datetime
) -> Iterator[Tombs]:
    """Prepare tombstones for the records that are named, for what those were made of, and for all of these sources that hold it.

    Raises StoreError while a crawl still writes one of these files, and for a file whose records cannot be told apart.
    """
    tombs = Tombs(captures)
    try:
        for group in groups:
            for path in sorted((captures / group).glob(f"*{ENDING}")):
                records = _records(path)
                doomed = _doomed(records, {one.partition("#")[2] for one in named}, holds)
                if doomed:
                    tombs.add(path, records, doomed, at)
        yield tombs
    finally:
        tombs.clear()


def _records(path: Path) -> list[_Record]:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as cause:
            raise StoreError(f"{path} is being written by a crawl: purge again once it has ended") from cause
        found = []
        for one in list(members(file)):
            if one.fault is not None:
                raise StoreError(
                    f"{path} is damaged at byte {one.offset} ({one.fault}): run 'returnwatch verify' first"
                )
            file.seek(one.offset)
            found.append(_Record(one.offset, file.read(one.length)))
        return found


def _doomed(records: Sequence[_Record], named: Collection[str], holds: Callable[[str], bool]) -> set[str]:
    doomed = {
        one.record_id
        for one in records
        if one.kind in _KINDS and (one.record_id in named or any(map(holds, one.texts)))
    }
    return doomed | {str(one.made_of) for one in records if one.record_id in doomed and one.made_of}


def _texts(record: object) -> Iterator[str]:
    """Give what a body may be read as: in the encodings it may have, with entities and escapes undone."""
    headers = getattr(record, "http_headers", None)
    body: bytes = record.raw_stream.read()  # type: ignore[attr-defined]  # warcio has no types
    codings = (
        [value.encode("latin-1") for name, value in headers.headers if name.lower() == "content-encoding"]
        if headers
        else []
    )
    with suppress(Exception):  # whatever it is packed in that cannot be undone, it is looked at as it stands
        body, _ = without_codings(body, codings, _LARGEST)
    declared = _CHARSET.search(
        (headers.get_header("content-type") or "").encode("latin-1", "ignore") if headers else b""
    )
    declared = declared or _CHARSET.search(body[:4_096])
    for encoding in dict.fromkeys(("utf-8", declared[1].decode("ascii") if declared else "utf-8")):
        try:
            text = body.decode(encoding, "ignore")
        except LookupError:
            continue
        yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), html.unescape(unquote(text)))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
