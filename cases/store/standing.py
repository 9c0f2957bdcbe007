"""sources, runs and articles → how each source stands: its last word, what it gave, and whether it is quieter than usual.

Functions on an open connection; ``SourceBook`` is their door. What costs more than an index is asked only of the few sources
that need it: those that fail, and those that answered with nothing.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from cases.ledger import NEUTRAL, Run, SourceOutcome, SourceStatus
from cases.silence import SHOWN, Rhythm, silence
from cases.store.database import in_batches
from cases.store.schema import article, run, telling
from cases.store.schema import source as source_table

_BEGINNING = datetime.min.replace(tzinfo=UTC)


def statuses(connection: Connection, now: datetime) -> list[SourceStatus]:
    """Every source as the watch sees it, disabled ones too, by name."""
    rows = connection.execute(
        select(source_table, run.c.document)
        .outerjoin(run, run.c.id == source_table.c.last_run_id)
        .order_by(source_table.c.name)
    ).all()
    articles = _counted(connection, select(article.c.source, func.count()).group_by(article.c.source))
    reports = _counted(
        connection,
        select(article.c.source, func.count())
        .join(telling, telling.c.article_id == article.c.id)
        .where(telling.c.current)
        .group_by(article.c.source),
    )
    silent_on = [row.name for row in rows if row.failures > 0 and row.document and row.document.outcome in NEUTRAL]
    failed = _last_words(connection, silent_on)
    empty = [row.name for row in rows if row.document is not None and row.document.outcome is SourceOutcome.EMPTY]
    in_a_row = _empty_in_a_row(connection, empty)
    known = rhythms(connection)
    return [
        SourceStatus(
            name=row.name,
            title=row.title,
            enabled=row.enabled,
            next_due=row.next_due,
            running=row.lease_until is not None and row.lease_until > now,
            last_run=row.document,
            last_failed=failed.get(row.name),
            last_success=row.last_success,
            failures=row.failures,
            empty_in_a_row=in_a_row.get(row.name, 0),
            quiet=silence(known[row.name], now) if row.enabled else None,
            articles=articles.get(row.name, 0),
            reports=reports.get(row.name, 0),
        )
        for row in rows
    ]


def rhythms(connection: Connection) -> dict[str, Rhythm]:
    """Tell when each source published last, by name: the newest articles of each, found by index.

    An article that states no time counts when it was last fetched, which is when it was kept unless it was edited.
    """
    times: dict[str, list[datetime]] = {}
    dated = _newest(article.c.published, article.c.published.is_not(None))
    undated = _newest(article.c.fetched_at, article.c.published.is_(None))
    for question in (dated, undated):
        for name, time in connection.execute(question):
            if time is not None:
                times.setdefault(name, []).append(time)
    first_run = select(func.min(run.c.finished_at)).where(run.c.source == source_table.c.name).scalar_subquery()
    return {
        row.name: Rhythm(
            times=tuple(times.get(row.name, ())),
            watched_since=row.first_run,
            expected=timedelta(seconds=row.expected_s) if row.expected_s else None,
        )
        for row in connection.execute(
            select(source_table.c.name, source_table.c.expected_s, first_run.label("first_run"))
        )
    }


def _newest(time: ColumnElement[datetime], which: ColumnElement[bool]) -> Select[Any]:
    """Ask for the newest articles of every source, of those that are meant: down to the time of the last to be shown.

    An outer join, so that the sources are walked and the articles of each are found by index, not the other way round.
    """
    edge = (
        select(time)
        .where(article.c.source == source_table.c.name, which)
        .order_by(time.desc())
        .offset(SHOWN - 1)
        .limit(1)
        .scalar_subquery()
    )
    edges = select(source_table.c.name, func.coalesce(edge, _BEGINNING).label("edge")).subquery()
    shown = and_(article.c.source == edges.c.name, which, time >= edges.c.edge)
    return select(edges.c.name, time).outerjoin_from(edges, article, shown)


def _last_words(connection: Connection, names: Collection[str]) -> dict[str, Run]:
    """Give the last visit to each that says how it stands: one that is neither "nothing changed" nor an empty list."""
    found: dict[str, Run] = {}
    for batch in in_batches(names):
        telling_ones = (
            select(func.max(run.c.id))
            .where(run.c.source.in_(batch), run.c.outcome.not_in([outcome.value for outcome in NEUTRAL]))
            .group_by(run.c.source)
        )
        for document in connection.scalars(select(run.c.document).where(run.c.id.in_(telling_ones))):
            found[document.source] = document
    return found


def _empty_in_a_row(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """Count how often each was empty since it last was anything else."""
    counts: dict[str, int] = {}
    for batch in in_batches(names):
        other = (
            select(run.c.source, func.max(run.c.id).label("id"))
            .where(run.c.source.in_(batch), run.c.outcome != SourceOutcome.EMPTY.value)
            .group_by(run.c.source)
            .subquery()
        )
        since = (
            select(run.c.source, func.count())
            .outerjoin(other, other.c.source == run.c.source)
            .where(run.c.source.in_(batch), run.c.id > func.coalesce(other.c.id, 0))
            .group_by(run.c.source)
        )
        counts |= _counted(connection, since)
    return counts


def _counted(connection: Connection, statement: Select[str, int]) -> dict[str, int]:
    return dict(connection.execute(statement).all())
