"""events → stories: which sentences of an article tell of the same act against the same person or group.

A story opens with a sentence that holds an open candidate, or that brings somebody into custody, and later sentences join
the youngest story that nothing in them contradicts. A story in which nobody is returned or in danger of it is dropped.
"""

from collections.abc import Iterable, Sequence

from cases.extraction.candidates import Candidate
from cases.extraction.events import Considered, Reading
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story, counted, named, patients, shares, years_of
from cases.model import Stage

_BACKWARDS = 12
"""How many sentences before its first act may lead up to a story."""
_DETAIL_AFTER = 3
"""How many sentences after its last one may still add to a story that they do not name."""


def stories_of(reading: Reading) -> tuple[Story, ...]:
    """Gather the stories of an article in the order in which they begin."""
    stories: list[Story] = []
    acts = _acts_by_sentence(reading.considered)
    for sentence in reading.sentences:
        told = acts.get(sentence.index, [])
        if told:
            _home(stories, sentence, told[0]).tell(sentence, told)
        elif _is_arrest_of_somebody(sentence) and acts:
            _home(stories, sentence, None).tell(sentence)
        else:
            _attach(stories, sentence)
    stories = [story for story in stories if story.acts]
    _lead_up(stories, reading.sentences)
    _follow_up(stories, reading.sentences)
    return tuple(stories)


def _acts_by_sentence(considered: Iterable[Considered]) -> dict[int, list[Candidate]]:
    acts: dict[int, list[Candidate]] = {}
    for one in considered:
        if one.is_open:
            acts.setdefault(one.candidate.sentence.index, []).append(one.candidate)
    return acts


def _home(stories: list[Story], sentence: Sentence, act: Candidate | None) -> Story:
    """Give the youngest story that the sentence belongs to, opening one when there is none."""
    fitting = [story for story in stories if not _contradicts(story, sentence, act)]
    known = [story for story in fitting if shares(story.names(), named(sentence))]
    if known:
        return known[-1]
    if fitting and not _introduces(fitting[-1], sentence):
        return fitting[-1]
    stories.append(Story(aside=act is not None and _tells_another(act)))
    return stories[-1]


def _contradicts(story: Story, sentence: Sentence, act: Candidate | None) -> bool:
    """Tell whether a sentence cannot be about the story: another person, another number, another year."""
    if act is not None and _tells_another(act):
        return True
    shared = shares(story.names(), named(sentence))
    numbers, known = (*counted(sentence), *(patients(act) if act else ())), story.numbers()
    if (
        numbers
        and known
        and not any(_overlap(one, other) or _is_part(one, other) for one in numbers for other in known)
    ):
        return True
    if numbers and not known and max(number[0] for number in numbers) > 1 and story.names() and not shared:
        return True
    if act is not None and numbers and known and not _same_end(story, act) and not set(numbers) & set(known):
        return True
    years, told = years_of(sentence), story.years()
    return bool(years and told and not years & told and not shared)


def _same_end(story: Story, act: Candidate) -> bool:
    """Tell whether both ended alike: some of a group may be returned while others are let go."""
    spared = {Stage.AVERTED, Stage.SUSPENDED}
    returned = {Stage.COMPLETED, Stage.INDIRECT_COMPLETED}
    ends = {story.stage, act.stage}
    return not (ends & spared and ends & returned)


def _tells_another(act: Candidate) -> bool:
    """Tell whether an act is done to somebody beside those told of: "another woman", "a seamstress … as well"."""
    single = act.patient.single
    if act.cues.near("as_well") and not act.patient.names and act.patient.pronoun is None:
        return True
    return single is not None and any(
        single.start - 2 <= hit.start <= single.end for hit in act.sentence.cue("another")
    )


def _introduces(story: Story, sentence: Sentence) -> bool:
    """Tell whether a sentence brings somebody new, rather than going on about the story's person."""
    same_paragraph = story.last is not None and sentence.paragraph == story.last.paragraph
    if same_paragraph and not story.names():
        return False
    if story.aside and not same_paragraph:
        return True
    if _same_kin(story, sentence):
        return False
    names = named(sentence)
    grouped = any(number[0] > 1 for number in story.numbers())
    return bool(names and story.names() and not shares(names, story.names()) and not grouped)


def _same_kin(story: Story, sentence: Sentence) -> bool:
    """Tell whether a sentence soon after goes on about a relative that the story is about: "her son …", "the son …"."""
    if story.last is None or sentence.paragraph - story.last.paragraph > 1:
        return False
    told = {hit.key for act in story.acts for hit in act.sentence.words("relation")}
    return any(hit.key in told for hit in sentence.words("relation"))


def _attach(stories: Sequence[Story], sentence: Sentence) -> None:
    """Give a sentence without an act of its own to the story that it names, or that it goes on about."""
    names = named(sentence)
    for story in reversed(stories):
        if shares(names, story.names()):
            story.add(sentence)
            return
    last = stories[-1].last if stories else None
    if last is not None and _names_its_people(stories[-1], last, sentence):
        stories[-1].meet(sentence)
    elif last is not None and not names:
        follows = sentence.index == last.index + 1 and sentence.paragraph == last.paragraph + 1
        goes_on = sentence.paragraph == last.paragraph or (follows and bool(sentence.words("pronoun")))
        if goes_on and sentence.index - last.index <= _DETAIL_AFTER:
            stories[-1].add(sentence)


def _names_its_people(story: Story, last: Sentence, sentence: Sentence) -> bool:
    """Tell whether a sentence soon after names, with an age, as many persons as an act told without names: "… . Juan Paz, 44, …"."""
    if story.names() or not sentence.ages or sentence.index - last.index > _DETAIL_AFTER:
        return False
    least, most = next(iter(story.numbers()), (1, 1))
    return least == most == len(named(sentence))


def _lead_up(stories: Sequence[Story], sentences: Sequence[Sentence]) -> None:
    """Give each story the free sentences before its first act that name its person or speak of somebody."""
    taken = {one.index for story in stories for one in story.sentences}
    for story in stories:
        opening = story.sentences[0]
        first = opening.index
        pointing = not story.names() and any(act.patient.pronoun for act in story.acts)
        for index in range(first - 1, max(-1, first - 1 - _BACKWARDS), -1):
            sentence = sentences[index]
            if index in taken:
                break
            tells_when = bool(sentence.dates) and sentence.paragraph == opening.paragraph
            tells_who = pointing and bool(sentence.names) and opening.paragraph - sentence.paragraph <= 1
            if tells_who or tells_when or sentence.words("pronoun") or shares(named(sentence), story.names()):
                story.add(sentence)
                taken.add(index)
        for told in story.core:
            before = sentences[told.index - 1] if told.index else told
            if before.index not in taken and before.dates and before.paragraph == told.paragraph:
                story.add(before)
                taken.add(before.index)


def _follow_up(stories: Sequence[Story], sentences: Sequence[Sentence]) -> None:
    """Give each story the free sentences right after it about somebody who stands beside its person: "neither she …"."""
    taken = {one.index for story in stories for one in story.sentences}
    for story in stories:
        beside = {name for detail in story.details for name in named(detail)}
        for sentence in sentences[story.last.index + 1 : story.last.index + _DETAIL_AFTER] if story.last else ():
            near = sentence.index not in taken and sentence.paragraph - story.core[-1].paragraph <= 1
            goes_on = shares(named(sentence), beside) or sentence.words("pronoun") or _tells_the_way(stories, sentence)
            if not near or not goes_on:
                break
            story.add(sentence)
            taken.add(sentence.index)


def _tells_the_way(stories: Sequence[Story], sentence: Sentence) -> bool:
    """Tell whether a sentence of an article about one act alone says where somebody was led, and names nobody else."""
    return len(stories) == 1 and not sentence.names and any(place.link is not None for place in sentence.places)


def _is_arrest_of_somebody(sentence: Sentence) -> bool:
    return sentence.has("event", "arrest") and bool(sentence.names or counted(sentence) or sentence.words("single"))


def _overlap(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    return one[0] <= (other[1] or one[0]) and other[0] <= (one[1] or other[0])


def _is_part(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    """Take a smaller number after a larger one for a part of it."""
    return one[1] is not None and one[1] < other[0]
