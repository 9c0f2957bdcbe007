"""candidate → patient: whom a sentence names as the one who is returned, and what kinds of people stand near.

Each part is looked for when somebody first asks: most candidates are settled by a number or a word, and names, which need the whole
article, are asked for last.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from cases.extraction.countries import CountryMention
from cases.extraction.counts import CountMention
from cases.extraction.names import NameMention
from cases.extraction.neighbours import has_body
from cases.extraction.sentences import Sentence
from cases.packs.tables import Hit

if TYPE_CHECKING:
    from cases.extraction.candidates import Candidate

_PATIENT_BEFORE = 200
_PATIENT_AFTER = 90
"""How far from its trigger, in characters, the words may stand that say to whom it was done."""
_CLOSE = 40
_CASE_MARKS = ("が", "を")
"""Behind a noun these say in Japanese that it is the verb's subject or object."""
_SUBJECT = 70
_ADJACENT = 2
SPEAKS_WITHIN = 14
_ROLE_WITHIN = 30
_POSSESSED = 14
"""A possessor stands so near before a noun: "her son's forced return"."""
ONE_PERSON = ("female", "male", "person")
"""Keys of pronouns that stand for one person; some languages have one that does not tell the sex."""
_HANGS_OVER = ("feared", "imminent", "averted", "before_return")
"""Cues by which the subject of a sentence is the one whom its noun threatens: "she faces deportation"."""


_SAID = (",", '"', "»", "—")
_PLURAL_BEHIND = re.compile(
    r"s?[ -](?:members|workers|families|communit\w+|children|people|men|women|groups?|camps?|rights|students|refugees|detainees|supporters|"
    r"activists|smugglers|leaders|parents|relatives|nationals|citizens|teachers|soldiers|troops|ministers?|flights?|cent(?:er|re)s?)\b"
)
"""What makes a noun before it a mere attribute: "immigrant families"."""


class Patient:
    """Whom a sentence names as the one who is returned; every part empty where it does not say."""

    def __init__(self, act: "Candidate") -> None:
        self._act = act

    @cached_property
    def count(self) -> CountMention | None:
        """A number of them."""
        return _count(self._act)

    @cached_property
    def names(self) -> tuple[NameMention, ...]:
        """Names of persons, those who speak and public figures left out."""
        act = self._act
        return tuple(
            name
            for name in act.sentence.names
            if not name.public_figure
            and may_suffer(act, name.start, name.end)
            and not speaks(act.sentence, name.start, name.end)
        )

    @cached_property
    def single(self) -> Hit | None:
        """One person told by a noun: "his wife", "another woman"."""
        sentence = self._act.sentence
        told = (
            hit
            for hit in (*sentence.words("single"), *_bare(self._act))
            if not _is_numbered(sentence, hit) and not _begins_a_body(sentence, hit)
        )
        return _nearest(self._act, (*told, *_unnamed(self._act)))

    @cached_property
    def vague(self) -> Hit | None:
        """A group without a number: "dozens"."""
        act, hits = self._act, self._act.sentence.words("vague")
        joined = (hit for hit in hits if act.sentence.pack.spaced and 0 <= act.trigger.start - hit.end <= 1)
        return _nearest(act, hits) or next(joined, None)

    @cached_property
    def pronoun(self) -> str | None:
        """A pronoun for them: ``female``, ``male`` or ``group``; ``omitted`` where the language needs none."""
        return _pronoun(self._act) or ("omitted" if self._is_omitted() else None)

    def _is_omitted(self) -> bool:
        """Tell whether the sentence leaves out whom the ones before it told of, as Japanese does, or Spanish in the passive."""
        act = self._act
        pack = act.sentence.pack
        may = pack.verb_last or (pack.drops_subject and act.form != "noun" and act.cues.near("passive"))
        bare = act.form == "noun" and not act.cues.near("suspended", "averted")
        if not may or bare or told_before(act) is None:
            return False
        return not (self.count or self.single or self.vague or self.names)

    @property
    def specific(self) -> bool:
        """True when somebody countable or nameable is told, not a kind of people."""
        return bool(self.count or self.specific_person)

    @property
    def specific_person(self) -> bool:
        """True when one person is told, by name or by a noun."""
        return bool(self.single or self.names)


def _begins_a_body(sentence: Sentence, person: Hit) -> bool:
    """Tell whether a word for a person is the beginning of a body's name: "the UN refugee agency"."""
    bodies = (*sentence.words("authority"), *sentence.words("informant"))
    return any(body.start < person.end < body.end for body in bodies)


def _is_numbered(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a noun stands with a number of several, where nouns have no plural: 135人の女性."""
    return not sentence.pack.spaced and any(
        count.start <= hit.start < count.end and count.persons.min > 1 for count in sentence.counts
    )


def told_before(act: "Candidate") -> Sentence | None:
    """Give the last of the sentences just before that tells of somebody who may be returned."""
    return next((sentence for sentence in reversed(act.context) if tells_of_somebody(sentence)), None)


def tells_of_somebody(sentence: Sentence) -> bool:
    """Tell whether a sentence names or counts persons, officers left out."""
    return bool(sentence.words("single") or sentence.names) or any(
        count.kind in ("victims", "unknown") for count in sentence.counts
    )


def _bare(act: "Candidate") -> list[Hit]:
    """Give the nouns for one person that a headline puts without an article: "deports Turkmen vlogger", "Cuban man deported"."""
    threatened = act.form == "noun" and act.cues.near(*_HANGS_OVER)
    if act.form == "noun" and not threatened:
        return []
    sentence, trigger = act.sentence, act.trigger
    if not threatened and not act.cues.near("passive"):
        near = [hit for hit in sentence.words("human") if trigger.start <= hit.start <= trigger.end + _CLOSE]
    else:
        near = [
            hit for hit in sentence.words("human") if 0 <= trigger.start - hit.end <= _CLOSE and hit.start <= _CLOSE
        ]
    near += [hit for hit in sentence.words("human") if trigger.start < hit.start and hit.end <= trigger.end]
    return [hit for hit in near if not _PLURAL_BEHIND.match(sentence.folded, hit.end)]


def _unnamed(act: "Candidate") -> list[Hit]:
    """Give the proper nouns that may be persons and stand where the one returned does: its object, or a passive's subject."""
    sentence, passive = act.sentence, act.cues.near("passive")
    return [
        hit
        for hit in sentence.proper
        if (not passive and 0 <= hit.start - act.trigger.end <= _CLOSE)
        or 0 <= act.trigger.start - hit.end <= _SUBJECT
        or act.trigger.start < hit.start < act.trigger.end
        or (hit.start == 0 and passive and act.trigger.start - hit.end <= _PATIENT_BEFORE)
        if not speaks(sentence, hit.start, hit.end)
    ]


def classes_of(act: "Candidate") -> frozenset[str]:
    """Give the kinds of people near the trigger; nationals in the plural, "Ghanaians" or ハイチ人, are one too."""
    sentence, window = act.sentence, _window(act)
    kinds = {hit.key for hit in sentence.words("victim") if _inside(hit.start, window)}
    plural = any(_are_nationals(sentence, one) and _inside(one.start, window) for one in sentence.countries)
    return frozenset(kinds | {"migrant"} if plural else kinds)


def _are_nationals(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether a demonym is a noun in the plural: "Ghanaians", "des Guinéens", but not "autorités guinéennes"."""
    if mention.kind != "demonym" or not sentence.pack.spaced:
        return mention.kind == "demonym"
    noun = sentence.pack.active_before_object or mention.raw[0].isupper()
    plural = ("s", "ese") if sentence.pack.active_before_object else ("s",)
    return noun and mention.raw.endswith(plural) and not has_body(sentence, mention)


def may_suffer(act: "Candidate", start: int, end: int) -> bool:
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
    follows = 0 <= start - trigger.end <= _CLOSE and (act.form == "noun" or not (act.cues.passive or act.cues.cut_off))
    if _takes_an_object(act):
        return follows
    if act.form == "noun" and not act.cues.near(*_HANGS_OVER):
        return follows or 0 <= trigger.start - end <= _POSSESSED
    far = (act.cues.near("passive") and act.form != "noun") or act.cues.near("feared", "imminent")
    before = _PATIENT_BEFORE if far else _SUBJECT
    return follows or 0 <= trigger.start - end <= before


def _takes_an_object(act: "Candidate") -> bool:
    """Tell whether it is an active verb, behind which they stand whom it is done to: "plans to deport the two"."""
    if act.form == "noun" or act.strength == "custody" or act.cues.near("passive"):
        return False
    return act.form == "plain" or not act.cues.near("imminent", "feared")


def _window(act: "Candidate") -> tuple[int, int]:
    return max(0, act.trigger.start - _PATIENT_BEFORE), act.trigger.end + _PATIENT_AFTER


def _count(act: "Candidate") -> CountMention | None:
    first, last = _window(act)
    opens = any(count.start == 0 for count in act.sentence.counts)  # the subject of all that its sentence says of it
    window = (0 if act.sentence.pack.spaced and (opens or _pronoun(act) == "group") else first, last)
    found = [
        count
        for count in act.sentence.counts
        if (count.kind in ("victims", "unknown") or (count.kind == "other" and _adjoins(act, count)))
        and (not count.part or _is_the_subject(act, count) or _is_all_that_is_told(act.sentence, count))
        and _inside(count.start, window)
        and not _count_speaks(act.sentence, count)
    ]
    return min(found, key=lambda count: _distance(act, count.start, count.end), default=None)


def _is_all_that_is_told(sentence: Sentence, count: CountMention) -> bool:
    """Tell whether a headline has no other number than this one of refugees and the like: "flight leaves with 12 detainees"."""
    return sentence.is_title and count.kind == "victims" and len(sentence.counts) == 1


def _is_the_subject(act: "Candidate", count: CountMention) -> bool:
    """Tell whether a part of a total is that of which the verb speaks: "with 1,200 people bused to", 其中12人已被遣返, 200人のうち116人が送り戻された."""
    if count.end > act.trigger.start:
        return False
    if act.sentence.pack.spaced:
        return act.form == "done" and act.trigger.start - count.end == 1
    marked = act.sentence.folded.startswith(_CASE_MARKS, count.end)
    last = not any(count.end <= one.start < act.trigger.start for one in act.sentence.counts)
    return act.trigger.start - count.end <= _ADJACENT or (marked and last)


def _adjoins(act: "Candidate", count: CountMention) -> bool:
    """Tell whether a number stands right where the one returned does: "deported three activists", "hands two lawyers over to"."""
    if not act.sentence.pack.active_before_object or act.form == "noun":
        return False
    if act.cues.passive:
        return 0 <= act.trigger.start - count.end <= _POSSESSED
    if act.strength != "motion" and act.trigger.start <= count.start and count.end <= act.trigger.end:
        return True
    return 0 <= count.start - act.trigger.end <= _POSSESSED


def _count_speaks(sentence: Sentence, count: CountMention) -> bool:
    """Tell whether a number is one of those who speak; a comma between parts them from the verb: "…, said police"."""
    following = sentence.folded[count.end : count.end + SPEAKS_WITHIN]
    return "," not in following and speaks(sentence, count.start, count.end)


def speaks(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether the person named there is one who speaks or holds an office: an informant or official, no victim."""
    within = SPEAKS_WITHIN if sentence.pack.spaced else _ADJACENT
    return _is_said_by(sentence, start) or any(
        (hit.key == "said" and 0 <= hit.start - end <= within)
        or (hit.key == "role" and 0 <= start - hit.end <= (_ROLE_WITHIN if sentence.pack.spaced else within))
        for hit in sentence.words("speaker")
    )


def _pronoun(act: "Candidate") -> str | None:
    """Give the pronoun for the one returned: before a passive, just after an active verb, possessive before a noun."""
    sentence, trigger = act.sentence, act.trigger
    owned = {hit.start for hit in sentence.words("possessive")}
    reach = _SUBJECT if sentence.pack.free_word_order else _CLOSE
    before = [hit for hit in sentence.words("pronoun") if 0 <= trigger.start - hit.end <= reach]
    if act.form == "noun":
        free = not sentence.pack.active_before_object or act.cues.near(*_HANGS_OVER)
        chosen = [
            hit for hit in before if trigger.start - hit.end <= 2 * _ADJACENT or (free and hit.start not in owned)
        ]
    else:
        chosen = [hit for hit in before if hit.start not in owned]
    after = [
        hit
        for hit in sentence.words("pronoun")
        if trigger.start <= hit.start <= trigger.end + _ADJACENT or hit.start < trigger.start < hit.end
    ]
    if not sentence.pack.active_before_object or act.cues.near("passive") or act.form == "noun":
        found = chosen[-1:] or after[:1]
    else:
        found = after[:1]
    return found[0].key if found else None


def _nearest(act: "Candidate", hits: Sequence[Hit]) -> Hit | None:
    inside = [hit for hit in hits if may_suffer(act, hit.start, hit.end) and not _is_said_by(act.sentence, hit.start)]
    return min(inside, key=lambda hit: _distance(act, hit.start, hit.end), default=None)


def _is_said_by(sentence: Sentence, start: int) -> bool:
    """Tell whether a word of saying stands right before, and what is said before that: "…, says Mr. Hale"; not so "he said 48 men"."""
    return sentence.pack.spaced and any(
        hit.key == "said"
        and 0 <= start - hit.end <= 1
        and (hit.start == 0 or sentence.folded[: hit.start].rstrip().endswith(_SAID))
        for hit in sentence.words("speaker")
    )


def _distance(act: "Candidate", start: int, end: int) -> int:
    """Measure how far words stand from the trigger; with a passive, what follows it counts as twice as far."""
    if end <= act.trigger.start:
        return act.trigger.start - end
    return max(0, start - act.trigger.end) * (2 if act.cues.near("passive") else 1)


def _inside(place: int, window: tuple[int, int]) -> bool:
    return window[0] <= place <= window[1]
