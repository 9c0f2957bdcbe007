from datetime import UTC, datetime

import msgspec

from cases.decision import decide, judge
from cases.model import Article, Label, Mention, Verdict
from cases.recognition import Profile
from cases.register import Opened

STORY = Article(
    url="https://magazine.example/a",
    title="A family waits",
    text="Chinese police arrested Ri Yong-sil, a North Korean defector, in Tumen. They deported her to North Korea on March 5.",
    lang="en",
    published=datetime(2024, 4, 1, tzinfo=UTC),
)


class Stubborn:
    """A classifier that calls everything a report."""

    def classify(self, article: Article, profile: Profile) -> Verdict:
        return Verdict(label=Label.CASE_REPORT, report=True, score=0.9)


def test_the_same_article_always_gives_the_same_judgement() -> None:
    assert judge(STORY) == judge(msgspec.structs.replace(STORY))


def test_the_language_that_the_article_says_is_kept_and_a_silent_one_is_found() -> None:
    assert judge(STORY).lang == "en"
    assert judge(msgspec.structs.replace(STORY, lang=None)).lang == "en"


def test_a_classifier_of_ones_own_gives_the_verdict_but_invents_no_report() -> None:
    silent = msgspec.structs.replace(STORY, text="The market opened at nine.")
    judgement = judge(silent, classifier=Stubborn())
    assert judgement.verdict.report
    assert judgement.reports == ()


def test_a_first_report_opens_a_case() -> None:
    decision = decide(STORY, judge(STORY), ())
    assert [type(effect) for effect in decision.effects] == [Opened]


def test_a_mere_reference_and_a_total_do_nothing_to_the_register() -> None:
    judgement = judge(STORY)
    (report,) = judgement.reports
    aside = (
        msgspec.structs.replace(report, mention=Mention.REFERENCE),
        msgspec.structs.replace(report, multiplicity="aggregate_statistic"),
    )
    assert decide(STORY, msgspec.structs.replace(judgement, reports=aside), ()).effects == ()
