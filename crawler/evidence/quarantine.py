"""quarantine → read again: from the capture, with today's reader, on the same way in as a page that was just fetched."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError

from cases.errors import StoreError
from cases.model import Capture
from cases.recognition import Judging
from cases.store import Quarantined, Store
from crawler.admission import Terms
from crawler.evidence.custody import KeptAnswer, kept_answer
from crawler.keeping import FetchedPage, Keeper, Taken
from crawler.memory import Memory
from crawler.options import Collection
from crawler.order import Order
from crawler.pages.told import told_page
from crawler.pool import ReadingPool
from crawler.readers import Entry
from crawler.sources import Source
from crawler.wire.unpacking import unpacked

_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})


async def read_again(
    held: Iterable[Quarantined],
    sources: Mapping[str, Source],
    *,
    store: Store,
    pool: ReadingPool,
    captures: Path,
    collection: Collection,
    watched: Sequence[str],
    judging: Judging,
    now: Callable[[], datetime],
) -> AsyncIterator[tuple[Quarantined, Taken]]:
    """Read pages out of quarantine, one after the other; gives each with what became of it.

    The capture of the article stays the one of the day when it was fetched. A page whose source is no more, or whose capture
    is not what was kept, stays in quarantine.
    """
    for one in held:
        source = sources.get(one.source)
        if source is None:
            yield one, _still(f"there is no source called {one.source!r} any more")
            continue
        try:
            fetched = _fetched(one, source, kept_answer(captures, one.capture), collection.max_bytes)
        except (StoreError, IgnoreRequest, ResponseDataLossError) as cause:
            yield one, _still(str(cause))
            continue
        keeper = Keeper(
            _terms(source, one, collection, watched, now()),
            store=store,
            pool=pool,
            now=now,
            announce_since=_announce_since(collection, now()),
            judging=judging,
        )
        taken = await keeper.keep(_listed(one), fetched)
        _remember(Memory(store, source.home, source.name), one, taken)
        yield one, taken


def _fetched(one: Quarantined, source: Source, answer: KeptAnswer, most: int) -> FetchedPage:
    """Make the page of that day again: what its listing told of it, or what was fetched."""
    entry = _listed(one)
    if entry.content is not None:
        return told_page(entry, source, one.capture)
    return fetched_then(answer, one.capture, most)


def fetched_then(answer: KeptAnswer, capture: Capture, most: int) -> FetchedPage:
    """Undo the content coding of a kept answer, as the crawl did then; errors as of ``crawler.wire.unpacking``."""
    body = answer.body
    for coding in reversed(answer.headers.get("content-encoding", "").split(",")):
        name = coding.strip().lower()
        if name and name not in _CODINGS:
            break  # as in the crawl: what it does not know stays packed
        body = unpacked(body, name, most) if name else body
    kind = answer.headers.get("content-type", "")
    return FetchedPage(url=capture.url, content_type=kind, body=body, capture=capture)


def _terms(source: Source, one: Quarantined, collection: Collection, watched: Sequence[str], now: datetime) -> Terms:
    """Judge by the horizon of the day when the page was fetched: it was admitted then."""
    days = collection.horizon_days
    return Terms(
        source=source,
        watched=Order(source=source, collection=collection, watched=tuple(watched), trigger="request").tags,
        cutoff=one.capture.fetched_at - timedelta(days=days) if days else None,
        now=now,
    )


def _announce_since(collection: Collection, now: datetime) -> date | None:
    return (now - timedelta(days=collection.announce_days)).date() if collection.announce_days else None


def _listed(one: Quarantined) -> Entry:
    try:
        return msgspec.json.decode(one.listed, type=Entry)
    except msgspec.MsgspecError:
        return Entry(url=one.url)


def _remember(memory: Memory, one: Quarantined, taken: Taken) -> None:
    """Let the next visit know what became of it."""
    seen = memory.seen(one.url)
    if seen is not None:
        identity = taken.identity or seen.identity
        memory.remember_seen(one.url, msgspec.structs.replace(seen, fate=taken.fate, identity=identity))
        memory.flush()


def _still(why: str) -> Taken:
    return Taken(fate="unreadable", failure=why)
