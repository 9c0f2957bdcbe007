"""sentence → event candidates: a trigger in a grammatical form, with whom, how far and under which cues.

A candidate is what a sentence *may* say of one act. Nothing is decided here: ``cases.extraction.filters`` closes
candidates by name, ``cases.recognition`` weighs those that stay open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from cases.extraction.counts import CountMention
from cases.extraction.names import NameMention
from cases.extraction.sentences import Sentence
from cases.model import Stage
from cases.packs.notation import Hit

Strength = Literal["strong", "weak", "extradition"]
Form = Literal["done", "plain", "noun"]

_PATIENT_BEFORE = 140
_PATIENT_AFTER = 90
"""How far from its trigger, in characters, the words may stand that say to whom it was done."""
_CLOSE = 40
_SPEAKS_WITHIN = 14
_ROLE_WITHIN = 30
_LOCAL_CUES = ("passive", "done", "imminent", "feared", "hypothetical", "negation", "suspended", "averted", "habitual", "appeal",
               "voluntary", "before_return")
_SENTENCE_CUES = ("hypothetical", "suspended", "averted", "habitual", "appeal", "policy", "statistics", "voluntary", "excluded", "excluded_people",
                  "sanctions", "internal", "third_country", "history", "culture", "repeated", "chain", "another", "previously",
                  "hearsay", "attributed", "force", "custody", "border", "death", "before_return", "imminent", "feared")


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
    classes: frozenset[str] = frozenset()

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
    near: frozenset[str]
    """Cues that stand with the trigger."""
    cues: frozenset[str]
    """Cues of the whole sentence."""
    patient: Patient
    stage: Stage | None
    """How far, or None where neither the form nor a cue says it."""
    context: tuple[Sentence, ...] = field(default=(), repr=False)
    """Sentences before it in its paragraph, and the one before that paragraph."""


def find_candidates(sentence: Sentence, context: Sequence[Sentence]) -> tuple[Candidate, ...]:
    """Give a candidate for each trigger of a sentence, in order; none where no stem of a trigger occurs."""
    if not sentence.pack.may_tell(sentence.folded):
        return ()
    return tuple(_candidate(sentence, hit, tuple(context)) for hit in sentence.triggers)


def _candidate(sentence: Sentence, trigger: Hit, context: tuple[Sentence, ...]) -> Candidate:
    strength, form = trigger.key.split(".")
    near = frozenset(name for name in _LOCAL_CUES if _stands_near(sentence, trigger, name))
    cues = near | {name for name in _SENTENCE_CUES if sentence.cue(name)}
    return Candidate(
        sentence=sentence,
        trigger=trigger,
        strength=strength,  # type: ignore[arg-type]  # keys of the table are made of these two vocabularies
        form=form,  # type: ignore[arg-type]
        near=near,
        cues=cues,
        patient=_patient(sentence, trigger, passive="passive" in near),
        stage=_stage(form, near, cues),
        context=context,
    )


def _stands_near(sentence: Sentence, trigger: Hit, name: str) -> bool:
    reach = sentence.pack.reach
    return (
        any(trigger.start <= hit.start and hit.end <= trigger.end for hit in sentence.cue(name, "directly"))
        or any(0 <= trigger.start - hit.end <= 1 + (not sentence.pack.spaced) for hit in sentence.cue(name, "directly"))
        or any(0 <= trigger.start - hit.end <= reach for hit in sentence.cue(name, "before"))
        or any(0 <= hit.start - trigger.end <= reach for hit in sentence.cue(name, "after"))
    )


def _stage(form: str, near: frozenset[str], cues: frozenset[str]) -> Stage | None:
    """Say how far the return has gone, by the first rule that speaks."""
    told = "hypothetical" not in near and (
        form == "done" or (form == "plain" and "done" in near and "imminent" not in near)
    )
    rules = (
        ("negation" in near, None),
        ("death" in cues and "before_return" in near, Stage.DEATH_BEFORE_RETURN),
        ("averted" in near or ("averted" in cues and form != "done"), Stage.AVERTED),
        ("suspended" in near or ("suspended" in cues and form != "done"), Stage.SUSPENDED),
        (told and "chain" in cues, Stage.INDIRECT_COMPLETED),
        (told, Stage.COMPLETED),
        (form != "done" and "border" in cues, Stage.IMMINENT),
        (form != "done" and "imminent" in near and "custody" in cues and "feared" in near, Stage.IN_CUSTODY_AT_RISK),
        (form != "done" and "imminent" in near, Stage.IMMINENT),
        ("feared" in near and "custody" in cues, Stage.IN_CUSTODY_AT_RISK),
        ("feared" in near, Stage.FEARED),
    )
    return next((stage for holds, stage in rules if holds), None)


def _patient(sentence: Sentence, trigger: Hit, *, passive: bool) -> Patient:
    window = (max(0, trigger.start - _PATIENT_BEFORE), trigger.end + _PATIENT_AFTER)
    return Patient(
        count=_count(sentence, trigger, window, passive=passive),
        names=_names(sentence, trigger, window, passive=passive),
        single=_nearest(sentence.words("single"), trigger, window),
        vague=_nearest(sentence.words("vague"), trigger, window),
        pronoun=_pronoun(sentence, trigger, passive=passive),
        classes=frozenset(hit.key for hit in sentence.words("victim") if _inside(hit.start, window)),
    )


def _count(sentence: Sentence, trigger: Hit, window: tuple[int, int], *, passive: bool) -> CountMention | None:
    found = [
        count
        for count in sentence.counts
        if count.kind in ("victims", "unknown") and not count.part and _inside(count.start, window)
    ]
    return min(found, key=lambda count: _distance(count.start, count.end, trigger, passive=passive), default=None)


def _names(sentence: Sentence, trigger: Hit, window: tuple[int, int], *, passive: bool) -> tuple[NameMention, ...]:
    del passive
    return tuple(
        name for name in sentence.names if _inside(name.start, window) and not speaks(sentence, name.start, name.end)
    )


def speaks(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether the person named there is one who speaks or holds an office: an informant or official, no victim."""
    return any(
        (hit.key == "said" and (0 <= hit.start - end <= _SPEAKS_WITHIN or 0 <= start - hit.end <= 1))
        or (hit.key == "role" and 0 <= start - hit.end <= _ROLE_WITHIN)
        for hit in sentence.words("speaker")
    )


def _pronoun(sentence: Sentence, trigger: Hit, *, passive: bool) -> str | None:
    """Give the pronoun that stands for the one returned: before a passive, just after an active verb."""
    before = [hit for hit in sentence.words("pronoun") if 0 <= trigger.start - hit.end <= _CLOSE]
    after = [hit for hit in sentence.words("pronoun") if trigger.start <= hit.start <= trigger.end + 4]
    chosen = before[-1:] if passive and before else after[:1] or before[-1:]
    return chosen[0].key if chosen else None


def _nearest(hits: Sequence[Hit], trigger: Hit, window: tuple[int, int]) -> Hit | None:
    inside = [hit for hit in hits if _inside(hit.start, window)]
    return min(inside, key=lambda hit: _distance(hit.start, hit.end, trigger, passive=False), default=None)


def _distance(start: int, end: int, trigger: Hit, *, passive: bool) -> int:
    """Measure how far words stand from a trigger; with a passive, what follows it counts as twice as far."""
    if end <= trigger.start:
        return trigger.start - end
    return max(0, start - trigger.end) * (2 if passive else 1)


def _inside(place: int, window: tuple[int, int]) -> bool:
    return window[0] <= place <= window[1]
