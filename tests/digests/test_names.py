import pytest

from digests.names import country, direction, language


def test_states_have_the_names_that_people_use() -> None:
    names = [country(code) for code in ("KP", "KR", "CN", "RU", "TR", "LA", "VN")]
    assert names == ["North Korea", "South Korea", "China", "Russia", "Türkiye", "Laos", "Vietnam"]
    assert country("QQ") == "QQ"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ko", "Korean"),
        ("zh-Hant", "Chinese (traditional)"),
        ("zh-TW", "Chinese (traditional)"),
        ("fr-CA", "French"),
        ("tlh", "Klingon"),
        ("xx", "xx"),
        ("../../en", "../../en"),
        (None, "language unknown"),
    ],
)
def test_a_language_is_named_by_its_code_or_the_code_it_begins_with(code: str | None, name: str) -> None:
    assert language(code) == name


def test_a_language_says_which_way_it_is_written() -> None:
    assert [direction(code) for code in ("ar", "ug-CN", "ko", None)] == ["rtl", "rtl", "ltr", "auto"]
