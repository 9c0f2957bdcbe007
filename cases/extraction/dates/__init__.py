"""text → date mentions: intervals of days, as exact as the text and no exacter.

One grammar a language, in ``packs/<language>/dates.toml``. Nothing here guesses: a month stays a month, "two years ago" is a
year, and where two readings remain the interval holds both.
"""

from datetime import date, timedelta

from cases.extraction.dates.found import Found, Named, Told
from cases.extraction.dates.reading import read
from cases.extraction.grammar import Hit, grammar, longest_first
from cases.extraction.mention import Mention
from cases.extraction.pack import pack_of
from cases.model import Precision

__all__ = ["DateMention", "find_dates", "resolve"]

_NAMED_REACHES = 300
"""A named year or month may be meant again in the next so many characters of its paragraph."""

_FEW_DAYS = 10
"""The widest distance, in days, that a time counted from a known day may span and still be a few days."""


class DateMention(Mention, frozen=True, kw_only=True):
    """A time that the text names, as the closed interval ``first`` to ``last``; an open end is ``None``.

    ``anchor`` says what a relative time counts from: ``publication`` or ``previous event``. For the latter,
    ``relative_to_previous`` holds the least and the greatest distance in days ("the next day" is ``(1, 1)``), whose
    greatest is ``None`` when the text sets no limit ("soon" is ``(0, None)``); ``resolve`` turns it into an interval.
    """

    first: date | None
    last: date | None
    precision: Precision
    anchor: str | None = None
    relative_to_previous: tuple[int, int | None] | None = None


def find_dates(text: str, lang: str | None, *, published: date | None) -> tuple[DateMention, ...]:
    """Find the times named in a text, in order.

    Without ``published`` a time that counts from it is still found, with both ends open. A language without a pack gives
    nothing.
    """
    if (language := pack_of(lang)) is None:
        return ()
    rules = grammar(language, "dates")
    mentions: list[DateMention] = []
    named: Named | None = None
    for hit in longest_first(rules.hits(text)):
        if named and (hit.start - named.end > _NAMED_REACHES or "\n" in text[named.end : hit.start]):
            named = None
        told = read(Found(hit, rules, text[hit.start : hit.end], published, named))
        if told is not None:
            mentions.append(_mention(told, hit.start, hit.end, text))
            named = _naming(told, hit) or named
    return tuple(mentions)


def resolve(
    mention: DateMention, *, previous: tuple[date | None, date | None] | None
) -> tuple[date | None, date | None, Precision]:
    """Give the interval of a mention, counted from the previous event's interval where the text counts from it.

    Only a single day before and an exact distance give a day; without a previous event the time is unknown.
    """
    if mention.relative_to_previous is None:
        return mention.first, mention.last, mention.precision
    least, most = mention.relative_to_previous
    start, end = previous or (None, None)
    first = _moved(start, least)
    last = _moved(end, most)
    if first is None and last is None:
        return None, None, "unknown"
    if most is None or start is None or start != end:
        return first, last, "range"
    if least == most:
        return first, last, "day"
    return first, last, "few_days" if most - least <= _FEW_DAYS else "range"


def _moved(day: date | None, days: int | None) -> date | None:
    if day is None or days is None:
        return None
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _mention(told: Told, start: int, end: int, text: str) -> DateMention:
    return DateMention(start=start, end=end, raw=text[start:end], **told._asdict())


def _naming(told: Told, hit: Hit) -> Named | None:
    """Remember a date that later ones may lean on: one that stands on its own feet and has a beginning."""
    if told.first is None or told.precision not in {"day", "few_days", "month", "year"}:
        return None
    return Named(told.first, told.precision, hit.end, not {"year", "year2", "year_word"}.isdisjoint(hit.slots))
