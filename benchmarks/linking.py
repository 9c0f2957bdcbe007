"""register of 1,000 and of 100,000 cases → what linking one more report costs: the search for candidates, the decision, the keeping.

Run as ``make bench-linking``. The cases are written to a new store by SQL, spread over the same ten years, seven routes and forty places, so that
every month of the larger register holds a hundred times as many. The reports that follow are each of a case that is there, told by another
outlet. Times are of the CPU, of one process; the target is that the larger register costs at most twice as much.
"""

import argparse
import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median, quantiles

from sqlalchemy import insert

from cases.decision import decide
from cases.gazetteer import gazetteer
from cases.identity import case_number, text_sha256, uuid7
from cases.linking import telling_of
from cases.model import Age, Article, Event, Judgement, Label, Mention, Persons, Place, Report, Stage, Verdict, Victim
from cases.register import CaseStatus
from cases.store import Store, open_store
from cases.store.buckets import buckets_of, traits_of
from cases.store.database import connect
from cases.store.schema import article, article_version, case_bucket, case_counter, case_file, telling, url_key

SIZES = (1_000, 100_000)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(2016, 1, 1)
_DAYS = 3_650
_ROUTES = (*["CN>KP"] * 6, "RU>KP", "TH>CN", "TR>TM", "PK>AF", "LA>CN", "KZ>UZ")
_VERDICT = Verdict(label=Label.CASE_REPORT, report=True, score=0.9)


def main() -> None:
    """Fill a register of each size, link as many reports to each, and print what one costs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linking", description=__doc__)
    parser.add_argument("--reports", type=int, default=200, metavar="N", help="how many reports are linked")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="cases of the registers")
    options = parser.parse_args()
    costs = []
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="returnwatch-linking-") as folder:
            url = f"sqlite:///{folder}/watch.db"
            with open_store(url) as store:
                _fill(url, size)
                took, joined = _link(store, size, options.reports)
        costs.append(median(took))
        slowest = quantiles(took, n=20)[-1]
        print(
            f"{size:>9,} cases: {median(took) * 1000:.1f} ms CPU a report (95 % below {slowest * 1000:.1f}), "
            f"{joined} of {options.reports} joined the case they tell",
            flush=True,
        )
    print(f"{costs[-1] / costs[0]:.2f} times the cost of the smallest register")


def _told(number: int, outlet: str) -> tuple[Article, Report]:
    """Give what an outlet tells of the case of a number: always the same of one number."""
    chance = random.Random(number)
    day = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
    sending, destination = chance.choice(_ROUTES).split(">")
    count = chance.choice((1, 1, 1, 1, 2, 3, 5, 9, 14, 60))
    age = chance.randrange(16, 70)
    town = chance.choice([row for row in _TOWNS if gazetteer().country(row) == sending] or _TOWNS)
    somebody = Victim(label="V1", sex=chance.choice(("female", "female", "male")), age=Age(min=age, max=age))
    report = Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        from_state=sending,
        to_state=destination,
        multiplicity="individual" if count == 1 else "group",
        persons=Persons(min=count, max=count),
        victims=(somebody,) if count == 1 else (),
        events=(Event(type="return", start=day, end=day, precision="day"),),
        places=(Place(role="arrest", name=town.name, country=sending, level=town.level, gazetteer_id=town.id),),
    )
    page = Article(
        url=f"https://{outlet}.example/{number}",
        title=f"Case {number}",
        text=" ".join(f"{outlet}{number}word{chance.randrange(10_000)}" for _ in range(120)),
        lang="en",
        published=datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(days=chance.randrange(1, 8)),
        source=outlet,
    )
    return page, report


_TOWNS = [row for row in gazetteer() if row.level in {"county", "prefecture"} and row.id.startswith("CN-2")][:40]


def _fill(url: str, size: int) -> None:
    """Write cases as they stand after one article each; what linking does not read stays empty."""
    database = connect(url)
    numbers = iter(range(1, size + 1))
    while some := list(itertools.islice(numbers, 2_000)):
        rows = [row for number in some for row in _rows(number)]
        with database.write() as connection:
            for table in (article, article_version, case_file, telling, case_bucket):
                connection.execute(insert(table), [values for of, values in rows if of is table])
    with database.write() as connection:
        connection.execute(insert(case_counter).values(year=NOW.year, last=size))
    database.close()


def _rows(number: int) -> Iterator[tuple[object, dict[str, object]]]:
    page, report = _told(number, "first")
    case_id = uuid7(NOW, number.to_bytes(10, "big"))
    judgement = Judgement(verdict=_VERDICT, lang="en", reports=(report,))
    facts = {"source": page.source, "source_title": "First", "title": page.title, "tags": (), "lang": "en"}
    verdict = {"label": "case_report", "report": True, "score": 0.9, "near_miss": False, "credits": ()}
    dates = {"published": page.published, "fetched_at": NOW, "text_sha256": text_sha256(page.text), "version": 1}
    yield article, {"id": number, "url_key": url_key(page.url), "url": page.url, **facts, **verdict, **dates}
    yield (
        article_version,
        {
            "id": number,
            "article_id": number,
            "version": 1,
            "document": page,
            "capture": None,
            "judgement": judgement,
            "kept_at": NOW,
        },
    )
    yield (
        case_file,
        {
            "id": case_id,
            "number": case_number(2026, number),
            "revision": 1,
            "status": CaseStatus.NEW.value,
            "announce": True,
            "from_state": report.from_state,
            "to_state": report.to_state,
            "opened_at": NOW,
            "changed_at": NOW,
            "report": report,
        },
    )
    yield (
        telling,
        {
            "case_id": case_id,
            "article_id": number,
            "version_id": number,
            "position": 0,
            "report": report,
            "current": True,
            "added_at": NOW,
        },
    )
    told = [telling_of(report, page, "First")]
    for bucket in buckets_of(told) | traits_of(told):
        yield case_bucket, {"bucket": bucket, "case_id": case_id}


def _link(store: Store, size: int, reports: int) -> tuple[list[float], int]:
    """Link the same number of reports, each of another case; gives seconds of CPU, and how many came to their case."""
    took, joined = [], 0
    for number in random.Random(size).sample(range(1, size + 1), reports):
        page, report = _told(number, "second")
        judgement = Judgement(verdict=_VERDICT, lang="en", reports=(report,))
        started = time.process_time()
        found = store.cases.candidates(report, page)
        decision = decide(page, judgement, found, source_title="Second")
        kept = store.articles.keep(page, None, decision, now=NOW, source_title="Second")
        took.append(time.process_time() - started)
        joined += any(change.case.number == case_number(2026, number) for change in kept.changes)
    return took, joined


if __name__ == "__main__":
    main()
