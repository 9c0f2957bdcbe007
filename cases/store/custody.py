"""custody log ↔ store: lines are added inside the transaction of what they tell, and never changed."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from cases.custody import Act, Fault, LogLine, captures_digest, day_of, faults_in, next_line
from cases.errors import UsageError
from cases.model import Value
from cases.store.database import Database
from cases.store.schema import article_version, custody_log

_PAGE = 1_000
_NEEDED = ("day_closed", "purged")


class By(Value, frozen=True, kw_only=True):
    """Who acts, when, and why."""

    actor: str
    at: datetime
    reason: str = ""


def append(connection: Connection, act: Act, subject: str | None, by: By, **detail: Any) -> LogLine:  # noqa: ANN401 - a JSON document
    """Add a line to the log, in the transaction that does what it tells; two at once wait for one another."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("lock table custody_log in share row exclusive mode")
    said = {**({"reason": by.reason} if by.reason else {}), **detail}
    line = next_line(_last(connection), at=by.at, actor=by.actor, act=act, subject=subject, detail=said or None)
    connection.execute(insert(custody_log).values(**{name: getattr(line, name) for name in line.__struct_fields__}))
    return line


class Custody:
    """The log of a store: who decided what of which case, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, act: Act, subject: str | None, by: By, **detail: Any) -> LogLine:  # noqa: ANN401 - as above
        """Add a line about something that changes nothing in the store, such as an export."""
        with self._database.write() as connection:
            return append(connection, act, subject, by, **detail)

    def lines(self, *, subject: str | None = None) -> list[LogLine]:
        """Give the lines, oldest first; of one case if asked."""
        wanted = select(custody_log).order_by(custody_log.c.position)
        if subject is not None:
            wanted = wanted.where(custody_log.c.subject == subject)
        with self._database.read() as connection:
            return [line_of(row) for row in connection.execute(wanted)]

    def faults(self) -> list[Fault]:
        """Find what is wrong with the chain, and closed days whose captures are not those that were kept on them."""
        with self._database.read() as connection:
            return [*faults_in(_in_order(connection)), *_changed_days(connection)]

    def purge(self, position: int, by: By) -> None:
        """Take away what a line says beyond its act; its digest stays, and so does the chain.

        Raises UsageError for a line that is not there, that says nothing more, or that closes a day or tells of a purge: such a
        line holds nothing of anybody, and what it says is needed.
        """
        with self._database.write() as connection:
            row = connection.execute(select(custody_log).where(custody_log.c.position == position)).first()
            if row is None:
                raise UsageError(f"the log has no line {position}")
            if row.detail is None or row.act in _NEEDED:
                why = (
                    "says nothing that could be purged"
                    if row.detail is None
                    else f"is a line of {row.act}, which stays"
                )
                raise UsageError(f"line {position} of the log {why}")
            purge_details(connection, (position,))
            append(connection, "purged", row.subject, by, fields=["detail"], lines=[position])

    def close_days(self, now: datetime) -> list[LogLine]:
        """Close every day that is over and was not: one line each, over that day's captures and the log so far.

        A day on which nothing was fetched and nothing was done is passed over.
        """
        with self._database.write() as connection:
            day, closed = _first_open_day(connection), []
            while day is not None and day < now.astimezone(UTC).date():
                captures = _captures_of(connection, day)
                if captures or _was_decided_on(connection, day):
                    last = _last(connection)
                    by = By(actor="returnwatch", at=now)
                    detail = day_of(captures, last, day)
                    closed.append(append(connection, "day_closed", day.isoformat(), by, **detail))
                day += timedelta(days=1)
        return closed


def purge_details(connection: Connection, positions: Collection[int]) -> None:
    """Take away the details of lines; whoever does it adds a line that says so."""
    connection.execute(update(custody_log).where(custody_log.c.position.in_(positions)).values(detail=None))


def _changed_days(connection: Connection) -> Iterator[Fault]:
    """Compare the captures of each closed day with the digest over them that its line holds."""
    closed = select(custody_log).where(custody_log.c.act == "day_closed", custody_log.c.detail.is_not(None))
    lines = [line_of(row) for row in connection.execute(closed.order_by(custody_log.c.position))]
    kept: dict[str, list[str]] = defaultdict(list)
    if lines:
        rows = connection.execute(
            select(article_version.c.kept_at, article_version.c.capture).execution_options(yield_per=_PAGE)
        )
        for row in rows:
            if row.capture is not None:
                kept[row.kept_at.date().isoformat()].append(row.capture.sha256)
    for line in lines:
        said = line.detail or {}
        if captures_digest(kept[said["day"]]) != said["captures_sha256"]:
            yield Fault(
                position=line.position, reason=f"the captures of {said['day']} are not those that were kept then"
            )


def _first_open_day(connection: Connection) -> date | None:
    """Give the day after the one that was closed last, or the first on which anything was fetched or decided."""
    closed = select(custody_log.c.subject).where(custody_log.c.act == "day_closed")
    last = connection.scalar(closed.order_by(custody_log.c.position.desc()).limit(1))
    if last is not None:
        return date.fromisoformat(last) + timedelta(days=1)
    fetched = connection.scalar(select(article_version.c.kept_at).order_by(article_version.c.kept_at).limit(1))
    decided = connection.scalar(select(custody_log.c.at).order_by(custody_log.c.position).limit(1))
    return min((moment.date() for moment in (fetched, decided) if moment is not None), default=None)


def _last(connection: Connection) -> LogLine | None:
    row = connection.execute(select(custody_log).order_by(custody_log.c.position.desc()).limit(1)).first()
    return line_of(row) if row else None


def _was_decided_on(connection: Connection, day: date) -> bool:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    at = custody_log.c.at
    decided = select(custody_log.c.position).where(at >= start, at < start + timedelta(days=1))
    return connection.scalar(decided.where(custody_log.c.act != "day_closed").limit(1)) is not None


def _captures_of(connection: Connection, day: date) -> list[str]:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    kept = article_version.c.kept_at
    rows = connection.execute(select(article_version.c.capture).where(kept >= start, kept < start + timedelta(days=1)))
    return [row.capture.sha256 for row in rows if row.capture is not None]


def _in_order(connection: Connection) -> Iterator[LogLine]:
    position = 0
    while rows := connection.execute(
        select(custody_log).where(custody_log.c.position > position).order_by(custody_log.c.position).limit(_PAGE)
    ).all():
        yield from map(line_of, rows)
        position = rows[-1].position


def line_of(row: Any) -> LogLine:  # noqa: ANN401 - rows of SQLAlchemy carry their columns as attributes
    """Make a line of its row."""
    return LogLine(**{name: getattr(row, name) for name in LogLine.__struct_fields__})
