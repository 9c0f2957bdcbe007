"""case + fields → what must go of a person, and articles, judgements and reports without it.

A name is taken out in every form in which a text is likely to repeat it; of any other field the value goes, with the sentence that
said it. What goes from a text is blotted sign for sign, so that every other quote stays where it was. Pure: nothing is kept here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from cases.errors import UsageError
from cases.masking import Mask, names_blot, together
from cases.model import Article, Collateral, Informant, Judgement, Quote, Report, Value, Victim
from cases.namesakes import Likeness, compare_names
from cases.register import Case

BLOT = "█"
"""Stands for each letter that was purged."""

_PARTS: dict[str, tuple[str, ...]] = {
    "victims": ("name", "age", "pregnant", "relation"),
    "informants": ("name", "relation"),
    "collateral": ("person", "age", "charge"),
}
_NAMES = {"victims": "name", "informants": "name", "collateral": "person"}
_FIELD = re.compile(r"(victims|informants|collateral)\[(\d+)\](?:\.(\w+))?")

S = TypeVar("S", bound=msgspec.Struct)
Q = TypeVar("Q", bound=Quote)
Person = Victim | Informant | Collateral


class Purge(Value, frozen=True, kw_only=True):
    """What must go."""

    kinds: tuple[str, ...]
    """What it is, without whose: such as ``victims.name``. This is all that is ever logged of it."""
    names: tuple[str, ...] = ()
    values: tuple[tuple[str, str, Any], ...] = ()
    """Other fields: of what, which, and the value that goes."""
    sentences: tuple[str, ...] = ()
    """Sentences that said one of these values."""


def purge_of(case: Case, fields: Sequence[str]) -> Purge:
    """Say what goes with some fields of a case, such as ``victims[0].name`` or ``informants[0]``, which means all of it.

    With a name go the other names under which articles tell of the same person. Raises UsageError for a field that is none, or
    that holds nothing.
    """
    asked = [pair for field in fields for pair in _asked(case, field)]
    names: set[str] = set()
    values: list[tuple[str, str, Any]] = []
    for kind, index, part in asked:
        person = getattr(case.report, kind)[index]
        if part == _NAMES[kind]:
            names |= _names_of(case, person)
        else:
            values.append((kind, part, getattr(person, part)))
    told = [telling.report for telling in case.tellings]
    return Purge(
        kinds=tuple(dict.fromkeys(f"{kind}.{part}" for kind, _, part in asked)),
        names=tuple(sorted(names)),
        values=tuple(values),
        sentences=tuple(dict.fromkeys(sentence for report in told for sentence in _sentences(report, values))),
    )


def _asked(case: Case, field: str) -> list[tuple[str, int, str]]:
    found = _FIELD.fullmatch(field)
    people: Sequence[Person] = getattr(case.report, found[1]) if found else ()
    if found is None or int(found[2]) >= len(people):
        raise UsageError(
            f"{field!r}: expected a person of {case.number}, such as victims[0].name, informants[0], collateral[0]"
        )
    kind, index = found[1], int(found[2])
    if found[3] is not None and found[3] not in _PARTS[kind]:
        raise UsageError(f"{field!r}: of {kind} there are {', '.join(_PARTS[kind])}")
    parts = [part for part in _PARTS[kind] if found[3] in {None, part} and getattr(people[index], part) is not None]
    if not parts:
        raise UsageError(f"{field!r}: {case.number} says nothing there")
    return [(kind, index, part) for part in parts]


def _names_of(case: Case, person: Person) -> set[str]:
    """Give every name under which a person of the case is told of."""
    if isinstance(person, Collateral):
        return {person.person or ""} - {""}
    if isinstance(person, Informant):
        return {person.name or ""} - {""}
    alone = len(case.report.victims) == 1
    alike = {Likeness.SAME, Likeness.SIMILAR}
    others = (
        victim
        for telling in case.tellings
        for victim in telling.report.victims
        if (alone and len(telling.report.victims) == 1) or compare_names(victim, person) in alike
    )
    return {name for victim in (person, *others) if (name := victim.name)}


def _sentences(report: Report, values: Sequence[tuple[str, str, Any]]) -> Iterator[str]:
    """Give the sentences that say one of these values; where none says the very field, those that tell of the person."""
    for kind, part, value in values:
        for index, person in enumerate(getattr(report, kind)):
            if getattr(person, part) == value:
                said = {one.field: one.text for one in report.evidence if one.field.startswith(f"{kind}[{index}]")}
                exact = said.get(f"{kind}[{index}].{part}")
                yield from [exact] if exact is not None else said.values()


# -- taking it out ----------------------------------------------------------------------------------------------------


def blot(purge: Purge) -> Mask:
    """Make the mask that takes what must go out of a text, sign for sign."""
    sentences = tuple(sorted(purge.sentences, key=len, reverse=True))

    def lay(text: str) -> str:
        for sentence in sentences:
            text = text.replace(sentence, BLOT * len(sentence))
        return text

    return together([lay, names_blot(purge.names, BLOT)])


def purged_article(article: Article, purge: Purge) -> Article:
    """Give an article without it; its address stays, for that is what it is known by."""
    free = _without(article, blot(purge), keep=frozenset({"url", "source", "claims"}))
    return msgspec.structs.replace(free, claims=tuple(map(blot(purge), article.claims)))


def purged_judgement(judgement: Judgement, purge: Purge, article: Article) -> Judgement:
    """Give a judgement without it, in the verdict's sentences too; ``article`` is free of it already."""
    free = _without(judgement, blot(purge), keep=frozenset({"reports", "lang"}))
    said = tuple(_quoted(one, article) for one in free.verdict.evidence)
    return msgspec.structs.replace(
        free,
        verdict=msgspec.structs.replace(free.verdict, evidence=said),
        reports=tuple(purged_report(report, purge, article) for report in judgement.reports),
    )


def purged_report(report: Report, purge: Purge, article: Article | None = None) -> Report:
    """Give a report without it; who is told of stays where they stood, so that every other field keeps its path.

    With its article, which is free of it already, every quote is what stands there now.
    """
    mask = blot(purge)
    people = {kind: tuple(_person(one, kind, purge, mask) for one in getattr(report, kind)) for kind in _PARTS}
    gone = tuple(f"{kind}[{i}].{part}" for kind, part, i in _emptied(report, people))
    said = tuple(one for one in report.evidence if one.field not in gone)
    free = _without(msgspec.structs.replace(report, **people, evidence=said), mask)
    if article is None:
        return free
    return msgspec.structs.replace(free, evidence=tuple(_quoted(one, article) for one in free.evidence))


def _quoted(quote: Q, article: Article) -> Q:
    """Give a quote as it stands in its article now; one that never stood there stays as it is."""
    text = (article.title if quote.part == "title" else article.text)[quote.start : quote.end]
    return msgspec.structs.replace(quote, text=text) if len(text) == len(quote.text) else quote


def _emptied(report: Report, people: dict[str, tuple[Person, ...]]) -> Iterator[tuple[str, str, int]]:
    for kind, parts in _PARTS.items():
        for index, (before, after) in enumerate(zip(getattr(report, kind), people[kind], strict=True)):
            yield from ((kind, part, index) for part in parts if getattr(before, part) != getattr(after, part))


def _person(person: Person, kind: str, purge: Purge, mask: Mask) -> Person:
    name = getattr(person, _NAMES[kind])
    gone: dict[str, Any] = {_NAMES[kind]: None, "pseudonym": None} if name and mask(name) != name else {}
    gone |= {part: None for of, part, value in purge.values if of == kind and getattr(person, part) == value}
    return msgspec.structs.replace(person, **gone)


def _without(value: S, mask: Mask, keep: frozenset[str] = frozenset()) -> S:
    """Lay a mask on every free text of a value, however deep; codes, labels and numbers stay."""
    free = {
        name: _laid(getattr(value, name), mask)
        for name in value.__struct_fields__
        if name not in keep and _may_hold_text(type(value), name)
    }
    return msgspec.structs.replace(value, **free)


def _laid(value: Any, mask: Mask) -> Any:  # noqa: ANN401 - whatever a value of the line holds
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, tuple):
        return tuple(_laid(one, mask) for one in value)
    return _without(value, mask) if isinstance(value, msgspec.Struct) else value


_CODES = frozenset(
    {
        "field",
        "label",
        "lang",
        "from_state",
        "to_state",
        "risk_state",
        "country",
        "nationality",
        "gazetteer_id",
        "anchor",
    }
)
"""Texts that are codes of ours, and no words of an article."""


@cache
def _may_hold_text(kind: type, name: str) -> bool:
    hint = get_type_hints(kind)[name]
    return name not in _CODES and (str in _leaves(hint) or any(_is_value(leaf) for leaf in _leaves(hint)))


def _leaves(hint: Any) -> set[Any]:  # noqa: ANN401 - any annotation
    inner = [leaf for leaf in get_args(hint) if not isinstance(leaf, str)]
    return {hint} if not inner else {leaf for one in inner for leaf in _leaves(one)}


def _is_value(leaf: Any) -> bool:  # noqa: ANN401 - any annotation
    return isinstance(leaf, type) and issubclass(leaf, msgspec.Struct)


def holds_name(purge: Purge) -> Callable[[str], bool]:
    """Make a test for texts that are no article of the case: whether one of the names stands there in full."""
    mask = names_blot(purge.names, BLOT, whole=True)
    return lambda text: mask(text) != text
