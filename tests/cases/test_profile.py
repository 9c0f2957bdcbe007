import pytest

from cases.decision import judge
from cases.errors import InputError
from cases.model import Article, Label
from cases.recognition import Profile, Thresholds

PLAIN = "Pakistan deported 220 Afghan refugees to Afghanistan on Sunday, border police said."
FAINT = "The officers returned 12 people on Sunday."
"""A verb with harmless senses, and no word of where to."""


def article(text: str, lang: str = "en") -> Article:
    return Article(url="", title="", text=text, lang=lang)


def test_below_its_alert_threshold_a_report_is_a_near_miss_and_gives_no_case() -> None:
    demanding = Profile(usual=Thresholds(alert=0.99, review=0.5))
    judgement = judge(article(PLAIN), profile=demanding)
    assert (judgement.verdict.report, judgement.verdict.near_miss, judgement.reports) == (False, True, ())
    assert judge(article(PLAIN)).verdict.label is Label.CASE_REPORT


def test_below_its_review_threshold_it_is_neither() -> None:
    verdict = judge(article(PLAIN), profile=Profile(usual=Thresholds(alert=0.995, review=0.99))).verdict
    assert (verdict.report, verdict.near_miss) == (False, False)


def test_a_report_is_never_a_near_miss_as_well() -> None:
    verdict = judge(article(PLAIN)).verdict
    assert (verdict.report, verdict.near_miss) == (True, False)


def test_a_language_may_have_thresholds_of_its_own() -> None:
    profile = Profile(languages={"en": Thresholds(alert=0.99, review=0.5)})
    assert not judge(article(PLAIN, "en-GB"), profile=profile).verdict.report
    assert profile.thresholds("ko") == profile.thresholds(None) == Thresholds()


def test_general_news_can_ask_more_of_verbs_that_have_harmless_senses() -> None:
    assert judge(article(FAINT)).verdict.report
    strict = judge(article(FAINT), profile=Profile(strict_verbs=True))
    assert (strict.verdict.report, strict.reports) == (False, ())
    assert judge(article(PLAIN), profile=Profile(strict_verbs=True)).verdict.report


@pytest.mark.parametrize(("alert", "review"), [(0.3, 0.5), (1.0, 0.3), (0.5, 0.0)])
def test_thresholds_out_of_order_are_refused(alert: float, review: float) -> None:
    with pytest.raises(InputError, match="0 < review <= alert < 1"):
        Thresholds(alert=alert, review=review)
