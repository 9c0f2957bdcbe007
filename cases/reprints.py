"""printings of one text → which is the original: what each says of its origin first, then who published first.

Nothing here compares texts (``cases.syndication``) or reads credits (``cases.credits``); this module only weighs them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cases.credits import newsroom_named, newsroom_of, origin_at
from cases.model import Value
from cases.register import Telling

_UNKNOWN = datetime.max.replace(tzinfo=UTC)


class Printing(Value, frozen=True, kw_only=True):
    """One article with a text, as far as it matters who printed it first."""

    url: str
    outlets: tuple[str, ...]
    """Names of the outlet that printed it."""
    published: datetime | None
    credits: tuple[str, ...] = ()


def printing_of(telling: Telling) -> Printing:
    """Take what counts of a telling."""
    outlets = (telling.source, telling.source_title)
    return Printing(url=telling.url, outlets=outlets, published=telling.published, credits=telling.credits)


def known_as(names: Iterable[str]) -> set[str]:
    """Fold names of newsrooms and people so that they can be compared; a known newsroom has one name in all spellings."""
    return _folded(newsroom_named(name) or name for name in names)


def outlets_as(titles: Iterable[str]) -> set[str]:
    """Fold the titles of outlets likewise; an edition or desk of a known newsroom goes under the newsroom's name."""
    return _folded(newsroom_of(title) or title for title in titles)


def _folded(names: Iterable[str]) -> set[str]:
    return {" ".join(name.split()).casefold().removeprefix("the ") for name in names} - {""}


def host_of(url: str) -> str:
    """Give the folded name of who publishes at an address."""
    return origin_at(url).casefold()


def credits_another(one: Printing, other: Printing) -> bool:
    """Tell whether one names the other's outlet or site as its origin."""
    return bool(known_as(one.credits) & ((outlets_as(other.outlets) | {host_of(other.url)}) - {""}))


def foreign_credits(credited: Sequence[str], *, outlets: Iterable[str], url: str) -> tuple[str, ...]:
    """Give those credits that name somebody else than the outlet itself, as written."""
    own = outlets_as(outlets) | {host_of(url), urlsplit(url).netloc.casefold()}
    return tuple(name for name in credited if not known_as([name]) & own)


def original(printings: Sequence[Printing]) -> int:
    """Give the index of the original: the one that others credit, else the earliest; a date that is unknown comes last.

    Of equals the first given. Raises ValueError without any.
    """
    if not printings:
        raise ValueError("nothing was printed, so nothing is the original")

    def standing(index: int) -> tuple[bool, datetime, int]:
        mine = printings[index]
        named = any(credits_another(other, mine) for place, other in enumerate(printings) if place != index)
        return not named, mine.published or _UNKNOWN, index

    return min(range(len(printings)), key=standing)
