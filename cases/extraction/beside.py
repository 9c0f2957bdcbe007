"""name + text → what stands beside it: the word for its kind ("prison of", 空港) and the word that leads there ("to", から).

Works by the tables ``kind`` and ``link`` of each language's ``places.toml``, in the notation of packs. Links are ``static``
(in, at), ``goal`` (to), ``source`` (from), ``path`` (through), and ``either`` where one word says in and to.
"""

from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple, cast

from cases.extraction.pack import table
from cases.packs.notation import Hit, Table, fold

Link = Literal["static", "goal", "source", "path", "either"]
Side = Literal["before", "after"]
_KINDS_DEEP = 2
"""So many words for kinds may stand on one side: "the detention centre at the port of"."""
_SIDES: tuple[Side, ...] = ("before", "after")


class Beside(NamedTuple):
    """The kind and the link of one name, and the stretch that they cover together with it."""

    start: int
    end: int
    kind: str | None
    link: Link | None


class Words(NamedTuple):
    """The words for kinds and links in one text, by where those before end and those after start."""

    kinds: Mapping[Side, Mapping[int, Hit]]
    links: Mapping[Side, Mapping[int, Hit]]

    def beside(self, start: int, end: int) -> Beside:
        """Tell what stands beside the stretch from ``start`` to ``end``."""
        kind: str | None = None
        for _ in range(_KINDS_DEEP):
            if (hit := _near(self.kinds["before"], start, -1)) is not None:
                start, kind = hit.start, _stronger(kind, hit.key)
            if (hit := _near(self.kinds["after"], end, 1)) is not None:
                end, kind = hit.end, _stronger(kind, hit.key)
        link = _near(self.links["before"], start, -1) or _near(self.links["after"], end, 1)
        return Beside(start, end, kind, cast("Link", link.key) if link is not None else None)


def words_of(text: str, language: str) -> Words:
    """Find the words for kinds and links in a text."""
    folded = fold(text)
    tables = _tables(language)
    return Words(
        kinds={side: _placed(tables["kind", side].find(folded), side) for side in _SIDES},
        links={side: _placed(tables["link", side].find(folded), side) for side in _SIDES},
    )


def _near(hits: Mapping[int, Hit], place: int, step: int) -> Hit | None:
    return hits.get(place) or hits.get(place + step)


def _stronger(one: str | None, other: str) -> str:
    """Prefer the kind that says more than that it is a town."""
    return other if one is None or one == "town" else one


def _placed(hits: tuple[Hit, ...], side: Side) -> dict[int, Hit]:
    return {(hit.end if side == "before" else hit.start): hit for hit in hits}


@cache
def _tables(language: str) -> Mapping[tuple[str, Side], Table]:
    data = table(language, "places")
    boundary = data.get("boundary", "both")
    return {
        (what, side): Table(data.get(what, {}).get(side, {}), macros=data.get("macros", {}), boundary=boundary)
        for what in ("kind", "link")
        for side in _SIDES
    }
