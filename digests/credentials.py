"""name of a secret → the secret, read when it is needed: from the environment, from a file, or from a program that makes it.

What is read here is never written, logged, or part of a message.
"""

import os
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

from cases.errors import ConfigError

_PROGRAM_MAY_TAKE_S = 30


def from_environment(name: str, where: str) -> str:
    """Read an environment variable; ``where`` is the key that names it. Raises ConfigError when it is empty or not set."""
    secret = os.environ.get(name, "")
    if not secret:
        raise ConfigError(f"{where}: the environment variable {name} is empty or not set")
    return secret


def from_file(path: Path, where: str) -> str:
    """Read the first line of a file. Raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, UnicodeDecodeError, IndexError) as cause:
        raise ConfigError(f"{where} {path} gives no secret: {cause}") from cause


def from_private_file(path: Path, where: str) -> bytes:
    """Read the whole of a file that nobody but its owner may read, such as a signing key. Raises ConfigError."""
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as cause:
        raise ConfigError(f"{where} {path} cannot be read: {cause.strerror or cause}") from cause
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(f"{where} {path} is open to others on this machine: chmod 600 {path}")
    if not content.strip():
        raise ConfigError(f"{where} {path} is empty")
    return content


def from_program(command: Sequence[str], where: str) -> str:
    """Run a program without a shell and read the first line that it prints. Raises ConfigError, without what it printed."""
    try:
        ran = subprocess.run(  # noqa: S603 - the operator names the program, as a list, in a file of the operator's own
            command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_PROGRAM_MAY_TAKE_S
        )
        return ran.stdout.decode().splitlines()[0].strip()
    except subprocess.CalledProcessError as cause:
        raise ConfigError(f"{where}: {command[0]} ended with status {cause.returncode}") from None
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError, IndexError) as cause:
        raise ConfigError(f"{where}: {command[0]} gives no secret: {type(cause).__name__}") from None
