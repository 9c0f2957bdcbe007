"""What a check looks at, and what it may find: the words that the checks share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from cases.model import Value
from cases.store import Store
from crawler.sources import Source
from scheduler.settings import Settings


class Finding(Value, frozen=True, kw_only=True):
    """One thing that a person should mend, or know of."""

    subject: str
    """Which: a file, a key, a table, a server."""
    words: str
    """What is wrong with it, and why that matters."""
    mend: str
    """What to do."""
    command: str | None = None
    """What to type, where a command mends it."""
    grave: bool = True
    """False for what works all the same, for now or in part."""
    check: str = ""
    """Name of the check that found it."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What is there before any configuration was found."""

    now: datetime
    online: bool = False
    """Whether servers of the internet may be asked: names of the mail's domain."""


@dataclass(frozen=True, kw_only=True)
class Configured(Machine):
    """An installation whose settings could be read; ``sources`` holds those whose files are sound."""

    folder: Path
    settings: Settings
    sources: Mapping[str, Source]


@dataclass(frozen=True, kw_only=True)
class Opened(Configured):
    """An installation whose store could be opened, with the schema that this program writes."""

    store: Store


P = TypeVar("P", bound=Machine)


@dataclass(frozen=True, kw_only=True)
class Check(Generic[P]):
    """One small question about an installation; a function that gives what it finds wrong."""

    name: str
    look: Callable[[P], Iterable[Finding]]
