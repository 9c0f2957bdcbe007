"""Decoding and text blocks."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from crawler.markup import blocks, decoded


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


def test_blocks_are_paragraphs_in_reading_order() -> None:
    tree = html.fromstring(
        "<div>loose <b>bold</b>\n tail<p>one<br>line<br><br>two</p>after<script>no()</script> more<h2>Head</h2></div>"
    )
    assert blocks(tree) == [
        ("div", "loose bold tail"),
        ("p", "one\nline"),
        ("p", "two"),
        ("div", "after more"),
        ("h2", "Head"),
    ]


def test_skipped_elements_take_all_they_hold_with_them() -> None:
    tree = html.fromstring("<div><p>in</p><aside>out<p>out</p></aside>rest<!-- out --></div>")
    assert blocks(tree, tree.findall("aside")) == [("p", "in"), ("div", "rest")]


def test_a_page_nested_deeper_than_any_stack_is_read() -> None:
    tree = html.fromstring("<p>top</p>" + "<div>" * 5000 + "deep" + "</div>" * 5000)
    assert "top" in [text for _, text in blocks(tree)]
