"""Figures: rates, intervals and tables over agreements."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.evaluation import GoldItem, evaluate
from cases.evaluation.figures import rate
from cases.evaluation.gold import GoldAnswer, GoldCase
from cases.model import Article, Judgement, Label, Mention, Report, Stage, Verdict

REPORT = Report(mention=Mention.PRIMARY, stage=Stage.COMPLETED)


def _item(number: int, *, report: bool, lang: str = "en") -> GoldItem:
    label = Label.CASE_REPORT if report else Label.UNRELATED
    answer = GoldAnswer(label=label, report=report, cases=(GoldCase(stage=Stage.COMPLETED),) if report else ())
    return GoldItem(id=f"{lang}-{number}", lang=lang, text=f"text {number}", gold=answer)


def _always(article: Article) -> Judgement:
    assert article.published is None or article.published < datetime.now(UTC)
    verdict = Verdict(label=Label.CASE_REPORT, report=True, score=0.9)
    return Judgement(verdict=verdict, lang=article.lang, reports=(REPORT,))


def test_whoever_flags_everything_has_all_recall_and_the_share_as_precision() -> None:
    items = [_item(n, report=n < 3) for n in range(12)]
    overall = evaluate(items, _always).overall
    assert overall.reports.recall.value == 1
    assert overall.reports.precision.value == pytest.approx(0.25)
    assert overall.reports.f1.value == pytest.approx(0.4)
    assert overall.flags_per_1000 == 1000
    assert overall.slots["cases"].precision.value == pytest.approx(0.25)


def test_languages_are_measured_apart() -> None:
    items = [_item(1, report=True), _item(1, report=False, lang="ko")]
    found = evaluate(items, _always).languages
    assert (found["en"].reports.precision.value, found["ko"].reports.precision.value) == (1, 0)


def test_the_confusion_table_counts_every_item_once() -> None:
    found = evaluate([_item(n, report=n < 3) for n in range(12)], _always).overall
    assert {(one.expected, one.given): one.count for one in found.confusion} == {
        (Label.CASE_REPORT, Label.CASE_REPORT): 3,
        (Label.UNRELATED, Label.CASE_REPORT): 9,
    }


def test_only_items_with_an_error_are_listed() -> None:
    found = evaluate([_item(1, report=True), _item(2, report=False)], _always)
    assert [one.item.id for one in found.wrong] == ["en-2"]


def test_what_could_not_be_counted_has_no_rate() -> None:
    assert rate(0, 0).value is None
    found = evaluate([_item(1, report=False)], _silent).overall
    assert found.reports.f1.value is None
    assert found.reports.precision.value is None


def _silent(article: Article) -> Judgement:
    return Judgement(verdict=Verdict(label=Label.UNRELATED, report=False, score=0), lang=article.lang)


def test_the_same_items_always_give_the_same_figures() -> None:
    items = [_item(n, report=n % 3 == 0) for n in range(30)]
    assert evaluate(items, _always) == evaluate(items, _always)


@given(of=st.integers(1, 500), right=st.integers(0, 500))
def test_a_rate_lies_in_its_interval_and_more_items_narrow_it(of: int, right: int) -> None:
    right = min(right, of)
    one, many = rate(right, of), rate(right * 10, of * 10)
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    assert many.low is not None
    assert many.high is not None
    assert 0 <= one.low <= one.value + 1e-9
    assert one.value - 1e-9 <= one.high <= 1
    assert many.high - many.low < one.high - one.low
