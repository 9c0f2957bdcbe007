"""story → parts: several returns told in one breath, "38 on September 4, 25 on September 11, and about 40 on the 22nd".

Each part has a number and a day of its own. They are acts of their own, so each becomes a report; nothing is added up.
"""

import re
from dataclasses import dataclass
from functools import cache

from cases.extraction.counts import CountMention, find_counts
from cases.extraction.dates import DateMention
from cases.extraction.numerals import number_in, numerals
from cases.extraction.places import PlaceMention
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story
from cases.model import Persons

_DAYS = frozenset({"day", "few_days", "week", "month"})
_QUALIFIER = 24
"""Characters before a bare number in which "about" or "nearly" may stand."""
_APART = 90
"""A date farther behind its number than this belongs to something else."""


@dataclass(frozen=True)
class Part:
    """One of several returns: how many, when, and the places named between."""

    persons: Persons
    date: DateMention
    places: tuple[PlaceMention, ...]
    sentence: Sentence


def parts_of(story: Story) -> tuple[Part, ...]:
    """Give the parts of the first act whose sentence lists several numbers, each with a date behind it; else nothing."""
    for act in story.acts:
        parts = _listed(act.sentence)
        if len(parts) > 1:
            return parts
    return ()


def _listed(sentence: Sentence) -> tuple[Part, ...]:
    days = [mention for mention in sentence.dates if mention.precision in _DAYS]
    if len(days) < 2:  # noqa: PLR2004 - one date makes no list
        return ()
    counts = _numbers(sentence)
    parts: list[Part] = []
    for place, count in enumerate(counts):
        limit = counts[place + 1].start if place + 1 < len(counts) else len(sentence.text)
        day = next((one for one in days if count.end <= one.start < min(limit, count.end + _APART)), None)
        if day is not None and not _is_of_the_taking(sentence, count, day):
            between = tuple(one for one in sentence.places if count.end <= one.start < day.end)
            parts.append(Part(persons=count.persons, date=day, places=between, sentence=sentence))
    return tuple(parts) if len({part.date.raw for part in parts}) == len(parts) else ()


def _is_of_the_taking(sentence: Sentence, count: CountMention, day: DateMention) -> bool:
    """Tell whether an arrest stands between a number and a day, which is that of the arrest: "73 seized on Monday were taken to …"."""
    return any(hit.key == "arrest" and count.end <= hit.start < day.start for hit in sentence.words("event"))


def _numbers(sentence: Sentence) -> list[CountMention]:
    """Give the counts of a sentence and the bare numbers that go on counting what the first one counts."""
    told = [count for count in sentence.counts if count.kind in ("victims", "unknown") and not count.part]
    noun = next((count.noun for count in told if count.noun), None)
    if noun is None or not sentence.pack.spaced:
        return told
    begin = min(count.start for count in told)
    bare = (_as_counted(sentence, start, end, noun) for start, end in _bare(sentence) if start > begin)
    return sorted((*told, *(count for count in bare if count)), key=lambda count: count.start)


def _bare(sentence: Sentence) -> list[tuple[int, int]]:
    """Give the places of numbers that count nothing named; "un" and "una" are articles."""
    taken = [(one.start, one.end) for one in (*sentence.counts, *sentence.dates, *sentence.ages)]
    return [
        (found.start(), found.end())
        for found in _numeral(sentence.pack.language).finditer(sentence.text)
        if (number_in(found.group(), sentence.pack.language) or 0) > 1
        and not any(start < found.end() and found.start() < end for start, end in taken)
    ]


@cache
def _numeral(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,$€£])(?:{numerals(language).pattern})(?![\w.,%])", re.IGNORECASE)


def _as_counted(sentence: Sentence, start: int, end: int, noun: str) -> CountMention | None:
    """Read a bare number as if the noun stood behind it, so that its qualifier is read as everywhere else."""
    begin = max(0, start - _QUALIFIER)
    found = find_counts(f"{sentence.text[begin:end]} {noun}", sentence.pack.language)
    count = found[-1] if found else None
    if count is None or begin + count.start > start:
        return None
    return CountMention(
        start=begin + count.start, end=end, raw=sentence.text[begin + count.start : end], persons=count.persons,
        noun=noun, kind=count.kind,
    )  # fmt: skip
