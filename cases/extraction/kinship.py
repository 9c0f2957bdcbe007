"""victim and teller → the other side of a tie that the text tells once: whose wife was taken is a husband.

Only ties that have one other side are filled in: of a mother-in-law's account the sex of the victim says whether it was a
daughter-in-law or a son-in-law, of a cousin's nothing is said.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from cases.extraction.said import Said
from cases.extraction.sentences import Sentence
from cases.model import Informant, Victim

_OTHER_SIDE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "wife": ("wife", "husband"),
        "husband": ("wife", "husband"),
        "mother": ("daughter", "son"),
        "father": ("daughter", "son"),
        "daughter": ("mother", "father"),
        "son": ("mother", "father"),
        "sister": ("sister", "brother"),
        "brother": ("sister", "brother"),
        "mother-in-law": ("daughter-in-law", "son-in-law"),
        "daughter-in-law": ("mother-in-law", "father-in-law"),
        "uncle": ("niece", "nephew"),
        "aunt": ("niece", "nephew"),
        "niece": ("aunt", "uncle"),
        "nephew": ("aunt", "uncle"),
    }
)
"""Tie of one → tie of the other, for a woman and for a man."""
_SPOUSE: Mapping[str, str] = MappingProxyType({"wife": "husband", "husband": "wife"})


def tied(
    victims: Sequence[Victim], informants: Sequence[Said[Informant]]
) -> tuple[tuple[Victim, ...], tuple[Said[Informant], ...]]:
    """Fill in the tie that a single victim or the named relative who tells of it has to the other."""
    tellers = tuple(informants)
    if len(victims) != 1 or not tellers or tellers[0].value.name is None or tellers[0].value.kind != "relative":
        return tuple(victims), tellers
    victim, teller = victims[0], tellers[0]
    spouse = _SPOUSE.get(victim.relation or "")
    if teller.value.relation is None and spouse is not None:
        known = msgspec.structs.replace(teller.value, relation=spouse)
        return (victim,), (Said(known, teller.sentence, teller.beside), *tellers[1:])
    tie = _tie(teller)
    if victim.relation is None and victim.sex is not None and tie in _OTHER_SIDE:
        woman, man = _OTHER_SIDE[tie]
        return (msgspec.structs.replace(victim, relation=woman if victim.sex == "female" else man),), tellers
    return (victim,), tellers


def telling(victim: Victim, informants: Sequence[Said[Informant]]) -> Sentence | None:
    """Give the sentence from which a victim's tie was taken, where it is the teller's."""
    if victim.relation is None or not informants or informants[0].value.relation is None:
        return None
    return informants[0].sentence


def _tie(teller: Said[Informant]) -> str:
    """Give the teller's tie under the word that the pack's table has for it."""
    told = (teller.value.relation or "").casefold()
    hits = teller.sentence.words("relation")
    return next((hit.key for hit in hits if teller.sentence.folded[hit.start : hit.end] == told), told)
