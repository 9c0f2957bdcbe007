"""story → events: what happened when, each as exact as its sentence and no exacter."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from cases.extraction.candidates import Candidate
from cases.extraction.dates import DateMention, resolve
from cases.extraction.dating import EXACTNESS, OF_ONE_ACT, Happening, assigned_dates, dates_of_events, dates_the_telling
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story
from cases.model import Event, EventType, Stage
from cases.packs.tables import Hit

_RETURNED = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED})
_STOPPED = frozenset({Stage.SUSPENDED, Stage.AVERTED})
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
_NEXT = 12
"""Who is brought somewhere is brought to a place that stands within so many characters of the verb."""
_OPENS = 4
"""What opens a sentence begins within so many characters."""
_TIME_ZONES = timedelta(days=1)
_SPAN = timedelta(days=6)

Days = tuple[date | None, date | None]


def events_of(story: Story, *, destination: str | None = None) -> tuple[Said[Event], ...]:
    """Tell the events of a story, one of a kind: the most exact telling of each, in the usual order of things.

    An act without any date is no event: that it happened is said by the stage. ``destination`` is the State that receives:
    who is brought to a place in it has been returned.
    """
    best: dict[EventType, Said[Event]] = {}
    bound: date | None = None
    for said in _tellings(story, destination):
        kind = said.value.type
        if kind == "media_report":
            bound = said.value.end
        if kind not in best or _tells_better(said, best[kind]):
            best[kind] = said
    if bound is not None:
        best = {kind: said if kind == "media_report" else _bounded(said, bound) for kind, said in best.items()}
    if "return" in best:
        best["return"] = _told_after(story, best["return"])
    told = (_after_arrest(best[kind], best) for kind in _ORDER if kind in best)
    return tuple(said for said in told if _is_told(said) and not _is_ahead(said))


def _tellings(story: Story, destination: str | None) -> Iterator[Said[Event]]:
    """Go through the sentences in order, so that "the next day" counts from what was told before."""
    previous: Days | None = None
    waiting: tuple[DateMention, Sentence] | None = None
    for sentence in story.sentences:
        happenings = list(_happenings(story, sentence, destination))
        dates = dict(assigned_dates(sentence, happenings)) if happenings else {}
        told = [one for one in happenings if one.type is not None]
        shown = None
        if (
            waiting is not None
            and told
            and not dates_of_events(sentence)
            and waiting[1].paragraph == sentence.paragraph
        ):
            dates[told[0]], shown = waiting
        for happening in happenings:
            if happening.type is None:
                continue
            when = dates.get(happening)
            event = _event(happening.type, when, _day_before(sentence, when) or previous)
            if event.start or event.end:
                previous = (event.start, event.end)
            yield Said(event, sentence, shown if happening in told[:1] else None)
        own = (
            [] if happenings else [one for one in dates_of_events(sentence) if not dates_the_telling(sentence, [], one)]
        )
        waiting = (own[-1], sentence) if own and own[-1].precision != "year" else None
        previous = _day_told(own, previous) or previous


def _day_before(sentence: Sentence, mention: DateMention | None) -> Days | None:
    """Give the day that a sentence names last before a time counted from another: "collected on Friday, in Nauru by that evening"."""
    if mention is None or mention.relative_to_previous is None:
        return None
    named = [
        one
        for one in dates_of_events(sentence)
        if one.end <= mention.start and one.precision == "day" and not dates_the_telling(sentence, [], one)
    ]
    return (named[-1].first, named[-1].last) if named else None


def _day_told(mentions: Sequence[DateMention], previous: Days | None) -> Days | None:
    """Give the last day told in a sentence without an event: what comes "the next day" comes after it."""
    resolved = [resolve(one, previous=previous) for one in mentions]
    return next(((start, end) for start, end, precision in reversed(resolved) if precision == "day"), None)


def _happenings(story: Story, sentence: Sentence, destination: str | None) -> Iterator[Happening]:
    """Give the events that a sentence tells, in its order: those of the word table, one of a kind, and every return itself."""
    acts = [act for act in story.acts if act.sentence.index == sentence.index and not _is_another_event(story, act)]
    found = [Happening(_event_of(story, act), _begins(sentence, act.trigger), act.trigger.end) for act in acts]
    for hit in sentence.words("event"):
        named: EventType = hit.key  # type: ignore[assignment]  # keys of the pack's table are this vocabulary
        if named == "transfer" and story.stage in _RETURNED and _leads_into(sentence, hit, destination):
            found.append(Happening("return", hit.start, hit.end))
        elif named not in {one.type for one in found} and _belongs(story, sentence, named):
            found.append(Happening(named, hit.start, hit.end))
    yield from sorted(found, key=lambda one: one.start)


def _begins(sentence: Sentence, trigger: Hit) -> int:
    """Say where a return begins whose words begin with an arrest: behind it and its day, for each has a time of its own."""
    taken = (hit for hit in sentence.words("event") if hit.key == "arrest")
    within = max((hit.end for hit in taken if trigger.start <= hit.start and hit.end < trigger.end), default=None)
    if within is None:
        return trigger.start
    dated = (one.end for one in sentence.dates if within <= one.start and one.end < trigger.end)
    return max(dated, default=within)


def _event_of(story: Story, act: Candidate) -> EventType | None:
    """Tell which event an act is: what only moves people on the way to a return that was stopped is a transfer."""
    if act.stage not in _RETURNED:
        return None
    return "transfer" if act.strength == "motion" and story.stage in _STOPPED else "return"


def _is_another_event(story: Story, act: Candidate) -> bool:
    """Tell whether an act is an arrest, or only the way to what other words tell: "took her to the station", 끌려가 …로 보내졌다."""
    if act.strength != "motion":
        return act.strength == "custody"
    plainer = any(
        one.strength not in ("motion", "custody")
        or (one.sentence.index == act.sentence.index and one.trigger.start > act.trigger.end)
        for one in story.acts
    )
    events = act.sentence.words("event")
    return plainer and any(hit.start < act.trigger.end and act.trigger.start < hit.end for hit in events)


def _leads_into(sentence: Sentence, hit: Hit, destination: str | None) -> bool:
    """Tell whether somebody is brought to a place of the State that receives: "fue llevado a Riad"."""
    if destination is None:
        return False
    if sentence.pack.verb_last:
        return any(0 <= hit.start - one.end <= _NEXT and one.country == destination for one in sentence.places)
    return any(0 <= one.start - hit.end <= _NEXT and one.country == destination for one in sentence.places)


def _belongs(story: Story, sentence: Sentence, kind: EventType) -> bool:
    """Tell whether an event of the word table is one of this story: a death or return only where it is told as one."""
    if kind == "death":
        return story.stage is Stage.DEATH_BEFORE_RETURN or sentence.index > story.core[-1].index
    if kind == "return":
        return story.stage in _RETURNED
    if kind == "release":
        return story.stage is Stage.AVERTED
    return not sentence.words("collateral") or kind == "arrest"


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
        dates = dates_of_events(sentence)
        days = [one for one in dates if not dates_the_telling(sentence, [], one)]
        if len(days) != 1 or len(dates) > 1 or days[0].precision not in OF_ONE_ACT:
            continue
        first, final = days[0].first, days[0].last
        if first is None or final is None or not _is_within(event, first, final):
            continue
        told = sentence.triggers or sentence.has("event", "return") or any(one.link for one in sentence.places)
        if told or (sentence.index == last + 1 and _goes_on(sentence)) or _opens_under(said.sentence, sentence):
            return Said(_event("return", days[0], None), said.sentence, sentence)
    return said


def _opens_under(title: Sentence, sentence: Sentence) -> bool:
    """Tell whether a sentence opens the text under a headline that has told the act, and says nothing of who said it when."""
    return title.is_title and not (sentence.pack.verb_last and sentence.has("speaker", "said"))


def _goes_on(sentence: Sentence) -> bool:
    return any(hit.key != "none" for hit in sentence.words("pronoun") if hit.start <= _OPENS)


def _is_within(event: Event, first: date, last: date) -> bool:
    return (event.start is None or event.start <= first) and (event.end is None or last <= event.end)


def _after_arrest(said: Said[Event], told: dict[EventType, Said[Event]]) -> Said[Event]:
    """Let a return whose day is not told begin not before the arrest, where the text goes on from one to the other.

    "Taken on Wednesday and in Lagos by Thursday night"; or the sentence right behind the arrest's tells it. Elsewhere the order
    in which things are told says nothing of when they were done.
    """
    event, arrest = said.value, told.get("arrest")
    if event.type != "return" or event.start or arrest is None or arrest.value.start is None:
        return said
    if event.end is not None:
        together = said.sentence.index == arrest.sentence.index and arrest.value.start <= event.end
        return Said(_since(event, arrest.value.start), said.sentence, said.beside) if together else said
    behind = said.sentence.index == arrest.sentence.index + 1 and said.sentence.paragraph == arrest.sentence.paragraph
    return (
        Said(_since(event, arrest.value.start), said.sentence, said.beside) if behind and said.sentence.names else said
    )


def _since(event: Event, start: date) -> Event:
    return msgspec.structs.replace(event, start=start, precision="range" if event.end else "unknown", raw=event.raw)


def _tells_better(said: Said[Event], other: Said[Event]) -> bool:
    """Tell whether one telling of an event is more exact than another, or the later step of it in the same sentence."""
    if _exactness(said) != _exactness(other):
        return _exactness(said) < _exactness(other)
    start, before = said.value.start, other.value.start
    same = said.sentence.index == other.sentence.index and said.value.type == "return"
    return same and start is not None and before is not None and start > before


def _exactness(said: Said[Event]) -> int:
    return EXACTNESS.index(said.value.precision)
