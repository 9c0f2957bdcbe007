"""Who was returned: each with the name, age and sex that stand with that person, and nothing that is told of another."""

from datetime import UTC, datetime

import pytest

from cases.decision import judge
from cases.model import Article, Report

PUBLISHED = datetime(2026, 10, 28, tzinfo=UTC)


def told(text: str, lang: str = "en") -> Report:
    article = Article(url="https://magazine.example/a/", title="", text=text, lang=lang, published=PUBLISHED)
    return judge(article).reports[0]


def victims(report: Report) -> list[tuple[str | None, str | None, int | None]]:
    return [(one.name, one.sex, one.age.min if one.age else None) for one in report.victims]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("ja", "入管当局は20日、ハイチ人の兄妹2人、12歳の少年と8歳の妹をハイチに強制送還した。", [(None, "male", 12), (None, "female", 8)]),
        (
            "ja",
            "中国当局は脱北女性2人を北朝鮮に強制送還した。2人は40代のリさんと20代のチェさんで、延吉で働いていた。",
            [("リ", "female", 40), ("チェ", "female", 20)],
        ),
        (
            "zh-Hant",
            "泰國當局將兩名越南社運人士強制遣返越南。兩人分別是41歲的巴爾孔・阿里耶夫與28歲的達烏德・薩利莫夫。",
            [("巴爾孔・阿里耶夫", None, 41), ("達烏德・薩利莫夫", None, 28)],
        ),
    ],
    ids=["two children without names", "two women by surname", "two names before a connective"],
)  # fmt: skip
def test_each_of_a_group_has_the_age_and_sex_that_stand_with_that_one(
    lang: str, text: str, expected: list[tuple[str | None, str | None, int | None]]
) -> None:
    assert victims(told(text, lang)) == expected


def test_the_wife_of_the_one_returned_does_not_make_a_woman_of_him() -> None:
    report = told(
        "당국은 몽골인 노동자 윤모(43) 씨를 지난 20일 몽골로 강제 추방했다. 윤 씨의 아내는 한국에 남았다.", "ko"
    )
    assert [one.sex for one in report.victims] != ["female"]


def test_months_of_pregnancy_are_no_age() -> None:
    report = told(
        "China repatrió a la fuerza a 30 norcoreanos. Entre los devueltos figura una mujer embarazada de seis meses.",
        "es",
    )
    assert [one.age for one in report.victims] == [None]
