"""What one visit leaves for the next, so that it asks for less: validators, entries seen, the last complete visit.

Kept where the store keeps what servers said of their addresses, under keys that no address can be: they begin with a word
and a blank, ``seen`` for what became of an entry, ``visit`` for a source. A server that names such a key as an address, or
answers with what looks like one of our notes, reads and writes nothing of them. Losing all of it costs requests, never
articles.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, TypeVar

import msgspec

from cases.model import Value
from cases.store import Store, Validators

Fate = Literal["kept", "untagged", "too_old", "unreadable", "reading_timed_out", "unreachable", "forbidden"]
_T = TypeVar("_T", bound=Value)
_AGAIN = timedelta(hours=24)
_AT_ONCE = 50
"""Addresses of which something is remembered in one transaction; a page has two."""
_READ: frozenset[Fate] = frozenset({"kept", "untagged", "too_old"})
_ETAG = re.compile(r"[!-~][ -~]{1,500}")
_DATE = re.compile(r"[ -~]{8,60}")
"""What is longer than any server needs, or holds what no header may, is not kept: it would come back as a header of ours."""


class Seen(Value, frozen=True, kw_only=True):
    """What became of an entry when its page was fetched."""

    fate: Fate
    stamp: str
    """Kind of the reader, ``:``, and the stamp of the entry then."""
    at: datetime
    identity: str
    """Canonical address of the article."""
    published: datetime | None = None
    """When it was published, as far as its page says so."""
    first_at: datetime | None = None
    """When the entry was first met."""


class LastVisit(Value, frozen=True, kw_only=True):
    """When a source was last visited without anything left undone, and last listed to its end."""

    complete_at: datetime | None = None
    swept_at: datetime | None = None
    usual_length: int | None = None
    """Median length of the articles' texts, in characters."""
    fresh: timedelta | None = None
    """How long the listing said that it need not be asked again, when it was last read: an answer 304 does not repeat it."""


class Memory:
    """The memory of one source, during one visit."""

    def __init__(self, store: Store, home: str, source: str) -> None:
        self._store = store
        self._visit_key = visit_key(home, source)
        self._found: dict[str, Validators] = {}
        self._answered: dict[str, Validators | None] = {}
        self._held: dict[str, Validators] = {}
        """What is to be written with the next that comes: a page costs no transaction of its own for what is remembered."""

    def last_visit(self) -> LastVisit:
        """Give what is known of earlier visits; nothing before the first."""
        return last_visit_in(self._store.runs.validators(self._visit_key))

    def remember_visit(self, visit: LastVisit) -> None:
        """Replace what is known of earlier visits."""
        self._store.runs.remember(self._visit_key, written(visit))

    def seen(self, url: str) -> Seen | None:
        """Give what became of an entry."""
        key = _seen_key(url)
        return _read(self._held[key] if key in self._held else self._store.runs.validators(key), Seen)

    def seen_of(self, urls: Collection[str]) -> dict[str, Seen]:
        """Give what became of many entries at once, of those that are remembered."""
        known = self._store.runs.known([_seen_key(url) for url in urls]) | self._held
        found = {url: _read(known.get(_seen_key(url)), Seen) for url in urls}
        return {url: seen for url, seen in found.items() if seen is not None}

    def remember_seen(self, url: str, seen: Seen) -> None:
        """Replace what is known of an entry."""
        self._hold({_seen_key(url): written(seen)})

    def look_up(self, urls: Collection[str]) -> None:
        """Look up at once what servers said of addresses that are about to be asked for."""
        known = self._store.runs.known(urls)
        self._answered |= {url: known.get(url) for url in urls}

    def conditions(self, url: str) -> dict[str, str]:
        """Give the headers that make a request conditional on what the server said of this very address."""
        known = self._answered.pop(url) if url in self._answered else self._store.runs.validators(url)
        if known is None:
            return {}
        self._found[url] = known
        return conditions_of(known)

    def was_asked_with(self, url: str) -> Validators | None:
        """Give what was known of an address when this visit asked for it conditionally."""
        return self._found.get(url)

    def remember_answer(self, url: str, headers: Mapping[str, str], body: bytes | None = None) -> None:
        """Keep the validators that came with an answer and the digest of its body, or forget what did not come again."""
        self._store.runs.remember(url, _validators(headers, body))

    def remember_page(self, url: str, seen: Seen, headers: Mapping[str, str] | None) -> None:
        """Replace what is known of an entry and, with ``headers``, of the answer that its page was, in one transaction.

        It is written with that of other pages, some dozens at once or when it is flushed: who is killed before asks again.
        """
        answer = {url: _validators(headers)} if headers is not None else {}
        self._hold({_seen_key(url): written(seen), **answer})

    def flush(self) -> None:
        """Write what is held back."""
        if self._held:
            self._store.runs.remember_all(self._held)
            self._held = {}

    def _hold(self, known: Mapping[str, Validators]) -> None:
        self._held |= known
        if len(self._held) >= _AT_ONCE:
            self.flush()


def _validators(headers: Mapping[str, str], body: bytes | None = None) -> Validators:
    etag, date = headers.get("etag", ""), headers.get("last-modified", "")
    return Validators(
        etag=etag if _ETAG.fullmatch(etag) else None,
        last_modified=date if _DATE.fullmatch(date) else None,
        sha256=sha256(body).hexdigest() if body is not None else None,
    )


def visit_key(home: str, source: str) -> str:
    """Give the key under which a source's last visit lies."""
    return f"visit {source} {home}"


def conditions_of(known: Validators) -> dict[str, str]:
    """Give the headers that make a request conditional."""
    stated = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in stated.items() if value}


def last_visit_in(kept: Validators | None) -> LastVisit:
    """Read what is kept of earlier visits; nothing, where nothing is."""
    return _read(kept, LastVisit) or LastVisit()


def written(memory: Seen | LastVisit) -> Validators:
    """Write a memory as the store keeps it."""
    return Validators(etag=msgspec.json.encode(memory).decode())


def _seen_key(url: str) -> str:
    return f"seen {url}"


def _read(known: Validators | None, kind: type[_T]) -> _T | None:
    if known is None or known.etag is None:
        return None
    try:
        return msgspec.json.decode(known.etag, type=kind)
    except msgspec.MsgspecError:
        return None


def reread_due(seen: Seen, published: datetime | None, now: datetime) -> bool:
    """Tell whether a page that shows no sign of change is worth another look: daily at first, ever more rarely later.

    The wait is a quarter of the article's age, and a day at least; one of unknown date is as old as our knowledge of it.
    What failed is tried again after a day.
    """
    since = published or seen.published or seen.first_at
    age = now - since if since is not None and seen.fate in _READ else timedelta()
    return now - seen.at >= max(_AGAIN, age / 4)
