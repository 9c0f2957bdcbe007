"""settings → the parts of one watch, put together once. Only this room knows every part."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.store import SourceSlot, Store, open_store
from crawler.sources import Source
from scheduler.settings import Settings, config_folder, load_catalogue, load_settings

ALIVE_WITHIN = timedelta(seconds=30)
"""A service gives a sign of life every few seconds; one that has given none for so long is not running."""


def present() -> datetime:
    """Give the present in UTC: the one place where the programs of this room read the clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Everything one installation consists of: what it was told, which sources it knows, and its open store."""

    folder: Path
    settings: Settings
    sources: Mapping[str, Source]
    store: Store


@contextmanager
def open_watch(given: Path | None) -> Iterator[Watch]:
    """Read the configuration, open the store and tell it what the catalogue says; close the store at the end.

    Raises ConfigError and StoreError, both before anything was changed.
    """
    folder = config_folder(given)
    settings, sources = load_settings(folder), load_catalogue(folder)
    with open_store(settings.store.url) as store:
        store.sources.sync(slots(sources))
        yield Watch(folder=folder, settings=settings, sources=sources, store=store)


def slots(sources: Mapping[str, Source]) -> list[SourceSlot]:
    """Give what the store needs to know of each source to say when it is due."""
    return [
        SourceSlot(
            name=source.name,
            title=source.title,
            host=source.host,
            every_s=max(1, round(source.every.total_seconds())),
            enabled=source.enabled,
            grade=source.grade,
            expected_s=round(source.expected_every.total_seconds()) if source.expected_every else None,
        )
        for source in sources.values()
    ]
