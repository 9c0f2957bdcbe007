"""outbox → channel → receipt: what is due is handed over, each message once, several at the same time where a channel can.

Messages are taken one by one: the failure of one recipient, or of one channel, stops nobody else. Whether somebody may still be
written to, and whether all that a message tells may still leave, is asked at the last moment: an unsubscription, an embargo and a
case that is withheld hold for what lies in the outbox already.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from cases.errors import DeliveryError, WatchError
from cases.model import Value
from cases.store import Delivery, Store
from digests.archive import told_in
from digests.channels import Channel, Receipt

WAITS = tuple(timedelta(minutes=minutes) for minutes in (30, 60, 120, 240, 480, 960, 1440, 1440, 1440))
"""Waits after each failed try: RFC 5321 (4.5.4.1) asks for half an hour at least, and for giving up after four to five days."""

URGENT_WAITS = (*(timedelta(minutes=minutes) for minutes in (2, 5, 15)), *WAITS)
"""What is urgent is tried sooner at first: most servers that say "later" mean minutes."""


class Attempt(Value, frozen=True, kw_only=True):
    """What became of one message that was tried."""

    delivery: Delivery
    receipt: Receipt | None = None
    error: str | None = None
    """What, which and why; ``None`` when it was taken, or dropped."""
    retry_at: datetime | None = None
    """When it will be tried again; ``None`` when it was taken, is refused for good, or its fate is unknown."""
    uncertain: bool = False
    dropped: str | None = None
    """Why it was not sent at all: its recipient is not written to."""


def deliver_due(store: Store, channels: Mapping[str, Channel], *, now: datetime) -> tuple[Attempt, ...]:
    """Send everything in the outbox whose time has come: what is urgent first, each channel beside the others.

    A channel that names ``at_once`` is given so many messages at the same time; any other one after another. Raises StoreError
    when what became of a message cannot be recorded.
    """
    lanes = [name for name in store.deliveries.due_channels(now) for _ in range(_at_once(channels.get(name)))]
    if len(lanes) <= 1:
        return tuple(attempt for name in lanes for attempt in _drain(store, channels, name, now))
    with ThreadPoolExecutor(max_workers=len(lanes), thread_name_prefix="delivery") as pool:
        running = [pool.submit(_drain, store, channels, name, now) for name in lanes]
    return tuple(attempt for lane in running for attempt in lane.result())


def next_try(tries: int, now: datetime, *, urgent: bool = False) -> datetime | None:
    """Say when a message that failed ``tries`` times is tried again; ``None`` when it has been tried for days."""
    waits = URGENT_WAITS if urgent else WAITS
    return now + waits[tries - 1] if 0 < tries <= len(waits) else None


def _at_once(channel: Channel | None) -> int:
    return max(1, int(getattr(channel, "at_once", 1)))


def _drain(store: Store, channels: Mapping[str, Channel], name: str, now: datetime) -> Sequence[Attempt]:
    """Take the messages of one channel until none is due."""
    attempts: list[Attempt] = []
    while taken := store.deliveries.take(now, channel=name, limit=1):
        attempts.extend(_try(store, channels.get(name), delivery, now) for delivery in taken)
    return attempts


def _try(store: Store, channel: Channel | None, delivery: Delivery, now: datetime) -> Attempt:
    """Hand one message over and record what became of it."""
    what = f"{delivery.channel}: {delivery.digest} of {delivery.period}"
    if (reason := _unwanted(store, delivery)) is not None:
        store.deliveries.dropped(delivery.id, reason, now)
        return Attempt(delivery=delivery, dropped=f"{what}: {reason}")
    if held := _held_back(store, delivery):
        kept = f"{what}: it is not sent, because people hold back {', '.join(held)} since it was made; it is tried again when they release"
        return _failed(
            store, delivery, DeliveryError(f"{kept}, or drop it: returnwatch deliveries drop {delivery.id}"), now
        )
    if channel is None:
        waits = DeliveryError(f"{what}: it waits, because no channel of this name is configured")
        return _failed(store, delivery, waits, now)
    try:
        receipt = channel.deliver(delivery)
    except WatchError as failure:
        return _failed(store, delivery, failure, now)
    except Exception as failure:  # noqa: BLE001 - a stranger's channel may raise anything, and must not stop the others
        broken = DeliveryError(f"{what}: the channel broke: {type(failure).__name__}: {failure}", uncertain=True)
        return _failed(store, delivery, broken, now)
    store.deliveries.sent(delivery.id, receipt.said, now)
    return Attempt(delivery=delivery, receipt=receipt)


def _unwanted(store: Store, delivery: Delivery) -> str | None:
    """Say why somebody is not written to, if so."""
    if not delivery.recipient:
        return None
    found = store.suppressions.find(delivery.recipient, digest=delivery.digest, channel=delivery.channel)
    return f"{delivery.recipient} {found.reason} on {found.at:%Y-%m-%d}, and is not written to" if found else None


def _held_back(store: Store, delivery: Delivery) -> list[str]:
    """Give the numbers of the cases that a message tells and that may not leave any more."""
    record = store.outbox.find(delivery.digest, delivery.period)
    told = told_in(record.document) if record is not None else frozenset()
    return sorted(told & store.cases.held_back()) if told else []


def _failed(store: Store, delivery: Delivery, failure: WatchError, now: datetime) -> Attempt:
    told = failure if isinstance(failure, DeliveryError) else DeliveryError(str(failure))
    if told.uncertain:
        store.deliveries.unknown(delivery.id, str(told), now)
        return Attempt(delivery=delivery, error=str(told), uncertain=True)
    retry_at = None if told.permanent else next_try(delivery.tries, now, urgent=delivery.urgent)
    if retry_at is not None and told.retry_after is not None:
        retry_at = max(retry_at, now + told.retry_after)
    store.deliveries.failed(delivery.id, str(told), now, retry_at)
    error = str(told)
    if told.dead_address and store.suppressions.suppress(
        delivery.recipient, digest=None, channel=delivery.channel, reason="bounced", detail=error, now=now
    ):
        error = f"{error}; nothing more is sent to this address (returnwatch recipients restore {delivery.recipient})"
    return Attempt(delivery=delivery, error=error, retry_at=retry_at)
