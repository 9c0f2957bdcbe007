"""sentence → route: which State returns, to where, and whose nationals; nothing is filled in from habit."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from cases.extraction.nationality import home_of_people, nationality_of
from cases.extraction.neighbours import ADJACENT, after, before, belonging_to, frontier, has_body
from cases.extraction.places import CountryMention
from cases.extraction.roles import leads_there
from cases.extraction.sentences import Sentence
from cases.packs.tables import Hit

NO_REFUGE = frozenset({"KP"})
"""Nobody flees to these States, and none of them is known to return people to another."""
_CLAUSE = 40
"""Within so many characters behind a State that opens a clause stands what it does."""
_ARTICLE = 3
"""A State that opens a clause has no more than an article before it."""
_COLONS = (":", "：")
_CLAUSE_SIGN = frozenset(",;:()—–")


@dataclass(frozen=True)
class Route:
    """States that a sentence names, each ``None`` where it names none in that part."""

    origin: str | None = None
    destination: str | None = None
    nationality: str | None = None
    homeward: bool = False
    """True when the sentence says "back", "home" or the like."""
    reached: tuple[str, ...] = ()
    """The States of places that somebody is returned to or lands at, in order: a city tells its State."""
    scene: str | None = None
    """The State that a headline sets before its colon: "Niger: …"."""
    people_from: str | None = None
    """A State that people are said to be from: theirs, where another one returns them ("migrants from Haiti")."""


def route_of(sentence: Sentence) -> Route:
    """Read the route from the countries of a sentence and the words around them, once for each sentence."""
    if "route" not in sentence.memory:
        sentence.memory["route"] = _route_of(sentence)
    route: Route = sentence.memory["route"]
    return route


def _route_of(sentence: Sentence) -> Route:
    nationality = nationality_of(sentence)
    people_from = home_of_people(sentence)
    if nationality is not None and nationality != people_from:  # "Sudanese migrants from Libya" are taken from there
        people_from = None
    destination = _first(sentence, _is_destination) or _agency_given_to(sentence, nationality)
    origin = (
        _agent(sentence, but=destination)
        or _first(sentence, _is_origin, but=(destination, people_from))
        or _agency(sentence, but=destination)
        or _actor(sentence, but=destination)
    )
    return Route(
        origin=origin,
        destination=destination,
        reached=_lands_reached(sentence, but=origin),
        scene=_scene(sentence),
        nationality=nationality,
        homeward=any(hit.key == "home" for hit in sentence.words("back")),
        people_from=people_from if people_from != nationality else None,
    )


def _lands_reached(sentence: Sentence, *, but: str | None) -> tuple[str, ...]:
    ground = _first(sentence, _is_ground_reached, but=(but,))
    there = [place for place in sentence.places if place.kind != "post" and leads_there(sentence, place)]
    born = {hit.start for hit in sentence.words("route") if hit.key == "people_after"}
    left = {
        place.country
        for place in sentence.places
        if place.link in ("static", "source")
        and place not in there
        and (place.end not in born or place.link != "source")
    }
    lands = [place.country for place in there]
    return tuple(land for land in (ground, *lands) if land is not None and (land == ground or land not in left))


def _scene(sentence: Sentence) -> str | None:
    first = next(iter(sentence.countries), None)
    if first is None or first.start > 0 or sentence.folded[first.end :].lstrip()[:1] not in _COLONS:
        return None
    return first.code


def _first(
    sentence: Sentence, test: Callable[[Sentence, CountryMention], bool], *, but: Collection[str | None] = ()
) -> str | None:
    """Give the country of the mention nearest to a trigger that passes the test; behind a trigger is nearer than before.

    Where the verb stands last it is the other way round.
    """
    passing = [mention for mention in sentence.countries if mention.code not in but and test(sentence, mention)]
    last = sentence.pack.verb_last
    nearest = min(
        passing,
        key=lambda mention: min((_far(mention, one, verb_last=last) for one in sentence.triggers), default=0),
        default=None,
    )
    return nearest.code if nearest else None


def _far(mention: CountryMention, trigger: Hit, *, verb_last: bool) -> int:
    """Measure how far a country is from a trigger; on the side where the language does not put it, twice as far."""
    behind = mention.start >= trigger.end
    return (mention.start - trigger.end if behind else trigger.start - mention.end) * (2 if behind == verb_last else 1)


def _is_destination(sentence: Sentence, mention: CountryMention) -> bool:
    if _ends_as(sentence, mention, "within", "by") or any(
        after(sentence, "route", key, mention) for key in ("fled_after", "bound_after")
    ):
        return False
    if after(sentence, "route", "given_to", mention) or before(sentence, "handed", "people", mention):
        return True
    if _is_where_they_were(sentence, mention):
        return True
    if any(_heads_to(sentence, body) for body in belonging_to(sentence, mention, "authority")):
        return True
    led = before(sentence, "route", "to_before", mention) or before(sentence, "handed", "to", mention)
    if led and (mention.kind == "country" or has_body(sentence, mention)):
        return True
    return mention.kind == "country" and after(sentence, "route", "to_after", mention)


def _is_where_they_were(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether a verb of motion ends in the State in which somebody was then: "by noon they were in Turkey"."""
    told = any(
        hit.key == "motion.done" and hit.start < mention.start and mention.end <= hit.end for hit in sentence.triggers
    )
    return told and mention.kind == "country" and before(sentence, "route", "there_before", mention)


def _is_ground_reached(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether somebody is brought to or over the border of a State, or to a part of it; "back" may still lead elsewhere."""
    if _ends_as(sentence, mention, "within"):
        return False
    if any(_heads_to(sentence, ground) for ground in belonging_to(sentence, mention, "ground")):
        return True
    return bool(sentence.triggers) and _beyond_frontier(sentence, mention)


def _beyond_frontier(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether somebody is brought to or over the border of a State: "at the Libyan border", "à la frontière algérienne"."""
    border = frontier(sentence, mention)
    if border is None:
        return False
    start, end = min(mention.start, border.start), max(mention.end, border.end)
    leads = [hit for hit in sentence.words("frontier") if hit.key == "lead"]
    leads += [hit for hit in sentence.words("route") if hit.key == "to_before"]
    if any(0 <= start - hit.end <= ADJACENT for hit in leads):
        return True
    return any(hit.key == "to_after" and 0 <= hit.start - end <= 1 for hit in sentence.words("route"))


def _is_origin(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether a country is one that somebody is returned from, or whose authorities act."""
    if frontier(sentence, mention) is not None and not has_body(sentence, mention):
        return False
    if mention.kind == "country" and (
        before(sentence, "route", "from_before", mention)
        or after(sentence, "route", "from_after", mention)
        or after(sentence, "route", "fled_after", mention)
    ):
        return True
    if mention.kind == "country" and _ends_as(sentence, mention, "within", "by"):
        return True
    return bool(belonging_to(sentence, mention, "authority")) or has_body(sentence, mention)


def _heads_to(sentence: Sentence, body: Hit) -> bool:
    """Tell whether somebody is given or brought to a body or seat: "remis aux autorités syriennes", "a Islamabad"."""
    if sentence.pack.verb_last:
        return any(hit.key == "to_after" and 0 <= hit.start - body.end <= 1 for hit in sentence.words("route"))
    return any(hit.key == "to_before" and 0 <= body.start - hit.end <= ADJACENT for hit in sentence.words("route"))


def _ends_as(sentence: Sentence, mention: CountryMention, *keys: str) -> bool:
    """Tell whether the country's own ending says that something is there, or done by it: Russian "в России", "выдан Россией"."""
    return any(
        hit.key in keys and hit.start < mention.start and mention.end <= hit.end for hit in sentence.words("route")
    )


def _actor(sentence: Sentence, *, but: str | None) -> str | None:
    """Give the country that acts as the subject: the first one named, before any trigger, and not as a place."""
    triggers = sentence.triggers
    limit = triggers[0].start if triggers else 0
    return next(
        (
            mention.code
            for mention in sentence.countries
            if mention.kind == "country"
            and mention.end <= limit
            and mention.code != but
            and (
                _acts(sentence, mention)
                or after(sentence, "act", "of_a_state", mention)
                or _acts_further_on(sentence, mention)
            )
        ),
        None,
    )


def _acts(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether a verb follows a country at once; a comma parts them: "… to reach Laos, were handed over"."""
    return any(
        hit.key == "acts_after"
        and 0 <= hit.start - mention.end <= ADJACENT
        and "," not in sentence.folded[mention.end : hit.start]
        for hit in sentence.words("route")
    )


def _acts_further_on(sentence: Sentence, mention: CountryMention) -> bool:
    """Tell whether a country opens the clause in which a State returns somebody: "Pakistan on Monday deported"."""
    if not sentence.pack.spaced and mention.code == nationality_of(sentence):
        return False  # 北朝鮮出身の女性3人が: whose people they are, whatever stands behind them
    hits = sentence.words("route")
    opens = mention.start <= (_ARTICLE if sentence.pack.spaced else 1) or any(
        hit.key == "clause" and 0 <= mention.start - hit.end <= ADJACENT for hit in hits
    )
    return opens and any(
        hit.key == "acts_after"
        and 0 <= hit.start - mention.end <= _CLAUSE
        and _CLAUSE_SIGN.isdisjoint(sentence.folded[mention.end : hit.start])
        for hit in hits
    )


def _agent(sentence: Sentence, *, but: str | None) -> str | None:
    """Give the country that stands right before the verb of return as its subject: "Panama deports …, paid for by the US"."""
    verbs = {
        hit.start
        for hit in sentence.words("route")
        if hit.key == "acts_after" and any(one.start <= hit.start < one.end for one in sentence.triggers)
    }
    return next(
        (
            mention.code
            for mention in sentence.countries
            if mention.kind == "country" and mention.code != but and mention.end + 1 in verbs
        ),
        None,
    )


def _agency(sentence: Sentence, *, but: str | None) -> str | None:
    """Give the State whose body is named; a capital that stands for its government is none where somebody is led to it."""
    reached = {
        place.start for place in sentence.places if place.link in ("goal", "either") or leads_there(sentence, place)
    }
    found = (
        hit.key.split(":")[0]
        for hit in sentence.agencies
        if not (hit.key.endswith(":unknown") and hit.start in reached)
        and not _heads_to(sentence, hit)
        and not _lies_abroad(sentence, hit)
    )
    return next((code for code in found if code != but), None)


def _agency_given_to(sentence: Sentence, nationality: str | None) -> str | None:
    """Give the people's own State where a body of it is where they are brought, and the body alone tells the State: 보위부로 넘겨졌다."""
    if not sentence.pack.verb_last:
        return None
    given = (hit.key.split(":")[0] for hit in sentence.agencies if _heads_to(sentence, hit))
    return next((code for code in given if code == nationality or code in NO_REFUGE), None)


def _lies_abroad(sentence: Sentence, body: Hit) -> bool:
    """Tell whether another State or its city stands right before a body, whose it is then: イスタンブールの入管."""
    land = body.key.split(":")[0]
    lands = [(one.end, one.code) for one in sentence.countries] + [(one.end, one.country) for one in sentence.places]
    return any(code not in (None, land) and 0 <= body.start - end <= 1 for end, code in lands)


def merged(routes: Iterable[Route]) -> Route:
    """Take of several sentences' routes, in order of trust, the first value that each part has."""
    listed = tuple(routes)
    return Route(
        origin=next((route.origin for route in listed if route.origin), None),
        destination=next((route.destination for route in listed if route.destination), None),
        nationality=next((route.nationality for route in listed if route.nationality), None),
        homeward=any(route.homeward for route in listed),
        reached=tuple(code for route in listed for code in route.reached),
        scene=next((route.scene for route in listed if route.scene), None),
        people_from=next((route.people_from for route in listed if route.people_from), None),
    )
