"""Messages of unknown fate: found is sent; not found after the grace, an urgent one is sent again and a digest is held."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from pydantic import BaseModel

from cases.errors import DigestError
from cases.store import Delivery, DigestRecord, OutMessage, Store
from digests.channels import Receipt
from digests.dispatch import URGENT_WAITS
from digests.rendering import Rendered
from digests.settling import GRACE, STALE, settle
from digests.spec import StdoutSettings

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Answering:
    """A channel that can be asked, and answers as it is told."""

    Settings: ClassVar[type[BaseModel]] = StdoutSettings
    grace = timedelta(minutes=10)

    def __init__(self, *arrived: str, away: bool = False) -> None:
        self.there, self.away = set(arrived), away
        self.asked = 0

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:
        raise NotImplementedError

    def deliver(self, delivery: Delivery) -> Receipt:
        raise NotImplementedError

    def arrived(self, deliveries: Sequence[Delivery]) -> frozenset[int]:
        self.asked += 1
        if self.away:
            raise DigestError("mailbox journal: it did not answer")
        return frozenset(one.id for one in deliveries if one.recipient in self.there)


def lost(store: Store, *recipients: str, urgent: bool = False, name: str = "weekly") -> list[Delivery]:
    """Record messages, and let whoever sends them die."""
    out = [OutMessage(channel="email", recipient=one, payload=b"x", urgent=urgent) for one in recipients]
    store.outbox.record(DigestRecord(name=name, period="2026-11-23", made_at=NOW), out)
    store.deliveries.take(NOW)
    return store.deliveries.recover(NOW)


def state(store: Store, delivery: Delivery) -> str:
    found = store.deliveries.find(delivery.id)
    assert found is not None
    return found.state


def test_what_the_channel_finds_was_sent(store: Store) -> None:
    here, missing = lost(store, "a@example.org", "b@example.org")
    channel = Answering("a@example.org")
    assert [one.became for one in settle(store, {"email": channel}, now=NOW)] == ["sent", "asked"]
    assert (state(store, here), state(store, missing)) == ("sent", "unknown")
    assert settle(store, {"email": channel}, now=NOW + 9 * MINUTE) == (), (
        "it is asked once more, when the grace is over"
    )
    channel.there.add("b@example.org")
    assert [one.became for one in settle(store, {"email": channel}, now=NOW + 10 * MINUTE)] == ["sent"]
    assert channel.asked == 2


def test_a_digest_that_is_not_found_is_held_and_told_once(store: Store) -> None:
    (one,) = lost(store, "a@example.org")
    settle(store, {"email": Answering()}, now=NOW)
    (held,) = settle(store, {"email": Answering()}, now=NOW + 10 * MINUTE)
    assert held.became == "held"
    assert "it may have arrived; no copy of it was found" in held.said
    assert settle(store, {"email": Answering("a@example.org")}, now=NOW + timedelta(days=9)) == ()
    assert store.deliveries.take(NOW + timedelta(days=9)) == []
    store.deliveries.retry(one.id, NOW + timedelta(days=9))
    assert [again.payload for again in store.deliveries.take(NOW + timedelta(days=9))] == [one.payload]


def test_what_is_urgent_is_sent_again_but_not_for_ever(store: Store) -> None:
    (one,) = lost(store, "a@example.org", urgent=True)
    now = NOW
    for _ in range(len(URGENT_WAITS)):
        settle(store, {"email": Answering()}, now=now)
        now += 10 * MINUTE
        assert [each.became for each in settle(store, {"email": Answering()}, now=now)] == ["ready"]
        assert [each.id for each in store.deliveries.take(now)] == [one.id]
        store.deliveries.unknown(one.id, "lost again", now)
    settle(store, {"email": Answering()}, now=now)
    assert [each.became for each in settle(store, {"email": Answering()}, now=now + 10 * MINUTE)] == ["held"]


def test_a_journal_that_does_not_answer_is_given_twice_the_time(store: Store) -> None:
    (digest,) = lost(store, "a@example.org")
    (alert,) = lost(store, "a@example.org", urgent=True, name="alerts")
    away = Answering(away=True)
    (first, _) = settle(store, {"email": away}, now=NOW)
    assert (first.became, first.said) == ("asked", "mailbox journal: it did not answer")
    assert len(settle(store, {"email": away}, now=NOW + 10 * MINUTE)) == 2
    assert (state(store, digest), state(store, alert)) == ("unknown", "unknown")
    settle(store, {"email": away}, now=NOW + 20 * MINUTE)
    assert (state(store, digest), state(store, alert)) == ("unknown", "ready")


def test_a_channel_that_cannot_be_asked_waits_and_holds(store: Store) -> None:
    (one,) = lost(store, "a@example.org")
    assert [each.became for each in settle(store, {}, now=NOW)] == ["asked"]
    assert [each.became for each in settle(store, {}, now=NOW + GRACE)] == ["held"]
    assert state(store, one) == "unknown"


def test_what_somebody_took_and_never_settled_is_asked_for(store: Store) -> None:
    store.outbox.record(
        DigestRecord(name="weekly", period="2026-11-23", made_at=NOW),
        [OutMessage(channel="email", recipient="a@example.org", payload=b"x")],
    )
    store.deliveries.take(NOW)
    channel = Answering("a@example.org")
    assert settle(store, {"email": channel}, now=NOW + STALE - MINUTE) == ()
    assert [one.became for one in settle(store, {"email": channel}, now=NOW + STALE)] == ["sent"]
