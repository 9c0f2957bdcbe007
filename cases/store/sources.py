"""configuration's sources → claims: which source is crawled next, by whom, and who asked for it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from cases.ledger import Run, SourceStatus, Trigger
from cases.model import Value
from cases.store.database import Database


class SourceSlot(Value, frozen=True, kw_only=True):
    """What configuration says of one source, as far as the clock needs it."""

    name: str
    title: str
    host: str
    """Host name of the site: one crawl a host at a time."""
    every_s: int
    enabled: bool = True


class Claim(Value, frozen=True, kw_only=True):
    """The right to crawl one source until the lease ends."""

    source: str
    trigger: Trigger
    request_id: int | None = None
    """The oldest open request that this crawl answers."""
    since: datetime | None = None
    """How far back the person who asked wants to go; ``None`` leaves it to the source."""
    failures: float = 0.0
    """Weighted failures since the last success, from which the next back-off is computed."""
    every_s: int = 0
    host: str = ""


class SourceRequest(Value, frozen=True, kw_only=True):
    """What became of a request for one source; ``run`` is there once it is done."""

    source: str
    state: Literal["waiting", "running", "done"]
    run: Run | None = None


class RequestState(Value, frozen=True, kw_only=True):
    """What became of a one-off crawl, source by source, in the order of their names."""

    request_id: int
    asked_at: datetime
    sources: tuple[SourceRequest, ...]

    @property
    def done(self) -> bool:
        """Whether every source of the request has its run."""
        return all(one.state == "done" for one in self.sources)


class Heartbeat(Value, frozen=True, kw_only=True):
    """A service that has shown that it lives."""

    who: str
    pid: int
    at: datetime


class SourceBook:
    """The sources of a store: when each is due, who holds it, and what was asked by hand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, slots: Iterable[SourceSlot]) -> None:
        """Take over what configuration says; a source it no longer names is disabled, never deleted."""
        raise NotImplementedError

    def claim(self, n: int, *, now: datetime, who: str, lease_s: float, busy_hosts: Iterable[str] = ()) -> list[Claim]:
        """Lease at most ``n`` due sources, those that were asked for first, one a host, none on a busy host."""
        raise NotImplementedError

    def release(
        self, source: str, *, now: datetime, next_due: datetime, failures: float, who: str | None = None
    ) -> None:
        """Give a source back with its next time; with ``who``, only when that one still holds it."""
        raise NotImplementedError

    def release_all(self, who: str) -> int:
        """Give back every source that ``who`` holds, due as before; returns how many."""
        raise NotImplementedError

    def request(self, sources: Iterable[str], *, now: datetime, since: datetime | None = None) -> int:
        """Ask for a crawl of these sources as soon as possible; returns the request's id.

        Raises UsageError when one is unknown or disabled; then nothing is asked.
        """
        raise NotImplementedError

    def request_state(self, request_id: int) -> RequestState:
        """Tell what became of a request, from any process. Raises UsageError for an unknown id."""
        raise NotImplementedError

    def status(self, now: datetime) -> list[SourceStatus]:
        """Every source as the watch sees it, disabled ones too, by name."""
        raise NotImplementedError

    def heartbeat(self, who: str, pid: int, now: datetime) -> None:
        """Say that a service works on this store."""
        raise NotImplementedError

    def farewell(self, who: str) -> None:
        """Say that a service has ended: its heartbeat is forgotten."""
        raise NotImplementedError

    def service_alive(self, now: datetime, within_s: float) -> Heartbeat | None:
        """The service that last gave a sign of life, when that is at most ``within_s`` seconds ago."""
        raise NotImplementedError
