"""story → direction: the sending State, the State of destination and the nationality, each with its sentence."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from cases.extraction.harm import HANDS_OVER
from cases.extraction.patients import speaks
from cases.extraction.routes import NO_REFUGE, Route, route_of
from cases.extraction.said import Said
from cases.extraction.sentences import Sentence, split
from cases.extraction.story import Story
from cases.model import Stage

_LOOKED_AT = 300
"""Sentences of an article whose routes are read beyond the story: no news is longer, and a hostile text may be."""


@dataclass(frozen=True)
class Direction:
    """Where from, where to, and whose nationals; each None where the article does not say."""

    origin: Said[str] | None
    destination: Said[str] | None
    nationality: Said[str] | None
    risk: Said[str] | None = None
    """The State where a return by way of another one ends."""


def direction_of(story: Story, sentences: Sequence[Sentence]) -> Direction:
    """Read the direction from the sentences that tell the act, then the rest of the story, then the whole article.

    Only the sending State and the nationality are looked for outside the story, and only where the article names a single
    one. "Back" and the like lead to the State whose nationals the persons are.
    """
    sentences = sentences[:_LOOKED_AT]
    own = _in_order(story)[:_LOOKED_AT]
    told = _first(own, lambda route: route.origin)
    nationality = _first(own, lambda route: route.nationality) or _only(sentences, lambda route: route.nationality)
    destination = _destination(story, own, told, nationality)
    not_there = {said.value for said in (destination, nationality) if said}
    origin = (
        _first(own, lambda route: route.origin, but=not_there)
        or _bodies_of(sentences, not_there)
        or _held_in(own, not_there)
    )
    scene = _first(own, lambda route: route.scene, but=not_there)
    if destination is None and origin is not None and scene is not None and scene.value != origin.value:
        destination = scene
    origin = origin or scene or _only(sentences, lambda route: route.origin, but=not_there)
    origin = origin or _titled(sentences, not_there)
    origin = origin or _only_land(sentences, not_there)
    theirs = _first(own, lambda route: route.people_from)
    if nationality is None and origin is not None and theirs is not None and theirs.value != origin.value:
        nationality = theirs
        destination = destination or theirs
    origin = origin or (theirs if theirs is not None and theirs.value not in not_there else None)
    by_way = _by_way(story, {said.value for said in (destination, nationality) if said}, origin)
    if by_way is not None:
        return Direction(origin=by_way[0], destination=by_way[1], nationality=nationality, risk=destination)
    return Direction(origin, destination, nationality, risk=_risk(destination, nationality))


def _destination(
    story: Story, own: Sequence[Sentence], told: Said[str] | None, nationality: Said[str] | None
) -> Said[str] | None:
    """Give where they were sent: the State that is named, else their own where "home" or a city in it says so."""
    destination = _first(own, lambda route: route.destination)
    if destination is not None and (nationality is None or nationality.value != destination.value):
        acts = [act.sentence for act in story.acts]
        destination = _first(acts, lambda route: route.destination) or _reached(acts, told) or destination
    if destination is None and nationality is not None:
        destination = _taken_home(story, nationality.value)
    if destination is None:
        destination = _reached(own, None if told and nationality and told.value == nationality.value else told)
    if destination is None and nationality is not None and _leads_home(story, nationality.value):
        destination = nationality
    return destination or _arrived_at(own)


def _titled(sentences: Sequence[Sentence], but: Collection[str]) -> Said[str] | None:
    """Give the State that the title of a longer text sets before its colon: "Moldova: seven teachers …"."""
    if not sentences:
        return None
    article = sentences[0].article
    title = msgspec.structs.replace(article, text=article.title)
    return _first(split(title, sentences[0].pack, lead=len(article.title))[:1], lambda route: route.scene, but=but)


def _risk(destination: Said[str] | None, nationality: Said[str] | None) -> Said[str] | None:
    """Give the State of the nationality where somebody was sent to one that is known to hand its nationals over to it."""
    if destination is None or nationality is None:
        return None
    return nationality if destination.value in HANDS_OVER.get(nationality.value, ()) else None


def _taken_home(story: Story, nationality: str) -> Said[str] | None:
    """Give the State of the nationality where a sentence that tells an act says "back" or "home" and no State acts as its own."""
    for act in story.acts:
        route = route_of(act.sentence)
        if route.homeward and act.sentence.triggers:
            return Said(nationality, act.sentence)
    return None


def _reached(own: Sequence[Sentence], told: Said[str] | None) -> Said[str] | None:
    """Give the State of the first city that somebody was brought to abroad: not where they had been before."""
    been = {told.value} if told else set()
    for sentence in sorted(own, key=lambda one: one.index):
        for code in route_of(sentence).reached:
            if code not in been:
                return Said(code, sentence)
        been |= {place.country for place in sentence.places if place.country is not None and place.link == "static"}
    return None


def _by_way(story: Story, ends: Collection[str], origin: Said[str] | None) -> tuple[Said[str] | None, Said[str]] | None:
    """Give the State that handed somebody over and the one that handed that person on, in the order they are told."""
    for act in story.acts:
        if act.stage is Stage.INDIRECT_COMPLETED:
            codes = dict.fromkeys(one.code for one in act.sentence.countries if one.code not in ends)
            said = [Said(code, act.sentence) for code in codes]
            if len(said) > 1:
                return said[0], said[1]
            if said and origin is not None and said[0].value != origin.value:
                return origin, said[0]
    return None


def _only_land(sentences: Iterable[Sentence], but: Collection[str]) -> Said[str] | None:
    """Give the State, beside those that are known, in which the article's places lie, where one clearly leads."""
    told = [
        (place.country, sentence)
        for sentence in sentences
        for place in sentence.places
        if place.country is not None
        and place.country not in but
        and not place.faint
        and not speaks(sentence, place.start, place.end)
    ]
    return _leading(told)


def _leads_home(story: Story, nationality: str) -> bool:
    """Tell whether a return without a destination is one to the State of the nationality.

    "Back" and "home" say so, and so does the plain word for deporting foreigners, unless that State itself acts or a third
    one is spoken of.
    """
    if any(act.cues.has("third_country") for act in story.acts):
        return False
    routes = [route_of(one) for one in story.core]
    return any(route.homeward for route in routes) or all(route.origin != nationality for route in routes)


def _in_order(story: Story) -> list[Sentence]:
    """Sentences by trust: those with an act first, then the other ones of the story."""
    acts = [act.sentence for act in story.acts]
    return [*acts, *(one for one in story.core if one not in acts), *story.details]


def _first(
    sentences: Iterable[Sentence], part: Callable[[Route], str | None], *, but: Collection[str] = ()
) -> Said[str] | None:
    for sentence in sentences:
        value = part(route_of(sentence))
        if value is not None and value not in but:
            return Said(value, sentence)
    return None


def _bodies_of(sentences: Iterable[Sentence], but: Collection[str]) -> Said[str] | None:
    """Give the State whose bodies the article names, where it names those of one State only and not just once."""
    told = [
        (code, sentence)
        for sentence in sentences
        for code in dict.fromkeys(hit.key.split(":")[0] for hit in sentence.agencies)
        if code not in but
    ]
    states = {code for code, _ in told}
    return Said(*told[0]) if len(states) == 1 and len(told) > 1 else None


def _held_in(sentences: Iterable[Sentence], but: Collection[str]) -> Said[str] | None:
    """Give the State of the first place where the persons were, as told."""
    for sentence in sentences:
        for place in sentence.places:
            if (
                place.country is not None
                and place.country not in but
                and place.link is not None
                and not speaks(sentence, place.start, place.end)
            ):
                return Said(place.country, sentence)
    return None


def _arrived_at(sentences: Iterable[Sentence]) -> Said[str] | None:
    """Give a State from which nobody is returned, where a place in it is told: who is held there has arrived."""
    for sentence in sentences:
        for place in sentence.places:
            if place.country in NO_REFUGE and place.link == "static" and not speaks(sentence, place.start, place.end):
                return Said(place.country, sentence)
    return None


def _only(
    sentences: Sequence[Sentence], part: Callable[[Route], str | None], *, but: Collection[str] = ()
) -> Said[str] | None:
    """Give a value of the whole article where one stands clearly above the others."""
    return _leading(
        [(value, one) for one in sentences if (value := part(route_of(one))) is not None and value not in but]
    )


def _leading(told: Sequence[tuple[str, Sentence]]) -> Said[str] | None:
    """Give the value that is told at least twice as often as any other."""
    ranked = Counter(value for value, _ in told).most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return next(Said(value, one) for value, one in told if value == ranked[0][0])
