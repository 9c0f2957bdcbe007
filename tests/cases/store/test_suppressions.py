"""Addresses that are not written to: for one digest or for all, with a reason, until somebody lifts it."""

from datetime import datetime, timedelta

from cases.store import Store

DESK = "Desk@Example.org"


def test_who_unsubscribes_from_one_digest_still_gets_the_others(store: Store, now: datetime) -> None:
    assert store.suppressions.suppress(DESK, digest="weekly", reason="unsubscribed", detail="one click", now=now)
    found = store.suppressions.find("desk@example.org", digest="weekly")
    assert found is not None
    assert (found.recipient, found.digest, found.reason, found.at) == (
        "desk@example.org",
        "weekly",
        "unsubscribed",
        now,
    )
    assert store.suppressions.find(DESK, digest="urgent") is None
    assert store.suppressions.find(DESK, digest="weekly", channel="webhook") is None
    assert store.suppressions.find("other@example.org", digest="weekly") is None


def test_an_address_that_is_dead_gets_nothing_at_all(store: Store, now: datetime) -> None:
    assert store.suppressions.suppress(DESK, digest=None, reason="bounced", detail="550 5.1.1", now=now)
    assert store.suppressions.find(DESK, digest="weekly") is not None
    assert not store.suppressions.suppress(DESK, digest="weekly", reason="unsubscribed", detail="", now=now)
    assert len(store.suppressions.standing()) == 1


def test_saying_it_twice_keeps_the_first_reason(store: Store, now: datetime) -> None:
    later = now + timedelta(days=1)
    assert store.suppressions.suppress(DESK, digest="weekly", reason="unsubscribed", detail="", now=now)
    assert not store.suppressions.suppress(DESK.lower(), digest="weekly", reason="decided", detail="", now=later)
    assert store.suppressions.suppress(DESK, digest=None, reason="bounced", detail="", now=later), "that is more"
    assert [one.reason for one in store.suppressions.standing()] == ["unsubscribed", "bounced"]


def test_what_is_lifted_may_be_said_again(store: Store, now: datetime) -> None:
    store.suppressions.suppress(DESK, digest="weekly", reason="unsubscribed", detail="", now=now)
    store.suppressions.suppress(DESK, digest=None, reason="bounced", detail="", now=now)
    (lifted,) = store.suppressions.lift(DESK, digest="weekly", now=now)
    assert (lifted.digest, lifted.lifted_at) == ("weekly", now)
    assert store.suppressions.find(DESK, digest="weekly") is not None, "the address bounces still"
    assert len(store.suppressions.lift(DESK, digest=None, now=now)) == 1
    assert store.suppressions.find(DESK, digest="weekly") is None
    assert store.suppressions.lift(DESK, digest=None, now=now) == []
    assert store.suppressions.suppress(DESK, digest="weekly", reason="unsubscribed", detail="", now=now)
