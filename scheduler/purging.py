"""case + fields → a watch that holds them no more: store and captures together. Cannot be undone."""

from collections.abc import Sequence

from cases.custody import LogLine
from cases.purging import holds_name
from cases.store import By, PurgePlan
from crawler.evidence.entombing import entombing
from scheduler.assembly import Watch


def plan(watch: Watch, number: str, fields: Sequence[str]) -> PurgePlan:
    """Say what a purge would concern; changes nothing. Raises UsageError."""
    return watch.store.purges.plan(number, fields)


def purge(watch: Watch, planned: PurgePlan, by: By, *, keep_captures: bool = False) -> LogLine:
    """Carry out what was planned; ``keep_captures`` leaves the captured pages as they are, with what they hold.

    Raises StoreError while a crawl writes a file of these sources. The captures change last, in the moment in which the store
    keeps the rest: what ends in between is named by `verify`, and made whole by purging again.
    """
    if keep_captures:
        return watch.store.purges.carry_out(planned, by)
    captures, holds = watch.settings.store.captures, holds_name(planned.purge)
    with entombing(captures, planned.sources, planned.records, holds, at=by.at) as tombs:
        return watch.store.purges.carry_out(planned, by, tombs.entombed, put_in_place=tombs.put_in_place)
