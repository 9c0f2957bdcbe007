"""text → age mentions: an age or a band in whole years.

One grammar a language, in ``packs/<language>/ages.toml``. An age is kept as printed: the Korean way of counting may differ by a
year, and nothing here corrects it.
"""

from collections.abc import Callable

from cases.extraction.grammar import Grammar, Hit, grammar, longest_first
from cases.extraction.mention import Mention
from cases.extraction.numerals import number_in
from cases.extraction.pack import pack_of
from cases.model import Age

_OLDEST = 120


class AgeMention(Mention, frozen=True, kw_only=True):
    """An age that the text gives to someone."""

    age: Age


def find_ages(text: str, lang: str | None) -> tuple[AgeMention, ...]:
    """Find the ages in a text, in order. "18 years" of marriage or prison are no age."""
    if (language := pack_of(lang)) is None:
        return ()
    rules = grammar(language, "ages")
    mentions: list[AgeMention] = []
    for hit in longest_first(rules.hits(text)):
        band = _READERS[hit.form.kind](hit, rules)
        if band is not None and band[0] <= _OLDEST:
            raw = text[hit.start : hit.end]
            age = Age(min=band[0], max=band[1], raw=raw)
            mentions.append(AgeMention(start=hit.start, end=hit.end, raw=raw, age=age))
    return tuple(mentions)


Band = tuple[int, int | None]


def _age(hit: Hit, rules: Grammar) -> Band | None:
    """Read "34", "11-month-old": years, rounded down."""
    number = number_in(hit.slots["number"], rules.language)
    if number is None:
        return None
    unit = hit.slots.get("unit")
    months = number * (12 if unit is None else int(rules.meaning("unit", unit)))
    return months // 12, months // 12


def _decade(hit: Hit, rules: Grammar) -> Band:
    """Read "in his sixties", and a third of it: "early", "mid-", "late"."""
    least, most = rules.meaning("decade", hit.slots["decade"])
    if (third := hit.slots.get("third")) is None:
        return least, most
    start = least - least % 10
    first, last = rules.meaning("third", third)
    return start + first, start + last


def _tens(hit: Hit, rules: Grammar) -> Band | None:
    """Read 60代: a decade told by its number."""
    number = number_in(hit.slots["number"], rules.language)
    if number is None or number % 10:
        return None
    first, last = rules.meaning("third", hit.slots["third"]) if "third" in hit.slots else (0, 9)
    return number + first, number + last


def _range(hit: Hit, rules: Grammar) -> Band | None:
    """Read "15 to 23"."""
    ends = sorted(
        end for slot in ("number", "number2") if (end := number_in(hit.slots[slot], rules.language)) is not None
    )
    return (ends[0], ends[-1]) if ends and ends[-1] <= _OLDEST else None


def _limit(hit: Hit, rules: Grammar) -> Band | None:
    """Read "under 18": younger than that; "over 60" is open above."""
    number = number_in(hit.slots["number"], rules.language)
    if number is None:
        return None
    match rules.meaning("limit", hit.slots["limit"]):
        case "over":
            return number, None
        case "upto":
            return 0, number
    return (0, number - 1) if number else None


_READERS: dict[str, Callable[[Hit, Grammar], Band | None]] = {
    "age": _age,
    "decade": _decade,
    "tens": _tens,
    "range": _range,
    "limit": _limit,
}
