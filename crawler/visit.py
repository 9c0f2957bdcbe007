"""One visit to one source: what it looks for, what it found, and what it leaves behind. Knows no Scrapy.

What becomes of a page that came is the business of ``keeping``. A site's faults are counted; only a store that fails ends
the visit.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

import msgspec

from cases.ledger import SetAside, SourceOutcome, Trigger
from cases.model import Value
from cases.store import Store
from crawler.admission import Terms, all_before
from crawler.intake import Intake
from crawler.keeping import FetchedPage, Keeper
from crawler.memory import Fate, LastVisit, Memory, Seen
from crawler.options import Collection
from crawler.pool import ReadingPool
from crawler.readers import Entry, Listing, Window
from crawler.sources import Source
from crawler.tally import Tally
from crawler.trouble import Trouble
from crawler.turns import Turn

_OVERLAP = timedelta(days=1)
_MOST_WARNINGS = 20


class Progress(Value, frozen=True, kw_only=True):
    """How far a visit is: ``phase`` is ``listing``, ``reading`` or ``done``."""

    source: str
    phase: str
    done: int
    total: int
    note: str = ""


class Order(Value, frozen=True, kw_only=True):
    """What somebody wants of a visit."""

    source: Source
    collection: Collection
    watched: tuple[str, ...]
    trigger: Trigger
    since: datetime | None = None
    classifier: str = "rules"


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
        self.tally = Tally()
        self.memory = Memory(store, order.source.home, order.source.name)
        self.started_at = now()
        self.warnings: dict[str, None] = {}
        self.complete = True
        self.troubles: list[Trouble] = []
        """Of pages; those of listings are the business of whoever asks for listings."""
        self._on_progress = on_progress
        self._last = self.memory.last_visit()
        self._watched = order.source.tags if order.source.tags is not None else order.watched
        self.thorough = order.trigger == "request" or order.since is not None or self._sweep_is_due()
        self._cutoff = order.since or self._horizon()
        terms = Terms(source=order.source, watched=self._watched, cutoff=self._cutoff, now=self.started_at)
        limit = order.collection.max_pages
        self._keeper = Keeper(
            terms,
            store=store,
            pool=pool,
            now=now,
            announce_since=self._announced_since(),
            classifier=order.classifier,
        )
        self._intake = Intake(terms, store=store, memory=self.memory, tally=self.tally, max_pages=limit)
        self._cut = False
        self._answers: list[tuple[str, Mapping[str, str]]] = []

    # -- what is looked for

    @property
    def window(self) -> Window:
        """What readers are asked for: what changed since the last complete visit, or everything on a thorough one."""
        complete_at = self._last.complete_at
        recent = complete_at - _OVERLAP if complete_at is not None and not self.thorough else None
        return Window(watched=self._watched, modified_after=recent)

    def conditions(self, url: str, *, is_listing: bool) -> dict[str, str]:
        """Give the headers of a conditional request.

        A thorough visit asks for listings whatever was said of them: that nothing changed on the first page says nothing
        of those after it. One that reaches back to a given day asks so for pages as well.
        """
        wants_all = self.thorough if is_listing else self.order.since is not None
        return {} if wants_all else self.memory.conditions(url)

    def _sweep_is_due(self) -> bool:
        swept_at = self._last.swept_at
        return swept_at is None or self.started_at - swept_at >= timedelta(hours=self.order.collection.sweep_hours)

    def _horizon(self) -> datetime | None:
        """Reach back as far as the options say, and over any gap since the last complete visit."""
        days = self.order.collection.horizon_days
        if days == 0:
            return None
        horizon = self.started_at - timedelta(days=days)
        return min(horizon, self._last.complete_at or horizon)

    # -- listings

    def admit(self, listing: Listing, *, kind: str) -> list[tuple[Entry, Seen]]:
        """Place the entries of a listing; gives those whose pages are to be fetched."""
        admitted = self._intake.admit(listing, kind=kind)
        if self._intake.overflowed:
            limit = self.order.collection.max_pages
            self.undone(f"more than {limit} pages to fetch: the rest waits for the next visit (collection.max_pages)")
        self.report("listing")
        return admitted

    def goes_on(self, listing: Listing, *, admitted: bool) -> bool:
        """Tell whether the pages after this one are worth asking for."""
        if not listing.entries:
            return True
        if all_before(listing.entries, self._cutoff):
            self._cut = True
            return False
        return admitted or self.thorough

    def listed(self, url: str, headers: Mapping[str, str]) -> None:
        """Note an answer whose validators are worth keeping, once all it named is dealt with."""
        self._answers.append((url, headers))

    def compare(self, turn: Turn) -> None:
        """Warn of what a listing did not show: articles that the site counts, or a time that its window does not reach."""
        claimed = turn.claimed_total
        if claimed is not None and self.thorough and not self._cut and claimed != turn.entries:
            self.warn(f"the site counts {claimed} articles under the watched tags, and listed {turn.entries}")
        last = self._last.complete_at
        for oldest in turn.window_ends:
            if last is not None and oldest > last:
                self.warn(
                    f"gap: the listing reaches back to {oldest:%Y-%m-%d %H:%M} UTC, the last visit was before that"
                )

    # -- pages

    async def read(self, entry: Entry, seen: Seen, fetched: FetchedPage) -> bool:
        """Read, judge and keep one page; tells whether it was kept."""
        taken = await self._keeper.keep(entry, fetched)
        if taken.failure is not None:
            self.troubles.append(Trouble(outcome=SourceOutcome.PARSE_FAILED, why=taken.failure))
        self.memory.remember_seen(
            entry.url, msgspec.structs.replace(seen, fate=taken.fate, identity=taken.identity or seen.identity)
        )
        if taken.set_aside is not None:
            self.tally.leave(taken.set_aside, entry.url)
        elif taken.judgement is not None:
            self.tally.judged(entry.url, taken.judgement, taken.changes)
        self.report("reading")
        return taken.kept

    def unchanged(self, entry: Entry, seen: Seen) -> None:
        """Place an entry whose page the server calls unchanged."""
        self._settle(entry, seen, "kept", SetAside.KNOWN)
        self.report("reading")

    def lost(self, entry: Entry, seen: Seen, trouble: Trouble) -> None:
        """Place an entry whose page did not come: one that is gone is asked for again tomorrow, others next time."""
        self.troubles.append(trouble)
        if trouble.forbidden:
            self._settle(entry, seen, "forbidden", SetAside.FORBIDDEN)
        elif trouble.outcome == "gone":
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

    def undone(self, why: str) -> None:
        """Note that something was left: the next visit reaches back over this one."""
        self.complete = False
        self.warn(why)

    def warn(self, words: str) -> None:
        """Note something that a person should see beside the outcome; once."""
        if len(self.warnings) < _MOST_WARNINGS:
            self.warnings.setdefault(words)

    def report(self, phase: str, note: str = "") -> None:
        """Tell whoever watches how far the visit is."""
        if self._on_progress is not None:
            total = self.tally.done + len(self.tally.waiting)
            self._on_progress(
                Progress(source=self.source.name, phase=phase, done=self.tally.done, total=total, note=note)
            )

    def close(self, *, served: bool, stopped: bool) -> None:
        """Count what was not reached, and leave behind what makes the next visit shorter, if nothing was left undone."""
        if self.tally.waiting or stopped:
            self.complete = False
        self.tally.close()
        if not self.complete or not served:
            return
        for url, headers in self._answers:
            self.memory.remember_answer(url, headers)
        swept_at = self.started_at if self.thorough else self._last.swept_at
        self.memory.remember_visit(LastVisit(complete_at=self.started_at, swept_at=swept_at))
