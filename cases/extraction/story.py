"""the sentences of one act, and what they share: names, numbers and years."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from cases.extraction.candidates import Candidate
from cases.extraction.patients import speaks, told_before
from cases.extraction.sentences import Sentence
from cases.model import Stage

_PROGRESS = (
    Stage.UNKNOWN,
    Stage.FEARED,
    Stage.IN_CUSTODY_AT_RISK,
    Stage.IMMINENT,
    Stage.SUSPENDED,
    Stage.AVERTED,
    Stage.COMPLETED,
    Stage.INDIRECT_COMPLETED,
    Stage.DEATH_BEFORE_RETURN,
)
_ROUND = 100
"""A number of whole hundreds, at least, may be a rounded one."""
_NAME_PARTS = re.compile(r"[\s・＝=]+")


@dataclass
class Story:
    """Sentences about one act, in order, while they are being gathered."""

    acts: list[Candidate] = field(default_factory=list)
    aside: bool = False
    """True for one told in passing beside another: "another woman was deported"."""
    last: Sentence | None = None
    """Its last sentence so far."""
    _core: dict[int, Sentence] = field(default_factory=dict)
    _details: dict[int, Sentence] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)
    _numbers: list[tuple[int, int | None]] = field(default_factory=list)
    _years: set[int] = field(default_factory=set)
    _introductions: set[int] = field(default_factory=set)

    def tell(self, sentence: Sentence, acts: Sequence[Candidate] = ()) -> None:
        """Take a sentence that tells acts, or an arrest where it has none."""
        self.acts.extend(acts)
        self._core[sentence.index] = sentence
        meant = (told_before(act) for act in acts if act.patient.pronoun == "omitted")
        self._names = self._names.union(named(sentence), *(named(one) for one in meant if one))
        told = (*counted(sentence), *(number for act in acts for number in patients(act)))
        told = tuple(map(_loosened, told)) if sentence.is_title else told
        self._numbers += [number for number in dict.fromkeys(told) if number not in self._numbers]
        if not sentence.is_title:  # a headline's day has the year that the text gives it
            self._years |= years_of(sentence)
        self._reach(sentence)

    def add(self, sentence: Sentence) -> None:
        """Take a sentence that adds to it."""
        self._details[sentence.index] = sentence
        self._reach(sentence)

    def meet(self, sentence: Sentence) -> None:
        """Take a sentence that names those it is about."""
        self._names |= named(sentence)
        self._introductions.add(sentence.index)
        self.add(sentence)

    def widened(self, sentences: Iterable[Sentence]) -> "Story":
        """Give the story with further sentences as details: those of an article that tells of nothing else."""
        more = {one.index: one for one in sentences if one.index not in self._core}
        return replace(self, _details=self._details | more)

    def introduces(self, sentence: Sentence) -> bool:
        """Tell whether a sentence names those who were told of before without a name."""
        return sentence.index in self._introductions

    def _reach(self, sentence: Sentence) -> None:
        if self.last is None or sentence.index > self.last.index:
            self.last = sentence

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All its sentences in the order of the text, once each."""
        found = self._core | self._details
        return tuple(found[index] for index in sorted(found))

    @property
    def core(self) -> tuple[Sentence, ...]:
        """Its sentences that tell an act or an arrest, in order, once each."""
        return tuple(self._core[index] for index in sorted(self._core))

    @property
    def arrests(self) -> tuple[Sentence, ...]:
        """Its sentences that tell an arrest and no act."""
        telling = {act.sentence.index for act in self.acts}
        return tuple(sentence for sentence in self.core if sentence.index not in telling)

    @property
    def details(self) -> tuple[Sentence, ...]:
        """Its other sentences, in order."""
        return tuple(self._details[index] for index in sorted(self._details))

    @property
    def stage(self) -> Stage:
        """The furthest that any of its acts has gone; what is only ordered against somebody held is no more than a danger."""
        furthest = max((act.stage for act in self.acts if act.stage), key=_PROGRESS.index, default=Stage.UNKNOWN)
        return Stage.IN_CUSTODY_AT_RISK if furthest is Stage.IMMINENT and self._held_under_order() else furthest

    def _held_under_order(self) -> bool:
        near = [act for act in self.acts if act.stage is Stage.IMMINENT]
        return all(act.cues.near("feared") and not act.cues.has("border") for act in near) and any(
            sentence.cue("custody") for sentence in self.sentences
        )

    def names(self) -> frozenset[str]:
        """Every person's name in its core sentences, folded."""
        return frozenset(self._names)

    def numbers(self) -> tuple[tuple[int, int | None], ...]:
        """Give the counts of persons told in its acts and arrests, as intervals."""
        return tuple(self._numbers)

    def years(self) -> frozenset[int]:
        """Years that its acts and arrests are dated to."""
        return frozenset(self._years)


def named(sentence: Sentence) -> frozenset[str]:
    """Give all persons' names in a sentence, folded."""
    return frozenset(name.name.casefold() for name in sentence.names if not speaks(sentence, name.start, name.end))


def shares(names: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether two sets of names have a person in common."""
    return any(same_person(one, other) for one in names for other in others)


def same_person(one: str, other: str) -> bool:
    """Tell whether two names in one article mean one person: they are equal, or one is a part of the other, as 최 of 최은별."""
    parts, rest = _NAME_PARTS.split(one), _NAME_PARTS.split(other)
    if not one.isascii() and 1 in {len(one), len(other)}:
        return one.startswith(other) or other.startswith(one)
    return one == other or (len(parts) == 1 and one in rest) or (len(rest) == 1 and other in parts)


def counted(sentence: Sentence) -> tuple[tuple[int, int | None], ...]:
    """Give the numbers of persons, officers and parts of totals left out, as intervals."""
    return tuple(
        (count.persons.min, count.persons.max)
        for count in sentence.counts
        if (count.kind == "victims" or count.family) and not count.part
    )


def rounding(number: int) -> int:
    """Tell by how much a round number may miss the exact one: half of its unit; 0 for a number that is not round."""
    unit = _ROUND
    while number and number % (unit * 10) == 0:
        unit *= 10
    return unit // 2 if number and number % unit == 0 else 0


def _loosened(number: tuple[int, int | None]) -> tuple[int, int | None]:
    """Take a headline's round number for what it rounds: "1,000" stands above a text that tells of 1,086."""
    least, most = number
    return (least - rounding(least), most + rounding(most)) if least == most else number


def patients(act: Candidate) -> tuple[tuple[int, int | None], ...]:
    """Give the number of those to whom an act is done, as an interval, where one is told."""
    count = act.patient.count
    return ((count.persons.min, count.persons.max),) if count else ()


def years_of(sentence: Sentence) -> frozenset[int]:
    """Give the years that the days named in a sentence lie in."""
    return frozenset(
        year
        for mention in sentence.dates
        if mention.first and mention.last and mention.precision != "unknown"
        for year in range(mention.first.year, mention.last.year + 1)
    )
