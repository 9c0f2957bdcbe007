import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ConfigError
from digests.speech import ENGLISH, offered, preferred, speech


@pytest.mark.parametrize(
    ("asked", "given_code"),
    [
        ("en", "en"),
        ("EN-gb", "en"),
        ("ko", "ko"),
        ("ko_KR", "ko"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        (" ja ", "ja"),
    ],
)
def test_a_language_is_found_by_its_code_as_people_write_it(asked: str, given_code: str) -> None:
    assert offered(asked) == given_code
    assert speech(asked).code == given_code


@pytest.mark.parametrize("asked", ["", "fr", "zh-Hant", "zh-TW", "../../etc/passwd", "ko\r\nBcc: x", "k" * 5000, "kok"])
def test_a_language_that_is_not_offered_is_refused_in_a_sentence(asked: str) -> None:
    with pytest.raises(
        ConfigError, match=r"is no language in which a digest can be worded; there are: en, ko, zh-Hans, ja"
    ) as told:
        speech(asked)
    assert len(str(told.value)) < 160
    assert "\n" not in str(told.value)


@given(st.text(max_size=30))
def test_no_code_breaks_the_choice(asked: str) -> None:
    with suppress(ConfigError):
        assert offered(asked) in {"en", "ko", "zh-Hans", "ja"}


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("fr-FR, fr;q=0.9, ja;q=0.5, en;q=0.4", "ja"),
        ("en;q=0.3, zh-CN;q=0.8", "zh-Hans"),
        ("fr", "en"),
        ("ko;q=0", "en"),
        ("", "en"),
        ("*, ko;q=x, ;;q=, ja;q=nan", "en"),
        ("ko," * 5000, "ko"),
    ],
)
def test_a_browser_gets_the_best_of_what_it_accepts(accepted: str, code: str) -> None:
    assert preferred(accepted).code == code


@given(st.text(max_size=80))
def test_no_header_of_a_browser_breaks_the_choice(accepted: str) -> None:
    assert preferred(accepted).code in {"en", "ko", "zh-Hans", "ja"}


def test_words_in_a_row_are_joined_as_the_language_does() -> None:
    assert [ENGLISH.listed(["a"]), ENGLISH.listed(["a", "b"]), ENGLISH.listed(["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [speech(code).listed(["가", "나", "다"]) for code in ("ko", "zh", "ja")] == [
        "가, 나 및 다",
        "가、나和다",
        "가、나、다",
    ]
    assert [speech(code).row(["a", "b"]) for code in ("en", "ko", "zh", "ja")] == ["a, b", "a, b", "a，b", "a、b"]
    assert [speech(code).sentences(["a.", "", "b."]) for code in ("en", "zh")] == ["a. b.", "a.b."]
    assert [speech(code).clauses(["a", "", "b"]) for code in ("en", "zh")] == ["a; b", "a；b"]


def test_a_number_of_things_is_counted_by_the_rules_of_the_language() -> None:
    def said(code: str, count: int) -> str:
        return speech(code).ngettext("{count} report", "{count} reports", count)

    assert [said("en", n) for n in (0, 1, 2, 1200)] == ["0 reports", "1 report", "2 reports", "1,200 reports"]
    assert [said(code, 1200) for code in ("ko", "zh", "ja")] == ["보도 1,200건", "1,200篇报道", "報道1,200件"]


def test_a_process_whose_own_language_is_another_words_the_same() -> None:
    """The locale of the machine must never show: mails of one digest would differ from server to server."""
    script = "from digests.speech import speech; import datetime as d; s = speech('ja'); print(ascii(s.day(d.date(2026, 11, 22)) + s.figures(1200)))"
    for locale in ("C", "de_DE.UTF-8"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={"LC_ALL": locale, "LANGUAGE": locale, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stdout.strip() == ascii("2026年11月22日1,200")
