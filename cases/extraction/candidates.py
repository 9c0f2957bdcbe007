"""sentence → event candidates: a trigger in a grammatical form, with whom, how far and under which cues.

A candidate is what a sentence *may* say of one act. Nothing is decided here: ``cases.extraction.filters`` closes
candidates by name, ``cases.recognition`` weighs those that stay open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from cases.extraction.counts import CountMention
from cases.extraction.cues import Cues
from cases.extraction.names import NameMention
from cases.extraction.sentences import Sentence
from cases.model import Stage
from cases.packs.notation import Hit

Strength = Literal["strong", "weak", "motion", "custody", "release", "extradition"]
"""What a trigger says by itself: a forced return, one in some senses, only that somebody is moved, or what surrounds one."""
Form = Literal["done", "plain", "noun"]

_PATIENT_BEFORE = 200
_PATIENT_AFTER = 90
"""How far from its trigger, in characters, the words may stand that say to whom it was done."""
_CLOSE = 40
_SUBJECT = 70
_ADJACENT = 2
_SPEAKS_WITHIN = 14
_ROLE_WITHIN = 30


@dataclass(frozen=True)
class Patient:
    """Whom a sentence names as the one who is returned; empty where it does not say."""

    count: CountMention | None = None
    names: tuple[NameMention, ...] = ()
    single: Hit | None = None
    """One person told by a noun: "his wife", "another woman"."""
    vague: Hit | None = None
    """A group without a number: "dozens"."""
    pronoun: str | None = None

    @property
    def specific(self) -> bool:
        """True when somebody countable or nameable is told, not a kind of people."""
        return bool(self.count or self.specific_person)

    @property
    def specific_person(self) -> bool:
        """True when one person is told, by name or by a noun."""
        return bool(self.names or self.single)


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

    @cached_property
    def patient(self) -> Patient:
        """Whom it names; looked for only when a filter or a weight asks."""
        return _patient(self)

    @cached_property
    def classes(self) -> frozenset[str]:
        """Kinds of people near the trigger: at risk, migrant, person."""
        return _classes(self)

    @cached_property
    def stage(self) -> Stage | None:
        """How far the return has gone, or None where neither the form nor a cue says it."""
        return _stage(self)


_WITHOUT_RETURN = {"custody": Stage.IN_CUSTODY_AT_RISK, "release": Stage.AVERTED}
"""Stage of an act that names no return itself: held where one looms, or let go where one loomed."""


def find_candidates(sentence: Sentence, context: Sequence[Sentence]) -> tuple[Candidate, ...]:
    """Give a candidate for each trigger of a sentence, in order."""
    hits = sorted((*sentence.triggers, *sentence.pack.arrests(sentence.folded)), key=lambda hit: hit.start)
    return tuple(_candidate(sentence, hit, tuple(context)) for hit in hits)


def _candidate(sentence: Sentence, trigger: Hit, context: tuple[Sentence, ...]) -> Candidate:
    strength, form = trigger.key.split(".")
    return Candidate(
        sentence=sentence,
        trigger=trigger,
        strength=strength,  # type: ignore[arg-type]  # keys of the table are made of these two vocabularies
        form=form,  # type: ignore[arg-type]  # as above
        cues=Cues(sentence, trigger, inside=form != "done"),
        context=context,
    )


def _stage(act: Candidate) -> Stage | None:
    """Say how far the return has gone, by the first rule that speaks."""
    cues = act.cues
    if act.strength in _WITHOUT_RETURN:
        return None if cues.near("negation") else _WITHOUT_RETURN[act.strength]
    if act.form != "done" and cues.has("averted", "suspended"):
        return Stage.AVERTED if cues.has("averted") else Stage.SUSPENDED
    if cues.near("negation"):
        return None
    if cues.has("death") and cues.near("before_return"):
        return Stage.DEATH_BEFORE_RETURN
    if _is_told_as_done(act):
        return Stage.INDIRECT_COMPLETED if cues.has("chain") else Stage.COMPLETED
    return _danger(act)


def _is_told_as_done(act: Candidate) -> bool:
    """Tell whether the form, or a cue where forms have no tense, says that it happened."""
    cues = act.cues
    if cues.near("hypothetical", *(("ordered",) if act.sentence.pack.spaced else ("imminent", "feared"))):
        return False
    return act.form == "done" or (act.form == "plain" and cues.near("done") and not cues.near("imminent"))


def _danger(act: Candidate) -> Stage | None:
    """Say how near a return is that has not happened; the bare possession of "his deportation" says not how far."""
    cues = act.cues
    held = cues.has("custody") or any(sentence.cue("custody") for sentence in act.context)
    if act.form == "done":
        coming, feared = cues.near("ordered"), cues.near("feared")
    else:
        coming, feared = cues.has("border") or cues.near("ordered", "imminent"), cues.near("feared")
    if feared and held and not cues.has("border"):
        return Stage.IN_CUSTODY_AT_RISK
    if coming or _is_announced(act):
        return Stage.IMMINENT
    if feared:
        return Stage.FEARED
    named = act.form == "noun" and cues.near("owned") and not cues.near("hypothetical")
    return Stage.UNKNOWN if named else None


def _is_announced(act: Candidate) -> bool:
    """Tell whether a number of people stands right before what is to be done to them: "100 Ghanaians to be deported"."""
    count = act.patient.count
    return count is not None and act.cues.near("announced") and 0 <= act.trigger.start - count.end <= _SPEAKS_WITHIN


def _patient(act: Candidate) -> Patient:
    sentence = act.sentence
    return Patient(
        count=_count(act),
        names=tuple(
            name
            for name in sentence.names
            if not name.public_figure
            and may_suffer(act, name.start, name.end)
            and not speaks(sentence, name.start, name.end)
        ),
        single=_nearest(act, (*sentence.words("single"), *_unnamed(act))),
        vague=_nearest(act, sentence.words("vague")),
        pronoun=_pronoun(act),
    )


def _unnamed(act: Candidate) -> list[Hit]:
    """Give the proper nouns that may be persons and stand where the one returned does: its object, or a passive's subject."""
    sentence, passive = act.sentence, act.cues.near("passive")
    return [
        hit
        for hit in sentence.proper
        if (not passive and 0 <= hit.start - act.trigger.end <= _CLOSE)
        or 0 <= act.trigger.start - hit.end <= _SUBJECT
        or (hit.start == 0 and passive)
        if not speaks(sentence, hit.start, hit.end)
    ]


def _classes(act: Candidate) -> frozenset[str]:
    """Give the kinds of people near the trigger; a nationality in the plural, "Ghanaians", is one too."""
    sentence, window = act.sentence, _window(act)
    kinds = {hit.key for hit in sentence.words("victim") if _inside(hit.start, window)}
    plural = sentence.pack.active_before_object and any(
        mention.kind == "demonym" and mention.raw.endswith("s") and _inside(mention.start, window)
        for mention in sentence.countries
    )
    return frozenset(kinds | {"migrant"} if plural else kinds)


def may_suffer(act: Candidate, start: int, end: int) -> bool:
    """Tell whether words stand where the one returned stands: before a passive or a noun, after an active verb.

    In languages without spaces between words, and where the form does not tell, anywhere near the trigger.
    """
    trigger = act.trigger
    if trigger.start <= start < trigger.end or start < trigger.start < end <= trigger.end:
        return True
    if end > trigger.end and start < trigger.start:
        return False
    if not act.sentence.pack.active_before_object:
        return -_PATIENT_BEFORE <= start - trigger.start <= _PATIENT_AFTER
    follows = 0 <= start - trigger.end <= _CLOSE
    if act.form == "done" and act.strength != "custody" and not act.cues.near("passive"):
        return follows
    far = (act.cues.near("passive") and act.form != "noun") or act.cues.near("feared", "imminent")
    before = _PATIENT_BEFORE if far else _SUBJECT
    return follows or 0 <= trigger.start - end <= before


def _window(act: Candidate) -> tuple[int, int]:
    return max(0, act.trigger.start - _PATIENT_BEFORE), act.trigger.end + _PATIENT_AFTER


def _count(act: Candidate) -> CountMention | None:
    window = _window(act)
    found = [
        count
        for count in act.sentence.counts
        if count.kind in ("victims", "unknown")
        and not count.part
        and _inside(count.start, window)
        and not _count_speaks(act.sentence, count)
    ]
    return min(found, key=lambda count: _distance(act, count.start, count.end), default=None)


def _count_speaks(sentence: Sentence, count: CountMention) -> bool:
    """Tell whether a number is one of those who speak; a comma between parts them from the verb: "…, said police"."""
    following = sentence.folded[count.end : count.end + _SPEAKS_WITHIN]
    return "," not in following and speaks(sentence, count.start, count.end)


def speaks(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether the person named there is one who speaks or holds an office: an informant or official, no victim."""
    within = _SPEAKS_WITHIN if sentence.pack.spaced else _ADJACENT
    return any(
        (hit.key == "said" and (0 <= hit.start - end <= within or (sentence.pack.spaced and 0 <= start - hit.end <= 1)))
        or (hit.key == "role" and 0 <= start - hit.end <= _ROLE_WITHIN)
        for hit in sentence.words("speaker")
    )


def _pronoun(act: Candidate) -> str | None:
    """Give the pronoun for the one returned: before a passive, just after an active verb, possessive before a noun."""
    sentence, trigger = act.sentence, act.trigger
    owned = {hit.start for hit in sentence.words("possessive")}
    before = [hit for hit in sentence.words("pronoun") if 0 <= trigger.start - hit.end <= _CLOSE]
    if act.form == "noun":
        chosen = [hit for hit in before if trigger.start - hit.end <= 2 * _ADJACENT or hit.start not in owned]
    else:
        chosen = [hit for hit in before if hit.start not in owned]
    after = [hit for hit in sentence.words("pronoun") if trigger.start <= hit.start <= trigger.end + _ADJACENT]
    if not sentence.pack.active_before_object or act.cues.near("passive") or act.form == "noun":
        found = chosen[-1:] or after[:1]
    else:
        found = after[:1]
    return found[0].key if found else None


def _nearest(act: Candidate, hits: Sequence[Hit]) -> Hit | None:
    inside = [hit for hit in hits if may_suffer(act, hit.start, hit.end)]
    return min(inside, key=lambda hit: _distance(act, hit.start, hit.end), default=None)


def _distance(act: Candidate, start: int, end: int) -> int:
    """Measure how far words stand from the trigger; with a passive, what follows it counts as twice as far."""
    if end <= act.trigger.start:
        return act.trigger.start - end
    return max(0, start - act.trigger.end) * (2 if act.cues.near("passive") else 1)


def _inside(place: int, window: tuple[int, int]) -> bool:
    return window[0] <= place <= window[1]
