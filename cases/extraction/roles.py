"""sentence + place → what the place is to the act: origin, residence, arrest, held, transfer, crossing or destination.

The word that governs the place decides, together with how it is led to ("arrested in", "driven to"), what kind of place it is
(a border post is crossed, a prison holds), and which ends the act has. A place that nothing governs has no role.
"""

from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from cases.extraction.pack import pack_of, table
from cases.extraction.places import PlaceMention
from cases.extraction.sentences import Sentence
from cases.model import PlaceRole
from cases.packs.notation import Notation
from cases.packs.tables import Table

_NEAR = 70
"""A word governs a place that stands within so many characters of it."""
_PERSON_BEHIND = 3
_NEXT = 14
"""The end of a way stands so near behind its beginning, with the State that it lies in between."""
_FAR_SIDE = 2
_FARTHER = 4
"""What stands on the side where a language seldom puts the governing word counts as so many times as far."""
_PER_COMMA = 12
_CLAUSE = ".;:!?。；！？"
_PAUSE = ",，、"
_TOO_LARGE_TO_CROSS = 1_000
"""A city of more than so many thousands is changed at, not crossed at."""
_COMPATIBLE: dict[str, frozenset[str]] = {
    "static": frozenset({"arrest", "held", "residence", "origin", "crossing", "landed", "flown"}),
    "goal": frozenset({"moved", "flown", "returned", "held", "landed", "residence"}),
    "source": frozenset({"origin", "residence", "arrest", "moved", "flown", "landed", "returned", "crossing"}),
    "path": frozenset({"moved", "flown", "returned", "crossing", "landed"}),
    "either": frozenset({"arrest", "held", "residence", "origin", "crossing", "landed", "moved", "flown", "returned"}),
}
_EVENTS = {"arrest": "arrest", "detention": "held", "transfer": "moved"}


class Ends(NamedTuple):
    """The State that returns and the State that receives, as far as they are known."""

    origin: str | None = None
    destination: str | None = None


class _Cue(NamedTuple):
    key: str
    start: int
    end: int


def role_of(sentence: Sentence, mention: PlaceMention, ends: Ends) -> PlaceRole | None:
    """Give the role of a place in a sentence of an act's story; None where nothing gives it one."""
    if _is_of_officers(sentence, mention):
        return "arrest" if any(cue.key == "arrest" for cue in _cues(sentence)) else None
    role = _by_kind(mention, ends, _cues(sentence)) or _on_the_way(sentence, mention, ends)
    role = role or _by_words(sentence, mention, ends)
    if role != "destination" and _is_where_they_turn_up(sentence, mention, role, ends):
        return "destination"
    return role if role is not None and _can_be(role, mention, ends) else None


def _is_of_officers(sentence: Sentence, mention: PlaceMention) -> bool:
    """Tell whether a place says where those who act come from: "officers from a police station in Longtan"."""
    officers = sentence.words("authority") if mention.link == "source" else ()
    return any(hit.start < mention.lead <= hit.end + 1 for hit in officers)


def _is_where_they_turn_up(sentence: Sentence, mention: PlaceMention, role: PlaceRole | None, ends: Ends) -> bool:
    """Tell whether a place of the State that receives is where those returned are seen again: "turned up in a court in Kampala"."""
    there = mention.country is not None and mention.country == ends.destination != ends.origin
    return there and role in (None, "arrest") and mention.link == "static" and leads_there(sentence, mention)


def _by_words(sentence: Sentence, mention: PlaceMention, ends: Ends) -> PlaceRole | None:
    """Give the role that the governing word tells."""
    if mention.link is None:
        return None
    governing = _governing(sentence, mention, _fitting(sentence, mention))
    if mention.link == "source":
        return _left(sentence, mention, governing, ends)
    if governing is not None and mention.link == "path":
        return "transfer" if mention.size > _TOO_LARGE_TO_CROSS else "crossing"
    if governing in ("moved", "flown", "returned", "landed"):
        return _reached(mention, governing, ends)
    if governing is None and mention.link == "static" and _is_somebodys(sentence, mention):
        return "residence"
    return governing  # type: ignore[return-value]  # what is left of the keys are roles


def _on_the_way(sentence: Sentence, mention: PlaceMention, ends: Ends) -> PlaceRole | None:
    """Give "crossing" where the way goes from a place of the State that returns right to one of the State that receives: 마이애미에서 아바나로.

    Where one word says both in and from, as Korean 에서, the place behind it tells which is meant.
    """
    if mention.link != "static" or not _data(sentence.pack.language).persons_behind:
        return None
    leaves = any(
        one.link == "goal"
        and 0 <= one.start - mention.end <= _NEXT
        and None not in ends
        and (mention.country, one.country) == ends
        and not any(mention.end <= cue.start < one.start for cue in _cues(sentence))
        for one in sentence.places
    )
    return "crossing" if leaves else None


def _can_be(role: PlaceRole, mention: PlaceMention, ends: Ends) -> bool:
    """Tell whether a place can have a role in its State: nobody is reported as living where they were returned to."""
    land = mention.country
    if land is None:
        return True
    if role == "crossing":
        return not _is_wide(mention)
    if role == "residence":
        return land != ends.destination and ends.origin in (None, land)
    if role in ("arrest", "held"):
        return ends.origin is None or land in ends
    return True


def leads_there(sentence: Sentence, mention: PlaceMention) -> bool:
    """Tell whether a place is where somebody is returned to or lands, by the word that governs it or holds it."""
    moved = [hit for hit in sentence.triggers if hit.key == "motion.done" and sentence.pack.spaced]
    within = any(hit.start < mention.start and mention.end <= hit.end for hit in moved)
    if (mention.link == "static" and within) or (
        mention.link == "either" and any(hit.start < mention.start and mention.end == hit.end for hit in moved)
    ):
        return True  # "he was in Erbil before midnight"
    if mention.link == "static" and mention.kind != "held" and sentence.pack.free_word_order and sentence.triggers:
        return _governing(sentence, mention, _fitting(sentence, mention)) == "landed"  # "сел в Кабуле"
    if mention.link not in ("goal", "either") or mention.kind == "held":
        return False
    if mention.link == "goal" and any(
        hit.start < mention.start and mention.end <= hit.end for hit in sentence.triggers
    ):
        return True  # "son renvoi vers Bamako est reporté"
    if _governing(sentence, mention, _fitting(sentence, mention)) in ("returned", "landed", "flown"):
        return True
    return bool(sentence.triggers) and any(_starts_there(one, mention) for one in sentence.places)


def _starts_there(one: PlaceMention, mention: PlaceMention) -> bool:
    """Tell whether a place abroad stands right before another as the beginning of the way to it: "from Dubai to Algiers"."""
    abroad = one.country is not None and mention.country not in (None, one.country)
    return abroad and one.link == "source" and 0 <= mention.lead - one.end <= 1


def _by_kind(mention: PlaceMention, ends: Ends, cues: Collection[_Cue]) -> PlaceRole | None:
    """Give the role that the kind of place decides alone."""
    told = {cue.key for cue in cues}
    if mention.kind == "post" and (mention.link is not None or (mention.called and told & {"returned", "moved"})):
        ends_there = not mention.called and mention.link in ("goal", "either") and mention.country is not None
        return "destination" if ends_there and mention.country == ends.destination else "crossing"
    if mention.kind == "held" and mention.link is not None:
        return "held"
    if mention.kind == "airport" and mention.link is not None and told & {"returned", "moved", "flown"}:
        abroad = ends.destination is None and None not in (ends.origin, mention.country)
        lands = mention.country == (ends.destination or mention.country) != ends.origin
        arrives = mention.link in ("goal", "either") and lands and (abroad or ends.destination is not None)
        return "destination" if arrives else "crossing"
    return None


def _left(sentence: Sentence, mention: PlaceMention, governing: str | None, ends: Ends) -> PlaceRole | None:
    """Give the role of a place that somebody comes from."""
    theirs = mention.country is not None and mention.country == ends.destination
    if _is_left(mention, ends) and not theirs and governing in ("flown", "landed", "returned") and _flies(sentence):
        return "crossing"
    if governing in ("origin", "residence", "arrest"):
        return "origin" if theirs else governing  # type: ignore[return-value]  # these keys are roles
    if theirs:
        return "origin"
    if governing in ("returned", "moved", "crossing") and mention.gazetteer_id and mention.level in ("county", "town"):
        return "crossing"
    return "residence" if _belongs_to_somebody(sentence, mention) else None


def _is_left(mention: PlaceMention, ends: Ends) -> bool:
    """Tell whether a place lies in the State that returns, and is no whole province."""
    return mention.country is not None and mention.country == ends.origin and not _is_wide(mention)


def _is_wide(mention: PlaceMention) -> bool:
    """Tell whether a place is a whole province; Beijing and Bangkok are provinces, and cities."""
    return mention.level in ("province", "country") and mention.kind != "town"


def _flies(sentence: Sentence) -> bool:
    return any(cue.key == "flown" for cue in _cues(sentence))


def _is_somebodys(sentence: Sentence, mention: PlaceMention) -> bool:
    """Tell whether a person stands right behind a place, where persons stand behind what tells of them: 川口市のトルコ国籍の男性."""
    if not _data(sentence.pack.language).persons_behind:
        return False
    starts = [hit.start for name in ("victim", "single") for hit in sentence.words(name)]
    starts += [one.start for one in sentence.countries]
    between = (sentence.folded[mention.end : start] for start in starts if start > mention.end)
    return any(len(one) <= _PERSON_BEHIND - one.endswith(" ") for one in between)


def _belongs_to_somebody(sentence: Sentence, mention: PlaceMention) -> bool:
    """Tell whether what leads to a place stands right behind a word for persons: "a family from Vitoria"."""
    ends = {hit.end for name in ("victim", "single") for hit in sentence.words(name)}
    ends |= {one.end for one in (*sentence.counts, *sentence.countries, *sentence.ages)}
    return mention.lead in ends or mention.lead - 1 in ends


def _reached(mention: PlaceMention, governing: str, ends: Ends) -> PlaceRole | None:
    """Give the role of a place that somebody is brought to: the end of the way, or a station before the border.

    Where somebody is put aboard is where they leave.
    """
    if governing == "flown" and mention.link == "static":
        return "crossing" if _is_left(mention, ends) else None
    if mention.country is not None and mention.country == ends.origin:
        return "transfer"
    if mention.country is not None and ends.destination is not None and mention.country != ends.destination:
        return "transfer"
    if mention.country is None and governing == "moved":
        return "transfer"
    return "destination"


def _governing(sentence: Sentence, mention: PlaceMention, cues: Collection[_Cue]) -> str | None:
    """Give the key of the nearest word, the side where the language puts its verbs counted first."""
    data = _data(sentence.pack.language)
    weigh = {"before": data.verb_first, "after": data.verb_last}
    ranked = []
    for cue in cues:
        before = cue.end <= mention.start
        around = data.persons_behind and cue.start < mention.start and mention.end < cue.end  # 空路コロンボに送った
        behind = cue.end if around else cue.start
        between = sentence.text[cue.end : mention.start] if before else sentence.text[mention.end : behind]
        if any(sign in between for sign in _CLAUSE):
            continue
        far = len(between) * weigh["before" if before else "after"] + _PER_COMMA * sum(
            between.count(one) for one in _PAUSE
        )
        if far <= _NEAR and (before or behind >= mention.end):
            ranked.append((far, cue.key != "returned", cue.key))
    return min(ranked, default=(0, False, None))[2]


def _fitting(sentence: Sentence, mention: PlaceMention) -> list[_Cue]:
    """Give the words that a place with its link can belong to; where one word says in and to, a move is told before it."""
    fitting = [cue for cue in _cues(sentence) if cue.key in _COMPATIBLE[mention.link or "static"]]
    if mention.link != "either":
        return fitting
    return [cue for cue in fitting if cue.key not in ("moved", "flown", "returned") or cue.end <= mention.start]


def _cues(sentence: Sentence) -> tuple[_Cue, ...]:
    if "role_cues" not in sentence.memory:
        sentence.memory["role_cues"] = tuple(_read_cues(sentence))
    cues: tuple[_Cue, ...] = sentence.memory["role_cues"]
    return cues


def _read_cues(sentence: Sentence) -> Iterator[_Cue]:
    for hit in _data(sentence.pack.language).roles.find(sentence.folded):
        yield _Cue(*hit)
    for hit in sentence.words("event"):
        if hit.key in _EVENTS:
            yield _Cue(_EVENTS[hit.key], hit.start, hit.end)
    for hit in sentence.triggers:
        yield _Cue("returned", hit.start, hit.end)


class _Data(NamedTuple):
    roles: Table
    verb_first: int
    verb_last: int
    persons_behind: bool


@cache
def _data(language: str) -> _Data:
    data = table(pack_of(language) or language, "places")
    roles = Table(data.get("roles", {}), Notation(data.get("macros", {})), boundary=data.get("boundary", "both"))
    last = bool(data.get("verb_last", False))
    either = bool(data.get("verb_either", False))
    return _Data(
        roles,
        verb_first=_FARTHER if last else 1,
        verb_last=1 if last or either else _FAR_SIDE,
        persons_behind=last,
    )
