"""What mail clients can be trusted with: an allow-list of tags, attributes and styles, and a size that none of them cuts.

The lists hold what clients of every kind show, after the tables of caniemail; what is not in them needs a look there first.
"""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from digests.rendering import MAIL_BYTES, render
from digests.sample import quiet_sample, sample, sample_of
from digests.speech import speech
from digests.view import CaseCard, Digest, Passage

TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "div",
        "table",
        "tbody",
        "tr",
        "td",
        "th",
        "p",
        "h1",
        "h2",
        "h3",
    ),
    *("strong", "span", "a", "br", "blockquote"),
}
ATTRIBUTES = {
    *(
        "lang",
        "dir",
        "role",
        "class",
        "style",
        "href",
        "width",
        "align",
        "valign",
        "cellpadding",
        "cellspacing",
        "scope",
    ),
    *("charset", "name", "content", "data-css-inline"),
}
STYLES = {
    *(
        "margin",
        "margin-top",
        "padding",
        "color",
        "background-color",
        "font-family",
        "font-size",
        "font-weight",
        "line-height",
    ),
    *("border", "border-top", "border-left", "border-right", "border-collapse", "text-align", "vertical-align"),
    *("width", "max-width", "height"),
    "word-break",  # Korean breaks between words where a client knows how, and else as it always did
    *("display", "overflow", "opacity", "max-height"),  # of the line that only an inbox's list shows
}


class Parts(HTMLParser):
    """What a mail is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.styles: set[str] = set()
        self.preheader: set[str] = set()
        self.tables: list[dict[str, str | None]] = []
        self.quotes: list[dict[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        self.tags.add(tag)
        self.attributes |= given_.keys()
        styles = {one.split(":")[0].strip() for one in (given_.get("style") or "").split(";") if one.strip()}
        (self.preheader if given_.get("class") == "pre" else self.styles).update(styles)
        if tag == "table":
            self.tables.append(given_)
        if tag == "blockquote":
            self.quotes.append({name: value or "" for name, value in attrs})


@pytest.mark.parametrize("language", ["en", "ko", "ja", "zh-Hans"])
def test_a_mail_is_made_of_what_every_client_shows(language: str) -> None:
    parts = Parts(render(sample(speech(language))).mail_html)
    assert parts.tags <= TAGS
    assert parts.attributes <= ATTRIBUTES
    assert parts.styles <= STYLES - {"display", "overflow", "opacity", "max-height"}
    assert parts.preheader <= STYLES


def test_a_mail_has_no_pictures_no_forms_no_scripts_and_loads_nothing() -> None:
    html = render(sample()).mail_html
    assert not {"img", "form", "input", "script", "link", "iframe", "svg", "video"} & Parts(html).tags
    assert "url(" not in html
    assert "@import" not in html


def test_tables_lay_out_in_one_column_and_say_that_they_are_no_data_but_for_those_that_are() -> None:
    html = render(sample()).mail_html
    data = [
        one
        for one in re.findall(r"(?s)<table[^>]*>.*?</table>", html)
        if 'role="presentation"' not in one.partition(">")[0]
    ]
    assert len(data) == 2, "the counts of the digests before, and what was looked at"
    assert all('scope="col"' in one for one in data)
    assert all(one.get("width") in {None, "100%"} for one in Parts(html).tables)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_language_and_direction_stand_on_the_document_and_on_what_clients_leave_of_it(language: str) -> None:
    html = render(sample(speech(language))).mail_html
    assert f'<html lang="{language}" dir="ltr"' in html
    (wrapper,) = re.findall(r'<div class="wrap"[^>]*>', html)
    assert f'lang="{language}"' in wrapper
    assert 'dir="ltr"' in wrapper


def test_the_bar_of_a_quote_stands_where_its_lines_begin() -> None:
    quotes = Parts(render(sample()).mail_html).quotes
    assert {one["dir"] for one in quotes} == {"ltr", "rtl"}
    for one in quotes:
        side, other = ("right", "left") if one["dir"] == "rtl" else ("left", "right")
        assert f"border-{side}" in one["style"]
        assert f"border-{other}" not in one["style"]


def test_urgency_is_said_in_words_before_any_colour() -> None:
    html = render(sample()).mail_html
    plain = re.sub(r"<[^>]+>", " ", html)
    assert "Urgent" in plain
    assert plain.index("Return imminent") < plain.index("Twelve people about to be returned")


def test_no_script_without_letters_for_it_is_set_in_italics() -> None:
    html = render(sample()).mail_html
    assert "italic" not in html
    assert "<em" not in html
    assert "<i>" not in html


KOREAN = st.text("강제송환북경두만에서다를 은가 .", min_size=1, max_size=600)


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(words=st.lists(KOREAN, min_size=1, max_size=4), cases=st.sampled_from([0, 1, 13, 60, 300, 420]))
def test_whatever_its_cases_say_a_mail_stays_under_its_size_and_leaves_none_untold(
    words: Sequence[str], cases: int
) -> None:
    digest = with_long_words(sample_of(cases, speech("ko")), words)
    rendered = render(digest)
    assert len(rendered.mail_html.encode()) <= MAIL_BYTES
    whole = set(re.findall(r"<strong>[^<]+</strong> · (2026-\d{4})", rendered.mail_html))
    lines = set(re.findall(r"\((2026-\d{4})\)", rendered.mail_html))
    numbers = [card.number for card in digest.cards]
    told = rendered.text
    assert whole <= set(numbers), "a card is shown whole or not at all"
    assert [number for number in numbers if number not in told] == [], "the text of the same mail tells all of them"
    untold = len(numbers) - len(whole)
    rest = speech("ko").ngettext("{count} more case does not fit here.", "{count} more cases do not fit here.", untold)
    assert (rest in rendered.mail_html) is (untold > 0), "what did not fit is counted"
    if 1 < cases <= 300:
        assert lines >= set(numbers), "each of 300 has its line at least"


def with_long_words(digest: Digest, words: Sequence[str]) -> Digest:
    """Let the articles of a digest have titles and paragraphs of any length."""
    n = 0

    def longer(card: CaseCard) -> CaseCard:
        nonlocal n
        n += 1
        said = words[n % len(words)]
        sources = []
        for source in card.sources:
            pieces = (
                tuple(msgspec.structs.replace(piece, text=said) for piece in source.passages[0].pieces)
                if source.passages
                else ()
            )
            passages = (Passage(pieces=pieces, lang="ko", direction="ltr"),) if pieces else ()
            sources.append(msgspec.structs.replace(source, title=said[:300], passages=passages))
        return msgspec.structs.replace(card, sources=tuple(sources))

    sections = tuple(
        msgspec.structs.replace(section, cards=tuple(map(longer, section.cards))) for section in digest.sections
    )
    return msgspec.structs.replace(digest, sections=sections)


def test_a_quiet_mail_is_short() -> None:
    assert len(render(quiet_sample()).mail_html.encode()) < 15_000
