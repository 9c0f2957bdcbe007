"""What happened when: each date with the event that it belongs to, and nothing that the text does not say."""

from datetime import UTC, date, datetime

from cases.decision import judge
from cases.extraction.dates import find_dates
from cases.model import Article, Report

PUBLISHED = datetime(2026, 10, 28, tzinfo=UTC)


def told(text: str, *, lang: str = "en", title: str = "") -> Report:
    article = Article(url="https://magazine.example/a/", title=title, text=text, lang=lang, published=PUBLISHED)
    [report] = judge(article).reports
    return report


def days(report: Report) -> dict[str, date | None]:
    return {event.type: event.start for event in report.events}


def test_each_date_belongs_to_the_verb_before_it() -> None:
    report = told(
        "Six North Koreans arrested in Changchun on October 2 were forcibly returned to North Korea on October 20."
    )
    assert days(report) == {"arrest": date(2026, 10, 2), "return": date(2026, 10, 20)}


def test_what_is_only_planned_is_no_event() -> None:
    report = told("Six North Koreans held in Tumen will be sent over the bridge to North Korea on November 3.")
    assert days(report) == {}


def test_a_return_without_a_date_of_its_own_is_not_dated_by_the_arrest() -> None:
    report = told("Six North Koreans arrested in Changchun on October 2 were forcibly returned to North Korea.")
    assert days(report) == {"arrest": date(2026, 10, 2)}


def test_a_date_behind_a_semicolon_is_about_something_else() -> None:
    report = told(
        "A North Korean woman was deported to North Korea by Chinese police; her daughter starts school this autumn."
    )
    assert "return" not in days(report)


def test_a_day_told_in_the_sentence_before_is_shown_with_that_sentence() -> None:
    text = (
        "The day was May 9, 2026. Four Chinese police officers seized the North Korean woman Ri Song-hwa. "
        "The next day Ri Song-hwa was forcibly deported to North Korea."
    )
    report = told(text)
    assert days(report) == {"arrest": date(2026, 5, 9), "return": date(2026, 5, 10)}
    place = next(number for number, event in enumerate(report.events) if event.type == "arrest")
    shown = [one.text for one in report.evidence if one.field == f"events[{place}]"]
    assert any("May 9, 2026" in text for text in shown)


def test_a_day_behind_a_verb_of_saying_is_the_day_of_the_statement() -> None:
    report = told(
        "Twelve Haitian migrants were deported to Haiti by Dominican police on October 20, a lawyer for them said Monday."
    )
    assert days(report) == {"return": date(2026, 10, 20)}


def test_a_day_before_a_quotation_is_the_day_of_the_statement() -> None:
    report = told("한 목사는 22일 “라오스 당국이 지난 9일 탈북민 4명을 중국으로 추방했다”고 말했다.", lang="ko")
    assert days(report) == {"return": date(2026, 10, 9)}


def test_a_bare_day_before_another_subject_is_the_day_of_the_statement() -> None:
    report = told("인권단체 새봄은 22일 이집트가 에리트레아인 30명을 본국으로 강제송환했다고 밝혔다.", lang="ko")
    assert days(report) == {}


def test_a_report_in_the_media_takes_one_date_and_leaves_the_others() -> None:
    report = told("중국 변방대가 지난 15일 탈북민 7명을 북한으로 강제송환했다고 한 매체가 20일 보도했다.", lang="ko")
    assert days(report) == {"return": date(2026, 10, 15), "media_report": date(2026, 10, 20)}


def test_the_day_of_the_way_told_next_is_the_day_of_the_return() -> None:
    report = told(
        "Twelve Haitian migrants have been deported to Haiti by Dominican police, a lawyer said. "
        "They were put on a bus to the border on October 20."
    )
    assert days(report) == {"return": date(2026, 10, 20)}


def test_a_year_told_in_passing_does_not_date_the_days_behind_it() -> None:
    text = "Her cousin has lived abroad since 2020, and on October 9 she was deported to Belarus."
    mention = find_dates(text, "en", published=PUBLISHED.date())[1]
    assert (mention.first, mention.precision) == (date(2026, 10, 9), "day")


def test_an_arrest_of_recent_weeks_has_no_date_of_its_own() -> None:
    report = told("Twelve Haitian migrants arrested in recent weeks were deported to Haiti on October 20.")
    assert days(report) == {"return": date(2026, 10, 20)}


def test_a_date_that_opens_a_sentence_dates_all_that_it_tells() -> None:
    report = told("On October 20 police in Changchun arrested six North Koreans and deported them to North Korea.")
    assert days(report) == {"arrest": date(2026, 10, 20), "return": date(2026, 10, 20)}


def test_the_date_of_a_dateline_is_that_of_nothing_told() -> None:
    report = told("SEOUL, October 21, 2026 — Six North Koreans were deported from China to North Korea, a group said.")
    assert days(report) == {}


def test_what_comes_by_noon_or_the_same_night_counts_from_the_day_named_last() -> None:
    report = told(
        "The lawyers confirmed on Tuesday that police arrested the Uzbek activist in Moscow on October 15 "
        "and that he had been deported to Uzbekistan by midnight."
    )
    assert days(report) == {"arrest": date(2026, 10, 15), "return": date(2026, 10, 15)}


def test_a_return_by_a_day_begins_with_the_arrest_told_beside_it() -> None:
    [event] = [
        one
        for one in told(
            "Police arrested the Uzbek activist in Moscow on October 15 and had deported him to Uzbekistan by October 17."
        ).events
        if one.type == "return"
    ]
    assert (event.start, event.end) == (date(2026, 10, 15), date(2026, 10, 17))


def test_what_a_headline_tells_is_dated_by_the_day_that_the_text_opens_with() -> None:
    report = told(
        "The plane left Changi on Friday, her lawyer said. She had asked for a stay.",
        title="Singapore deports Burmese nurse to Myanmar",
    )
    assert days(report) == {"return": date(2026, 10, 23)}


def test_where_times_stand_before_verbs_a_day_dates_the_return_that_follows_the_arrest() -> None:
    report = told(
        "エチオピア人9人が25日未明、ポーランドの国境警備隊に見つかり、柵の扉からベラルーシへ押し戻された。", lang="ja"
    )
    assert days(report)["return"] == date(2026, 10, 25)
