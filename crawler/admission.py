"""entry → fetch its page, or set it aside, and why. Decides with values: nothing is asked for here."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cases.ledger import SetAside
from cases.model import Value
from cases.store import KnownArticle
from crawler.memory import Fate, Seen, reread_due
from crawler.readers import Entry
from crawler.sources import Source
from crawler.tags import is_watched
from crawler.wire.guard import ForbiddenAddress, check_url

_ASIDE: Mapping[Fate, SetAside] = {
    "kept": SetAside.KNOWN,
    "untagged": SetAside.UNTAGGED,
    "too_old": SetAside.TOO_OLD,
    "unreadable": SetAside.UNREADABLE,
    "reading_timed_out": SetAside.READING_TIMED_OUT,
    "unreachable": SetAside.UNREACHABLE,
    "forbidden": SetAside.FORBIDDEN,
}


class Terms(Value, frozen=True, kw_only=True):
    """What a visit looks for."""

    source: Source
    watched: tuple[str, ...]
    cutoff: datetime | None
    """Articles published before it are too old, unless they are known already."""
    now: datetime


class Remembered(Value, frozen=True, kw_only=True):
    """What is known of one entry from earlier visits."""

    article: KnownArticle | None = None
    seen: Seen | None = None


def set_aside(entry: Entry, stamp: str, remembered: Remembered, terms: Terms) -> SetAside | None:
    """Say why an entry's page is not fetched, or None when it is.

    ``stamp`` is the entry's with the kind of its reader before it. An entry that says nothing of tags or dates passes:
    then its page decides.
    """
    if not _may_be_fetched(entry.url, terms.source):
        return SetAside.FORBIDDEN
    if terms.watched and not entry.watched and entry.tags is not None and not is_watched(entry.tags, terms.watched):
        return SetAside.UNTAGGED
    if remembered.article is not None and remembered.article.purged:
        return SetAside.KNOWN
    known = remembered.article is not None or remembered.seen is not None
    if known:
        return None if _is_worth_another_look(entry, stamp, remembered, terms) else _place(remembered)
    # nothing is published after its last change: what was not changed since the cutoff is older than that
    stated = entry.published or entry.modified
    if terms.cutoff is not None and stated is not None and stated < terms.cutoff:
        return SetAside.TOO_OLD
    return None


def all_before(entries: Sequence[Entry], cutoff: datetime | None) -> bool:
    """Tell whether a page of a listing, newest first, lies wholly before the cutoff: then so do all that follow."""
    times = [entry.modified or entry.published for entry in entries]
    return cutoff is not None and all(time is not None and time < cutoff for time in times)


def _place(remembered: Remembered) -> SetAside:
    return _ASIDE[remembered.seen.fate] if remembered.seen is not None else SetAside.KNOWN


def _is_worth_another_look(entry: Entry, stamp: str, remembered: Remembered, terms: Terms) -> bool:
    seen, article = remembered.seen, remembered.article
    if seen is not None and seen.fate == "too_old" and (terms.cutoff is None or seen.published is not None):
        return terms.cutoff is None or (seen.published is not None and seen.published >= terms.cutoff)
    if seen is not None and _kind(seen.stamp) == _kind(stamp):
        changed = seen.stamp != stamp
    else:
        changed = article is not None and _later(entry.modified, article.modified)
    if changed or seen is None:
        return changed
    states_edits = entry.modified is not None and seen.fate == "kept"
    return not states_edits and reread_due(seen, entry.published, terms.now)


def _later(stated: datetime | None, known: datetime | None) -> bool:
    return stated is not None and known is not None and stated > known


def _kind(stamp: str) -> str:
    return stamp.partition(":")[0]


def _may_be_fetched(url: str, source: Source) -> bool:
    try:
        check_url(url)
    except ForbiddenAddress:
        return False
    return source.owns(url)
