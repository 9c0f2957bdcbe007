"""message → another program, over HTTPS: a short JSON, signed by the convention of Standard Webhooks.

What is posted is fixed when the digest is made; the signature is made anew at each try, for it holds the time of sending. A
message keeps its ``webhook-id``, by which a receiver knows it again: so one whose answer was lost is simply sent again.
See https://www.standardwebhooks.com for the convention.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import msgspec
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cases.errors import ConfigError, DeliveryError
from cases.store import Delivery, OutMessage
from digests.channels import Receipt
from digests.credentials import from_environment, from_private_file
from digests.gist import Gist, gist
from digests.posting import Answer, Door, post, reach
from digests.rendering import Rendered

LARGEST = 20_000
"""Bytes of a body, as the convention advises."""

_MOST_SENTENCES = 40
_PREFIX = "whsec_"
_SECRET_BYTES = range(24, 65)
_SUCCESS = range(200, 300)
_REDIRECT = range(300, 400)
_GONE = 410


class Endpoint(BaseModel):
    """``[[channels.webhook.endpoints]]``: one receiver. The digest goes to each of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    """Stands in lists and messages instead of the address: small letters, digits and hyphens."""
    url: str = Field(min_length=1, max_length=2_000)
    """Where to post; only https, unless ``allow_private`` is set."""
    secret_env: str = ""
    """Name of the environment variable that holds the secret, ``whsec_`` and base64. Several, parted by blanks, all sign: to change one without a gap."""
    secret_file: Path | None = None
    """File with the secret instead, or several, one a line; readable by its owner alone."""
    allow_private: bool = False
    """Post to this machine and to private networks too, and without TLS if the address says http."""
    ca_file: Path | None = None
    """Certificates to trust instead of this machine's own."""
    timeout_s: float = Field(default=15, gt=0, le=60)
    """Time for a whole exchange."""

    @model_validator(mode="after")
    def _address_and_secret(self) -> Self:
        try:
            parts = urlsplit(self.url)
            sound = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc and not parts.fragment
        except ValueError:
            sound = False
        schemes = {"https", "http"} if self.allow_private else {"https"}
        if (
            not sound
            or parts.scheme not in schemes
            or not self.url.isascii()
            or not self.url.isprintable()
            or " " in self.url
        ):
            raise ValueError(f"url of {self.name}: expected https://host/path in ASCII, without user name or fragment")
        if bool(self.secret_env) == (self.secret_file is not None):
            raise ValueError(f"{self.name} needs secret_env or secret_file, and not both")
        return self

    def keys(self) -> list[bytes]:
        """Read the secrets now, the first one first. Raises ConfigError without a word of them."""
        where = f"[[channels.webhook.endpoints]] {self.name}"
        if self.secret_file is not None:
            told = from_private_file(self.secret_file, f"{where}: secret_file").decode("ascii", "replace")
        else:
            told = from_environment(self.secret_env, f"{where}: secret_env")
        return [_key(one, where) for one in told.split()]

    @property
    def door(self) -> Door:
        """The address as it is posted to."""
        return Door(url=self.url, allow_private=self.allow_private, ca_file=self.ca_file, timeout_s=self.timeout_s)


class WebhookSettings(BaseModel):
    """The table ``[channels.webhook]``: programs that are told of each digest."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, hide_input_in_errors=True)

    endpoints: tuple[Endpoint, ...] = Field(min_length=1)
    """Receivers, as tables `[[channels.webhook.endpoints]]`."""

    @field_validator("endpoints")
    @classmethod
    def _names_once_each(cls, given: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
        if len({one.name for one in given}) < len(given):
            raise ValueError("two endpoints have the same name")
        return given


class WebhookChannel:
    """The channel ``webhook``."""

    Settings: ClassVar[type[BaseModel]] = WebhookSettings
    at_once = 4
    repeats_safely = True

    def __init__(self, settings: WebhookSettings, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._endpoints = {one.name: one for one in settings.endpoints}
        self._clock = clock

    def compose(self, rendered: Rendered, recipients: Sequence[str]) -> list[OutMessage]:  # noqa: ARG002 - its endpoints are its own
        """Make one message for each endpoint."""
        payload = body(gist(rendered))
        return [
            OutMessage(
                channel="webhook",
                recipient=name,
                payload=payload,
                message_id=f"msg_{secrets.token_hex(16)}",
                urgent=rendered.urgent,
            )
            for name in self._endpoints
        ]

    def deliver(self, delivery: Delivery) -> Receipt:
        """Post one message; only a status of 2xx is success. Raises DeliveryError and ConfigError."""
        what = f"webhook: {delivery.digest} of {delivery.period} to {delivery.recipient}"
        endpoint = self._endpoints.get(delivery.recipient)
        if endpoint is None:
            raise DeliveryError(f"{what}: no endpoint of this name is configured any more", permanent=True)
        now = self._clock()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Returnwatch",
            "webhook-id": delivery.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signatures(endpoint.keys(), delivery.message_id, now, delivery.payload),
        }
        try:
            answer = post(endpoint.door, delivery.payload, headers, now)
        except DeliveryError as cause:
            raise DeliveryError(f"{what}: {cause}") from cause
        if answer.status not in _SUCCESS:
            raise _refusal(what, answer)
        return Receipt(channel="webhook", recipient=delivery.recipient, said=answer.words)

    def probe(self) -> None:
        """Read the secrets and connect to each endpoint, and say nothing. Raises ConfigError and DeliveryError."""
        for name, endpoint in self._endpoints.items():
            endpoint.keys()
            try:
                reach(endpoint.door)
            except DeliveryError as cause:
                raise DeliveryError(f"webhook: {name}: {cause}") from cause


def body(told: Gist) -> bytes:
    """Write the gist as the convention wants it, with as many cases as fit into ``LARGEST`` bytes; the others are counted."""
    data: dict[str, Any] = {
        **{
            key: value
            for key, value in msgspec.structs.asdict(told).items()
            if key not in {"kind", "created_at", "url"}
        },
        "cases": (),
        "says": told.says[:_MOST_SENTENCES],
        "omitted": len(told.cases),
        "url": told.url or None,
    }
    room = LARGEST - len(_written(told, data))
    fitting = 0
    for case in told.cases:
        room -= len(msgspec.json.encode(case)) + 1
        if room < 0:
            break
        fitting += 1
    return _written(told, {**data, "cases": told.cases[:fitting], "omitted": len(told.cases) - fitting})


def _written(told: Gist, data: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"type": f"{told.kind}.made", "timestamp": told.created_at, "data": data})


def signatures(keys: Sequence[bytes], message_id: str, now: datetime, payload: bytes) -> str:
    """Sign with each key; a receiver is content when it knows one of them."""
    signed = b".".join((message_id.encode(), str(int(now.timestamp())).encode(), payload))
    return " ".join(f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}" for key in keys)


def _key(secret: str, where: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if len(key) not in _SECRET_BYTES:
        raise ConfigError(
            f"{where}: a secret is not of the form whsec_ and base64 of 24 to 64 bytes; make one: "
            'echo "whsec_$(openssl rand -base64 32)"'
        )
    return key


def _refusal(what: str, answer: Answer) -> DeliveryError:
    """Say what the receiver's answer means; only "gone" is for good, for everything else can be mended on the other side."""
    if answer.status == _GONE:
        return DeliveryError(
            f"{what}: it answers {answer.words}: it wants nothing more; take it out of [[channels.webhook.endpoints]], or correct its url",
            permanent=True,
        )
    if answer.status in _REDIRECT:
        return DeliveryError(f"{what}: it answers {answer.words}, and redirects are not followed: correct its url")
    return DeliveryError(f"{what}: it answers {answer.words}", retry_after=answer.retry_after)
