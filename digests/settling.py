"""unknown → sent | ready | held: what becomes of messages whose fate nobody saw.

A program that was killed while it sent, or a server that never answered, leaves a message that may have arrived. The channel is
asked for it at once, and again when the grace is over. What is found was sent. What is not found then is sent again if it is
urgent, for silence would be worse than a repetition; a digest is held, for a digest that comes twice as new is worse than one
that a person sends again. Each message keeps its Message-ID, so many receivers show a repetition once. Over a channel that says
``repeats_safely`` everything is sent again at once: its receivers take one message twice for one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from cases.errors import WatchError
from cases.model import Value
from cases.store import Delivery, Store
from digests.channels import Asked, Channel
from digests.dispatch import URGENT_WAITS

GRACE = timedelta(minutes=30)
"""For channels that name none: how long proof may take to come."""

STALE = timedelta(hours=2)
"""Nothing is being sent for so long: whoever took it is gone. More than any wait for an answer that can be configured."""

_ASK_AGAIN = timedelta(minutes=5)


class Settled(Value, frozen=True, kw_only=True):
    """What became of one message of unknown fate."""

    delivery: Delivery
    became: Literal["sent", "ready", "held", "asked"]
    """``asked``: it is asked for again later."""
    said: str


def settle(store: Store, channels: Mapping[str, Channel], *, now: datetime) -> tuple[Settled, ...]:
    """Ask for every message of unknown fate whose time has come, and decide what can be decided. Raises StoreError."""
    store.deliveries.recover(now, stale_s=STALE.total_seconds())
    waiting = store.deliveries.to_ask(now)
    settled: list[Settled] = []
    for name in dict.fromkeys(delivery.channel for delivery in waiting):
        of_channel = [delivery for delivery in waiting if delivery.channel == name]
        found, fault = _ask(channels.get(name), of_channel)
        grace = _grace(channels.get(name))
        for delivery in of_channel:
            if getattr(channels.get(name), "repeats_safely", False) and delivery.tries <= len(URGENT_WAITS):
                settled.append(_again(store, delivery, now))
            elif delivery.id in found:
                settled.append(_found(store, delivery, now))
            else:
                settled.append(_missing(store, delivery, grace, fault, now))
    return tuple(settled)


def _grace(channel: object) -> timedelta:
    return channel.grace if isinstance(channel, Asked) else GRACE


def _ask(channel: object, deliveries: Sequence[Delivery]) -> tuple[frozenset[int], str]:
    """Give what the channel found, and why it could not be asked; empty when it cannot be asked at all."""
    if not isinstance(channel, Asked):
        return frozenset(), ""
    try:
        return channel.arrived(deliveries), ""
    except WatchError as failure:
        return frozenset(), str(failure)


def _found(store: Store, delivery: Delivery, now: datetime) -> Settled:
    said = "nobody saw the answer, but its copy was found"
    store.deliveries.sent(delivery.id, said, now)
    return Settled(delivery=delivery, became="sent", said=said)


def _again(store: Store, delivery: Delivery, now: datetime) -> Settled:
    """Send again over a channel whose receivers know a repetition by its id, or where it changes nothing."""
    store.deliveries.retry(delivery.id, now)
    return Settled(delivery=delivery, became="ready", said="its receiver knows a repetition, so it is sent again")


def _missing(store: Store, delivery: Delivery, grace: timedelta, fault: str, now: datetime) -> Settled:
    """Wait for the end of the grace, twice as long if the question itself fails; then send again, or hold."""
    over = delivery.changed_at + (2 * grace if fault else grace)
    if now < over:
        again = min(over, now + _ASK_AGAIN) if fault else over
        store.deliveries.ask_again(delivery.id, again)
        return Settled(delivery=delivery, became="asked", said=fault or "it is not there yet")
    why = fault or "no copy of it was found"
    if delivery.urgent and delivery.tries <= len(URGENT_WAITS):
        store.deliveries.retry(delivery.id, now)
        return Settled(delivery=delivery, became="ready", said=f"{why}; it is urgent, so it is sent again")
    said = f"{delivery.error}; {why}: returnwatch deliveries retry {delivery.id}, or accept {delivery.id}"
    store.deliveries.hold(delivery.id, said)
    return Settled(delivery=delivery, became="held", said=said)
