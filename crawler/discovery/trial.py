"""reader, or page → what it gives today: tried through the real reader and the real page reader, and kept nowhere."""

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from cases.errors import Unreadable
from cases.ledger import SourceOutcome
from cases.model import Article, Value
from crawler.discovery.errand import Fetch
from crawler.pages import page
from crawler.readers import Answer, Ask, Entry, Listing, ListingState, Reader, Window, make_reader, unreadable
from crawler.sources import ReaderTable, Source
from crawler.tags import is_watched
from crawler.trouble import Trouble
from crawler.wire.guard import ForbiddenAddress, check_url

_logger = logging.getLogger(__name__)
_MOST_ASKS = 6
"""What leads to a reader's first entries: ids of tags, robots.txt, an index of sitemaps. Further pages of a listing are not asked for."""
_FIRST_WORDS = 160
_MOST_SAID = 2


class Finding(Value, frozen=True, kw_only=True):
    """What one reader gave when it was tried."""

    table: ReaderTable
    asked: str
    """The address at which it found entries, or else the first that it asked for."""
    entries: tuple[Entry, ...] = ()
    watched: int = 0
    """Entries that carry a watched tag, or stand in a watched tag's own listing."""
    tags_seen: tuple[str, ...] = ()
    """Those of the watched tags that entries state."""
    claimed_total: int | None = None
    """How many articles the site says there are."""
    whole: int = 0
    """Entries of a feed that hold the whole article, so that its page need not be fetched."""
    trouble: Trouble | None = None
    why: str | None = None
    """Why it gives nothing, or a remark on what it gave."""

    @property
    def serves(self) -> bool:
        """Whether it lists articles."""
        return bool(self.entries)

    @property
    def tagged(self) -> int:
        """Count entries that state tags."""
        return sum(entry.tags is not None and len(entry.tags) > 0 for entry in self.entries)

    @property
    def times(self) -> tuple[datetime, ...]:
        """Give the times that entries state, oldest first."""
        return tuple(sorted(time for entry in self.entries if (time := entry.published or entry.modified) is not None))


class PageFound(Value, frozen=True, kw_only=True):
    """What one article page gave when it was read, so that a person sees whether it is read rightly."""

    url: str
    article: Article | None = None
    why: str | None = None
    """Why it could not be read."""

    @property
    def begins(self) -> str:
        """Give the first words of the text."""
        text = " ".join(self.article.text.split()) if self.article is not None else ""
        return text if len(text) <= _FIRST_WORDS else f"{text[:_FIRST_WORDS].rsplit(' ', 1)[0]} …"

    @property
    def characters(self) -> int:
        """Count the characters of the text; words cannot be counted in scripts that do not part them."""
        return len(self.article.text) if self.article is not None else 0


async def tried(source: Source, table: ReaderTable, watched: Sequence[str], fetch: Fetch) -> Finding:
    """Try one reader of a source, as far as its first entries."""
    reader = make_reader(source, table, Window(watched=tuple(watched)))
    waiting = deque(reader.first())
    first = waiting[0].url if waiting else source.home
    gathered = _Gathered()
    for _ in range(_MOST_ASKS):
        if not waiting:
            break
        ask = waiting.popleft()
        answer = _at_home(source, ask, await fetch(ask.url))
        if isinstance(answer, Trouble):
            gathered.troubles.append(answer)
            if ask.otherwise is not None and answer.outcome is SourceOutcome.GONE:
                waiting.appendleft(ask.otherwise)
            continue
        listing = _read(reader, ask, answer)
        first = ask.url if listing.entries and not gathered.entries else first
        gathered.take(listing)
        gathered.whole += _whole(source, table, ask, answer)
        waiting.extend(further for further in listing.asks if further.page == 1)
    return _finding(table, first, gathered, watched)


async def page_read(source: Source, url: str, fetch: Fetch) -> PageFound:
    """Fetch and read one article page, as a visit to the source would."""
    answer = await fetch(url)
    if isinstance(answer, Trouble):
        return PageFound(url=url, why=answer.why)
    try:
        kind = answer.headers.get("content-type", "")
        return PageFound(url=url, article=page.read(answer.body, url=answer.url, content_type=kind, source=source))
    except Unreadable as cause:
        return PageFound(url=url, why=str(cause))
    except Exception as fault:
        _logger.exception("reading %s failed", url)
        return PageFound(url=url, why=f"{url} breaks the reading of it: {type(fault).__name__}: {fault}")


def samples(entries: Iterable[Entry], source: Source, watched: Sequence[str], most: int) -> tuple[str, ...]:
    """Choose addresses of articles to read: watched ones before others, in the listing's order, on the source's hosts."""
    own = [entry for entry in entries if source.owns(entry.url)]
    first = sorted(own, key=lambda entry: not _is_of(entry, watched))
    return tuple(dict.fromkeys(entry.url for entry in first))[:most]


class _Gathered:
    """What the answers to one reader add up to."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.troubles: list[Trouble] = []
        self.notices: list[str] = []
        self.empty: list[str] = []
        """Why parts of it list nothing; of no interest once another part does."""
        self.claimed_total: int | None = None
        self.whole = 0

    def take(self, listing: Listing) -> None:
        """Take one answer, as read."""
        self.entries |= {entry.url: entry for entry in listing.entries if _may_be_visited(entry.url)}
        if listing.claimed_total is not None:
            self.claimed_total = (self.claimed_total or 0) + listing.claimed_total
        if listing.state is ListingState.UNREADABLE:
            why = listing.why or "it cannot be read"
            self.troubles.append(Trouble(outcome=SourceOutcome.PARSE_FAILED, why=why))
        elif listing.why:
            self.empty.append(listing.why)
        if listing.notice:
            self.notices.append(listing.notice)


def _may_be_visited(url: str) -> bool:
    try:
        check_url(url)
    except ForbiddenAddress:
        return False
    return True


def _finding(table: ReaderTable, asked: str, gathered: _Gathered, watched: Sequence[str]) -> Finding:
    entries = tuple(gathered.entries.values())
    stated = [entry.tags or () for entry in entries]
    troubles, empty = [trouble.why for trouble in gathered.troubles], [] if entries else gathered.empty
    said = list(dict.fromkeys([*troubles, *gathered.notices, *empty]))
    further = [f"and {len(said) - _MOST_SAID} more of the kind"] if len(said) > _MOST_SAID else []
    return Finding(
        table=table,
        asked=asked,
        entries=entries,
        watched=sum(_is_of(entry, watched) for entry in entries),
        tags_seen=tuple(tag for tag in watched if any(is_watched(tags, (tag,)) for tags in stated)),
        claimed_total=gathered.claimed_total,
        whole=gathered.whole,
        trouble=next(iter(gathered.troubles), None),
        why="; ".join([*said[:_MOST_SAID], *further]) or (None if entries else "it lists nothing"),
    )


def _whole(source: Source, table: ReaderTable, ask: Ask, answer: Answer) -> int:
    """Count the whole articles in a feed: asked as one that is read whole, for else it says so only of tagged items."""
    if table.kind != "feed":
        return 0
    telling = make_reader(source, table.model_copy(update={"full_text": True}), Window(watched=()))
    return sum(entry.content is not None for entry in _read(telling, ask, answer).entries)


def _at_home(source: Source, ask: Ask, answer: Answer | Trouble) -> Answer | Trouble:
    """Take an answer for what it is when another site gave it: a visit would not follow it there."""
    if (
        isinstance(answer, Trouble)
        or source.owns(answer.url)
        or urlsplit(answer.url).netloc == urlsplit(ask.url).netloc
    ):
        return answer
    why = f"{ask.url} leads to {answer.url}, which is on another site"
    return Trouble(outcome=SourceOutcome.MOVED, why=why, moved_to=answer.url)


def _is_of(entry: Entry, watched: Sequence[str]) -> bool:
    return bool(watched) and (entry.watched or is_watched(entry.tags or (), watched))


def _read(reader: Reader, ask: Ask, answer: Answer) -> Listing:
    """Let a reader read an answer; one that breaks at it has not read it."""
    try:
        return reader.read(ask, answer)
    except Exception as fault:
        _logger.exception("reading the listing %s failed", answer.url)
        return unreadable(f"{answer.url} breaks the reading of it: {type(fault).__name__}: {fault}")
