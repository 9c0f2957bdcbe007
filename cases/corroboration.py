"""tellings → corroboration: how many independent origins tell a case, and where the tellings disagree."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from cases.identity import text_sha256
from cases.merging import ASIDE, of_type, speaking
from cases.model import Persons, Telling, Value
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


def origins(tellings: Sequence[Telling]) -> int:
    """Count the independent origins of a case, not its outlets.

    Tellings share an origin when they come from one source, carry the same text, or name the same informant, or when
    one cites the other's outlet. Mentions in passing are no origin.
    """
    clusters: list[set[str]] = []
    for telling in speaking(tellings):
        traces = _traces(telling)
        touched = [cluster for cluster in clusters if cluster & traces]
        clusters = [cluster for cluster in clusters if cluster not in touched] + [traces.union(*touched)]
    return len(clusters)


def _traces(telling: Telling) -> set[str]:
    """Everything that betrays where a telling comes from; pseudonyms betray nothing."""
    named = {one.name for one in telling.report.informants if one.name and one.pseudonym is not True}
    outlet = {telling.source, telling.source_title} - {""} or {urlsplit(telling.url).netloc or telling.url}
    text = " ".join(telling.article_text.split())
    return {name.casefold() for name in named | outlet} | ({text_sha256(text)} if text else set())


def disagreements(tellings: Sequence[Telling]) -> tuple[Conflict, ...]:
    """Find the fields on which tellings cannot all be right: counts, days of the act, places of one role and level.

    A wider figure or a coarser date that holds the narrower one is no disagreement.
    """
    spoken = [(index, telling) for index, telling in enumerate(tellings) if telling.report.mention not in ASIDE]
    found = [_conflict("persons", [(i, t.report.persons) for i, t in spoken], counts_overlap)]
    for kind in sorted(ACT):
        dated = [
            (i, span) for i, t in spoken if len(of := of_type(t.report.events, kind)) == 1 and (span := span_of(of[0]))
        ]
        found.append(_conflict(f"events.{kind}", dated, lambda one, other: gap(one, other) == 0))
    for role in ("residence", "arrest", "held"):
        placed = [(i, place) for i, t in spoken for place in t.report.places if place.role == role]
        found.append(_conflict(f"places.{role}", placed, within))
    return tuple(conflict for conflict in found if conflict is not None)


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
