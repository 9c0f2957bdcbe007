"""listing → pages to fetch: asks the store what is known of each entry, and lets ``admission`` decide."""

from collections.abc import Mapping

from cases.identity import canonical_url
from cases.ledger import SetAside
from cases.store import KnownArticle, Store
from crawler.admission import Remembered, Terms, set_aside
from crawler.memory import Memory, Seen
from crawler.readers import Entry, Listing
from crawler.tally import Tally


class Intake:
    """Takes the entries of one visit in, each exactly once."""

    def __init__(self, terms: Terms, *, store: Store, memory: Memory, tally: Tally, max_pages: int) -> None:
        self._terms = terms
        self._store = store
        self._memory = memory
        self._tally = tally
        self._max_pages = max_pages
        self._named: set[str] = set()
        self._admitted = 0
        self.overflowed = False
        """Whether the limit of pages kept an entry out."""

    def admit(self, listing: Listing, *, kind: str) -> list[tuple[Entry, Seen]]:
        """Place every entry of a listing, and give those whose pages are to be fetched, with what to remember of them.

        ``kind`` is that of the reader: what two kinds show of one article cannot be compared.
        """
        identities = {entry.url: identity_of(entry.url) for entry in listing.entries}
        known = self._store.articles.known(set(identities.values()))
        admitted = []
        for entry in listing.entries:
            self._tally.entries += 1
            identity = identities[entry.url]
            stamp = f"{kind}:{entry.stamp or ''}"
            why = self._place(entry, identity, stamp, known)
            if why is not None:
                self._tally.leave(why)
                continue
            self._admitted += 1
            self._tally.waiting[entry.url] = entry
            admitted.append((entry, Seen(fate="kept", stamp=stamp, at=self._terms.now, identity=identity)))
        for _ in range(listing.nameless):
            self._tally.entries += 1
            self._tally.leave(SetAside.UNREADABLE)
        return admitted

    def _place(self, entry: Entry, identity: str, stamp: str, known: Mapping[str, KnownArticle]) -> SetAside | None:
        if identity in self._named:
            return SetAside.DUPLICATE
        self._named.add(identity)
        why = set_aside(entry, stamp, self._remembered(entry, identity, known), self._terms)
        if why is None and self._admitted >= self._max_pages:
            self.overflowed = True
            return SetAside.NOT_REACHED
        return why

    def _remembered(self, entry: Entry, identity: str, known: Mapping[str, KnownArticle]) -> Remembered:
        """Look under the address where the article was kept, which may be another than its listing gives."""
        seen = self._memory.seen(entry.url)
        article = known.get(identity)
        if article is None and seen is not None and seen.identity != identity:
            article = self._store.articles.known([seen.identity]).get(seen.identity)
        return Remembered(article=article, seen=seen)


def identity_of(url: str) -> str:
    """Give the canonical form of an address, or the address itself when it has none: admission will refuse that one."""
    try:
        return canonical_url(url)
    except ValueError:
        return url
