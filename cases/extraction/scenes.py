"""story → places: where it happened, and which part each place has in it."""

from collections.abc import Sequence

import msgspec

from cases.extraction.patients import speaks
from cases.extraction.places import PlaceMention
from cases.extraction.roles import Ends, role_of
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story
from cases.model import Place, PlaceRole
from cases.packs.tables import Hit

_WIDE = ("province", "country")
_ROLE_NEAR = 70
"""An arrest is told of a place that stands within so many characters of it."""
_ROLE_BEFORE = 60


def places_of(
    story: Story, before: Sequence[Said[Place]], ends: Ends, *, beside: Sequence[Sentence] = ()
) -> tuple[Said[Place], ...]:
    """Tell the places of a story with their roles, each once; ``ends`` are the States that its return leads from and to.

    ``beside`` are sentences that belong to no other story, in an article that tells of nothing else.
    ``before`` are the places of the story told before it: "another local woman" lives where that one does.
    """
    found: list[Said[Place]] = []
    own = {sentence.index for sentence in story.sentences}
    for sentence in (*story.sentences, *(one for one in beside if one.index not in own)):
        for mention in sentence.places:
            place = _place(sentence, mention, ends)
            if place is not None and not any(_same(place, known.value) for known in found):
                found.append(Said(place, sentence))
    found = _finest(found)
    inherited = _taken_at_home(story, found) if found else _local(story, before)
    return (*found, *inherited)


def _finest(found: Sequence[Said[Place]]) -> list[Said[Place]]:
    """Leave out a province where a finer place of its State has the same role."""
    fine = {(said.value.role, said.value.country) for said in found if said.value.level not in _WIDE}
    return [
        said for said in found if said.value.level not in _WIDE or (said.value.role, said.value.country) not in fine
    ]


def _taken_at_home(story: Story, found: Sequence[Said[Place]]) -> tuple[Said[Place], ...]:
    """Somebody taken from home was arrested where that home is."""
    if any(said.value.role == "arrest" for said in found):
        return ()
    at_home = [one for one in story.core if one.words("home") and one.has("event", "arrest")]
    living = [said for said in found if said.value.role == "residence"]
    return tuple(Said(_inherited(said.value, "arrest"), at_home[0], said.sentence) for said in living[:1] if at_home)


def _local(story: Story, before: Sequence[Said[Place]]) -> tuple[Said[Place], ...]:
    lived = [said for said in before if said.value.role in ("residence", "arrest")]
    local = [one for one in story.core if one.words("local")]
    return tuple(Said(_inherited(said.value, "residence"), local[0], said.sentence) for said in lived[:1] if local)


def _role(sentence: Sentence, mention: PlaceMention, ends: Ends) -> PlaceRole | None:
    """Give the role by the nearest word before the place that has one; None where the text gives it none."""
    speaker = speaks(sentence, mention.start, mention.end)
    governed = None if speaker else role_of(sentence, mention, ends)
    if governed is not None or mention.gazetteer_id is None or (mention.link is not None and not sentence.pack.spaced):
        return governed
    before = [hit for hit in sentence.words("place_role") if 0 <= mention.start - hit.end <= _ROLE_BEFORE]
    near = max(before, key=lambda hit: hit.end, default=None)
    behind = [hit for hit in sentence.words("place_role_after") if 0 <= hit.start - mention.end <= _ROLE_BEFORE]
    if near is None and behind:
        return behind[0].key  # type: ignore[return-value]  # keys of the pack's table
    if near is None and _is_attribute(sentence, mention):
        return None
    if near is None and speaker:
        return None
    arrest = any(
        hit.key == "arrest" and max(mention.start - hit.end, hit.start - mention.end) <= _ROLE_NEAR
        for hit in sentence.words("event")
    )
    if arrest and (near is None or near.key in ("residence", "arrest")):
        return "arrest"
    return near.key if near is not None else None  # type: ignore[return-value]  # keys of the pack's table


def _is_attribute(sentence: Sentence, mention: PlaceMention) -> bool:
    """Tell whether a place only describes something else: "the Seoul group", "Pyongyang's ministry"."""
    led = any(0 <= mention.start - hit.end <= 1 for hit in sentence.words("article"))
    return led or sentence.folded[mention.end : mention.end + 2] == "'s"


def _site(sentence: Sentence, mention: PlaceMention) -> Hit | None:
    """Give the house that a place is only the name of: "Dandong border guard station"."""
    return next((hit for hit in sentence.words("site") if 0 <= hit.start - mention.end <= 1), None)


def _is_of_another(sentence: Sentence, mention: PlaceMention) -> bool:
    """Tell whether the place belongs to a person who is named before it and speaks: "Chen Guo, from Helong, told"."""
    return any(name.end <= mention.start for name in sentence.names) and any(
        hit.key == "said" and hit.start > mention.end for hit in sentence.words("speaker")
    )


def _place(sentence: Sentence, mention: PlaceMention, ends: Ends) -> Place | None:
    site = _site(sentence, mention)
    if site is not None:
        return Place(
            role="held",
            name=sentence.text[mention.start : site.end],
            parents=(mention.name, *mention.parents),
            country=mention.country,
            level="site",
            raw=sentence.text[mention.start : site.end],
        )
    role = _role(sentence, mention, ends)
    if role is None:
        return None
    return Place(
        role=role,
        name=mention.name,
        parents=mention.parents,
        country=mention.country,
        level=mention.level,
        gazetteer_id=mention.gazetteer_id,
        raw=mention.raw,
        inherited=_is_of_another(sentence, mention),
    )


def _inherited(place: Place, role: PlaceRole) -> Place:
    return msgspec.structs.replace(place, role=role, inherited=True)


def _same(one: Place, other: Place) -> bool:
    return (one.name, one.role) == (other.name, other.role)
