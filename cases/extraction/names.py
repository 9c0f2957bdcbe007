"""text → name mentions: persons that the text names, and whether it says that a name is not the real one.

One grammar a language, in ``packs/<language>/names.toml``. A name is never proof of who someone is: names that the text calls
pseudonyms are marked, and all others are simply unstated.
"""

import re
from functools import cache
from typing import NamedTuple

from cases.extraction.countries import find_countries
from cases.extraction.grammar import Hit, grammar, longest_first
from cases.extraction.mention import Mention
from cases.extraction.pack import pack_of, table
from cases.extraction.surnames import surnames
from cases.extraction.toponyms import is_toponym
from cases.packs.alternation import alternation

_HEADLINE_WORDS = 4
_STEM = 4
"""A surname that is shorter without its ending is not looked for alone."""
_HEADLINE_SHARE = 0.75
"""A line of at least so many words of which so many begin with a capital, without a full stop, is a headline."""

_FOREIGN_DOT = re.compile("[·・‧•．]")
_SHORTEST_REPEAT = 2
_WORD = re.compile(r"[^\W\d_][\w’'-]*")


class NameMention(Mention, frozen=True, kw_only=True):
    """A person's name. ``raw`` includes the honorific and the mark of a pseudonym, ``name`` is the name alone.

    ``pseudonym`` is true or ``None``: unstated is not real. ``public_figure`` marks heads of state and spokespersons that the
    language's table lists.
    """

    name: str
    honorific: str | None = None
    surname_only: bool = False
    pseudonym: bool | None = None
    public_figure: bool = False


class _Stops(NamedTuple):
    """What a language's table keeps from being a victim's name."""

    words: frozenset[str]
    figures: frozenset[str]
    headlines: bool
    cases: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Oblique cases of names, each with what its nominative is made of."""
    ending: str | None = None
    """What an inflected surname may end in, where it stands alone after the full name was told."""


def find_names(text: str, lang: str | None) -> tuple[NameMention, ...]:
    """Find the names of persons in a text, in order.

    Headlines, places, organisations and capital letters alone give none. Once a name is called a pseudonym, every mention of
    it, and of its surname alone, is marked.
    """
    if (language := pack_of(lang)) is None:
        return ()
    stops = _stops(language)
    hits = (hit for hit in grammar(language, "names").hits(text) if _is_person(hit, text, stops, language))
    mentions = [_mention(hit, text, stops) for hit in longest_first(hits)]
    if table(language, "names").get("repeats"):
        mentions = _with_repeats(mentions, text)
    if stops.ending:
        mentions = _with_surnames(mentions, text, stops.ending)
    return _with_pseudonyms(mentions)


def reaches_on(text: str, lang: str | None) -> bool:
    """Tell whether a name found at one place of a text may say something of another place.

    That is where names are met again without any sign of being one, or where one is called a pseudonym.
    """
    if (language := pack_of(lang)) is None:
        return False
    data = table(language, "names")
    return bool(data.get("repeats") or data.get("surname_ending") or _aliases(language).search(text))


@cache
def _aliases(language: str) -> re.Pattern[str]:
    """Compile what calls a name a pseudonym."""
    names = grammar(language, "names")
    return re.compile("|".join([names.pattern("mark"), *names.patterns_of("pseudonym")]), names.flags)


def document_pseudonyms(text: str, lang: str | None) -> bool | None:
    """Tell whether the text says of all its names that they are pseudonyms; ``None`` when it says nothing."""
    if (language := pack_of(lang)) is None:
        return None
    document = table(language, "names")["document"]
    if re.search(document["all"], text):
        return True
    return False if document.get("none") and re.search(document["none"], text) else None


def _mention(hit: Hit, text: str, stops: _Stops) -> NameMention:
    name = _nominative(" ".join(hit.slots["name"].split()), stops)
    marked = "pseudonym" in hit.slots or hit.form.kind == "pseudonym"
    return NameMention(
        start=hit.start,
        end=hit.end,
        raw=text[hit.start : hit.end],
        name=name,
        honorific=hit.slots.get("honorific"),
        surname_only=hit.form.kind == "surname" or ("honorific" in hit.slots and _is_surname(name)),
        pseudonym=True if marked else None,
        public_figure=name in stops.figures,
    )


def _nominative(name: str, stops: _Stops) -> str:
    """Bring an inflected name to the form that one is called by, where the language's table knows how."""
    for case, form in stops.cases:
        if (match := case.fullmatch(name)) is not None:
            return match.expand(form)
    return name


def _is_surname(name: str) -> bool:
    return len(name) == 1 or any(
        name in surnames(script) for script in ("korean_latin", "chinese_latin", "korean_hangul")
    )


def _is_person(hit: Hit, text: str, stops: _Stops, language: str) -> bool:
    name = hit.slots["name"]
    words = _WORD.findall(name)
    if not stops.words.isdisjoint(words) or is_toponym(" ".join(name.split()), language):
        return False
    if hit.form.kind == "speaker" and find_countries(name, language):
        return False
    return not (stops.headlines and _in_headline(text, hit))


def _in_headline(text: str, hit: Hit) -> bool:
    """Tell whether the line around a hit is set like a headline."""
    start = text.rfind("\n", max(0, hit.start - 300), hit.start) + 1
    end = text.find("\n", hit.end, hit.end + 300)
    line = text[start or max(0, hit.start - 300) : end if end != -1 else hit.end + 300].strip()
    words: list[str] = [word for word in _WORD.findall(line) if len(word) > 3]  # noqa: PLR2004 - of, the, and stay small in headlines
    if len(words) < _HEADLINE_WORDS or re.search(r"[.!?:;]", line):
        return False
    capitals = sum(word[0].isupper() for word in words)
    return capitals >= _HEADLINE_SHARE * len(words)


@cache
def _stops(language: str) -> _Stops:
    names = table(language, "names")
    stop = names.get("stop", {})
    cases = tuple((re.compile(row["case"]), row["form"]) for row in names.get("nominative", ()))
    return _Stops(
        frozenset(stop.get("words", ())),
        frozenset(stop.get("figures", ())),
        language == "en",
        cases,
        names.get("surname_ending"),
    )


def _with_surnames(mentions: list[NameMention], text: str, ending: str) -> list[NameMention]:
    """Add the mentions of a surname alone, in any case, of a person whose full name the text tells."""
    ended = re.compile(f"{ending}$")
    stems = {ended.sub("", one.name.split()[-1]): one for one in mentions if " " in one.name}
    known = {stem: one for stem, one in stems.items() if len(stem) >= _STEM}
    taken = {place for mention in mentions for place in range(mention.start, mention.end)}
    again = [
        _again(known[match["stem"]], match)
        for match in re.finditer(rf"(?<![\w-])(?P<stem>{alternation(known)}){ending}(?![\w-])", text)
        if taken.isdisjoint(range(match.start(), match.end()))
    ]
    return sorted((*mentions, *again), key=lambda mention: mention.start)


def _with_repeats(mentions: list[NameMention], text: str) -> list[NameMention]:
    """Add the bare repeats of names that were told to be names, a foreign name also by its last part.

    Only for writing without spaces and capitals, where a name met again carries no sign of being one.
    """
    known = {
        form: mention for mention in mentions if not mention.surname_only for form in _repeated_forms(mention.name)
    }
    if not known:
        return mentions
    taken = {place for mention in mentions for place in range(mention.start, mention.end)}
    again = [
        _again(known[match[0]], match)
        for match in re.finditer(alternation(known), text)
        if taken.isdisjoint(range(match.start(), match.end()))
    ]
    return sorted((*mentions, *again), key=lambda mention: mention.start)


def _repeated_forms(name: str) -> tuple[str, ...]:
    last = _FOREIGN_DOT.split(name)[-1]
    return tuple(form for form in dict.fromkeys((name, last)) if len(form) >= _SHORTEST_REPEAT)


def _again(known: NameMention, match: re.Match[str]) -> NameMention:
    return NameMention(
        start=match.start(), end=match.end(), raw=match[0], name=known.name, public_figure=known.public_figure
    )


def _with_pseudonyms(mentions: list[NameMention]) -> tuple[NameMention, ...]:
    """Mark every mention of a name that the text calls a pseudonym once."""
    marked = {mention.name for mention in mentions if mention.pseudonym}
    marked |= {_surname_of(name) for name in marked}
    return tuple(_marked(mention) if mention.name in marked else mention for mention in mentions)


def _surname_of(name: str) -> str:
    return name.split(maxsplit=1)[0]


def _marked(mention: NameMention) -> NameMention:
    fields = {field: getattr(mention, field) for field in mention.__struct_fields__}
    return NameMention(**{**fields, "pseudonym": True})
