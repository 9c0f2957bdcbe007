"""article + decision → store: kept once, in one transaction, with every version and its effect on the register."""

from collections.abc import Iterable
from datetime import datetime

from cases.model import Article, Capture, Decision, Judgement, Label, Value
from cases.store.database import Database
from cases.store.register import CaseChange


class KnownArticle(Value, frozen=True, kw_only=True):
    """As much of a kept article as a crawl needs to leave it alone."""

    url: str
    modified: datetime | None
    text_sha256: str
    fetched_at: datetime


class Kept(Value, frozen=True, kw_only=True):
    """What keeping an article changed: nothing at all when it was known with this very text."""

    changes: tuple[CaseChange, ...] = ()
    version: int | None = None
    """Number of the version that was added; ``None`` when none was."""

    @property
    def is_new(self) -> bool:
        """Whether the article was unknown before."""
        return self.version == 1

    @property
    def is_edit(self) -> bool:
        """Whether a known article came with another title or text."""
        return self.version is not None and self.version > 1


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
    cases: tuple[str, ...]
    """Numbers of the cases that the article tells."""
    source: str
    fetched_at: datetime


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
        """Those of these addresses that are kept, under the address as asked."""
        raise NotImplementedError

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
        ones; the tellings of the article are replaced, not doubled.
        """
        raise NotImplementedError

    def rows(
        self,
        *,
        label: Label | None = None,
        near_misses: bool = False,
        limit: int | None = None,
        source: str | None = None,
    ) -> list[ArticleRow]:
        """Kept articles, the latest published first; undated ones by when they were fetched.

        ``near_misses``: those that were judged to be no report but scored high enough for a person to look, best first.
        """
        raise NotImplementedError

    def get(self, url: str) -> StoredArticle | None:
        """One article with all its versions."""
        raise NotImplementedError
