"""tellings → corroboration: how many independent origins tell a case, and where the tellings disagree."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from cases import syndication
from cases.merging import ASIDE, of_type
from cases.model import Event, Persons, Value
from cases.register import Telling
from cases.reprints import host_of, known_as, original, outlets_as, printing_of
from cases.spans import ACT, gap, span_of
from cases.whereabouts import within

T = TypeVar("T")

ABOUT = 1 / 6
"""How far "about" reaches: press rounds 517 as well as 590 to "about 550"; a reading aid, not a measurement."""


class Conflict(Value, frozen=True, kw_only=True):
    """A field on which the tellings of a case cannot all be right."""

    field: str
    """``persons``, ``events.arrest``, ``places.held`` …"""
    tellings: tuple[int, ...]
    """Indexes of the tellings that give the field a value."""


class Reprint(Value, frozen=True, kw_only=True):
    """What ties a telling to another whose text it prints."""

    of: int
    """Index of the original among the tellings."""
    share: float
    """Share of the shorter text that stands in the longer one."""


def origins(tellings: Sequence[Telling]) -> int:
    """Count the independent origins of a case, not its outlets; see ``origin_of_each``."""
    return len({origin for origin in origin_of_each(tellings) if origin is not None})


def origin_of_each(tellings: Sequence[Telling]) -> tuple[int | None, ...]:
    """Give each telling the number of its origin, counted from 1 as they were first told.

    Tellings share an origin when they come from one newsroom, print one text or most of it, credit or name the same
    newsroom or informant, or when one credits or cites the other's outlet. Mentions in passing are no origin.
    """
    spoken = [index for index, telling in enumerate(tellings) if telling.report.mention not in ASIDE]
    heard = spoken or range(len(tellings))
    clusters: list[tuple[set[int], set[str]]] = []
    for index, traces in zip(heard, _traces_of([tellings[index] for index in heard]), strict=True):
        touched = [cluster for cluster in clusters if cluster[1] & traces]
        joined = {index}.union(*(members for members, _ in touched)), traces.union(*(known for _, known in touched))
        clusters = [cluster for cluster in clusters if cluster not in touched] + [joined]
    numbered = sorted((members for members, _ in clusters), key=min)
    number = {index: place for place, members in enumerate(numbered, start=1) for index in members}
    return tuple(number.get(index) for index in range(len(tellings)))


def _traces_of(tellings: Sequence[Telling]) -> list[set[str]]:
    """Give everything that betrays where each telling comes from; a site's address counts where another names it."""
    families = syndication.families(telling.article_text for telling in tellings)
    credited = known_as(name for telling in tellings for name in telling.credits)
    return [
        _traces(telling) | {f"text of {family}"} | ({host_of(telling.url)} & credited)
        for telling, family in zip(tellings, families, strict=True)
    ]


def _traces(telling: Telling) -> set[str]:
    """Give the names behind a telling; pseudonyms betray nothing."""
    named = {one.name for one in telling.report.informants if one.name and one.pseudonym is not True}
    outlet = {telling.source, telling.source_title} - {""} or {urlsplit(telling.url).netloc or telling.url}
    return outlets_as(outlet) | known_as(named | set(telling.credits))


def reprints(tellings: Sequence[Telling]) -> tuple[Reprint | None, ...]:
    """Tell of each telling whose text it prints; ``None`` for originals and for what nobody else prints."""
    families = syndication.families(telling.article_text for telling in tellings)
    found: list[Reprint | None] = [None] * len(tellings)
    for family in set(families):
        members = [index for index, one in enumerate(families) if one == family]
        first = members[original([printing_of(tellings[index]) for index in members])]
        for index in members:
            if index != first:
                shared = syndication.share(tellings[index].article_text, tellings[first].article_text)
                found[index] = Reprint(of=first, share=shared)
    return tuple(found)


def disagreements(tellings: Sequence[Telling]) -> tuple[Conflict, ...]:
    """Find the fields on which tellings cannot all be right: counts, days of the act, places of one role and level.

    A wider figure or a coarser date that holds the narrower one is no disagreement; nor is a day that a reprint counts
    from its own date ("last Tuesday"), where the text it prints has counted it already.
    """
    families = syndication.families(telling.article_text for telling in tellings)
    spoken = [(index, telling) for index, telling in enumerate(tellings) if telling.report.mention not in ASIDE]
    found = [_conflict("persons", [(i, t.report.persons) for i, t in spoken], counts_overlap)]
    for kind in sorted(ACT):
        dated = [
            (i, span)
            for i, t in spoken
            if len(of := of_type(t.report.events, kind)) == 1
            and (span := span_of(of[0]))
            and (families[i] == i or not _is_counted_from_publication(of[0]))
        ]
        found.append(_conflict(f"events.{kind}", dated, lambda one, other: gap(one, other) == 0))
    for role in ("residence", "arrest", "held"):
        placed = [(i, place) for i, t in spoken for place in t.report.places if place.role == role]
        found.append(_conflict(f"places.{role}", placed, within))
    return tuple(conflict for conflict in found if conflict is not None)


def _is_counted_from_publication(event: Event) -> bool:
    return event.anchor == "publication"


def _conflict(field: str, told: Sequence[tuple[int, T | None]], agree: Callable[[T, T], bool]) -> Conflict | None:
    known = [(index, value) for index, value in told if value is not None]
    if all(agree(one, other) for _, one in known for _, other in known):
        return None
    return Conflict(field=field, tellings=tuple(sorted({index for index, _ in known})))


def counts_overlap(one: Persons, other: Persons) -> bool:
    """Whether two figures can both be right; "about" is read as a sixth more or less."""
    (low, high), (other_low, other_high) = _reach(one), _reach(other)
    return low <= other_high and other_low <= high


def _reach(persons: Persons) -> tuple[float, float]:
    slack = ABOUT if persons.qualifier == "about" else 0.0
    high = math.inf if persons.max is None else persons.max * (1 + slack)
    return persons.min * (1 - slack), high
