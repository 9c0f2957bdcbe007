"""Digests that were sent → an index of them: by list, newest first, with what each told and what became of it since.

The pages themselves are never rendered again. The index is made from the JSON that lies beside each page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from cases.model import Value
from digests.cleaning import clean_line
from digests.phrases import said_in
from digests.speech import Language, speech
from digests.subject import COUNTED
from digests.templating import BUILT_IN, Templates
from digests.view import Counted

INDEX = "index.html"

_ALERTS = ".alerts"
"""Ends the name under which the urgent alerts of a list are recorded."""


class Issue(Value, frozen=True, kw_only=True):
    """One digest that was sent, as the index tells of it."""

    name: str
    """Of the list in the configuration."""
    title: str
    stem: str
    """File name of its page without the ending."""
    period: str
    day: date
    """On which it was due, by its list's own clock; where the period does not say, on which it was made."""
    day_words: str
    language: Language
    counts: tuple[Counted, ...]
    """How many cases it told, in which section; empty for a quiet one."""
    failing: int
    """Sources that could not be read then."""
    numbers: tuple[str, ...]
    """Of the cases it told."""
    held_back: tuple[str, ...] = ()
    """Cases that people have held back since: they are taken out of its page."""
    withdrawn: tuple[str, ...] = ()
    """Cases that people have rejected since: its page still tells them."""
    merged: tuple[str, ...] = ()
    """Cases that people have found to be another one since."""


class Shelf(Value, frozen=True, kw_only=True):
    """All issues of one list, newest first."""

    name: str
    title: str
    alerts: bool
    """Urgent alerts, each sent at once, and not a digest of a period."""
    issues: tuple[Issue, ...]

    @property
    def years(self) -> tuple[tuple[int, tuple[Issue, ...]], ...]:
        """The issues by the year in which they were made, newest first."""
        years: dict[int, list[Issue]] = {}
        for one in self.issues:
            years.setdefault(one.day.year, []).append(one)
        return tuple((year, tuple(issues)) for year, issues in years.items())


class Fates(Value, frozen=True, kw_only=True):
    """What people have decided of cases since they were told, by the numbers of these."""

    held_back: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()


def issue(stem: str, document: Mapping[str, Any], fates: Fates) -> Issue:
    """Read an issue from its JSON."""
    words = speech(document.get("language", "en"))
    told = Counter(one["section"] for one in document["cases"])
    told["withdrawn"] = len(document["withdrawn"])
    numbers = tuple(one["number"] for one in document["cases"])
    gone = tuple(document.get("held_back", ()))
    due = _day(document)
    return Issue(
        name=document["name"],
        title=clean_line(document["title"]),
        stem=stem,
        period=document["period"],
        day=due,
        day_words=words.day(due),
        language=words.code,
        counts=tuple(
            Counted(key=key, words=words.ngettext(*term, told[key]), count=told[key])
            for key, term in COUNTED.items()
            if told[key]
        ),
        failing=sum(one["failing"] for one in document["coverage"]["sources"]),
        numbers=numbers,
        held_back=tuple(dict.fromkeys((*gone, *(one for one in numbers if one in fates.held_back)))),
        withdrawn=tuple(one for one in numbers if one in fates.rejected),
        merged=tuple(one for one in numbers if one in fates.merged),
    )


def shelves(issues: Iterable[Issue]) -> tuple[Shelf, ...]:
    """Put issues by their list: the list with the newest issue first, alerts behind the digests of their list."""
    by_name: dict[str, list[Issue]] = {}
    for one in sorted(issues, key=lambda one: (one.day, one.period), reverse=True):
        by_name.setdefault(one.name, []).append(one)
    newest: dict[str, int] = {}
    for rank, name in enumerate(by_name):
        newest.setdefault(name.removesuffix(_ALERTS), rank)
    in_order = sorted(by_name, key=lambda name: (newest[name.removesuffix(_ALERTS)], name.endswith(_ALERTS)))
    return tuple(
        Shelf(
            name=name.removesuffix(_ALERTS),
            title=by_name[name][0].title,
            alerts=name.endswith(_ALERTS),
            issues=tuple(by_name[name]),
        )
        for name in in_order
    )


def index_page(issues: Sequence[Issue], templates: Templates = BUILT_IN) -> str:
    """Write the index, in the language of the newest issue. Raises RenderError."""
    by_list = shelves(issues)
    language = by_list[0].issues[0].language if by_list else "en"
    said = {**said_in(language), "language": language}
    return templates.fill("archive.html.j2", shelves=by_list, total=len(issues), **said)


def _day(document: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(document["period"][:10])
    except ValueError:
        return datetime.fromisoformat(document["created_at"]).date()


def decoded(text: str) -> dict[str, Any] | None:
    """Read the JSON of a digest; ``None`` for what is none."""
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None
    is_digest = isinstance(document, dict) and {"name", "period", "created_at", "cases", "coverage"} <= document.keys()
    return document if is_digest else None


def told_in(text: str) -> frozenset[str]:
    """Give the numbers of the cases that a digest's JSON tells; none of what is no digest."""
    document = decoded(text) or {"cases": []}
    return frozenset(one["number"] for one in document["cases"])
