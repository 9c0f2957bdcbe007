"""Alerts: told once to each, recorded beside the digests, acknowledged by the first who does."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cases.model import Article, Report
from cases.register import CaseStatus
from cases.store import By, DigestRecord, Kept, OutMessage, Store, alert_name

Keep = Callable[..., Kept]
MakePage = Callable[..., Article]
MakeReport = Callable[..., Report]


def message(recipient: str, not_before: datetime | None = None) -> OutMessage:
    return OutMessage(
        channel="email", recipient=recipient, payload=b"x", message_id=f"<{recipient}>", not_before=not_before
    )


def alerted(store: Store, now: datetime, *messages: OutMessage) -> int:
    """Record an alert of everything that waits."""
    ids = tuple(change.id for change in store.outbox.pending(alert_name("weekly")))
    record = DigestRecord(
        name=alert_name("weekly"), period=f"{now:%H%M%S}", made_at=now, change_ids=ids, subject="[URGENT]"
    )
    return store.outbox.record(record, messages)


def test_what_an_alert_told_waits_for_the_digest_and_for_no_other_alert(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    keep(page("north"), woman())
    alert_id = alerted(store, now, message("desk@example.org"))
    assert store.outbox.pending(alert_name("weekly")) == []
    assert [change.case.number for change in store.outbox.pending("weekly")] == ["2026-0001"]
    (alert,) = store.alerts.since(now)
    assert (alert.id, alert.digest, alert.cases, alert.acknowledged_by) == (alert_id, "weekly", ("2026-0001",), None)
    assert store.alerts.since(now + timedelta(seconds=1)) == []
    assert store.alerts.since(now, digest_name="other") == []
    assert store.alerts.of_case("2026-0001") == [alert] == [store.alerts.find("weekly", alert.period)]
    assert store.alerts.of_case("2026-0002") == []


def test_what_was_passed_over_is_no_alert(store: Store, now: datetime) -> None:
    store.outbox.record(DigestRecord(name=alert_name("weekly"), period="x", made_at=now), [])
    assert store.alerts.since(now) == []


def test_more_people_may_be_told_of_an_alert_and_nobody_twice(store: Store, now: datetime) -> None:
    alert_id = alerted(store, now, message("desk@example.org"))
    later = now + timedelta(hours=1)
    more = [message("desk@example.org"), message("duty@example.org")]
    assert [one.recipient for one in store.alerts.tell_more(alert_id, more, later)] == ["duty@example.org"]
    assert store.alerts.tell_more(alert_id, more, later) == []
    assert [one.recipient for one in store.alerts.told([alert_id])] == ["desk@example.org", "duty@example.org"]
    assert [one.recipient for one in store.deliveries.take(later)] == ["desk@example.org", "duty@example.org"]


def test_the_first_who_acknowledges_has_done_so(store: Store, now: datetime) -> None:
    alert_id = alerted(store, now)
    assert store.alerts.acknowledge(alert_id, "Mina", now)
    assert not store.alerts.acknowledge(alert_id, "Jun", now + timedelta(hours=1))
    (alert,) = store.alerts.since(now)
    assert (alert.acknowledged_by, alert.acknowledged_at) == ("Mina", now)


def test_a_message_waits_for_its_time(store: Store, now: datetime) -> None:
    morning = now + timedelta(hours=7)
    alerted(store, now, message("desk@example.org", morning), message("duty@example.org"))
    assert [one.recipient for one in store.deliveries.take(now)] == ["duty@example.org"]
    assert [one.recipient for one in store.deliveries.take(morning)] == ["desk@example.org"]


def test_a_case_that_people_hold_back_since_is_told_to_nobody_more(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, now: datetime
) -> None:
    kept = keep(page("north"), woman())
    alert_id = alerted(store, now)
    assert len(store.alerts.changes(alert_id)) == 1
    store.rulings.hold(kept.changes[0].case.id, CaseStatus.WITHHELD, By(actor="Mina", at=now))
    assert store.alerts.changes(alert_id) == []
