"""story → people: who was returned, who tells it, and what is said of each."""

from collections import Counter
from collections.abc import Iterator, Sequence

from cases.extraction.candidates import Candidate
from cases.extraction.counts import CountMention
from cases.extraction.names import NameMention, document_pseudonyms
from cases.extraction.patients import ONE_PERSON, speaks, told_before
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.extraction.stories import Story, same_person
from cases.model import Age, Informant, Persons, Sex, Victim
from cases.packs.notation import Hit

_OBJECT_WITHIN = 45
_SUBJECT_WITHIN = 110
_PASSIVE_WITHIN = 2
_AGE_WITHIN = 40
_MEMBER_WITHIN = 16
_APPOSED = 8
_ADULT = 18
_HEAD = 20
"""The head of a noun phrase lies within its last so many characters."""
_OPENING = 2
_SOON = 2
"""A name is told so few sentences after its person."""
_ONE = Persons(min=1, max=1, qualifier="exact")


def victims_of(story: Story) -> tuple[Victim, ...]:
    """Tell the persons returned: one by one where they are named, else as the one group they are told as."""
    group = group_count(story)
    names = _victim_names(story)
    several = group is not None and group.persons.min > 1
    if not names:
        return (_victim(story, "V1", None, grouped=several),)
    chosen = names if several else names[:1]
    return tuple(_victim(story, f"V{place}", name, grouped=several) for place, name in enumerate(chosen, 1))


def persons_of(story: Story) -> Said[Persons] | None:
    """Tell how many were returned; one where a single person is told, nothing where the text gives no number."""
    group = group_count(story)
    if group is not None:
        return Said(group.persons, _sentence_of(story, group))
    for act in story.acts:
        if act.patient.names or act.patient.single or act.patient.pronoun in ONE_PERSON:
            return Said(_ONE, act.sentence)
        before = told_before(act) if act.patient.pronoun == "omitted" else None
        if before is not None:
            return Said(_number_in(before), before)
    return None


def _number_in(sentence: Sentence) -> Persons:
    """Give the number of those a sentence tells of, the surest first; one where it gives none."""
    ranked = [count.persons for count in sentence.counts if count.kind == "victims" or count.family]
    ranked += (
        [one.persons for one in sentence.counts if one.kind == "unknown" and not one.part]
        if sentence.pack.spaced
        else []
    )
    return ranked[0] if ranked else _ONE


def group_count(story: Story) -> CountMention | None:
    """Give the count of those returned: that of the first act that has one, else of an arrest."""
    furthest = sorted(story.acts, key=lambda act: act.stage is not story.stage)
    counts = [act.patient.count for act in furthest if act.patient.count]
    told = [count for count in counts if count.kind == "victims" or count.family]
    told += [act.patient.count for act in story.acts if act.patient.count and not act.patient.specific_person]
    told += [
        count
        for sentence in story.arrests
        for count in sentence.counts
        if (count.kind == "victims" or count.family) and not count.part
    ]
    told = [count for count in told if not _is_household(count)] or told
    return next((count for count in told if _sharpens(count, told[0])), told[0]) if told else None


def _is_household(count: CountMention) -> bool:
    """Tell whether a count is a family whose size is not told: any number that is told says more."""
    return count.family and count.persons.max is None


def _sharpens(count: CountMention, first: CountMention) -> bool:
    """Tell whether a count is the exact number that the first one rounds: "more than 130", then "134"."""
    rounded, exact = first.persons, count.persons
    most = rounded.max if rounded.max is not None else rounded.min + rounded.min // 10
    return rounded.min != rounded.max and exact.min == exact.max and rounded.min < exact.min <= most


def informants_of(story: Story, victims: Sequence[Victim]) -> tuple[Said[Informant], ...]:
    """Tell who says it: a named relative first, else the kind of source that the story's sentences name."""
    returned = [victim.name.casefold() for victim in victims if victim.name]
    everything = pseudonyms(story)
    for sentence in story.sentences:
        for name in sentence.names:
            if any(same_person(name.name.casefold(), known) for known in returned):
                continue
            if speaks(sentence, name.start, name.end) or _is_kin(sentence, name):
                relation = relation_of(story)
                teller = Informant(
                    kind="relative" if relation or _is_kin(sentence, name) else "unknown",
                    name=name.name,
                    pseudonym=name.pseudonym or everything,
                    relation=_kin_of(sentence, name),
                )
                return (Said(teller, sentence),)
    kinds = [(hit.key, sentence) for sentence in story.core for hit in sentence.words("informant")]
    return tuple(Said(Informant(kind=key), sentence) for key, sentence in kinds[:1])  # type: ignore[arg-type]  # keys of the pack


def relation_of(story: Story) -> Said[str] | None:
    """Tell the victim's tie to somebody in the article, as one word: wife, husband, sister."""
    for act in story.acts:
        single = act.patient.single
        for hit in act.sentence.words("relation"):
            if single is not None and single.start <= hit.start <= single.end:
                return Said(hit.key, act.sentence)
    for sentence in story.arrests:
        for hit in sentence.words("relation"):
            if any(0 <= hit.start - event.end <= _OBJECT_WITHIN for event in _taken(sentence)):
                return Said(hit.key, sentence)
    return None


def pseudonyms(story: Story) -> bool | None:
    """Tell whether the article calls all its names pseudonyms; None when it says nothing."""
    first = story.sentences[0]
    return document_pseudonyms(first.article.text, first.pack.language)


def _victim(story: Story, label: str, name: NameMention | None, *, grouped: bool) -> Victim:
    relation = relation_of(story)
    age = _age(story, name)
    pseudonym = None if name is None else name.pseudonym or _marked(story, name) or pseudonyms(story)
    pregnant = any(sentence.words("pregnant") for sentence in story.sentences)
    return Victim(
        label=label,
        name=name.name if name else None,
        pseudonym=pseudonym,
        sex=_sex(story, name, grouped=grouped),
        age=age,
        minor=None if age is None else age.max is not None and age.max < _ADULT,
        pregnant=True if pregnant else None,
        relation=relation.value if relation else None,
    )


def _marked(story: Story, name: NameMention) -> bool | None:
    """Tell whether the same name carries the mark of a pseudonym elsewhere in the story."""
    key = name.name.casefold()
    marks = (
        other.pseudonym
        for sentence in story.sentences
        for other in sentence.names
        if same_person(key, other.name.casefold())
    )
    return next((True for mark in marks if mark), None)


def _victim_names(story: Story) -> list[NameMention]:
    """Give the names of those taken or returned, the surest first and each at its fullest."""
    votes: Counter[str] = Counter()
    fullest: dict[str, NameMention] = {}
    for sentence in story.sentences:
        for name in sentence.names:
            key = next((known for known in fullest if same_person(name.name.casefold(), known)), name.name.casefold())
            if len(name.name) > len(fullest[key].name if key in fullest else ""):
                fullest[key] = name
            votes[key] += _vote(story, sentence, name)
    sure = [fullest[key] for key, vote in votes.most_common() if vote > 1]
    return sure or _meant_by_pronouns(story, [fullest[key] for key, vote in votes.items() if vote >= 0])


def _meant_by_pronouns(story: Story, named: Sequence[NameMention]) -> list[NameMention]:
    """Give the one person with whom a sentence before opens where the acts tell only of "him" or "her"."""
    alone = all(act.patient.pronoun in ONE_PERSON and not act.patient.single for act in story.acts)
    first = story.acts[0].sentence.index
    before = {name.name for one in story.sentences if one.index < first for name in one.names if name.start <= _OPENING}
    meant = [name for name in named if name.name in before]
    return meant if alone and len(meant) == 1 else []


def _vote(story: Story, sentence: Sentence, name: NameMention) -> int:
    """Weigh what one mention says: taken or returned speaks for a victim, speaking or holding an office against."""
    if speaks(sentence, name.start, name.end):
        return -3
    if _possesses(sentence, name):
        return -1
    hits = [act.trigger for act in story.acts if act.sentence.index == sentence.index]
    if any(is_patient(sentence, hit, name) for hit in hits):
        return 4
    if any(is_patient(sentence, hit, name) for hit in _taken(sentence)):
        return 2
    if any(0 <= name.start - hit.end <= _OBJECT_WITHIN for hit in sentence.words("taken")):
        return 2
    meant = _is_meant(story, sentence) or _introduces_the_one(story, sentence, name) or _lists_them_all(story, sentence)
    return 2 if meant or _is_member(sentence, name) else 0


def _is_member(sentence: Sentence, name: NameMention) -> bool:
    """Tell whether a name is given to one of those told of: "one of them, Chen Guo"."""
    return any(0 <= name.start - hit.end <= _MEMBER_WITHIN for hit in sentence.words("member"))


def _is_meant(story: Story, sentence: Sentence) -> bool:
    """Tell whether an act leaves out whom this sentence told of."""
    return any(act.patient.pronoun == "omitted" and told_before(act) is sentence for act in story.acts)


def _introduces_the_one(story: Story, sentence: Sentence, name: NameMention) -> bool:
    """Tell whether a name opens a sentence right after one person without a name was told of: "A roofer … . Juan Paz, 44, …"."""
    group = group_count(story)
    if story.introduces(sentence):
        return True
    if name.start > _OPENING or (group is not None and group.persons.max != 1):
        return False
    return any(
        0 < sentence.index - act.sentence.index <= _SOON and act.patient.single is not None and not act.patient.names
        for act in story.acts
    )


def _lists_them_all(story: Story, sentence: Sentence) -> bool:
    """Tell whether a sentence names as many persons, with their ages, as were returned: "the two, Ana Ruiz, 37, and …"."""
    group = group_count(story)
    named = {name.name for name in sentence.names}
    return group is not None and bool(sentence.ages) and 1 < group.persons.min == group.persons.max == len(named)


def is_patient(sentence: Sentence, hit: Hit, name: NameMention) -> bool:
    """Tell whether the person named is the one to whom the verb does it: before a passive, after an active verb."""
    if not sentence.pack.spaced or sentence.pack.free_word_order:
        return abs(name.start - hit.start) <= _SUBJECT_WITHIN
    passive = any(
        be.start <= hit.start and hit.start - be.end <= _PASSIVE_WITHIN and be.end <= hit.end
        for be in sentence.cue("passive", "directly")
    )
    if passive:
        return name.end <= hit.start <= name.end + _SUBJECT_WITHIN and not _someone_between(sentence, name, hit)
    return -1 <= name.start - hit.end <= _OBJECT_WITHIN or hit.start <= name.start <= hit.end


def _someone_between(sentence: Sentence, name: NameMention, hit: Hit) -> bool:
    return any(name.end <= other.start and other.end <= hit.start for other in sentence.names)


def _taken(sentence: Sentence) -> list[Hit]:
    return [hit for hit in sentence.words("event") if hit.key in ("arrest", "transfer")]


def _possesses(sentence: Sentence, name: NameMention) -> bool:
    return sentence.folded[name.end : name.end + 2] == "'s"


def _is_kin(sentence: Sentence, name: NameMention) -> bool:
    """Tell whether a name follows a word of kinship: "her mother-in-law, …"."""
    return _kin_of(sentence, name) is not None and not any(is_patient(sentence, hit, name) for hit in _taken(sentence))


def _kin_of(sentence: Sentence, name: NameMention) -> str | None:
    """Give the word of kinship right before a name, as printed."""
    found = (hit for hit in sentence.words("kin") if 0 <= name.start - hit.end <= _PASSIVE_WITHIN)
    return next((sentence.text[hit.start : hit.end] for hit in found), None)


def _sex(story: Story, name: NameMention | None, *, grouped: bool) -> Sex | None:
    """Tell the sex by the words that stand for the person; of a group nothing, for its words may be of one among them."""
    if grouped:
        return None
    votes = (
        Counter(_sexes(story, name))
        or Counter(filter(None, map(_pronoun_after, story.acts)))
        or Counter(hit.key for detail in story.details for hit in _pointing(detail))
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
    if name is not None and name.honorific:
        yield from (hit.key for hit in story.sentences[0].pack.words("sex").find(name.honorific.casefold()))


def _apposed(story: Story, name: NameMention) -> Iterator[str]:
    """Give the sex of a noun that stands with the name and nothing between: 女性ブロガー、…さん; "Juan Paz, un mecánico"."""
    for sentence in story.sentences:
        behind = sentence.pack.spaced
        for other in sentence.names:
            if same_person(other.name.casefold(), name.name.casefold()):
                for hit in sentence.words("sex"):
                    gap = hit.start - other.end if behind else other.start - hit.end
                    yield from [hit.key] if 0 <= gap <= _APPOSED else ()


def _pointing(sentence: Sentence) -> list[Hit]:
    """Give the words for "she" and "he" in a sentence."""
    return [hit for hit in sentence.words("pronoun") if hit.key in ("female", "male")]


def _pronoun_after(act: Candidate) -> str | None:
    """Give the first "she" or "he" after the trigger: "was sent back; her son …"."""
    hits = (hit for hit in act.sentence.words("pronoun") if hit.start >= act.trigger.end)
    return next((hit.key for hit in hits if hit.key in ("female", "male")), None)


def _age(story: Story, name: NameMention | None) -> Age | None:
    """Give the age that stands by the victim's name or noun in a sentence that tells the act, else by the name anywhere."""
    for sentence in story.core:
        singles = (act.patient.single for act in story.acts if act.sentence.index == sentence.index)
        anchors = [*_called(sentence, name), *(single.end for single in singles if single)]
        if (age := _age_beside(sentence, anchors)) is not None:
            return age
    ages = (
        _age_beside(sentence, _called(sentence, name) if name else [hit.end for hit in _pointing(sentence)])
        for sentence in story.details
    )
    return next((age for age in ages if age is not None), None)


def _called(sentence: Sentence, name: NameMention | None) -> list[int]:
    """Give the places behind each mention of a person in a sentence."""
    key = name.name.casefold() if name else None
    return [other.end for other in sentence.names if key and same_person(key, other.name.casefold())]


def _age_beside(sentence: Sentence, anchors: Sequence[int]) -> Age | None:
    for age in sentence.ages:
        near = any(abs(age.start - anchor) <= _AGE_WITHIN for anchor in anchors)
        if near and not speaks(sentence, age.start, age.end):
            return age.age
    return None


def _sentence_of(story: Story, count: CountMention) -> Sentence:
    return next(sentence for sentence in story.core if count in sentence.counts)
