"""facts of a visit → its outcome, and the words for it. Pure: every visit ends in exactly one state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from cases.ledger import SetAside, SourceOutcome, Wall
from cases.model import Value
from crawler.trouble import Trouble

_T = TypeVar("_T")
_WORST_FIRST = (
    SourceOutcome.MOVED,
    SourceOutcome.BLOCKED,
    SourceOutcome.FORBIDDEN,
    SourceOutcome.UNREACHABLE,
    SourceOutcome.PARSE_FAILED,
    SourceOutcome.GONE,
)
"""What is told of several troubles with a listing: the first of these that is among them."""

_KEPT_OUT = frozenset({SourceOutcome.BLOCKED, SourceOutcome.UNREACHABLE})
_SEVERAL = 2
"""One page that fails beside others that are known is an odd page; more are a source that cannot be read."""


class Facts(Value, frozen=True, kw_only=True):
    """What an outcome depends on."""

    stopped: bool
    served: bool
    nothing_changed: bool
    same_bytes: bool = False
    """Whether that was found out by the bytes that came."""
    empty: str | None
    """Why nothing was listed, when a reader answered with an empty listing."""
    articles: int
    set_aside: Mapping[str, int]
    pages_read: int = 0
    """Pages that came in this visit and held an article, watched or not."""
    newest_failing: int = 0
    """How many of the newest pages, in a row, could not be read, in this visit or before."""
    listing_troubles: Sequence[Trouble] = ()
    page_troubles: Sequence[Trouble] = ()


class Ending(Value, frozen=True, kw_only=True):
    """How a visit ended."""

    outcome: SourceOutcome
    detail: str | None = None
    """Why, in words, when it is not a success."""
    wall: Wall | None = None
    """What stood in the way of one that is blocked."""
    moved_to: str | None = None
    wait: timedelta | None = None
    """How long the site wants peace, whatever the outcome."""


def ending_of(facts: Facts) -> Ending:
    """Name the state in which a visit ended, and say why when it is not a success."""
    troubles = (*facts.listing_troubles, *facts.page_troubles)
    outcome, detail = _outcome(facts)
    return Ending(
        outcome=outcome,
        detail=detail,
        wall=_first(trouble.wall for trouble in troubles) if outcome is SourceOutcome.BLOCKED else None,
        moved_to=_first(trouble.moved_to for trouble in troubles) if outcome is SourceOutcome.MOVED else None,
        wait=max((trouble.wait for trouble in troubles if trouble.wait is not None), default=None),
    )


def _outcome(facts: Facts) -> tuple[SourceOutcome, str | None]:
    if facts.stopped:
        return SourceOutcome.STOPPED, "the crawl was told to end; it goes on at the next visit"
    if not facts.served:
        return _of_listing(facts)
    if facts.articles:
        return SourceOutcome.OK, None
    if failed := _of_pages(facts):
        return failed
    if facts.nothing_changed:
        return SourceOutcome.SAME_BYTES if facts.same_bytes else SourceOutcome.NOT_MODIFIED, None
    return SourceOutcome.NOTHING_NEW, None


def _of_listing(facts: Facts) -> tuple[SourceOutcome, str]:
    """Nobody served: an empty listing is at least an answer, the worst trouble else."""
    if facts.empty is not None:
        return SourceOutcome.EMPTY, facts.empty
    words = "; ".join(dict.fromkeys(trouble.why for trouble in facts.listing_troubles))
    found = {trouble.outcome for trouble in facts.listing_troubles}
    return next((kind for kind in _WORST_FIRST if kind in found), SourceOutcome.GONE), words or "no reader was answered"


def _of_pages(facts: Facts) -> tuple[SourceOutcome, str] | None:
    """Name what kept a visit from success that read a listing, but no new page of it, now or lately."""
    if facts.set_aside.get(SetAside.KNOWN) or facts.set_aside.get(SetAside.UNTAGGED):
        changed = facts.newest_failing >= _SEVERAL
        kept_out = [trouble for trouble in facts.page_troubles if trouble.outcome in _KEPT_OUT]
        walled = len(kept_out) >= _SEVERAL and not facts.pages_read
    else:
        changed = bool(facts.set_aside.get(SetAside.UNREADABLE)) and not facts.pages_read
        kept_out = list(facts.page_troubles)
        walled = bool(kept_out) and not facts.pages_read
    if changed:
        unread = [one.why for one in facts.page_troubles if one.outcome is SourceOutcome.PARSE_FAILED]
        why = next(iter(unread), "the last visit says why; they are tried again a day after it")
        return SourceOutcome.LAYOUT_CHANGED, f"pages came, but none could be read as an article: {why}"
    if walled:
        return kept_out[0].outcome, f"the listing was read, but no page came: {kept_out[0].why}"
    return None


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)
