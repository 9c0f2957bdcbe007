"""The log of a store: closed day by day, and changed by nobody unseen."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from cases.errors import UsageError
from cases.model import Article, Capture, Report
from cases.store import By, Kept, Store

Keep = Callable[..., Kept]
MakePage = Callable[..., Article]
MakeReport = Callable[..., Report]


def test_each_day_that_is_over_is_closed_once(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, capture: Capture, now: datetime
) -> None:
    keep(page("north"), woman(), capture=capture)
    assert store.custody.close_days(now) == [], "today is not over"
    (closed,) = store.custody.close_days(now + timedelta(days=1))
    assert closed.subject == now.date().isoformat()
    assert closed.detail is not None
    assert closed.detail["captures"] == 1
    assert store.custody.close_days(now + timedelta(days=1)) == []
    assert store.custody.close_days(now + timedelta(days=30)) == [], "nothing was done on those days"
    assert store.custody.faults() == []


def test_a_line_that_somebody_changed_in_the_store_is_named(store: Store, now: datetime) -> None:
    by = By(actor="Mina", at=now)
    for number in range(3):
        store.custody.note("exported", None, by, file=f"{number}.csv")
    with store._database.write() as connection:
        connection.execute(text("update custody_log set actor = 'Oksana' where position = 2"))
    assert [(fault.position, fault.reason) for fault in store.custody.faults()] == [
        (2, "it is not what was sealed"),
    ]


def test_a_closed_day_whose_captures_changed_is_named(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, capture: Capture, now: datetime
) -> None:
    keep(page("north"), woman(), capture=capture)
    store.custody.close_days(now + timedelta(days=1))
    keep(page("west"), woman(), capture=capture, at=now + timedelta(days=1))
    assert store.custody.faults() == [], "another day's captures are no matter"
    with store._database.write() as connection:
        connection.execute(text("update article_version set capture = null"))
    (fault,) = store.custody.faults()
    assert (fault.position, "2026-11-21 are not those" in fault.reason) == (1, True)


@pytest.mark.parametrize(
    ("position", "why"), [(9, "no line 9"), (1, "nothing that could be purged"), (2, "which stays")]
)
def test_what_a_purge_needs_or_does_not_find_stays(store: Store, now: datetime, position: int, why: str) -> None:
    store.custody.note("exported", None, By(actor="Mina", at=now))
    store.custody.close_days(now + timedelta(days=1))
    with pytest.raises(UsageError, match=why):
        store.custody.purge(position, By(actor="Mina", at=now))
    assert len(store.custody.lines()) == 2


def test_a_purged_detail_leaves_the_chain_whole(store: Store, now: datetime) -> None:
    by = By(actor="Mina", at=now)
    store.custody.note("noted", None, by, text="a name that must go")
    store.custody.purge(1, by)
    first, second = store.custody.lines()
    assert (first.detail, second.act) == (None, "purged")
    assert store.custody.faults() == []
