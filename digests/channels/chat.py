"""message → chat or push, over Apprise: what a lock screen may show, which is counts, case numbers and a link.

The companies behind such services read along, so no headline and no sentence of an article goes there. The address of a chat
is its password: it is named, never written, and stands in no row, log or error. Needs ``returnwatch[chat]``.
"""

import importlib.util
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import msgspec
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cases.errors import ConfigError, DeliveryError
from cases.model import Value
from cases.store import Delivery, OutMessage
from digests.channels import Receipt
from digests.credentials import from_environment, from_private_file
from digests.gist import Gist, gist
from digests.rendering import Rendered

LONGEST = 1_800
"""Characters of a message; Discord takes 2,000, Telegram 4,096. A service that takes less gets the beginning."""

_MOST_NUMBERS = 20
_PATIENCE_S = 60
_STATUS = re.compile(r"\berror[=: ]+([1-5]\d\d)\b")


class Chat(BaseModel):
    """``[[channels.apprise.chats]]``: one chat or device. The digest goes to each of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    """Stands in lists and messages instead of the address: small letters, digits and hyphens."""
    url_env: str = ""
    """Name of the environment variable that holds the Apprise address, such as `tgram://…`; the address is a secret."""
    url_file: Path | None = None
    """File with the address instead; readable by its owner alone."""

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if bool(self.url_env) == (self.url_file is not None):
            raise ValueError(f"{self.name} needs url_env or url_file, and not both")
        return self

    def url(self) -> str:
        """Read the address now. Raises ConfigError without a word of it."""
        where = f"[[channels.apprise.chats]] {self.name}"
        if self.url_file is not None:
            return from_private_file(self.url_file, f"{where}: url_file").decode("utf-8", "replace").strip()
        return from_environment(self.url_env, f"{where}: url_env").strip()


class ChatSettings(BaseModel):
    """The table ``[channels.apprise]``: chats and devices that are told of each digest."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True)

    chats: tuple[Chat, ...] = Field(min_length=1)
    """Chats, as tables `[[channels.apprise.chats]]`."""

    @field_validator("chats")
    @classmethod
    def _names_once_each(cls, given: tuple[Chat, ...]) -> tuple[Chat, ...]:
        if len({one.name for one in given}) < len(given):
            raise ValueError("two chats have the same name")
        return given


class Note(Value, frozen=True, kw_only=True):
    """What is said."""

    title: str
    body: str


class ChatChannel:
    """The channel ``apprise``."""

    Settings: ClassVar[type[BaseModel]] = ChatSettings
    at_once = 4

    def __init__(self, settings: ChatSettings) -> None:
        if importlib.util.find_spec("apprise") is None:
            raise ConfigError("[channels.apprise] needs Apprise: pip install 'returnwatch[chat]'")
        self._chats = {one.name: one for one in settings.chats}

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:  # noqa: ARG002 - its chats are its own
        """Make one message for each chat."""
        payload = msgspec.json.encode(note(gist(rendered)))
        return [
            OutMessage(channel="apprise", recipient=name, payload=payload, urgent=rendered.urgent)
            for name in self._chats
        ]

    def deliver(self, delivery: Delivery) -> Receipt:
        """Say it in one chat. Raises DeliveryError and ConfigError."""
        what = f"apprise: {delivery.digest} of {delivery.period} to {delivery.recipient}"
        chat = self._chats.get(delivery.recipient)
        if chat is None:
            raise DeliveryError(f"{what}: no chat of this name is configured any more", permanent=True)
        said = _said(chat, msgspec.json.decode(delivery.payload, type=Note), what)
        return Receipt(channel="apprise", recipient=delivery.recipient, said=said)

    def probe(self) -> None:
        """See that Apprise understands each address; nobody is connected to. Raises ConfigError."""
        for chat in self._chats.values():
            _opened(chat)


def note(told: Gist) -> Note:
    """Write what is said: the subject, which cases, whether the sources could be read, and last the link, which is never cut."""
    numbers = [case.number for case in told.cases]
    more = f" … +{len(numbers) - _MOST_NUMBERS}" if len(numbers) > _MOST_NUMBERS else ""
    words = "\n".join(part for part in (", ".join(numbers[:_MOST_NUMBERS]) + more, *told.says) if part)
    room = LONGEST - len(told.subject) - len(told.url)
    short = words if len(words) <= room else words[: room - 1].rstrip() + "…"
    return Note(title=told.subject, body="\n".join(part for part in (short, told.url) if part) or told.subject)


def _said(chat: Chat, said: Note, what: str) -> str:
    """Hand one message to Apprise, which tries it once. Raises DeliveryError and ConfigError, without its address."""
    service, plugin = _opened(chat)
    try:
        result = service.notify(
            body=said.body[: plugin.body_maxlen], title=said.title, body_format="text", timeout=_PATIENCE_S
        )
    except Exception as cause:  # noqa: BLE001 - what a service's plugin raises may hold the address
        raise DeliveryError(f"{what}: {plugin.service_name} broke: {type(cause).__name__}") from None
    if result.status.name == "SUCCESS":
        return f"{plugin.service_name} took it"
    if result.status.name == "TIMEOUT":
        raise DeliveryError(
            f"{what}: {plugin.service_name} did not answer in time; it may have arrived", uncertain=True
        )
    codes = [found[1] for entry in result.logs() if (found := _STATUS.search(str(entry.message)))]
    answer = f"it answers {codes[-1]}" if codes else "it cannot be reached, or does not know the address"
    raise DeliveryError(f"{what}: {plugin.service_name} did not take it: {answer}")


def _opened(chat: Chat) -> tuple[Any, Any]:
    """Give an Apprise object with one service and no retries of its own, and the service. Raises ConfigError."""
    import apprise  # noqa: PLC0415 - an extra, and a fifth of a second

    logging.getLogger("apprise").propagate = False  # its words may hold addresses
    asset = apprise.AppriseAsset(async_mode=False, secure_logging=True, http_redirects=False, default_service_retry=0)
    plugin = apprise.Apprise.instantiate(chat.url(), asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise ConfigError(f"[[channels.apprise.chats]] {chat.name}: its address is none that Apprise understands")
    plugin.overflow_mode = apprise.OverflowMode.TRUNCATE
    service = apprise.Apprise(asset=asset)
    service.add(plugin)
    return service, plugin
