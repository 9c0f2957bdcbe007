"""sentence → groups told by nationality alone: "188 Ghanaians", "fifty Afghans", and numbers that stand for persons."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from cases.extraction.countries import CountryMention
from cases.extraction.counts import CountMention, persons_told
from cases.extraction.grammar import grammar
from cases.extraction.numerals import number_in, numerals
from cases.extraction.pack import pack_of
from cases.model import Qualifier
from cases.packs.tables import Hit

_GAP = 2


def find_nationals(
    text: str,
    lang: str,
    *,
    demonyms: Sequence[CountryMention],
    people: Sequence[Hit],
    verbs: Sequence[Hit],
    known: Sequence[CountMention],
) -> tuple[CountMention, ...]:
    """Find numbers that stand right before a nationality, a word for people, or a verb of return: "44 were deported".

    ``verbs`` are such verbs with whatever belongs to them; numbers inside a ``known`` count are left to it.
    """
    language = pack_of(lang)
    if language is None:
        return ()
    followers = [(one.start, one.end, one.raw) for one in demonyms if one.kind == "demonym"]
    followers += [(one.start, one.end, text[one.start : one.end]) for one in people]
    followers += [(verb.start, verb.start, "") for verb in verbs]
    return tuple(
        mention
        for mention in _numbered(text, language, followers, verbs)
        if not any(mention.start < one.end and one.start < mention.end for one in known)
    )


def _numbered(
    text: str, language: str, followers: Sequence[tuple[int, int, str]], verbs: Sequence[Hit]
) -> Iterator[CountMention]:
    articles = numerals(language).articles
    for match in _number(language).finditer(text):
        if match["number"].lower() in articles:
            continue
        for start, end, noun in followers:
            if 0 < start - match.end() <= _GAP and (value := number_in(match["number"], language)):
                first, qualifier = _qualified(match, language, verbs)
                raw = text[first:end].strip()
                yield CountMention(
                    start=first,
                    end=end,
                    raw=raw,
                    persons=persons_told(value, value, qualifier, raw),
                    noun=noun or None,
                    kind="victims",
                )


def _qualified(match: re.Match[str], language: str, verbs: Sequence[Hit]) -> tuple[int, Qualifier]:
    """Give where a number begins with its qualifier, and that; "over" belongs to the verb in "handed over 44"."""
    start, end = match.span("qualifier")
    if start < 0 or any(verb.start < end and start < verb.end for verb in verbs):
        return match.start("number"), "exact"
    return start, grammar(language, "counts").meaning("qualifier", match["qualifier"])


@cache
def _number(language: str) -> re.Pattern[str]:
    qualifier = grammar(language, "counts").pattern("qualifier")
    number = rf"(?<![\w.,$€£])(?P<number>{numerals(language).pattern})(?![\w.,%])"
    return re.compile(rf"(?:(?<!\w)(?P<qualifier>{qualifier})\s)?{number}", re.IGNORECASE)
