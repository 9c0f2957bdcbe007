import re

import msgspec

from digests.archive import Fates, Issue, decoded, index_page, issue, shelves
from digests.rendering import render
from digests.sample import quiet_sample, sample
from digests.speech import speech
from digests.view import Digest


def issue_of(digest: Digest, fates: Fates | None = None, **more: str) -> Issue:
    document = decoded(render(digest).json)
    assert document is not None
    document |= more
    return issue(f"{document['period']}-{document['name']}", document, fates or Fates())


def test_an_issue_tells_what_its_digest_told() -> None:
    one = issue_of(sample())
    assert one.stem == "2026-11-23-weekly"
    assert one.day_words == "23 November 2026"
    assert [count.words for count in one.counts] == [
        *("2 urgent", "4 new", "1 updated", "1 corroborated", "1 withdrawn", "1 older"),
    ]
    assert one.failing == 1
    assert issue_of(quiet_sample()).counts == ()


def test_what_became_of_its_cases_since_stands_beside_it() -> None:
    fates = Fates(
        held_back=frozenset({"2026-0001"}), rejected=frozenset({"2026-0003"}), merged=frozenset({"2026-0004"})
    )
    one = issue_of(sample(), fates)
    assert (one.held_back, one.withdrawn, one.merged) == (("2026-0001",), ("2026-0003",), ("2026-0004",))
    page = index_page([one])
    assert "Held back since, and taken out: 2026-0001." in page
    assert "Withdrawn since, please do not rely on: 2026-0003." in page
    assert "Found to be another case since: 2026-0004." in page


def test_the_index_goes_by_list_and_newest_first_and_alerts_stand_behind_their_list() -> None:
    issues = [
        issue_of(sample(), created_at="2026-11-08T22:00:00Z", period="2026-11-09"),
        issue_of(sample(), created_at="2025-12-28T22:00:00Z", period="2025-12-29"),
        issue_of(sample(), created_at="2026-11-22T22:00:00Z", period="2026-11-23"),
        issue_of(sample(), created_at="2026-11-23T09:00:00Z", period="2026-11-23-0900", name="weekly.alerts"),
        issue_of(quiet_sample(), created_at="2026-11-21T07:00:00Z", period="2026-11-21", name="daily"),
    ]
    found = shelves(issues)
    assert [(one.name, one.alerts) for one in found] == [("weekly", False), ("weekly", True), ("daily", False)]
    assert [one.period for one in found[0].issues] == ["2026-11-23", "2026-11-09", "2025-12-29"]
    assert [year for year, _ in found[0].years] == [2026, 2025]
    page = index_page(issues)
    assert re.findall(r'class="issue" href="([^"]+)"', page) == [
        *("2026-11-23-weekly.html", "2026-11-09-weekly.html", "2025-12-29-weekly.html"),
        *("2026-11-23-0900-weekly.alerts.html", "2026-11-21-daily.html"),
    ]
    assert page.count("<h1") == 1
    assert "Nothing new" in page


def test_the_index_is_in_the_language_of_its_newest_digest() -> None:
    page = index_page([issue_of(sample(speech("ko")), period="2026-11-30"), issue_of(sample())])
    assert '<html lang="ko" dir="ltr">' in page
    assert "2026년 11월 30일" in page
    assert "Past digests" not in page


def test_a_period_that_is_no_day_is_told_by_when_the_digest_was_made() -> None:
    assert issue_of(sample(), period="asked-later").day_words == "22 November 2026"


def test_an_empty_archive_says_so() -> None:
    assert "The first digest that is sent will stand here." in index_page([])


def test_what_is_told_in_an_index_is_escaped() -> None:
    hostile = msgspec.structs.replace(issue_of(sample()), title="<script>alert(1)</script>")
    assert "<script" not in index_page([hostile])


def test_only_a_digest_is_read_as_one() -> None:
    assert decoded("{") is None
    assert decoded("[]") is None
    assert decoded('{"name": "x"}') is None
