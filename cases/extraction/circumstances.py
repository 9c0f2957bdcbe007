"""story → circumstances: where it happened, who did it, on what ground, and what became of the persons."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from cases.extraction.names import NameMention
from cases.extraction.numerals import number_in
from cases.extraction.pack import pack_of
from cases.extraction.patients import speaks
from cases.extraction.people import pseudonyms
from cases.extraction.places import PlaceMention
from cases.extraction.roles import Ends, role_of
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.extraction.stories import Story, same_person
from cases.model import Age, Authority, Collateral, LegalBasis, Outcome, Place, PlaceRole, Sex, Stage, Victim
from cases.packs.notation import Hit

_FIRST_PLACE = re.compile(r",|\sof\s")
"""Parts a place from the larger ones that are named with it."""
_WIDE = ("province", "country")
_LAND_WITHIN = 3
_APPOSED = 16
"""What describes a person stands within so many characters behind the name."""
_ROLE_NEAR = 70
"""An arrest is told of a place that stands within so many characters of it."""
_ROLE_BEFORE = 60
_CLAUSE_END = ".,;:!?\n。，；、"
_QUOTE_MARKS = "\"'“”‘’«»「」『』"
_MAX_CLAUSE = 120


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


def authorities_of(story: Story, country: str | None) -> tuple[Said[Authority], ...]:
    """Tell who did it: the most specific body of each kind that the story's telling sentences name."""
    best: dict[str, Said[Authority]] = {}
    visits = [sentence for sentence in story.details if sentence.has("event", "police_visit")]
    for sentence in (*story.core, *visits):
        for hit in (*sentence.words("authority"), *_bodies(sentence)):
            authority = _authority(sentence, hit, country)
            known = best.get(authority.type)
            if known is None or len(authority.name) > len(known.value.name):
                best[authority.type] = Said(authority, sentence)
    specific = [said for kind, said in best.items() if kind != "unknown"]
    return tuple(specific or best.values())


def legal_bases_of(sentences: Sequence[Sentence]) -> tuple[Said[LegalBasis], ...]:
    """Tell the norms that these sentences invoke, and by whom, each once."""
    found: dict[str, Said[LegalBasis]] = {}
    for sentence in sentences:
        invoker = next((hit.key for hit in sentence.words("invoker")), None)
        for hit in sentence.words("legal"):
            basis = LegalBasis(instrument=hit.key, invoked_by=invoker)
            if hit.key not in found or (invoker and not found[hit.key].value.invoked_by):
                found[hit.key] = Said(basis, sentence)
    return tuple(found.values())


def state_label_of(sentences: Sequence[Sentence]) -> Said[str] | None:
    """Tell what the State calls the persons, as printed."""
    for sentence in sentences:
        for hit in sentence.words("state_label"):
            printed = sentence.text[hit.start : hit.end]
            return Said("".join(letter for letter in printed if letter not in _QUOTE_MARKS), sentence)
    return None


def stated_reason_of(story: Story) -> Said[str] | None:
    """Tell the ground that the authority gave, as printed after words such as "for having"."""
    for sentence in story.core:
        for hit in sentence.words("reason"):
            reason = _clause(sentence, hit.end)
            if reason and not sentence.words("collateral") and not sentence.words("legal"):
                return Said(reason, sentence)
    return None


def outcome_of(story: Story) -> Said[Outcome] | None:
    """Tell what is known of the persons afterwards; nothing where the article says nothing."""
    first = story.core[0].index
    published = story.core[0].article.published
    for sentence in story.sentences:
        if sentence.index < first:
            continue
        for hit in sentence.words("outcome"):
            if _fits(hit, story):
                as_of = published.date() if published else None
                return Said(Outcome(value=hit.key, as_of=as_of), sentence)  # type: ignore[arg-type]  # keys of the pack
    return None


def collateral_of(story: Story, victims: Sequence[Victim]) -> tuple[Said[Collateral], ...]:
    """Tell what was done to somebody else because of it: who was held, how long, on what charge."""
    returned = [victim.name.casefold() for victim in victims if victim.name]
    found = []
    for sentence in story.sentences:
        for hit in sentence.words("collateral"):
            person = next((name for name in sentence.names if name.start >= hit.start - 1), None)
            if person is None or any(same_person(person.name.casefold(), one) for one in returned):
                continue
            lead = next(iter(sentence.words("charge")), None)
            found.append(
                Said(
                    Collateral(
                        act=hit.key,
                        person=person.name,
                        pseudonym=person.pseudonym or pseudonyms(story),
                        sex=_apposed_sex(story, person),
                        age=_apposed_age(story, person),
                        days=_days(sentence),
                        charge=_clause(sentence, lead.end) if lead else None,
                    ),
                    sentence,
                )
            )
    return tuple(found)


def _apposed_age(story: Story, person: NameMention) -> Age | None:
    """Give the age that stands right behind a person's name: "…, a man in his sixties"."""
    found = (
        age.age
        for sentence, name in _mentions(story, person)
        for age in sentence.ages
        if 0 <= age.start - name.end <= _APPOSED
    )
    return next(found, None)


def _apposed_sex(story: Story, person: NameMention) -> Sex | None:
    """Give the sex that the words right behind a person's name tell: "…, a man from"."""
    for sentence, name in _mentions(story, person):
        for hit in sentence.words("sex"):
            if 0 <= hit.start - name.end <= _APPOSED:
                return hit.key  # type: ignore[return-value]  # keys of the pack's table
    return None


def _mentions(story: Story, person: NameMention) -> Iterator[tuple[Sentence, NameMention]]:
    for sentence in story.sentences:
        for name in sentence.names:
            if same_person(name.name.casefold(), person.name.casefold()):
                yield sentence, name


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


def _bodies(sentence: Sentence) -> Iterator[Hit]:
    """Give the hits of bodies whose State is known, under their kind."""
    for hit in sentence.agencies:
        yield Hit(hit.key.split(":")[1], hit.start, hit.end)


def _authority(sentence: Sentence, hit: Hit, country: str | None) -> Authority:
    officers = next(
        (
            count
            for count in sentence.counts
            if count.kind == "officers" and count.start <= hit.end and hit.start <= count.end
        ),
        None,
    )
    return Authority(
        name=sentence.text[hit.start : _end_of_body(sentence, hit)],
        type=hit.key,  # type: ignore[arg-type]  # keys of the pack's table
        country=_land_before(sentence, hit) or country,
        officers=officers.persons.max if officers else None,
    )


def _end_of_body(sentence: Sentence, hit: Hit) -> int:
    """Give where a body's name ends, with the place that it is of: "a police station in Longtan district"."""
    links = [link.end for link in sentence.words("body_at") if 0 <= link.start - hit.end <= 1]
    for mention in sentence.places:
        if any(0 <= mention.start - end <= 1 for end in links):
            return mention.start + len(_FIRST_PLACE.split(mention.raw, maxsplit=1)[0])
    return hit.end


def _land_before(sentence: Sentence, hit: Hit) -> str | None:
    """Give the State that stands right before a body's name: "Vietnamese border police", "Pyongyang's ministry"."""
    named = [(one.end, one.code) for one in sentence.countries]
    named += [(one.end, one.country) for one in sentence.places if one.country]
    return next((code for end, code in named if 0 <= hit.start - end <= _LAND_WITHIN), None)


def _clause(sentence: Sentence, start: int) -> str | None:
    """Give the text from a place to the end of its clause, without quotation marks."""
    rest = sentence.text[start : start + _MAX_CLAUSE]
    end = next((place for place, letter in enumerate(rest) if letter in _CLAUSE_END), len(rest))
    return rest[:end].strip(_QUOTE_MARKS + " ") or None


def _days(sentence: Sentence) -> int | None:
    language = pack_of(sentence.pack.language)
    for hit in sentence.words("duration"):
        return number_in(sentence.folded[hit.start : hit.end], language or "en")
    return None


def _fits(hit: Hit, story: Story) -> bool:
    """Tell whether an outcome can be this story's: released where the return was averted, imprisoned where it was not."""
    if hit.key in ("released", "resettled"):
        return story.stage in (Stage.AVERTED, Stage.SUSPENDED)
    if hit.key in ("detained", "imprisoned", "executed_reported"):
        return story.stage in (Stage.COMPLETED, Stage.INDIRECT_COMPLETED)
    return hit.key != "died" or story.stage is Stage.DEATH_BEFORE_RETURN or story.stage is Stage.COMPLETED
