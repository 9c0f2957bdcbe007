"""answer to a reader → its listing, in a worker process: a hostile listing takes its time and its memory, and no more.

A page of eighty kilobytes whose elements stand inside one another can keep a selector busy for a minute, and a feed may have
as many entries as its size lets it. On the loop that would stop every other crawl, so what comes is read where pages are.
"""

import logging

from cases.model import Value
from crawler.readers import Answer, Ask, Listing, Reader, unreadable

_logger = logging.getLogger(__name__)


class ListingJob(Value, frozen=True, kw_only=True):
    """One answer, and the reader that asked for it; the reader travels along and is given back."""

    reader: Reader
    ask: Ask
    answer: Answer


class ListingRead(Value, frozen=True, kw_only=True):
    """What the reader made of it, and the reader as it is now."""

    reader: Reader
    listing: Listing


def read_listing(job: ListingJob) -> ListingRead:
    """Let a reader read an answer; one that breaks at it has not read it, and the next reader has its turn."""
    try:
        listing = job.reader.read(job.ask, job.answer)
    except Exception as fault:
        _logger.exception("reading the listing %s failed", job.answer.url)
        listing = unreadable(f"{job.answer.url} breaks the reading of it: {type(fault).__name__}: {fault}")
    return ListingRead(reader=job.reader, listing=listing)
