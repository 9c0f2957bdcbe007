"""One service of this machine on one store: a lock on a file beside the captures, which ends with the process that has it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from cases.errors import StoreError

NAME = "service.lock"
KEEPING = "keeping.lock"


@contextlib.contextmanager
def alone(captures: Path) -> Iterator[None]:
    """Refuse to be the second who works with a store on this machine: both would crawl and send. Raises StoreError."""
    try:
        captures.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(captures / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as cause:
        raise StoreError(f"{captures}: nothing can be written there: {cause.strerror}") from cause
    try:
        _take(lock, captures)
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def undisturbed(captures: Path) -> Iterator[None]:
    """Keep others of this machine from taking captures away meanwhile; a service may go on adding some. Raises StoreError."""
    try:
        captures.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(captures / KEEPING, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as cause:
        raise StoreError(f"{captures}: nothing can be written there: {cause.strerror}") from cause
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def is_locked(captures: Path) -> bool:
    """Tell whether a process of this machine has the lock; changes nothing."""
    try:
        lock = os.open(captures / NAME, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _take(lock: int, captures: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as cause:
        raise StoreError(
            f"another service already works with {captures}; stop it first (returnwatch status)"
        ) from cause
