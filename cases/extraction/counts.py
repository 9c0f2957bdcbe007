"""text → count mentions: how many persons, with the qualifier that the text gives.

One grammar a language, in ``packs/<language>/counts.toml``. Numbers are added only where one phrase lists sorts of people that
exclude each other ("16 children and nine women"); ``part`` marks those that the text tells as a part of another.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from cases.extraction.grammar import Grammar, Hit, grammar, longest_first
from cases.extraction.mention import Mention
from cases.extraction.numerals import number_in
from cases.extraction.pack import pack_of, table
from cases.model import Persons, Qualifier

Kind = Literal["victims", "officers", "other", "unknown"]

_TOGETHER = frozenset({"family", "families", "pair", "couple", "parent", "parents", "household", "two", "three"})
_YEARS = range(1900, 2101)
_TOO_MANY_ALONE = 1_000_000
_CLAUSE_SIGN = "，"
"""In Chinese this parts clauses, while 、 parts what is listed."""
_BEFORE = 60
"""Characters before a number in which a word may say that it is a part."""


class CountMention(Mention, frozen=True, kw_only=True):
    """A number of persons. ``part`` is true when the text tells it as a part of a total ("including two children").

    ``kind`` follows the noun alone: ``victims`` for refugees, defectors and the like, ``officers`` for those who arrest,
    ``other`` for activists, diplomats and such, ``unknown`` for people, women, children or no noun at all.
    """

    persons: Persons
    noun: str | None = None
    kind: Kind = "unknown"
    family: bool = False
    part: bool = False


class _Parts(NamedTuple):
    """How a language says that a number is a part of another one."""

    before: re.Pattern[str]
    chain: re.Pattern[str]
    sorts: re.Pattern[str] | None
    """Nouns for sorts of people of which nobody is two at once, within what a mention prints: women, children."""


def find_counts(text: str, lang: str | None) -> tuple[CountMention, ...]:
    """Find the numbers of persons in a text, in order. Years, days, money and shares are no persons."""
    if (language := pack_of(lang)) is None:
        return ()
    rules = grammar(language, "counts")
    read = (_mention(hit, rules, text) for hit in longest_first(_counting(rules, text)))
    parts = _parts(language)
    return _added_up(_marked_parts([mention for mention in read if mention], text, parts), text, parts)


def _counting(rules: Grammar, text: str) -> list[Hit]:
    """Give the hits whose numeral may count persons; the others are dropped before the longest are chosen."""
    return [hit for hit in rules.hits(text) if not _is_something_else(hit, rules.language)]


def _is_something_else(hit: Hit, language: str) -> bool:
    """Tell "in 2014" and "roughly 152 million" from persons.

    A year has four bare digits and, before a noun, no qualifier; millions without a noun are money or something else.
    """
    raw = hit.slots.get("number", "")
    number = number_in(raw, language) or 0
    alone = hit.form.kind == "number" and "noun" not in hit.slots
    if raw.isdecimal() and number in _YEARS and (alone or _qualifier_slot(hit) is None):
        return True
    return alone and number >= _TOO_MANY_ALONE


def _mention(hit: Hit, rules: Grammar, text: str) -> CountMention | None:
    raw = text[hit.start : hit.end]
    persons = _READERS[hit.form.kind](hit, rules, raw)
    if persons is None or persons.max == 0:
        return None
    noun = hit.slots.get("noun")
    return CountMention(
        start=hit.start,
        end=hit.end,
        raw=raw,
        persons=persons,
        noun=noun,
        kind=rules.meaning("noun", noun) if noun else hit.form.settings.get("who", "unknown"),
        family=hit.form.kind in _TOGETHER,
        part=hit.form.kind == "part",
    )


def _qualifier_slot(hit: Hit) -> str | None:
    return next((name for name in ("qualifier", "qualifier2", "qualifier3", "after_number") if name in hit.slots), None)


def _qualifier(hit: Hit, rules: Grammar) -> Qualifier:
    slot = _qualifier_slot(hit)
    if slot is None:
        return "exact"
    qualifier: Qualifier = rules.meaning(slot.rstrip("23"), hit.slots[slot])
    return qualifier


def _number(hit: Hit, rules: Grammar, raw: str) -> Persons | None:
    number = number_in(hit.slots["number"], rules.language)
    if number is None:
        return None
    if not {"odd", "odd2"}.isdisjoint(hit.slots):
        return Persons(min=number, max=number + _room_above(number) - 1, qualifier="more_than", raw=raw)
    return persons_told(number, number, _qualifier(hit, rules), raw)


def _room_above(number: int) -> int:
    """Give how far "thirty-odd" may reach: to the next number of as many zeros."""
    zeros = 1
    while number % (zeros * 10) == 0 and number >= zeros * 10:
        zeros *= 10
    return zeros


def persons_told(least: int, most: int, qualifier: Qualifier, raw: str) -> Persons:
    """Open the interval as the qualifier says; "about 600" stays 600, and says that it is about."""
    match qualifier:
        case "at_least" | "more_than":
            return Persons(min=least, max=None, qualifier=qualifier, raw=raw)
        case "at_most" | "as_many_as":
            return Persons(min=min(1, most), max=most, qualifier=qualifier, raw=raw)
    return Persons(min=least, max=most, qualifier=qualifier, raw=raw)


def _range(hit: Hit, rules: Grammar, raw: str) -> Persons | None:
    ends = [number_in(hit.slots[slot], rules.language) for slot in ("number", "number2")]
    known = sorted(end for end in ends if end is not None)
    return Persons(min=known[0], max=known[-1], qualifier="about", raw=raw) if known else None


def _joint(hit: Hit, rules: Grammar, raw: str) -> Persons | None:
    """Add up the two numbers of one group: "two women and three children" are five persons."""
    both = [number_in(hit.slots[slot], rules.language) for slot in ("number", "number2")]
    known = [one for one in both if one is not None]
    return persons_told(sum(known), sum(known), "exact", raw) if len(known) == len(both) else None


def _several(hit: Hit, rules: Grammar, raw: str) -> Persons:
    least, most = rules.meaning("several", hit.slots["several"])
    qualifier = _qualifier(hit, rules)
    return Persons(min=least, max=most, qualifier="about" if qualifier == "exact" else qualifier, raw=raw)


def _pair(hit: Hit, rules: Grammar, raw: str) -> Persons:
    number = rules.meaning(hit.form.kind, hit.slots[hit.form.kind])
    return Persons(min=number, max=number, raw=raw)


def _one_more(hit: Hit, rules: Grammar, raw: str) -> Persons | None:
    """Count a number of people and one of their kin: "a mother and her two children", "four sisters and their uncle"."""
    number = number_in(hit.slots["number"], rules.language)
    return None if number is None else Persons(min=number + 1, max=number + 1, raw=raw)


def _two(hit: Hit, rules: Grammar, raw: str) -> Persons:  # noqa: ARG001 - one reader's signature for all
    return Persons(min=2, max=2, raw=raw)


def _three(hit: Hit, rules: Grammar, raw: str) -> Persons:  # noqa: ARG001 - one reader's signature for all
    """Count a couple and their only child: "a couple and their baby"."""
    return Persons(min=3, max=3, raw=raw)


def _parents(hit: Hit, rules: Grammar, raw: str) -> Persons | None:
    """Count both parents and their children: "les parents et leurs trois enfants"."""
    children = number_in(hit.slots["number"], rules.language)
    return None if children is None else Persons(min=children + 2, max=children + 2, raw=raw)


def _families(hit: Hit, rules: Grammar, raw: str) -> Persons | None:
    """Read "200 families": two persons each at the least, and nobody knows how many at the most."""
    families = number_in(hit.slots["number"], rules.language)
    return None if families is None else Persons(min=2 * families, max=None, qualifier="at_least", raw=raw)


def _household(hit: Hit, rules: Grammar, raw: str) -> Persons:  # noqa: ARG001 - one reader's signature for all
    """Count a family whose size is not told: two at least."""
    return Persons(min=2, max=None, qualifier="at_least", raw=raw)


_READERS: dict[str, Callable[[Hit, Grammar, str], Persons | None]] = {
    "number": _number,
    "part": _number,
    "family": _number,
    "families": _families,
    "range": _range,
    "joint": _joint,
    "several": _several,
    "pair": _pair,
    "couple": _pair,
    "parent": _one_more,
    "parents": _parents,
    "household": _household,
    "two": _two,
    "three": _three,
}


@cache
def _parts(language: str) -> _Parts:
    data = table(language, "counts")["part"]
    before, chain = (re.compile(data[name], re.IGNORECASE) for name in ("before", "chain"))
    return _Parts(before, chain, re.compile(data["sorts"], re.IGNORECASE) if "sorts" in data else None)


def _added_up(mentions: tuple[CountMention, ...], text: str, parts: _Parts) -> tuple[CountMention, ...]:
    """Make one mention of those that one phrase lists by sorts: "three men, two women and four children" are nine persons."""
    listed: list[list[CountMention]] = []
    for mention in mentions:
        if listed and _goes_on(listed[-1][-1], mention, text, parts):
            listed[-1].append(mention)
        else:
            listed.append([mention])
    return tuple(one for run in listed for one in _summed(run, text))


def _goes_on(last: CountMention, mention: CountMention, text: str, parts: _Parts) -> bool:
    """Tell whether a mention goes on with the list of sorts that the last one began or is in."""
    sorts = parts.sorts is not None and all(
        parts.sorts.search(one.raw) and one.kind in ("victims", "unknown") and not one.part and one.persons.max
        for one in (last, mention)
    )
    between = text[last.end : mention.start]
    joined = parts.chain.match(between) is not None and between != _CLAUSE_SIGN
    return sorts and joined and mention.persons.qualifier == "exact"


def _summed(run: list[CountMention], text: str) -> list[CountMention]:
    """Add up a list, but for one that begins with its own total: "12 minors, seven boys and five girls"."""
    first, *others = run
    least = sum(one.persons.min for one in others)
    if not others:
        return run
    if len(others) > 1 and first.persons.min == least:
        return [first, *(msgspec.structs.replace(one, part=True) for one in others)]
    raw = text[first.start : others[-1].end]
    most = sum(one.persons.max or 0 for one in run)
    told = Persons(min=first.persons.min + least, max=most, qualifier=first.persons.qualifier, raw=raw)
    return [msgspec.structs.replace(first, end=others[-1].end, raw=raw, persons=told)]


def _marked_parts(mentions: list[CountMention], text: str, parts: _Parts) -> tuple[CountMention, ...]:
    """Mark the numbers after "including" and those joined to them."""
    marked: list[CountMention] = []
    for mention in mentions:
        before = text[max(0, mention.start - _BEFORE) : mention.start]
        joined = bool(marked) and marked[-1].part and parts.chain.match(text[marked[-1].end : mention.start])
        if mention.part or joined or parts.before.search(before):
            marked.append(msgspec.structs.replace(mention, part=True))
        else:
            marked.append(mention)
    return tuple(marked)
