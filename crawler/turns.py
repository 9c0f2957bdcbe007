"""Whose turn is it to list the source? The readers are asked in the order of the source file until one serves."""

from datetime import datetime

from cases.ledger import SourceOutcome
from crawler.readers import Ask, Entry, Listing, ListingState, Reader
from crawler.trouble import Trouble

_END_OF_SERIES = frozenset({400, 404, 410})


class Turn:
    """What one reader has given so far. It serves as soon as one of its answers could be read."""

    def __init__(self, kind: str, reader: Reader, *, partial: bool) -> None:
        self.kind = kind
        self.reader = reader
        self._partial = partial
        """Only what changed is asked for: then nothing is an answer, not a sign of a dead listing."""
        self.open = 0
        self.pages = 0
        self.entries = 0
        self.claimed_total: int | None = None
        self.unchanged = 0
        self.empty: str | None = None
        self.troubles: list[Trouble] = []
        self._read = False
        self._series: dict[str, dict[str, Entry]] = {}
        self.window_ends: list[datetime] = []
        """Oldest times of series that only ever show their newest entries."""

    @property
    def serves(self) -> bool:
        """Whether it answered with more than an empty listing."""
        return self._read or self.unchanged > 0

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
        return ask.page > 1 and status in _END_OF_SERIES

    def take(self, ask: Ask, listing: Listing) -> Listing | None:
        """Take an answer that was read; gives what is new in it, None when it only repeats its series."""
        if listing.state is ListingState.UNREADABLE:
            why = listing.why or f"{ask.url} cannot be read"
            self.troubles.append(Trouble(outcome=SourceOutcome.PARSE_FAILED, why=why))
            return None
        if listing.state is ListingState.EMPTY:
            self.empty = listing.why or "it lists nothing"
            self._read = self._read or self._partial
        if listing.state is ListingState.READ and self._repeats(ask, listing.entries):
            return None
        self._read = self._read or bool(listing.entries)
        self.entries += len(listing.entries)
        if listing.claimed_total is not None and ask.page == 1:
            self.claimed_total = (self.claimed_total or 0) + listing.claimed_total
        return listing

    def _repeats(self, ask: Ask, entries: tuple[Entry, ...]) -> bool:
        """Notice a site that gives the first page again for every further one."""
        before = self._series.setdefault(ask.series, {})
        shown = {entry.url: entry for entry in entries}
        repeats = bool(shown) and shown.keys() <= before.keys()
        before |= shown
        times = [entry.published for entry in before.values() if entry.published is not None]
        if repeats and times:
            self.window_ends.append(min(times))
        return repeats
