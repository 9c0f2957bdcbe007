"""decisions → memory: sources, runs, articles, cases and digests in one store, on SQLite or PostgreSQL.

Synchronous on purpose: a call takes milliseconds. Every method is one transaction; writes may be repeated without harm.
Times are aware UTC and always given by the caller.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from cases.store.alerts import Alert, AlertBook, Told, alert_name
from cases.store.articles import (
    ArticleDates,
    ArticleRow,
    Articles,
    ArticleVersion,
    Kept,
    KnownArticle,
    StoredArticle,
)
from cases.store.claims import Candidate, Claim, Conclusion, Wanted
from cases.store.custody import By, Custody
from cases.store.database import Database, connect, exists
from cases.store.deliveries import Deliveries, Delivery, DeliveryState
from cases.store.evidence import CaptureFile, Evidence, KeptCapture, RecordDigest
from cases.store.figures import Figures, StoreFigures
from cases.store.history import bring_up_to_date, found_revision, require_current
from cases.store.inspection import Inspection
from cases.store.outbox import DigestRecord, Outbox, OutMessage
from cases.store.presence import Heartbeat, Presence, Role
from cases.store.proof import TableDigest
from cases.store.purging import Entombed, PurgePlan, Purges, Tombstone
from cases.store.quarantine import Quarantine, Quarantined
from cases.store.register import CaseChange, Filter, Register, Revision
from cases.store.retention import Limits, Pruned, PrunedFile, Retention
from cases.store.robots import RobotsCopy, RobotsShelf
from cases.store.rulings import Rulings
from cases.store.runs import Runs, Validators
from cases.store.schema import SCHEMA_REVISION
from cases.store.snapshot import Progress, copy_all, snapshot
from cases.store.sources import RequestState, SourceBook, SourceRequest, SourceSlot
from cases.store.stamps import Stamp, Stamps
from cases.store.suppressions import Suppression, SuppressionReason, Suppressions

__all__ = [
    "SCHEMA_REVISION",
    "Alert",
    "AlertBook",
    "ArticleDates",
    "ArticleRow",
    "ArticleVersion",
    "Articles",
    "By",
    "Candidate",
    "CaptureFile",
    "CaseChange",
    "Claim",
    "Conclusion",
    "Custody",
    "Deliveries",
    "Delivery",
    "DeliveryState",
    "DigestRecord",
    "Entombed",
    "Evidence",
    "Figures",
    "Filter",
    "Heartbeat",
    "Inspection",
    "Kept",
    "KeptCapture",
    "KnownArticle",
    "Limits",
    "OutMessage",
    "Outbox",
    "Presence",
    "Pruned",
    "PrunedFile",
    "PurgePlan",
    "Purges",
    "Quarantine",
    "Quarantined",
    "RecordDigest",
    "Register",
    "RequestState",
    "Retention",
    "Revision",
    "RobotsCopy",
    "RobotsShelf",
    "Role",
    "Rulings",
    "Runs",
    "SourceBook",
    "SourceRequest",
    "SourceSlot",
    "Stamp",
    "Stamps",
    "Store",
    "StoreFigures",
    "StoredArticle",
    "Suppression",
    "SuppressionReason",
    "Suppressions",
    "TableDigest",
    "Told",
    "Tombstone",
    "Validators",
    "Wanted",
    "alert_name",
    "is_current",
    "open_store",
    "refill",
    "upgrade",
]


class Store:
    """The memory of a watch, in its parts. A context manager; safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.sources = SourceBook(database)
        self.presence = Presence(database)
        self.runs = Runs(database)
        self.robots = RobotsShelf(database)
        self.articles = Articles(database)
        self.cases = Register(database)
        self.rulings = Rulings(database)
        self.purges = Purges(database)
        self.custody = Custody(database)
        self.stamps = Stamps(database)
        self.outbox = Outbox(database)
        self.alerts = AlertBook(database)
        self.deliveries = Deliveries(database)
        self.suppressions = Suppressions(database)
        self.quarantine = Quarantine(database)
        self.evidence = Evidence(database)
        self.retention = Retention(database)
        self.inspection = Inspection(database)
        self.figures = Figures(database)

    @property
    def name(self) -> str:
        """Address of the store as it may be shown: without a password."""
        return self._database.name

    def snapshot(self, file: Path) -> None:
        """Write everything as it is now into a new SQLite file of its owner's alone; others may go on writing. Raises StoreError."""
        snapshot(self._database, file)

    def close(self) -> None:
        """Give back every connection."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_store(url: str, *, migrate: bool = True) -> Store:
    """Open the store at an address; by default its schema is first brought up to date.

    A relative SQLite path counts from the working directory. Raises StoreError when the store cannot be opened, is not
    one, was written by a newer Returnwatch, or (with ``migrate=False``) is older than this one.
    """
    database = connect(url)
    try:
        if migrate:
            bring_up_to_date(database)
        else:
            require_current(database)
    except BaseException:
        database.close()
        raise
    return Store(database)


def upgrade(url: str) -> None:
    """Bring the schema of a store up to date; a new store is made. Nothing is lost."""
    open_store(url).close()


def refill(source_url: str, target_url: str, *, on_progress: Progress | None = None) -> dict[str, TableDigest]:
    """Copy everything in one store into another that is empty, on either engine; gives what both hold, table by table.

    Both are brought up to date first. Raises StoreError when the target is not empty, or does not hold the same at the end.
    """
    upgrade(source_url)
    upgrade(target_url)
    source, target = connect(source_url), connect(target_url)
    try:
        return copy_all(source, target, on_progress=on_progress)
    finally:
        source.close()
        target.close()


def is_current(url: str) -> bool:
    """Whether the schema is the one that this program writes; changes nothing.

    Raises StoreError when the store cannot be opened or is not one of Returnwatch.
    """
    if not exists(url):
        return False
    database = connect(url)
    try:
        return found_revision(database) == SCHEMA_REVISION
    finally:
        database.close()
