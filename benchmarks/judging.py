"""texts → articles judged a second on one core, and how well: what recognising and reading cost, language by language.

Run as ``make bench-judge``. Articles of about 4,500 characters are put together from the labelled texts that the project carries:
*general* news, where one article in three holds a text that looks like a report and is none; *look-alikes* alone; and articles that
hold a report. The rest of each is filled with easy negatives of its language. A rival stands beside: the search for any trigger word at all, which
is the least that any monitor does. Files of JSON lines with a ``text`` may be given instead, such as a set of one's own.
Figures of quality come from ``returnwatch evaluate`` over both halves of the gold set.
"""

import argparse
import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.damage import damaged
from cases.contract import judge_lines
from cases.decision import judge
from cases.evaluation import GoldItem, load_gold
from cases.model import Article
from cases.packs import pack_for
from cases.packs.notation import fold

GOLD = Path(__file__).parents[1] / "tests" / "gold"
LANGUAGES = ("en", "es", "fr", "ja", "ko", "ru", "zh")
_LENGTH = {True: 4_500, False: 1_800}
"""Characters of an article, by whether its language parts words by spaces: about 750 words."""
_ONE_IN = 3
_ROUNDS = 3


def main() -> None:
    """Do what the options say: every language by default, each in a process of its own, so that memory is its own too."""
    options = _options()
    if options.only:
        print(_row(options.only, _articles(options.only, load_gold(GOLD))))
        return
    if options.files:
        print(_row("given", {"given": [_given(line) for path in options.files for line in path.open("rb")]}))
        return
    print("articles a second on one core, and the largest memory of the process", flush=True)
    for language in options.lang or LANGUAGES:
        subprocess.run([sys.executable, "-m", "benchmarks.judging", "--only", language], check=True)
    print(_damaged(options.damaged))
    for half in ("open", "unseen"):
        print(f"\n{half} half of the gold set", flush=True)
        subprocess.run([Path(sys.executable).with_name("returnwatch"), "evaluate", GOLD / half], check=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judging", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="JSON lines with texts to be timed instead")
    parser.add_argument("--lang", action="append", choices=LANGUAGES, help="only this language; may be repeated")
    parser.add_argument("--damaged", type=int, default=5_000, metavar="N", help="how many damaged texts are judged")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    return parser.parse_args()


def _articles(language: str, gold: Iterable[GoldItem]) -> dict[str, list[Article]]:
    """Put the articles of a language together, by what they are."""
    items = [item for item in gold if item.lang.partition("-")[0] == language]
    easy = [item.article.text for item in items if item.kind == "easy_negative"]
    hard = [item for item in items if item.kind == "hard_negative"]
    filling = itertools.cycle(easy)
    general = [_filled(item if number % _ONE_IN == 0 else None, language, filling) for number, item in enumerate(hard)]
    return {
        "general": general,
        "look-alikes": [_filled(item, language, itertools.cycle([one.article.text for one in hard])) for item in hard],
        "reports": [_filled(item, language, filling) for item in items if item.kind == "report"],
    }


def _filled(item: GoldItem | None, language: str, filling: Iterator[str]) -> Article:
    pack = pack_for(language)
    length = _LENGTH[pack.spaced if pack is not None else True]
    parts = [item.article.text] if item else []
    while sum(map(len, parts)) < length:
        parts.append(next(filling))
    published = item.article.published if item else None
    return Article(url="", title="", text="\n\n".join(parts)[:length], lang=language, published=published)


def _given(line: bytes) -> Article:
    row = json.loads(line)
    return Article(url="", title=row.get("title") or "", text=row["text"], lang=row.get("lang"))


def _row(name: str, corpora: dict[str, list[Article]]) -> str:
    cells = [f"{name:6}"]
    for kind, articles in corpora.items():
        ours = _rate(articles, judge)
        gate = _rate(articles, _holds_a_trigger)
        cells.append(f"{kind} {ours:7.0f}/s ({gate / ours:4.1f} × slower than a search for triggers)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return "  ".join([*cells, f"{peak:.0f} MiB"])


def _damaged(count: int) -> str:
    """Judge damaged texts line by line, as the command does, and tell how many were answered and how long the slowest took."""
    texts = [(item.lang, item.article.text) for item in load_gold(GOLD)]
    took, refused = [], 0
    for number, (lang, text) in enumerate(damaged(texts, count)):
        line = json.dumps({"id": number, "text": text, **({"lang": lang} if lang else {})})
        started = time.process_time()
        answers = [json.loads(answer) for answer in judge_lines([line])]
        took.append((time.process_time() - started, len(text), lang))
        refused += [answer.get("id") for answer in answers] != [number] or "error" in answers[0]
    slowest = max(took)
    return (
        f"{count:,} damaged texts: {count - refused:,} judged, {refused} not; the slowest took {slowest[0]:.2f} s CPU "
        f"({slowest[1]:,} characters, {slowest[2] or 'language not told'})"
    )


def _rate(articles: Sequence[Article], work: Callable[[Article], object]) -> float:
    """Give how many articles a second of CPU are done: the best of some rounds, the first one unmeasured."""
    costs = []
    for _ in range(_ROUNDS + 1):
        started = time.process_time()
        for article in articles:
            work(article)
        costs.append(time.process_time() - started)
    return len(articles) / max(min(costs[1:]), 1e-9)


def _holds_a_trigger(article: Article) -> bool:
    pack = pack_for(article.lang)
    return pack is not None and bool(pack.triggers(fold(article.text)))


if __name__ == "__main__":
    main()
