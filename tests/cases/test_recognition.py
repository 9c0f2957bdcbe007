import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.decision import judge
from cases.extraction.filters import FILTERS
from cases.model import Article, Label, Verdict
from cases.plugins import CLASSIFIERS, load
from cases.recognition import RuleClassifier, Thresholds
from cases.recognition.weights import FEATURES, squeeze, total

TABLE = tomllib.loads((Path(__file__).parent / "data" / "patterns.toml").read_text("utf-8"))
PUBLISHED = datetime.fromisoformat(TABLE["published"]).replace(tzinfo=UTC)
CLOSED_BY_ONE = {
    "object": "The coffins of two workers were deported to Vietnam by the police on Tuesday.",
    "direction": "Two North Korean defectors were deported to South Korea by the Thai police on Tuesday.",
    "period": "In 1951 the police deported two students to Poland.",
    "compulsion": "On Tuesday 40 migrants were deported to Mali, all of them voluntarily, the police said.",
    "reality": "If arrested, 30 refugees would be deported to Eritrea by the police.",
    "total": "Algeria has deported 2,300 migrants to Niger since 2022, the police said.",
    "specificity": "Algeria deported migrants to Niger, the police said.",
}


def article(text: str, lang: str | None = "en", title: str = "") -> Article:
    return Article(url="https://magazine.example/a", title=title, text=text, lang=lang, published=PUBLISHED)


def verdict(text: str, lang: str | None = "en", title: str = "") -> Verdict:
    return RuleClassifier().classify(article(text, lang, title))


def named(rows: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(row, id=f"{row['lang']}: {row['like']}") for row in rows]


@pytest.mark.parametrize("row", named(TABLE["positive"]))
def test_each_positive_pattern_gives_one_report_of_its_stage_and_direction(row: dict[str, Any]) -> None:
    judgement = judge(article(row["text"], row["lang"]))
    assert judgement.verdict.label is Label.CASE_REPORT
    (report,) = judgement.reports
    assert report.stage == row["stage"]
    told = {"from": report.from_state, "to": report.to_state}
    assert {key: told[key] for key in told if key in row} == {key: row[key] for key in told if key in row}


@pytest.mark.parametrize("row", named(TABLE["negative"]))
def test_each_hard_negative_gives_no_report_and_its_label(row: dict[str, Any]) -> None:
    judgement = judge(article(row["text"], row["lang"]))
    assert judgement.reports == ()
    assert (judgement.verdict.report, judgement.verdict.label) == (False, row["label"])


def test_every_filter_has_a_text_that_it_alone_keeps_out() -> None:
    assert CLOSED_BY_ONE.keys() == FILTERS.keys()


@pytest.mark.parametrize("name", FILTERS)
def test_without_one_filter_its_text_passes_for_a_report(name: str) -> None:
    text = CLOSED_BY_ONE[name]
    others = {other: answer for other, answer in FILTERS.items() if other != name}
    assert not verdict(text).report
    assert RuleClassifier(filters=others).classify(article(text)).report


def test_the_score_is_the_sum_of_its_reasons_squeezed() -> None:
    found = verdict("Pakistan deported 220 Afghan refugees to Afghanistan on Sunday, border police said.")
    assert found.score == round(squeeze(total(found.reasons)), 3) > Thresholds().alert
    assert {reason.name for reason in found.reasons} <= FEATURES.keys()


def test_the_sentences_that_speak_are_shown_best_first() -> None:
    text = (
        "It was raining.\n\nPakistan deported 220 Afghan refugees to Afghanistan on Sunday, border police said. "
        "A woman was deported too."
    )
    found = verdict(text)
    assert found.evidence[0].text.startswith("Pakistan deported")
    assert all(text[quote.start : quote.end] == quote.text for quote in found.evidence)


def test_a_title_alone_decides_nothing() -> None:
    assert verdict("The market opened at nine.", title="Six Defectors Deported to North Korea").label is Label.UNRELATED


def test_a_text_in_a_language_without_a_pack_is_not_called_unrelated() -> None:
    assert verdict("Soud ho vydal zpět a nikdo o něm neslyšel.", lang=None).label is Label.UNSUPPORTED_LANGUAGE
    assert verdict("", lang=None).label is Label.UNSUPPORTED_LANGUAGE


def test_one_diplomat_in_an_article_does_not_silence_its_other_sentences() -> None:
    assert verdict(
        "The ambassador opened the meeting.\nPakistan deported 220 Afghan refugees to Afghanistan on Sunday, police said."
    ).report


def test_the_rules_are_registered_as_a_classifier() -> None:
    assert load(CLASSIFIERS, "rules") is RuleClassifier


def test_a_very_long_text_is_judged_in_bounded_steps() -> None:
    sentence = (
        "Police deported a man to North Korea after they were sent back by force and he would not be deported again "
    )
    assert len(verdict(sentence * 1_900).evidence) > 0


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "deported",
                "police",
                "to North Korea",
                "Kim Sun-hwa",
                "\x00",
                "\ud800",
                "“",
                "’s",
                ".",
                "\n",
                "forcibly",
                "her",
                "they",
                "두 명",
                "북송",
                "遣返",
                "送還",
                "12",
                "in May",
                "the next day",
                "was",
                "family of five",
                "arrested",
                "died",
                "…",
                "депортировали",
            ]
        ),
        max_size=40,
    ),
    st.sampled_from(["en", "ko", "zh-Hant", "ja", "fr", "es", "ru", None]),
)
def test_no_text_stops_the_judgement_and_all_its_evidence_stands_in_it(words: list[str], lang: str | None) -> None:
    text = " ".join(words)
    judgement = judge(article(text, lang))
    quotes = [*judgement.verdict.evidence, *(one for report in judgement.reports for one in report.evidence)]
    assert all(text[quote.start : quote.end] == quote.text for quote in quotes)


MOVED = "Border guards marched 27 Guineans back across the border to Mali on Tuesday."
"""A verb that only moves somebody, with all that makes it a return: who, by whom, and over which line."""


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday 27 Guineans were ferried back to Mali to see the cup final.",
        "Fans marched back across the border to Mali after the match on Tuesday.",
        "Border guards marched 27 Guineans to a tent on Tuesday.",
    ],
)
def test_a_verb_that_only_moves_somebody_needs_force_a_border_and_somebody(text: str) -> None:
    assert verdict(MOVED).report
    assert not verdict(text).report


def test_a_line_with_a_weak_verb_counts_less_in_a_long_article_than_alone() -> None:
    line = "On Tuesday the border guards flew 27 Guinean migrants home to Guinea."
    rest = "\n\nThe rest of the hearing was about roads and about the price of bread in the north." * 40
    alone, lost = verdict(line), verdict(line + rest)
    assert {reason.name for reason in lost.reasons} - {reason.name for reason in alone.reasons} == {
        "one line in a long article"
    }
    assert lost.score < alone.score
