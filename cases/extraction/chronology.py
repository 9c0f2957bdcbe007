"""story → events: what happened when, each as exact as its sentence and no exacter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cases.extraction.dates import DateMention, resolve
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.extraction.stories import Story
from cases.model import Event, EventType, Precision, Stage

_EXACTNESS: tuple[Precision, ...] = ("day", "few_days", "week", "month", "season", "range", "year", "unknown")
_RETURNED = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED})
_EXPECTED = frozenset({Stage.IMMINENT, Stage.SUSPENDED, Stage.AVERTED})
_ORDER: tuple[EventType, ...] = (
    "flight", "arrival", "police_visit", "arrest", "detention", "transfer", "last_contact", "return", "release", "death",
    "media_report",
)  # fmt: skip
_HALF_A_YEAR = timedelta(days=183)
_YEAR = re.compile(r"\d{4}")
_WRONG_SIDE = 60
"""A date on the other side of its verb than usual counts as so many characters farther."""
_TELLING = 24
"""A date so near behind a word of saying dates what is said, in characters: "said in a statement on Monday"."""
_LONG_BEFORE = 120
"""A date farther from a verb than this, in characters, does not belong to it."""


@dataclass(frozen=True)
class _Happening:
    """A verb of a sentence that tells an event."""

    type: EventType
    start: int
    end: int


def events_of(story: Story) -> tuple[Said[Event], ...]:
    """Tell the events of a story, one of a kind: the most exact telling of each, in the usual order of things.

    An act without any date is no event: that it happened is said by the stage.
    """
    best: dict[EventType, Said[Event]] = {}
    bound: date | None = None
    for said in _tellings(story):
        kind = said.value.type
        if kind == "media_report":
            bound = said.value.end
        if kind not in best or _exactness(said) < _exactness(best[kind]):
            best[kind] = said
    if bound is not None:
        best = {kind: said if kind == "media_report" else _bounded(said, bound) for kind, said in best.items()}
    told = (_after_arrest(best[kind], best) for kind in _ORDER if kind in best)
    return tuple(said for said in told if said.value.start or said.value.end)


def _tellings(story: Story) -> Iterator[Said[Event]]:
    """Go through the sentences in order, so that "the next day" counts from what was told before."""
    previous: tuple[date | None, date | None] | None = None
    waiting: tuple[DateMention, Sentence] | None = None
    for sentence in story.sentences:
        happenings = list(_happenings(story, sentence))
        if not happenings:
            waiting = (sentence.dates[-1], sentence) if sentence.dates else None
            continue
        dates = _assigned(sentence, happenings)
        if waiting is not None and not sentence.dates and waiting[1].paragraph == sentence.paragraph:
            dates[happenings[0]] = waiting[0]
            told_by = {happenings[0]: waiting[1]}
        else:
            told_by = {}
        waiting = None
        for happening in happenings:
            event = _event(happening, dates.get(happening), previous)
            if happening.type == "return" and story.stage in _EXPECTED:
                event = _ahead(event, sentence)
            if event.start or event.end:
                previous = (event.start, event.end)
            yield Said(event, sentence, told_by.get(happening))


def _happenings(story: Story, sentence: Sentence) -> Iterator[_Happening]:
    """Give the events that a sentence tells: those of the word table, and the return itself."""
    found: list[_Happening] = []
    for hit in sentence.words("event"):
        kind: EventType = hit.key  # type: ignore[assignment]  # keys of the pack's table are this vocabulary
        if kind not in {one.type for one in found} and _belongs(story, sentence, kind):
            found.append(_Happening(kind, hit.start, hit.end))
    for act in story.acts:
        if act.sentence.index != sentence.index or act.strength == "custody":
            continue
        dated = bool(sentence.dates) and act.stage is Stage.IMMINENT
        if (act.stage in _RETURNED or dated) and "return" not in {one.type for one in found}:
            found.append(_Happening("return", act.trigger.start, act.trigger.end))
    yield from sorted(found, key=lambda one: one.start)


def _belongs(story: Story, sentence: Sentence, kind: EventType) -> bool:
    """Tell whether an event of the word table is one of this story: a death or return only where it is told as one."""
    if kind == "death":
        return story.stage is Stage.DEATH_BEFORE_RETURN or sentence.index > story.core[-1].index
    if kind == "return":
        return story.stage in _RETURNED
    if kind == "release":
        return story.stage is Stage.AVERTED
    return not sentence.words("collateral") or kind == "arrest"


def _assigned(sentence: Sentence, happenings: list[_Happening]) -> dict[_Happening, DateMention]:
    """Give each event its nearest date; a date serves every event that has no nearer one only if it is the only one."""
    assigned: dict[_Happening, DateMention] = {}
    reports = [one for one in happenings if one.type == "media_report"]
    told = [mention for mention in sentence.dates if reports or not _dates_the_telling(sentence, happenings, mention)]
    for mention in sorted(told, key=lambda one: _rank(sentence, happenings, one)):
        near = reports or sorted(happenings, key=lambda one: _reach(sentence, one, mention))
        if _distance(near[0], mention) <= _LONG_BEFORE and not _parted(sentence, near[0], mention):
            assigned.setdefault(near[0], mention)
    return assigned


def _dates_the_telling(sentence: Sentence, happenings: list[_Happening], mention: DateMention) -> bool:
    """Tell whether a date says when somebody said it: "…, the ministry said on Monday", "told reporters on Friday"."""
    said = [hit for hit in sentence.words("speaker") if hit.key == "said"]
    if sentence.pack.verb_last:
        between = [(mention.end, hit.start) for hit in said]
    else:
        between = [(hit.end, mention.start) for hit in said] if sentence.pack.spaced else []
    return any(
        0 <= last - first <= _TELLING
        and "," not in sentence.folded[first:last]
        and not any(first <= one.start <= last for one in happenings)
        for first, last in between
    )


def _rank(sentence: Sentence, happenings: list[_Happening], mention: DateMention) -> tuple[int, int]:
    """Order dates: the most exact first, and of equal ones that which stands nearest to an event."""
    nearest = min(_reach(sentence, one, mention) for one in happenings)
    return _EXACTNESS.index(mention.precision), nearest


def _parted(sentence: Sentence, happening: _Happening, mention: DateMention) -> bool:
    """Tell whether a semicolon stands between an event and a date: the other half is about something else."""
    between = sorted((happening.start, happening.end, mention.start, mention.end))[1:3]
    return ";" in sentence.folded[slice(*between)]


def _reach(sentence: Sentence, happening: _Happening, mention: DateMention) -> int:
    """Measure how far an event is from a date, the side on which the language puts dates being the nearer one."""
    behind = mention.start >= happening.end
    usual = sentence.pack.free_word_order or behind == sentence.pack.spaced
    return _distance(happening, mention) + (0 if usual else _WRONG_SIDE)


def _distance(happening: _Happening, mention: DateMention) -> int:
    return max(happening.start - mention.end, mention.start - happening.end, 0)


def _event(
    happening: _Happening, mention: DateMention | None, previous: tuple[date | None, date | None] | None
) -> Event:
    if mention is None:
        return Event(type=happening.type, start=None, end=None, precision="unknown")
    start, end, precision = resolve(mention, previous=previous)
    return Event(type=happening.type, start=start, end=end, precision=precision, raw=mention.raw, anchor=mention.anchor)


def _ahead(event: Event, sentence: Sentence) -> Event:
    """Take a day without a year, on which a return is still expected, for the next one and not for the last."""
    published, day = sentence.article.published, event.start
    if published is None or day is None or event.end is None or event.precision != "day":
        return event
    if event.anchor == "publication" and _is_weekday_behind(published.date() - day, event.raw):
        day += timedelta(days=7)
        return Event(type=event.type, start=day, end=day, precision="day", raw=event.raw, anchor=event.anchor)
    if not _HALF_A_YEAR < published.date() - day < 2 * _HALF_A_YEAR or _YEAR.search(event.raw or ""):
        return event
    try:
        later = day.replace(year=day.year + 1)
    except ValueError:  # the 29th of February has no next one
        return event
    return Event(type=event.type, start=later, end=later, precision="day", raw=event.raw, anchor=event.anchor)


def _is_weekday_behind(ago: timedelta, raw: str | None) -> bool:
    """Tell whether a weekday was taken for the last one where the next is meant: "is to be deported on Thursday"."""
    return timedelta() < ago < timedelta(days=7) and not re.search(r"\d", raw or "")


def _bounded(said: Said[Event], latest: date) -> Said[Event]:
    """Bound an event by the dated report that tells it: nothing more is known of it."""
    event = said.value
    if event.start or event.end:
        return said
    return Said(
        Event(type=event.type, start=None, end=latest, precision="unknown", raw=event.raw), said.sentence, said.beside
    )


def _after_arrest(said: Said[Event], told: dict[EventType, Said[Event]]) -> Said[Event]:
    """Let a return without a date of its own begin not before the arrest that led to it."""
    event, arrest = said.value, told.get("arrest")
    if event.type != "return" or event.start or event.end or arrest is None or arrest.value.start is None:
        return said
    later = Event(
        type="return", start=arrest.value.start, end=None, precision=event.precision, raw=event.raw, anchor=event.anchor
    )
    return Said(later, said.sentence, said.beside)


def _exactness(said: Said[Event]) -> int:
    return _EXACTNESS.index(said.value.precision)
