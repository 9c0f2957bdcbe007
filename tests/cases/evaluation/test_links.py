"""How linking is measured: pairs, suggestions and B-cubed, on labels and through the reading; and how good it is on the set."""

from collections import Counter
from datetime import date
from pathlib import Path

import msgspec
import pytest

from cases.decision import judge
from cases.errors import InputError
from cases.evaluation import LinkedItem, evaluate_links, load_linked
from cases.evaluation.linked import LinkedAct
from cases.evaluation.links import Placed, measured, place
from cases.linking import telling_of
from cases.model import Age, Article, Event, Mention, Persons, Place, Report, Stage, Victim

GOLD = Path(__file__).parents[2] / "gold" / "links"
DAY = date(2026, 11, 12)


def woman(age: int) -> Report:
    return Report(
        mention=Mention.PRIMARY,
        stage=Stage.COMPLETED,
        from_state="CN",
        to_state="KP",
        multiplicity="individual",
        persons=Persons(min=1, max=1),
        victims=(Victim(label="V1", sex="female", age=Age(min=age, max=age)),),
        events=(Event(type="arrest", start=DAY, end=DAY, precision="day"),),
        places=(Place(role="arrest", name="Hunchun", country="CN", level="county"),),
    )


def item(outlet: str, case: str, age: int = 34) -> LinkedItem:
    return LinkedItem(
        id=outlet,
        story=case,
        lang="en",
        published=DAY,
        source=outlet,
        title="",
        text=f"Text of {outlet}.",
        acts=(LinkedAct(case=case, report=woman(age)),),
    )


def placed(case: str, truth: str, *suggested: str) -> Placed:
    telling = telling_of(woman(34), Article(url="https://a.example/1", title="", text=""), "a")
    return Placed(id=f"{case} {truth}", truth=truth, case=case, telling=telling, suggested=suggested)


# -- the measure ------------------------------------------------------------------------------------------------------


def test_pairs_are_counted_and_errors_named() -> None:
    figures = measured([placed("1", "x"), placed("1", "x"), placed("1", "y"), placed("2", "x")])
    assert (figures.precision.of, figures.recall.of) == (3, 3)
    assert figures.precision.value == pytest.approx(1 / 3)
    assert figures.recall.value == pytest.approx(1 / 3)
    assert [one.cases for one in figures.wrong_merges] == [("x", "y"), ("x", "y")]
    assert [(one.one, one.other) for one in figures.misses] == [("1 x", "2 x"), ("1 x", "2 x")]


def test_b_cubed_averages_over_reports() -> None:
    figures = measured([placed("1", "x"), placed("1", "x"), placed("1", "y"), placed("2", "x")]).b_cubed
    assert figures.precision.value == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert figures.recall.value == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 / 3) / 4)


def test_a_suggestion_is_right_when_the_case_holds_another_report_of_it() -> None:
    figures = measured([placed("1", "x"), placed("2", "x", "1"), placed("3", "y", "1")])
    assert (figures.suggestions.value, figures.suggestions.of) == (0.5, 2)
    assert (figures.recall.value, figures.recall_with_suggestions.value) == (0, 1)


def test_nothing_to_count_gives_no_figure() -> None:
    figures = measured([])
    assert (figures.precision.value, figures.b_cubed.f1.value) == (None, None)


def test_labelled_reports_are_linked_as_a_crawl_would() -> None:
    told = place([item("a", "x"), item("b", "x"), item("c", "y", age=60)])
    assert [one.case for one in told] == ["000001", "000001", "000002"]


def test_what_is_not_read_is_missed_and_what_is_invented_is_a_case_of_its_own() -> None:
    read = {"https://a.example/a": [woman(34)], "https://b.example/b": [], "https://c.example/c": [woman(34)] * 2}
    figures = evaluate_links([item("a", "x"), item("b", "x"), item("c", "x")], lambda article: read[article.url])
    assert figures.recall.value == pytest.approx(1 / 3)
    assert [one.contradicts for one in figures.misses] == [("not read",)] * 2
    assert figures.reports == 4


def test_a_sum_over_a_period_stands_alone() -> None:
    total = msgspec.structs.replace(woman(34), multiplicity="aggregate_statistic")
    one, other = (
        msgspec.structs.replace(item(outlet, "sum"), acts=(LinkedAct(case="sum", report=total),)) for outlet in "ab"
    )
    assert len({told.case for told in place([one, other])}) == 2


# -- the set ----------------------------------------------------------------------------------------------------------


def test_the_set_is_large_enough_and_speaks_many_languages() -> None:
    items = load_linked(GOLD)
    acts = [act for item in items for act in item.acts]
    assert len(acts) >= 120
    assert len({act.case for act in acts}) >= 60
    assert {item.lang.partition("-")[0] for item in items} == {"en", "es", "fr", "ja", "ko", "ru", "zh"}
    assert Counter(Counter(act.case for act in acts).values())[1] >= 5


def test_labelled_reports_reach_the_target() -> None:
    figures = evaluate_links(load_linked(GOLD))
    assert figures.precision.value is not None
    assert figures.recall.value is not None
    assert figures.precision.value >= 0.99, figures.wrong_merges
    assert figures.recall.value >= 0.85, figures.misses
    assert figures.b_cubed.f1.value is not None
    assert figures.b_cubed.f1.value >= 0.95


def test_what_is_read_is_hardly_ever_merged_wrongly() -> None:
    figures = evaluate_links(load_linked(GOLD), lambda article: judge(article).reports)
    assert figures.precision.value is not None
    assert figures.precision.value >= 0.95, figures.wrong_merges


def test_a_set_is_found_below_the_folder_of_the_other_gold() -> None:
    assert load_linked(GOLD.parent) == load_linked(GOLD)


@pytest.mark.parametrize(("line", "words"), [('{"id": 1}', "line 1"), ("", "no labelled text")])
def test_a_set_that_cannot_be_read_says_where(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "en.jsonl").write_text(line)
    with pytest.raises(InputError, match=words):
        load_linked(tmp_path)
