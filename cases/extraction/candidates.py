"""sentence → event candidates: a trigger in a grammatical form, with whom, how far and under which cues.

A candidate is what a sentence *may* say of one act. Nothing is decided here: ``cases.extraction.filters`` closes
candidates by name, ``cases.recognition`` weighs those that stay open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from cases.extraction.cues import Cues
from cases.extraction.patients import SPEAKS_WITHIN, Patient, classes_of
from cases.extraction.routes import route_of
from cases.extraction.sentences import Sentence
from cases.model import Stage
from cases.packs.tables import Hit

Strength = Literal["strong", "weak", "motion", "custody", "release", "extradition"]
"""What a trigger says by itself: a forced return, one in some senses, only that somebody is moved, or what surrounds one."""
Form = Literal["done", "plain", "noun"]

_CLAUSE_ENDS = "…,.·\"'()\n。、」』"
_BLANK = " "


@dataclass(frozen=True)
class Candidate:
    """One trigger in one sentence, with everything that the filters and weights look at."""

    sentence: Sentence
    trigger: Hit
    strength: Strength
    form: Form
    cues: Cues = field(repr=False)
    context: tuple[Sentence, ...] = field(default=(), repr=False)
    """Sentences before it in its paragraph, and the one before that paragraph."""
    behind: tuple[Sentence, ...] = field(default=(), repr=False)
    """What goes on with it: the next sentence of the same paragraph, or the first ones below a headline."""

    @property
    def below(self) -> tuple[Sentence, ...]:
        """What stands below a headline, and says in full what it says in short; nothing for any other sentence."""
        return self.behind if self.sentence.is_title else ()

    @cached_property
    def patient(self) -> Patient:
        """Whom it names."""
        return Patient(self)

    @cached_property
    def classes(self) -> frozenset[str]:
        """Kinds of people near the trigger: at risk, migrant, person."""
        return classes_of(self)

    @cached_property
    def stage(self) -> Stage | None:
        """How far the return has gone, or None where neither the form nor a cue says it."""
        return _stage(self)


_TWO = 2
"""States of a way that leads straight from one to the other."""
_WITHOUT_RETURN = {"custody": Stage.IN_CUSTODY_AT_RISK, "release": Stage.AVERTED}
"""Stage of an act that names no return itself: held where one looms, or let go where one loomed."""


def find_candidates(
    sentence: Sentence, context: Sequence[Sentence], behind: Sequence[Sentence] = ()
) -> tuple[Candidate, ...]:
    """Give a candidate for each trigger of a sentence, in order."""
    hits = sorted((*sentence.triggers, *sentence.pack.arrests(sentence.folded)), key=lambda hit: hit.start)
    return tuple(_candidate(sentence, hit, tuple(context), tuple(behind)) for hit in hits)


def _candidate(
    sentence: Sentence, trigger: Hit, context: tuple[Sentence, ...], behind: tuple[Sentence, ...]
) -> Candidate:
    strength, form = trigger.key.split(".")
    return Candidate(
        sentence=sentence,
        trigger=trigger,
        strength=strength,  # type: ignore[arg-type]  # keys of the table are made of these two vocabularies
        form=form,  # type: ignore[arg-type]  # as above
        cues=Cues(sentence, trigger, inside=form != "done"),
        context=context,
        behind=behind,
    )


def _stage(act: Candidate) -> Stage | None:
    """Say how far the return has gone, by the first rule that speaks."""
    cues = act.cues
    if act.strength in _WITHOUT_RETURN:
        return None if cues.near("negation") else _WITHOUT_RETURN[act.strength]
    if not _speaks_of_the_past(act) and cues.has("averted", "suspended"):
        return Stage.AVERTED if cues.has("averted") else Stage.SUSPENDED
    if cues.near("negation"):
        return Stage.FEARED if is_plea(act) else None
    if cues.has("death") and cues.near("before_return"):
        return Stage.DEATH_BEFORE_RETURN
    if _is_told_as_done(act):
        return Stage.INDIRECT_COMPLETED if _goes_by_way_of_another(act) else Stage.COMPLETED
    return _danger(act)


def _goes_by_way_of_another(act: Candidate) -> bool:
    """Tell whether another State stands between: handed to China, and by it on. Who are of that State are at the end, and two are no chain."""
    if not act.cues.has("chain"):
        return False
    told = (act.sentence, *act.context[-1:])
    codes: set[str | None] = {one.code for sentence in told for one in sentence.countries}
    codes |= {place.country for sentence in told for place in sentence.places}
    codes.add(route_of(act.sentence).nationality)
    return len(codes - {None}) > _TWO


def _speaks_of_the_past(act: Candidate) -> bool:
    """Tell whether the form says by itself that it happened; where verbs have no tense, a cue of what is to come unsays it."""
    return act.form == "done" and (_has_tense(act) or not act.cues.near("imminent", "feared"))


def _has_tense(act: Candidate) -> bool:
    """Tell whether verbs of the language have a tense; those that stand last carry it in their endings: 북송됐고 … 예정이다."""
    return act.sentence.pack.spaced or act.sentence.pack.verb_last


def _is_told_as_done(act: Candidate) -> bool:
    """Tell whether the form, or a cue where forms have no tense, says that it happened."""
    cues = act.cues
    unsaid: tuple[str, ...] = ("ordered",) if act.sentence.pack.spaced else ("imminent", "feared")
    if act.form == "done" and act.sentence.pack.verb_last:
        unsaid = ()
    if cues.near("hypothetical", *unsaid):
        return False
    if act.form == "noun":
        return _ends_a_headline(act)
    if act.form == "plain" and act.sentence.is_title and _is_a_headlines_present(act):
        return True
    return act.form == "done" or (cues.near("done") and not cues.near("imminent"))


def _is_a_headlines_present(act: Candidate) -> bool:
    """Tell whether a bare verb has a plural subject and is the present of headlines: "Thai police send back two monks"."""
    bare = act.sentence.pack.active_before_object and not act.cues.passive and not act.sentence.words("unfinished")
    unsaid = ("imminent", "feared", "negation", "appeal", "spare", "suspended", "averted", "ordered")
    return bare and act.patient.specific and act.trigger.start > 0 and not act.cues.near(*unsaid)


def _ends_a_headline(act: Candidate) -> bool:
    """Tell whether a bare noun ends its clause and somebody is told beside it, where a language says so what was done: 131명 추방."""
    if not act.sentence.pack.nominal_headlines:
        return False
    following = act.sentence.folded[act.trigger.end :]
    ends = not following or following[0] in _CLAUSE_ENDS + ("" if act.sentence.pack.spaced else _BLANK)
    return ends and (act.patient.specific or act.patient.vague is not None)


def _danger(act: Candidate) -> Stage | None:
    """Say how near a return is that has not happened; the bare possession of "his deportation" says not how far."""
    cues = act.cues
    held = cues.has("custody") or any(sentence.cue("custody") for sentence in act.context)
    if _speaks_of_the_past(act):
        coming, feared = cues.near("ordered"), cues.near("feared")
    else:
        coming, feared = cues.has("border") or cues.near("ordered", "imminent"), cues.near("feared")
    if feared and held and not cues.has("border"):
        return Stage.IN_CUSTODY_AT_RISK
    if coming or _is_announced(act) or _is_set_for_a_day(act):
        return Stage.IMMINENT
    if feared or is_plea(act):
        return Stage.FEARED
    named = act.form == "noun" and cues.near("owned") and not cues.near("hypothetical")
    return Stage.UNKNOWN if named else None


_TO = 4
"""Between a State and what it is to do stands no more than "to"."""
_PLEADED_FOR = 100
"""Of so many people and more a demand to spare them is politics."""


def _is_set_for_a_day(act: Candidate) -> bool:
    """Tell whether a State is said to do it to foreigners on a day, in the one tense that is also the future: 月曜日…送還する, 월요일 추방한다."""
    if not (act.form == "plain" and act.strength == "strong" and act.sentence.pack.verb_last):
        return False
    unsaid = act.cues.near("hypothetical", "habitual", "feared") or act.cues.has("appeal", "policy")
    route = route_of(act.sentence)
    return not unsaid and route.origin not in (None, route.nationality) and _names_a_day(act.sentence)


def _names_a_day(sentence: Sentence) -> bool:
    return any(one.precision == "day" for one in sentence.dates)


def is_plea(act: Candidate) -> bool:
    """Tell whether somebody is asked not to return persons who are told one by one: "must not deport the two brothers"."""
    patient = act.patient
    few = patient.count is not None and patient.count.persons.min < _PLEADED_FOR
    return act.form != "done" and act.cues.near("spare") and (few or patient.specific_person)


def _is_announced(act: Candidate) -> bool:
    """Tell whether a number of people stands right before what is to be done to them, or in a headline a State that is to do it.

    "100 Ghanaians to be deported", "Maldives to deport 12 Bangladeshis", and in a headline "preacher to be flown to …".
    """
    if not act.cues.near("announced"):
        return False
    count, start = act.patient.count, act.trigger.start
    if count is not None and 0 <= start - count.end <= SPEAKS_WITHIN:
        return True
    states = [one.end for one in act.sentence.countries if one.kind == "country"]
    states += [hit.end for hit in act.sentence.agencies]
    said = act.sentence.is_title and act.patient.specific
    person = act.patient.single
    if said and person is not None and 0 <= start - person.end <= SPEAKS_WITHIN:
        return True
    return said and any(0 <= start - end <= _TO for end in states)
