"""Copies in the store: noted when they are kept, whichever came first, and gone when an edit makes them texts of their own."""

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from cases.model import Article, Event, Evidence, Report
from cases.store import Kept, Store
from cases.store.copies import CopyOf
from cases.store.schema import article_sketch

Keep = Callable[..., Kept]
MakePage = Callable[..., Article]
MakeReport = Callable[..., Report]

FOLDER = Path(__file__).parents[1] / "data" / "reprints"
DAY = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture(params=["en", "ja", "ko", "ru", "zh"])
def story(request: pytest.FixtureRequest) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{request.param}.toml").read_text(encoding="utf-8"))


@pytest.fixture
def english() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))


def joined(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def copy_noted(store: Store, page: Article) -> CopyOf | None:
    found = store.articles.get(page.url)
    assert found is not None
    return found.row.copy_of


def sketched(store: Store) -> int:
    with store.articles._database.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(article_sketch)) or 0)


def quoting(report: Report, page: Article) -> Report:
    """The report with its evidence: the first sentence of the article's second paragraph."""
    paragraph = page.text.split("\n\n")[1]
    start = page.text.index(paragraph)
    quote = Evidence(field="stage", text=paragraph, start=start, end=start + len(paragraph))
    return msgspec.structs.replace(report, evidence=(quote,))


def test_a_reprint_is_noted_as_a_copy_with_its_share(
    store: Store, keep: Keep, page: MakePage, story: dict[str, Any]
) -> None:
    original = page("north", text=joined(*story["original"]))
    reprint = page("south", text=joined(story["lead"], *story["original"][1:]), published=DAY + timedelta(days=2))
    keep(original)
    keep(reprint)
    noted = copy_noted(store, reprint)
    assert noted is not None
    assert noted.url == original.url
    assert 0.8 < noted.share < 0.95
    assert copy_noted(store, original) is None
    assert {row.source: row.copy_of for row in store.articles.rows()} == {"north": None, "south": noted}


def test_a_story_of_its_own_is_no_copy_though_it_quotes_the_same(
    store: Store, keep: Keep, page: MakePage, story: dict[str, Any]
) -> None:
    keep(page("north", text=joined(*story["original"], story["statement"])))
    keep(page("south", text=joined(*story["independent"][:2], story["statement"])))
    assert [row.copy_of for row in store.articles.rows()] == [None, None]


def test_the_original_is_who_published_first_though_it_was_found_last(
    store: Store, keep: Keep, page: MakePage, english: dict[str, Any]
) -> None:
    text = joined(*english["original"])
    undated, late, first = (
        page("undated", text=text, published=None),
        page("late", text=text, published=DAY + timedelta(days=3)),
        page("first", text=text, published=DAY),
    )
    keep(undated)
    keep(late)
    noted = copy_noted(store, undated)
    assert noted is not None
    assert noted.url == late.url, "a date that nobody states comes last"
    keep(first)
    assert [copy_noted(store, one) for one in (undated, late, first)] == [
        CopyOf(url=first.url, share=1.0),
        CopyOf(url=first.url, share=1.0),
        None,
    ]


def test_whom_a_copy_credits_is_the_original_whatever_the_dates_say(
    store: Store, keep: Keep, page: MakePage, english: dict[str, Any]
) -> None:
    text = joined(*english["original"])
    early, named = page("early", text=text), page("gazette", text=text, published=DAY + timedelta(days=1))
    keep(early, credited=("Gazette",))
    keep(named)
    assert copy_noted(store, early) == CopyOf(url=named.url, share=1.0)
    assert copy_noted(store, named) is None


def test_one_outlet_never_copies_itself(store: Store, keep: Keep, page: MakePage, english: dict[str, Any]) -> None:
    text = joined(*english["original"])
    keep(page("north", text=text))
    again = page("north", text=text, url="https://north.example/again")
    keep(again)
    assert copy_noted(store, again) is None


def test_only_what_matters_is_sketched(store: Store, keep: Keep, page: MakePage, english: dict[str, Any]) -> None:
    text = joined(*english["original"])
    keep(page("north", text=text), score=0.1)
    assert sketched(store) == 0
    keep(page("south", text=text), score=0.35)
    assert sketched(store) > 10
    assert [row.copy_of for row in store.articles.rows()] == [None, None]


def test_an_edit_is_sketched_anew_and_is_no_copy_any_more(
    store: Store, keep: Keep, page: MakePage, english: dict[str, Any]
) -> None:
    text = joined(*english["original"])
    original, reprint = page("north", text=text), page("south", text=text, published=DAY + timedelta(days=1))
    keep(original)
    keep(reprint)
    assert copy_noted(store, reprint) is not None
    before = sketched(store)
    keep(msgspec.structs.replace(reprint, text=joined(*english["independent"])))
    assert copy_noted(store, reprint) is None
    keep(msgspec.structs.replace(reprint, text=text))
    assert (copy_noted(store, reprint), sketched(store)) == (CopyOf(url=original.url, share=1.0), before)


def test_copies_of_a_text_that_was_taken_back_are_copies_of_one_another(
    store: Store, keep: Keep, page: MakePage, english: dict[str, Any]
) -> None:
    text = joined(*english["original"])
    first, second, third = (page(name, text=text, published=DAY + timedelta(days=n)) for n, name in enumerate("abc"))
    for one in (first, second, third):
        keep(one)
    keep(msgspec.structs.replace(first, text="We were wrong, and took the story down."), score=0.1)
    assert [copy_noted(store, one) for one in (first, second, third)] == [
        None,
        None,
        CopyOf(url=second.url, share=1.0),
    ]


def test_a_text_printed_by_everybody_costs_no_more_than_one_printed_by_some(
    store: Store, keep: Keep, page: MakePage, english: dict[str, Any]
) -> None:
    text = joined(*english["original"])
    keep(page("first", text=text, published=DAY - timedelta(days=1)))
    single = sketched(store)
    for number in range(30):
        keep(page(f"outlet{number}", text=text))
    assert sketched(store) == 20 * single
    assert all(row.copy_of for row in store.articles.rows() if row.source != "first")


def test_the_original_is_found_among_many_copies_that_were_kept_before_it(
    store: Store, keep: Keep, page: MakePage, english: dict[str, Any]
) -> None:
    text = joined(*english["original"])
    for number in range(9):
        keep(page(f"outlet{number}", text=text, published=DAY + timedelta(days=1)))
    first = page("first", text=text, published=DAY)
    keep(first)
    last = page("last", text=text, published=DAY + timedelta(days=2))
    keep(last)
    assert copy_noted(store, last) == CopyOf(url=first.url, share=1.0)


def test_a_credit_is_listed_unless_it_is_the_outlets_own(store: Store, keep: Keep, page: MakePage) -> None:
    keep(page("north"), credited=("Yonhap",))
    keep(page("yonhap"), credited=("Yonhap",))
    assert {row.source: row.credits for row in store.articles.rows()} == {"north": ("Yonhap",), "yonhap": ()}


# -- what copies do to cases ------------------------------------------------------------------------------------------


def test_a_copy_joins_its_originals_case_though_its_dates_and_its_month_say_otherwise(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, story: dict[str, Any]
) -> None:
    original = page("north", text=joined(*story["original"]))
    reprint = page("south", text=joined(story["lead"], *story["original"][1:]), published=DAY + timedelta(days=200))
    (opened,) = keep(original, quoting(woman(), original)).changes
    later = date(2027, 6, 1)
    moved = woman(events=(Event(type="arrest", start=later, end=later, precision="day", anchor="publication"),))
    (change,) = keep(reprint, quoting(moved, reprint)).changes
    assert (change.case.id, change.kind, len(change.case.tellings)) == (opened.case.id, "repeated", 2)
    assert change.case.report.events == woman().events
    assert len(store.cases.rows()) == 1


def test_a_report_with_other_sentences_opens_a_case_of_its_own_in_a_text_that_is_mostly_a_form(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, english: dict[str, Any]
) -> None:
    form = english["original"][2:]
    one = page("north", text=joined("A woman of Hunchun was seized.", "She was seized in Hunchun at dawn.", *form))
    two = page("south", text=joined("A woman of Dandong was seized.", "She was seized in Dandong at dusk.", *form))
    keep(one, quoting(woman(), one))
    october = Event(type="arrest", start=date(2026, 10, 2), end=date(2026, 10, 2), precision="day")
    (change,) = keep(two, quoting(woman(events=(october,)), two)).changes
    assert copy_noted(store, two) is not None
    assert change.kind == "new"
    assert len(store.cases.rows()) == 2


def test_five_reprints_are_five_tellings_one_origin_and_no_news(
    store: Store, keep: Keep, page: MakePage, woman: MakeReport, english: dict[str, Any]
) -> None:
    from cases.corroboration import origins

    kinds = []
    for number in range(5):
        reprint = page(f"outlet{number}", text=joined(*english["original"], f"{number} of our readers wrote to us."))
        kinds += [change.kind for change in keep(reprint, quoting(woman(), reprint)).changes]
    (case,) = store.cases.rows()
    assert kinds == ["new", "repeated", "repeated", "repeated", "repeated"]
    assert (len(case.tellings), origins(case.tellings), case.revision) == (5, 1, 1)
    independent = page("sixth", text=joined(*english["independent"]))
    (change,) = keep(independent, quoting(woman(), independent)).changes
    assert (change.kind, origins(change.case.tellings)) == ("corroborated", 2)
