"""settings → where secrets are named, and what they are: for those who check them, and those who blot them out."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from scheduler.settings import Settings

ENVIRONMENT, FILE = "_env", "_file"
"""How a key ends that names the variable, or the file, of a secret."""


def named_secrets(settings: Settings) -> Iterator[tuple[str, str]]:
    """Give every key that names a secret, with the name that it gives."""
    return _named(settings.model_dump(mode="python"), "")


def password_of(url: str) -> str:
    """Give the password in the address of a store, as it is written there; empty when there is none."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[0].partition(":")[2]


def secrets_of(settings: Settings) -> Iterator[str]:
    """Give the secrets themselves, so far as they can be read here. Raises nothing."""
    password = password_of(settings.store.url)
    yield from (password, unquote(password))
    for key, name in named_secrets(settings):
        if key.endswith(ENVIRONMENT):
            yield os.environ.get(name, "")
        else:
            try:
                yield from Path(name).read_text(encoding="utf-8").splitlines()[:1]
            except (OSError, UnicodeDecodeError):
                continue


def _named(table: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever TOML can hold
    if isinstance(table, Mapping):
        for key, value in table.items():
            yield from _named(value, f"{path}.{key}" if path else str(key))
    elif isinstance(table, (list, tuple)):
        for number, value in enumerate(table, start=1):
            yield from _named(value, f"{path}.{number}")
    elif path.endswith((ENVIRONMENT, FILE)) and table:
        yield path, str(table)
