"""[web] → links that outsiders may follow: each signed for one purpose, so that nobody can make or turn one.

A token is a payload and its signature, URL-safe. The key is the operator's: named by the settings, never made, written or
shown by us. Its file may hold several lines while a key is changed: the first signs, all are believed.
"""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from cases.errors import ConfigError
from digests.credentials import from_environment, from_private_file

Purpose = Literal["unsubscribe", "acknowledge"]

SHORTEST_KEY = 32
LONGEST_TOKEN = 200
"""Longer ones are refused before anything is computed."""

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class WebSettings(BaseModel):
    """``[web]``: how readers reach the pages of the service, and what signs the links in their mail."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    public_url: str = ""
    """Address under which a proxy of yours shows the service's pages, such as ``https://watch.example.org``; empty: mail has no
    links to it, and whoever wants no more mail answers it."""
    key_env: str = ""
    """Name of the environment variable that holds the signing key, 32 characters at least; ``openssl rand -hex 32`` makes one."""
    key_file: Path | None = None
    """File that holds the signing key; a second line is the key before, whose links still hold."""

    @field_validator("public_url")
    @classmethod
    def _is_a_site(cls, given: str) -> str:
        if not given:
            return given
        parts = urlsplit(given)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
        plain = given.isascii() and given.isprintable() and " " not in given
        if not (secure and parts.hostname and plain) or parts.query or parts.fragment or parts.username:
            raise ValueError(f"{given!r} is no address such as https://watch.example.org")
        return given.rstrip("/")

    @model_validator(mode="after")
    def _links_have_a_key(self) -> Self:
        if self.key_env and self.key_file:
            raise ValueError("key_env and key_file are both given; one of them must go")
        if self.public_url and not (self.key_env or self.key_file):
            raise ValueError("public_url needs key_env or key_file, for its links are signed")
        return self

    def links(self) -> "Links | None":
        """Give what makes and reads links; none without a public address. Raises ConfigError for a key that is none."""
        return Links(self.public_url, self._keys()) if self.public_url else None

    def _keys(self) -> list[str]:
        if self.key_file is not None:
            lines = from_private_file(self.key_file, "[web] key_file").decode("utf-8", "replace").splitlines()
            keys = [line.strip() for line in lines if line.strip()]
        else:
            keys = [from_environment(self.key_env, "[web] key_env")]
        if any(len(key) < SHORTEST_KEY for key in keys):
            where = f"key_file {self.key_file}" if self.key_file else f"key_env {self.key_env}"
            raise ConfigError(
                f"[web] {where}: a key needs {SHORTEST_KEY} characters; make one with: openssl rand -hex 32"
            )
        return keys


class Links:
    """Makes links and believes those that it made."""

    def __init__(self, public_url: str, keys: list[str]) -> None:
        """Take the address of the pages, and the keys: the first signs, all are believed."""
        self.public_url = public_url
        self._keys = keys[::-1]  # itsdangerous signs with the last

    def link(self, purpose: Purpose, payload: str) -> str:
        """Give the address of a page that acts on a payload for one purpose."""
        return f"{self.public_url}/{purpose}/{self.sign(purpose, payload)}"

    def sign(self, purpose: Purpose, payload: str) -> str:
        """Give a token that holds a payload for one purpose."""
        return str(self._serializer(purpose).dumps(payload))

    def read(self, purpose: Purpose, token: str) -> str | None:
        """Give the payload of a token that was made here for this purpose; none for any other."""
        if len(token) > LONGEST_TOKEN or not token.isascii():
            return None
        try:
            payload = self._serializer(purpose).loads(token)
        except BadData:
            return None
        return payload if isinstance(payload, str) else None

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(self._keys, salt=f"returnwatch.{purpose}")
