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


@pytest.mark.parametrize(
    ("title", "snippet", "lang"),
    [
        (
            "Trinidad devuelve a 35 venezolanos en dos lanchas",
            "Una jueza había ordenado que los menores se quedaran.",
            "es",
        ),
        ("Argentina entrega a Bolivia a un dirigente", "El hombre esperaba respuesta a su pedido de refugio.", "es"),
        ("Expulsados de Túnez alcanzan Argelia", "Unos 140 migrantes de Guinea entraron el martes en Tébessa.", "es"),
    ],
)
def test_a_headline_and_its_snippet_are_read_as_one(title: str, snippet: str, lang: str) -> None:
    assert judged(title, snippet, lang).verdict.report
    assert not judged("", snippet, lang).verdict.report


def test_the_title_of_a_longer_article_is_read_as_its_first_line() -> None:
    text = "\n\n".join(f"{BRIEF} It rained for the {number}th day." for number in range(20))
    (report,) = judged(HEADLINE, text).reports
    assert (report.from_state, report.to_state) == ("BS", "HT")


def test_a_headline_is_no_report_where_all_that_the_text_tells_of_it_is_none() -> None:
    text = "The court ruled that the broker will be extradited to Canada under the treaty to stand trial for fraud."
    assert judged("Broker deported to Canada", "").verdict.report
    verdict = judged("Broker deported to Canada", text).verdict
    assert (verdict.report, verdict.label) == (False, "other_removal")


def test_a_brief_that_begins_with_its_title_has_its_headline_there() -> None:
    text = "Six Ugandans returned from Oman after sweep\nThey were held in a police centre for three weeks."
    judgement = judged("Six Ugandans returned from Oman after sweep", text)
    (report,) = judgement.reports
    assert (report.from_state, report.to_state) == ("OM", "UG")
    assert all(text[one.start : one.end] == one.text and one.part == "text" for one in report.evidence)


def test_a_bare_participle_is_a_passive_in_a_headline_alone() -> None:
    line = "Six Ugandans returned from Oman after sweep"
    below = "They had been held in a police centre for three weeks."
    assert judged(line, below).verdict.report
    assert not judged("News in short", f"{line}. {below}").verdict.report


def test_what_the_text_below_says_of_free_will_holds_for_the_headline() -> None:
    line = "Nine Malians flown home from Tunisia"
    assert judged(line, "Police took them to the airport in handcuffs on Monday.").verdict.report
    assert not judged(line, "They volunteered for the flight, police at the airport said on Monday.").verdict.report


def test_a_number_below_a_headline_makes_its_kind_of_people_countable() -> None:
    line = "Deportees tell of chains on flight"
    assert judged(line, "One of the 41 Ghanaians said that officers tied them at hands and feet.").verdict.report
    assert not judged(line, "The minister said that officers should not tie anybody.").verdict.report


def test_a_state_that_is_to_deport_a_number_announces_it_in_a_headline() -> None:
    assert judged("Maldives to deport 12 Bangladeshis", "The men would leave within days, police said.").verdict.report
    assert not judged("Plan to deport 12 million foreigners", "Police would leave within days, he said.").verdict.report
