"""Names of persons: found by what marks them as names, and never more certain than the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.extraction.names import document_pseudonyms, find_names
from cases.extraction.pack import LANGUAGES

NAMES = [
    # language, text, raw, name, surname only, pseudonym
    ("en", "The police took Pak Mi-ran away.", "Pak Mi-ran", "Pak Mi-ran", False, None),
    ("en", "The police took Pak Mi Ran away.", "Pak Mi Ran", "Pak Mi Ran", False, None),
    ("en", "The police took Pak Miran away.", "Pak Miran", "Pak Miran", False, None),
    ("en", "The police took Mi-ran Park away.", "Mi-ran Park", "Mi-ran Park", False, None),
    ("en", "A man told Deng Ruo of it.", "Deng Ruo", "Deng Ruo", False, None),
    ("en", "He told Ouyang Ping of it.", "Ouyang Ping", "Ouyang Ping", False, None),
    ("en", "They asked about Ms. Pak’s papers.", "Ms. Pak", "Pak", True, None),
    ("en", "a man known as Mr. A", "Mr. A", "A", True, None),
    ("en", "a girl surnamed Choi", "surnamed Choi", "Choi", True, None),
    ("en", "They met Pak Mi-ran (pseudonym).", "Pak Mi-ran (pseudonym)", "Pak Mi-ran", False, True),
    ("en", "They met Alim Qadir (not his real name).", "Alim Qadir (not his real name)", "Alim Qadir", False, True),
    ("en", "under the pseudonym Mary Poe,", "pseudonym Mary Poe", "Mary Poe", False, True),
    ("ko", "최 모씨는", "최 모씨", "최", True, None),
    ("ko", "김모(31.여) 씨가", "김모(31.여) 씨", "김", True, None),
    ("ko", "A씨는", "A씨", "A", True, None),
    ("ko", "박미란(가명) 씨는", "박미란(가명) 씨", "박미란", False, True),
    ("zh-Hans", "李某某告诉记者", "李某某", "李某某", True, None),
    ("zh-Hans", "金某（化名）说", "金某（化名）", "金某", True, True),
    ("zh-Hant", "崔姓女童", "崔姓女童", "崔", True, None),
    ("zh-Hans", "朴美兰（音译）", "朴美兰（音译）", "朴美兰", False, None),
    ("ja", "Kさん（50代）は", "Kさん", "K", True, None),
    ("ja", "朴美蘭さん（仮名）は", "朴美蘭さん（仮名）", "朴美蘭", False, True),
    ("fr", "Selon Amadou Sarr, 33 ans, maçon", "Amadou Sarr", "Amadou Sarr", False, None),
    ("fr", "la famille d’Aslan D. attend", "Aslan D.", "Aslan D.", False, None),
    ("fr", "Pak Mi-ran (nom d’emprunt) dit", "Pak Mi-ran (nom d’emprunt)", "Pak Mi-ran", False, True),
    ("ru", "Пак Ми Ран (имя изменено) сказала", "Пак Ми Ран (имя изменено)", "Пак Ми Ран", False, True),
    ("ru", "гражданку Зухру Одилову задержали", "Зухру Одилову", "Зухра Одилова", False, None),
    (
        "ru",
        "Рустаму Назаровичу Ходжаеву отказали",
        "Рустаму Назаровичу Ходжаеву",
        "Рустаму Назаровичу Ходжаеву",
        False,
        None,
    ),
    ("ru", "за Рустама Ходжаева вступились", "Рустама Ходжаева", "Рустам Ходжаев", False, None),
    ("ru", "Игорю Станкевичу предписано уехать", "Игорю Станкевичу", "Игорь Станкевич", False, None),
    ("it", "Pak Mi-ran (pseudonimo) disse", "Pak Mi-ran (pseudonimo)", "Pak Mi-ran", False, True),
    ("de", "Pak Mi-ran (Name geändert) sagte", "Pak Mi-ran (Name geändert)", "Pak Mi-ran", False, True),
    ("es", "Pak Mi-ran (seudónimo) dijo", "Pak Mi-ran (seudónimo)", "Pak Mi-ran", False, True),
]


@pytest.mark.parametrize(("lang", "text", "raw", "name", "surname_only", "pseudonym"), NAMES)
def test_a_name_is_found_with_its_honorific_and_mark(
    lang: str, text: str, raw: str, name: str, surname_only: bool, pseudonym: bool | None
) -> None:
    (mention,) = find_names(text, lang)
    assert (mention.raw, mention.name) == (raw, name)
    assert (mention.surname_only, mention.pseudonym) == (surname_only, pseudonym)


@pytest.mark.parametrize(
    "text",
    [
        "in Kim Jong Suk county, across the river",
        "Human Rights Watch said so. Bitter Winter told it. Radio Free Asia said it.",
        "Authorities Deport Pregnant Defector Pak Mi-ran Again",
        "the Song Dynasty, the Han Chinese, Park Police and the Long March",
        "So Kim of the ministry, He Said, and An American",
        "in Ji'an, Longjing and Tumen",
    ],
)
def test_places_organisations_headlines_and_capitals_are_no_persons(text: str) -> None:
    assert find_names(text, "en") == ()


def test_a_name_once_called_a_pseudonym_is_one_everywhere() -> None:
    found = find_names(
        "Pak Mi-ran (pseudonym) fled. Ms. Pak was held. Then Pak Mi-ran was returned, and Ms. Deng wept.", "en"
    )
    assert [(mention.name, mention.pseudonym) for mention in found] == [
        ("Pak Mi-ran", True),
        ("Pak", True),
        ("Pak Mi-ran", True),
        ("Deng", None),
    ]


def test_an_inflected_surname_alone_is_the_person_of_that_name() -> None:
    mentions = find_names("Тимур Ярышев пропал. Позже Ярышева нашли, а к Ярышеву пустили мать.", "ru")
    assert [mention.name for mention in mentions] == ["Тимур Ярышев"] * 3


def test_a_head_of_state_is_marked_as_a_public_figure() -> None:
    (mention,) = find_names("Under Kim Jong-un nothing changed.", "en")
    assert mention.public_figure


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "(All names in this story are pseudonyms)", True),
        ("en", "The names have been changed for safety.", True),
        ("en", "All names are real.", False),
        ("en", "Her name is not known.", None),
        ("ko", "기사 속 이름은 모두 가명이다.", True),
        ("zh-Hans", "文中人名均为化名。", True),
        ("ja", "人名はすべて仮名。", True),
        ("fr", "Tous les prénoms ont été changés.", True),
        ("ru", "Все имена изменены.", True),
        ("es", "Todos los nombres han sido cambiados.", True),
    ],
)
def test_a_text_may_say_that_all_its_names_are_pseudonyms(lang: str, text: str, expected: bool | None) -> None:
    assert document_pseudonyms(text, lang) is expected


texts = st.lists(st.one_of(st.sampled_from([text for _, text, *_ in NAMES]), st.text(max_size=12)), max_size=5).map(
    " ".join
)


@given(text=texts, lang=st.sampled_from(LANGUAGES))
def test_every_name_is_a_stretch_of_the_text(text: str, lang: str) -> None:
    for mention in find_names(text, lang):
        assert text[mention.start : mention.end] == mention.raw
        assert mention.name
        assert mention.pseudonym in {True, None}


@given(text=texts, lang=st.sampled_from(LANGUAGES))
def test_a_text_told_twice_gives_the_same_names_twice(text: str, lang: str) -> None:
    once = [mention.raw for mention in find_names(text, lang)]
    twice = find_names(f"{text}\n\n{'.' * 300}\n\n{text}", lang)
    assert [mention.raw for mention in twice] == once * 2
