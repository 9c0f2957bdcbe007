"""what somebody wants of a visit → how far it goes. Pure: one place for polls and crawls alike."""

from datetime import datetime, timedelta

from cases.ledger import Trigger
from cases.model import Value
from cases.recognition import Judging
from crawler.memory import LastVisit
from crawler.options import Collection
from crawler.readers import Window
from crawler.sources import Source
from crawler.tags import spelled

OVERLAP = timedelta(days=1)
"""How far a visit reaches back before the last one, where a site can be asked for what changed since a time."""


class Order(Value, frozen=True, kw_only=True):
    """What somebody wants of a visit."""

    source: Source
    collection: Collection
    watched: tuple[str, ...]
    trigger: Trigger
    since: datetime | None = None
    judging: Judging = Judging()

    @property
    def tags(self) -> tuple[str, ...]:
        """The watched tags: the source's own before those of the watch, and as it spells them."""
        watched = self.source.tags if self.source.tags is not None else self.watched
        return spelled(watched, self.source.tag_spellings)


class Scope(Value, frozen=True, kw_only=True):
    """How far a visit goes."""

    thorough: bool
    """Listings are asked for whatever was said of them, and read to their end."""
    window: Window
    cutoff: datetime | None
    """Articles published before it are too old."""

    @property
    def partial(self) -> bool:
        """Only what changed is asked for: then nothing is an answer, not a sign of a dead listing."""
        return self.window.modified_after is not None


def scope_of(order: Order, last: LastVisit, now: datetime) -> Scope:
    """Say how far a visit goes: thorough when somebody asked for it, and when a listing was not read to its end for long."""
    thorough = order.trigger == "request" or order.since is not None or _sweep_is_due(order, last, now)
    recent = last.complete_at - OVERLAP if last.complete_at is not None and not thorough else None
    cutoff = order.since or _horizon(order, last, now)
    return Scope(
        thorough=thorough,
        window=Window(watched=order.tags, modified_after=recent, cutoff=cutoff),
        cutoff=cutoff,
    )


def _sweep_is_due(order: Order, last: LastVisit, now: datetime) -> bool:
    return last.swept_at is None or now - last.swept_at >= timedelta(hours=order.collection.sweep_hours)


def _horizon(order: Order, last: LastVisit, now: datetime) -> datetime | None:
    """Reach back as far as the options say, and over any gap since the last complete visit."""
    days = order.collection.horizon_days
    if days == 0:
        return None
    horizon = now - timedelta(days=days)
    return min(horizon, last.complete_at or horizon)
