"""capture files → what was kept: the digests of every closed file and of each record in it, and who rests on a capture."""

import struct
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true, type_coerce

from cases.model import Capture, Value
from cases.store.columns import RawDocument
from cases.store.database import Database, in_batches, upserting
from cases.store.schema import article, article_version, capture_file, case_file, quarantine, robots, telling, url_key

_PACKED = struct.Struct(">Q32s")
_BATCH = 500
_FILES_AT_ONCE = 20
"""A file brings the digests of all its records along: 80 kB for a thousand answers."""


class RecordDigest(Value, frozen=True, kw_only=True):
    """One record as it stands in its file: how many bytes it takes, compressed, and their SHA-256 in hex."""

    length: int
    sha256: str


class CaptureFile(Value, frozen=True, kw_only=True):
    """One file of captures that was closed in order."""

    name: str
    """Path below the captures folder."""
    bytes: int
    sha256: str
    """Of the whole file, in hex."""
    digests: tuple[RecordDigest, ...]
    """Of its records, in their order; together they are the file."""
    closed_at: datetime
    """When its last answer came."""


class KeptCapture(Value, frozen=True, kw_only=True):
    """A capture that something in the store rests on."""

    capture: Capture
    rests: str
    """What rests on it, in words: the address of an article and which version, a site's robots.txt, a page in quarantine."""
    article: str | None = None
    """Address of the article that rests on it."""


def packed(digests: Iterable[RecordDigest]) -> bytes:
    """Give the digests of a file's records as the store keeps them."""
    return b"".join(_PACKED.pack(one.length, bytes.fromhex(one.sha256)) for one in digests)


class Evidence:
    """The capture files of a store, and what rests on them. Gives everything in pieces, however much there is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, file: CaptureFile) -> None:
        """Keep the digests of a closed file; done twice, the first stays."""
        row = {
            "name": file.name,
            "bytes": file.bytes,
            "records": len(file.digests),
            "sha256": file.sha256,
            "digests": packed(file.digests),
            "closed_at": file.closed_at,
        }
        with self._database.write() as connection:
            connection.execute(
                upserting(connection, capture_file).values(row).on_conflict_do_nothing(index_elements=["name"])
            )

    def files(self, *, since: datetime | None = None, group: str | None = None) -> Iterator[CaptureFile]:
        """Give the registered files in the order of their names; those closed since a time, and of one folder."""
        wanted = select(capture_file).where(
            true() if since is None else capture_file.c.closed_at >= since,
            true() if group is None else _below(group),
        )
        return (_file(row) for row in self._pieces(wanted, capture_file.c.name, "", _FILES_AT_ONCE))

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Give the name and the size in bytes of every registered file, in the order of their names."""
        wanted = select(capture_file.c.name, capture_file.c.bytes)
        return ((row.name, row.bytes) for row in self._pieces(wanted, capture_file.c.name, ""))

    def registered(self, names: Collection[str]) -> set[str]:
        """Give those of these names that are registered."""
        with self._database.read() as connection:
            return {
                name
                for some in in_batches(names)
                for name in connection.scalars(select(capture_file.c.name).where(capture_file.c.name.in_(some)))
            }

    def with_content(self, sha256: str) -> list[str]:
        """Give the names of the registered files that hold these very bytes."""
        with self._database.read() as connection:
            found = select(capture_file.c.name).where(capture_file.c.sha256 == sha256).order_by(capture_file.c.name)
            return list(connection.scalars(found))

    def captures(
        self, *, since: datetime | None = None, source: str | None = None, pruned: bool = True
    ) -> Iterator[KeptCapture]:
        """Give every capture that the store points to: of article versions, of quarantine, and of robots.txt.

        ``since``: only what was kept since. With ``source`` robots.txt is left out: it belongs to a site. Without ``pruned``,
        only those of versions that still have their text.
        """
        yield from self._of_versions(since, source, true() if pruned else has_text())
        yield from self._of_quarantine(since, source)
        if source is None:
            yield from self._of_robots(since)

    def _of_versions(
        self, since: datetime | None, source: str | None, which: ColumnElement[bool]
    ) -> Iterator[KeptCapture]:
        wanted = (
            select(article_version.c.id, article_version.c.version, article_version.c.capture, article.c.url)
            .join(article, article.c.id == article_version.c.article_id)
            .where(
                article_version.c.capture.is_not(None),
                which,
                true() if since is None else article_version.c.kept_at >= since,
                true() if source is None else article.c.source == source,
            )
        )
        for row in self._pieces(wanted, article_version.c.id, 0):
            yield KeptCapture(capture=row.capture, rests=f"version {row.version} of {row.url}", article=row.url)

    def _of_quarantine(self, since: datetime | None, source: str | None) -> Iterator[KeptCapture]:
        wanted = select(quarantine).where(
            true() if since is None else quarantine.c.kept_at >= since,
            true() if source is None else quarantine.c.source == source,
        )
        for row in self._pieces(wanted, quarantine.c.id, 0):
            yield KeptCapture(capture=row.capture, rests=f"{row.url} in quarantine")

    def _of_robots(self, since: datetime | None) -> Iterator[KeptCapture]:
        wanted = select(robots).where(
            robots.c.capture.is_not(None), true() if since is None else robots.c.fetched_at >= since
        )
        for row in self._pieces(wanted, robots.c.site, ""):
            yield KeptCapture(capture=row.capture, rests=f"robots.txt of {row.site}")

    def cases_told_by(self, url: str) -> tuple[str, ...]:
        """Give the numbers of the cases that an article tells, or told in an earlier version."""
        wanted = (
            select(case_file.c.number)
            .distinct()
            .join(telling, telling.c.case_id == case_file.c.id)
            .join(article, article.c.id == telling.c.article_id)
            .where(article.c.url_key == url_key(url))
            .order_by(case_file.c.number)
        )
        with self._database.read() as connection:
            return tuple(connection.scalars(wanted))

    def _pieces(
        self, wanted: Select[Any], key: ColumnElement[Any], start: object, at_once: int = _BATCH
    ) -> Iterator[Any]:
        """Read a table in the order of a key, a piece a transaction."""
        last = start
        while True:
            with self._database.read() as connection:
                rows = connection.execute(wanted.where(key > last).order_by(key).limit(at_once)).all()
            yield from rows
            if len(rows) < at_once:
                return
            last = getattr(rows[-1], str(key.key))


def has_text() -> ColumnElement[bool]:
    """Tell whether a version of an article still has its text."""
    text: ColumnElement[str] = type_coerce(article_version.c.document, RawDocument)["text"].as_string()
    return text != ""


def _below(group: str) -> ColumnElement[bool]:
    return capture_file.c.name.startswith(f"{group}/", autoescape=True)


def _file(row: Any) -> CaptureFile:  # noqa: ANN401 - rows of SQLAlchemy carry their columns as attributes
    return CaptureFile(
        name=row.name,
        bytes=row.bytes,
        sha256=row.sha256,
        digests=tuple(
            RecordDigest(length=length, sha256=digest.hex()) for length, digest in _PACKED.iter_unpack(row.digests)
        ),
        closed_at=row.closed_at,
    )
