"""article + decision → store: kept once, in one transaction, with every version and its effect on the register."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, true, update
from sqlalchemy.sql.dml import ReturningInsert

from cases.identity import canonical_url, text_sha256
from cases.model import Article, Capture, Judgement, Label, Value
from cases.register import Decision
from cases.reprints import foreign_credits
from cases.store.columns import storable
from cases.store.copies import CopyOf, copies_of, note_copies
from cases.store.database import Database, in_batches, inserting
from cases.store.effects import apply_effects
from cases.store.register import CaseChange
from cases.store.schema import article as article_table
from cases.store.schema import article_version, case_file, telling, url_key

_PIECE = 200


class KnownArticle(Value, frozen=True, kw_only=True):
    """As much of a kept article as a crawl needs to leave it alone."""

    url: str
    modified: datetime | None
    text_sha256: str
    fetched_at: datetime
    purged: bool = False
    """Whether something of it was purged: then it is left as it is."""


class ArticleDates(Value, frozen=True, kw_only=True):
    """When a kept article was published, as far as that is known, and when its page was fetched last."""

    url: str
    published: datetime | None
    fetched_at: datetime


class Kept(Value, frozen=True, kw_only=True):
    """What keeping an article changed: nothing at all when it was known with this very text."""

    changes: tuple[CaseChange, ...] = ()
    version: int | None = None
    """Number of the version that was added; ``None`` when none was."""


class ArticleRow(Value, frozen=True, kw_only=True):
    """One line of the list of articles, of their last version."""

    url: str
    title: str
    tags: tuple[str, ...]
    lang: str | None
    published: datetime | None
    label: Label
    report: bool
    score: float
    near_miss: bool
    """No report, but near enough for a person to look."""
    cases: tuple[str, ...]
    """Numbers of the cases that the article tells."""
    source: str
    fetched_at: datetime
    vanished_at: datetime | None = None
    """Since when its page is gone, as far as was seen; what was kept of it stays."""
    copy_of: CopyOf | None = None
    """The article whose text this one prints, wholly or for the most part."""
    credits: tuple[str, ...] = ()
    """Newsrooms and hosts other than its own that it names as its origin."""


class ArticleVersion(Value, frozen=True, kw_only=True):
    """One version of an article, as read and as judged at that time."""

    version: int
    article: Article
    capture: Capture | None
    judgement: Judgement
    kept_at: datetime


class StoredArticle(Value, frozen=True, kw_only=True):
    """An article with all its versions, oldest first."""

    row: ArticleRow
    versions: tuple[ArticleVersion, ...]

    @property
    def latest(self) -> ArticleVersion:
        """The version that counts now."""
        return self.versions[-1]


class Articles:
    """The articles of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, urls: Iterable[str]) -> dict[str, KnownArticle]:
        """Give those of these addresses that are kept, under the address as asked."""
        asked: dict[bytes, list[str]] = defaultdict(list)
        for url in urls:
            asked[url_key(canonical_url(url))].append(url)
        found: dict[str, KnownArticle] = {}
        with self._database.read() as connection:
            for keys in in_batches(asked):
                for row in connection.execute(_KNOWN, {"keys": keys}):
                    known = KnownArticle(
                        url=row.url,
                        modified=row.modified,
                        text_sha256=row.text_sha256,
                        fetched_at=row.fetched_at,
                        purged=row.purged_at is not None,
                    )
                    found |= dict.fromkeys(asked[row.url_key], known)
        return found

    def keep(
        self,
        article: Article,
        capture: Capture | None,
        decision: Decision,
        *,
        now: datetime,
        source_title: str = "",
    ) -> Kept:
        """Keep an article with its verdict, reports and their effect on the cases: all in one transaction.

        Kept twice, it gives nothing new. Another title or text under a known address is a new version, beside the old
        ones; the tellings of the article are replaced, not doubled. Of an article of which something was purged, no new
        version is kept: it would come back. Raises StoreError when the decision joins a case that does not exist.
        """
        article = msgspec.structs.replace(article, url=canonical_url(article.url))
        facts = _facts(article, decision.judgement, source_title) | {
            "fetched_at": capture.fetched_at if capture else now,
            "vanished_at": None,
        }
        with self._database.write() as connection:
            key, before = _opened(connection, article.url, facts)
            if before is not None and _is_settled(before, facts):
                _seen_again(connection, key, facts)
                return Kept()
            version = before.version + 1 if before is not None else 1
            if before is not None:
                edited = update(article_table).where(article_table.c.id == key)
                connection.execute(edited.values(facts | {"version": version}))
            kept = {"article_id": key, "version": version, "kept_at": now}
            documents = {"document": article, "capture": capture, "judgement": decision.judgement}
            version_id = connection.execute(_VERSION, kept | documents).scalar_one()
            untold = before is None and not decision.effects
            changes = () if untold else apply_effects(connection, decision.effects, key, version_id, now=now)
            matters = _matters(decision.judgement)
            note_copies(connection, key, article, matters=matters, is_new=version == 1, now=now)
        return Kept(changes=changes, version=version)

    def judge_again(self, url: str, version: int, decision: Decision, *, now: datetime) -> Kept:
        """Put another judgement in the place of the one that a version has, without telling anybody of it as news.

        The text is the same; it is a version all the same, so that the earlier judgement and its tellings stay to be seen. What the
        register gains by it is in no digest; a case that is no longer told, or told otherwise, is corrected there. Does nothing
        when the article has another version by now.
        """
        with self._database.write() as connection:
            here = article_table.c.url_key == url_key(canonical_url(url))
            row = connection.execute(select(article_table).where(here).with_for_update(key_share=True)).first()
            if row is None or row.version != version:
                return Kept()
            of_version = (article_version.c.article_id == row.id) & (article_version.c.version == version)
            before = connection.execute(select(article_version).where(of_version)).one()
            said = _facts(before.document, decision.judgement, "")
            facts = {name: said[name] for name in ("lang", "label", "report", "score", "near_miss", "credits")}
            connection.execute(
                update(article_table).where(article_table.c.id == row.id).values(facts | {"version": version + 1})
            )
            kept = {"article_id": row.id, "version": version + 1, "kept_at": now}
            documents = {"document": before.document, "capture": before.capture, "judgement": decision.judgement}
            version_id = connection.execute(_VERSION, kept | documents).scalar_one()
            changes = apply_effects(connection, decision.effects, row.id, version_id, now=now, quiet=True)
            matters = _matters(decision.judgement)
            note_copies(connection, row.id, before.document, matters=matters, is_new=False, now=now)
        return Kept(changes=changes, version=version + 1)

    def judged(
        self, *, since: datetime | None = None, source: str | None = None
    ) -> Iterator[tuple[ArticleVersion, str]]:
        """Give the last version of each article, in the order in which they were first kept, with the title of its source.

        ``since``: published, or where that is unknown fetched, from then on. In pieces, however many there are; one that is added
        meanwhile may be left out.
        """
        last = 0
        told = func.coalesce(article_table.c.published, article_table.c.fetched_at)
        wanted = (
            select(article_version, article_table.c.source_title)
            .join(article_table, article_table.c.id == article_version.c.article_id)
            .where(
                article_version.c.version == article_table.c.version,
                true() if since is None else told >= since,
                true() if source is None else article_table.c.source == source,
            )
            .order_by(article_table.c.id)
            .limit(_PIECE)
        )
        while True:
            with self._database.read() as connection:
                rows = connection.execute(wanted.where(article_table.c.id > last)).all()
            for row in rows:
                yield _version(row), row.source_title
            if len(rows) < _PIECE:
                return
            last = rows[-1].article_id

    def count(self, *, since: datetime | None = None, source: str | None = None) -> int:
        """Count what ``judged`` gives."""
        told = func.coalesce(article_table.c.published, article_table.c.fetched_at)
        wanted = (
            select(func.count())
            .select_from(article_table)
            .where(
                true() if since is None else told >= since,
                true() if source is None else article_table.c.source == source,
            )
        )
        with self._database.read() as connection:
            return int(connection.scalar(wanted) or 0)

    def dates_of(self, source: str) -> list[ArticleDates]:
        """Give the kept articles of a source by their dates, those first whose pages were fetched longest ago.

        Without those of which something was purged: they are not asked for again.
        """
        columns = (article_table.c.url, article_table.c.published, article_table.c.fetched_at)
        mine = (article_table.c.source == source) & article_table.c.purged_at.is_(None)
        wanted = select(*columns).where(mine).order_by(article_table.c.fetched_at)
        with self._database.read() as connection:
            return [
                ArticleDates(url=row.url, published=row.published, fetched_at=row.fetched_at)
                for row in connection.execute(wanted)
            ]

    def note_absence(self, url: str, *, since: datetime | None) -> None:
        """Note that the page of a kept article is gone, or with None that it is there again.

        Nothing that was kept of it changes. What was noted first stays; an article that is not kept is no matter.
        """
        here = article_table.c.url_key == url_key(canonical_url(url))
        other = article_table.c.vanished_at.is_(None) if since else article_table.c.vanished_at.is_not(None)
        with self._database.write() as connection:
            connection.execute(update(article_table).where(here, other).values(vanished_at=since))

    def rows(
        self,
        *,
        label: Label | None = None,
        near_misses: bool = False,
        limit: int | None = None,
        source: str | None = None,
    ) -> list[ArticleRow]:
        """List kept articles, the latest published first; undated ones by when they were fetched.

        ``near_misses``: those that were judged to be no report but scored high enough for a person to look, best first.
        """
        wanted = select(article_table).limit(limit)
        if label is not None:
            wanted = wanted.where(article_table.c.label == label.value)
        if source is not None:
            wanted = wanted.where(article_table.c.source == source)
        if near_misses:
            wanted = wanted.where(article_table.c.near_miss)
            wanted = wanted.order_by(article_table.c.score.desc(), article_table.c.id)
        else:
            told = func.coalesce(article_table.c.published, article_table.c.fetched_at)
            wanted = wanted.order_by(told.desc(), article_table.c.id.desc())
        with self._database.read() as connection:
            return _listed(connection, connection.execute(wanted).all())

    def get(self, url: str) -> StoredArticle | None:
        """Give one article with all its versions."""
        with self._database.read() as connection:
            here = article_table.c.url_key == url_key(canonical_url(url))
            listed = connection.execute(select(article_table).where(here)).all()
            if not listed:
                return None
            versions = connection.execute(
                select(article_version)
                .where(article_version.c.article_id == listed[0].id)
                .order_by(article_version.c.version)
            ).all()
            return StoredArticle(
                row=_listed(connection, listed)[0],
                versions=tuple(_version(one) for one in versions),
            )


def _version(row: Any) -> ArticleVersion:  # noqa: ANN401 - rows of SQLAlchemy carry their columns as attributes
    return ArticleVersion(
        version=row.version, article=row.document, capture=row.capture, judgement=row.judgement, kept_at=row.kept_at
    )


def _facts(article: Article, judgement: Judgement, source_title: str) -> dict[str, Any]:
    """Give what the list of articles shows of the last version."""
    return {
        "source": storable(article.source),
        "source_title": storable(source_title),
        "title": storable(article.title),
        "tags": article.tags,
        "lang": judgement.lang,
        "published": article.published,
        "modified": article.modified,
        "text_sha256": text_sha256(article.text),
        "label": judgement.verdict.label.value,
        "report": judgement.verdict.report,
        "score": judgement.verdict.score,
        "near_miss": judgement.verdict.near_miss,
        "credits": judgement.credits,
    }


def _matters(judgement: Judgement) -> bool:
    """Whether it is of any use to know whose copy an article is."""
    return bool(judgement.reports) or judgement.verdict.near_miss


_VERSION = insert(article_version).returning(article_version.c.id)
_KNOWN = select(
    article_table.c.url_key,
    article_table.c.url,
    article_table.c.modified,
    article_table.c.text_sha256,
    article_table.c.fetched_at,
    article_table.c.purged_at,
).where(article_table.c.url_key.in_(bindparam("keys", expanding=True)))


@cache
def _adding(dialect: str) -> ReturningInsert[int]:
    """Give the statement once made."""
    new = inserting(dialect, article_table).on_conflict_do_nothing(index_elements=["url_key"])
    return new.returning(article_table.c.id)


def _opened(connection: Connection, url: str, facts: dict[str, Any]) -> tuple[int, Any | None]:
    """Give the id of an article, and its row before, held until the end of the transaction; a new one is added as version 1."""
    row = {"url_key": url_key(url), "url": storable(url), "version": 1, **facts}
    added = connection.execute(_adding(connection.dialect.name), row).scalar_one_or_none()
    if added is not None:
        return added, None
    locked = select(article_table).where(article_table.c.url_key == row["url_key"]).with_for_update(key_share=True)
    known = connection.execute(locked).one()
    return known.id, known


def _is_settled(before: Any, facts: dict[str, Any]) -> bool:  # noqa: ANN401 - a row of the table of articles
    """Whether an article is known with this very text and title, or is read no more since something of it was purged."""
    same = (before.text_sha256, before.title) == (facts["text_sha256"], facts["title"])
    return same or before.purged_at is not None


def _seen_again(connection: Connection, article_id: int, facts: dict[str, Any]) -> None:
    """Take over what may change without an edit: dates, tags, and when it was fetched; the verdict stays."""
    fresh = {name: facts[name] for name in ("tags", "published", "modified", "fetched_at", "vanished_at")}
    connection.execute(update(article_table).where(article_table.c.id == article_id).values(fresh))


def _listed(connection: Connection, rows: Sequence[Any]) -> list[ArticleRow]:
    ids = [row.id for row in rows]
    numbers = _numbers(connection, ids)
    copies = {key: copy for some in in_batches(ids) for key, copy in copies_of(connection, some).items()}
    return [
        ArticleRow(
            url=row.url,
            title=row.title,
            tags=row.tags,
            lang=row.lang,
            published=row.published,
            label=Label(row.label),
            report=row.report,
            score=row.score,
            near_miss=row.near_miss,
            cases=tuple(numbers[row.id]),
            source=row.source,
            fetched_at=row.fetched_at,
            vanished_at=row.vanished_at,
            copy_of=copies.get(row.id),
            credits=foreign_credits(row.credits or (), outlets=(row.source, row.source_title), url=row.url),
        )
        for row in rows
    ]


def _numbers(connection: Connection, article_ids: Collection[int]) -> dict[int, list[str]]:
    """Give the numbers of the cases that each article tells, in the order it tells them."""
    numbers: dict[int, list[str]] = defaultdict(list)
    for some in in_batches(article_ids):
        told = connection.execute(
            select(telling.c.article_id, case_file.c.number)
            .join(case_file, case_file.c.id == telling.c.case_id)
            .where(telling.c.article_id.in_(some), telling.c.current)
            .order_by(telling.c.article_id, telling.c.position)
        )
        for article_id, number in told:
            numbers[article_id].append(number)
    return numbers
