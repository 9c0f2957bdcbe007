"""runs → ledger: what each visit gave, and what a server said that lets the next visit be shorter."""

from datetime import datetime

from cases.ledger import Run
from cases.model import Value
from cases.store.database import Database


class Validators(Value, frozen=True, kw_only=True):
    """What a server gave with one address for a conditional request; never made up."""

    etag: str | None = None
    last_modified: str | None = None


class Runs:
    """The visits of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, run: Run, request_id: int | None = None) -> int:
        """Keep one visit; answers every request for its source that was being worked on. Returns the run's id."""
        raise NotImplementedError

    def since(self, t: datetime) -> list[Run]:
        """Runs that ended at or after ``t``, oldest first."""
        raise NotImplementedError

    def last(self, source: str) -> Run | None:
        """The latest visit to a source."""
        raise NotImplementedError

    def validators(self, url: str) -> Validators | None:
        """What the server last gave for this very address."""
        raise NotImplementedError

    def remember(self, url: str, validators: Validators) -> None:
        """Keep what the server gave; an answer without any forgets what was there."""
        raise NotImplementedError
