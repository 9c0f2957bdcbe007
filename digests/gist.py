"""digest → its gist: the counts, a line for each case and a link, for ways out that carry little.

Everything is read from the digest's own JSON, so the gist tells the same cases as the page does, and nothing that is not in it.
"""

from datetime import datetime
from typing import Literal

import msgspec

from cases.model import Value
from digests.rendering import Rendered


class CaseLine(Value, frozen=True, kw_only=True):
    """One case in one line."""

    number: str
    revision: int
    change: str
    section: str
    """``urgent``, ``new``, ``changed``, ``corroborated``, or ``older`` for old cases newly found."""
    urgent: bool
    headline: str


class Counts(Value, frozen=True, kw_only=True):
    """How much a digest tells; each case is counted once, but those that are urgent are all counted as ``urgent``."""

    urgent: int
    new: int
    changed: int
    corroborated: int
    older: int
    withdrawn: int
    articles: int
    """Read and judged since the digest before."""
    sources_failing: int


class Gist(Value, frozen=True, kw_only=True):
    """What a digest says, in short."""

    kind: Literal["digest", "alert"]
    name: str
    period: str
    language: str
    created_at: datetime
    subject: str
    severity: str
    counts: Counts
    cases: tuple[CaseLine, ...]
    url: str
    """Where the whole can be read; empty when nowhere."""


class _Source(Value, frozen=True, kw_only=True):
    failing: bool


class _Coverage(Value, frozen=True, kw_only=True):
    articles: int
    sources: tuple[_Source, ...]


class _Document(Value, frozen=True, kw_only=True):
    """The part of the digest's JSON that is told here; see ``digests.document``."""

    cases: tuple[CaseLine, ...]
    withdrawn: tuple[str, ...]
    coverage: _Coverage


def gist(rendered: Rendered) -> Gist:
    """Give the gist of a rendered digest."""
    told = msgspec.json.decode(rendered.json, type=_Document)
    in_section = [case.section for case in told.cases]
    return Gist(
        kind="alert" if rendered.reason == "alert" else "digest",
        name=rendered.name,
        period=rendered.period,
        language=rendered.language,
        created_at=rendered.made_at,
        subject=rendered.subject,
        severity=rendered.severity,
        counts=Counts(
            urgent=in_section.count("urgent"),
            new=in_section.count("new"),
            changed=in_section.count("changed"),
            corroborated=in_section.count("corroborated"),
            older=in_section.count("older"),
            withdrawn=len(told.withdrawn),
            articles=told.coverage.articles,
            sources_failing=sum(source.failing for source in told.coverage.sources),
        ),
        cases=told.cases,
        url=rendered.page_url,
    )
