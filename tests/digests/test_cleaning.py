import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.cleaning import HEADER_LENGTH, clean, clean_line, header, web_address


@pytest.mark.parametrize(
    ("given_", "left"),
    [
        ("a\r\nBcc: evil@example.org", "a Bcc: evil@example.org"),
        ("a\u2028b\u2029c\x0bd\x85e", "a b c d e"),
        ("nul\x00 \x1b[31mred", "nul [31mred"),
        ("left \u202eto right\u2066", "left to right"),
        ("\ufeffmark", "mark"),
        ("Nord\u00a0: ici", "Nord\u00a0: ici"),
        ("e\u0301", "é"),
    ],
)
def test_what_no_reader_sees_goes(given_: str, left: str) -> None:
    assert clean_line(given_) == left


def test_a_header_is_one_short_line() -> None:
    assert len(header("word " * 100)) <= HEADER_LENGTH
    assert header("word " * 100).endswith("…")


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("url", ["https://example.org/a?b=c", "http://example.org", " https://example.org/ "])
def test_a_web_address_may_be_linked(url: str) -> None:
    assert web_address(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:///path",
        "https://a b/",
        "https://[x/",
        "//example.org",
        "https://a\x00b/",
        "ftp://a/",
    ],
)
def test_anything_else_may_not(url: str) -> None:
    assert web_address(url) == ""
