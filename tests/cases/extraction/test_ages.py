"""Ages and bands of ages, in whole years and as printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.extraction.ages import find_ages
from cases.extraction.pack import LANGUAGES

AGES = [
    ("en", "a man in his sixties", 60, 69),
    ("en", "a woman in her early 30s", 30, 33),
    ("en", "a nine-year-old girl", 9, 9),
    ("en", "an 11-month-old", 0, 0),
    ("en", "a 14-month-old boy", 1, 1),
    ("en", "nine people aged 15 to 23", 15, 23),
    ("en", "aged 70", 70, 70),
    ("en", "Pak Mi-ran, 34, was held", 34, 34),
    ("en", "Pak Mi-ran (34) was held", 34, 34),
    ("en", "under the age of 18", 0, 17),
    ("en", "children under age 5", 0, 4),
    ("en", "over 60 years old", 60, None),
    ("ko", "60대 남성", 60, 69),
    ("ko", "20대 초반", 20, 23),
    ("ko", "김모(31.여) 씨", 31, 31),
    ("ko", "4살 난 딸", 4, 4),
    ("ko", "열 살", 10, 10),
    ("ko", "18세 미만", 0, 17),
    ("zh-Hans", "60多岁", 60, 69),
    ("zh-Hant", "九歲女童", 9, 9),
    ("zh-Hans", "11个月大", 0, 0),
    ("ja", "50代", 50, 59),
    ("ja", "３４歳", 34, 34),
    ("ja", "生後11か月", 0, 0),
    ("fr", "âgée de 34 ans", 34, 34),
    ("fr", "un bébé de 11 mois", 0, 0),
    ("fr", "la soixantaine", 60, 69),
    ("fr", "un Guinéen de 19 ans", 19, 19),
    ("fr", "Amadou, 33 ans, maçon", 33, 33),
    ("ru", "34-летняя женщина", 34, 34),
    ("ru", "в возрасте 60 лет", 60, 60),
    ("es", "una niña de nueve años", 9, 9),
    ("it", "un uomo di 34 anni", 34, 34),
    ("de", "die 34-jährige Frau", 34, 34),
    ("de", "im Alter von 34 Jahren", 34, 34),
    ("es", "menores de 18 años", 0, 17),
]


@pytest.mark.parametrize(("lang", "text", "least", "most"), AGES)
def test_an_age_is_a_band_of_whole_years(lang: str, text: str, least: int, most: int | None) -> None:
    (mention,) = find_ages(text, lang)
    assert (mention.age.min, mention.age.max) == (least, most)
    assert mention.age.raw == mention.raw == text[mention.start : mention.end]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "his wife of 18 years, in the 1960s, two years ago, on January 23, 2016, she"),
        ("en", "the minister, 60,600 people, from 2001-14, the year after, 1,000 people"),
        ("en", "held for ten days, 11 months of waiting"),
        ("ko", "2년 전, 3일간"),
        ("zh-Hans", "两年前，十天"),
    ],
)
def test_other_numbers_of_years_are_no_ages(lang: str, text: str) -> None:
    assert find_ages(text, lang) == ()


@given(
    text=st.lists(st.one_of(st.sampled_from([text for _, text, *_ in AGES]), st.text(max_size=12)), max_size=6).map(
        " ".join
    ),
    lang=st.sampled_from(LANGUAGES),
)
def test_every_age_is_a_stretch_of_the_text_and_a_sane_band(text: str, lang: str) -> None:
    for mention in find_ages(text, lang):
        assert text[mention.start : mention.end] == mention.raw
        assert mention.age.min >= 0
        assert mention.age.max is None or mention.age.min <= mention.age.max
