"""what nobody needs any more → taken away: texts of articles that told nothing, files of captures on which nothing rests, old visits.

Cases are never touched, nor any article that ever told one, nor copies of articles, nor anything younger than the limits. An article that
was pruned stays known by its address, title, times and verdict, so that it is not read again as new. What was taken away stands in the log
of decisions, each file with its SHA-256: the chain stays whole, and tells a pruned file from a missing one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, or_, select, update

from cases.model import Article, Judgement, Value
from cases.store.custody import By, append
from cases.store.database import Database, in_batches
from cases.store.evidence import Evidence, has_text
from cases.store.schema import (
    article,
    article_copy,
    article_version,
    capture_file,
    crawl_request_source,
    custody_log,
    run,
    source,
    telling,
)

_BATCH = 200


class Limits(Value, frozen=True, kw_only=True):
    """Before which moment each kind of thing is taken away; None: never."""

    uninteresting: datetime | None = None
    """Texts of articles that are neither reports nor near misses."""
    near_misses: datetime | None = None
    runs: datetime | None = None
    """Visits to sources."""

    @property
    def captures(self) -> datetime | None:
        """Before which a file of captures is taken away on which nothing rests: nothing without a limit for texts."""
        return self.uninteresting


class Pruned(Value, frozen=True, kw_only=True):
    """How much was taken away, or would be."""

    versions: int = 0
    """Versions of articles that lost their text."""
    runs: int = 0
    files: int = 0
    """Files of captures."""
    bytes: int = 0
    """Of those files."""


class PrunedFile(Value, frozen=True, kw_only=True):
    """A file of captures that was taken away."""

    name: str
    sha256: str
    at: datetime


class Retention:
    """Takes away what is older than its limits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, limits: Limits) -> Pruned:
        """Count what would be taken away; changes nothing.

        Files on which only texts rest that would be taken away first are not counted yet.
        """
        with self._database.read() as connection:
            versions = connection.scalar(_versions(limits, func.count())) or 0
            runs = connection.scalar(_runs(limits, func.count())) or 0
        files = self.unneeded(limits)
        return Pruned(versions=versions, runs=runs, files=len(files), bytes=sum(size for _, _, size in files))

    def prune_texts(self, limits: Limits) -> int:
        """Take the texts away, with every sentence of them; returns of how many versions."""
        pruned = 0
        while some := self._prune_some(limits):
            pruned += some
        return pruned

    def prune_runs(self, limits: Limits) -> int:
        """Take old visits away; the last of each source stays, and what answered a request."""
        if limits.runs is None:
            return 0
        with self._database.write() as connection:
            old = connection.scalars(_runs(limits, run.c.id)).all()
            for some in in_batches(old):
                connection.execute(delete(run).where(run.c.id.in_(some)))
        return len(old)

    def unneeded(self, limits: Limits) -> list[tuple[str, str, int]]:
        """Give the old files of captures on which nothing rests: name, SHA-256 and size."""
        if limits.captures is None:
            return []
        needed = {kept.capture.record.partition("#")[0] for kept in Evidence(self._database).captures(pruned=False)}
        old = select(capture_file.c.name, capture_file.c.sha256, capture_file.c.bytes).where(
            capture_file.c.closed_at < limits.captures
        )
        with self._database.read() as connection:
            rows = connection.execute(old.order_by(capture_file.c.name)).all()
        return [(row.name, row.sha256, row.bytes) for row in rows if row.name not in needed]

    def forget_files(self, files: Sequence[tuple[str, str, int]], by: By) -> None:
        """Write into the log that files are taken away, and forget them; to be called before they are."""
        with self._database.write() as connection:
            for some in in_batches(files, _BATCH):
                named = [{"name": name, "sha256": digest} for name, digest, _ in some]
                append(connection, "pruned", "captures", by, files=named)
                names = [name for name, _, _ in some]
                connection.execute(delete(capture_file).where(capture_file.c.name.in_(names)))

    def pruned_files(self) -> Iterator[PrunedFile]:
        """Give every file that was taken away, as the log tells it."""
        wanted = select(custody_log.c.at, custody_log.c.detail).where(custody_log.c.act == "pruned")
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(custody_log.c.position)).all()
        for row in rows:
            for file in (row.detail or {}).get("files", ()):
                yield PrunedFile(name=file["name"], sha256=file["sha256"], at=row.at)

    def _prune_some(self, limits: Limits) -> int:
        with self._database.write() as connection:
            wanted = _versions(limits, article_version.c.id, article_version.c.document, article_version.c.judgement)
            rows = connection.execute(wanted.order_by(article_version.c.id).limit(_BATCH)).all()
            for row in rows:
                _empty(connection, row.id, row.document, row.judgement)
        return len(rows)


def _empty(connection: Connection, version_id: int, document: Article, judgement: Judgement) -> None:
    """Leave of a version what says that it was read, and how it was judged; nothing that its page said."""
    verdict = msgspec.structs.replace(judgement.verdict, evidence=(), reasons=())
    connection.execute(
        update(article_version)
        .where(article_version.c.id == version_id)
        .values(
            document=msgspec.structs.replace(document, text=""),
            judgement=msgspec.structs.replace(judgement, verdict=verdict, reports=()),
        )
    )


def _versions(limits: Limits, *what: ColumnElement[Any]) -> Select[Any]:
    """Ask for the versions whose text is older than its limit, and that never told anything."""
    old = [
        and_(article.c.near_miss.is_(near_miss), article_version.c.kept_at < before)
        for near_miss, before in ((False, limits.uninteresting), (True, limits.near_misses))
        if before is not None
    ]
    told = exists().where(telling.c.article_id == article.c.id)
    copied = exists().where(or_(article_copy.c.article_id == article.c.id, article_copy.c.original_id == article.c.id))
    return (
        select(*what)
        .select_from(article_version)
        .join(article, article.c.id == article_version.c.article_id)
        .where(or_(*old) if old else article.c.id < 0, article.c.report.is_(False), ~told, ~copied, has_text())
    )


def _runs(limits: Limits, what: ColumnElement[int]) -> Select[Any]:
    kept = or_(
        exists().where(source.c.last_run_id == run.c.id), exists().where(crawl_request_source.c.run_id == run.c.id)
    )
    return (
        select(what)
        .select_from(run)
        .where(run.c.finished_at < limits.runs if limits.runs is not None else run.c.id < 0, ~kept)
    )
