"""source → entry: the one protocol of all readers, and the values it speaks.

A reader lists a site's articles. It is made once a visit, holds nothing that changes, and touches no network: it says
what to ask for, and reads what came back. Readers are found under the entry points ``returnwatch.readers``, our own
through the same door as those of strangers.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Protocol, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import msgspec
from pydantic import ValidationError

from cases.configuration import explained
from cases.errors import ConfigError
from cases.model import Value
from cases.plugins import READERS, load
from crawler.sources import ReaderTable, Source

_Table = TypeVar("_Table", bound=ReaderTable)


class Entry(Value, frozen=True, kw_only=True):
    """One item of a listing. What the listing does not say is None; dates and titles are as stated, unchecked."""

    url: str
    title: str = ""
    published: datetime | None = None
    published_raw: str | None = None
    modified: datetime | None = None
    tags: tuple[str, ...] | None = None
    """None when the listing says nothing of tags: then the page's own decide."""
    watched: bool = False
    """True when the listing is one of a watched tag's articles: then no other tags need to say so."""
    stamp: str | None = None
    """Digest of what the listing shows of the article: when it changes, the article may have changed."""
    content: str | None = None
    """The whole article as HTML, where the listing itself holds it and its page need not be fetched."""
    authors: tuple[str, ...] = ()
    """Stated together with ``content``."""


class Ask(Value, frozen=True, kw_only=True):
    """A request that a reader wants to be made."""

    url: str
    step: str = "list"
    """What the answer is to the reader; meaningless to everybody else."""
    series: str = ""
    """Pages of one listing share it: a page that only repeats its series ends that series."""
    page: int = 1
    otherwise: "Ask | None" = None
    """What to ask in its place when there is nothing of the kind at this address: never to get round a refusal."""
    once: bool = False
    """True when the address names a moment, so that nobody asks for it again: then nothing is remembered of it."""


class Answer(Value, frozen=True, kw_only=True):
    """What came back: header names in lower case, the body decompressed."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class ListingState(StrEnum):
    """What an answer was to its reader. Empty is not unreadable, and the end of a list is neither."""

    READ = "read"
    EMPTY = "empty"
    """Well-formed, and without a single entry."""
    END = "end"
    """There is no such page or tag: nothing more of this series."""
    UNREADABLE = "unreadable"


class Listing(Value, frozen=True, kw_only=True):
    """An answer as read."""

    state: ListingState
    entries: tuple[Entry, ...] = ()
    asks: tuple[Ask, ...] = ()
    """What to ask next: further pages, or what this answer made known."""
    nameless: int = 0
    """Further entries, which name no address and can only be counted."""
    excluded: int = 0
    """Further entries, which the source file leaves out by their addresses."""
    claimed_total: int | None = None
    """How many articles the site says the whole series has."""
    leads: bool = False
    """It only leads further: that it did not change says nothing of what it leads to, so it is always asked for whole."""
    newest_only: bool = False
    """It shows its newest entries, and names no way to those before them."""
    fresh: timedelta | None = None
    """How long it says of itself that it need not be asked again."""
    notice: str | None = None
    """Something about the listing that a person should see, although it was read."""
    why: str | None = None
    """For a person: why it could not be read, or is empty."""

    def in_parts(self, size: int = 1_000) -> Iterator["Listing"]:
        """Give it with so many entries at a time; what is only counted stands in the first part."""
        yield msgspec.structs.replace(self, entries=self.entries[:size])
        for start in range(size, len(self.entries), size):
            yield Listing(state=self.state, entries=self.entries[start : start + size])


class Window(Value, frozen=True, kw_only=True):
    """What the visit is after."""

    watched: tuple[str, ...]
    """Watched tags; empty when every article counts."""
    modified_after: datetime | None = None
    """Set when only what changed since then is wanted, from readers that can ask so."""
    cutoff: datetime | None = None
    """What was published before it is too old; a reader may leave out what was not changed since either."""

    @property
    def reaches_to(self) -> datetime | None:
        """What was last changed before this time need not be listed; None when everything is wanted."""
        return self.modified_after or self.cutoff


class Reader(Protocol):
    """How one kind of listing is asked for and read."""

    def first(self) -> tuple[Ask, ...]:
        """Say what to ask first."""
        ...

    def read(self, ask: Ask, answer: Answer) -> Listing:
        """Read an answer of status 200; never raises for what a site sent.

        Others never come here: a later page that is answered 400, 404 or 410 ends its series, everything else is
        trouble of the source.
        """
        ...


class ReaderType(Protocol):
    """What stands under an entry point: something that makes a reader for one visit.

    It may have an attribute ``table_model``, a subclass of ``ReaderTable``: then its table is checked by it when the source
    file is read.
    """

    def __call__(self, source: Source, table: ReaderTable, window: Window) -> Reader:
        """Make the reader; ConfigError when its table holds what it does not know."""
        ...


def make_reader(source: Source, table: ReaderTable, window: Window) -> Reader:
    """Find the reader that a source names and make it; PluginError when there is none of that kind."""
    return cast(ReaderType, load(READERS, table.kind))(source, table, window)


def own_table(model: type[_Table], table: ReaderTable, source: Source) -> _Table:
    """Give a reader's table in the reader's own terms; ConfigError names what it does not know."""
    try:
        return model.model_validate(table.model_dump())
    except ValidationError as cause:
        raise ConfigError(f"{source.name}: reader {table.kind}: {explained(cause.errors())}") from cause


def may_follow(source: Source, base: str, url: str) -> bool:
    """Tell whether a listing may send us on to an address: on a host of the source, or on the listing's own."""
    try:
        return source.owns(url) or urlsplit(url).netloc == urlsplit(base).netloc
    except ValueError:
        return False


def stamp_of(*parts: str) -> str:
    """Give a short digest of what a listing shows of an article."""
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def absolute(base: str, link: str) -> str:
    """Complete a link; one that no parser accepts is given back as it is, for admission to refuse."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link


def unreadable(why: str) -> Listing:
    """Shorten the commonest answer of a reader that does not understand."""
    return Listing(state=ListingState.UNREADABLE, why=why)


__all__ = [
    "Answer",
    "Ask",
    "Entry",
    "Listing",
    "ListingState",
    "Reader",
    "ReaderType",
    "Window",
    "absolute",
    "make_reader",
    "may_follow",
    "own_table",
    "stamp_of",
    "unreadable",
]
