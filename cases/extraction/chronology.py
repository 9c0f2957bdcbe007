"""story → events: what happened when, each as exact as its sentence and no exacter."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cases.extraction.dates import DateMention, resolve
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story
from cases.model import Event, EventType, Precision, Stage

_EXACTNESS: tuple[Precision, ...] = ("day", "few_days", "week", "month", "season", "range", "year", "unknown")
_RETURNED = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED})
_ORDER: tuple[EventType, ...] = (
    "flight", "arrival", "police_visit", "arrest", "detention", "transfer", "last_contact", "return", "release", "death",
    "media_report",
)  # fmt: skip
_OTHERS: tuple[EventType, ...] = (
    "flight",
    "arrival",
    "police_visit",
    "arrest",
    "detention",
    "release",
    "death",
    "last_contact",
)
_GOES_ON = 2
_THE_WAY = 5
"""A return's day is told in so many sentences behind it; in more where they hold a word of returning themselves."""
_OPENS = 4
"""What opens a sentence begins within so many characters."""
_TIME_ZONES = timedelta(days=1)
_SPAN = timedelta(days=6)
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


Days = tuple[date | None, date | None]


@dataclass(frozen=True)
class _Happening:
    """A verb of a sentence that tells an event."""

    type: EventType | None
    """None for what is only planned: it takes its date and is no event."""
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
    if "return" in best:
        best["return"] = _told_after(story, best["return"])
    told = (_after_arrest(best[kind], best) for kind in _ORDER if kind in best)
    return tuple(said for said in told if _is_told(said) and not _is_ahead(said))


def _tellings(story: Story) -> Iterator[Said[Event]]:
    """Go through the sentences in order, so that "the next day" counts from what was told before."""
    previous: Days | None = None
    waiting: tuple[DateMention, Sentence] | None = None
    for sentence in story.sentences:
        happenings = list(_happenings(story, sentence))
        dates = _assigned(sentence, happenings) if happenings else {}
        told = [one for one in happenings if one.type is not None]
        shown = None
        if waiting is not None and told and not sentence.dates and waiting[1].paragraph == sentence.paragraph:
            dates[told[0]], shown = waiting
        for happening in happenings:
            if happening.type is None:
                continue
            event = _event(happening.type, dates.get(happening), previous)
            if event.start or event.end:
                previous = (event.start, event.end)
            yield Said(event, sentence, shown if happening in told[:1] else None)
        own = [] if happenings else [one for one in sentence.dates if not _dates_the_telling(sentence, [], one)]
        waiting = (own[-1], sentence) if own and own[-1].precision != "year" else None
        previous = _day_told(own, previous) or previous


def _day_told(mentions: Sequence[DateMention], previous: Days | None) -> Days | None:
    """Give the last day told in a sentence without an event: what comes "the next day" comes after it."""
    resolved = [resolve(one, previous=previous) for one in mentions]
    return next(((start, end) for start, end, precision in reversed(resolved) if precision == "day"), None)


def _happenings(story: Story, sentence: Sentence) -> Iterator[_Happening]:
    """Give the events that a sentence tells: those of the word table, and the return itself."""
    found: list[_Happening] = []
    for hit in sentence.words("event"):
        named: EventType = hit.key  # type: ignore[assignment]  # keys of the pack's table are this vocabulary
        if named not in {one.type for one in found} and _belongs(story, sentence, named):
            found.append(_Happening(named, hit.start, hit.end))
    for act in story.acts:
        if act.sentence.index != sentence.index or act.strength == "custody":
            continue
        kind: EventType | None = "return" if act.stage in _RETURNED else None
        if kind not in {one.type for one in found}:
            found.append(_Happening(kind, act.trigger.start, act.trigger.end))
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
    others = [one for one in happenings if one.type != "media_report"] or reports
    reported = min(sentence.dates, key=lambda one: _distance(reports[0], one), default=None) if reports else None
    told = [
        mention
        for mention in sentence.dates
        if mention is reported or not _dates_the_telling(sentence, happenings, mention)
    ]
    for mention in sorted(told, key=lambda one: _rank(sentence, happenings, one)):
        happened = reports if mention is reported else others
        near = sorted(happened, key=lambda one: _reach(sentence, one, mention))
        if _distance(near[0], mention) <= _LONG_BEFORE and not _parted(sentence, near[0], mention):
            assigned.setdefault(near[0], mention)
    return assigned | _shared_by_the_way(assigned, happenings)


def _shared_by_the_way(
    assigned: dict[_Happening, DateMention], happenings: list[_Happening]
) -> dict[_Happening, DateMention]:
    """Give a return without a date that of the way to it, told before: "escorted to Aflao on Tuesday and handed over"."""
    ways = [one for one in happenings if one.type == "transfer" and one in assigned]
    undated = [one for one in happenings if one.type == "return" and one not in assigned]
    return {one: assigned[way] for one in undated for way in ways[-1:] if way.end <= assigned[way].start <= one.start}


def _dates_the_telling(sentence: Sentence, happenings: list[_Happening], mention: DateMention) -> bool:
    """Tell whether a date says when somebody said it: "…, the ministry said on Monday", "told reporters on Friday"."""
    said = [hit for hit in sentence.words("speaker") if hit.key == "said"]
    if (
        sentence.pack.verb_last
        and any(hit.start > mention.end for hit in said)
        and _opens_what_is_said(sentence, mention)
    ):
        return True
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


def _opens_what_is_said(sentence: Sentence, mention: DateMention) -> bool:
    """Tell whether what somebody says begins behind a date, where the verb stands last: 장관은 10일 "…"라고 밝혔다."""
    if _QUOTED.match(sentence.folded, mention.end):
        return True
    clause = [hit for hit in sentence.words("telling") if hit.start >= mention.end]
    subject = any(hit.key == "subject" and hit.start == mention.end for hit in clause)
    return subject and mention.raw[0].isdecimal() and any(hit.key == "said" for hit in clause)


def _rank(sentence: Sentence, happenings: list[_Happening], mention: DateMention) -> tuple[int, int, int]:
    """Order dates: the most exact first, and of equal ones that which stands nearest to an event."""
    nearest = min(_reach(sentence, one, mention) for one in happenings)
    near = _NEAR if sentence.pack.spaced and not sentence.pack.verb_last else _NEAR // 3
    return int(nearest > near), _EXACTNESS.index(mention.precision), nearest


def _parted(sentence: Sentence, happening: _Happening, mention: DateMention) -> bool:
    """Tell whether a semicolon stands between an event and a date, or where verbs stand last a comma before the date.

    The other part is about something else: 徴兵から逃れ、4月末に見つかった dates no flight.
    """
    between = sentence.folded[slice(*sorted((happening.start, happening.end, mention.start, mention.end))[1:3])]
    begins_anew = sentence.pack.verb_last and mention.start >= happening.end and not _PAUSE.isdisjoint(between)
    return ";" in between or begins_anew


def _reach(sentence: Sentence, happening: _Happening, mention: DateMention) -> int:
    """Measure how far an event is from a date, the side on which the language puts dates being the nearer one."""
    behind = mention.start >= happening.end
    usual = sentence.pack.free_word_order or behind == sentence.pack.spaced
    return _distance(happening, mention) + (0 if usual else _WRONG_SIDE)


def _distance(happening: _Happening, mention: DateMention) -> int:
    return max(happening.start - mention.end, mention.start - happening.end, 0)


def _event(kind: EventType, mention: DateMention | None, previous: Days | None) -> Event:
    if mention is None:
        return Event(type=kind, start=None, end=None, precision="unknown")
    start, end, precision = resolve(mention, previous=previous)
    return Event(type=kind, start=start, end=end, precision=precision, raw=mention.raw, anchor=mention.anchor)


def _bounded(said: Said[Event], latest: date) -> Said[Event]:
    """Bound an event by the dated report that tells it: nothing more is known of it."""
    event = said.value
    if event.start or event.end:
        return said
    return Said(
        Event(type=event.type, start=None, end=latest, precision="unknown", raw=event.raw), said.sentence, said.beside
    )


def _is_told(said: Said[Event]) -> bool:
    """Tell whether an event has a time of its own: "in recent weeks", "this spring" say none of an arrest told in passing."""
    event, published = said.value, said.sentence.article.published
    if event.start is None and event.end is None:
        return False
    lately = event.precision == "range" and published is not None and event.end == published.date()
    vague = event.precision == "season" or (lately and event.anchor == "publication")
    wide = event.start is not None and event.end is not None and event.end - event.start >= _SPAN
    return event.type not in ("arrest", "detention", "transfer") or not (vague and wide)


def _is_ahead(said: Said[Event]) -> bool:
    """Tell whether an event lies after the publication: then it is only expected."""
    published, start = said.sentence.article.published, said.value.start
    return published is not None and start is not None and start > published.date() + _TIME_ZONES


def _told_after(story: Story, said: Said[Event]) -> Said[Event]:
    """Give a return that is told without its day the one day that the next sentences tell of the way or of nothing else."""
    event = said.value
    if event.precision == "day" or said.sentence.index < story.acts[0].sentence.index:
        return said
    last = max(act.sentence.index for act in story.acts if act.sentence.index <= said.sentence.index + _GOES_ON)
    for sentence in story.sentences:
        within = last < sentence.index <= last + (_THE_WAY if sentence.triggers else _GOES_ON)
        if not within or sentence.has("event", *_OTHERS):
            continue
        days = [one for one in sentence.dates if not _dates_the_telling(sentence, [], one)]
        if len(days) != 1 or len(sentence.dates) > 1 or days[0].precision not in ("day", "few_days"):
            continue
        first, final = days[0].first, days[0].last
        if first is None or final is None or not _is_within(event, first, final):
            continue
        told = sentence.triggers or sentence.has("event", "return") or any(one.link for one in sentence.places)
        if told or (sentence.index == last + 1 and _goes_on(sentence)):
            return Said(_event("return", days[0], None), said.sentence, sentence)
    return said


def _goes_on(sentence: Sentence) -> bool:
    return any(hit.key != "none" for hit in sentence.words("pronoun") if hit.start <= _OPENS)


def _is_within(event: Event, first: date, last: date) -> bool:
    return (event.start is None or event.start <= first) and (event.end is None or last <= event.end)


def _after_arrest(said: Said[Event], told: dict[EventType, Said[Event]]) -> Said[Event]:
    """Let a return without a date begin not before the arrest, where the sentence right behind the arrest's goes on to tell it.

    Elsewhere the order in which things are told says nothing of when they were done.
    """
    event, arrest = said.value, told.get("arrest")
    if event.type != "return" or event.start or event.end or arrest is None or arrest.value.start is None:
        return said
    behind = said.sentence.index == arrest.sentence.index + 1 and said.sentence.paragraph == arrest.sentence.paragraph
    if not behind or not said.sentence.names:
        return said
    later = Event(type="return", start=arrest.value.start, end=None, precision="unknown", anchor=event.anchor)
    return Said(later, said.sentence, said.beside)


def _exactness(said: Said[Event]) -> int:
    return _EXACTNESS.index(said.value.precision)
