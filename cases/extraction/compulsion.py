"""event candidate → was somebody made to go, and over a border? The filters compulsion and plainness, and what they look at."""

from cases.extraction.candidates import Candidate
from cases.extraction.crossing import (
    ends_at_home,
    ends_behind,
    goes_on_from_a_way,
    is_done_to_foreigners,
    is_moved_over_a_border,
    kinds_of_people,
)
from cases.extraction.routes import Route, route_of
from cases.model import Label, Stage


def is_forced(candidate: Candidate) -> Label | None:
    """Compulsion: nothing says it was of free will, and a verb that also has harmless senses has force beside it."""
    soft = candidate.strength in ("weak", "motion")
    if candidate.cues.has("voluntary") or (soft and (_stays_inside(candidate) or _is_wished_below(candidate))):
        return Label.OTHER_REMOVAL
    if candidate.strength == "motion":
        return _is_taken_away(candidate)
    if candidate.strength != "weak" or candidate.cues.has("force") or candidate.stage is Stage.DEATH_BEFORE_RETURN:
        return None
    kinds = kinds_of_people(candidate)
    if kinds & {"risk"} or (kinds & {"migrant"} and candidate.patient.count):
        return None
    if _led_there(candidate) or _sent_by_a_state(candidate) or is_done_to_foreigners(candidate):
        return None
    envoys = candidate.cues.has("excluded_people") and not candidate.cues.has("excluded")
    return Label.OTHER_REMOVAL if envoys else Label.UNRELATED


def _is_taken_away(candidate: Candidate) -> Label | None:
    """Ask of a verb of motion that somebody is moved over a border and by force; what stands around may say that all wished it."""
    if any(sentence.cue("voluntary") for sentence in (*candidate.context[-1:], *candidate.behind[:1])):
        return Label.OTHER_REMOVAL
    taken = _is_moved_by_force(candidate) and _names_a_way(candidate) and is_moved_over_a_border(candidate)
    return None if taken else Label.UNRELATED


def _names_a_way(candidate: Candidate) -> bool:
    """Tell whether anything could lead over a border: nearly all that news moves goes nowhere, and this is soon seen."""
    told = (candidate.sentence, *candidate.below)
    return (
        any(one.words("back") or one.words("over") or one.countries for one in told)
        or any(one.words("over") for one in candidate.context[-1:])
        or any(one.places for one in told)
        or ends_behind(candidate)
        or goes_on_from_a_way(candidate)
    )


def is_plainly_forced(candidate: Candidate) -> Label | None:
    """Plainness: a verb that also has harmless senses names where to, and migration, custody or danger beside it."""
    if candidate.strength not in ("weak", "motion"):
        return None
    route = route_of(candidate.sentence)
    at_hand = candidate.classes & {"risk", "migrant"} or candidate.cues.has("custody")
    return None if at_hand and (route.destination or route.homeward) else Label.UNRELATED


def _led_there(candidate: Candidate) -> bool:
    """Tell whether force or custody was told of beside it, just before or below the headline, and the sentence names where it led."""
    told = any(one.cue("force") or one.cue("custody") for one in (*candidate.context, *candidate.below))
    if not (told or candidate.cues.has("custody")):
        return False
    route = route_of(candidate.sentence)
    home = bool(route.reached) and (route.nationality in route.reached or "migrant" in candidate.classes)
    return route.destination is not None or home


def _is_wished_below(candidate: Candidate) -> bool:
    """Tell whether the text below a headline says that it was of free will: "Workers flown home", and then "volunteered"."""
    forced = any(hit.key == "strong.done" for one in candidate.below for hit in one.triggers)
    return not forced and any(one.cue("voluntary") for one in candidate.below)


def _sent_by_a_state(candidate: Candidate) -> bool:
    """Tell whether a State itself sent somebody back: "China sent her back", people over its border, or a foreigner home."""
    if candidate.form != "done":
        return False
    route, patient = route_of(candidate.sentence), candidate.patient
    theirs = _goes_to_their_own(route) or ends_at_home(candidate, route)
    if (theirs or _is_put_over_the_border(candidate, route)) and patient.specific:
        return True
    if _crosses_over(route) and patient.count:
        return True
    trigger = candidate.trigger
    suffers = any(trigger.start <= hit.start < trigger.end for hit in candidate.sentence.words("pronoun"))
    return route.origin is not None and route.homeward and suffers


def _is_put_over_the_border(candidate: Candidate, route: Route) -> bool:
    """Tell whether a State sends a number of people over its border, or one person back to another State that is named."""
    if route.origin is None:
        return False
    border = any(hit.key == "border" for hit in candidate.sentence.words("over"))
    back = route.homeward and route.destination not in (None, route.origin) and candidate.cues.near("passive")
    return (border and candidate.patient.count is not None) or (back and candidate.patient.specific_person)


def _crosses_over(route: Route) -> bool:
    """Tell whether one State is said to bring people who are not its own to another State, or to a city there."""
    lands = {route.destination, *route.reached} - {None}
    return route.origin is not None and bool(lands) and route.origin not in lands | {route.nationality}


def _goes_to_their_own(route: Route) -> bool:
    """Tell whether one State is said to bring another's nationals to that other."""
    theirs = route.nationality if route.nationality != route.origin else None
    return route.origin is not None and theirs is not None and theirs in (route.destination, *route.reached)


def _stays_inside(candidate: Candidate) -> bool:
    """Tell whether a State brings people to a place of its own, and nothing says that it was the border: brought back to port."""
    sentence = candidate.sentence
    if candidate.form != "done" or sentence.words("over") or not (sentence.countries or sentence.words("nationality")):
        return False
    route = route_of(candidate.sentence)
    own = route.origin is not None and set(route.reached) == {route.origin}
    leaves = route.destination is not None or route.homeward
    return own and route.nationality not in (None, route.origin) and not leaves


def _is_moved_by_force(candidate: Candidate) -> bool:
    """Tell whether force, custody or an authority is told of in the sentence, before it or right behind it."""
    told = (candidate.sentence, *candidate.context, *candidate.behind)
    return (
        candidate.cues.has("force", "custody")
        or any(one.words("authority") or one.agencies or one.cue("force") or one.cue("custody") for one in told)
        or (bool(candidate.sentence.countries) and route_of(candidate.sentence).origin is not None)
        or _is_done_in_a_land(candidate)
        or _is_sent_into_danger(candidate)
    )


def _is_sent_into_danger(candidate: Candidate) -> bool:
    """Tell whether refugees, dissidents or others at risk are sent to the State that they are of, or sent back to one: nobody goes there of free will."""
    if "risk" not in candidate.classes or not candidate.patient.specific:
        return False
    route = route_of(candidate.sentence)
    theirs = route.nationality is not None and route.nationality in (route.destination, *route.reached)
    return theirs or (route.homeward and route.destination is not None and candidate.cues.near("done"))


def _is_done_in_a_land(candidate: Candidate) -> bool:
    """Tell whether a headline sets a State before its colon that is not the one of the people moved: "Denmark: three Syrians flown …"."""
    if not candidate.sentence.is_title:
        return False
    route = route_of(candidate.sentence)
    return route.scene is not None and route.nationality not in (None, route.scene)
