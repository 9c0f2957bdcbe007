"""sentence + its events → which of its dates belongs to which event."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.extraction.dates import DateMention
from cases.extraction.sentences import Sentence
from cases.model import EventType, Precision

EXACTNESS: tuple[Precision, ...] = ("day", "few_days", "week", "month", "season", "range", "year", "unknown")
"""Precisions, the most exact first."""

OF_ONE_ACT = frozenset({"day", "few_days", "week"})
"""Precisions of times that one act may fill."""

_OF_THE_ACT = frozenset({"arrest", "return", None})
"""Events that are told in one breath, and so of one time."""
_WRONG_SIDE = 60
"""A date on the other side of its verb than usual counts as so many characters farther."""
_TELLING = 24
"""A date so near behind a word of saying dates what is said, in characters: "said in a statement on Monday"."""
_QUOTED = re.compile(r"\s?(?:（[^）]{1,8}）)?\s?[^\"「『.,:;]{0,14}[\"「『]")
"""Between a date and the quotation that it dates stands no more than where it was said."""
_NEAR = 20
"""A date so near a verb, in characters, is its own, however exact another one is; where words are short, a third."""
_PAUSE = frozenset(",、，")
_LONG_BEFORE = 120
"""A date farther from a verb than this, in characters, does not belong to it."""
_OPENS = 3
"""What opens a sentence begins within so many characters; a date that does so dates all of it."""
_DATELINE = re.compile(
    r"\s?(?:\([^)]{2,24}\)\s?)?[-–—]{1,2}\s|[)）】]|\s?\.\s?[-–—]|[日综綜合外電电讯訊]{1,6}(?:\s|[)）】])"
)
"""What stands behind the date of a dateline: "Mar 25, 2026 —", 中新社华盛顿9月30日电."""
_DATELINE_ENDS = 70
_LEAD = 3
"""A dateline stands in one of the first so many sentences."""


@dataclass(frozen=True)
class Happening:
    """A verb of a sentence that tells an event."""

    type: EventType | None
    """None for what is only planned: it takes its date and is no event."""
    start: int
    end: int


def dates_of_events(sentence: Sentence) -> tuple[DateMention, ...]:
    """Give the dates of a sentence that may date what it tells: all but that of a dateline."""
    return tuple(one for one in sentence.dates if not _is_dateline(sentence, one))


def assigned_dates(sentence: Sentence, happenings: Sequence[Happening]) -> Mapping[Happening, DateMention]:
    """Give each event its nearest date, and a date that opens the sentence to those that have none of their own."""
    assigned: dict[Happening, DateMention] = {}
    dates = dates_of_events(sentence)
    reports = [one for one in happenings if one.type == "media_report"]
    others = [one for one in happenings if one.type != "media_report"] or reports
    reported = min(dates, key=lambda one: _distance(reports[0], one), default=None) if reports else None
    told = [one for one in dates if one is reported or not dates_the_telling(sentence, happenings, one)]
    for mention in sorted(told, key=lambda one: _rank(sentence, happenings, one)):
        happened = reports if mention is reported else others
        if (dated := _dated_by(sentence, happened, mention, assigned)) is not None:
            assigned[dated] = mention
    for mention in told:
        if mention.start <= _OPENS and mention.precision in OF_ONE_ACT and mention is not reported:
            undated = [one for one in others if one.type in _OF_THE_ACT and not _parted(sentence, one, mention)]
            assigned = dict.fromkeys(undated, mention) | assigned
    return assigned | _shared_by_the_way(assigned, happenings) | _carried_on(sentence, assigned, happenings)


def _dated_by(
    sentence: Sentence,
    happened: Sequence[Happening],
    mention: DateMention,
    assigned: Mapping[Happening, DateMention],
) -> Happening | None:
    """Give the event that a date is of: the nearest, or where that has another date already, the next one."""
    for one in sorted(happened, key=lambda one: _reach(sentence, one, mention)):
        if _distance(one, mention) > _LONG_BEFORE:
            return None
        if _parted(sentence, one, mention):
            continue
        if one not in assigned:
            return one
        if one.type not in _OF_THE_ACT or not _is_second(assigned[one], mention):
            return None
    return None


def dates_the_telling(sentence: Sentence, happenings: Sequence[Happening], mention: DateMention) -> bool:
    """Tell whether a date says when somebody said it: "…, the ministry said on Monday", "told reporters on Friday"."""
    said = [hit for hit in sentence.words("speaker") if hit.key == "said"]
    if (
        sentence.pack.verb_last
        and any(hit.start > mention.end for hit in said)
        and _opens_what_is_said(sentence, mention)
    ):
        return True
    before, behind = [(mention.end, hit.start) for hit in said], [(hit.end, mention.start) for hit in said]
    if sentence.pack.verb_last:
        between = before
    else:
        between = behind + before * sentence.pack.free_word_order if sentence.pack.spaced else []
    return any(
        0 <= last - first <= _TELLING
        and "," not in sentence.folded[first:last]
        and not any(first <= one.start <= last for one in happenings)
        for first, last in between
    )


def _is_dateline(sentence: Sentence, mention: DateMention) -> bool:
    return (
        sentence.index < _LEAD
        and mention.end <= _DATELINE_ENDS
        and mention.anchor is None
        and _DATELINE.match(sentence.text, mention.end) is not None
    )


def _is_second(taken: DateMention, mention: DateMention) -> bool:
    """Tell whether a date is another one than that which an event has already, exact enough to be that of another event.

    What counts from an event told before leaves that event its own: "seized on the 8th, found in jail the next day".
    """
    counted = taken.relative_to_previous is not None
    exact = mention.precision in OF_ONE_ACT and (counted or taken.precision in OF_ONE_ACT)
    return exact and (mention.first, mention.last) != (taken.first, taken.last)


def _shared_by_the_way(
    assigned: Mapping[Happening, DateMention], happenings: Sequence[Happening]
) -> dict[Happening, DateMention]:
    """Give a return without a date that of the way to it, told before: "escorted to Aflao on Tuesday and handed over"."""
    ways = [one for one in happenings if one.type == "transfer" and one in assigned]
    undated = [one for one in happenings if one.type == "return" and one not in assigned]
    return {one: assigned[way] for one in undated for way in ways[-1:] if way.end <= assigned[way].start <= one.start}


def _carried_on(
    sentence: Sentence, assigned: Mapping[Happening, DateMention], happenings: Sequence[Happening]
) -> dict[Happening, DateMention]:
    """Give a return without a date that of what is told before it, where times stand before their verbs: 25日、見つかり、押し戻された."""
    if sentence.pack.spaced and not sentence.pack.verb_last:
        return {}
    undated = [one for one in happenings if one.type == "return" and one not in assigned]
    return {
        one: date
        for one in undated
        for before, date in assigned.items()
        if date.end <= before.start < one.start and date.precision in OF_ONE_ACT and not _parted(sentence, one, date)
    }


def _opens_what_is_said(sentence: Sentence, mention: DateMention) -> bool:
    """Tell whether what somebody says begins behind a date, where the verb stands last: 장관은 10일 "…"라고 밝혔다."""
    if _QUOTED.match(sentence.folded, mention.end):
        return True
    clause = [hit for hit in sentence.words("telling") if hit.start >= mention.end]
    subject = any(hit.key == "subject" and hit.start == mention.end for hit in clause)
    return subject and mention.raw[0].isdecimal() and any(hit.key == "said" for hit in clause)


def _rank(sentence: Sentence, happenings: Sequence[Happening], mention: DateMention) -> tuple[int, int, int]:
    """Order dates: the most exact first, and of equal ones that which stands nearest to an event."""
    nearest = min(_reach(sentence, one, mention) for one in happenings)
    near = _NEAR if sentence.pack.spaced and not sentence.pack.verb_last else _NEAR // 3
    return int(nearest > near), EXACTNESS.index(mention.precision), nearest


def _parted(sentence: Sentence, happening: Happening, mention: DateMention) -> bool:
    """Tell whether a semicolon stands between an event and a date, or where verbs stand last a comma before the date.

    The other part is about something else: 徴兵から逃れ、4月末に見つかった dates no flight.
    """
    between = sentence.folded[slice(*sorted((happening.start, happening.end, mention.start, mention.end))[1:3])]
    begins_anew = sentence.pack.verb_last and mention.start >= happening.end and not _PAUSE.isdisjoint(between)
    return ";" in between or begins_anew


def _reach(sentence: Sentence, happening: Happening, mention: DateMention) -> int:
    """Measure how far an event is from a date, the side on which the language puts dates being the nearer one."""
    behind = mention.start >= happening.end
    overlaps = happening.start < mention.end and mention.start < happening.end
    usual = sentence.pack.free_word_order or overlaps or behind == sentence.pack.spaced
    return _distance(happening, mention) + (0 if usual else _WRONG_SIDE)


def _distance(happening: Happening, mention: DateMention) -> int:
    return max(happening.start - mention.end, mention.start - happening.end, 0)
