"""How a digest reaches people: the protocol of a channel, and how one is opened by its name.

A channel is a class registered under the entry-point group ``returnwatch.channels``. It names the pydantic model of its own
table as ``Settings`` and is made from it; ``compose`` fixes the exact bytes of every message before anything is recorded, and
``deliver`` hands one of them over, later and perhaps more than once. Neither renders. A channel may say ``at_once``, how many
messages it takes at the same time, and ``repeats_safely``, that a message which arrives twice counts once.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ValidationError

from cases.configuration import explained
from cases.errors import ConfigError
from cases.model import Value
from cases.plugins import CHANNELS, load
from cases.store import Delivery, OutMessage
from digests.links import Links
from digests.rendering import Rendered


class Receipt(Value, frozen=True, kw_only=True):
    """That the other side took a message, in its own words."""

    channel: str
    recipient: str
    said: str


class Channel(Protocol):
    """One way out."""

    Settings: ClassVar[type[BaseModel]]
    """Model of the channel's own table ``[channels.<name>]``."""

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:
        """Make the messages of a digest: one for each recipient, or one for all where the channel knows none."""

    def deliver(self, delivery: Delivery) -> Receipt:
        """Hand one message over.

        Raises DeliveryError: ``permanent`` when another try cannot help, ``uncertain`` when the message may have arrived.
        """


@runtime_checkable
class Probed(Protocol):
    """A channel that can be tried without sending anything. Channels need not be."""

    def probe(self) -> None:
        """Go as far as a delivery goes before it says anything. Raises ConfigError or DeliveryError when that fails."""


@runtime_checkable
class Asked(Protocol):
    """A channel that can say later which of its messages arrived. Channels need not be."""

    @property
    def grace(self) -> timedelta:
        """How long after a lost answer the proof may take to come."""

    def arrived(self, deliveries: Sequence[Delivery]) -> frozenset[int]:
        """Give the ids of those that arrived; what is missing may still come. Raises DigestError when it cannot be found out."""


@runtime_checkable
class Linked(Protocol):
    """A channel whose messages carry links to the service's pages. Channels need not be."""

    def linked(self, links: Links) -> "Channel":
        """Give the same channel, with links in what it composes."""


def open_channel(name: str, table: Mapping[str, Any] | None = None) -> Channel:
    """Make the channel of that name from its table. Raises PluginError or ConfigError."""
    kind = load(CHANNELS, name)
    try:
        settings = kind.Settings.model_validate(dict(table or {}))
    except ValidationError as cause:
        raise ConfigError(f"[channels.{name}]: {explained(cause.errors())}") from cause
    channel: Channel = kind(settings)
    return channel


def open_channels(
    names: Sequence[str], tables: Mapping[str, Mapping[str, Any]], links: Links | None = None
) -> dict[str, Channel]:
    """Make every channel that is named, each from its own table; ``links`` when readers can reach the service's pages."""
    opened = {name: open_channel(name, tables.get(name)) for name in names}
    if links is None:
        return opened
    return {name: one.linked(links) if isinstance(one, Linked) else one for name, one in opened.items()}
