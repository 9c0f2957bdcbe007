"""event candidate → is somebody moved out of a State, or home? What a verb says nothing of that may also move goods and pupils."""

from cases.extraction.candidates import Candidate
from cases.extraction.cues import Cues
from cases.extraction.neighbours import ADJACENT
from cases.extraction.places import PlaceMention
from cases.extraction.routes import Route, merged, route_of
from cases.extraction.sentences import Sentence

_GUARDS = frozenset({"police", "border_guard", "immigration"})
"""Bodies that take people somewhere by force, and nobody as a courtesy."""
_NAMED = frozenset({"strong.noun", "weak.noun"})
"""Triggers that name a return: "his deportation"."""
_FROM_WITHIN = 8
"""Between a verb and the State that it drives somebody from stands no more than "out of"."""


def is_moved_over_a_border(candidate: Candidate) -> bool:
    """Tell whether somebody who is told of is taken home, or at least out of the State: a verb of motion says neither."""
    if _leads_to_another_act(candidate):
        return False
    patient, route = candidate.patient, route_of(candidate.sentence)
    told = _told(candidate)
    abroad = (
        kinds_of_people(candidate) & {"risk", "migrant"}
        or _stands_for_foreigners(candidate)
        or _is_a_foreigner(candidate, told)
        or _needs_leave_to_stay(candidate)
    )
    if not (abroad or patient.vague or patient.pronoun or patient.specific):
        return False
    taken = candidate.cues.has("custody")
    foreign = route.destination not in (None, route.origin)
    goes_home = (foreign and (bool(abroad) or taken or _is_called_a_return(candidate))) or _reaches_another_state(
        candidate, told, abroad=bool(abroad)
    )
    return (
        goes_home
        or (told.origin not in (None, told.nationality) and told.nationality in route.reached)
        or any(hit.key == "border" or (abroad and hit.key != "status") for hit in candidate.sentence.words("over"))
        or (bool(abroad or (taken and told.nationality)) and _crosses_a_post(candidate.sentence))
        or _crosses_on_the_way(candidate, told)
        or ends_behind(candidate)
        or is_done_to_foreigners(candidate)
        or (
            taken
            and patient.specific
            and any(hit.key == "border" for one in candidate.context[-1:] for hit in one.words("over"))
        )
        or ends_at_home(candidate, route)
        or (bool(abroad) and goes_on_from_a_way(candidate))
        or _is_driven_out(candidate, route)
        or (route.homeward and (bool(abroad) or bool(told.nationality) or _leaves_one_state_for_another(route)))
        or _is_handed_over(candidate, route)
    )


def is_done_to_foreigners(candidate: Candidate) -> bool:
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


def ends_at_home(candidate: Candidate, route: Route) -> bool:
    """Tell whether a place of the moved people's own State is where the verb leads, and another State is the one they leave, or it leads over a border."""
    home, last = route.nationality, candidate.sentence.pack.verb_last
    arrives = any(place.country == home and _is_led_to(candidate, place) for place in candidate.sentence.places)
    left = {route.origin, *(place.country for place in candidate.sentence.places)} - {None, home}
    over = last and any(hit.key == "border" for hit in candidate.sentence.words("over"))
    return home is not None and arrives and (bool(left) or over)


def ends_behind(candidate: Candidate) -> bool:
    """Tell whether the next sentence says of a counted group that they are over the border: "… By noon they were on the other side"."""
    counted = candidate.patient.count is not None and candidate.form == "done"
    freed = any(hit.key.startswith("release.") for hit in candidate.sentence.pack.arrests(candidate.sentence.folded))
    return (counted and not freed and bool(kinds_of_people(candidate) & {"risk", "migrant"})) and any(
        any(hit.key == "group" for hit in one.words("pronoun"))
        and any(hit.key == "border" for hit in one.words("over"))
        for one in candidate.behind
    )


def goes_on_from_a_way(candidate: Candidate) -> bool:
    """Tell whether it leaves out who is meant, and the sentence before told where to, abroad: 이스탄불로 돌아갔다. "쫓겨났다"."""
    if not candidate.sentence.pack.verb_last or candidate.patient.pronoun != "omitted":
        return False
    before = merged(route_of(one) for one in candidate.context[-1:])
    return bool({before.destination, *before.reached} - {None, before.origin})


def kinds_of_people(candidate: Candidate) -> frozenset[str]:
    """Give the kinds of people near the trigger, for a headline also those of whom its text begins to tell."""
    below = (hit.key for one in candidate.below for hit in one.words("victim") if hit.key in ("risk", "migrant"))
    return candidate.classes | frozenset(below)


def _told(candidate: Candidate) -> Route:
    """Read the route from the sentence, those before it, and for a headline the one below."""
    return merged(route_of(one) for one in (candidate.sentence, *reversed(candidate.context), *candidate.below))


def _leads_to_another_act(candidate: Candidate) -> bool:
    """Tell whether another State is named only behind a return that looms: "moved her to Louisiana, where she faces removal to"."""
    sentence, end = candidate.sentence, candidate.trigger.end
    behind = [hit for hit in sentence.triggers if hit.start >= end and hit.key in _NAMED]
    returns = [hit.start for hit in behind if Cues(sentence, hit, inside=True).near("feared", "imminent")]
    if not returns or not sentence.pack.active_before_object:
        return False
    own = route_of(sentence).origin
    lands = [one.start for one in sentence.countries if one.code != own and one.start >= candidate.trigger.start]
    lands += [one.start for one in sentence.places if one.country not in (None, own) and one.start >= end]
    return bool(lands) and min(lands) > min(returns)


def _is_called_a_return(candidate: Candidate) -> bool:
    """Tell whether the sentence calls it a removal or a deportation too: "put on a plane to …, despite an order that barred his removal"."""
    return any(hit.key in _NAMED for hit in candidate.sentence.triggers)


def _crosses_a_post(sentence: Sentence) -> bool:
    """Tell whether somebody is led to or through a border post."""
    return any(place.kind == "post" and place.link in ("goal", "path", "either") for place in sentence.places)


def _crosses_on_the_way(candidate: Candidate, told: Route) -> bool:
    """Tell whether one State sends another's nationals by way of a place: "sent 3,400 Afghans through Torkham"."""
    own = told.nationality in (None, told.origin)
    return not own and told.origin is not None and any(place.link == "path" for place in candidate.sentence.places)


def _is_led_to(candidate: Candidate, place: PlaceMention) -> bool:
    """Tell whether a verb may lead to a place: one in its words or behind it, and where verbs stand last any that is a goal."""
    if candidate.sentence.pack.verb_last and not candidate.trigger.start <= place.start < candidate.trigger.end:
        return place.link == "goal"
    return place.start >= candidate.trigger.start and place.link in ("goal", "either", "static")


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


def _is_handed_over(candidate: Candidate, route: Route) -> bool:
    """Tell whether one State gives somebody into the hands of another: "Lebanon handed the poet over to the Emirates"."""
    trigger, sentence = candidate.trigger, candidate.sentence
    given = [hit for hit in sentence.words("handed") if hit.key in ("to", "people")]
    given += [hit for hit in sentence.words("route") if hit.key == "given_to"]
    handed = any(trigger.start <= hit.start < trigger.end or hit.start < trigger.start <= hit.end for hit in given)
    return handed and candidate.patient.specific and _leaves_one_state_for_another(route)


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
