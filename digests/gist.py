"""digest → its gist: the counts, a line for each case and a link, for ways out that carry little.

Everything is read from the digest's own JSON, so the gist tells the same cases as the page does, and nothing that is not in it.
"""

from datetime import datetime
from typing import Literal

import msgspec

from cases.model import Value
from digests.notice import OPERATOR
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

    kind: Literal["digest", "alert", "notice"]
    """A notice tells whoever keeps the service running how it is, and has no cases."""
    name: str
    period: str
    language: str
    created_at: datetime
    subject: str
    severity: str
    counts: Counts
    cases: tuple[CaseLine, ...]
    says: tuple[str, ...]
    """Whether all sources could be read, and what was looked at; of a notice all that it says. Sentences."""
    url: str
    """Where the whole can be read; empty when nowhere."""


class _Source(Value, frozen=True, kw_only=True):
    failing: bool


class _Coverage(Value, frozen=True, kw_only=True):
    articles: int = 0
    sources: tuple[_Source, ...] = ()


class _Document(Value, frozen=True, kw_only=True):
    """The part of the digest's JSON that is told here; see ``digests.document``."""

    cases: tuple[CaseLine, ...] = ()
    withdrawn: tuple[str, ...] = ()
    truth: tuple[str, ...] = ()
    coverage: _Coverage = _Coverage()


def gist(rendered: Rendered) -> Gist:
    """Give the gist of a rendered digest."""
    is_notice = rendered.name == OPERATOR
    told = _Document() if is_notice else msgspec.json.decode(rendered.json, type=_Document)
    in_section = [case.section for case in told.cases]
    return Gist(
        kind="notice" if is_notice else "alert" if rendered.reason == "alert" else "digest",
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
        says=tuple(line for line in rendered.text.splitlines() if line) if is_notice else told.truth,
        url=rendered.page_url,
    )
