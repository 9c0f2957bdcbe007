"""One visit to one source: what it looks for, what it found, and what it leaves behind. Knows no Scrapy.

What becomes of a page that came is the business of ``keeping``. A site's faults are counted; only a store that fails ends
the visit.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256

import msgspec

from cases.ledger import Overlap, SetAside, SourceOutcome
from cases.store import Store
from crawler.admission import Terms, all_before
from crawler.gaps import gap_in
from crawler.intake import Intake
from crawler.keeping import FetchedPage, Keeper, is_page
from crawler.legibility import A_ROW, Legibility
from crawler.lengths import remark_on, usual_after
from crawler.memory import Fate, LastVisit, Memory, Seen
from crawler.order import Order, scope_of
from crawler.pool import ReadingPool
from crawler.progress import Progress
from crawler.readers import Entry, Listing
from crawler.remarks import Remarks
from crawler.tally import Tally
from crawler.trouble import Trouble
from crawler.turns import Turn


class Visit:
    """One visit while it goes on. Not to be used twice."""

    def __init__(
        self,
        order: Order,
        *,
        store: Store,
        pool: ReadingPool,
        now: Callable[[], datetime],
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.order = order
        self.source = order.source
        self.pool = pool
        self.tally = Tally()
        self.memory = Memory(store, order.source.home, order.source.name)
        self.started_at = now()
        self.remarks = Remarks()
        self.legibility = Legibility()
        self.complete = True
        self.fault: str | None = None
        """What broke in Returnwatch itself while the visit went on."""
        self.troubles: list[Trouble] = []
        """Of pages; those of listings are the business of whoever asks for listings."""
        self._on_progress = on_progress
        self._last = self.memory.last_visit()
        self.scope = scope_of(order, self._last, self.started_at)
        terms = Terms(source=order.source, watched=order.tags, cutoff=self.scope.cutoff, now=self.started_at)
        limit = order.collection.max_pages
        self._keeper = Keeper(
            terms,
            store=store,
            pool=pool,
            now=now,
            announce_since=self._announced_since(),
            judging=order.judging,
        )
        self._intake = Intake(terms, store=store, memory=self.memory, tally=self.tally, max_pages=limit)
        self.overlap: Overlap | None = None
        self._cut = False
        self._lengths: list[int] = []
        self._answers: list[tuple[str, Mapping[str, str], bytes | None]] = []

    # -- what is looked for

    def conditions(self, url: str, *, is_listing: bool) -> dict[str, str]:
        """Give the headers of a conditional request.

        A thorough visit asks for listings whatever was said of them: that nothing changed on the first page says nothing
        of those after it. One that reaches back to a given day asks so for pages as well.
        """
        wants_all = self.scope.thorough if is_listing else self.order.since is not None
        return {} if wants_all else self.memory.conditions(url)

    def is_same(self, url: str, body: bytes) -> bool:
        """Tell whether a listing came with the very bytes of the last time, in place of the word that nothing changed."""
        known = self.memory.was_asked_with(url)
        return known is not None and known.sha256 is not None and known.sha256 == sha256(body).hexdigest()

    # -- listings

    def admit(self, listing: Listing, *, kind: str, first: bool = True) -> list[tuple[Entry, Seen]]:
        """Place the entries of a listing, of which this is the ``first`` page; gives those whose pages are to be fetched."""
        admitted = self._intake.admit(listing, kind=kind)
        if listing.notice is not None:
            self.warn(listing.notice)
        if first:
            self.legibility.show(entry.url for entry in listing.entries)
        for entry in listing.entries:
            if (fate := self._intake.fates.get(entry.url)) is not None:
                self.legibility.recall(entry.url, fate)
        if self._intake.overflowed:
            limit = self.order.collection.max_pages
            self.undone(f"more than {limit} pages to fetch: the rest waits for the next visit (collection.max_pages)")
        self.report("listing")
        return admitted

    def second_looks(self) -> list[tuple[Entry, Seen]]:
        """Give known articles that the listings did not show and whose pages are due for another look; on thorough visits."""
        return self._intake.admit_again(self.order.collection.second_looks) if self.scope.thorough else []

    def goes_on(self, listing: Listing, *, admitted: bool) -> bool:
        """Tell whether the pages after this one are worth asking for."""
        if not listing.entries:
            return True
        if all_before(listing.entries, self.scope.cutoff):
            self._cut = True
            return False
        return admitted or self.scope.thorough

    def listed(self, url: str, headers: Mapping[str, str], body: bytes | None) -> None:
        """Note an answer that names articles, to be known again once all it named is dealt with."""
        self._answers.append((url, headers, body))

    def compare(self, turn: Turn) -> bool:
        """Warn of what a listing did not show: articles that the site counts, or a time that its window does not reach.

        Tells whether something may have fallen between this visit and the last, so that another reader is worth asking.
        """
        claimed = turn.claimed_total
        if claimed is not None and self.scope.thorough and not self._cut and claimed != turn.entries:
            self.warn(f"the site counts {claimed} articles under the watched tags, and listed {turn.entries}")
        known = self._intake.recognised
        self.overlap = self.overlap or turn.overlap(known)
        gaps = list(filter(None, (gap_in(entries, self._last.complete_at) for entries in turn.strangers(known))))
        for words in gaps:
            self.warn(words)
        return bool(gaps)

    # -- pages

    async def read(
        self, entry: Entry, seen: Seen, fetched: FetchedPage, headers: Mapping[str, str] | None = None
    ) -> bool:
        """Read, judge and keep one page; tells whether it was kept. ``headers`` are those of its own answer, if it had one."""
        taken = await self._keeper.keep(entry, fetched)
        if taken.failure is not None:
            self.troubles.append(Trouble(outcome=SourceOutcome.PARSE_FAILED, why=taken.failure))
        known = {"identity": taken.identity or seen.identity, "published": taken.published or seen.published}
        said = headers if taken.kept or headers is None else {}  # an answer that was not kept must come whole again
        self.memory.remember_page(entry.url, msgspec.structs.replace(seen, fate=taken.fate, **known), said)
        if is_page(fetched) and self.legibility.came(entry.url, could=taken.failure is None):
            self.warn(f"{A_ROW} pages in a row could not be read as articles: {taken.failure}")
        if taken.length is not None:
            self._lengths.append(taken.length)
        if taken.set_aside is not None:
            self.tally.leave(taken.set_aside, entry.url)
        elif taken.judgement is not None:
            self.tally.judged(entry.url, taken.judgement, taken.changes)
        self.report("reading")
        return taken.kept

    def unchanged(self, entry: Entry, seen: Seen) -> None:
        """Place an entry whose page the server calls unchanged."""
        before = self.memory.seen(entry.url)
        if before is not None and before.fate == "unreachable":
            self._keeper.back(before.identity)
        self._settle(entry, seen, "kept", SetAside.KNOWN)
        self.report("reading")

    def lost(self, entry: Entry, seen: Seen, trouble: Trouble) -> None:
        """Place an entry whose page did not come: one that is gone or walled in waits for a day, others for the next visit."""
        self.troubles.append(trouble)
        if trouble.outcome == "gone":
            self._keeper.gone((self.memory.seen(entry.url) or seen).identity)
        if trouble.forbidden:
            self._settle(entry, seen, "forbidden", SetAside.FORBIDDEN)
        elif trouble.outcome == "gone" or (trouble.outcome == "blocked" and trouble.wait is None):
            self._settle(entry, seen, "unreachable", SetAside.UNREACHABLE)
        else:
            self.tally.leave(SetAside.UNREACHABLE, entry.url)
            self.undone(trouble.why)
        self.report("reading")

    def _announced_since(self) -> date | None:
        days = self.order.collection.announce_days
        return (self.started_at - timedelta(days=days)).date() if days else None

    def _settle(self, entry: Entry, seen: Seen, fate: Fate, why: SetAside) -> None:
        self.memory.remember_seen(entry.url, msgspec.structs.replace(seen, fate=fate))
        self.tally.leave(why, entry.url)

    # -- the end

    def broke(self, fault: str) -> None:
        """Note a fault of our own: Scrapy goes on after it, but what was in hand is lost to this visit."""
        self.fault = self.fault or fault
        self.undone(fault)

    def undone(self, why: str) -> None:
        """Note that something was left: the next visit reaches back over this one."""
        self.complete = False
        self.warn(why)

    def warn(self, words: str) -> None:
        """Note something that a person should see beside the outcome; once."""
        self.remarks.add(words)

    def report(self, phase: str, note: str = "") -> None:
        """Tell whoever watches how far the visit is."""
        if self._on_progress is not None:
            total = self.tally.done + len(self.tally.waiting)
            self._on_progress(
                Progress(source=self.source.name, phase=phase, done=self.tally.done, total=total, note=note)
            )

    def fresh(self, turn: Turn | None) -> timedelta | None:
        """Say how long the listing need not be asked again: as it says now, or said when it was last read."""
        if turn is None:
            return None
        return turn.fresh if turn.fresh is not None or not turn.nothing_changed else self._last.fresh

    def close(self, turn: Turn | None, *, stopped: bool) -> None:
        """Count what was not reached, and leave behind what makes the next visit shorter, if nothing was left undone."""
        if self.tally.waiting or stopped:
            self.complete = False
        self.tally.close()
        self.memory.flush()
        if (words := remark_on(self._lengths, self._last.usual_length)) is not None:
            self.warn(words)
        if not self.complete or turn is None:
            return
        for url, headers, body in self._answers:
            self.memory.remember_answer(url, headers, body)
        swept_at = self.started_at if self.scope.thorough else self._last.swept_at
        usual = usual_after(self._lengths, self._last.usual_length)
        self.memory.remember_visit(
            LastVisit(complete_at=self.started_at, swept_at=swept_at, usual_length=usual, fresh=self.fresh(turn))
        )
