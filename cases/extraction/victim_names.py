"""story → names: which of the people named were taken or returned, and who only speaks, decides or is kin."""

from collections import Counter
from collections.abc import Iterator

from cases.extraction.apposition import age_of
from cases.extraction.names import NameMention
from cases.extraction.patients import ONE_PERSON, speaks, told_before
from cases.extraction.people import group_count, is_kin, is_patient, taken
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story, same_person

_OBJECT_WITHIN = 45
_MEMBER_WITHIN = 90
OPENING = 2
"""What opens a sentence begins within so many characters."""
_SOON = 2
"""A name is told so few sentences after its person."""


def victim_names(story: Story) -> list[NameMention]:
    """Give the names of those taken or returned, the surest first and each at its fullest."""
    votes: Counter[str] = Counter()
    fullest: dict[str, NameMention] = {}
    refused: set[str] = set()
    for sentence in story.sentences:
        for name in sentence.names:
            key = next((known for known in fullest if same_person(name.name.casefold(), known)), name.name.casefold())
            if len(name.name) > len(fullest[key].name if key in fullest else ""):
                fullest[key] = name
            vote = _vote(story, sentence, name)
            votes[key] += vote
            refused |= {key} if vote < 0 or name.public_figure or is_kin(sentence, name) else set()
    sure = [fullest[key] for key, vote in votes.most_common() if vote > 1]
    return sure or _the_one_meant(story, {key: name for key, name in fullest.items() if key not in refused})


def _the_one_meant(story: Story, named: dict[str, NameMention]) -> list[NameMention]:
    """Give the one person whom a text names, where its acts tell of one person and name nobody.

    The name must be more than an aside: told with an age, told more than once, or opening a sentence before the act.
    """
    group = group_count(story)
    if (group is not None and group.persons.max != 1) or any(act.patient.names for act in story.acts):
        return []
    if not any(act.patient.single or act.patient.pronoun in ONE_PERSON for act in story.acts):
        return []
    first = story.acts[0].sentence.index
    meant = []
    for name in named.values():
        told = list(mentions(story, name))
        opens = any(one.index < first and other.start <= OPENING for one, other in told)
        if opens or len(told) > 1 or any(age_of(one, other) for one, other in told):
            meant.append(name)
    return meant if len(meant) == 1 else []


def _vote(story: Story, sentence: Sentence, name: NameMention) -> int:
    """Weigh what one mention says: taken or returned speaks for a victim, speaking or holding an office against."""
    if speaks(sentence, name.start, name.end):
        return -3
    if _possesses(sentence, name):
        return -1
    hits = [act.trigger for act in story.acts if act.sentence.index == sentence.index]
    if any(is_patient(sentence, hit, name) for hit in hits):
        return 4
    if any(is_patient(sentence, hit, name) for hit in taken(sentence)):
        return 2
    if any(0 <= name.start - hit.end <= _OBJECT_WITHIN for hit in sentence.words("taken")):
        return 2
    meant = _is_meant(story, sentence) or _introduces_the_one(story, sentence, name) or _lists_them_all(story, sentence)
    return 2 if meant or is_member(sentence, name.start) else 0


def is_member(sentence: Sentence, start: int) -> bool:
    """Tell whether words are told of one of those returned: "one of them, Chen Guo"."""
    return any(0 <= start - hit.end <= _MEMBER_WITHIN for hit in sentence.words("member"))


def _is_meant(story: Story, sentence: Sentence) -> bool:
    """Tell whether an act leaves out whom this sentence told of."""
    return any(act.patient.pronoun == "omitted" and told_before(act) is sentence for act in story.acts)


def _introduces_the_one(story: Story, sentence: Sentence, name: NameMention) -> bool:
    """Tell whether a name opens a sentence right after one person without a name was told of: "A roofer … . Juan Paz, 44, …"."""
    if story.introduces(sentence):
        return True
    if name.start > OPENING:
        return False
    group = group_count(story)
    if group is not None and group.persons.max != 1:
        return False
    return any(
        0 < sentence.index - act.sentence.index <= _SOON and act.patient.single is not None and not act.patient.names
        for act in story.acts
    )


def _lists_them_all(story: Story, sentence: Sentence) -> bool:
    """Tell whether a sentence names as many persons, with their ages, as were returned: "the two, Ana Ruiz, 37, and …"."""
    named = {name.name for name in sentence.names}
    if len(named) < 2 or not sentence.ages:  # noqa: PLR2004 - "they"
        return False
    group = group_count(story)
    return group is not None and group.persons.min == group.persons.max == len(named)


def _possesses(sentence: Sentence, name: NameMention) -> bool:
    return sentence.folded[name.end : name.end + 2] == "'s"


def mentions(story: Story, name: NameMention) -> Iterator[tuple[Sentence, NameMention]]:
    """Give each mention of a person, with its sentence."""
    key = name.name.casefold()
    for sentence in story.sentences:
        for other in sentence.names:
            if same_person(key, other.name.casefold()):
                yield sentence, other
