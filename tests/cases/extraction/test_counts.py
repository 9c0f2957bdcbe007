"""Numbers of persons: their value, their qualifier, and who is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.extraction.counts import CountMention, find_counts
from cases.extraction.numerals import number_in
from cases.extraction.pack import LANGUAGES

ONE_COUNT = [
    # language, text, least, most, qualifier, kind
    ("en", "more than 450 refugees", 450, None, "more_than", "victims"),
    ("en", "at least 12 North Korean escapees", 12, None, "at_least", "victims"),
    ("en", "about 600 people", 600, 600, "about", "unknown"),
    ("en", "up to 2,000 asylum seekers", 1, 2000, "as_many_as", "victims"),
    ("en", "no more than 20 women", 1, 20, "at_most", "unknown"),
    ("en", "twenty-two North Korean women", 22, 22, "exact", "unknown"),
    ("en", "one hundred and fifty workers", 150, 150, "exact", "victims"),
    ("en", "200 to 300 people", 200, 300, "about", "unknown"),
    ("en", "dozens of refugees", 24, 99, "about", "victims"),
    ("en", "a group of nine", 9, 9, "exact", "unknown"),
    ("en", "three child refugees", 3, 3, "exact", "victims"),
    ("en", "two young police officers", 2, 2, "exact", "officers"),
    ("en", "four foreign activists", 4, 4, "exact", "other"),
    ("en", "seven were arrested", 7, 7, "exact", "unknown"),
    ("ko", "탈북민 두 명", 2, 2, "exact", "victims"),
    ("ko", "탈북자 30여 명", 30, 39, "more_than", "victims"),
    ("ko", "600여 명", 600, 699, "more_than", "unknown"),
    ("ko", "열다섯 명", 15, 15, "exact", "unknown"),
    ("ko", "수십 명", 24, 99, "about", "unknown"),
    ("ko", "최소 406명", 406, None, "at_least", "unknown"),
    ("ko", "3만 명", 30000, 30000, "exact", "unknown"),
    ("ko", "공안 2명", 2, 2, "exact", "officers"),
    ("zh-Hans", "约600名脱北者", 600, 600, "about", "victims"),
    ("zh-Hant", "約600名脫北者", 600, 600, "about", "victims"),
    ("zh-Hans", "十几人", 11, 19, "about", "unknown"),
    ("zh-Hans", "600多人", 600, 699, "more_than", "unknown"),
    ("zh-Hans", "三万二千人", 32000, 32000, "exact", "unknown"),
    ("zh-Hans", "两名警察", 2, 2, "exact", "officers"),
    ("ja", "脱北者70人以上", 70, None, "at_least", "victims"),
    ("ja", "600人余り", 600, 699, "more_than", "unknown"),
    ("ja", "200〜300人", 200, 300, "about", "unknown"),
    ("ja", "数十人", 20, 99, "about", "unknown"),
    ("ja", "３００人", 300, 300, "exact", "unknown"),
    ("ja", "教員2人とその妻子6人", 8, 8, "exact", "victims"),
    ("ja", "女性2人、男性3人", 5, 5, "exact", "victims"),
    ("en", "16 children and nine women", 25, 25, "exact", "unknown"),
    ("en", "about 40 men, two women and four children", 46, 46, "about", "unknown"),
    ("es", "16 niños venezolanos y a nueve mujeres", 25, 25, "exact", "victims"),
    ("fr", "trois hommes, deux femmes et quatre enfants", 9, 9, "exact", "unknown"),
    ("ru", "троих мужчин, двух женщин и четверых детей", 9, 9, "exact", "unknown"),
    ("zh-Hans", "16名儿童和9名妇女", 25, 25, "exact", "unknown"),
    ("ja", "子ども16人と女性9人", 25, 25, "exact", "unknown"),
    ("ko", "어린이 16명과 여성 9명", 25, 25, "exact", "unknown"),
    ("en", "40 of the 48 Uyghurs", 40, 40, "exact", "victims"),
    ("es", "40 de los 48 uigures", 40, 40, "exact", "victims"),
    ("fr", "40 des 48 Ouïghours", 40, 40, "exact", "victims"),
    ("ru", "40 из 48 уйгуров", 40, 40, "exact", "victims"),
    ("zh-Hans", "48名维吾尔人中的40人", 40, 40, "exact", "victims"),
    ("ko", "위구르족 48명 중 40명", 40, 40, "exact", "victims"),
    ("en", "four sisters and their uncle", 5, 5, "exact", "unknown"),
    ("es", "Cuatro hermanas y su tío", 5, 5, "exact", "unknown"),
    ("fr", "Quatre sœurs et leur oncle", 5, 5, "exact", "unknown"),
    ("ru", "Мать и двоих её детей", 3, 3, "exact", "unknown"),
    ("ru", "Супругов и их трёхлетнего сына", 3, 3, "exact", "unknown"),
    ("zh-Hans", "一名母亲和她的两个孩子", 3, 3, "exact", "unknown"),
    ("ja", "姉妹4人とおじ", 5, 5, "exact", "unknown"),
    ("ko", "어머니와 자녀 2명", 3, 3, "exact", "unknown"),
    ("fr", "quelque 600 réfugiés", 600, 600, "about", "victims"),
    ("fr", "plus de 1 200 Nord-Coréens", 1200, None, "more_than", "victims"),
    ("fr", "deux policiers", 2, 2, "exact", "officers"),
    ("fr", "quelque deux cents Camerounais", 200, 200, "about", "victims"),
    ("fr", "plusieurs dizaines d’Haïtiens", 24, 99, "about", "victims"),
    ("fr", "trois gendarmes camerounais", 3, 3, "exact", "officers"),
    ("ru", "около 600 беженцев", 600, 600, "about", "victims"),
    ("ru", "двух полицейских", 2, 2, "exact", "officers"),
    ("es", "unos 600 refugiados", 600, 600, "about", "victims"),
    ("es", "más de 500 norcoreanos", 500, None, "more_than", "victims"),
    ("it", "8 mila rifugiati", 8000, 8000, "exact", "victims"),
    ("it", "due poliziotti", 2, 2, "exact", "officers"),
    ("de", "rund 600 Flüchtlinge", 600, 600, "about", "victims"),
    ("de", "neun junge Flüchtlinge", 9, 9, "exact", "victims"),
]

FAMILIES = [
    ("en", "a family of five", 5),
    ("en", "the couple", 2),
    ("en", "a mother and daughter", 2),
    ("en", "a mother and her two daughters", 3),
    ("ko", "일가족 5명", 5),
    ("ko", "부부가", 2),
    ("ko", "모녀가", 2),
    ("zh-Hans", "一家五口", 5),
    ("zh-Hans", "母子", 2),
    ("ja", "一家5人", 5),
    ("ja", "夫婦", 2),
    ("fr", "une famille de cinq", 5),
    ("fr", "les parents et leurs trois enfants", 5),
    ("fr", "Mariam et ses deux filles", 3),
    ("fr", "une veuve et son fils", 2),
    ("fr", "un couple et ses quatre enfants", 6),
    ("ru", "семья из пяти человек", 5),
    ("ru", "супругов и их троих детей", 5),
    ("es", "una familia de cinco", 5),
    ("it", "una famiglia di cinque", 5),
    ("de", "eine fünfköpfige Familie", 5),
    ("en", "a Sudanese couple and their three daughters", 5),
    ("en", "a married couple and their baby", 3),
    ("es", "un matrimonio hondureño y sus dos hijos", 4),
    ("fr", "un couple érythréen et de ses quatre enfants", 6),
    ("ko", "이란인 부부와 자녀 2명", 4),
    ("ko", "이란인 부부와 네 살 아들이 송환됐다", 3),
    ("ja", "女性と子ども3人", 4),
    ("ja", "夫婦と子ども3人", 5),
    ("ja", "夫婦と6歳の長女", 3),
    ("zh-Hans", "一对夫妇和他们的三名子女", 5),
    ("zh-Hant", "夫婦帶著2歲女兒", 3),
]

NOBODY = [
    (
        "en",
        "F-22 pilots waited 30 days and paid $500; 90 percent of them, in 2014 police said, and on May 4, 2016 officials.",
    ),
    ("en", "three police stations, 60 human rights groups, five women's groups, and a couple of days"),
    ("en", "one of the worst crimes against women"),
    ("en", "his wife of 18 years was held for ten days"),
    ("ko", "구명 뗏목과 일명 보트피플, 사명과 오명"),
    ("ko", "2년 전 3일간 5만 위안을 냈다"),
    ("zh-Hans", "五个人权组织，30天，2014年，11个月大"),
    ("ja", "3日間、5年前、2人権団体"),
    ("fr", "trente jours, deux ans et trois organisations"),
    ("ru", "двое суток, 30 дней, 1 сентября начнёт высылать афганцев, 5 тысяч рублей"),
]


def only(text: str, lang: str) -> CountMention:
    mentions = find_counts(text, lang)
    assert len(mentions) == 1, mentions
    return mentions[0]


@pytest.mark.parametrize(("lang", "text", "least", "most", "qualifier", "kind"), ONE_COUNT)
def test_a_number_keeps_its_value_its_qualifier_and_its_kind(
    lang: str, text: str, least: int, most: int | None, qualifier: str, kind: str
) -> None:
    mention = only(text, lang)
    persons = mention.persons
    assert (persons.min, persons.max, persons.qualifier, mention.kind) == (least, most, qualifier, kind)


@pytest.mark.parametrize(("lang", "text", "number"), FAMILIES)
def test_a_family_or_a_couple_is_counted_as_one_group(lang: str, text: str, number: int) -> None:
    mention = only(text, lang)
    assert (mention.persons.min, mention.persons.max, mention.family) == (number, number, True)


def test_families_are_two_persons_each_at_the_least() -> None:
    mention = only("около двухсот афганских семей", "ru")
    assert (mention.persons.min, mention.persons.max, mention.family) == (400, None, True)


@pytest.mark.parametrize(("lang", "text"), NOBODY)
def test_what_is_no_number_of_persons_is_not_counted(lang: str, text: str) -> None:
    assert find_counts(text, lang) == ()


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "12 minors, seven boys and five girls", [(12, False), (7, True), (5, True)]),
        ("zh-Hans", "12名儿童，7名男童和5名女童", [(12, False), (12, False)]),
        ("zh-Hans", "40名男子，12名女子获释", [(40, False), (12, False)]),
        ("ko", "탈북민 30명 중 12명이 여성이다", [(30, False), (12, True)]),
        ("fr", "douze enfants, sept garçons et cinq filles", [(12, False), (7, True), (5, True)]),
        ("en", "nine refugees, including two children and three women", [(9, False), (2, True), (3, True)]),
        ("en", "nine, including an 11-month-old, were sent back", [(9, False)]),
        ("en", "Nine refugees were held; two of them were freed.", [(9, False), (2, True)]),
        ("zh-Hans", "92名难民，其中包括11名儿童和4名老人", [(92, False), (11, True), (4, True)]),
        ("zh-Hans", "包括3名儿童在内的12名脱北者被捕", [(3, True), (12, False)]),
        ("ja", "脱北者12人、うち子供3人", [(12, False), (3, True)]),
        ("ja", "子ども3人を含む脱北者16人", [(3, True), (16, False)]),
        ("ja", "母親と子ども3人の計4人", [(4, False), (4, False)]),
        ("ko", "어린이 2명을 포함한 탈북민 9명", [(2, True), (9, False)]),
        ("ko", "탈북민 9명(어린이 2명 포함)", [(9, False), (2, True)]),
        ("fr", "neuf réfugiés, dont deux enfants et trois femmes", [(9, False), (2, True), (3, True)]),
    ],
)
def test_a_part_of_a_total_is_marked_and_never_added(lang: str, text: str, expected: list[tuple[int, bool]]) -> None:
    assert [(mention.persons.min, mention.part) for mention in find_counts(text, lang)] == expected


def test_raw_and_noun_are_as_printed() -> None:
    mention = only("They held more than 450 North Korean refugees.", "en")
    assert (mention.raw, mention.noun, mention.persons.raw) == (
        "more than 450 North Korean refugees",
        "refugees",
        "more than 450 North Korean refugees",
    )


@pytest.mark.parametrize(
    ("language", "numeral", "value"),
    [
        ("en", "two hundred and fifty", 250),
        ("en", "three thousand two hundred", 3200),
        ("en", "1,076", 1076),
        ("ko", "열다섯", 15),
        ("ko", "스물두", 22),
        ("ko", "1만2천", 12000),
        ("zh", "三百五十", 350),
        ("zh", "十五", 15),
        ("ja", "二千三百", 2300),
        ("fr", "quatre-vingt-dix", 90),
        ("fr", "soixante et onze", 71),
        ("ru", "двадцать пять", 25),
        ("ru", "4,2 тыс", 4200),
        ("ru", "полутора десятков", 15),
        ("es", "treinta y cinco", 35),
        ("en", "", None),
        ("en", "9,999,999,999", None),
    ],
)
def test_numerals_are_read_in_words_and_digits(language: str, numeral: str, value: int | None) -> None:
    assert number_in(numeral, language) == value


texts = st.lists(
    st.one_of(st.sampled_from([text for _, text, *_ in ONE_COUNT + FAMILIES]), st.text(max_size=12)), max_size=6
).map(" ".join)


@given(text=texts, lang=st.sampled_from(LANGUAGES))
def test_every_count_is_a_stretch_of_the_text_and_a_sane_interval(text: str, lang: str) -> None:
    for mention in find_counts(text, lang):
        assert text[mention.start : mention.end] == mention.raw
        assert mention.persons.min >= 0
        assert mention.persons.max is None or mention.persons.min <= mention.persons.max


@given(text=texts, lang=st.sampled_from(LANGUAGES))
def test_a_text_told_twice_gives_the_same_counts_twice(text: str, lang: str) -> None:
    once = [(mention.raw, mention.kind, mention.part) for mention in find_counts(text, lang)]
    twice = find_counts(f"{text}\n\n.\n\n{text}", lang)
    assert [(mention.raw, mention.kind, mention.part) for mention in twice] == once * 2


@pytest.mark.parametrize(
    "unit", ["one ", "one hundred ", "two men and ", "more than two of the ", "열 ", "三", "1,000,", " "]
)
def test_two_hundred_thousand_hostile_characters_are_read_to_the_end(unit: str) -> None:
    text = unit * (200_000 // len(unit)) + "\n.\nnine refugees\n탈북민 9명\n9名难民\n"
    for lang, expected in (("en", "nine refugees"), ("ko", "탈북민 9명"), ("zh", "9名难民")):
        assert find_counts(text, lang)[-1].raw == expected
