"""One Korean name in several spellings has one sound; what is no Korean name has none."""

import pytest

from cases.romanising import sounds_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("김서진", "Kim Seo-jin"),
        ("김서진", "Gim Seojin"),
        ("Kim Seo-jin", "Seo-jin Kim"),
        ("리은별", "이은별"),
        ("리은별", "Lee Eun-byeol"),
        ("박영수", "Pak Young-su"),
        ("문하은", "Moon Ha-eun"),
        ("남궁 윤", "남궁윤"),
    ],
)
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    assert sounds_of(one) & sounds_of(other)


@pytest.mark.parametrize(("one", "other"), [("김서진", "Kim Seo-jun"), ("김서진", "Lee Seo-jin"), ("박영수", "박영순")])
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert not sounds_of(one) & sounds_of(other)


@pytest.mark.parametrize("name", ["", "김", "Kim", "Adoum Kelle", "金書珍", "Ким Со Чжин", "김 모 씨 (34)"])
def test_what_is_no_full_korean_name_has_no_sound(name: str) -> None:
    assert sounds_of(name) == frozenset()
