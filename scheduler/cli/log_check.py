"""log of decisions → what `verify` says of it: lines that are not as they were written, time-stamps, and what was purged."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from cases.custody import LogLine
from cases.model import Value

if TYPE_CHECKING:
    from crawler.options import Custody
    from scheduler.assembly import Watch


class LogFinding(Value, frozen=True, kw_only=True):
    """One thing that a person should know of the log; ``wrong``: something is not as it was kept."""

    kind: Literal["log", "timestamp", "purged"]
    position: int
    words: str
    wrong: bool = False


def log_findings(watch: "Watch") -> Iterator[LogFinding]:
    """Give what is wrong with the log and its time-stamps, then every purge, in the order of the lines."""
    for fault in watch.store.custody.faults():
        yield LogFinding(kind="log", position=fault.position, words=fault.reason, wrong=True)
    yield from _of_stamps(watch)
    for line in watch.store.custody.lines():
        if line.act == "purged":
            yield LogFinding(kind="purged", position=line.position, words=_purged(line))


def _of_stamps(watch: "Watch") -> Iterator[LogFinding]:
    authorities = watch.settings.custody.timestamps
    stamps = watch.store.stamps.all()
    if not stamps and not authorities:
        return
    from crawler.evidence.timestamps import check_custody, fault_of

    check_custody(watch.settings.custody)
    for stamp in stamps:
        fault = fault_of(stamp, authorities)
        said = f"{stamp.day.subject} stamped by {stamp.authority} at {stamp.at:%Y-%m-%d %H:%M:%S} UTC"
        words = f"{said}: {fault}" if fault else said
        yield LogFinding(kind="timestamp", position=stamp.day.position, words=words, wrong=fault is not None)
    yield from _missing(watch, watch.settings.custody)


def _missing(watch: "Watch", custody: "Custody") -> Iterator[LogFinding]:
    for authority in custody.timestamps:
        for line in watch.store.stamps.missing(authority.url):
            words = f"{line.subject} is not stamped by {authority.url} yet"
            yield LogFinding(kind="timestamp", position=line.position, words=words)


def _purged(line: LogLine) -> str:
    detail = line.detail or {}
    parts = [
        ", ".join(detail.get("fields", ())) or "something",
        *(f"{_count(detail[what])} {what}" for what in ("articles", "records", "digests", "lines") if detail.get(what)),
    ]
    return f"{line.at:%Y-%m-%d %H:%M} UTC by {line.actor}: {'; '.join(parts)}"


def _count(said: int | Sequence[object]) -> int:
    return said if isinstance(said, int) else len(said)
