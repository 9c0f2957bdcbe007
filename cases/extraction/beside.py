"""name + text → what stands beside it: the word for its kind ("prison of", 空港) and the word that leads there ("to", から).

Works by the tables ``kind`` and ``link`` of each language's ``places.toml``, in the notation of packs. Links are ``static``
(in, at), ``goal`` (to), ``source`` (from), ``path`` (through), and ``either`` where one word says in and to. Where such a language
tells the two apart by the case of the next word, the table ``told_by_ending`` has a pattern for each: в Минске, в Минск.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple, cast

from cases.extraction.pack import table
from cases.packs.notation import Notation, fold
from cases.packs.tables import Hit, Table

Link = Literal["static", "goal", "source", "path", "either"]
Side = Literal["before", "after"]
_KINDS_DEEP = 3
"""So many words for kinds may stand on one side: "the detention centre in the northern port of"."""
_HOUSES = frozenset({"airport", "post", "held", "camp"})
_REMARK = re.compile(r"\s?[(（][^()（）]{1,16}[)）]")
_NO_LINK = "none"
_FIRST_WORD = re.compile(r"\s*([\w-]+)")
_SIDES: tuple[Side, ...] = ("before", "after")


class Beside(NamedTuple):
    """The kind and the link of one name, and the stretch that they cover together with it."""

    start: int
    end: int
    kind: str | None
    link: Link | None


class Words(NamedTuple):
    """The words for kinds and links in one text, by where those before end and those after start."""

    text: str
    kinds: Mapping[Side, Mapping[int, Hit]]
    links: Mapping[Side, Mapping[int, Hit]]
    endings: Mapping[str, re.Pattern[str]]

    def beside(self, start: int, end: int) -> Beside:
        """Tell what stands beside the stretch from ``start`` to ``end``; a remark in brackets is passed over."""
        kind: str | None = None
        link: Hit | None = None
        housed = False
        if (remark := _REMARK.match(self.text, end)) is not None:
            end = remark.end()
        for _ in range(_KINDS_DEEP):
            if (hit := self._ending(self.kinds["before"], start)) is not None:
                start, kind = hit.start, _stronger(kind, hit.key)
                housed |= kind in _HOUSES
            if (hit := self._starting(self.kinds["after"], end)) is not None:
                end, kind = hit.end, _stronger(kind, hit.key)
        link = self._ending(self.links["before"], start) or self._starting(self.links["after"], end)
        key = self._told(link) if link is not None else "static" if housed else _NO_LINK
        start = link.start if link is not None and link.end <= start + 1 else start
        return Beside(start, end, kind, cast("Link", key) if key != _NO_LINK else None)

    def _told(self, link: Hit) -> str:
        """Give what a word that leads to a place says, with the case of the word behind it where that tells more."""
        following = _FIRST_WORD.match(self.text, link.end) if link.key == "either" else None
        if following is None:
            return link.key
        return next((key for key, ending in self.endings.items() if ending.search(following[1])), link.key)

    def _ending(self, hits: Mapping[int, Hit], place: int) -> Hit | None:
        """Give the hit that ends at a place, or that takes the first word of a name for an article: "a La Habana"."""
        if place in hits:
            return hits[place]
        if place and self.text[place - 1] in " -\n" and place - 1 in hits:
            return hits[place - 1]
        return next(
            (hits[end] for end in (place + 1, place + 2, place + 3) if end in hits and hits[end].start < place), None
        )

    def _starting(self, hits: Mapping[int, Hit], place: int) -> Hit | None:
        if place in hits:
            return hits[place]
        return hits.get(place + 1) if self.text[place : place + 1] in (" ", "-", "\n") else None


def words_of(text: str, language: str) -> Words:
    """Find the words for kinds and links in a text."""
    folded = fold(text)
    tables = _tables(language)
    return Words(
        text=text,
        kinds={side: _placed(tables["kind", side].find(folded), side) for side in _SIDES},
        links={side: _placed(tables["link", side].find(folded), side) for side in _SIDES},
        endings=_endings(language),
    )


def _stronger(one: str | None, other: str) -> str:
    """Prefer the kind that says more than that it is a town."""
    return other if one is None or one == "town" else one


def _placed(hits: tuple[Hit, ...], side: Side) -> dict[int, Hit]:
    return {(hit.end if side == "before" else hit.start): hit for hit in hits}


@cache
def _tables(language: str) -> Mapping[tuple[str, Side], Table]:
    data = table(language, "places")
    spaced = data.get("boundary", "both") == "both"
    edges = {"before": "left" if spaced else "none", "after": "both" if spaced else "none"}
    notation = Notation(data.get("macros", {}))
    return {
        (what, side): Table(data.get(what, {}).get(side, {}), notation, boundary=edges[side])
        for what in ("kind", "link")
        for side in _SIDES
    }


@cache
def _endings(language: str) -> Mapping[str, re.Pattern[str]]:
    return {key: re.compile(pattern) for key, pattern in table(language, "places").get("told_by_ending", {}).items()}
