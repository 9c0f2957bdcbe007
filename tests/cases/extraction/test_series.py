"""Several returns in one breath become several reports, each with its own number, day and place."""

from datetime import UTC, date, datetime

from cases.decision import judge
from cases.model import Article, Report

PUBLISHED = datetime(2026, 10, 5, tzinfo=UTC)


def reports(text: str) -> tuple[Report, ...]:
    return judge(
        Article(url="https://magazine.example/a/", title="", text=text, lang="en", published=PUBLISHED)
    ).reports


def numbers(text: str) -> list[tuple[int, str]]:
    return [(report.persons.min, report.persons.qualifier) for report in reports(text) if report.persons]


LIST = (
    "Chinese police forcibly returned North Koreans three times, a helper said: 31 people by way of Tumen on September 2, "
    "12 on September 9, and about 50 by way of Dandong on September 20."
)


def test_each_number_with_a_day_of_its_own_is_a_report() -> None:
    assert numbers(LIST) == [(31, "exact"), (12, "exact"), (50, "about")]


def test_each_part_has_its_own_day_and_its_own_place() -> None:
    parts = [
        ([event.start for event in report.events], [place.name for place in report.places]) for report in reports(LIST)
    ]
    assert parts == [
        ([date(2026, 9, 2)], ["Tumen"]),
        ([date(2026, 9, 9)], []),
        ([date(2026, 9, 20)], ["Dandong"]),
    ]


def test_one_day_makes_no_list() -> None:
    text = "Chinese police forcibly returned 31 North Koreans on September 2, among them 12 children."
    assert numbers(text) == [(31, "exact")]


def test_every_part_is_tied_to_the_sentence_that_lists_it() -> None:
    for report in reports(LIST):
        fields = {one.field: one.text for one in report.evidence}
        assert fields["persons"] == fields["events[0]"] == LIST
