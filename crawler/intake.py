"""listing → pages to fetch: asks the store what is known of each entry, and lets ``admission`` decide."""

from cases.identity import canonical_url
from cases.ledger import SetAside
from cases.store import KnownArticle, Store
from crawler.admission import Remembered, Terms, set_aside
from crawler.memory import Fate, Memory, Seen
from crawler.readers import Entry, Listing
from crawler.second_look import second_looks
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
        self.recognised: set[str] = set()
        """Addresses of entries that earlier visits had seen."""
        self.fates: dict[str, Fate] = {}
        """What became of them then, where that is remembered."""
        self._shown: set[str] = set()
        """Addresses of the known articles among them."""
        self._tells_all = False

    def admit(self, listing: Listing, *, kind: str) -> list[tuple[Entry, Seen]]:
        """Place every entry of a listing, and give those whose pages are to be fetched, with what to remember of them.

        ``kind`` is that of the reader: what two kinds show of one article cannot be compared.
        """
        identities = {entry.url: identity_of(entry.url) for entry in listing.entries}
        known = self._store.articles.known(set(identities.values()))
        seen = self._memory.seen_of(identities)
        admitted = []
        for entry in listing.entries:
            identity = identities[entry.url]
            if identity in self._named:
                self._tally.repeats += 1
                continue
            self._named.add(identity)
            self._tally.entries += 1
            self._tells_all = self._tells_all or entry.content is not None
            stamp = f"{kind}:{entry.stamp or ''}"
            remembered = self._remembered(known.get(identity), seen.get(entry.url), identity)
            why = self._place(entry, stamp, remembered)
            if why is not None:
                self._tally.leave(why)
                continue
            self._admitted += 1
            self._tally.waiting[entry.url] = entry
            admitted.append((entry, self._looked_at(seen.get(entry.url), stamp, identity)))
        self._count(listing.nameless, SetAside.UNREADABLE)
        self._count(listing.excluded, SetAside.EXCLUDED)
        self._memory.look_up([entry.url for entry, _ in admitted if entry.content is None])
        return admitted

    def admit_again(self, most: int) -> list[tuple[Entry, Seen]]:
        """Admit known articles that no listing of this visit showed, as far as another look at them is due.

        Not where listings hold articles whole: their pages were never read, and would look like edits.
        """
        if self._tells_all:
            return []
        room = max(0, min(most, self._max_pages - self._admitted))
        looks = second_looks(self._store, self._memory, self._terms, self._shown | self._named, room)
        for entry, _ in looks:
            self._tally.entries += 1
            self._admitted += 1
            self._tally.waiting[entry.url] = entry
        self._memory.look_up([entry.url for entry, _ in looks])
        return looks

    def _count(self, number: int, why: SetAside) -> None:
        for _ in range(number):
            self._tally.entries += 1
            self._tally.leave(why)

    def _looked_at(self, before: Seen | None, stamp: str, identity: str) -> Seen:
        now = self._terms.now
        if before is None:
            return Seen(fate="kept", stamp=stamp, at=now, identity=identity, first_at=now)
        first_at = before.first_at or before.at
        return Seen(fate="kept", stamp=stamp, at=now, identity=identity, published=before.published, first_at=first_at)

    def _place(self, entry: Entry, stamp: str, remembered: Remembered) -> SetAside | None:
        if remembered.article is not None or remembered.seen is not None:
            self.recognised.add(entry.url)
        if remembered.article is not None:
            self._shown.add(remembered.article.url)
        if remembered.seen is not None:
            self.fates[entry.url] = remembered.seen.fate
        why = set_aside(entry, stamp, remembered, self._terms)
        if why is None and self._admitted >= self._max_pages:
            self.overflowed = True
            return SetAside.NOT_REACHED
        return why

    def _remembered(self, article: KnownArticle | None, seen: Seen | None, identity: str) -> Remembered:
        """Look under the address where the article was kept, which may be another than its listing gives."""
        if article is None and seen is not None and seen.identity != identity:
            article = self._store.articles.known([seen.identity]).get(seen.identity)
        return Remembered(article=article, seen=seen)


def identity_of(url: str) -> str:
    """Give the canonical form of an address, or the address itself when it has none: admission will refuse that one."""
    try:
        return canonical_url(url)
    except ValueError:
        return url
