"""Text blocks."""

from lxml import html

from crawler.pages.markup import blocks


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
