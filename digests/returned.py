"""mailbox of bounces → suppressions: an address that is dead is not written to again, and the operator is told.

What came back is believed when it came to an address that carries the token of a mail of ours; a person may hand in any report.
A mail that only waits, or was refused for another reason, changes nothing but is told.
"""

from collections.abc import Iterator
from datetime import datetime

from cases.model import Value
from cases.store import Delivery, Store
from digests.bounces import Bounce, read_bounces
from digests.mailboxes import unread
from digests.mailserver import EmailSettings


class Returned(Value, frozen=True, kw_only=True):
    """What one report meant."""

    delivery: Delivery | None
    """The mail that came back; ``None`` when the report names none of ours."""
    said: str
    suppressed: bool = False
    understood: bool = True


def collect(store: Store, settings: EmailSettings, *, now: datetime) -> tuple[Returned, ...]:
    """Read what came back since the last time. Raises DigestError when the mailbox cannot be read, and StoreError.

    A report is marked as read only after what it means was recorded; read twice, it means the same.
    """
    if settings.bounces is None:
        return ()
    journal = settings.journal.address if settings.journal else ""
    returned: list[Returned] = []
    with unread(settings.bounces) as mails:
        for number, content in mails:
            meant = tuple(take_in(store, content, now=now, journal=journal, by_token=True))
            mails.done(number, understood=any(one.understood for one in meant))
            returned.extend(meant)
    return tuple(returned)


def take_in(
    store: Store, content: bytes, *, now: datetime, journal: str = "", by_token: bool = False
) -> Iterator[Returned]:
    """Record what a report means. With ``by_token`` a Message-ID alone names no mail: anybody could have written it."""
    bounces = read_bounces(content)
    if not bounces:
        yield Returned(delivery=None, said="a mail came back that is no report of delivery", understood=False)
    for bounce in bounces:
        delivery = store.deliveries.with_token(bounce.token)
        if delivery is None and not by_token:
            delivery = store.deliveries.with_message_id(bounce.message_id)
        if delivery is None:
            yield Returned(delivery=None, said="a report names no mail of ours", understood=False)
        elif journal.lower() in bounce.recipients:
            yield Returned(delivery=delivery, said=f"the journal takes no copies: {_reason(bounce)}")
        else:
            yield _judged(store, delivery, bounce, now)


def _judged(store: Store, delivery: Delivery, bounce: Bounce, now: datetime) -> Returned:
    what = f"{delivery.channel}: {delivery.digest} of {delivery.period} to {delivery.recipient}"
    if not bounce.failed:
        return Returned(delivery=delivery, said=f"{what} is {bounce.action}: {_reason(bounce)}")
    said = f"{what} came back: {_reason(bounce)}"
    store.deliveries.failed(delivery.id, said, now, None)
    if not bounce.is_dead:
        return Returned(delivery=delivery, said=said)
    news = store.suppressions.suppress(
        delivery.recipient, digest=None, channel=delivery.channel, reason="bounced", detail=said, now=now
    )
    mend = f"nothing more is sent to this address (returnwatch recipients restore {delivery.recipient})"
    return Returned(delivery=delivery, said=f"{said}; {mend}", suppressed=news)


def _reason(bounce: Bounce) -> str:
    return bounce.said or bounce.status or "no reason is given"
