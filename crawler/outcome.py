"""facts of a visit → its outcome, and the words for it. Pure: every visit ends in exactly one state."""

from collections.abc import Mapping, Sequence

from cases.ledger import SetAside, SourceOutcome
from cases.model import Value
from crawler.trouble import Trouble

_WORST_FIRST = (
    SourceOutcome.BLOCKED,
    SourceOutcome.UNREACHABLE,
    SourceOutcome.PARSE_FAILED,
    SourceOutcome.GONE,
)


class Facts(Value, frozen=True, kw_only=True):
    """What an outcome depends on."""

    stopped: bool
    served: bool
    nothing_changed: bool
    empty: str | None
    """Why nothing was listed, when a reader answered with an empty listing."""
    articles: int
    set_aside: Mapping[str, int]
    listing_troubles: Sequence[Trouble] = ()
    page_troubles: Sequence[Trouble] = ()


def outcome_of(facts: Facts) -> tuple[SourceOutcome, str | None]:
    """Name the state in which a visit ended, and say why when it is not a success."""
    if facts.stopped:
        return SourceOutcome.STOPPED, "the crawl was told to end; it goes on at the next visit"
    if not facts.served:
        return _of_listing(facts)
    if facts.articles:
        return SourceOutcome.OK, None
    if failed := _of_pages(facts):
        return failed
    if facts.nothing_changed:
        return SourceOutcome.NOT_MODIFIED, None
    return SourceOutcome.NOTHING_NEW, None


def _of_listing(facts: Facts) -> tuple[SourceOutcome, str]:
    """Nobody served: an empty listing is at least an answer, the worst trouble else."""
    if facts.empty is not None:
        return SourceOutcome.EMPTY, facts.empty
    words = "; ".join(dict.fromkeys(trouble.why for trouble in facts.listing_troubles))
    found = {trouble.outcome for trouble in facts.listing_troubles}
    return next((kind for kind in _WORST_FIRST if kind in found), SourceOutcome.GONE), words or "no reader was answered"


def _of_pages(facts: Facts) -> tuple[SourceOutcome, str] | None:
    """Name what kept a visit from success that read a listing, but no page of it, now or before."""
    if facts.set_aside.get(SetAside.KNOWN) or facts.set_aside.get(SetAside.UNTAGGED):
        return None
    first = next(iter(facts.page_troubles), None)
    if facts.set_aside.get(SetAside.UNREADABLE):
        why = first.why if first is not None else "the last visit says why; they are tried again a day after it"
        return SourceOutcome.LAYOUT_CHANGED, f"pages came, but none could be read as an article: {why}"
    return (first.outcome, f"the listing was read, but no page came: {first.why}") if first is not None else None
