"""digest → recorded → sent → receipt: nothing leaves before it is recorded, and nothing recorded is told twice.

The exact bytes of every message lie in the outbox before the first one is sent, so a crash can neither skip a case nor render
it anew. Messages are taken one by one: the failure of one recipient, or of one channel, stops nobody else. A message whose
fate nobody saw (the process died, or the server never answered) is held and told to the operator; it is not sent again by
itself, because a digest that comes twice as new is worse than one that a person sends again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from cases.errors import AlreadyRecorded, DeliveryError, WatchError
from cases.model import Value
from cases.store import Delivery, DigestRecord, OutMessage, Store
from digests.channels import Channel, Receipt
from digests.digest import is_due, last_told
from digests.rendering import Rendered, render
from digests.spec import DigestSpec
from digests.templating import BUILT_IN, Templates
from digests.view import Digest

WAITS = tuple(timedelta(minutes=minutes) for minutes in (30, 60, 120, 240, 480, 960, 1440, 1440, 1440))
"""Waits after each failed try: RFC 5321 asks for half an hour at least, and for giving up after four to five days."""


class Attempt(Value, frozen=True, kw_only=True):
    """What became of one message that was tried."""

    delivery: Delivery
    receipt: Receipt | None = None
    error: str | None = None
    """What, which and why; ``None`` when it was taken."""
    retry_at: datetime | None = None
    """When it will be tried again; ``None`` when it was taken, is refused for good, or its fate is unknown."""
    uncertain: bool = False


class Sending(Value, frozen=True, kw_only=True):
    """What became of a digest that was to be sent."""

    state: Literal["recorded", "already_recorded", "nothing_new"]
    subject: str
    attempts: tuple[Attempt, ...] = ()
    owed: tuple[Delivery, ...] = ()
    """Messages of digests of this name that have not arrived, each with its error and when it is tried again."""

    @property
    def receipts(self) -> list[Receipt]:
        """Receipts of the messages that were taken now."""
        return [attempt.receipt for attempt in self.attempts if attempt.receipt]

    @property
    def errors(self) -> list[str]:
        """What could not be handed over now, each in a sentence."""
        return [attempt.error for attempt in self.attempts if attempt.error]


def send(
    store: Store,
    spec: DigestSpec,
    digest: Digest,
    channels: Mapping[str, Channel],
    *,
    now: datetime,
    requested: bool = False,
    templates: Templates = BUILT_IN,
) -> Sending:
    """Record a digest with its messages, then send what is due of it.

    A digest that is recorded already is not made again; only what is still owed of it goes out. With nothing to tell, the
    period is recorded without messages, unless ``quiet`` asks for a sign of life. ``requested`` means that a person asked
    now: with nothing to tell nothing is recorded, and what waits for another try is tried at once. ``channels`` holds every
    channel of the installation: messages that other digests still owe are due as well. Raises RenderError and StoreError; a
    refused message is no exception but an attempt with its reason.
    """
    rendered = render(digest, templates)
    if requested:
        _try_again_now(store, spec, now)
    state: Literal["recorded", "already_recorded", "nothing_new"] = "nothing_new"
    worth = is_due(spec, digest, last_told(store.outbox.past(spec.name))) and not (requested and digest.is_quiet)
    if worth or not requested:
        messages = compose(spec, rendered, channels) if worth else []
        try:
            store.outbox.record(_record(digest, rendered, told=worth), messages)
            state = "recorded" if worth else "nothing_new"
        except AlreadyRecorded:
            state = "already_recorded"
    attempts = deliver_due(store, channels, now=now)
    owed = tuple(one for one in store.deliveries.unsettled() if one.digest == spec.name)
    return Sending(state=state, subject=rendered.subject, attempts=attempts, owed=owed)


def compose(spec: DigestSpec, rendered: Rendered, channels: Mapping[str, Channel]) -> list[OutMessage]:
    """Make every message of a digest, over every channel that it names."""
    return [message for name in spec.channels for message in channels[name].compose(rendered, list(spec.recipients))]


def deliver_due(store: Store, channels: Mapping[str, Channel], *, now: datetime) -> tuple[Attempt, ...]:
    """Send everything in the outbox whose time has come, one message after another."""
    attempts: list[Attempt] = []
    while taken := store.deliveries.take(now, limit=1):
        attempts.extend(_try(store, channels, delivery, now) for delivery in taken)
    return tuple(attempts)


def recover(store: Store, *, now: datetime, stale_s: float = 0) -> Sequence[Delivery]:
    """At start: hold what a process that died was sending. Those may have arrived; a person decides."""
    return store.deliveries.recover(now, stale_s=stale_s)


def next_try(tries: int, now: datetime) -> datetime | None:
    """Say when a message that failed ``tries`` times is tried again; ``None`` when it has been tried for five days."""
    return now + WAITS[tries - 1] if 0 < tries <= len(WAITS) else None


def _try_again_now(store: Store, spec: DigestSpec, now: datetime) -> None:
    """Make what waits for another try ready; what was refused for good, or may have arrived, stays as it is."""
    for delivery in store.deliveries.unsettled():
        if delivery.digest == spec.name and delivery.state == "failed" and delivery.due_at is not None:
            store.deliveries.retry(delivery.id, now)


def _try(store: Store, channels: Mapping[str, Channel], delivery: Delivery, now: datetime) -> Attempt:
    """Hand one message over and record what became of it."""
    what = f"{delivery.channel}: {delivery.digest} of {delivery.period}"
    channel = channels.get(delivery.channel)
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


def _failed(store: Store, delivery: Delivery, failure: WatchError, now: datetime) -> Attempt:
    final = isinstance(failure, DeliveryError) and (failure.permanent or failure.uncertain)
    uncertain = isinstance(failure, DeliveryError) and failure.uncertain
    retry_at = None if final else next_try(delivery.tries, now)
    if uncertain:
        store.deliveries.unknown(delivery.id, str(failure), now)
    else:
        store.deliveries.failed(delivery.id, str(failure), now, retry_at)
    return Attempt(delivery=delivery, error=str(failure), retry_at=retry_at, uncertain=uncertain)


def _record(digest: Digest, rendered: Rendered, *, told: bool) -> DigestRecord:
    """Make the record; what was passed over in silence has no subject."""
    return DigestRecord(
        name=digest.name,
        period=digest.period,
        made_at=digest.created_at,
        change_ids=digest.change_ids,
        subject=rendered.subject if told else "",
        document=rendered.json,
    )
