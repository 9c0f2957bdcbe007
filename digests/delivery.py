"""digest → recorded → sent → receipt: nothing leaves before it is recorded, and nothing recorded is told twice.

The exact bytes of every message lie in the outbox before the first one is sent, so a crash can neither skip a case nor render
it anew. ``dispatch`` hands over what is due, ``settling`` finds out what became of messages whose fate nobody saw.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from cases.errors import AlreadyRecorded
from cases.model import Value
from cases.store import Delivery, DigestRecord, Store
from digests.channels import Channel, Receipt
from digests.composing import Edition, Editions, messages
from digests.digest import is_due, last_told
from digests.dispatch import Attempt, deliver_due
from digests.rendering import Rendered
from digests.spec import DigestSpec
from digests.templating import BUILT_IN, Templates
from digests.view import Digest


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
    digest: Digest | Edition,
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
    channel of the installation: messages that other digests still owe are due as well. An edition is asked for the
    languages of the recipients; a digest goes to all as it is. Raises RenderError and StoreError; a refused message is no
    exception but an attempt with its reason.
    """
    editions = Editions(digest if callable(digest) else _same(digest), templates)
    rendered, told = editions.rendered(spec.language), editions.digest(spec.language)
    if requested:
        _try_again_now(store, spec, now)
    state: Literal["recorded", "already_recorded", "nothing_new"] = "nothing_new"
    worth = is_due(spec, told, last_told(store.outbox.past(spec.name))) and not (requested and told.is_quiet)
    if worth or not requested:
        out = messages(spec, spec.recipients, editions, channels) if worth else []
        try:
            store.outbox.record(_record(told, rendered, told=worth), out)
            state = "recorded" if worth else "nothing_new"
        except AlreadyRecorded:
            state = "already_recorded"
    attempts = deliver_due(store, channels, now=now)
    owed = tuple(one for one in store.deliveries.unsettled() if one.digest == spec.name)
    return Sending(state=state, subject=rendered.subject, attempts=attempts, owed=owed)


def _try_again_now(store: Store, spec: DigestSpec, now: datetime) -> None:
    """Make what waits for another try ready; what was refused for good, or may have arrived, stays as it is."""
    for delivery in store.deliveries.unsettled():
        if delivery.digest == spec.name and delivery.state == "failed" and delivery.due_at is not None:
            store.deliveries.retry(delivery.id, now)


def _same(digest: Digest) -> Edition:
    return lambda _: digest


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
