"""funnel → rows: what became of everything that was listed, a row a source and day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from cases.funnel import FunnelRow, summed
from cases.ledger import Judged, SetAside

COLUMNS = ("day", "source", "visits", "listed", "what became of it")
_ORDER = (Judged.REPORT, Judged.NEAR_MISS, Judged.BELOW_THRESHOLD, Judged.OTHER_LANGUAGE)


def lines(rows: Sequence[FunnelRow]) -> Iterator[tuple[object, ...]]:
    """Tell each row, and their sum; the columns are ``COLUMNS``."""
    for row in rows:
        fate = _fate(row.set_aside, row.articles, row.judged)
        yield (
            row.day.isoformat(),
            row.source,
            row.visits,
            row.entries,
            fate if row.closes else f"{fate}; DOES NOT ADD UP",
        )
    if len(rows) > 1:
        aside, verdicts = summed(row.set_aside for row in rows), summed(row.judged for row in rows)
        visits, entries, articles = (sum(of) for of in _columns(rows))
        yield ("all", "", visits, entries, _fate(aside, articles, verdicts))


def document(rows: Iterable[FunnelRow]) -> list[dict[str, Any]]:
    """Give the rows as JSON promises them."""
    return [{**msgspec.structs.asdict(row), "closes": row.closes} for row in rows]


def _columns(rows: Sequence[FunnelRow]) -> tuple[list[int], list[int], list[int]]:
    return [row.visits for row in rows], [row.entries for row in rows], [row.articles for row in rows]


def _fate(set_aside: Mapping[str, int], articles: int, judged: Mapping[str, int]) -> str:
    from digests.words import JUDGED, SET_ASIDE

    words = {str(key): said for key, said in SET_ASIDE.items()}
    ordered = sorted(set_aside.items(), key=lambda one: (one[0] == SetAside.KNOWN, -one[1], one[0]))
    aside = ", ".join(f"{count:,} {words.get(key, key)}" for key, count in ordered if count)
    came = ", ".join(f"{judged[one]:,} {JUDGED[one][judged[one] != 1]}" for one in _ORDER if judged.get(one))
    read = f"{articles:,} read and judged" + (f": {came}" if came else "") if articles else ""
    return "; ".join(filter(None, [aside, read])) or "nothing was listed"
