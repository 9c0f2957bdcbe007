"""What one visit leaves for the next, so that it asks for less: validators, entries seen, the last complete visit.

Kept where the store keeps what servers said of their addresses, under keys that no address can have: an entry's address
with ``#seen``, a source's home with ``#visit``. Losing all of it costs requests, never articles.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, TypeVar

import msgspec

from cases.model import Value
from cases.store import Store, Validators

Fate = Literal["kept", "untagged", "too_old", "unreadable", "reading_timed_out", "unreachable", "forbidden"]
_T = TypeVar("_T", bound=Value)
_AGAIN = timedelta(hours=24)


class Seen(Value, frozen=True, kw_only=True):
    """What became of an entry when its page was fetched."""

    fate: Fate
    stamp: str
    """Kind of the reader, ``:``, and the stamp of the entry then."""
    at: datetime
    identity: str
    """Canonical address of the article."""


class LastVisit(Value, frozen=True, kw_only=True):
    """When a source was last visited without anything left undone, and last listed to its end."""

    complete_at: datetime | None = None
    swept_at: datetime | None = None


class Memory:
    """The memory of one source."""

    def __init__(self, store: Store, home: str, source: str) -> None:
        self._store = store
        self._visit_key = f"{home}#visit:{source}"

    def last_visit(self) -> LastVisit:
        """Give what is known of earlier visits; nothing before the first."""
        return self._recall(self._visit_key, LastVisit) or LastVisit()

    def remember_visit(self, visit: LastVisit) -> None:
        """Replace what is known of earlier visits."""
        self._keep(self._visit_key, visit)

    def seen(self, url: str) -> Seen | None:
        """Give what became of an entry."""
        return self._recall(f"{url}#seen", Seen)

    def remember_seen(self, url: str, seen: Seen) -> None:
        """Replace what is known of an entry."""
        self._keep(f"{url}#seen", seen)

    def conditions(self, url: str) -> dict[str, str]:
        """Give the headers that make a request conditional on what the server said of this very address."""
        known = self._store.runs.validators(url)
        if known is None:
            return {}
        stated = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        return {name: value for name, value in stated.items() if value}

    def remember_answer(self, url: str, headers: Mapping[str, str]) -> None:
        """Keep the validators that came with an answer, or forget those that did not come again."""
        self._store.runs.remember(
            url, Validators(etag=headers.get("etag") or None, last_modified=headers.get("last-modified") or None)
        )

    def _keep(self, key: str, value: Value) -> None:
        self._store.runs.remember(key, Validators(etag=msgspec.json.encode(value).decode()))

    def _recall(self, key: str, kind: type[_T]) -> _T | None:
        known = self._store.runs.validators(key)
        if known is None or known.etag is None:
            return None
        try:
            return msgspec.json.decode(known.etag, type=kind)
        except msgspec.MsgspecError:
            return None


def reread_due(seen: Seen, published: datetime | None, now: datetime) -> bool:
    """Tell whether a page that shows no sign of change is worth another look: daily at first, ever more rarely later.

    The wait is a quarter of the article's age, and a day at least; what failed is tried again after a day.
    """
    age = now - published if published is not None and seen.fate == "kept" else timedelta()
    return now - seen.at >= max(_AGAIN, age / 4)
