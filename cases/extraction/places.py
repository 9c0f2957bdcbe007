"""text → place and country mentions: what the text names, placed in the gazetteer only where the text allows it."""

from collections.abc import Sequence
from typing import Literal

from cases.extraction.mention import Mention
from cases.model import PlaceLevel


class PlaceMention(Mention, frozen=True, kw_only=True):
    """A place below the country. ``parents`` are those the text names, child first; ``derived_parents`` come from the
    gazetteer alone. ``gazetteer_id`` is ``None`` while several places of that name remain possible.
    """

    name: str
    parents: tuple[str, ...] = ()
    derived_parents: tuple[str, ...] = ()
    country: str | None = None
    level: PlaceLevel | None = None
    gazetteer_id: str | None = None


class CountryMention(Mention, frozen=True, kw_only=True):
    """A country (``China``) or its demonym (``Chinese``), as an ISO 3166-1 alpha-2 code."""

    code: str
    kind: Literal["country", "demonym"]


def find_places(text: str, lang: str | None, *, context: Sequence[str] = ()) -> tuple[PlaceMention, ...]:
    """Find the places of the gazetteer in a text, in order; ``context`` is the rest of the article."""
    return ()


def find_countries(text: str, lang: str | None) -> tuple[CountryMention, ...]:
    """Find the countries and demonyms in a text, in order."""
    return ()
