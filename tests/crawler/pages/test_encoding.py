"""Decoding: what the bytes are, whatever is said of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.encoding import decoded

KOREAN = "탈북민이 강제로 북송되었다고 한다. "
CHINESE = "当地居民说两名女子被带走了。"
JAPANESE = "川沿いの町で二人の女性が連行された。"
RUSSIAN = "Жители рассказали о двух женщинах. "


def test_bytes_are_decoded_by_what_they_are_when_the_header_lies() -> None:
    text = "탈북민이 강제로 북송되었다고 한다. " * 5
    assert decoded(text.encode("cp949"), "text/html; charset=utf-8") == text
    assert decoded(text.encode(), "text/html; charset=iso-8859-99") == text


def test_header_and_meta_are_believed_when_they_fit() -> None:
    assert decoded("é".encode("latin-1"), "text/html; charset=latin-1") == "é"
    assert decoded('<meta charset="windows-1251">Ж'.encode("cp1251")).endswith("Ж")
    assert decoded(b"\xef\xbb\xbfa", "text/html; charset=latin-1") == "a"


def test_what_no_store_takes_is_dropped() -> None:
    assert decoded(b"a\x00b") == "ab"


@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_are_decoded_to_something(body: bytes, content_type: str) -> None:
    assert "\x00" not in decoded(body, content_type)


@pytest.mark.parametrize("stated", ["", "text/html; charset=utf-8", "text/html; charset=windows-1252"])
def test_one_broken_byte_leaves_the_page_what_it_is(stated: str) -> None:
    body = (KOREAN * 40).encode() + b"\xff" + KOREAN.encode()
    assert decoded(body, stated) == KOREAN * 40 + "\ufffd" + KOREAN


def test_a_page_that_is_utf8_is_read_so_whatever_header_and_meta_say() -> None:
    page = f'<meta charset="euc-kr"><p>{RUSSIAN}</p>'
    assert decoded(page.encode(), "text/html; charset=windows-1251") == page


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (KOREAN, "cp949", "euc-kr"),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (CHINESE, "gb18030", "gb2312"),
        ("兩名女子被帶走了。", "big5", "big5"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (KOREAN, "utf-16-le", "utf-16le"),
    ],
)
def test_older_encodings_are_read_by_header_or_by_meta(text: str, encoding: str, named: str) -> None:
    page = f'<html><head><meta charset="{named}"></head><body>{text}</body></html>'
    assert decoded(page.encode(encoding), f"text/html; charset={named}") == page
    if not named.startswith("utf-16"):
        assert decoded(page.encode(encoding)) == page
        assert decoded(page.encode(encoding), "text/html; charset=utf-8") == page


def test_a_mark_at_the_beginning_settles_it() -> None:
    assert decoded(b"\xff\xfe" + KOREAN.encode("utf-16-le"), "text/html; charset=euc-kr") == KOREAN


def test_two_characters_that_happen_to_be_utf8_are_read_as_stated() -> None:
    assert decoded("联通".encode("gbk"), "text/html; charset=gbk") == "联通"


def test_a_statement_of_utf16_that_stands_in_ascii_is_not_believed() -> None:
    page = '<meta charset="utf-16">' + KOREAN
    assert decoded(page.encode()) == page
