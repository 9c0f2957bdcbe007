"""story → victims: who was returned, each with the name, age and sex that the text gives to that person and to nobody else."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from cases.extraction.apposition import age_of, ages_in, sex_beside, sex_of
from cases.extraction.candidates import Candidate
from cases.extraction.counts import CountMention
from cases.extraction.names import NameMention
from cases.extraction.patients import speaks
from cases.extraction.people import group_count, pseudonyms, relation_of
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story, same_person
from cases.extraction.victim_names import OPENING, is_member, mentions, victim_names
from cases.model import Age, Sex, Victim

_AGE_WITHIN = 40
_ADULT = 18
_GROUP_NOUN = 8
_HEAD = 20
"""The head of a noun phrase lies within its last so many characters."""


def victims_of(story: Story) -> tuple[Victim, ...]:
    """Tell the persons returned: one by one where they are named or listed, else as the one group they are told as."""
    group = group_count(story)
    several = group is not None and group.persons.min > 1
    names = victim_names(story)
    if several and group is not None:
        found = [*(_named(story, name) for name in names), *_unnamed_members(story, group, names)]
        shared = _shared_sex(story, group)
        found = [msgspec.structs.replace(one, sex=one.sex or shared) for one in found]
    else:
        found = [_single(story, name) for name in names[:1]]
    if not found:
        found = [_single(story, None) if not several else _described(story, None, _age(story, None), None)]
    return tuple(msgspec.structs.replace(victim, label=f"V{place}") for place, victim in enumerate(found, 1))


def _single(story: Story, name: NameMention | None) -> Victim:
    return _described(story, name, _age(story, name), _sex(story, name))


def _named(story: Story, name: NameMention) -> Victim:
    """Describe one of a group: only what stands with the name is said of this one."""
    return _described(
        story, name, _own_age(story, name), next(iter(_apposed(story, name)), None) or _taken_up(story, name)
    )


def _taken_up(story: Story, name: NameMention) -> Sex | None:
    """Give the sex of the one pronoun by which a text goes on about a person: behind the name, or opening the next sentence."""
    found: set[str] = set()
    for sentence, other in mentions(story, name):
        following = next((one for one in story.sentences if one.index == sentence.index + 1), None)
        found |= {hit.key for hit in sentence.words("pronoun") if hit.start > other.end}
        if following is not None and following.paragraph == sentence.paragraph:
            found |= {hit.key for hit in following.words("pronoun") if hit.start <= OPENING}
    single = found & {"female", "male"}
    return single.pop() if len(single) == 1 else None  # type: ignore[return-value]  # keys of the pack's table


def _shared_sex(story: Story, group: CountMention) -> Sex | None:
    """Give the sex of a group that is counted by a noun of one sex: "two women", 女性2人."""
    for sentence in story.core:
        if group in sentence.counts:
            near = [
                hit.key
                for hit in sentence.words("sex")
                if group.start - _GROUP_NOUN <= hit.start <= group.end + _GROUP_NOUN
            ]
            return near[0] if near and len(set(near)) == 1 else None  # type: ignore[return-value]  # keys of the pack's table
    return None


def _described(story: Story, name: NameMention | None, age: Age | None, sex: Sex | None) -> Victim:
    relation = relation_of(story)
    pregnant = any(sentence.words("pregnant") for sentence in story.sentences)
    return Victim(
        label="V1",
        name=name.name if name else None,
        pseudonym=None if name is None else name.pseudonym or _marked(story, name) or pseudonyms(story),
        sex=sex,
        age=age,
        minor=None if age is None else age.max is not None and age.max < _ADULT,
        pregnant=True if pregnant else None,
        relation=relation.value if relation else None,
    )


def _unnamed_members(story: Story, group: CountMention, names: Sequence[NameMention]) -> Iterator[Victim]:
    """Give those of a group who are told by age and noun alone: "a boy of 14 and his sister, nine"."""
    for sentence in story.sentences:
        ages = ages_in(sentence)
        listed = len(ages) == group.persons.min == group.persons.max
        if not listed and not sentence.words("member"):
            continue
        for age in ages:
            owner = _owner(sentence, age.start)
            sex = sex_of(sentence, owner) if owner else sex_beside(sentence, age)
            told = any(owner and same_person(owner.name.casefold(), name.name.casefold()) for name in names)
            if not told and (sex or owner) and (listed or is_member(sentence, age.start)):
                yield _described(story, owner, age.age, sex)


def _owner(sentence: Sentence, start: int) -> NameMention | None:
    """Give the name that an age stands with."""
    return next((name for name in sentence.names if (own := age_of(sentence, name)) and own.start == start), None)


def _marked(story: Story, name: NameMention) -> bool | None:
    """Tell whether the same name carries the mark of a pseudonym elsewhere in the story."""
    marks = (other.pseudonym for _, other in mentions(story, name))
    return next((True for mark in marks if mark), None)


def _sex(story: Story, name: NameMention | None) -> Sex | None:
    """Tell the sex of the one returned by the words that stand for that person."""
    votes = (
        Counter(_sexes(story, name))
        or Counter(filter(None, map(_pronoun_after, story.acts)))
        or Counter(hit for detail in story.details for hit in _pointing(detail))
    )
    if not votes:
        return None
    return "female" if votes["female"] >= votes["male"] else "male"


def _sexes(story: Story, name: NameMention | None) -> Iterator[str]:
    """Give a vote for each noun, pronoun, tie of kinship and honorific that stands for the person."""
    for act in story.acts:
        single, pronoun = act.patient.single, act.patient.pronoun
        if single is not None:
            yield from (hit.key for hit in act.sentence.words("sex") if single.end - _HEAD <= hit.start < single.end)
        if pronoun in ("female", "male"):
            yield pronoun
    relation = relation_of(story)
    if relation is not None:
        said = relation.sentence
        yield from (hit.key for hit in said.words("kin") if said.folded[hit.start : hit.end] == relation.value)
    if name is not None:
        yield from _apposed(story, name)


def _apposed(story: Story, name: NameMention) -> Iterator[Sex]:
    """Give the sex that stands with each mention of a name: its honorific, or a noun and nothing between."""
    for sentence, other in mentions(story, name):
        if other.honorific:
            yield from (hit.key for hit in sentence.pack.words("sex").find(other.honorific.casefold()))  # type: ignore[misc]  # keys of the pack's table
        if (sex := sex_of(sentence, other)) is not None:
            yield sex


def _pointing(sentence: Sentence) -> list[str]:
    """Give the words for "she" and "he" in a sentence."""
    return [hit.key for hit in sentence.words("pronoun") if hit.key in ("female", "male")]


def _pronoun_after(act: Candidate) -> str | None:
    """Give the first "she" or "he" after the trigger: "was sent back; her son …"."""
    hits = (hit for hit in act.sentence.words("pronoun") if hit.start >= act.trigger.end)
    return next((hit.key for hit in hits if hit.key in ("female", "male")), None)


def _own_age(story: Story, name: NameMention) -> Age | None:
    """Give the age that stands with a name in any of its mentions."""
    ages = (age_of(sentence, other) for sentence, other in mentions(story, name))
    return next((age.age for age in ages if age is not None), None)


def _age(story: Story, name: NameMention | None) -> Age | None:
    """Give the age that stands with the name, else by the noun for the one returned, else near the name or a pronoun."""
    if name is not None and (age := _own_age(story, name)) is not None:
        return age
    for sentence in story.core:
        singles = (act.patient.single for act in story.acts if act.sentence.index == sentence.index)
        anchors = [*_called(sentence, name), *(single.end for single in singles if single)]
        if (age := _age_beside(sentence, anchors)) is not None:
            return age
    ages = (
        _age_beside(sentence, _called(sentence, name) if name else _pointed(sentence)) for sentence in story.details
    )
    return next((age for age in ages if age is not None), None)


def _pointed(sentence: Sentence) -> list[int]:
    """Give the places behind each word for "she" and "he" in a sentence."""
    return [hit.end for hit in sentence.words("pronoun") if hit.key in ("female", "male")]


def _called(sentence: Sentence, name: NameMention | None) -> list[int]:
    """Give the places behind each mention of a person in a sentence."""
    key = name.name.casefold() if name else None
    return [other.end for other in sentence.names if key and same_person(key, other.name.casefold())]


def _age_beside(sentence: Sentence, anchors: Sequence[int]) -> Age | None:
    for age in ages_in(sentence):
        near = any(abs(age.start - anchor) <= _AGE_WITHIN for anchor in anchors)
        if near and not speaks(sentence, age.start, age.end):
            return age.age
    return None
