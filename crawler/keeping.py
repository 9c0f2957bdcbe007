"""fetched page → article in the store, or why not: the one way in, for a visit and for what quarantine gives back.

``page → reading → decision → store``: the reading happens in the pool, the deciding is pure, and the store takes one
article in one transaction. A page that cannot be read is no fault of the visit: it goes to quarantine, with the reason.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime

import msgspec

from cases.decision import decide
from cases.errors import Unreadable
from cases.ledger import SetAside
from cases.model import Article, Capture, Judgement, Value
from cases.recognition import Judging
from cases.register import Case
from cases.store import CaseChange, Quarantined, Store
from crawler.admission import Terms
from crawler.memory import Fate
from crawler.pages.reading import Reading, ReadingJob
from crawler.pool import PoolClosed, ReadingPool, ReadingTimedOut
from crawler.readers import Entry
from crawler.sources import Layout

_logger = logging.getLogger(__name__)
_PAGE_TYPES = ("text/", "application/xhtml", "application/xml")


class FetchedPage(Value, frozen=True, kw_only=True):
    """A page as it came, decompressed."""

    url: str
    content_type: str
    body: bytes
    capture: Capture | None = None
    layout: Layout | None = None
    """Where its parts are, when it is not as the source's pages are."""


class Taken(Value, frozen=True, kw_only=True):
    """What became of a page."""

    fate: Fate
    set_aside: SetAside | None = None
    """Why it is no newly judged article; None when it is one."""
    identity: str | None = None
    """Canonical address of the article, once it was read."""
    published: datetime | None = None
    """When it was published, as far as that is known."""
    judgement: Judgement | None = None
    changes: tuple[CaseChange, ...] = ()
    failure: str | None = None
    """Why it could not be read, in words."""
    length: int | None = None
    """Characters of the text of an article that is new or was edited."""

    @property
    def kept(self) -> bool:
        """Whether the article is in the store with this text, new or known."""
        return self.fate == "kept"


class Keeper:
    """Reads, judges and keeps pages of one source, on the terms of one visit."""

    def __init__(
        self,
        terms: Terms,
        *,
        store: Store,
        pool: ReadingPool,
        now: Callable[[], datetime],
        announce_since: date | None,
        judging: Judging,
    ) -> None:
        self._terms, self._source = terms, terms.source
        self._store, self._pool, self._now = store, pool, now
        self._announce_since, self._judging = announce_since, judging
        self._quarantined = store.quarantine.addresses(self._source.name)

    async def keep(self, entry: Entry, fetched: FetchedPage) -> Taken:
        """Read, judge and keep one page. Raises StoreError, and PoolClosed when nothing more can be read."""
        try:
            reading = await self._reading(entry, fetched)
        except ReadingTimedOut as late:
            return self._failed(entry, fetched, "reading_timed_out", f"{fetched.url}: {late}")
        except Unreadable as cause:
            return self._failed(entry, fetched, "unreadable", str(cause))
        except PoolClosed:
            raise
        except Exception as cause:  # a page that breaks the reading code must not end the visit
            _logger.exception("reading %s failed", fetched.url)
            return self._failed(entry, fetched, "unreadable", f"{fetched.url}: {type(cause).__name__}: {cause}")
        taken = self._kept(entry, fetched, reading)
        if entry.url in self._quarantined:
            self._store.quarantine.release(entry.url)
            self._quarantined.discard(entry.url)
        return taken

    def gone(self, identity: str) -> None:
        """Note on the article, when it is kept, that its page is gone."""
        self._store.articles.note_absence(identity, since=self._now())

    def back(self, identity: str) -> None:
        """Note on the article that its page is there again, as it was."""
        self._store.articles.note_absence(identity, since=None)

    async def _reading(self, entry: Entry, fetched: FetchedPage) -> Reading:
        if not is_page(fetched):
            raise Unreadable(f"{fetched.url}: expected a page, found {fetched.content_type[:80]}")
        own = fetched.layout
        job = ReadingJob(
            url=fetched.url,
            body=fetched.body,
            content_type=fetched.content_type,
            source=self._source if own is None else self._source.model_copy(update={"layout": own}),
            watched=self._terms.watched,
            seen_at=fetched.capture.fetched_at if fetched.capture is not None else None,
            judging=self._judging,
            listed=entry,
        )
        return await self._pool.read(job)

    def _kept(self, entry: Entry, fetched: FetchedPage, reading: Reading) -> Taken:
        article, judgement = reading.article, reading.judgement
        if judgement is None:
            return Taken(
                fate="untagged", set_aside=SetAside.UNTAGGED, identity=article.url, published=article.published
            )
        if entry.published is None and self._is_too_old(article):
            return Taken(fate="too_old", set_aside=SetAside.TOO_OLD, identity=article.url, published=article.published)
        title = self._source.title
        decision = decide(
            article,
            judgement,
            self._candidates(article, judgement),
            source_title=title,
            announce_since=self._announce_since,
        )
        kept = self._store.articles.keep(article, fetched.capture, decision, now=self._now(), source_title=title)
        if kept.version is None:
            return Taken(fate="kept", set_aside=SetAside.KNOWN, identity=article.url, published=article.published)
        return Taken(
            fate="kept",
            identity=article.url,
            published=article.published,
            judgement=judgement,
            changes=kept.changes,
            length=len(article.text),
        )

    def _candidates(self, article: Article, judgement: Judgement) -> list[Case]:
        found = [case for report in judgement.reports for case in self._store.cases.candidates(report, article)]
        return list({case.id: case for case in found}.values())

    def _is_too_old(self, article: Article) -> bool:
        """Judge by the page's own date, where the listing stated none; an article that is kept is never too old."""
        cutoff = self._terms.cutoff
        if cutoff is None or article.published is None or article.published >= cutoff:
            return False
        return not self._store.articles.known([article.url])

    def _failed(self, entry: Entry, fetched: FetchedPage, fate: Fate, why: str) -> Taken:
        if fetched.capture is not None:
            held = Quarantined(
                url=entry.url,
                source=self._source.name,
                reason=why,
                capture=fetched.capture,
                listed=msgspec.json.encode(entry).decode(),
                kept_at=self._now(),
            )
            self._store.quarantine.put(held)
            self._quarantined.add(entry.url)
        aside = SetAside.READING_TIMED_OUT if fate == "reading_timed_out" else SetAside.UNREADABLE
        return Taken(fate=fate, set_aside=aside, failure=why)


def is_page(fetched: FetchedPage) -> bool:
    """Tell whether an answer claims to be a page, or claims nothing."""
    return not fetched.content_type or fetched.content_type.lower().startswith(_PAGE_TYPES)
