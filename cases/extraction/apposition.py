"""sentence + name → what stands with it: "Ana Ruiz, 34, a nurse", 33歲的…, 홍모 씨(38·여), "34-летний …".

Nearness alone says nothing: of two names each has the age that is put with it, and an age stands with one name only.
"""

from collections.abc import Sequence

from cases.extraction.ages import AgeMention
from cases.extraction.names import NameMention
from cases.extraction.sentences import Sentence
from cases.model import Sex
from cases.packs.tables import Hit

_BEHIND = 8
_BEFORE = 22
_TIGHT = 4
"""How far an age may stand from its name where words are not parted by spaces."""
_NOUN_BEHIND = 6
_NOUN_CLOSE = 2
_NOUN_BEFORE = 14
_NOUN_TIGHT = 8
_SETS_OFF = ",，、(（—–"
_PARTS = ',;:.，；：。()（）«»“”"「」『』'
_LOOSE = 10
"""An age without a sign between it and the name before it counts as so many characters farther."""


def age_of(sentence: Sentence, name: NameMention) -> AgeMention | None:
    """Give the age that stands with a name and with no other name nearer."""
    for age in ages_in(sentence):
        reached = [(gap, other.start) for other in sentence.names if (gap := _gap(sentence, other, age)) is not None]
        if reached and min(reached)[1] == name.start:
            return age
    return None


def _gap(sentence: Sentence, name: NameMention, age: AgeMention) -> int | None:
    """Measure how far an age stands from a name; None where it cannot be its age."""
    if age.start < name.end and name.start < age.end:
        return 0
    spaced = sentence.pack.spaced
    if age.start >= name.end:
        between = sentence.text[name.end : age.start]
        if len(between) > (_BEHIND if spaced else _TIGHT):
            return None
        return len(between) + (0 if between.strip()[:1] in _SETS_OFF else _LOOSE)
    between = sentence.text[age.end : name.start]
    if len(between) > (_BEFORE if spaced else _TIGHT) or any(sign in _PARTS for sign in between):
        return None
    return len(between)


def sex_of(sentence: Sentence, name: NameMention) -> Sex | None:
    """Give the sex of the noun set beside a name: within it, behind a sign, or right before it; kin of the named do not count."""
    own = age_of(sentence, name)
    start, end = (min(name.start, own.start), max(name.end, own.end)) if own else (name.start, name.end)
    hits = _nouns(sentence)
    inside = [hit for hit in hits if start <= hit.start < end]
    behind = [hit for hit in hits if 0 <= hit.start - end <= _NOUN_BEHIND and _set_off(sentence, end, hit.start)]
    before = [hit for hit in hits if _leads(sentence, hit.end, start)]
    return _key(inside[:1] or behind[:1] or before[-1:])


def sex_beside(sentence: Sentence, age: AgeMention) -> Sex | None:
    """Give the sex of the noun that an age is told of: "a 14-year-old boy", 14歳の少年, "une fille de 15 ans"."""
    hits = _nouns(sentence)
    inside = [hit for hit in hits if age.start <= hit.start < age.end]
    behind = [hit for hit in hits if 0 <= hit.start - age.end <= _NOUN_CLOSE]
    before = [hit for hit in hits if 0 <= age.start - hit.end <= 2 * _NOUN_CLOSE]
    return _key(inside[:1] or behind[:1] or before[-1:])


def ages_in(sentence: Sentence) -> list[AgeMention]:
    """Give the ages of a sentence that are of persons born: months behind a word for pregnancy are none."""
    carried = [hit.end for hit in sentence.words("pregnant")]
    return [age for age in sentence.ages if not any(0 <= age.start - end <= _NOUN_CLOSE for end in carried)]


def _nouns(sentence: Sentence) -> list[Hit]:
    owned = {hit.start for hit in sentence.words("possessive")}
    return [hit for hit in sentence.words("sex") if hit.start not in owned]


def _key(hits: Sequence[Hit]) -> Sex | None:
    return next((hit.key for hit in hits), None)  # type: ignore[misc]  # keys of the pack's table


def _set_off(sentence: Sentence, end: int, start: int) -> bool:
    return sentence.text[end:start].strip()[:1] in tuple(_SETS_OFF)


def _leads(sentence: Sentence, end: int, start: int) -> bool:
    """Tell whether a noun that ends there leads up to what starts here: "the student Juan", 女性ブロガー、…."""
    if not 0 <= start - end <= (_NOUN_BEFORE if sentence.pack.spaced else _NOUN_TIGHT):
        return False
    return not sentence.pack.spaced or not any(sign in _PARTS for sign in sentence.text[end:start])
