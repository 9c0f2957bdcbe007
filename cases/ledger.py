"""What ran, and what each source gave: the values behind the truth about coverage.

The funnel closes twice: ``entries == sum(set_aside.values()) + articles``, where ``articles`` counts the pages that were
read and judged in this run, and ``articles == sum(judged.values())``. Every point that drops something has its name in
``SetAside``, and every verdict its own in ``Judged``.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from cases.model import Value
from cases.silence import Silence

Trigger = Literal["schedule", "request"]


class SourceOutcome(StrEnum):
    """How one visit to one source ended: exactly one of these."""

    OK = "ok"
    """Something new was read."""
    NOTHING_NEW = "nothing_new"
    """The listing was read; everything in it was known, or carried no watched tag."""
    NOT_MODIFIED = "not_modified"
    """The site answered that nothing changed; a source that was failing stays failing."""
    SAME_BYTES = "same_bytes"
    """The site knows no conditional requests, but answered with the very bytes of the last time; counts as not modified."""
    EMPTY = "empty"
    """A well-formed listing without a single entry: neither success nor failure."""
    BLOCKED = "blocked"
    """401, 403, 429, 451, a challenge page, a log-in, or a paywall in the place of what was asked for."""
    FORBIDDEN = "forbidden"
    """robots.txt asks us not to fetch what the source is read by."""
    UNREACHABLE = "unreachable"
    """No name, no connection, no TLS, time-out, or 5xx."""
    GONE = "gone"
    """404 or 410."""
    MOVED = "moved"
    """The listing's address leads for good to another site, which nobody has agreed to read."""
    PARSE_FAILED = "parse_failed"
    """Bytes came that no reader of the source could read."""
    LAYOUT_CHANGED = "layout_changed"
    """Pages came, but none held a title and a body where the source's layout has them."""
    FAILED = "failed"
    """The crawl itself failed: a fault of this installation, not of the site."""
    STOPPED = "stopped"
    """The crawl was told to end; it goes on where it was at the next visit."""


class Wall(StrEnum):
    """What stood between us and a source that is ``blocked``."""

    CHALLENGE = "challenge"
    """A page that wants proof of a human."""
    LOGIN = "login"
    PAYWALL = "paywall"
    REFUSED = "refused"
    """401 or 403, without a word that says why."""
    TOO_MANY = "too_many"
    """429: the site asks for fewer requests."""
    LEGAL = "legal"
    """451: withheld for legal reasons."""


EMPTY_TOO_OFTEN = 2
"""Once, a list may be empty; from the second time in a row it is a source that cannot be read."""

UNCHANGED = frozenset({SourceOutcome.NOT_MODIFIED, SourceOutcome.SAME_BYTES})
"""Visits in which the site said, or showed, that there is nothing to read."""
SUCCESS = frozenset({SourceOutcome.OK, SourceOutcome.NOTHING_NEW})
NEUTRAL = frozenset({SourceOutcome.NOT_MODIFIED, SourceOutcome.SAME_BYTES, SourceOutcome.EMPTY, SourceOutcome.STOPPED})


class SetAside(StrEnum):
    """Why an entry did not become a judged article in this run."""

    KNOWN = "known"
    UNTAGGED = "untagged"
    TOO_OLD = "too_old"
    DUPLICATE = "duplicate"
    """The same article named twice in a run's listings: of earlier versions, which counted it as an entry each time."""
    EXCLUDED = "excluded"
    """The source file leaves its address out."""
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    FORBIDDEN = "forbidden"
    """robots.txt, an address that the guard refuses, or one that is not the source's."""
    READING_TIMED_OUT = "reading_timed_out"
    NOT_REACHED = "not_reached"
    """The crawl was stopped, or reached its limit, before this entry."""


class Judged(StrEnum):
    """How far an article that was read came: exactly one of these for each."""

    OTHER_LANGUAGE = "other_language"
    """In a language that nobody here reads."""
    BELOW_THRESHOLD = "below_threshold"
    NEAR_MISS = "near_miss"
    """Below the threshold, but near enough for a person to look at."""
    REPORT = "report"


class Overlap(Value, frozen=True, kw_only=True):
    """How much of what a listing shows first was known before: what says whether anything can fall between two visits."""

    listed: int
    known: int
    oldest: datetime | None = None
    """Time of the oldest entry that it shows, where it states times."""


class Run(Value, frozen=True, kw_only=True):
    """One visit to one source."""

    source: str
    trigger: Trigger
    outcome: SourceOutcome
    started_at: datetime
    finished_at: datetime
    visits: int = 1
    """More than one when visits that found everything unchanged followed one another: they are told as one run."""
    detail: str | None = None
    """What went wrong, in words for a person: what, which and why."""
    wall: Wall | None = None
    """What stood in the way, when the outcome is ``blocked``."""
    moved_to: str | None = None
    """Where the listing went, when the outcome is ``moved``."""
    not_before: datetime | None = None
    """The site asks not to be asked before then; that holds for everything on its host."""
    fresh_s: float | None = None
    """How long the listing says that it stays as it is."""
    overlap: Overlap | None = None
    """None on a first visit, and where nothing was listed."""
    reader: str | None = None
    """Kind of the reader that served."""
    fell_back_from: tuple[str, ...] = ()
    """Readers named before it that did not answer, each with its reason."""
    requests: int = 0
    entries: int = 0
    """Articles that were listed, each counted once however often and by however many readers it was."""
    repeats: int = 0
    """How often an article was listed again."""
    articles: int = 0
    reports: int = 0
    cases_new: int = 0
    cases_updated: int = 0
    claimed_total: int | None = None
    """How many articles the site says it has under the watched tags, where it says so."""
    set_aside: dict[str, int] = msgspec.field(default_factory=dict)
    labels: dict[str, int] = msgspec.field(default_factory=dict)
    """What the articles of this run are about."""
    judged: dict[str, int] = msgspec.field(default_factory=dict)
    """How far they came, by ``Judged``."""
    warnings: tuple[str, ...] = ()
    """Flags beside the outcome: gap, short, a limit that was reached, a total that does not agree."""


class SourceStatus(Value, frozen=True, kw_only=True):
    """A source as the watch sees it now."""

    name: str
    title: str
    enabled: bool
    next_due: datetime | None
    running: bool
    last_run: Run | None
    last_failed: Run | None = None
    """The failure that stands, when the last visit said nothing either way."""
    last_success: datetime | None
    failures: float
    """Weighted sum of failures since the last success; 0 when healthy."""
    empty_in_a_row: int = 0
    quiet: Silence | None = None
    """Set when nothing has come for longer than is usual with this source."""
    articles: int
    reports: int

    @property
    def failing(self) -> bool:
        """Whether it cannot be read: it failed since it last could, or has shown an empty list twice in a row."""
        return self.enabled and (self.failures > 0 or self.empty_in_a_row >= EMPTY_TOO_OFTEN)

    @property
    def says(self) -> Run | None:
        """The visit that says how it stands: a failure is not cured by an answer that nothing changed."""
        return self.last_failed or self.last_run


def joined(earlier: Run, later: Run) -> Run | None:
    """Tell two visits as one run, when the later one adds nothing to the earlier but that the source was asked again."""
    if earlier.outcome not in UNCHANGED or earlier != _asked_as(earlier, later):
        return None
    return msgspec.structs.replace(
        later,
        started_at=earlier.started_at,
        visits=earlier.visits + later.visits,
        requests=earlier.requests + later.requests,
    )


def _asked_as(earlier: Run, later: Run) -> Run:
    """Give the later visit with what always differs made like the earlier one's."""
    return msgspec.structs.replace(
        later,
        started_at=earlier.started_at,
        finished_at=earlier.finished_at,
        visits=earlier.visits,
        requests=earlier.requests,
    )
