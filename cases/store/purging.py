"""case + fields → a store without them: every version of every article that tells the case, and all that was made of it.

One transaction. What was purged cannot be put back from this store; what is left is a line of the log that says what kind of
thing went, from how many articles and records, by whom and why. Backups that were made before still hold it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select, update

from cases.custody import LogLine
from cases.errors import UsageError
from cases.model import Capture, Value
from cases.purging import Purge, blot, holds_name, purge_of, purged_article, purged_judgement, purged_report
from cases.register import Case
from cases.store.custody import By, append, purge_details
from cases.store.database import Database, in_batches
from cases.store.evidence import CaptureFile, packed
from cases.store.files import load_cases
from cases.store.merged import members, standing
from cases.store.register import ids_under
from cases.store.schema import (
    article,
    article_version,
    capture_file,
    case_correction,
    case_file,
    case_revision,
    custody_log,
    delivery,
    digest,
    quarantine,
    telling,
)

_NEVER = ("day_closed", "purged")


class Tombstone(Value, frozen=True, kw_only=True):
    """What stands in the place of a record that was purged: as long as it was, so that no other record moves."""

    record: str
    """As ``Capture.record``: the file and the record's id."""
    was_sha256: str
    """Of the record that was there."""
    sha256: str
    """Of what stands there now."""


class Entombed(Value, frozen=True, kw_only=True):
    """A file of captures some of whose records are tombstones now."""

    file: CaptureFile
    tombstones: tuple[Tombstone, ...]


class PurgePlan(Value, frozen=True, kw_only=True):
    """What a purge would concern."""

    case: Case
    purge: Purge
    articles: tuple[int, ...]
    """Keys of its articles that say what must go."""
    sources: tuple[str, ...]
    """Sources whose captures may hold it."""
    records: tuple[str, ...]
    """Records of the versions of its articles, as ``Capture.record``."""
    urls: tuple[str, ...]
    """Addresses of its articles; they stay."""


class Purges:
    """Takes what is known of a person out of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, which: str, fields: Sequence[str]) -> PurgePlan:
        """Say what a purge of these fields would concern; changes nothing. Raises UsageError, see ``cases.purging.purge_of``."""
        with self._database.read() as connection:
            case = _case(connection, which)
            purge = purge_of(case, fields)
            rows = _concerned(_versions(connection, _articles(connection, case.id)), purge)
            return PurgePlan(
                case=case,
                purge=purge,
                articles=tuple(sorted({row.article_id for row in rows})),
                sources=tuple(sorted({row.document.source for row in rows} - {""})),
                records=tuple(sorted({row.capture.record for row in rows if row.capture is not None})),
                urls=tuple(sorted({row.document.url for row in rows})),
            )

    def carry_out(
        self,
        plan: PurgePlan,
        by: By,
        entombed: Sequence[Entombed] = (),
        *,
        put_in_place: Callable[[], None] = lambda: None,
    ) -> LogLine:
        """Purge, and add the line that says so; ``put_in_place`` is called last, before anything of it is kept for good.

        The articles are not read again from then on: a new version would bring back what went.
        """
        with self._database.write() as connection:
            if self._database.is_sqlite:
                connection.exec_driver_sql("pragma secure_delete=on")
            articles = plan.articles
            told = _cases_told(connection, articles)
            _purge_articles(connection, articles, plan.purge, by)
            _purge_cases(connection, {plan.case.id, *told}, plan.purge)
            _replace_captures(connection, entombed, plan.sources)
            holds = holds_name(plan.purge)
            _drop_quarantine(connection, holds, {one.record for each in entombed for one in each.tombstones})
            digests = _purge_digests(connection, plan.purge, holds)
            lines = _lines_that_hold(connection, holds)
            purge_details(connection, lines)
            line = append(
                connection,
                "purged",
                plan.case.id,
                by,
                fields=list(plan.purge.kinds),
                articles=len(articles),
                records=[msgspec.to_builtins(one) for each in entombed for one in each.tombstones],
                digests=digests,
                lines=lines,
            )
            put_in_place()
        self._database.forget_deleted()
        return line


def _case(connection: Connection, which: str) -> Case:
    found = load_cases(connection, standing(connection, ids_under(connection, which)))
    if not found:
        raise UsageError(f"there is no case {which!r} in the register")
    return next(iter(found.values()))


def _articles(connection: Connection, case_id: str) -> list[int]:
    """Give every article that tells a case, or told it in any version."""
    group = tuple(members(connection, (case_id,)))
    wanted = select(telling.c.article_id).distinct().where(telling.c.case_id.in_(group))
    return sorted(connection.scalars(wanted))


def _cases_told(connection: Connection, articles: Collection[int]) -> set[str]:
    found: set[str] = set()
    for some in in_batches(articles):
        found |= set(connection.scalars(select(telling.c.case_id).distinct().where(telling.c.article_id.in_(some))))
    return found | set(members(connection, tuple(found)))


def _versions(connection: Connection, articles: Collection[int]) -> list[Any]:
    return [
        row
        for some in in_batches(articles)
        for row in connection.execute(select(article_version).where(article_version.c.article_id.in_(some)))
    ]


def _concerned(versions: Iterable[Any], purge: Purge) -> list[Any]:
    """Give the versions that say what must go, in their text or in what was read out of it."""
    found = []
    for row in versions:
        page = purged_article(row.document, purge)
        if page != row.document or purged_judgement(row.judgement, purge, page) != row.judgement:
            found.append(row)
    return found


def _purge_articles(connection: Connection, articles: Collection[int], purge: Purge, by: By) -> None:
    mask = blot(purge)
    for row in _versions(connection, articles):
        page = purged_article(row.document, purge)
        mine = article_version.c.id == row.id
        judged = purged_judgement(row.judgement, purge, page)
        connection.execute(update(article_version).where(mine).values(document=page, judgement=judged))
        for one in connection.execute(select(telling).where(telling.c.version_id == row.id)).all():
            told = purged_report(one.report, purge, page)
            connection.execute(update(telling).where(telling.c.id == one.id).values(report=told))
    for some in in_batches(articles):
        for row in connection.execute(select(article).where(article.c.id.in_(some))).all():
            shown = {"title": mask(row.title), "tags": tuple(map(mask, row.tags)), "purged_at": by.at}
            connection.execute(update(article).where(article.c.id == row.id).values(**shown))


def _purge_cases(connection: Connection, cases: Collection[str], purge: Purge) -> None:
    """Purge the cases as they stand, every revision of them, and what people have set."""
    mask = blot(purge)
    for some in in_batches(cases):
        for row in connection.execute(select(case_file).where(case_file.c.id.in_(some))).all():
            mine = case_file.c.id == row.id
            connection.execute(update(case_file).where(mine).values(report=purged_report(row.report, purge)))
        for row in connection.execute(select(case_revision).where(case_revision.c.case_id.in_(some))).all():
            mine = (case_revision.c.case_id == row.case_id) & (case_revision.c.revision == row.revision)
            connection.execute(update(case_revision).where(mine).values(report=purged_report(row.report, purge)))
        for row in connection.execute(select(case_correction).where(case_correction.c.case_id.in_(some))).all():
            if isinstance(row.correction.value, str):
                said = msgspec.structs.replace(row.correction, value=mask(row.correction.value))
                connection.execute(
                    update(case_correction).where(case_correction.c.id == row.id).values(correction=said)
                )


def _replace_captures(connection: Connection, entombed: Iterable[Entombed], sources: Collection[str]) -> None:
    """Let the captures of entombed records say so, and keep the digests of their files as they are now."""
    stones: Mapping[str, Tombstone] = {one.record: one for each in entombed for one in each.tombstones}
    for each in entombed:
        new = {"sha256": each.file.sha256, "digests": packed(each.file.digests)}
        connection.execute(update(capture_file).where(capture_file.c.name == each.file.name).values(**new))
    for row_id, capture in _captures(connection, sources) if stones else ():
        stone = stones.get(capture.record)
        if stone is not None:
            gone = msgspec.structs.replace(capture, purged=True, record_sha256=stone.sha256)
            connection.execute(update(article_version).where(article_version.c.id == row_id).values(capture=gone))


def _captures(connection: Connection, sources: Collection[str]) -> Iterator[tuple[int, Capture]]:
    wanted = (
        select(article_version.c.id, article_version.c.capture)
        .join(article, article.c.id == article_version.c.article_id)
        .where(article.c.source.in_(sources), article_version.c.capture.is_not(None))
    )
    for row in connection.execute(wanted).all():
        yield row.id, row.capture


def _drop_quarantine(connection: Connection, holds: Callable[[str], bool], records: Collection[str]) -> None:
    """Take pages out of quarantine that hold it: nobody can read them any more."""
    for row in connection.execute(select(quarantine)).all():
        if row.capture.record in records or holds(row.listed):
            connection.execute(delete(quarantine).where(quarantine.c.id == row.id))


def _purge_digests(connection: Connection, purge: Purge, holds: Callable[[str], bool]) -> int:
    """Purge digests that held it, and empty their messages: what was sent is with those who got it."""
    mask, found = blot(purge), 0
    for row in connection.execute(select(digest)).all():
        if holds(row.document) or holds(row.subject):
            found += 1
            shown = {"document": mask(row.document), "subject": mask(row.subject)}
            connection.execute(update(digest).where(digest.c.id == row.id).values(**shown))
            mine = delivery.c.digest_id == row.id
            connection.execute(update(delivery).where(mine).values(payload=b""))
            waiting = mine & delivery.c.state.in_(("ready", "sending"))
            connection.execute(
                update(delivery).where(waiting).values(state="failed", due_at=None, error="it was purged")
            )
    return found


def _lines_that_hold(connection: Connection, holds: Callable[[str], bool]) -> list[int]:
    wanted = select(custody_log).where(custody_log.c.detail.is_not(None), custody_log.c.act.not_in(_NEVER))
    rows = connection.execute(wanted.order_by(custody_log.c.position)).all()
    return [row.position for row in rows if holds(msgspec.json.encode(row.detail).decode())]
