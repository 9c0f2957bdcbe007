"""sentence → groups told by nationality alone: "188 Ghanaians", "fifty Afghans", and numbers that stand for persons."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from cases.extraction.countries import CountryMention
from cases.extraction.counts import CountMention
from cases.extraction.numerals import number_in, numerals
from cases.extraction.pack import pack_of
from cases.model import Persons
from cases.packs.notation import Hit

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
        for mention in _numbered(text, language, followers)
        if not any(mention.start < one.end and one.start < mention.end for one in known)
    )


def _numbered(text: str, language: str, followers: Sequence[tuple[int, int, str]]) -> Iterator[CountMention]:
    articles = numerals(language).articles
    for match in _number(language).finditer(text):
        if match.group().lower() in articles:
            continue
        for start, end, noun in followers:
            if 0 < start - match.end() <= _GAP and (value := number_in(match.group(), language)):
                yield CountMention(
                    start=match.start(),
                    end=end,
                    raw=text[match.start() : end].strip(),
                    persons=Persons(min=value, max=value, raw=text[match.start() : end].strip()),
                    noun=noun or None,
                    kind="victims",
                )


@cache
def _number(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,$€£])(?:{numerals(language).pattern})(?![\w.,%])", re.IGNORECASE)
