"""JSON-LD of a page → its main article: found in lists and graphs, told apart from others, mended where it is broken. Pure.

Sites write it by hand and by plug-ins: with raw line breaks, comments, trailing commas, entities. What cannot be mended
says nothing. Nothing is taken on trust: values of another kind than expected are left out.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag

Thing = Mapping[str, Any]

_LONGEST = 500_000
_DEEPEST = 40
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")
"""Where an article may stand in another thing. Items of a list are others' articles: those are not looked for."""
_AROUND_IT = re.compile(
    r"^\s*(?:<!--|//<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:(?://\s*)?-->|(?://)?\]\]>|;)\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_ARTICLE = ("Article", "BlogPosting", "Report", "AnalysisNewsArticle", "LiveBlogPosting")


def main_article(scripts: Iterable[str], *, addresses: Iterable[str], titles: Iterable[str]) -> Thing:
    """Give the article that the page is about, of the texts of its JSON-LD scripts; an empty mapping when there is none.

    Of several the one counts that names an address of the page, or its title; then the first.
    """
    things = [thing for text in scripts for thing in _things(text)]
    articles = [thing for thing in things if _is_article(thing)]
    own = {_bare(address) for address in addresses} - {""}
    named = {" ".join(title.split()).casefold() for title in titles} - {""}
    by_address = (one for one in articles if own & {_bare(address) for address in _addresses(one)})
    by_title = (one for one in articles if named & {text.casefold() for text in texts(one.get("headline"))})
    found = next(by_address, None) or next(by_title, None) or next(iter(articles), {})
    return _resolved(found, things)


def texts(value: object) -> list[str]:
    """Give the strings of a value or of a list of values, white space evened out and entities undone."""
    found = value if isinstance(value, list) else [value]
    return [text for one in found if isinstance(one, str) and (text := " ".join(html.unescape(one).split()))]


def names(value: object) -> list[str]:
    """Give the names of a thing or of a list of things; a string is its own name."""
    found = value if isinstance(value, list) else [value]
    return [name for one in found for name in texts(one.get("name") if isinstance(one, Mapping) else one)]


def _things(text: str) -> Iterator[Thing]:
    if len(text) > _LONGEST:
        return
    for form in (text, _mended(text), html.unescape(_mended(text))):
        try:
            yield from _objects(json.loads(form, strict=False), 0)
        except (ValueError, RecursionError):
            continue
        return


def _mended(text: str) -> str:
    bare = text
    while (shorter := _AROUND_IT.sub("", bare)) != bare:
        bare = shorter
    return _TRAILING_COMMA.sub("", bare)


def _objects(value: object, depth: int) -> Iterator[Thing]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in _WITHIN:
            yield from _objects(value.get(key), depth + 1)


def _is_article(thing: Thing) -> bool:
    kinds = thing.get("@type")
    return any(str(kind).endswith(_ARTICLE) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _addresses(thing: Thing) -> list[str]:
    page = thing.get("mainEntityOfPage")
    within = page.get("@id") if isinstance(page, Mapping) else page
    return [address for value in (thing.get("url"), within, thing.get("@id")) for address in texts(value)]


def _bare(address: str) -> str:
    try:
        return urldefrag(address)[0].removesuffix("/").partition("://")[2]
    except ValueError:
        return ""


def _resolved(thing: Thing, things: list[Thing]) -> Thing:
    """Put in the place of a reference to an author what the graph says of that author elsewhere."""
    known = {one["@id"]: one for one in things if isinstance(one.get("@id"), str) and "name" in one}
    stated = thing.get("author")
    people = stated if isinstance(stated, list) else [stated]
    if not any(isinstance(one, Mapping) and one.get("@id") in known and "name" not in one for one in people):
        return thing
    return {**thing, "author": [known.get(one.get("@id"), one) if isinstance(one, Mapping) else one for one in people]}
