"""kept articles that no listing shows any more → pages worth another look: edited since, or gone.

A feed shows the newest articles, and an article that is taken down leaves every listing first. So what was kept is looked at
again when its wait is over, a few pages a visit, those first that were looked at longest ago.
"""

from collections.abc import Container

import msgspec

from cases.store import ArticleDates, Store
from crawler.admission import Terms
from crawler.memory import Memory, Seen, reread_due
from crawler.readers import Entry

_AT_ONCE = 200


def second_looks(
    store: Store, memory: Memory, terms: Terms, shown: Container[str], most: int
) -> list[tuple[Entry, Seen]]:
    """Give at most ``most`` articles to look at again, each with what to remember of it; ``shown`` are those listed now.

    An article that is too old for the visit is left alone.
    """
    if most == 0:
        return []
    looks: list[tuple[Entry, Seen]] = []
    waiting = [one for one in store.articles.dates_of(terms.source.name) if _may_be_due(one, terms, shown)]
    for start in range(0, len(waiting), _AT_ONCE):
        some = waiting[start : start + _AT_ONCE]
        remembered = memory.seen_of([one.url for one in some])
        for one in some:
            seen = _seen(one, remembered.get(one.url))
            if reread_due(seen, one.published, terms.now):
                entry = Entry(url=one.url, published=one.published, watched=True)
                looks.append((entry, msgspec.structs.replace(seen, at=terms.now)))
            if len(looks) == most:
                return looks
    return looks


def _may_be_due(one: ArticleDates, terms: Terms, shown: Container[str]) -> bool:
    """Decide without asking what is remembered: who was fetched lately is not due whatever that says."""
    too_old = terms.cutoff is not None and one.published is not None and one.published < terms.cutoff
    return (
        not too_old
        and one.url not in shown
        and terms.source.owns(one.url)
        and reread_due(_seen(one, None), one.published, terms.now)
    )


def _seen(one: ArticleDates, remembered: Seen | None) -> Seen:
    """Give what is remembered of an article, as of the last time that its page was seen."""
    if remembered is None:
        return Seen(fate="kept", stamp=":", at=one.fetched_at, identity=one.url, first_at=one.fetched_at)
    return msgspec.structs.replace(remembered, fate="kept", at=max(remembered.at, one.fetched_at))
