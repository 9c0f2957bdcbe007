"""captured page → article and judgement: the pure work that runs in the reading pool, away from loop and store."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from cases.decision import judge
from cases.model import Article, Judgement, Value
from cases.recognition import Judging, classifier_named
from crawler.pages.published import is_past
from crawler.readers import Entry
from crawler.sources import Source
from crawler.tags import is_watched, normalised

_LONGEST_TITLE = 1_000
_LONGEST_NAME = 200
_MOST_TAGS, _MOST_AUTHORS = 200, 50


class ReadingJob(Value, frozen=True, kw_only=True):
    """One fetched page and what its listing said of it."""

    url: str
    body: bytes
    content_type: str
    source: Source
    watched: tuple[str, ...]
    listed: Entry
    """What the listing states: exact times and tags, which stand above the page's own."""
    seen_at: datetime | None = None
    """When it was fetched: a day after that is no day of publication."""
    judging: Judging = Judging()
    """What judges it; its source's own table may say more."""


class Reading(Value, frozen=True, kw_only=True):
    """What came of it; no judgement when the page's own tags and sections show that it is not watched."""

    article: Article
    judgement: Judgement | None


def read_page(job: ReadingJob) -> Reading:
    """Read one page and judge it. Raises Unreadable as ``crawler.pages.page.read`` does."""
    from crawler.pages import page  # noqa: PLC0415 - only the workers read: the service does without its libraries

    read = page.read(job.body, url=job.url, content_type=job.content_type, source=job.source, seen_at=job.seen_at)
    article = bounded(merged(read, job.listed, seen_at=job.seen_at), job.watched)
    if job.watched and not job.listed.watched and not is_watched((*article.tags, *article.sections), job.watched):
        return Reading(article=article, judgement=None)
    return Reading(article=article, judgement=_judged(article, job))


def _judged(article: Article, job: ReadingJob) -> Judgement:
    profile = job.source.recognition.over(job.judging.profile)
    return judge(article, classifier=classifier_named(job.judging.classifier), profile=profile)


def merged(read: Article, listed: Entry, *, seen_at: datetime | None = None) -> Article:
    """Put what the listing states above what the page states; what neither says stays unknown.

    A listing that dates an article after ``seen_at``, when it was fetched, is not believed.
    """
    published = listed.published if listed.published is not None and is_past(listed.published, seen_at) else None
    modified = listed.modified if listed.modified is not None and is_past(listed.modified, seen_at) else None
    return msgspec.structs.replace(
        read,
        title=read.title or listed.title,
        published=published or read.published,
        published_raw=read.published_raw or listed.published_raw,
        modified=modified or read.modified,
        tags=(*read.tags, *_further(read, listed.tags or ())),
    )


def _further(read: Article, listed: Iterable[str]) -> list[str]:
    """Give the listed tags that the page does not show as a tag or section: feeds call both categories."""
    shown = {normalised(name) for name in (*read.tags, *read.sections)}
    return [tag for tag in dict.fromkeys(listed) if normalised(tag) not in shown]


def bounded(article: Article, watched: Iterable[str] = ()) -> Article:
    """Keep what a page says of itself within measure: a store, a digest and a person have to live with it.

    What is longer than any tag or name is none. Of tags beyond all number the watched ones are kept first.
    """
    tags = [tag for tag in article.tags if len(tag) <= _LONGEST_NAME]
    if len(tags) > _MOST_TAGS:
        tags = sorted(tags, key=lambda tag: not is_watched((tag,), tuple(watched)))[:_MOST_TAGS]
    return msgspec.structs.replace(
        article,
        title=article.title[:_LONGEST_TITLE],
        tags=tuple(tags),
        sections=tuple(name for name in article.sections if len(name) <= _LONGEST_NAME)[:_MOST_TAGS],
        authors=tuple(name for name in article.authors if len(name) <= _LONGEST_NAME)[:_MOST_AUTHORS],
    )
