from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Protocol

import msgspec
import pytest
from pydantic import BaseModel

from cases.disclosure import Policy
from cases.errors import DeliveryError, StoreError
from cases.store import Delivery, Kept, OutMessage, Store
from digests.channels import Channel, Receipt, open_channels
from digests.delivery import Sending, send
from digests.digest import gather
from digests.dispatch import WAITS, deliver_due, next_try
from digests.mailserver import EmailSettings
from digests.rendering import Rendered
from digests.spec import DigestSpec

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
PEOPLE = ["a@example.org", "b@example.org", "c@example.org"]


class Mailbox(Protocol):
    port: int
    received: list[tuple[list[str], bytes]]
    refuses: dict[str, str]
    hangs_up: bool


Tell = Callable[..., Kept]
Server = Callable[..., AbstractContextManager[Mailbox]]


def spec(**more: Any) -> DigestSpec:  # noqa: ANN401 - as TOML gives it
    given = {
        "name": "weekly",
        "schedule": "Mon 07:00",
        "timezone": "Asia/Seoul",
        "channels": ["email"],
        "recipients": PEOPLE,
    }
    return DigestSpec.model_validate(given | more)


def over_mail(port: int) -> dict[str, Channel]:
    """One after another, so that the order can be told."""
    table = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "watch@example.org", "timeout_s": 5}
    return open_channels(["email"], {"email": table | {"connections": 1}})


def sent(
    store: Store,
    ways: dict[str, Channel],
    *,
    now: datetime = NOW,
    requested: bool = False,
    **more: Any,  # noqa: ANN401 - as TOML gives it
) -> Sending:
    what = spec(**more)
    digest = gather(store, what, now=now, policy=Policy(), requested=requested)
    return send(store, what, digest, ways, now=now, requested=requested)


def recipients(mailbox: Mailbox) -> list[str]:
    return [address for addresses, _ in mailbox.received for address in addresses]


def test_each_recipient_gets_the_digest_and_a_receipt_is_kept(store: Store, tell: Tell, mailbox: Mailbox) -> None:
    tell(store, "story")
    outcome = sent(store, over_mail(mailbox.port))
    assert outcome.state == "recorded"
    assert [receipt.said for receipt in outcome.receipts] == ["250 2.0.0 queued as 4711"] * 3
    assert recipients(mailbox) == PEOPLE
    (record,) = store.outbox.past("weekly")
    assert record.id is not None
    assert [(one.state, one.receipt) for one in store.deliveries.of(record.id)] == [
        ("sent", "250 2.0.0 queued as 4711")
    ] * 3
    assert record.subject == "[NEW] two women, China -> North Korea, returned (case 2026-0001, rev 1)"
    assert msgspec.json.decode(record.document)["cases"][0]["number"] == "2026-0001"


def test_sending_twice_sends_nothing_twice(store: Store, tell: Tell, mailbox: Mailbox) -> None:
    tell(store, "story")
    what, channels = spec(), over_mail(mailbox.port)
    digest = gather(store, what, now=NOW, policy=Policy())
    send(store, what, digest, channels, now=NOW)
    assert send(store, what, digest, channels, now=NOW).state == "already_recorded"
    assert sent(store, channels, now=NOW + timedelta(minutes=5)).state == "already_recorded"
    assert sent(store, channels, now=NOW + timedelta(days=1), requested=True).state == "nothing_new"
    assert recipients(mailbox) == PEOPLE


def test_a_person_may_ask_between_two_turns_and_the_turn_does_not_repeat_it(
    store: Store, tell: Tell, mailbox: Mailbox
) -> None:
    channels = over_mail(mailbox.port)
    tell(store, "one")
    assert sent(store, channels, now=NOW + timedelta(days=2), requested=True).state == "recorded"
    turn = sent(store, channels, now=NOW + timedelta(days=7))
    assert turn.state == "nothing_new"
    assert len(mailbox.received) == 3


def test_one_recipient_who_is_refused_for_good_stops_nobody(store: Store, tell: Tell, mailbox: Mailbox) -> None:
    tell(store, "story")
    mailbox.refuses["b@example.org"] = "550 5.1.1 no such mailbox"
    outcome = sent(store, over_mail(mailbox.port))
    assert recipients(mailbox) == ["a@example.org", "c@example.org"]
    assert len(outcome.receipts) == 2
    (error,) = outcome.errors
    assert "to b@example.org" in error
    assert "550 5.1.1 no such mailbox" in error
    (owed,) = outcome.owed
    assert (owed.recipient, owed.state, owed.due_at) == ("b@example.org", "failed", None)
    assert deliver_due(store, over_mail(mailbox.port), now=NOW + timedelta(days=30)) == ()


def test_one_who_is_refused_for_now_gets_it_later_and_the_others_not_again(
    store: Store, tell: Tell, mailbox: Mailbox
) -> None:
    tell(store, "story")
    channels = over_mail(mailbox.port)
    mailbox.refuses["b@example.org"] = "451 4.7.1 come back later"
    (owed,) = sent(store, channels).owed
    assert owed.due_at == NOW + WAITS[0]
    mailbox.refuses.clear()
    assert deliver_due(store, channels, now=NOW + timedelta(minutes=29)) == ()
    (attempt,) = deliver_due(store, channels, now=NOW + timedelta(minutes=30))
    assert attempt.receipt is not None
    assert recipients(mailbox) == ["a@example.org", "c@example.org", "b@example.org"]


def test_a_server_that_is_away_loses_nothing_and_the_same_bytes_go_out_later(
    store: Store, tell: Tell, serve_smtp: Server
) -> None:
    tell(store, "story")
    with serve_smtp() as closed:
        port = closed.port
    outcome = sent(store, over_mail(port))
    assert outcome.state == "recorded"
    assert all("Connection refused" in error for error in outcome.errors)
    before = [one.payload for one in outcome.owed]
    with serve_smtp() as mailbox:
        again = sent(store, over_mail(mailbox.port), now=NOW + timedelta(minutes=1), requested=True)
        assert again.state == "nothing_new"
        assert len(again.receipts) == 3, "a person who asks does not wait for the next try"
        assert [content for _, content in mailbox.received] == before


def test_a_message_that_may_have_arrived_is_held_and_not_sent_again(store: Store, tell: Tell, mailbox: Mailbox) -> None:
    tell(store, "story")
    mailbox.hangs_up = True
    channels = over_mail(mailbox.port)
    outcome = sent(store, channels, recipients=["a@example.org"])
    (attempt,) = outcome.attempts
    assert attempt.uncertain
    assert [one.state for one in outcome.owed] == ["unknown"]
    mailbox.hangs_up = False
    sent(store, channels, now=NOW + timedelta(days=3), requested=True)
    assert len(mailbox.received) == 1


def test_after_a_crash_what_was_being_sent_is_held_and_the_rest_goes_out(
    store: Store, tell: Tell, mailbox: Mailbox
) -> None:
    tell(store, "story")
    sent(store, {"email": Waiting(over_mail(mailbox.port)["email"])})
    for delivery in store.deliveries.unsettled():
        store.deliveries.retry(delivery.id, NOW)
    (taken,) = store.deliveries.take(NOW, limit=1)
    assert taken.recipient == "a@example.org"
    later = NOW + timedelta(minutes=1)
    assert [one.recipient for one in store.deliveries.recover(later)] == ["a@example.org"]
    deliver_due(store, over_mail(mailbox.port), now=later)
    assert recipients(mailbox) == ["b@example.org", "c@example.org"]


def test_with_nothing_new_a_period_passes_in_silence_until_a_week_is_over(
    store: Store, tell: Tell, mailbox: Mailbox
) -> None:
    channels = over_mail(mailbox.port)
    tell(store, "story")
    sent(store, channels, schedule="daily 07:00")
    for day in range(1, 7):
        assert sent(store, channels, now=NOW + timedelta(days=day), schedule="daily 07:00").state == "nothing_new"
    assert len(mailbox.received) == 3
    assert sent(store, channels, now=NOW + timedelta(days=7), schedule="daily 07:00").state == "recorded"
    assert len(mailbox.received) == 6
    assert store.outbox.past("weekly")[0].subject.startswith("[QUIET] nothing new")


def test_a_channel_that_breaks_stops_no_other(store: Store, tell: Tell, tmp_path: Path) -> None:
    tell(store, "story")
    channels: dict[str, Channel] = open_channels(["file"], {"file": {"folder": str(tmp_path)}}) | {
        "email": Broken(over_mail(25)["email"])
    }
    outcome = sent(store, channels, channels=["email", "file"])
    assert [receipt.channel for receipt in outcome.receipts] == ["file"]
    assert all("the channel broke: ZeroDivisionError" in error for error in outcome.errors)
    assert (tmp_path / "digest.html").exists()


def test_a_channel_that_was_taken_out_of_the_configuration_leaves_its_messages_waiting(
    store: Store, tell: Tell, mailbox: Mailbox
) -> None:
    tell(store, "story")
    mailbox.refuses["b@example.org"] = "451 later"
    sent(store, over_mail(mailbox.port))
    (attempt,) = deliver_due(store, {}, now=NOW + timedelta(hours=1))
    assert "no channel of this name is configured" in (attempt.error or "")
    assert attempt.retry_at is not None


def test_a_store_that_fails_after_the_server_took_it_is_not_told_as_unsent(
    store: Store, tell: Tell, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(store, "story")

    def full(*_: object) -> None:
        raise StoreError("store: the disk is full")

    monkeypatch.setattr(store.deliveries, "sent", full)
    with pytest.raises(StoreError, match="disk is full"):
        sent(store, over_mail(mailbox.port))
    assert len(mailbox.received) == 1
    assert [one.state for one in store.deliveries.unsettled()] == ["sending", "ready", "ready"]


def test_waits_grow_to_a_day_and_end_after_five() -> None:
    waits = [next_try(tries, NOW) for tries in range(1, 12)]
    assert waits[0] == NOW + timedelta(minutes=30)
    assert waits[8] == NOW + timedelta(days=1)
    assert waits[9:] == [None, None]
    assert timedelta(days=4) < sum(WAITS, timedelta()) < timedelta(days=5)


class Waiting:
    """A channel whose other side is never there."""

    Settings: ClassVar[type[BaseModel]] = EmailSettings

    def __init__(self, real: Channel) -> None:
        self._real = real

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:
        return self._real.compose(rendered, recipients)

    def deliver(self, delivery: Delivery) -> Receipt:
        raise DeliveryError(f"{delivery.recipient} waits")


class Broken(Waiting):
    """A stranger's channel with a mistake in it."""

    def deliver(self, delivery: Delivery) -> Receipt:
        return Receipt(channel="email", recipient=delivery.recipient, said=str(1 // 0))
