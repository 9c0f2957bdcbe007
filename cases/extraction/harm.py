"""event candidate → does the way lead to harm? The filter direction: extraditions, journeys to safety, arrests and releases."""

from collections.abc import Mapping
from types import MappingProxyType

from cases.extraction.candidates import Candidate
from cases.extraction.cues import Cues
from cases.extraction.routes import Route, merged, route_of
from cases.extraction.sentences import Sentence
from cases.model import Label, Stage

HANDS_OVER: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "KP": frozenset({"CN", "RU", "LA", "VN"}),
        "CN": frozenset(
            {"TH", "KZ", "MY", "TR", "TJ", "KG", "UZ", "PK", "EG", "AE", "SA", "KH", "LA", "VN", "MM", "NP"}
        ),
    }
)
"""States known to have handed nationals over to their own State: there an arrest alone is a danger of return.

For China, States of which the Uyghur Human Rights Project counted renditions from 1997 to 2021 ("No Space Left to Run"), and neighbours on
the way of people who leave.
"""


def goes_to_harm(candidate: Candidate) -> Label | None:
    """Direction: no extradition, no onward journey to safety, nothing that a State does inside its borders."""
    onward = candidate.cues.has("third_country") and not _is_driven_to_strangers(candidate)
    if _is_extradition(candidate) or onward or candidate.cues.has("internal"):
        return Label.OTHER_REMOVAL
    if candidate.strength == "custody" and not _held_where_return_looms(candidate):
        return Label.OTHER_REMOVAL if "risk" in candidate.classes else Label.UNRELATED
    if candidate.strength == "release" and not _return_loomed(candidate):
        return Label.UNRELATED
    if candidate.cues.has("sanctions") and not candidate.patient.names:
        return Label.OTHER_REMOVAL
    route = merged(route_of(sentence) for sentence in (candidate.sentence, *reversed(candidate.context)))
    sent_by_kp = route_of(candidate.sentence).origin == "KP" and "risk" not in candidate.classes
    if sent_by_kp or (candidate.stage is not Stage.AVERTED and _is_away_from_harm(route)):
        return Label.OTHER_REMOVAL
    return None


def _is_extradition(candidate: Candidate) -> bool:
    """Tell whether it is one by its own word, or a handing over that the text around calls one."""
    return candidate.strength == "extradition" or (
        candidate.strength in ("weak", "motion")
        and any(
            hit.key.startswith("extradition.")
            for sentence in (candidate.sentence, *candidate.context, *candidate.behind)
            for hit in sentence.triggers
        )
    )


def _is_driven_to_strangers(candidate: Candidate) -> bool:
    """Tell whether people are deported to a State that is named and not theirs: no way to safety, whatever it is called."""
    route = route_of(candidate.sentence)
    told = candidate.strength == "strong" and candidate.form == "done" and route.nationality not in HANDS_OVER
    return told and bool(route.destination or route.reached or candidate.sentence.places)


def _is_away_from_harm(route: Route) -> bool:
    """Tell whether nationals of a State that harms who left it are taken to one that neither is it nor hands over to it."""
    handing = HANDS_OVER.get(route.nationality or "")
    return bool(handing and route.destination and route.destination not in handing | {route.nationality or ""})


def _held_where_return_looms(candidate: Candidate) -> bool:
    """Tell whether an arrest alone puts somebody at risk: one whose State the holding State is known to hand over to."""
    if any(_tells_of_a_fear(sentence) for sentence in candidate.behind):
        return True
    if "risk" not in candidate.classes:
        return False
    if candidate.cues.has("feared"):
        return True
    told = (candidate.sentence, *reversed(candidate.context))
    route = merged(route_of(sentence) for sentence in told)
    states = {route.origin, *(place.country for sentence in told for place in sentence.places)}
    states |= {mention.code for mention in candidate.sentence.countries if mention.kind == "country"}
    return bool(states & HANDS_OVER.get(route.nationality or "", frozenset()))


def _tells_of_a_fear(sentence: Sentence) -> bool:
    """Tell whether a sentence speaks of a return that is feared."""
    returns = (hit for hit in sentence.triggers if hit.key.startswith(("strong", "weak")))
    return any(Cues(sentence, hit, inside=True).near("feared") for hit in returns)


def _return_loomed(candidate: Candidate) -> bool:
    """Tell whether a release ends the danger of a return: one was spoken of just before, of people who are at risk."""
    told = (candidate.sentence, *candidate.context)
    returns = [hit for one in told for hit in one.triggers if not hit.key.startswith("extradition")]
    after_all = route_of(candidate.sentence).destination is not None and any(
        hit.key.endswith("done") and hit.start > candidate.trigger.end for hit in candidate.sentence.triggers
    )
    at_risk = any(hit.key == "risk" for one in told for hit in one.words("victim"))
    return bool(returns) and at_risk and not after_all
