"""pages that nobody could read yet → quarantine: each with its capture and the reason, until it is read after all."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from cases.model import Capture, Value
from cases.store.columns import storable
from cases.store.database import Database, in_batches, upserting
from cases.store.schema import quarantine, url_key


class Quarantined(Value, frozen=True, kw_only=True):
    """One page that was fetched and kept, and could not be read."""

    url: str
    """Address of the entry, as its listing gave it."""
    source: str
    reason: str
    capture: Capture
    listed: str
    """What the listing said of the article: an entry of ``crawler.readers`` as JSON."""
    kept_at: datetime
    """When it failed last."""


class Quarantine:
    """The quarantine of a store: one row an address, of the newest failure."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, page: Quarantined) -> None:
        """Keep a page here, in place of what was here from its address."""
        row = {
            "url": storable(page.url),
            "source": page.source,
            "reason": storable(page.reason),
            "capture": page.capture,
            "listed": storable(page.listed),
            "kept_at": page.kept_at,
        }
        with self._database.write() as connection:
            new = upserting(connection, quarantine).values(url_key=url_key(page.url), **row)
            connection.execute(new.on_conflict_do_update(index_elements=["url_key"], set_=row))

    def release(self, url: str) -> None:
        """Let a page go that was read after all; harmless when it is not here."""
        with self._database.write() as connection:
            connection.execute(delete(quarantine).where(quarantine.c.url_key == url_key(url)))

    def addresses(self, source: str) -> set[str]:
        """Give the addresses of a source's pages here."""
        with self._database.read() as connection:
            return set(connection.scalars(select(quarantine.c.url).where(quarantine.c.source == source)))

    def rows(self, urls: Collection[str] | None = None) -> list[Quarantined]:
        """Give what is here, or those of it with these addresses, the oldest failure first."""
        wanted = select(quarantine).order_by(quarantine.c.kept_at, quarantine.c.id)
        with self._database.read() as connection:
            if urls is None:
                found = list(connection.execute(wanted))
            else:
                keys = [url_key(url) for url in urls]
                found = [
                    row
                    for some in in_batches(keys)
                    for row in connection.execute(wanted.where(quarantine.c.url_key.in_(some)))
                ]
        return [
            Quarantined(
                url=row.url,
                source=row.source,
                reason=row.reason,
                capture=row.capture,
                listed=row.listed,
                kept_at=row.kept_at,
            )
            for row in found
        ]
