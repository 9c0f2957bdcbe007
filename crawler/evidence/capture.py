"""response → capture: the exact bytes are kept in a WARC file before anything parses them.

One file a visit, a pair of records an answer, each on the disk before the answer is used; nothing here ever rewrites a
record. Kept is every answer that came whole, whatever its status: pages, listings, robots.txt, redirects, refusals. Not
kept is what holds nothing (304), and what was given up on the way: an answer that broke off, or that is larger than it may be.

A file is locked while it is written. One that is closed in order is registered with the digest of each of its records;
one that its process left behind is not, and can so be told apart.
"""

import asyncio
import fcntl
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Self

from cases.errors import StoreError
from cases.model import Capture
from cases.store import CaptureFile, RecordDigest
from crawler.evidence.record import Conversion, Exchange, Pair, conversion_of, first_record, pair_of

ENDING = ".warc.gz"
_OK = 200


class Archive:
    """The WARC file of one visit below the captures folder; it is only made when there is something to keep.

    ``group`` is the folder it lies in: a source's name. ``register`` is told of the file once it is closed in order.
    """

    def __init__(
        self,
        captures: Path,
        group: str,
        *,
        at: datetime,
        software: str,
        reason: str,
        register: Callable[[CaptureFile], None] | None = None,
    ) -> None:
        name = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{token_hex(4)}{ENDING}"
        self._path = captures / group / name
        self._relative = f"{group}/{name}"
        self._about = {"software": software, "format": "WARC File Format 1.1", "description": reason}
        self._register = register
        self._opened_at = self._last_at = at
        self._file: int | None = None
        self._failed = False
        self._digests: list[RecordDigest] = []
        self._whole = sha256()
        self._written = self._safe = 0
        self._one_sync = threading.Lock()
        self._turn = asyncio.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def keep(self, exchange: Exchange) -> Capture:
        """Write request and answer to the disk; StoreError when that fails, and then the answer must not be used."""
        try:
            capture = self._write(exchange)
            self._sync()
        except OSError as cause:
            raise self._cannot(exchange, cause) from cause
        return capture

    async def kept(self, exchange: Exchange) -> Capture:
        """Do as ``keep``, but wait for the disk in a thread; answers that come together wait for it together."""
        try:
            capture = self._write(exchange)
            await self._synced()
        except OSError as cause:
            raise self._cannot(exchange, cause) from cause
        return capture

    async def converted(self, conversion: Conversion) -> Capture:
        """Write what was made of an answer, as ``kept`` does an answer."""
        try:
            capture = self._put(conversion_of(conversion), conversion.url, conversion.at, status=_OK)
            await self._synced()
        except OSError as cause:
            raise self._cannot(conversion, cause) from cause
        return capture

    def close(self) -> None:
        """End the file and register it; harmless when there is none."""
        if self._file is None:
            return
        try:
            if not self._failed and self._register is not None:
                self._sync()
                self._register(self._registration())
        finally:
            with self._one_sync:
                os.close(self._file)
                self._file = None

    def _write(self, exchange: Exchange) -> Capture:
        return self._put(pair_of(exchange), exchange.url, exchange.at, status=exchange.status)

    def _put(self, pair: Pair, url: str, at: datetime, *, status: int) -> Capture:
        if self._failed:
            raise OSError("an earlier record could not be written")
        file = self._file if self._file is not None else self._open()
        offset = self._written
        digest = self._append(file, *filter(None, (pair.answer, pair.request)))
        self._last_at = at
        return Capture(
            url=url,
            fetched_at=at,
            status=status,
            sha256=pair.payload_sha256,
            record=f"{self._relative}#{pair.record_id}",
            offset=offset,
            length=len(pair.answer),
            record_sha256=digest,
        )

    async def _synced(self) -> None:
        mine = self._written
        async with self._turn:
            if self._safe < mine:
                await asyncio.to_thread(self._sync)

    def _append(self, file: int, *records: bytes) -> str:
        """Put records at the end of the file, and give the digest of the first.

        After a failure nothing more is written, for what stands there is torn.
        """
        first = len(self._digests)
        left = memoryview(b"".join(records))
        self._failed = True
        while left:
            left = left[os.write(file, left) :]
        self._failed = False
        for record in records:
            self._digests.append(RecordDigest(length=len(record), sha256=sha256(record).hexdigest()))
            self._whole.update(record)
            self._written += len(record)
        return self._digests[first].sha256

    def _open(self) -> int:
        for folder in (self._path.parent.parent, self._path.parent):  # parents that it makes get the common mode
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        self._file = file
        self._append(file, first_record(self._path.name, self._about, self._opened_at))
        return file

    def _sync(self) -> None:
        """Bring what is written so far to the disk; the first time also the names of file and folder."""
        with self._one_sync:
            if self._file is None or self._safe == self._written:
                return
            written = self._written
            os.fsync(self._file)
            if self._safe == 0:
                _sync_folder(self._path.parent)
                _sync_folder(self._path.parent.parent)
            self._safe = written

    def _registration(self) -> CaptureFile:
        return CaptureFile(
            name=self._relative,
            bytes=self._written,
            sha256=self._whole.hexdigest(),
            digests=tuple(self._digests),
            closed_at=self._last_at,
        )

    def _cannot(self, exchange: Exchange | Conversion, cause: OSError) -> StoreError:
        return StoreError(f"the capture of {exchange.url} cannot be written to {self._path}: {cause}")


def is_being_written(path: Path) -> bool:
    """Whether some process, this one or another, is still writing a file of captures."""
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
