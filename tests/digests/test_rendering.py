import cProfile
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.disclosure import (
    DisclosedAuthority,
    DisclosedBasis,
    DisclosedCase,
    DisclosedPlace,
    DisclosedQuote,
    DisclosedSource,
)
from cases.errors import RenderError
from cases.model import Stage
from digests.card import card
from digests.coverage import coverage
from digests.rendering import MAIL_BYTES, render
from digests.sample import sample_of
from digests.speech import Speech, speech
from digests.view import CaseCard, Digest, Section
from digests.wrapping import columns

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "' onmouseover='alert(1)",
            "</style><style>*{display:none}</style>",
            "{{ digest.name }} {% raw %}",
            "line\r\nBcc: evil@example.org\u2028x\x00\x1b[2J\u202e",
            "&lt;b&gt; &amp; <!-- ",
            "word " * 80,
            "字" * 300,
            "x" * 400,
        ]
    ),
)


class Tags(HTMLParser):
    """Collect the tags and attributes of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _ in attrs} | {(tag, "")}
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action", "background"}]


def same_as_golden(name: str, text: str) -> None:
    """Compare with the file that lies in the project; RETURNWATCH_WRITE_GOLDEN=1 writes it anew, to be read in the diff."""
    text = re.sub(r"(?s)<style.*?</style>", "<style></style>", text)
    path = GOLDEN / name
    if os.environ.get("RETURNWATCH_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["page_html", "mail_html", "text", "json"])
@pytest.mark.parametrize("which", ["rich", "quiet"])
def test_a_digest_reads_as_it_was_agreed(which: str, form: str, request: pytest.FixtureRequest) -> None:
    rendered = render(request.getfixturevalue(which))
    ending = {"page_html": "page.html", "mail_html": "mail.html", "text": "txt", "json": "json"}[form]
    same_as_golden(f"{which}.{ending}", getattr(rendered, form))


@pytest.mark.parametrize("code", ["ko", "zh-Hans", "ja"])
def test_a_digest_reads_in_each_language_as_it_was_agreed(code: str, rich_in: Callable[[Speech], Digest]) -> None:
    rendered = render(rich_in(speech(code)))
    same_as_golden(f"rich.{code}.txt", f"{rendered.subject}\n\n{rendered.text}")
    assert msgspec.json.decode(rendered.json)["language"] == rendered.language == code


@pytest.mark.parametrize("form", ["page_html", "mail_html"])
def test_a_page_says_its_language_and_each_quote_its_own(form: str, rich_in: Callable[[Speech], Digest]) -> None:
    page = getattr(render(rich_in(speech("ko"))), form)
    tags = re.findall(r"<[a-z][^>]*>", page)
    html = next(tag for tag in tags if tag.startswith("<html"))
    assert 'lang="ko"' in html
    assert 'dir="ltr"' in html
    quotes = [tag for tag in tags if tag.startswith("<blockquote")]
    assert all('dir="ltr"' in tag for tag in quotes)
    assert {tag.partition(' lang="')[2].partition('"')[0] for tag in quotes} == {"en", "ko", "ru", "zh-Hans", "fr"}
    title = page.index("Twelve held at the border")
    assert 'lang="en"' in page[title - 200 : title]


def test_the_same_cases_are_told_in_every_language(rich_in: Callable[[Speech], Digest]) -> None:
    told = [msgspec.json.decode(render(rich_in(speech(code))).json)["cases"] for code in ("en", "ko", "zh-Hans", "ja")]
    for other in told[1:]:
        for one, same in zip(told[0], other, strict=True):
            assert {key for key in one if one[key] != same[key]} <= {
                *("headline", "stage_words", "route", "persons", "events", "places", "authorities"),
                *("outcome", "changed", "missing", "warning"),
            }
            assert one["evidence"] == same["evidence"]


def test_every_form_tells_every_case(rich: Digest) -> None:
    rendered = render(rich)
    told = [one["number"] for one in msgspec.json.decode(rendered.json)["cases"]]
    assert told == [one.number for one in (*rich.cards, *rich.older)]
    for form in (rendered.page_html, rendered.mail_html, rendered.text):
        assert [number for number in told if number not in form] == []


def test_the_page_asks_nothing_of_anybody(rich: Digest) -> None:
    page = render(rich).page_html
    tags = Tags(page)
    assert not {tag for tag, _ in tags.found} & {
        "script",
        "img",
        "link",
        "iframe",
        "form",
        "object",
        "embed",
        "video",
        "audio",
        "base",
    }
    assert "url(" not in page
    assert "@import" not in page
    assert {name for _, name in tags.found if name.startswith("on")} == set()


def test_the_page_has_its_landmarks_and_headings_in_order(rich: Digest) -> None:
    page = render(rich).page_html
    tags = [tag for tag, name in Tags(page).found if name == ""]
    assert {"header", "nav", "main", "footer", "h1", "h2", "h3", "mark", "blockquote", "table"} <= set(tags)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in Tags(page).links if link.startswith("#")} <= set(ids)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize("form", ["page_html", "mail_html"])
def test_each_quote_says_its_language_and_direction(rich: Digest, form: str) -> None:
    quotes = re.findall(r"<blockquote[^>]*>", getattr(render(rich), form))
    assert quotes
    assert all("lang=" in tag and 'dir="ltr"' in tag for tag in quotes)


def test_a_language_that_is_written_from_the_right_says_so(compiled: Callable[..., Digest], rich: Digest) -> None:
    quote = DisclosedQuote(fields=("stage",), before="", sentence="أعيدوا قسرا.", after="", source=0)
    source = DisclosedSource(title="خبر", url="https://example.org/", source_title="S", published=None, lang="ar")
    page = render(compiled({"family": one_card(quotes=(quote,), sources=(source,))}, rich.coverage)).page_html
    assert '<blockquote lang="ar" dir="rtl">' in page


def test_a_passage_with_a_warning_is_not_shown_unasked(rich: Digest) -> None:
    rendered = render(rich)
    assert "took her own life" not in rendered.mail_html
    assert "took her own life" not in rendered.text
    before, _, _ = rendered.page_html.partition("took her own life")
    assert before.rfind("<details") > before.rfind("</details>")


def test_the_text_fits_a_terminal_but_for_addresses(rich: Digest) -> None:
    text = render(rich).text
    assert [line for line in text.split("\n") if columns(line) > 78 and "://" not in line] == []
    assert max(len(line) for line in text.split("\n")) > 78, "a long address is there and stays whole"
    assert "\n\n\n\n" not in text


def test_the_mail_needs_no_sheet_of_styles(rich: Digest) -> None:
    mail = render(rich).mail_html
    assert mail.count("<style") == 1, "only the rules for the night are kept"
    assert mail.count("@media") == 1
    assert 'style="' in mail
    assert all("!important" not in style for style in re.findall(r' style="([^"]*)"', mail))


def test_a_mail_shrinks_cases_to_lines_before_it_grows_too_long(rich: Digest) -> None:
    many = of_size(rich, 400)
    mail = render(many).mail_html
    assert MAIL_BYTES * 0.9 < len(mail.encode()) <= MAIL_BYTES
    assert mail.count("more case") == 1
    rendered = render(of_size(rich, 60))
    assert len(rendered.mail_html.encode()) <= MAIL_BYTES
    assert rendered.mail_html.count("(2026-0041)") == 60, "each has its line at least"
    assert rendered.text.count("Case 2026-0041") == 60, "and the text tells all of them"


def test_a_template_that_fails_fails_the_digest(rich: Digest) -> None:
    broken = msgspec.structs.replace(rich, older=(None,))
    with pytest.raises(RenderError, match=r"template page\.html\.j2, line \d+: .* has no attribute 'anchor'"):
        render(broken)


def test_the_cost_of_a_digest_grows_with_its_cases_and_no_faster() -> None:
    few, many = (calls_of(sample_of(n)) for n in (60, 240))
    assert many < 4.2 * few


@given(hostile=HOSTILE, other=HOSTILE, lang=st.sampled_from(["en", "ko", "zh-Hans", "ar", None, '"><b>']))
def test_whatever_a_page_says_stays_text(hostile: str, other: str, lang: str | None) -> None:
    digest = hostile_digest(hostile, other, lang)
    rendered = render(digest)
    tame = render(hostile_digest("word", "other", "en"))
    for form in ("page_html", "mail_html"):
        page = Tags(getattr(rendered, form))
        assert page.found <= Tags(getattr(tame, form)).found | {("q", "")} | details()
        assert all(link.startswith(("#", "https://", "mailto:")) for link in page.links)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", rendered.text)
    assert msgspec.json.decode(rendered.json)["cases"][0]["sources"][0]["title"] == hostile


@given(hostile=HOSTILE)
def test_a_subject_is_one_line_whatever_is_told(hostile: str) -> None:
    line = render(hostile_digest(hostile, hostile, "en")).subject
    assert line.isprintable()
    assert len(line) <= 150


def details() -> set[tuple[str, str]]:
    """What a page has only when a warning folds a passage or the evidence is listed."""
    return {("details", ""), ("details", "class"), ("summary", ""), ("strong", ""), ("p", "class"), ("mark", "class")} | {
        ("ul", "class"), ("li", ""), ("b", ""), ("span", "lang"), ("span", "dir"), ("span", ""),
    }  # fmt: skip


def one_card(**more: object) -> CaseCard:
    given_: dict[str, object] = {"from_state": "CN", "to_state": "KP"} | more
    case = DisclosedCase(
        number="2026-0001",
        revision=1,
        status="new",
        opened_at=NOW,
        changed_at=NOW,
        stage=Stage.COMPLETED,
        assertion="asserted",
        **given_,  # type: ignore[arg-type]  # the fields of the case
    )
    return card(case, case_id="id", change="new", zone=ZoneInfo("UTC"))


def hostile_digest(text: str, other: str, lang: str | None) -> Digest:
    """A digest into whose every text from outside something was written."""
    case = one_card(
        quotes=(DisclosedQuote(fields=("stage",), before=other, sentence=text or "x", after=text, source=0),),
        sources=(
            DisclosedSource(
                title=text, url=f"https://example.org/{other}", source_title=other, published=NOW, lang=lang
            ),
        ),
        places=(DisclosedPlace(role="held", name=text, parents=(other,)),),
        authorities=(DisclosedAuthority(name=other, type="police"),),
        legal_bases=(DisclosedBasis(instrument=text, invoked_by=other),),
        stated_reason=text,
    )
    return Digest(
        name="daily",
        title="Title",
        period="2026-11-23",
        period_words="today",
        created_at=NOW,
        created_words="now",
        sections=(Section(key="new", heading="New", note="", cards=(case,)),),
        older=(case,),
        repeated=(),
        withdrawn=(),
        change_ids=(),
        coverage=coverage([], [], since=None, near_misses=0, zone=ZoneInfo("UTC")),
        truth=("Truth.",),
        withheld="",
    )


def calls_of(digest: Digest) -> int:
    """Count the calls that rendering makes: the same each time, however busy the machine is."""
    render(digest)
    profile = cProfile.Profile()
    profile.runcall(render, digest)
    return sum(entry.callcount for entry in profile.getstats())


def of_size(rich: Digest, n: int) -> Digest:
    section = rich.sections[0]
    return msgspec.structs.replace(rich, sections=(msgspec.structs.replace(section, cards=section.cards[:1] * n),))
