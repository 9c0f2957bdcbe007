"""From which State, to which, and where the danger is: by the words of the article, never by habit."""

import pytest

from cases.decision import judge
from cases.model import Article, Report


def told(text: str) -> Report:
    [report] = judge(Article(url="https://magazine.example/a/", title="", text=text, lang="en")).reports
    return report


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Thai police forcibly deported four Uyghur men to China on Monday.", ("TH", "CN")),
        ("Three Afghan refugees were deported from Pakistan to Afghanistan on Friday.", ("PK", "AF")),
        ("In Vladivostok a North Korean logger, 41, was arrested and forcibly returned to North Korea.", ("RU", "KP")),
        ("Two North Korean women were put over the bridge to North Korea, a guard in Dandong said.", (None, "KP")),
    ],
)
def test_the_way_is_read_from_the_sentence(text: str, way: tuple[str | None, str]) -> None:
    report = told(text)
    assert (report.from_state, report.to_state) == way


def test_a_return_by_way_of_another_state_keeps_both_legs() -> None:
    report = told(
        "Five young North Koreans were handed by Laotian border police to their Chinese colleagues, "
        "who in turn delivered them to North Korea."
    )
    assert (report.stage, report.from_state, report.to_state, report.risk_state) == (
        "indirect_completed",
        "LA",
        "CN",
        "KP",
    )
