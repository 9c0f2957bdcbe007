"""TOML file → table, with errors that name the file, the key and what was expected. For every room that is configured."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cases.errors import ConfigError


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises ConfigError when it is missing, cannot be read, or is not TOML (with the line)."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise ConfigError(f"{path}: this is not TOML: {cause}") from cause
    except OSError as cause:
        raise ConfigError(f"{path}: cannot be read: {cause.strerror or cause}") from cause


def explained(errors: Iterable[Mapping[str, Any]]) -> str:
    """Say in one sentence what the first of a validation's errors is: ``key: what was expected; found …``.

    Takes what pydantic's ``ValidationError.errors()`` gives. Items of lists are counted from 1. Values of keys that may
    hold a secret, and addresses with a password, are not repeated.
    """
    first = next(iter(errors))
    key = ".".join(str(step + 1) if isinstance(step, int) else str(step) for step in first["loc"])
    return f"{key}: {_expected(first)}" if key else _expected(first)


def _expected(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown key"
    if error["type"] == "missing":
        return "is required"
    text = str(error["msg"]).removeprefix("Value error, ")
    sentence = f"{text[0].lower()}{text[1:]}"
    is_whole_table = isinstance(error["input"], Mapping)
    is_secret = any("password" in str(step) or "secret" in str(step) for step in error["loc"])
    is_secret |= re.search("://[^/]*@", str(error["input"])) is not None
    return sentence if is_whole_table or is_secret else f"{sentence}; found {error['input']!r}"
