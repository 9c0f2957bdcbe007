"""text → country mentions: what the text names, by each language's table ``packs/<language>/countries.toml``.

The longest name wins, so that "North Korean" is not "Korean" and "Papua New Guinea" not "Guinea". Names with another common
bearer (a person called Jordan, the state of Georgia, 인도 as "handing over") count only where the table's conditions hold.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from cases.extraction.mention import Mention
from cases.extraction.pack import pack_of, table
from cases.packs.alternation import alternation, spelt_out

_BESIDE = 40
"""Characters on either side that the conditions on neighbours look at."""


class CountryMention(Mention, frozen=True, kw_only=True):
    """A country (``China``) or its demonym (``Chinese``), as an ISO 3166-1 alpha-2 code."""

    code: str
    kind: Literal["country", "demonym"]


class _Meaning(NamedTuple):
    code: str
    kind: Literal["country", "demonym"]


class _Atlas(NamedTuple):
    """The countries as one language writes them."""

    pattern: re.Pattern[str]
    meanings: dict[str, _Meaning]
    only_if: dict[str, re.Pattern[str]]
    not_followed: dict[str, re.Pattern[str]]
    personal: frozenset[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


def find_countries(text: str, lang: str | None) -> tuple[CountryMention, ...]:
    """Find the countries and demonyms in a text, in order. Cities are no countries, not even as seats of governments."""
    language = pack_of(lang)
    return () if language is None else tuple(_found(_atlas(language), text))


def _found(atlas: _Atlas, text: str) -> Iterator[CountryMention]:
    settled: dict[str, bool] = {}
    for match in atlas.pattern.finditer(text):
        form = _plain(match["form"] or match["stem"] + "~")
        meaning = atlas.meanings.get(form)
        if meaning is None or _beside_another_bearer(atlas, form, text, match):
            continue
        if form in atlas.only_if and not settled.setdefault(form, bool(atlas.only_if[form].search(text))):
            continue
        yield CountryMention(start=match.start(), end=match.end(), raw=match[0], code=meaning.code, kind=meaning.kind)


def _beside_another_bearer(atlas: _Atlas, form: str, text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + _BESIDE]
    if form in atlas.not_followed and atlas.not_followed[form].search(following):
        return True
    if form not in atlas.personal or atlas.before is None or atlas.after is None:
        return False
    preceding = text[max(0, match.start() - _BESIDE) : match.start()]
    return bool(atlas.before.search(preceding) or atlas.after.search(following))


@cache
def _atlas(language: str) -> _Atlas:
    data = table(language, "countries")
    meanings: dict[str, _Meaning] = {}
    for code, (names, demonyms) in data["forms"].items():
        forms = [form for name in names.split("|") if name for form in spelt_out(name)]
        meanings |= {_plain(form): _Meaning(code, "country") for form in forms}
        endings = data.get("people_endings", ())
        people = [*demonyms.split("|"), *(f"{form}{ending}" for form in forms for ending in endings)]
        for form in filter(None, people):
            meanings[_plain(form)] = _Meaning(code, "demonym")
            meanings.setdefault(_plain(_initial(form)), _Meaning(code, "demonym"))
    beside = data.get("not_beside", {})
    return _Atlas(
        pattern=_pattern([*meanings, *data.get("elsewhere", {}).get("forms", [])], data),
        meanings=meanings,
        only_if=_compiled(data.get("only_if", {})),
        not_followed=_compiled(data.get("not_followed", {})),
        personal=frozenset(beside.get("forms", ())),
        before=re.compile(beside["before"]) if beside else None,
        after=re.compile(beside["after"]) if beside else None,
    )


def _initial(form: str) -> str:
    """Write a demonym with a capital: French makes its noun so, "des Syriens", and any language begins a sentence so."""
    return form[:1].upper() + form[1:]


def _pattern(forms: list[str], data: dict[str, str]) -> re.Pattern[str]:
    """Make one pattern of whole forms and of stems (written with ``~``), which take the language's endings."""
    whole = alternation(form for form in forms if not form.endswith("~"))
    stems = alternation(form.removesuffix("~") for form in forms if form.endswith("~"))
    left, right, ending = data["left"], data["right"], data["ending"]
    return re.compile(f"{left}(?:(?P<form>{whole})|(?P<stem>{stems}){ending}){right}")


def _compiled(patterns: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {form: re.compile(pattern) for form, pattern in patterns.items()}


def _plain(form: str) -> str:
    return " ".join(form.replace("’", "'").replace("‑", "-").split())
