"""capture files and store → what is no longer as it was kept, and who rests on it. Reads, and changes nothing.

Three passes, each in pieces, so that memory does not grow with the archive: the registered files against their digests; what
the store points to, record by record; and the files that the store does not know. A difference is named by its record.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from cases.model import Value
from cases.store import CaptureFile, Store
from crawler.evidence.capture import ENDING, is_being_written
from crawler.evidence.comparison import differences
from crawler.evidence.custody import RecordName, digest_of, fault_of, members, named

Kind = Literal["changed", "missing", "added", "unsupported", "unregistered", "foreign", "open", "purged", "pruned"]
_NOTES = frozenset({"unregistered", "foreign", "open", "purged", "pruned"})
_BATCH = 500
_HEAD = 1 << 16


class Finding(Value, frozen=True, kw_only=True):
    """One thing that a person should know of.

    ``changed``, ``missing``, ``added``: a record, or a file, is not what was kept. ``unsupported``: something in the store
    rests on a capture that is gone or changed. ``unregistered``: a file that its process left behind when it was killed.
    ``foreign``: a file of somebody else's. ``open``: a crawl is writing it now. ``purged``: a tombstone stands where a capture was.
    ``pruned``: retention took it away.
    """

    kind: Kind
    file: str
    """Path below the captures folder."""
    words: str
    offset: int | None = None
    """Where the record begins in its file."""
    record: RecordName | None = None
    article: str | None = None
    """Address of the article that rests on it."""
    cases: tuple[str, ...] = ()
    """Numbers of the cases that this article tells."""

    @property
    def is_wrong(self) -> bool:
        """Whether something is not as it was kept; else it is only told."""
        return self.kind not in _NOTES


class Summary(Value, frozen=True, kw_only=True):
    """How much was compared, and how much of it was wrong."""

    files: int = 0
    records: int = 0
    captures: int = 0
    """Records that something in the store rests on."""
    left: int = 0
    """Files that are not registered."""
    pruned: int = 0
    """Files that retention took away."""
    wrong: int = 0
    """Records and files that are not as they were kept."""
    unsupported: int = 0
    """What in the store rests on such a record."""


class Verification:
    """One comparison of a captures folder with its store; ``since`` and ``source`` narrow it to what was kept since, or there."""

    def __init__(
        self, store: Store, captures: Path, *, since: datetime | None = None, source: str | None = None
    ) -> None:
        self._evidence, self._retention, self._captures = store.evidence, store.retention, captures
        self._pruned: set[str] = set()
        self._since, self._source = since, source
        self._files = self._records = self._rested = self._left = self._wrong = self._unsupported = 0

    def run(self) -> Iterator[Finding]:
        """Give every finding as it is made."""
        for each in (self._of_pruned, self._of_files, self._of_captures, self._of_strangers):
            for finding in each():
                self._wrong += finding.is_wrong and finding.kind != "unsupported"
                self._unsupported += finding.kind == "unsupported"
                yield finding

    @property
    def summary(self) -> Summary:
        """What was compared so far."""
        return Summary(
            files=self._files,
            records=self._records,
            captures=self._rested,
            left=self._left,
            pruned=len(self._pruned),
            wrong=self._wrong,
            unsupported=self._unsupported,
        )

    def _of_files(self) -> Iterator[Finding]:
        for file in self._evidence.files(since=self._since, group=self._source):
            self._files += 1
            self._records += len(file.digests)
            try:
                with (self._captures / file.name).open("rb") as opened:
                    if digest_of(opened) != file.sha256:
                        yield from self._differences(opened, file)
            except OSError as cause:
                yield Finding(kind="missing", file=file.name, words=f"the file cannot be read: {cause.strerror}")

    def _differences(self, opened: BinaryIO, file: CaptureFile) -> Iterator[Finding]:
        opened.seek(0)
        if others := self._evidence.with_content(digest_of(opened)):
            yield Finding(kind="changed", file=file.name, words=f"the file holds what was kept as {', '.join(others)}")
            return
        for one in differences(opened, file.digests):
            yield Finding(kind=one.kind, file=file.name, words=one.words, offset=one.offset, record=one.record)

    def _of_captures(self) -> Iterator[Finding]:
        for kept in self._evidence.captures(since=self._since, source=self._source):
            if kept.capture.record.partition("#")[0] in self._pruned:
                continue
            self._rested += 1
            fault = fault_of(self._captures, kept.capture)
            if fault is not None or kept.capture.purged:
                yield Finding(
                    kind="unsupported" if fault is not None else "purged",
                    file=kept.capture.record.partition("#")[0],
                    words=f"{kept.rests}: {fault or 'its record was purged, a tombstone with its digest stands there'}",
                    offset=kept.capture.offset,
                    record=RecordName(
                        kind="response",
                        record_id=kept.capture.record.partition("#")[2],
                        url=kept.capture.url,
                        at=kept.capture.fetched_at,
                    ),
                    article=kept.article,
                    cases=self._evidence.cases_told_by(kept.article) if kept.article else (),
                )

    def _of_pruned(self) -> Iterator[Finding]:
        for file in self._retention.pruned_files():
            self._pruned.add(file.name)
            yield Finding(kind="pruned", file=file.name, words=f"pruned by retention on {file.at:%Y-%m-%d}")

    def _of_strangers(self) -> Iterator[Finding]:
        batch: list[str] = []
        for name in _names_below(self._captures, self._source):
            batch.append(name)
            if len(batch) == _BATCH:
                yield from self._unknown(batch)
                batch.clear()
        yield from self._unknown(batch)

    def _unknown(self, names: Sequence[str]) -> Iterator[Finding]:
        known = self._evidence.registered(names)
        for name in names:
            if name not in known and self._is_since(name):
                self._left += 1
                yield self._stranger(name)

    def _is_since(self, name: str) -> bool:
        if self._since is None:
            return True
        changed = datetime.fromtimestamp((self._captures / name).stat().st_mtime, UTC)
        return changed >= self._since

    def _stranger(self, name: str) -> Finding:
        path = self._captures / name
        if is_being_written(path):
            return Finding(kind="open", file=name, words="a crawl is writing it")
        if name in self._evidence.registered([name]):  # it was closed since
            return Finding(kind="open", file=name, words="a crawl has just closed it")
        with path.open("rb") as file:
            if others := self._evidence.with_content(digest_of(file)):
                return Finding(kind="added", file=name, words=f"it holds what was kept as {', '.join(others)}")
            file.seek(0)
            return _left_behind(name, file)


def _names_below(captures: Path, source: str | None) -> Iterator[str]:
    """Give the files below a captures folder by their names, folder by folder; what lies beside the folders is no capture."""
    top = captures if source is None else captures / source
    for folder, folders, files in os.walk(top):
        folders.sort()
        for file in sorted(files):
            path = Path(folder, file)
            if path.parent != captures or path.name.endswith(ENDING):
                yield path.relative_to(captures).as_posix()


def _left_behind(name: str, file: BinaryIO) -> Finding:
    """Say what stands in a file that nobody closed: whole records, and perhaps a torn one at the end."""
    head = file.read(_HEAD)
    if head and named(head).kind != "warcinfo":
        return Finding(kind="foreign", file=name, words="it is no file of captures of Returnwatch")
    file.seek(0)
    whole, last = 0, None
    for last in members(file):
        whole += last.fault is None
    words = f"never closed: {whole} whole records"
    if last is None or last.fault is None:
        return Finding(kind="unregistered", file=name, words=words)
    if last.torn:
        return Finding(kind="unregistered", file=name, words=f"{words}, {last.length} bytes of a torn one at the end")
    fault = f"{words}; the one after them, at byte {last.offset}, cannot be unpacked: {last.fault}"
    return Finding(kind="changed", file=name, words=fault, offset=last.offset)
