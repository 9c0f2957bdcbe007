"""event candidate → open, or closed by a named filter: period, compulsion, object, direction, reality, total, specificity.

Each filter answers one question and gives the label of the article that its candidate belongs to, or None to let it pass.
They are kept by name, so that each can be switched off to see that it matters.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from cases.extraction.candidates import Candidate, is_plea
from cases.extraction.compulsion import is_forced, is_plainly_forced
from cases.extraction.counts import CountMention
from cases.extraction.harm import goes_to_harm
from cases.extraction.patients import speaks, tells_of_somebody
from cases.extraction.routes import route_of
from cases.extraction.sentences import Sentence
from cases.model import Label, Stage

Filter = Callable[[Candidate], Label | None]

OLD_AFTER_YEARS = 10
"""An act longer ago than this, at publication, is history."""
_UNDATED = 2010
"""Year that stands for the publication of an article without a date, only to tell what is surely history."""
_BESIDE = 60
"""Characters within which a year dates a trigger."""
_MANY = 5_000
"""From this number on, a count without a day is a statistic."""
_FEW = 10
"""So few persons are a group that somebody knows, whatever figures stand beside."""
_SEVERAL = 100
"""From this number on, a count that stands among figures is one of them, even with a day."""
_SEASON = timedelta(days=93)
"""A number summed over no longer than this is one event and no statistic."""
_SINGLE_DATES = frozenset({"day", "few_days", "week", "month"})
_TOLD = frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED})
_STOPPED = frozenset({Stage.AVERTED, Stage.SUSPENDED})
_AT_LEAST_NEAR = _TOLD | _STOPPED | {Stage.IMMINENT}
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


def is_about_persons(candidate: Candidate) -> Label | None:
    """Object: living persons who are nobody's envoy, not remains, money or works of art."""
    if candidate.strength == "extradition":
        return None
    if candidate.cues.has("excluded_people"):
        return Label.OTHER_REMOVAL
    if candidate.cues.has("excluded") and not (candidate.strength == "strong" and candidate.classes & {"risk"}):
        return Label.UNRELATED
    return None


def is_told_as_real(candidate: Candidate) -> Label | None:
    """Reality: something happened, is under way or hangs over somebody; no norm, demand, habit or thought."""
    who = candidate.patient.count or candidate.patient.names or is_told_of_below(candidate)
    past = candidate.form == "done" and candidate.sentence.pack.spaced  # elsewhere a verb has no tense: 勿將…送回
    told = past and candidate.sentence.is_title and candidate.stage in _TOLD and who
    if candidate.stage is None or (candidate.cues.near("appeal") and not (told or is_plea(candidate))):
        return Label.POLICY_OR_LAW
    habit = candidate.cues.has("habitual") and not (_dated(candidate) or candidate.patient.names)
    patient = candidate.patient
    demanded = candidate.cues.has("appeal") and not is_plea(candidate)
    mere_fear = (candidate.stage is Stage.FEARED and (not patient.specific or demanded)) or (
        candidate.stage is Stage.IN_CUSTODY_AT_RISK and not (patient.specific or patient.vague or patient.pronoun)
    )
    return Label.POLICY_OR_LAW if habit or mere_fear else None


def is_of_our_time(candidate: Candidate) -> Label | None:
    """Period: not told as history, and the years beside it are not older than OLD_AFTER_YEARS at publication."""
    if candidate.sentence.words("legal"):
        return None
    published = candidate.sentence.article.published
    oldest = (published.year if published else _UNDATED) - OLD_AFTER_YEARS
    start, end = candidate.trigger.start - _BESIDE, candidate.trigger.end + _BESIDE
    years = _years_between(candidate.sentence, max(0, start), end) or _long_ago(candidate, oldest)
    if years and max(years) < oldest and not (_lasts_until(candidate, oldest) or _of_late(candidate, oldest)):
        return Label.HISTORY
    recent = any(year >= oldest for year in years)
    return (
        Label.HISTORY if candidate.cues.has("history") and not (candidate.patient.specific_person or recent) else None
    )


def is_no_total(candidate: Candidate) -> Label | None:
    """Total: not a number summed over a period or a practice."""
    count = candidate.patient.count
    told = candidate.stage in _TOLD
    dated = told and _within_a_season(candidate)
    if count is not None and count.persons.min >= _MANY and not dated:
        return Label.AGGREGATE_REPORT
    if not candidate.cues.has("statistics") or candidate.patient.names:
        return None
    if count is not None and dated:
        return None
    if count is not None and count.persons.min < (_FEW if told else _SEVERAL):
        return None
    if count is not None and (count.persons.min >= _SEVERAL or not _dated(candidate)):
        return Label.AGGREGATE_REPORT
    somebody = count or candidate.patient.single or candidate.patient.vague or candidate.patient.pronoun
    return None if somebody else Label.AGGREGATE_REPORT


def is_specific(candidate: Candidate) -> Label | None:
    """Specificity: somebody countable or nameable, or a pronoun for such a one; a kind of people needs a day or a place."""
    patient = candidate.patient
    if patient.specific:
        return None
    if _points_back(candidate) or _ends_what_was_told(candidate) or is_told_of_below(candidate):
        return None
    if _is_named_below(candidate) or _is_a_headline_of_two_states(candidate):
        return None
    if (
        patient.vague
        and candidate.stage in _TOLD | _STOPPED
        and (_leads_to_a_state(candidate) or _of_a_state(candidate) or candidate.cues.has("custody"))
    ):
        return None
    kind = candidate.stage in _TOLD and candidate.classes & {"risk", "migrant"} and not candidate.cues.near("ongoing")
    if (patient.vague or kind) and (_dated(candidate) or candidate.sentence.places):
        return None
    return Label.POLICY_OR_LAW


FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "period": is_of_our_time,
        "compulsion": is_forced,
        "object": is_about_persons,
        "direction": goes_to_harm,
        "reality": is_told_as_real,
        "total": is_no_total,
        "specificity": is_specific,
    }
)
"""All filters, in the order in which they are asked."""


STRICT: Mapping[str, Filter] = MappingProxyType({**FILTERS, "plainness": is_plainly_forced})
"""With the one that only general news needs."""


def closed_by(candidate: Candidate, filters: Mapping[str, Filter] = FILTERS) -> tuple[str, Label] | None:
    """Give the first filter that closes the candidate, with its label; None for an open one."""
    for name, answer in filters.items():
        if (label := answer(candidate)) is not None:
            return name, label
    return None


def _leads_to_a_state(candidate: Candidate) -> bool:
    """Tell whether the sentence, or what stands below a headline, names the State that they are taken to."""
    return any(route_of(one).destination for one in (candidate.sentence, *candidate.below))


def _points_back(candidate: Candidate) -> bool:
    """Tell whether a pronoun, or its absence where none is needed, stands for somebody told of before."""
    pronoun = candidate.patient.pronoun
    if pronoun == "group" and candidate.form == "noun" and candidate.sentence.pack.active_before_object:
        return any(count.kind == "victims" for one in candidate.context[-2:] for count in one.counts)
    if pronoun == "group":
        counted = any(
            count.kind == "victims" for one in (candidate.sentence, *candidate.behind) for count in one.counts
        )
        return counted or any(tells_of_somebody(sentence) for sentence in candidate.context[-2:])
    if pronoun == "omitted":
        stopped = candidate.stage in (Stage.SUSPENDED, Stage.AVERTED)
        return stopped or _dated(candidate) or route_of(candidate.sentence).destination is not None
    return pronoun is not None


def _counts_persons(sentence: Sentence) -> bool:
    """Tell whether a sentence has a number of those who are returned: refugees and the like, or people where a trigger stands."""
    told = sentence.triggers or sentence.words("aboard")
    kinds = ("victims", "unknown") if told else ("victims",)
    return any(count.kind in kinds and not count.part for count in sentence.counts)


def is_told_of_below(candidate: Candidate) -> bool:
    """Tell whether a headline is on a kind of people and the text begins with a number of them, or with one foreigner: "… sends home detainees"."""
    if candidate.stage not in _AT_LEAST_NEAR:
        return False
    if any(one.words("single") and route_of(one).nationality for one in candidate.below[:1]):
        return True
    if not any(_counts_persons(one) for one in candidate.below):
        return False
    kinds = candidate.classes | {hit.key for one in candidate.below for hit in one.words("victim")}
    return bool(kinds & {"risk", "migrant"}) or route_of(candidate.sentence).nationality is not None


def _is_named_below(candidate: Candidate) -> bool:
    """Tell whether a headline says plainly what was done or stopped, and the first sentence below names one person and says who that is."""
    plainly = candidate.strength == "strong" and candidate.stage in _TOLD | _STOPPED
    return plainly and any(
        one.words("single") and any(not (name.public_figure or speaks(one, name.start, name.end)) for name in one.names)
        for one in candidate.below[:1]
    )


def _is_a_headline_of_two_states(candidate: Candidate) -> bool:
    """Tell whether a headline says plainly that people at risk went, or were to go, from one State to another: "Defectors repatriated from China"."""
    plainly = candidate.strength == "strong" and candidate.stage in _TOLD | _STOPPED
    if not (plainly and candidate.sentence.is_title and "risk" in candidate.classes) or candidate.cues.has("excluded"):
        return False
    route = route_of(candidate.sentence)
    return len({route.origin, route.destination, route.nationality} - {None}) > 1


def _ends_what_was_told(candidate: Candidate) -> bool:
    """Tell whether a noun calls off the act that was told just before, or that of somebody told of beside it: "so the hand-over has been postponed"."""
    ended = candidate.form == "noun" and candidate.stage in (Stage.SUSPENDED, Stage.AVERTED)
    before = any(one.triggers and tells_of_somebody(one) for one in candidate.context)
    return ended and (before or tells_of_somebody(candidate.sentence))


def _of_late(candidate: Candidate, year: int) -> bool:
    """Tell whether a day of that year or a later one stands nearer than an older year: "arrived in 2009, he was deported on Monday"."""
    sentence = candidate.sentence
    late = [
        _away(candidate, mention.start, mention.end)
        for mention in sentence.dates
        if mention.precision in _SINGLE_DATES and mention.first is not None and mention.first.year >= year
    ]
    old = [_away(candidate, *found.span()) for found in _YEAR.finditer(sentence.text) if int(found[1]) < year]
    old += [_away(candidate, one.start, one.end) for one in sentence.dates if one.last and one.last.year < year]
    return bool(late) and min(late) <= min(old, default=_BESIDE)


def _away(candidate: Candidate, start: int, end: int) -> int:
    """Measure how many characters lie between the trigger and what stands between two places."""
    return max(start - candidate.trigger.end, candidate.trigger.start - end, 0)


def _lasts_until(candidate: Candidate, year: int) -> bool:
    """Tell whether a time in the sentence reaches from before that year into it or a later one: "held since 2014"."""
    return any(
        mention.first is not None and mention.last is not None and mention.first.year < year <= mention.last.year
        for mention in candidate.sentence.dates
    )


def _long_ago(candidate: Candidate, year: int) -> list[int]:
    """Give the years before that one that are told beside the trigger by words alone: "twenty years ago", "in ninety-eight"."""
    times = [
        mention
        for mention in candidate.sentence.dates
        if mention.last is not None and _away(candidate, mention.start, mention.end) <= _BESIDE
    ]
    old = [mention.last.year for mention in times if mention.last is not None and mention.last.year < year]
    return old if len(old) == len(times) else []


def _years_between(sentence: Sentence, start: int, end: int) -> list[int]:
    """Give the years printed between two places; "plus de 2000 migrants" is a number of persons and no year."""
    return [
        int(found[1])
        for found in _YEAR.finditer(sentence.text, start, end)
        if not any(count.start <= found.start() < count.end and _names_persons(count) for count in sentence.counts)
    ]


def _names_persons(count: CountMention) -> bool:
    """Tell whether a number says by its own words that it counts persons, by a noun or a counter: 1700人."""
    return bool(count.noun) or not count.raw[-1:].isdigit()


def _within_a_season(candidate: Candidate) -> bool:
    """Tell whether the sentence names a time with both ends that is no longer than a season, and no stretch that is longer."""
    lengths = [
        (mention.last - mention.first, mention.precision)
        for mention in candidate.sentence.dates
        if mention.first is not None and mention.last is not None
    ]
    summed = any(length > _SEASON and precision == "range" for length, precision in lengths)
    return not summed and any(length <= _SEASON for length, _ in lengths)


def _of_a_state(candidate: Candidate) -> bool:
    """Tell whether a finished return of foreigners names some State as its beginning, its end or theirs."""
    route = route_of(candidate.sentence)
    two = route.origin is not None and route.nationality not in (None, route.origin)
    return two or (bool(candidate.classes & {"risk", "migrant"}) and bool(candidate.sentence.countries))


def _dated(candidate: Candidate) -> bool:
    return any(mention.precision in _SINGLE_DATES for mention in candidate.sentence.dates)
