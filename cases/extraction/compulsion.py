"""event candidate → was somebody made to go, and over a border? The filters compulsion and plainness, and what they look at."""

from cases.extraction.candidates import Candidate
from cases.extraction.neighbours import ADJACENT
from cases.extraction.places import PlaceMention
from cases.extraction.routes import Route, merged, route_of
from cases.extraction.sentences import Sentence
from cases.model import Label, Stage

_GUARDS = frozenset({"police", "border_guard", "immigration"})
"""Bodies that take people somewhere by force, and nobody as a courtesy."""
_FROM_WITHIN = 8
"""Between a verb and the State that it drives somebody from stands no more than "out of"."""


def is_forced(candidate: Candidate) -> Label | None:
    """Compulsion: nothing says it was of free will, and a verb that also has harmless senses has force beside it."""
    soft = candidate.strength in ("weak", "motion")
    if candidate.cues.has("voluntary") or (soft and (_stays_inside(candidate) or _is_wished_below(candidate))):
        return Label.OTHER_REMOVAL
    if candidate.strength == "motion":
        return _is_taken_away(candidate)
    if candidate.strength != "weak" or candidate.cues.has("force") or candidate.stage is Stage.DEATH_BEFORE_RETURN:
        return None
    kinds = _kinds(candidate)
    if kinds & {"risk"} or (kinds & {"migrant"} and candidate.patient.count):
        return None
    if _led_there(candidate) or _sent_by_a_state(candidate) or _is_done_to_foreigners(candidate):
        return None
    envoys = candidate.cues.has("excluded_people") and not candidate.cues.has("excluded")
    return Label.OTHER_REMOVAL if envoys else Label.UNRELATED


def _is_taken_away(candidate: Candidate) -> Label | None:
    """Ask of a verb of motion that somebody is moved over a border and by force; what stands around may say that all wished it."""
    if any(sentence.cue("voluntary") for sentence in (*candidate.context[-1:], *candidate.behind[:1])):
        return Label.OTHER_REMOVAL
    taken = _is_moved_by_force(candidate) and _names_a_way(candidate) and _is_moved_over_a_border(candidate)
    return None if taken else Label.UNRELATED


def _names_a_way(candidate: Candidate) -> bool:
    """Tell whether anything could lead over a border: nearly all that news moves goes nowhere, and this is soon seen."""
    told = (candidate.sentence, *candidate.below)
    return (
        any(one.words("back") or one.words("over") or one.countries for one in told)
        or any(one.words("over") for one in candidate.context[-1:])
        or any(one.places for one in told)
        or _ends_behind(candidate)
        or _goes_on_from_a_way(candidate)
    )


def is_plainly_forced(candidate: Candidate) -> Label | None:
    """Plainness: a verb that also has harmless senses names where to, and migration, custody or danger beside it."""
    if candidate.strength not in ("weak", "motion"):
        return None
    route = route_of(candidate.sentence)
    at_hand = candidate.classes & {"risk", "migrant"} or candidate.cues.has("custody")
    return None if at_hand and (route.destination or route.homeward) else Label.UNRELATED


def _kinds(candidate: Candidate) -> frozenset[str]:
    """Give the kinds of people near the trigger, for a headline also those of whom its text begins to tell."""
    below = (hit.key for one in candidate.below for hit in one.words("victim") if hit.key in ("risk", "migrant"))
    return candidate.classes | frozenset(below)


def _told(candidate: Candidate) -> Route:
    """Read the route from the sentence, those before it, and for a headline the one below."""
    return merged(route_of(one) for one in (candidate.sentence, *reversed(candidate.context), *candidate.below))


def _led_there(candidate: Candidate) -> bool:
    """Tell whether force or custody was told of just before, or below the headline, and the sentence names where it led."""
    if not any(one.cue("force") or one.cue("custody") for one in (*candidate.context, *candidate.below)):
        return False
    route = route_of(candidate.sentence)
    home = route.nationality is not None and route.nationality in route.reached
    return route.destination is not None or home


def _is_wished_below(candidate: Candidate) -> bool:
    """Tell whether the text below a headline says that it was of free will: "Workers flown home", and then "volunteered"."""
    forced = any(hit.key == "strong.done" for one in candidate.below for hit in one.triggers)
    return not forced and any(one.cue("voluntary") for one in candidate.below)


def _is_done_to_foreigners(candidate: Candidate) -> bool:
    """Tell whether a headline says in one line which State did it, and to somebody of another, or whom it gave to another.

    "Malaysia hands over Uzbek imam", "Spain hands back 116 to Morocco".
    """
    if not (candidate.sentence.is_title and candidate.form == "done"):
        return False
    route, patient = route_of(candidate.sentence), candidate.patient
    if route.origin is None or not patient.specific:
        return False
    given = route.homeward and patient.count is not None and patient.count.kind == "victims"
    return route.nationality not in (None, route.origin) or (given and route.destination not in (None, route.origin))


def _sent_by_a_state(candidate: Candidate) -> bool:
    """Tell whether a State itself sent somebody back: "China sent her back", people over its border, or a foreigner home."""
    if candidate.form != "done":
        return False
    route, patient = route_of(candidate.sentence), candidate.patient
    theirs = _goes_to_their_own(route) or _ends_at_home(candidate, route)
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


def _is_moved_over_a_border(candidate: Candidate) -> bool:
    """Tell whether somebody who is told of is taken home, or at least out of the State: a verb of motion says neither."""
    patient, route = candidate.patient, route_of(candidate.sentence)
    told = _told(candidate)
    abroad = (
        _kinds(candidate) & {"risk", "migrant"}
        or _stands_for_foreigners(candidate)
        or _is_a_foreigner(candidate, told)
        or _needs_leave_to_stay(candidate)
    )
    if not (abroad or patient.vague or patient.pronoun or patient.specific):
        return False
    taken = candidate.cues.has("custody")
    foreign = route.destination not in (None, route.origin)
    goes_home = (foreign and (bool(abroad) or taken)) or _reaches_another_state(candidate, told, abroad=bool(abroad))
    return (
        goes_home
        or (told.origin not in (None, told.nationality) and told.nationality in route.reached)
        or any(hit.key == "border" or (abroad and hit.key != "status") for hit in candidate.sentence.words("over"))
        or (bool(abroad or (taken and told.nationality)) and _crosses_a_post(candidate.sentence))
        or _crosses_on_the_way(candidate, told)
        or _ends_behind(candidate)
        or _is_done_to_foreigners(candidate)
        or (
            taken
            and patient.specific
            and any(hit.key == "border" for one in candidate.context[-1:] for hit in one.words("over"))
        )
        or _ends_at_home(candidate, route)
        or (bool(abroad) and _goes_on_from_a_way(candidate))
        or _is_driven_out(candidate, route)
        or (route.homeward and (bool(abroad) or bool(told.nationality) or _leaves_one_state_for_another(route)))
    )


def _goes_on_from_a_way(candidate: Candidate) -> bool:
    """Tell whether it leaves out who is meant, and the sentence before told where to, abroad: 이스탄불로 돌아갔다. "쫓겨났다"."""
    if not candidate.sentence.pack.verb_last or candidate.patient.pronoun != "omitted":
        return False
    before = merged(route_of(one) for one in candidate.context[-1:])
    return bool({before.destination, *before.reached} - {None, before.origin})


def _ends_behind(candidate: Candidate) -> bool:
    """Tell whether the next sentence says of a counted group that they are over the border: "… By noon they were on the other side"."""
    counted = candidate.patient.count is not None and candidate.form == "done"
    freed = any(hit.key.startswith("release.") for hit in candidate.sentence.pack.arrests(candidate.sentence.folded))
    return (counted and not freed and bool(_kinds(candidate) & {"risk", "migrant"})) and any(
        any(hit.key == "group" for hit in one.words("pronoun"))
        and any(hit.key == "border" for hit in one.words("over"))
        for one in candidate.behind
    )


def _crosses_a_post(sentence: Sentence) -> bool:
    """Tell whether somebody is led to or through a border post."""
    return any(place.kind == "post" and place.link in ("goal", "path", "either") for place in sentence.places)


def _crosses_on_the_way(candidate: Candidate, told: Route) -> bool:
    """Tell whether one State sends another's nationals by way of a place: "sent 3,400 Afghans through Torkham"."""
    own = told.nationality in (None, told.origin)
    return not own and told.origin is not None and any(place.link == "path" for place in candidate.sentence.places)


def _ends_at_home(candidate: Candidate, route: Route) -> bool:
    """Tell whether a place of the moved people's own State is where the verb leads, and another State is the one they leave, or it leads over a border."""
    home, last = route.nationality, candidate.sentence.pack.verb_last
    arrives = any(place.country == home and _is_led_to(candidate, place) for place in candidate.sentence.places)
    left = {route.origin, *(place.country for place in candidate.sentence.places)} - {None, home}
    over = last and any(hit.key == "border" for hit in candidate.sentence.words("over"))
    return home is not None and arrives and (bool(left) or over)


def _is_led_to(candidate: Candidate, place: PlaceMention) -> bool:
    """Tell whether a verb may lead to a place: one in its words or behind it, and where verbs stand last any that is a goal."""
    if candidate.sentence.pack.verb_last and not candidate.trigger.start <= place.start < candidate.trigger.end:
        return place.link == "goal"
    return place.start >= candidate.trigger.start and place.link in ("goal", "either", "static")


def _stays_inside(candidate: Candidate) -> bool:
    """Tell whether a State brings people to a place of its own, and nothing says that it was the border: brought back to port."""
    sentence = candidate.sentence
    if candidate.form != "done" or sentence.words("over") or not (sentence.countries or sentence.words("nationality")):
        return False
    route = route_of(candidate.sentence)
    own = route.origin is not None and set(route.reached) == {route.origin}
    leaves = route.destination is not None or route.homeward
    return own and route.nationality not in (None, route.origin) and not leaves


def _is_driven_out(candidate: Candidate, route: Route) -> bool:
    """Tell whether the verb says right beside it which State people of another one, or migrants, were driven from: "chassés de Tunisie"."""
    trigger, last = candidate.trigger, candidate.sentence.pack.verb_last
    named = any(
        one.kind == "country"
        and one.code == route.origin
        and (0 <= trigger.start - one.end <= ADJACENT if last else 0 <= one.start - trigger.end <= _FROM_WITHIN)
        for one in candidate.sentence.countries
    )
    foreign = route.nationality is not None or bool(candidate.classes & {"risk", "migrant"})
    return named and foreign and route.nationality != route.origin


def _leaves_one_state_for_another(route: Route) -> bool:
    return route.destination is not None and route.origin not in (None, route.destination)


def _is_a_foreigner(candidate: Candidate, told: Route) -> bool:
    """Tell whether somebody countable of another nationality than the State that acts is told of."""
    foreign = told.origin is not None and told.nationality not in (None, told.origin)
    return foreign and (candidate.patient.pronoun is not None or candidate.patient.specific)


def _needs_leave_to_stay(candidate: Candidate) -> bool:
    """Tell whether the text speaks of somebody's right to stay, as only of foreigners: "after a check-in with immigration"."""
    told = (candidate.sentence, *candidate.context)
    return any(hit.key == "status" for one in told for hit in one.words("over")) and candidate.patient.specific


def _stands_for_foreigners(candidate: Candidate) -> bool:
    """Tell whether a pronoun, a bare noun or "the family" goes on about migrants, people at risk or foreigners told of right before."""
    patient = candidate.patient
    before = candidate.context[-1:] if patient.pronoun or patient.single or patient.vague else ()
    if any(hit.key in ("risk", "migrant") for sentence in before for hit in sentence.words("victim")):
        return True
    actor = _told(candidate).origin
    return bool(candidate.patient.pronoun) and any(_tells_of_nationals(sentence, actor) for sentence in before)


def _tells_of_nationals(sentence: Sentence, but: str | None) -> bool:
    """Tell whether somebody of a State is told of, and not of the one that acts: "Ethiopian women", "90 people from Niger"."""
    route = route_of(sentence)
    somebody = sentence.words("single") or any(count.kind in ("victims", "unknown") for count in sentence.counts)
    return bool(somebody) and any(theirs not in (None, but) for theirs in (route.nationality, route.people_from))


def _reaches_another_state(candidate: Candidate, told: Route, *, abroad: bool) -> bool:
    """Tell whether the State or city reached is the moved people's own, or for foreigners another than the one they leave.

    Who leaves their own State is not returned.
    """
    route = merged(route_of(one) for one in (candidate.sentence, *candidate.below))
    lands = {route.destination, *route.reached} - {None, route.origin}
    left = {told.origin, *(place.country for place in candidate.sentence.places)} - {None, told.nationality, *lands}
    seized = candidate.cues.has("custody") or any(
        one.cue("custody") for one in (*candidate.context[-1:], *candidate.below)
    )
    homeward = any(route_of(one).homeward for one in (candidate.sentence, *candidate.context))
    shipped = homeward and any(hit.key == "vessel" for hit in candidate.sentence.words("over"))
    guarded = _is_done_by_guards(candidate.sentence) and candidate.patient.specific
    taken = abroad or seized or shipped or guarded
    return bool(lands) and (told.nationality in lands or (abroad and seized) or (taken and bool(left)))


def _is_done_by_guards(sentence: Sentence) -> bool:
    """Tell whether the police, border guards or immigration officers of a State that is named act: "Swedish police flew six to Kabul"."""
    guards = any(hit.key in _GUARDS for hit in sentence.words("authority"))
    return guards and route_of(sentence).origin is not None


def _is_moved_by_force(candidate: Candidate) -> bool:
    """Tell whether force, custody or an authority is told of in the sentence, before it or right behind it."""
    told = (candidate.sentence, *candidate.context, *candidate.behind)
    return (
        candidate.cues.has("force", "custody")
        or any(one.words("authority") or one.agencies or one.cue("force") or one.cue("custody") for one in told)
        or (bool(candidate.sentence.countries) and route_of(candidate.sentence).origin is not None)
        or _is_done_in_a_land(candidate)
    )


def _is_done_in_a_land(candidate: Candidate) -> bool:
    """Tell whether a headline sets a State before its colon that is not the one of the people moved: "Denmark: three Syrians flown …"."""
    if not candidate.sentence.is_title:
        return False
    route = route_of(candidate.sentence)
    return route.scene is not None and route.nationality not in (None, route.scene)
