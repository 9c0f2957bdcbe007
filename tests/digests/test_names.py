import pytest

from digests.names import country, direction, language
from digests.speech import speech


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


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("ko", ["북한", "한국", "중국", "러시아", "홍콩", "콩고민주공화국", "QQ"]),
        ("zh-Hans", ["朝鲜", "韩国", "中国", "俄罗斯", "香港", "刚果（金）", "QQ"]),
        ("ja", ["北朝鮮", "韓国", "中国", "ロシア", "香港", "コンゴ民主共和国", "QQ"]),
    ],
)
def test_states_have_the_names_that_the_press_of_a_language_uses(code: str, names: list[str]) -> None:
    assert [country(state, speech(code)) for state in ("KP", "KR", "CN", "RU", "HK", "CD", "QQ")] == names


def test_languages_are_named_in_the_language_of_the_reader() -> None:
    assert [language("zh-Hans", speech(code)) for code in ("ko", "zh", "ja")] == [
        "중국어(간체)",
        "简体中文",
        "中国語（簡体字）",
    ]
    assert [language(None, speech(code)) for code in ("ko", "zh", "ja")] == ["언어 미상", "语言不明", "言語不明"]
