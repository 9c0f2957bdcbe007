"""The token of the service: who may ask it for work over HTTP. Named in the configuration, never written there."""

import hmac
from pathlib import Path

from cases.errors import ConfigError
from digests.credentials import from_environment, from_private_file

_SHORTEST = 16


class Token:
    """A secret that is compared in constant time, and shown nowhere."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def admits(self, authorization: str | None) -> bool:
        """Tell whether an ``Authorization`` header bears the token."""
        scheme, _, given = (authorization or "").partition(" ")
        given = given.strip()
        return scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), self._secret)

    def __repr__(self) -> str:
        return "Token(…)"


def token_of(*, env: str | None, file: Path | None) -> Token | None:
    """Read the token from an environment variable or a file; None when neither is named.

    Raises ConfigError when it is not there, too short to be a secret, or lies in a file that others can read.
    """
    if env is not None and file is not None:
        raise ConfigError("returnwatch.toml: service.token_env and service.token_file: name one of the two")
    if env is not None:
        return _token(from_environment(env, "returnwatch.toml: service.token_env"), f"service.token_env: {env}")
    if file is not None:
        where = "returnwatch.toml: service.token_file:"
        return _token(from_private_file(file, where).decode(errors="replace"), f"service.token_file: {file}")
    return None


def _token(secret: str, where: str) -> Token:
    secret = secret.strip()
    if len(secret) < _SHORTEST:
        raise ConfigError(
            f"returnwatch.toml: {where} holds only {len(secret)} characters; a token has {_SHORTEST} or more, for instance of: openssl rand -hex 32"
        )
    return Token(secret)
