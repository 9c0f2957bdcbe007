"""captured page → article and judgement: the pure work that runs in the reading pool, away from loop and store."""

import msgspec

from cases.decision import judge
from cases.model import Article, Judgement, Value
from cases.recognition import classifier_named
from crawler import page
from crawler.readers import Entry
from crawler.sources import Source
from crawler.tags import is_watched


class ReadingJob(Value, frozen=True, kw_only=True):
    """One fetched page and what its listing said of it."""

    url: str
    body: bytes
    content_type: str
    source: Source
    watched: tuple[str, ...]
    listed: Entry
    """What the listing states: exact times and tags, which stand above the page's own."""
    classifier: str = "rules"
    """Name of what judges it, under the entry points ``returnwatch.classifiers``."""


class Reading(Value, frozen=True, kw_only=True):
    """What came of it; no judgement when the page's own tags show that it is not watched."""

    article: Article
    judgement: Judgement | None


def read_page(job: ReadingJob) -> Reading:
    """Read one page and judge it. Raises Unreadable as ``crawler.page.read`` does."""
    read = page.read(job.body, url=job.url, content_type=job.content_type, source=job.source)
    article = merged(read, job.listed)
    if job.watched and not job.listed.watched and not is_watched(article.tags, job.watched):
        return Reading(article=article, judgement=None)
    return Reading(article=article, judgement=judge(article, classifier=classifier_named(job.classifier)))


def merged(read: Article, listed: Entry) -> Article:
    """Put what the listing states above what the page states; what neither says stays unknown."""
    return msgspec.structs.replace(
        read,
        title=read.title or listed.title,
        published=listed.published or read.published,
        published_raw=read.published_raw or listed.published_raw,
        modified=listed.modified or read.modified,
        tags=tuple(dict.fromkeys((*read.tags, *(listed.tags or ())))),
    )
