"""Digests and deliveries: recorded before they are sent, told once, and never forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from cases.errors import AlreadyRecorded, UsageError
from cases.model import Article, Report, Stage
from cases.register import CaseStatus
from cases.store import By, DigestRecord, Kept, OutMessage, Store, open_store

Keep = Callable[..., Kept]
MakePage = Callable[..., Article]
MakeReport = Callable[..., Report]
DESK, FIELD = "desk@example.org", "field@example.org"


def message(recipient: str = DESK, payload: bytes = b"\x00exact\r\nbytes\xff") -> OutMessage:
    return OutMessage(channel="email", recipient=recipient, payload=payload, message_id=f"<1.{recipient}>")


def digest(now: datetime, *change_ids: int, name: str = "weekly", period: str = "2026-W47") -> DigestRecord:
    return DigestRecord(name=name, period=period, made_at=now, change_ids=change_ids, subject="1 new", document="{}")


def test_a_change_waits_until_a_digest_of_that_name_tells_it(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("north"), woman())
    (change,) = store.outbox.pending("weekly")
    assert (change.kind, change.case.number, change.at) == ("new", "2026-0001", now)
    store.outbox.record(digest(now, change.id), [message()])
    assert store.outbox.pending("weekly") == []
    assert [one.id for one in store.outbox.pending("urgent")] == [change.id], "another digest has its own ledger"
    assert [one.id for one in store.outbox.pending("weekly", since=now)] == [change.id], "told or not"
    assert store.outbox.pending("weekly", since=now + timedelta(seconds=1)) == []


def test_a_late_change_is_pending_however_old_it_is(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    store.outbox.record(digest(now), [])
    keep(page("north"), woman(), at=now - timedelta(days=400))
    assert len(store.outbox.pending("weekly")) == 1


def test_pending_changes_show_the_case_as_it_stands_now(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport
) -> None:
    keep(page("north"), woman())
    keep(page("south"), woman(stage=Stage.COMPLETED))
    changes = store.outbox.pending("weekly")
    assert [(change.kind, change.revision) for change in changes] == [("new", 1), ("updated", 2)]
    assert {change.case.revision for change in changes} == {2}


def test_what_people_hold_back_is_not_pending_until_they_let_it_go(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("north"), woman())
    (change,) = store.outbox.pending("weekly")
    store.rulings.hold(change.case.id, CaseStatus.WITHHELD, By(actor="Mina", at=now))
    assert store.outbox.pending("weekly") == [], "nobody was told of it, so nobody is told that it is gone"
    store.rulings.release(change.case.id, By(actor="Mina", at=now))
    assert [one.kind for one in store.outbox.pending("weekly")] == ["new", "withdrawn", "corrected"]


def test_those_who_were_told_of_a_case_are_told_that_it_is_withdrawn(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("north"), woman())
    (change,) = store.outbox.pending("weekly")
    store.outbox.record(digest(now, change.id), [])
    store.rulings.hold(change.case.id, CaseStatus.REJECTED, By(actor="Mina", at=now))
    assert [one.kind for one in store.outbox.pending("weekly")] == ["withdrawn"]
    assert store.outbox.pending("urgent") == []


def test_a_digest_is_recorded_once_a_period(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("north"), woman())
    (change,) = store.outbox.pending("weekly")
    digest_id = store.outbox.record(digest(now, change.id), [message()])
    for second in (digest(now), digest(now, change.id, period="2026-W48")):
        with pytest.raises(AlreadyRecorded, match="weekly"):
            store.outbox.record(second, [message()])
    assert [one.id for one in store.outbox.past("weekly")] == [digest_id]
    assert len(store.deliveries.of(digest_id)) == 1


def test_one_recipient_gets_one_message_a_channel_or_nothing_is_recorded(store: Store, now: datetime) -> None:
    with pytest.raises(AlreadyRecorded):
        store.outbox.record(digest(now), [message(), message()])
    assert store.outbox.past("weekly") == []
    assert store.deliveries.take(now) == []


def test_a_recorded_digest_is_given_back_whole(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("north"), woman())
    (change,) = store.outbox.pending("weekly")
    digest_id = store.outbox.record(digest(now, change.id), [])
    found = store.outbox.find("weekly", "2026-W47")
    assert found == DigestRecord(
        id=digest_id,
        name="weekly",
        period="2026-W47",
        made_at=now,
        change_ids=(change.id,),
        subject="1 new",
        document="{}",
    )
    assert store.outbox.find("weekly", "2026-W46") is None


def test_the_exact_bytes_are_handed_out_once(store: Store, now: datetime) -> None:
    digest_id = store.outbox.record(digest(now), [message(DESK), message(FIELD)])
    first, second = store.deliveries.take(now)
    assert store.deliveries.take(now) == []
    assert (first.recipient, first.payload, first.state, first.tries) == (DESK, b"\x00exact\r\nbytes\xff", "sending", 1)
    assert (first.digest, first.period, first.digest_id, first.message_id) == (
        "weekly",
        "2026-W47",
        digest_id,
        f"<1.{DESK}>",
    )
    store.deliveries.sent(first.id, "250 ok", now)
    store.deliveries.failed(second.id, "451 try later", now, now + timedelta(minutes=30))
    assert [(one.state, one.receipt, one.error) for one in store.deliveries.of(digest_id)] == [
        ("sent", "250 ok", None),
        ("failed", None, "451 try later"),
    ]
    assert [one.recipient for one in store.deliveries.unsettled()] == [FIELD]


def test_a_failed_delivery_is_taken_again_when_its_time_has_come(store: Store, now: datetime) -> None:
    store.outbox.record(digest(now), [message()])
    (taken,) = store.deliveries.take(now)
    store.deliveries.failed(taken.id, "451", now, now + timedelta(minutes=30))
    assert store.deliveries.take(now + timedelta(minutes=29)) == []
    (again,) = store.deliveries.take(now + timedelta(minutes=30))
    assert (again.id, again.tries) == (taken.id, 2)


def test_a_final_failure_waits_for_a_person(store: Store, now: datetime) -> None:
    store.outbox.record(digest(now), [message()])
    (taken,) = store.deliveries.take(now)
    store.deliveries.failed(taken.id, "550 no such user", now, None)
    assert store.deliveries.take(now + timedelta(days=9)) == []
    store.deliveries.retry(taken.id, now)
    assert [one.id for one in store.deliveries.take(now)] == [taken.id]


def test_what_was_being_sent_when_the_program_died_is_unknown_and_not_sent_again(store: Store, now: datetime) -> None:
    store.outbox.record(digest(now), [message()])
    (taken,) = store.deliveries.take(now)
    assert store.deliveries.recover(now + timedelta(seconds=59), stale_s=60) == []
    (unknown,) = store.deliveries.recover(now + timedelta(seconds=60), stale_s=60)
    assert (unknown.id, unknown.state) == (taken.id, "unknown")
    assert store.deliveries.take(now + timedelta(days=1)) == []
    store.deliveries.sent(taken.id, "found in the journal mailbox", now)
    assert store.deliveries.unsettled() == []


def test_a_delivery_that_is_not_there_is_named_in_the_error(store: Store, now: datetime) -> None:
    with pytest.raises(UsageError, match="77"):
        store.deliveries.sent(77, "ok", now)
    store.outbox.record(digest(now), [message()])
    (taken,) = store.deliveries.take(now)
    with pytest.raises(UsageError, match=str(taken.id)):
        store.deliveries.retry(taken.id, now)


def test_two_senders_never_take_the_same_delivery(store: Store, store_url: str, now: datetime) -> None:
    store.outbox.record(digest(now), [message(f"desk{i}@example.org") for i in range(24)])

    def take(_: int) -> list[int]:
        with open_store(store_url) as own:
            return [one.id for _ in range(8) for one in own.deliveries.take(now, limit=2)]

    with ThreadPoolExecutor(4) as pool:
        taken = [one for part in pool.map(take, range(4)) for one in part]
    assert len(taken) == len(set(taken)) == 24
