"""pages of others → how well ours and trafilatura by itself read them, side by side.

Run as ``make bench-extraction``. For texts: sentences that must and must not be there give precision and recall; a whole
text is compared by its shingles of four tokens, as the known article-extraction benchmark does, each page weighing the
same; of an opening, as many tokens as are expected. A character of a script without spaces is a token. For dates: right,
wrong, and not known, beside htmldate, on which trafilatura relies. Pages come from ``evaluation_pages``.
"""

import argparse
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import trafilatura
from htmldate import find_date

from benchmarks.evaluation_pages import Expected, expected_pages
from cases.errors import Unreadable
from cases.model import Article
from crawler.pages.encoding import decoded
from crawler.pages.page import read

_TOKEN = re.compile(
    r"[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]+"
)
_SHINGLE = 4


class Score(NamedTuple):
    """Found and right, found and wrong, missed: of one page, summing to one."""

    right: float
    wrong: float
    missed: float


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four tokens of a text; a shorter text is one run."""
    tokens = _TOKEN.findall(text)
    return Counter(tuple(tokens[at : at + _SHINGLE]) for at in range(max(1, len(tokens) - _SHINGLE + 1)) if tokens)


def by_text(expected: str, found: str) -> Score:
    """Compare two texts by their shingles."""
    wanted, given = shingles(expected), shingles(found)
    right = (wanted & given).total()
    return _evened(right, given.total() - right, wanted.total() - right)


def by_opening(expected: str, found: str) -> Score:
    """Compare as much of the beginning of a text as is expected."""
    length = len(_TOKEN.findall(expected))
    ends = [match.end() for match in _TOKEN.finditer(found)][:length]
    return by_text(expected, found[: ends[-1] if ends else 0])


def by_sentences(page: Expected, found: str) -> Score:
    """Look for the sentences that must be there, and for those that must not."""
    text = " ".join(found.split())
    right = sum(" ".join(sentence.split()) in text for sentence in page.held)
    wrong = sum(" ".join(sentence.split()) in text for sentence in page.not_held)
    return _evened(right, wrong, len(page.held) - right)


def _evened(right: float, wrong: float, missed: float) -> Score:
    whole = right + wrong + missed or 1
    return Score(right / whole, wrong / whole, missed / whole)


def score(page: Expected, found: str) -> Score:
    """Score a text against whatever is expected of its page."""
    if page.held:
        return by_sentences(page, found)
    return by_text(page.text, found) if page.text else by_opening(page.opening, found)


def figures(scores: Iterable[Score]) -> tuple[float, float, float]:
    """Give precision, recall and F1 of many pages: means over the pages for which each is defined."""
    listed = list(scores)
    precision = statistics.mean(one.right / (one.right + one.wrong) for one in listed if one.right + one.wrong)
    recall = statistics.mean(one.right / (one.right + one.missed) for one in listed if one.right + one.missed)
    return precision, recall, 2 * precision * recall / (precision + recall)


def ours(page: Expected) -> Article | None:
    """Read a page as the line does, knowing nothing of its source."""
    try:
        return read(page.body, url=page.url)
    except Unreadable:
        return None


def alone(page: Expected) -> str:
    """Let trafilatura read it by itself, as its documentation proposes for articles."""
    return trafilatura.extract(decoded(page.body), url=page.url, include_comments=False) or ""


def _text_table(pages: list[Expected], show_below: float | None) -> None:
    print(f"{'pages of':<14}{'number':>7}   {'ours P':>7}{'R':>7}{'F1':>7}   {'trafilatura P':>14}{'R':>7}{'F1':>7}")
    both: list[tuple[str, Score, Score]] = []
    for page in pages:
        if not (page.held or page.text or page.opening):
            continue
        article = ours(page)
        mine, theirs = score(page, article.text if article else ""), score(page, alone(page))
        both.append((page.set_name, mine, theirs))
        if show_below is not None and mine.right < theirs.right + show_below and mine.right < 1:
            print(f"  {page.set_name}/{page.name}: ours {_short(mine)}, trafilatura {_short(theirs)}")
    for name in (*dict.fromkeys(name for name, _, _ in both), "all"):
        rows = [(mine, theirs) for one, mine, theirs in both if name in {one, "all"}]
        own, other = figures(mine for mine, _ in rows), figures(theirs for _, theirs in rows)
        print(
            f"{name:<14}{len(rows):>7}   {own[0]:>7.3f}{own[1]:>7.3f}{own[2]:>7.3f}"
            f"   {other[0]:>14.3f}{other[1]:>7.3f}{other[2]:>7.3f}"
        )


def _short(one: Score) -> str:
    return f"right {one.right:.2f} wrong {one.wrong:.2f} missed {one.missed:.2f}"


def _dates(pages: list[Expected], name: str, told: Callable[[Expected], str | None], *, show: bool) -> None:
    counted: Counter[str] = Counter()
    for page in pages:
        if page.day is not None:
            day = told(page)
            verdict = "not known" if day is None else "right" if day == page.day else "wrong"
            counted[verdict] += 1
            if show and verdict != "right":
                print(f"  {page.set_name}/{page.name}: {verdict}: expected {page.day}, {name} {day}")
    print(f"{name:<14}" + "   ".join(f"{verdict} {counted[verdict]:>3}" for verdict in ("right", "wrong", "not known")))


def _our_day(page: Expected) -> str | None:
    article = ours(page)
    return f"{article.published.astimezone(UTC):%Y-%m-%d}" if article and article.published else None


def _their_day(page: Expected) -> str | None:
    day = find_date(decoded(page.body), url=page.url, original_date=True)
    return str(day) if day else None


def _named(pages: list[Expected]) -> None:
    """Compare titles and authors where they are expected."""
    titled = [page for page in pages if page.title]
    read_as = {page.name: ours(page) for page in titled}
    same = sum(1 for page in titled if (one := read_as[page.name]) and one.title.split() == page.title.split())
    signed = [page for page in titled if page.authors]
    authors = sum(1 for page in signed if (one := read_as[page.name]) and set(one.authors) == set(page.authors))
    print(f"titles as expected {same} of {len(titled)}; authors {authors} of {len(signed)}")


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=Path("build/extraction"))
    options.add_argument("--show", action="store_true", help="name the pages that are read worse than by trafilatura")
    given = options.parse_args()
    pages = expected_pages(given.folder)
    print(f"trafilatura {trafilatura.__version__}, {datetime.now(UTC):%Y-%m-%d}")
    _text_table(pages, 0.0 if given.show else None)
    print()
    _dates(pages, "ours", _our_day, show=given.show)
    _dates(pages, "htmldate", _their_day, show=False)
    _named(pages)


if __name__ == "__main__":
    main()
