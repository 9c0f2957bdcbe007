"""channel → what happened: one harmless message sent over it now, outside the outbox, so that a person sees whether it works."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cases.errors import DeliveryError, WatchError
from cases.model import Value
from cases.store import Delivery, OutMessage
from digests.channels import Channel
from digests.notice import OPERATOR, Paragraph, notice
from digests.rendering import Rendered

_SAYS = (
    "This is a test. Somebody who runs Returnwatch asked for it, to see whether messages arrive.",
    "It says nothing of any case, and nothing needs to be done.",
)


class Outcome(Value, frozen=True, kw_only=True):
    """What became of one test message."""

    recipient: str
    """Empty for a channel without recipients."""
    arrived: bool
    said: str
    """In the words of the other side, or why it failed."""


def harmless(now: datetime) -> Rendered:
    """Make the message: it holds nothing of any case."""
    return notice(
        name=OPERATOR,
        period=f"test-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}",
        made_at=now,
        subject="Returnwatch: a test",
        paragraphs=[Paragraph(heading="A test", sentences=_SAYS)],
        document="{}",
    )


def tried(channel: Channel, recipients: Sequence[str], now: datetime) -> tuple[Outcome, ...]:
    """Send the message to each recipient, or once where the channel knows its own; one failure stops no other.

    Nothing is recorded and nothing is tried again. Raises WatchError when the channel cannot make a message at all.
    """
    rendered = harmless(now)
    return tuple(_sent(channel, message, rendered) for message in channel.compose(rendered, recipients))


def _sent(channel: Channel, message: OutMessage, rendered: Rendered) -> Outcome:
    try:
        receipt = channel.deliver(_as_delivery(message, rendered))
    except WatchError as failure:
        uncertain = isinstance(failure, DeliveryError) and failure.uncertain
        return Outcome(
            recipient=message.recipient, arrived=False, said=f"{'nobody can tell: ' if uncertain else ''}{failure}"
        )
    return Outcome(recipient=message.recipient, arrived=True, said=receipt.said)


def _as_delivery(message: OutMessage, rendered: Rendered) -> Delivery:
    return Delivery(
        id=0,
        digest_id=0,
        digest=rendered.name,
        period=rendered.period,
        channel=message.channel,
        recipient=message.recipient,
        message_id=message.message_id,
        payload=message.payload,
        state="sending",
        tries=1,
        due_at=None,
        changed_at=rendered.made_at,
        token=message.token,
        urgent=message.urgent,
    )
