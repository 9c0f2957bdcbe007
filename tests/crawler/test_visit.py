"""What a visit looks for, by what earlier visits left."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cases.ledger import Trigger
from cases.store import Store
from crawler.memory import LastVisit, Memory
from crawler.options import Collection
from crawler.order import Order
from crawler.pool import ReadingPool
from crawler.progress import Progress
from crawler.readers import Entry, Listing, ListingState, Window, make_reader
from crawler.sources import Source, source_of
from crawler.turns import Turn
from crawler.visit import Visit

HOME = "https://magazine.example/"
MakeVisit = Callable[..., Visit]


@pytest.fixture
def make_visit(make_source: Callable[..., Source], store: Store, pool: ReadingPool, now: datetime) -> MakeVisit:
    def make(
        trigger: Trigger = "schedule",
        since: datetime | None = None,
        collection: Collection | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Visit:
        order = Order(
            source=make_source(HOME),
            collection=collection or Collection(),
            watched=("North Korea",),
            trigger=trigger,
            since=since,
        )
        return Visit(order, store=store, pool=pool, now=lambda: now, on_progress=on_progress)

    return make


def listing(*entries: Entry) -> Listing:
    return Listing(state=ListingState.READ, entries=entries)


def served(fresh: timedelta | None = None, *, unchanged: bool = False) -> Turn:
    source = source_of({"title": "M", "home": HOME, "readers": [{"kind": "feed"}]}, name="m", origin="test")
    turn = Turn("feed", make_reader(source, source.readers[0], Window(watched=())), partial=True)
    turn.unchanged = int(unchanged)
    turn.fresh = fresh
    return turn


def test_a_first_visit_is_thorough(make_visit: MakeVisit) -> None:
    assert make_visit().scope.thorough
    assert make_visit().scope.window.modified_after is None


def test_between_sweeps_only_what_changed_is_wanted(make_visit: MakeVisit, store: Store, now: datetime) -> None:
    hour = timedelta(hours=1)
    Memory(store, HOME, "magazine").remember_visit(LastVisit(complete_at=now - hour, swept_at=now - 2 * hour))
    assert make_visit().scope.window.modified_after == now - hour - timedelta(days=1)
    assert make_visit("request").scope.thorough
    assert make_visit(since=now).scope.thorough


def test_a_sweep_is_due_after_its_hours(make_visit: MakeVisit, store: Store, now: datetime) -> None:
    Memory(store, HOME, "magazine").remember_visit(LastVisit(complete_at=now, swept_at=now - timedelta(hours=24)))
    assert make_visit().scope.thorough
    assert not make_visit(collection=Collection(sweep_hours=25)).scope.thorough


def test_an_outage_longer_than_the_horizon_leaves_no_hole(make_visit: MakeVisit, store: Store, now: datetime) -> None:
    long_ago = now - timedelta(days=50)
    Memory(store, HOME, "magazine").remember_visit(LastVisit(complete_at=long_ago, swept_at=long_ago))
    visit = make_visit(collection=Collection(horizon_days=10))
    fresh = Entry(url=f"{HOME}a/", published=now - timedelta(days=40), watched=True)
    assert [entry for entry, _ in visit.admit(listing(fresh), kind="feed")] == [fresh]


def test_warnings_are_given_once_and_are_not_without_end(make_visit: MakeVisit) -> None:
    visit = make_visit()
    for number in range(100):
        visit.warn(f"warning {number % 50}")
    told = visit.remarks.told()
    assert len(told) == 20
    assert told[-1] == "and 31 more warnings"


def test_a_visit_that_left_something_undone_leaves_no_mark(make_visit: MakeVisit, store: Store, now: datetime) -> None:
    memory = Memory(store, HOME, "magazine")
    visit = make_visit()
    visit.listed(HOME, {"etag": '"1"'}, b"")
    visit.undone("a page did not come")
    visit.close(served(), stopped=False)
    assert memory.last_visit() == LastVisit()
    assert memory.conditions(HOME) == {}
    whole = make_visit()
    whole.listed(HOME, {"etag": '"1"'}, b"")
    whole.close(served(), stopped=False)
    assert memory.last_visit() == LastVisit(complete_at=now, swept_at=now)
    assert memory.conditions(HOME) == {"If-None-Match": '"1"'}


def test_how_long_a_listing_asks_to_be_left_alone_is_remembered_while_it_does_not_change(make_visit: MakeVisit) -> None:
    hours = timedelta(hours=6)
    make_visit().close(served(hours), stopped=False)
    later = make_visit()
    assert later.fresh(served(unchanged=True)) == hours
    assert later.fresh(served()) is None, "it was read again, and says nothing of it any more"
    later.close(served(unchanged=True), stopped=False)
    assert make_visit().fresh(served(unchanged=True)) == hours


def test_progress_tells_what_is_done_of_what_is_known(make_visit: MakeVisit) -> None:
    told: list[Progress] = []
    visit = make_visit(on_progress=told.append)
    visit.admit(listing(Entry(url=f"{HOME}a/", watched=True), Entry(url=f"{HOME}b/", tags=())), kind="feed")
    assert [(progress.phase, progress.done, progress.total) for progress in told] == [("listing", 1, 2)]
