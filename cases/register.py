"""The case, as people register it: its tellings, its status, and what a judgement does to it. The values of the register.

What an article says is in ``cases.model``; here are the values that outlive it. Frozen, without clock, disk or network.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from cases.model import Judgement, Report, Value

SourceGrade = Literal["A", "B", "C", "D", "E", "F"]


Credibility = Literal[1, 2, 3, 4, 5, 6]


class Telling(Value, frozen=True, kw_only=True):
    """One report of a case together with the article that tells it."""

    report: Report
    url: str
    title: str
    source: str
    """Name of the source file."""
    source_title: str
    published: datetime | None
    lang: str | None
    article_text: str = ""
    """Text of the article, so that a quote can be shown in its paragraph."""
    capture_sha256: str | None = None
    added_at: datetime | None = None
    protected_names: tuple[str, ...] = ()
    """Every name of a person in any report of the article, those of other cases too: they may stand in its quotes."""
    credits: tuple[str, ...] = ()
    """Newsrooms and hosts that the article names as its origin."""
    tags: tuple[str, ...] = ()
    """Tags of the article, as printed."""
    score: float | None = None
    """How sure it is that the article is a report, between 0 and 1; ``None`` when that was not kept."""
    filed_under: str | None = None
    """Id of the case that it was told to: another one than the case it stands in, where a person merged the two."""
    source_grade: SourceGrade | None = None
    """How far the outlet is to be relied upon, as a person set it for this article or in the source's file."""
    credibility: Credibility | None = None
    """How far what it tells is credible, as a person set it."""


class Correction(Value, frozen=True, kw_only=True):
    """The value that a person gives a field of a case; ``None`` says that it is not known."""

    field: str
    """By the contract's name, such as ``to`` or ``persons``."""
    value: Any


class CaseStatus(StrEnum):
    """Where a case stands in the hands of people."""

    NEW = "new"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHHELD = "withheld"
    EMBARGOED = "embargoed"
    MERGED = "merged"


ChangeKind = Literal["new", "updated", "corroborated", "repeated", "corrected", "withdrawn", "backfilled"]


class Case(Value, frozen=True, kw_only=True):
    """An act of forced return, told by one or many reports.

    ``number`` (``2026-0007``) is permanent and what people say; ``id`` is a UUIDv7. ``report`` is the case as a whole: the
    best-supported value of each field over all tellings. ``revision`` counts material changes from 1.
    """

    id: str
    number: str
    revision: int
    status: CaseStatus
    report: Report
    tellings: tuple[Telling, ...]
    opened_at: datetime
    changed_at: datetime
    announce: bool = True
    """False for an old case that a first visit or a back-fill brought in: listed, never announced as new."""
    merged_into: str | None = None
    """Id of the case that this one was merged into."""
    embargo_until: datetime | None = None
    """Until when a person holds it back; ``None`` of an embargoed case: until it is released."""
    corrections: tuple[Correction, ...] = ()
    """Values that a person has set, oldest first; ``report`` holds them already."""
    apart: frozenset[str] = frozenset()
    """Ids of the cases that a person said are not this one."""


class Opened(Value, frozen=True, kw_only=True, tag="opened"):
    """No case matches: the report opens one. ``announce`` is false for old events newly found."""

    report: Report
    announce: bool = True


class Joined(Value, frozen=True, kw_only=True, tag="joined"):
    """The report tells a known case; ``change`` says what it adds, ``merged`` is the case's report afterwards."""

    report: Report
    case_id: str
    merged: Report
    change: ChangeKind
    changed_fields: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Cases that the report may tell as well, so that they and the one it joins may be one; a person decides."""


class Unsure(Value, frozen=True, kw_only=True, tag="unsure"):
    """The report may tell one of these cases; it opens its own, and a person decides."""

    report: Report
    candidates: tuple[str, ...]
    announce: bool = True


class Decision(Value, frozen=True, kw_only=True):
    """One article's effect on the register, ready for the store to apply."""

    judgement: Judgement
    effects: tuple[Opened | Joined | Unsure, ...] = ()
