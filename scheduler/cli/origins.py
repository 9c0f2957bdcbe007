"""article, tellings → words: whose copy it is and whom it credits; which tellings go back to one origin. For the keeper."""

from collections.abc import Sequence

from cases.corroboration import Reprint, origin_of_each, reprints
from cases.register import Case, Telling
from cases.reprints import foreign_credits
from cases.store import ArticleRow


def origins_of(case: Case) -> list[str]:
    """Say of each telling which origin it is of, and what ties it to others; origins are counted from 1."""
    numbers = origin_of_each(case.tellings)
    shared = {number for number in numbers if number is not None and numbers.count(number) > 1}
    return [
        _words(telling, number, reprint, case, is_shared=number in shared)
        for telling, number, reprint in zip(case.tellings, numbers, reprints(case.tellings), strict=True)
    ]


def origin_of_article(row: ArticleRow) -> str:
    """Say whose text an article prints and whom it credits; nothing when it stands for itself."""
    return _ties(row.copy_of.url if row.copy_of else "", row.copy_of.share if row.copy_of else 0.0, row.credits)


def _words(telling: Telling, number: int | None, reprint: Reprint | None, case: Case, *, is_shared: bool) -> str:
    said = "mentions it in passing" if number is None else f"origin {number}{', shared' if is_shared else ''}"
    credited = foreign_credits(telling.credits, outlets=(telling.source, telling.source_title), url=telling.url)
    url, share = (case.tellings[reprint.of].url, reprint.share) if reprint else ("", 0.0)
    return ": ".join(filter(None, (said, _ties(url, share, credited))))


def _ties(url: str, share: float, credited: Sequence[str]) -> str:
    copy = f"copy of {url} ({share:.0%})" if url else ""
    return "; ".join(filter(None, (copy, f"credited to {', '.join(credited)}" if credited else "")))
