"""store → material: everything one digest is made of, asked for once, so that it can be worded in several languages alike."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from cases.ledger import Run, SourceStatus
from cases.model import Value
from cases.silence import silence
from cases.store import CaseChange, DigestRecord, Store
from digests.spec import DigestSpec

PERIODS_BEFORE = 5
"""How many earlier digests the counts are set beside."""


class TellingBefore(Value, frozen=True, kw_only=True):
    """One case as an earlier digest told it, read from that digest's document."""

    number: str
    change: str = ""
    urgent: bool = False


class LookBefore(Value, frozen=True, kw_only=True):
    """What an earlier digest said of its coverage."""

    articles: int = 0


class DigestBefore(Value, frozen=True, kw_only=True):
    """What is read of the document of an earlier digest; more stands in it."""

    created_at: datetime
    cases: tuple[TellingBefore, ...] = ()
    coverage: LookBefore = LookBefore()


class Material(Value, frozen=True, kw_only=True):
    """What the store gave for one digest. It is not disclosed yet: nothing of it leaves but through ``digests.digest``."""

    now: datetime
    period: str
    since: datetime | None
    """When the digest before went out, or since when a person asks; ``None`` for the first of its name."""
    changes: tuple[CaseChange, ...] = ()
    untold: frozenset[int] | None = None
    """Those of the changes that no digest of this name has told; ``None`` for all of them."""
    shown: frozenset[str] | None = None
    """Numbers of the cases that earlier digests of this name have shown; ``None`` takes the changes at their word."""
    statuses: tuple[SourceStatus, ...] = ()
    runs: tuple[Run, ...] = ()
    were_quiet: frozenset[str] = frozenset()
    """Sources that were quieter than usual at the time of the digest before."""
    near_misses: int = 0
    before: tuple[DigestBefore, ...] = ()
    """The last digests that went to people, oldest first."""


def collect(
    store: Store, spec: DigestSpec, *, now: datetime, since: datetime | None = None, requested: bool = False
) -> Material:
    """Ask the store what a digest has to tell; nothing is marked as told. See ``digests.digest.gather``."""
    past = store.outbox.past(spec.name)
    told = last_told(past)
    begin = since or (told.made_at if told else None)
    changes = store.outbox.pending(spec.name, since=since)
    near = [row for row in store.articles.rows(near_misses=True) if begin is None or row.fetched_at >= begin]
    return Material(
        now=now,
        period=manual_period(spec, now) if requested else spec.schedule.period(now, spec.zone),
        since=begin,
        changes=tuple(changes),
        untold=frozenset(change.id for change in store.outbox.pending(spec.name)) if since else None,
        shown=None if since else shown_by(past),
        statuses=tuple(store.sources.status(now)),
        runs=tuple(store.runs.since(begin or datetime.min.replace(tzinfo=UTC))),
        were_quiet=frozenset(
            name for name, known in store.sources.rhythms().items() if begin is not None and silence(known, begin)
        ),
        near_misses=len(near),
        before=_before(past),
    )


def last_told(past: Iterable[DigestRecord]) -> DigestRecord | None:
    """Find the last digest that went to people; one that was passed over in silence has no subject."""
    return max((one for one in past if one.subject), key=lambda one: one.made_at, default=None)


def manual_period(spec: DigestSpec, now: datetime) -> str:
    """Name the period of a digest that a person asked for: by its minute, in UTC."""
    return f"{now.astimezone(spec.zone):%Y-%m-%d}-asked-{now.astimezone(UTC):%H%MZ}"


def shown_by(past: Iterable[DigestRecord]) -> frozenset[str]:
    """Read which cases earlier digests have shown, however long ago: a shorter memory would tell them as new again."""
    return frozenset(case.number for record in past for case in _read(record).cases)


def _before(past: Sequence[DigestRecord]) -> tuple[DigestBefore, ...]:
    told = sorted((one for one in past if one.subject), key=lambda one: one.made_at)
    return tuple(_read(one) for one in told[-PERIODS_BEFORE:])


def _read(record: DigestRecord) -> DigestBefore:
    """Read a document; one that an older version wrote without what is asked for here tells of no case."""
    try:
        return msgspec.json.decode(record.document, type=DigestBefore)
    except msgspec.DecodeError:
        return DigestBefore(created_at=record.made_at)
