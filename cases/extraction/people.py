"""story → people: how many were returned, who tells it, and who is whose kin."""

from collections.abc import Sequence

from cases.extraction.counts import CountMention
from cases.extraction.names import NameMention, document_pseudonyms
from cases.extraction.patients import ONE_PERSON, speaks, told_before
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story, rounding, same_person
from cases.model import Informant, Persons, Victim
from cases.packs.tables import Hit

_OBJECT_WITHIN = 45
_SUBJECT_WITHIN = 110
_PASSIVE_WITHIN = 2
_WHOSE = 4
_ONE = Persons(min=1, max=1, qualifier="exact")


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
    stage = story.stage
    furthest = sorted(story.acts, key=lambda act: act.stage is not stage)
    counts = [act.patient.count for act in furthest if act.patient.count]
    told = [count for count in counts if count.kind == "victims" or count.family]
    told += [
        act.patient.count
        for act in story.acts
        if act.patient.count
        and (not act.patient.specific_person or _are_somebodys(act.patient.count, act.patient.single))
    ]
    told += [
        count
        for sentence in story.arrests
        for count in sentence.counts
        if (count.kind == "victims" or count.family) and not count.part
    ]
    told = [count for count in told if not _is_household(count)] or told or _aboard(story)
    return next((count for count in told if _sharpens(count, told[0])), told[0]) if told else None


def _aboard(story: Story) -> list[CountMention]:
    """Give the numbers of those aboard, where the act tells of a flight with nobody counted: "On board were 88 people"."""
    if any(act.patient.specific_person for act in story.acts):
        return []
    return [
        count
        for act in story.acts
        for sentence in (act.sentence, *act.behind)
        if sentence.words("aboard")
        for count in sentence.counts
        if count.kind in ("victims", "unknown") and not count.part
    ]


def _is_household(count: CountMention) -> bool:
    """Tell whether a count is a family whose size is not told: any number that is told says more."""
    return count.family and count.persons.max is None


def _are_somebodys(count: CountMention, single: Hit | None) -> bool:
    """Tell whether the one person who is told only says whose they are: "nine relatives of a former soldier"."""
    return single is not None and 0 <= single.start - count.end <= _WHOSE


def _sharpens(count: CountMention, first: CountMention) -> bool:
    """Tell whether a count is the exact number that the first one rounds: "more than 130", then "134"; "1,000", then "1,086"."""
    rounded, exact = first.persons, count.persons
    if rounded.min == rounded.max and exact.min == exact.max:
        return 0 < abs(exact.min - rounded.min) <= rounding(rounded.min) and not rounding(exact.min)
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
            if speaks(sentence, name.start, name.end) or is_kin(sentence, name):
                relation = relation_of(story)
                teller = Informant(
                    kind="relative" if relation or is_kin(sentence, name) else "unknown",
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
            if any(0 <= hit.start - event.end <= _OBJECT_WITHIN for event in taken(sentence)):
                return Said(hit.key, sentence)
    return None


def pseudonyms(story: Story) -> bool | None:
    """Tell whether the article calls all its names pseudonyms; None when it says nothing."""
    first = story.sentences[0]
    return document_pseudonyms(first.article.text, first.pack.language)


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


def taken(sentence: Sentence) -> list[Hit]:
    """Give the words of a sentence by which somebody is arrested or led away."""
    return [hit for hit in sentence.words("event") if hit.key in ("arrest", "transfer")]


def is_kin(sentence: Sentence, name: NameMention) -> bool:
    """Tell whether a name follows a word of kinship: "her mother-in-law, …"."""
    return _kin_of(sentence, name) is not None and not any(is_patient(sentence, hit, name) for hit in taken(sentence))


def _kin_of(sentence: Sentence, name: NameMention) -> str | None:
    """Give the word of kinship right before a name, as printed."""
    found = (hit for hit in sentence.words("kin") if 0 <= name.start - hit.end <= _PASSIVE_WITHIN)
    return next((sentence.text[hit.start : hit.end] for hit in found), None)


def _sentence_of(story: Story, count: CountMention) -> Sentence:
    behind = (sentence for act in story.acts for sentence in act.behind)
    return next(sentence for sentence in (*story.core, *behind) if count in sentence.counts)
