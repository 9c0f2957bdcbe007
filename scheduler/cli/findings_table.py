"""What was found at a site, for people and for programs: ways in side by side, and pages as they were read."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from crawler.discovery.checkup import Checkup
from crawler.discovery.survey import Survey
from crawler.discovery.trial import Finding, PageFound
from crawler.sources import Source
from scheduler.adding import Proposal
from scheduler.cli.output import print_table, say, say_folded

_QUERY = re.compile(r"(?<=\S)\?\S+")
"""What follows the question mark of an address: it fills a line and tells a person nothing."""
_INDENT = "  "
_LABEL = 10
_MOST_NAMED = 6


def print_survey(survey: Survey, neighbours: Sequence[str]) -> None:
    """Print what a site offers, and how its pages are read."""
    if not survey.home:
        return
    software = f", on {survey.software}" if survey.software else ""
    say(f"{survey.title}: {survey.home}{software}")
    if survey.nature != "page":
        say(f"{survey.asked} is one {survey.nature} of it.")
    if neighbours:
        say_folded(f"Of the same site, in the catalogue already: {', '.join(neighbours)}.")
    say()
    print_findings(survey.findings, survey.home)
    for found in survey.pages:
        print_page(found)


def print_checkup(source: Source, checkup: Checkup) -> None:
    """Print how a source answered, and what to do."""
    serving = checkup.serving
    state = f"{serving.table.kind} serves" if serving is not None else "nothing serves"
    say(f"\n{source.name} ({source.title}, {source.home}): {state}")
    print_findings(checkup.findings, source.home)
    for found in (checkup.page, checkup.canary):
        if found is not None:
            print_page(found)
    for words in checkup.advice:
        say_folded(f"→ {words}", further=2)


def print_findings(findings: Sequence[Finding], home: str) -> None:
    """Print the ways in side by side, and below them why some give nothing."""
    print_table(
        None,
        ("reader", "address", "articles", "newest", "oldest", "watched", "text"),
        (_row(finding, home) for finding in findings),
    )
    tags = list(dict.fromkeys(tag for finding in findings for tag in finding.tags_seen))
    if tags:
        say(f"Watched tags seen: {', '.join(tags[:_MOST_NAMED])}.")
    for finding in findings:
        if finding.why:
            say_folded(f"{finding.table.kind}: {_QUERY.sub('?…', finding.why)}")


def print_page(found: PageFound) -> None:
    """Print how one article page was read, so that a person sees whether it is read rightly."""
    say(f"\n{found.url}")
    if found.article is None:
        say_folded(f"not read: {found.why}", indent=_INDENT)
        return
    for name, value in _facts(found):
        say_folded(f"{name:<{_LABEL}}{value}", indent=_INDENT, further=_LABEL)


def shown(url: str, home: str) -> str:
    """Write an address as shortly as it can be told apart: without the host when that is the site's own."""
    parts, own = urlsplit(url), urlsplit(home)
    if parts.netloc != own.netloc:
        return url
    return parts._replace(scheme="", netloc="").geturl() or "/"


def promised_survey(found: Proposal, *, written: str | None) -> dict[str, Any]:
    """Give a survey as ``sources add --json`` promises it; ``written`` is the file, where one was written."""
    survey = found.survey
    return {
        "asked": survey.asked,
        "name": found.name,
        "nature": survey.nature,
        "home": survey.home or None,
        "title": survey.title or None,
        "software": survey.software,
        "languages": survey.languages,
        "date_order": survey.date_order,
        "tags": survey.watched,
        "readers": [_plain(finding) for finding in survey.findings],
        "chosen": [{"kind": finding.table.kind, "url": finding.table.url} for finding in survey.chosen],
        "pages": [_plain_page(found) for found in survey.pages],
        "why": survey.why,
        "file": found.text,
        "written": written,
    }


def promised_checkup(checkup: Checkup) -> dict[str, Any]:
    """Give a checkup as ``sources check --json`` promises it."""
    serving = checkup.serving
    return {
        "source": checkup.source,
        "sound": checkup.is_sound,
        "reader": serving.table.kind if serving is not None else None,
        "readers": [_plain(finding) for finding in checkup.findings],
        "page": _plain_page(checkup.page) if checkup.page is not None else None,
        "canary": _plain_page(checkup.canary) if checkup.canary is not None else None,
        "feeds_named": checkup.named_now,
        "advice": checkup.advice,
    }


def _row(finding: Finding, home: str) -> Sequence[object]:
    times = finding.times
    total = f" of {finding.claimed_total}" if finding.claimed_total is not None else ""
    return (
        finding.table.kind,
        shown(finding.table.url or finding.asked, home).partition("?")[0] or "/",
        f"{len(finding.entries)}{total}" if finding.serves else "none",
        f"{times[-1]:%Y-%m-%d}" if times else None,
        f"{times[0]:%Y-%m-%d}" if times else None,
        f"{finding.watched} of {len(finding.entries)}" if finding.serves else None,
        _text(finding),
    )


def _text(finding: Finding) -> str | None:
    """Say whether a feed holds the articles themselves; of other listings nobody expects it."""
    if not finding.serves or finding.table.kind != "feed":
        return None
    if finding.whole == len(finding.entries):
        return "whole"
    return f"{finding.whole} whole" if finding.whole else "teaser"


def _facts(found: PageFound) -> Iterator[tuple[str, str]]:
    article = found.article
    if article is None:
        return
    yield "title", article.title
    printed = f"printed as {article.published_raw}" if article.published_raw else "the page states none"
    yield "date", f"{article.published:%Y-%m-%d %H:%M} UTC" if article.published else f"unknown: {printed}"
    yield "authors", ", ".join(article.authors[:_MOST_NAMED]) or "none stated"
    yield "tags", ", ".join(article.tags[:_MOST_NAMED]) or "none stated"
    yield "language", article.lang or "unknown"
    yield "text", f"{found.characters:,} characters: {found.begins}"


def _plain(finding: Finding) -> dict[str, Any]:
    times = finding.times
    return {
        "kind": finding.table.kind,
        "url": finding.table.url,
        "asked": finding.asked,
        "serves": finding.serves,
        "outcome": finding.trouble.outcome if finding.trouble is not None else None,
        "entries": len(finding.entries),
        "newest": times[-1].isoformat() if times else None,
        "oldest": times[0].isoformat() if times else None,
        "with_tags": finding.tagged,
        "watched": finding.watched,
        "tags_seen": finding.tags_seen,
        "whole_text": finding.whole,
        "claimed_total": finding.claimed_total,
        "why": finding.why,
    }


def _plain_page(found: PageFound) -> dict[str, Any]:
    article = found.article
    read: dict[str, Any] = {}
    if article is not None:
        published = article.published.isoformat() if article.published else None
        read = {
            "title": article.title,
            "published": published,
            "published_raw": article.published_raw,
            "authors": article.authors,
            "tags": article.tags,
            "lang": article.lang,
            "characters": found.characters,
            "begins": found.begins,
        }
    return {"url": found.url, "read": article is not None, **read, "why": found.why}
