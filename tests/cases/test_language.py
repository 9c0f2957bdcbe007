import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The police took the woman to the border and nobody has heard from her since.", "en"),
        ("La police a conduit la femme à la frontière et personne n'a plus de ses nouvelles.", "fr"),
        ("La policía llevó a la mujer a la frontera y nadie ha vuelto a saber de ella.", "es"),
        ("Полиция отвезла женщину на границу, и с тех пор о ней ничего не известно.", "ru"),
        ("경찰은 그 여성을 국경으로 데려갔고 그 뒤로 소식이 없다.", "ko"),
        ("警察は女性を国境へ連れて行き、その後の消息は分からない。", "ja"),
        ("警方把这名女子带到边境，此后再没有人听到她的消息。", "zh-Hans"),
        ("警方把這名女子帶到邊境，此後再沒有人聽到她的消息。", "zh-Hant"),
        ("Policie odvezla ženu na hranici a od té doby o ní nikdo neslyšel.", "cs"),
    ],
)
def test_the_language_of_a_sentence_is_found(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_korean_name_in_an_english_text_does_not_make_it_korean() -> None:
    assert detect("The woman, whose name 박소연 means nothing to her neighbours, was taken to the border.") == "en"


def test_an_address_in_a_chinese_text_does_not_make_it_english() -> None:
    assert detect("详情见 https://example.org/a/very/long/path/about/something/else 这名女子再没有消息。") == "zh-Hans"


@pytest.mark.parametrize("text", ["", "   ", "123 456", "\x00\x00", "!?"])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert detect(text) is None


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=300))
def test_no_text_stops_the_detection(text: str) -> None:
    assert detect(text) is None or detect(text)
