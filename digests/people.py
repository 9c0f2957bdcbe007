"""The people of a case → words of a language: who and how many, and what is told of each.

No more than the report says: a noun tells sex or age only where it holds for everybody, and a number keeps its qualifier.
"""

from cases.disclosure import DisclosedCase, DisclosedVictim
from cases.model import Age, Persons
from digests.names import country
from digests.speech import ENGLISH, Speech, of_context, term, terms
from digests.words import number, sentence

_AMOUNTS = {
    # Translators: a number of people without a noun; {number} and {most} are numbers. Put the counter here (명, 人) or with the nouns
    # below (名), as your language wants it, but never in both.
    "exact": of_context("people", "{number}"),
    "about": of_context("people", "about {number}"),
    "at_least": of_context("people", "at least {number}"),
    "at_most": of_context("people", "at most {number}"),
    "more_than": of_context("people", "more than {number}"),
    "as_many_as": of_context("people", "as many as {number}"),
}
_RANGES = {
    "exact": of_context("people", "{number} to {most}"),
    "about": of_context("people", "about {number} to {most}"),
}
_ROUND = {
    (20, 99): of_context("people", "dozens of"),
    (200, 999): of_context("people", "hundreds of"),
    (2000, 9999): of_context("people", "thousands of"),
}
"""Intervals that a text opens by such a word; nobody would say them in figures."""

_NOUNS = {
    # Translators: people of whom {number} is told, which may read "one", "about 600" or "at least 12" (see above).
    "person": terms("{number} person", "{number} people"),
    "child": terms("{number} child", "{number} children"),
    "girl": terms("{number} girl", "{number} girls"),
    "boy": terms("{number} boy", "{number} boys"),
    "woman": terms("{number} woman", "{number} women"),
    "man": terms("{number} man", "{number} men"),
    "pregnant woman": terms("{number} pregnant woman", "{number} pregnant women"),
    "pregnant person": terms("{number} pregnant person", "{number} pregnant people"),
}
_SEXES = {
    "female": of_context("person", "female"),
    "male": of_context("person", "male"),
    "mixed": of_context("person", "women and men"),
}
_INFORMANTS = {
    "relative": term("relative"),
    "witness": term("witness"),
    "inside_source": term("inside source"),
    "activist": term("activist"),
    "ngo": term("non-governmental organisation"),
    "official": term("official"),
    "media": term("media"),
    "unknown": term("unknown"),
}
_ADULT = 18


def who(report: DisclosedCase, speech: Speech = ENGLISH) -> str:
    """Say who and how many: ``one woman``, ``a family of five``, ``about 600 people``, ``at least 12 people``."""
    persons = report.persons
    if persons is None:
        return speech.gettext("an unstated number of people")
    exact = persons.qualifier == "exact" and persons.min == persons.max
    if exact and report.multiplicity == "family" and persons.min > 1:
        # Translators: all people of a case are one family; {number} is in words or figures: "a family of five".
        return speech.gettext("a family of {number}", number=number(persons.min, speech))
    noun = _noun(report.victims, persons.min if exact else 0)
    return speech.ngettext(*_NOUNS[noun], _last_said(persons), number=how_many(persons, speech))


def how_many(persons: Persons, speech: Speech = ENGLISH) -> str:
    """Say a number of people with its qualifier and without a noun: ``one``, ``at least 12``, ``200 to 300``."""
    least, most, kind = persons.min, persons.max, persons.qualifier
    if kind == "about" and most is not None and (least, most) in _ROUND:
        return speech.pgettext(*_ROUND[least, most])
    if most is not None and least != most and kind in _RANGES:
        return speech.pgettext(*_RANGES[kind], number=speech.figures(least), most=speech.figures(most))
    if most is None and kind == "exact":
        kind = "at_least"
    return speech.pgettext(*_AMOUNTS[kind], number=number(_last_said(persons), speech))


def _last_said(persons: Persons) -> int:
    """Give the number after which the noun stands, and which rules its plural."""
    one_sided = persons.max is None or persons.qualifier in {"at_least", "more_than"}
    return persons.min if one_sided or persons.max is None else persons.max


def who_lines(case: DisclosedCase, speech: Speech) -> list[str]:
    """Say who and how many; then each person apart, unless one line holds for all."""
    everybody = sentence(who(case, speech))
    alike = {
        (victim.sex, victim.minor, victim.pregnant, speech.row(_person(victim, speech))) for victim in case.victims
    }
    if len(alike) <= 1:
        of_all = [_person(one, speech, aged=not _is_household(case)) for one in case.victims[:1]]
        return [speech.row([everybody, *(said for one in of_all for said in one)])]
    nothing = speech.gettext("nothing more is said")
    return [
        everybody,
        *(
            speech.gettext("{person}: {told}", person=one.label, told=speech.row(_apart(one, speech)) or nothing)
            for one in case.victims
        ),
    ]


def informant(kind: str, name: str | None, speech: Speech) -> str:
    """Say who told it: ``witness``, ``relative (name)``; a kind without words keeps its code."""
    said = speech.gettext(_INFORMANTS.get(kind, kind.replace("_", " ")))
    return speech.gettext("{name} ({remarks})", name=said, remarks=name) if name else said


def age(value: Age, speech: Speech = ENGLISH) -> str:
    """Write an age or a band: ``28``, ``30 to 39``, ``60 or older``."""
    if value.max is None:
        return speech.pgettext("age", "{age} or older", age=value.min)
    if value.min == value.max:
        return speech.pgettext("age", "{age}", age=value.min)
    return speech.pgettext("age", "{youngest} to {oldest}", youngest=value.min, oldest=value.max)


def _noun(victims: tuple[DisclosedVictim, ...], told: int) -> str:
    """Find the noun that fits every person told of: only when the victims cover them all does sex or age enter it."""
    if not victims or (len(victims) > 1 and len(victims) != told):
        return "person"
    minors = {_minor(victim) for victim in victims}
    sexes: set[str] = {victim.sex or "" for victim in victims}
    if minors == {True}:
        return {"female": "girl", "male": "boy"}.get(_only(sexes), "child")
    if len(minors) > 1:
        return "person"
    noun = {"female": "woman", "male": "man"}.get(_only(sexes), "person")
    expecting = noun != "man" and all(victim.pregnant for victim in victims)
    return f"pregnant {noun}" if expecting else noun


def _minor(victim: DisclosedVictim) -> bool:
    """Tell a child by the text's own word, or by an age that leaves no doubt."""
    by_age = victim.age is not None and victim.age.max is not None and victim.age.max < _ADULT
    return victim.minor if victim.minor is not None else by_age


def _only(values: set[str]) -> str:
    """Give the one value of a set that has only one, or nothing."""
    return next(iter(values)) if len(values) == 1 else ""


def _is_household(case: DisclosedCase) -> bool:
    """Tell whether one entry stands for a whole family: an age in it is that of one of them."""
    return case.multiplicity == "family" and len(case.victims) == 1


def _person(victim: DisclosedVictim, speech: Speech, *, aged: bool = True) -> list[str]:
    """Tell of a person what the number and noun before it do not."""
    told = [
        victim.name or "",
        speech.gettext("aged {age}", age=age(victim.age, speech)) if victim.age and aged else "",
        speech.gettext("from {country}", country=country(victim.nationality, speech)) if victim.nationality else "",
    ]
    return list(filter(None, told))


def _apart(victim: DisclosedVictim, speech: Speech) -> list[str]:
    """Tell of one person among several who differ."""
    told = [
        speech.pgettext(*_SEXES[victim.sex]) if victim.sex else "",
        speech.gettext("pregnant") if victim.pregnant else "",
        speech.gettext("under 18") if victim.minor else "",
    ]
    return [*filter(None, told), *_person(victim, speech)]
