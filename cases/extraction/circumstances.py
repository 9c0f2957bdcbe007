"""story → circumstances: where it happened, who did it, on what ground, and what became of the persons."""

import re
from collections.abc import Iterator, Sequence

from cases.extraction.names import NameMention
from cases.extraction.numerals import number_in
from cases.extraction.pack import pack_of
from cases.extraction.people import pseudonyms
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.extraction.story import Story, same_person
from cases.model import Age, Authority, Collateral, LegalBasis, Outcome, Sex, Stage, Victim
from cases.packs.tables import Hit

_FIRST_PLACE = re.compile(r",|\sof\s")
"""Parts a place from the larger ones that are named with it."""
_LAND_WITHIN = 3
_APPOSED = 16
"""What describes a person stands within so many characters behind the name."""
_CLAUSE_END = ".,;:!?\n。，；、"
_QUOTE_MARKS = "\"'“”‘’«»「」『』"
_MAX_CLAUSE = 120


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
