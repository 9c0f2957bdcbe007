"""Whose turn is it to list the source? The readers are asked in the order of the source file until one serves."""

from collections.abc import Container, Mapping
from datetime import timedelta

from cases.ledger import Overlap, SourceOutcome
from crawler.readers import Ask, Entry, Listing, ListingState, Reader
from crawler.trouble import Trouble
from crawler.wire.patience import fresh_for

_END_OF_SERIES = frozenset({400, 404, 410})
_NOT_THERE = frozenset({SourceOutcome.GONE, SourceOutcome.PARSE_FAILED})


class Turn:
    """What one reader has given so far. It serves as soon as one of its answers could be read."""

    def __init__(self, kind: str, reader: Reader, *, partial: bool) -> None:
        self.kind = kind
        self.reader = reader
        self._partial = partial
        """Only what changed is asked for: then nothing is an answer, not a sign of a dead listing."""
        self.open = 0
        self.pages = 0
        self.claimed_total: int | None = None
        self.unchanged = 0
        self.same_bytes = False
        """Whether something of it was found unchanged by its bytes alone."""
        self.fresh: timedelta | None = None
        """How long its answers say that they stay as they are: the shortest of them."""
        self.empty: str | None = None
        self.troubles: list[Trouble] = []
        self._missed: dict[str, list[Trouble]] = {}
        """Troubles at addresses in whose place others were asked, by the series; they count when those give nothing."""
        self._asked: set[str] = set()
        self._read = False
        self._series: dict[str, dict[str, Entry]] = {}
        self._windows: dict[str, tuple[Entry, ...]] = {}
        """First pages of the series that do not show all they have at once."""
        self._cut_off: set[str] = set()
        """Series that end before their beginning, or may do so: what lies before their entries cannot be seen."""

    @property
    def serves(self) -> bool:
        """Whether it answered with more than an empty listing."""
        return self._read or self.unchanged > 0

    @property
    def entries(self) -> int:
        """How many articles its listings named, those that a page repeats once."""
        return sum(map(len, self._series.values()))

    @property
    def nothing_changed(self) -> bool:
        """Whether all that it answered is that nothing changed."""
        return self.unchanged > 0 and not self._read

    @property
    def reason(self) -> str:
        """Why it did not serve, in words."""
        words = [trouble.why for trouble in self.troubles] or [self.empty or "it lists nothing"]
        return f"{self.kind}: {'; '.join(dict.fromkeys(words))}"

    def ended(self, ask: Ask, status: int) -> bool:
        """Tell whether an answer of this status says that the page before was the last one."""
        has_ended = ask.page > 1 and status in _END_OF_SERIES
        if has_ended and ask.page == 2:  # noqa: PLR2004 - it has no second page: it may have one for people only
            self._cut_off.add(ask.series)
        return has_ended

    def is_new(self, ask: Ask) -> bool:
        """Tell whether an address was not asked for yet: a listing may lead in a circle."""
        if ask.url in self._asked:
            return False
        self._asked.add(ask.url)
        return True

    def missed(self, ask: Ask, trouble: Trouble) -> tuple[Ask, ...]:
        """Take the news that an address gave nothing; gives what is asked in its place, where there is nothing of the kind.

        A refusal is never got round: it ends the search.
        """
        if ask.otherwise is not None and not trouble.final and trouble.outcome in _NOT_THERE:
            self._missed.setdefault(ask.otherwise.series, []).extend((*self._missed.pop(ask.series, ()), trouble))
            return (ask.otherwise,)
        self.troubles += [*self._missed.pop(ask.series, ()), trouble]
        return ()

    def take(self, ask: Ask, listing: Listing) -> Listing | None:
        """Take an answer that was read; gives what is new in it, None when it only repeats its series."""
        if listing.state is ListingState.UNREADABLE:
            why = listing.why or f"{ask.url} cannot be read"
            instead = self.missed(ask, Trouble(outcome=SourceOutcome.PARSE_FAILED, why=why))
            return Listing(state=ListingState.END, asks=instead, leads=True) if instead else None
        if listing.state is ListingState.EMPTY:
            self.empty = listing.why or "it lists nothing"
            self._read = self._read or self._partial
        if listing.state is ListingState.READ and self._repeats(ask, listing.entries):
            return None
        self._read = self._read or bool(listing.entries)
        if listing.newest_only:
            self._cut_off.add(ask.series)
        if ask.page == 1 and (listing.asks or listing.newest_only):
            self._windows[ask.series] = listing.entries
        if listing.claimed_total is not None and ask.page == 1:
            self.claimed_total = (self.claimed_total or 0) + listing.claimed_total
        return listing

    def hear(self, headers: Mapping[str, str], listing: Listing) -> None:
        """Note how long an answer that was read stays as it is, by its headers or by what the listing itself says."""
        stated = max(filter(None, (fresh_for(headers), listing.fresh)), default=None)
        if stated is not None:
            self.fresh = min(self.fresh or stated, stated)

    def overlap(self, known: Container[str]) -> Overlap | None:
        """Say how much of what the listings show first was known; None where they show all they have."""
        shown = {entry.url: entry for entries in self._windows.values() for entry in entries}
        times = [entry.published for entry in shown.values() if entry.published is not None]
        if not shown:
            return None
        return Overlap(
            listed=len(shown), known=sum(url in known for url in shown), oldest=min(times) if times else None
        )

    def strangers(self, known: Container[str]) -> list[tuple[Entry, ...]]:
        """Give what each series showed that cannot be read back any further, and of which nothing was known."""
        ended = [tuple(self._series[name].values()) for name in sorted(self._cut_off & self._series.keys())]
        return [entries for entries in ended if entries and not any(entry.url in known for entry in entries)]

    def _repeats(self, ask: Ask, entries: tuple[Entry, ...]) -> bool:
        """Notice a site that gives the first page again for every further one."""
        before = self._series.setdefault(ask.series, {})
        shown = {entry.url: entry for entry in entries}
        repeats = bool(shown) and shown.keys() <= before.keys()
        before |= shown
        if repeats:
            self._cut_off.add(ask.series)
        return repeats
