"""What is due is handed over: several at once, urgent first, and nothing to whoever wants no mail."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from pydantic import BaseModel

from cases.disclosure import Policy
from cases.errors import DeliveryError
from cases.register import CaseStatus
from cases.store import By, Delivery, DigestRecord, Kept, OutMessage, Store
from digests.channels import Receipt
from digests.digest import gather
from digests.dispatch import URGENT_WAITS, WAITS, deliver_due, next_try
from digests.rendering import Rendered, render
from digests.schedule import parse_schedule
from digests.spec import DigestSpec, StdoutSettings

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


class Window:
    """A channel that remembers what it was given, and how many it had in hand at the same time."""

    Settings: ClassVar[type[BaseModel]] = StdoutSettings

    def __init__(
        self, at_once: int = 1, *, waits_for: int = 0, refuses: dict[str, DeliveryError] | None = None
    ) -> None:
        self.at_once = at_once
        self.given: list[str] = []
        self._refuses = refuses or {}
        self._together = threading.Barrier(waits_for, timeout=10) if waits_for else None

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:
        raise NotImplementedError

    def deliver(self, delivery: Delivery) -> Receipt:
        if self._together:
            self._together.wait()
        self.given.append(delivery.recipient)
        if delivery.recipient in self._refuses:
            raise self._refuses[delivery.recipient]
        return Receipt(channel=delivery.channel, recipient=delivery.recipient, said="250 taken")


def record(
    store: Store,
    *recipients: str,
    name: str = "weekly",
    urgent: bool = False,
    channel: str = "email",
    document: str = "",
) -> None:
    out = [
        OutMessage(channel=channel, recipient=one, payload=b"x", message_id=f"<{name}.{one}>", urgent=urgent)
        for one in recipients
    ]
    store.outbox.record(DigestRecord(name=name, period="2026-11-23", made_at=NOW, document=document), out)


def states(store: Store) -> dict[str, str]:
    return {one.recipient: one.state for one in store.deliveries.in_states(["sent", "dropped", "failed"], limit=99)}


def test_several_messages_are_in_hand_at_the_same_time_and_each_once(store: Store) -> None:
    people = [f"p{n}@example.org" for n in range(12)]
    record(store, *people)
    window = Window(at_once=4, waits_for=4)
    attempts = deliver_due(store, {"email": window}, now=NOW)
    assert sorted(window.given) == sorted(people)
    assert len(attempts) == 12
    assert set(states(store).values()) == {"sent"}


def test_a_slow_channel_keeps_no_other_waiting(store: Store) -> None:
    record(store, "slow@example.org", channel="email")
    record(store, "quick@example.org", name="other", channel="file")
    quick = Window()

    class Slow(Window):
        def deliver(self, delivery: Delivery) -> Receipt:
            for _ in range(500):
                if quick.given:
                    return super().deliver(delivery)
                threading.Event().wait(0.02)
            raise DeliveryError("the other channel never had its turn")

    attempts = deliver_due(store, {"email": Slow(), "file": quick}, now=NOW)
    assert all(attempt.receipt for attempt in attempts)


def test_what_is_urgent_goes_first(store: Store) -> None:
    record(store, "late@example.org")
    record(store, "urgent@example.org", name="alerts", urgent=True)
    window = Window()
    deliver_due(store, {"email": window}, now=NOW)
    assert window.given == ["urgent@example.org", "late@example.org"]


def test_who_unsubscribed_after_the_mail_was_recorded_gets_none_of_it(store: Store) -> None:
    record(store, "a@example.org", "b@example.org")
    record(store, "a@example.org", name="other")
    store.suppressions.suppress("A@example.org", digest="weekly", reason="unsubscribed", detail="", now=NOW)
    window = Window()
    attempts = deliver_due(store, {"email": window}, now=NOW)
    assert window.given == ["b@example.org", "a@example.org"], "the other digest still goes there"
    (dropped,) = [attempt.dropped for attempt in attempts if attempt.dropped]
    assert dropped == "email: weekly of 2026-11-23: a@example.org unsubscribed on 2026-11-22, and is not written to"
    assert [one.recipient for one in store.deliveries.in_states(["dropped"], limit=9)] == ["a@example.org"]
    assert store.deliveries.unsettled() == []


@pytest.mark.parametrize("status", [CaseStatus.WITHHELD, CaseStatus.EMBARGOED])
def test_a_message_that_tells_a_case_held_back_since_waits_until_people_release_it(
    store: Store, tell: Callable[..., Kept], status: CaseStatus
) -> None:
    number = tell(store, "lake").changes[0].case.number
    spec = DigestSpec(name="weekly", schedule=parse_schedule("Mon 07:00"), channels=("stdout",))
    made = render(gather(store, spec, now=NOW, policy=Policy()))
    record(store, "a@example.org", document=made.json)
    store.rulings.hold(number, status, By(actor="Mina", at=NOW, reason="the family asks for it"))
    window = Window()
    (attempt,) = deliver_due(store, {"email": window}, now=NOW)
    assert window.given == []
    assert number in (attempt.error or "")
    store.rulings.release(number, By(actor="Mina", at=NOW, reason="the family agrees"))
    deliver_due(store, {"email": window}, now=NOW + timedelta(hours=1))
    assert window.given == ["a@example.org"]


@pytest.mark.parametrize("dead", [True, False])
def test_only_an_address_that_is_dead_is_left_alone_from_then_on(store: Store, dead: bool) -> None:
    record(store, "a@example.org")
    refusal = DeliveryError("email: 550 no", permanent=True, dead_address=dead)
    (attempt,) = deliver_due(store, {"email": Window(refuses={"a@example.org": refusal})}, now=NOW)
    assert (store.suppressions.find("a@example.org", digest="any") is not None) is dead
    assert ("returnwatch recipients restore a@example.org" in (attempt.error or "")) is dead


def test_each_recipient_who_fails_leaves_the_others_their_mail_once(store: Store) -> None:
    people = [f"p{n}@example.org" for n in range(6)]
    record(store, *people)
    refuses = {people[0]: DeliveryError("later"), people[3]: DeliveryError("never", permanent=True)}
    first = Window(at_once=2, refuses=refuses)
    deliver_due(store, {"email": first}, now=NOW)
    second = Window(at_once=2)
    deliver_due(store, {"email": second}, now=NOW + timedelta(hours=1))
    assert sorted(first.given) == people
    assert second.given == [people[0]]


def test_what_is_urgent_is_tried_again_within_minutes() -> None:
    assert next_try(1, NOW) == NOW + WAITS[0] == NOW + timedelta(minutes=30)
    assert next_try(1, NOW, urgent=True) == NOW + timedelta(minutes=2)
    assert next_try(len(URGENT_WAITS) + 1, NOW, urgent=True) is None
