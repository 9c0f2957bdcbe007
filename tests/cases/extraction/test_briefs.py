from datetime import UTC, datetime

import pytest

from cases.contract import to_contract
from cases.decision import judge
from cases.model import Article, Judgement

BRIEF = "Friday's charter left before dawn, the Haitian consulate in Nassau said. Relatives waited at the gate."
HEADLINE = "131 Haitians deported to Haiti by Bahamas police"


def judged(title: str, text: str, lang: str = "en") -> Judgement:
    return judge(Article(url="", title=title, text=text, lang=lang, published=datetime(2025, 3, 4, tzinfo=UTC)))


def test_the_title_of_a_brief_is_read_as_its_first_line() -> None:
    (report,) = judged(HEADLINE, BRIEF).reports
    assert (report.from_state, report.to_state) == ("BS", "HT")


def test_what_only_the_title_says_is_marked_so_and_counts_there() -> None:
    judgement = judged(HEADLINE, BRIEF)
    (report,) = judgement.reports
    stage = next(one for one in report.evidence if one.field == "stage")
    assert (stage.part, HEADLINE[stage.start : stage.end]) == ("title", HEADLINE)
    (case,) = to_contract("a", judgement)["cases"]
    assert {"field": "stage", "text": HEADLINE, "start": 0, "end": len(HEADLINE), "part": "title"} in case["evidence"]


@pytest.mark.parametrize("lead", ["", "Relatives waited. "])
def test_what_the_text_of_a_brief_says_counts_in_the_text(lead: str) -> None:
    text = f"{lead}On Monday the police deported 40 Malians to Mali, the ministry said."
    for quote in judged("Forty sent to Mali", text).verdict.evidence:
        assert (
            text[quote.start : quote.end] == quote.text if quote.part == "text" else quote.text == "Forty sent to Mali"
        )


def test_a_title_is_not_read_where_the_text_does_not_go_on_about_it() -> None:
    assert not judged(HEADLINE, "The market opened at nine.").verdict.report


def test_the_title_of_a_longer_article_is_not_read() -> None:
    text = "\n\n".join(f"{BRIEF} It rained for the {number}th day." for number in range(20))
    assert not judged(HEADLINE, text).verdict.report
