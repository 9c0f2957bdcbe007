import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pydantic import ValidationError

from cases.disclosure import Policy
from cases.errors import ConfigError
from cases.register import Case, CaseStatus
from digests.feeds import Feed, FeedSettings, feed
from digests.sample import NOW, change_of
from digests.spec import DigestSpec
from digests.stories import STORIES

ATOM = "{http://www.w3.org/2005/Atom}"
TOKEN = "t" * 40


def settings(**more: Any) -> FeedSettings:  # noqa: ANN401 - as TOML gives it
    return FeedSettings.model_validate({"served": True, "token_env": "FEEDS", "authority": "desk.example.org"} | more)


def spec(**more: Any) -> DigestSpec:  # noqa: ANN401 - as TOML gives it
    return DigestSpec.model_validate({"name": "weekly", "schedule": "Mon 07:00"} | more)


def cases() -> list[Case]:
    return [change_of(story, number, "new").case for number, story in enumerate(STORIES, 1)]


def fed(given_cases: Sequence[Case], of: DigestSpec | None = None, *, now: datetime = NOW, **more: Any) -> Feed:  # noqa: ANN401 - as above
    return feed(of or spec(), given_cases, settings(**more), policy=Policy(), now=now)


def entries(made: Feed) -> list[Any]:
    parsed = feedparser.parse(made.atom)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return list(parsed.entries)


def test_both_forms_hold_the_same_cases_under_the_same_ids() -> None:
    made = fed(cases())
    tree, read = msgspec.json.decode(made.json), entries(made)
    assert tree["version"] == "https://jsonfeed.org/version/1.1"
    assert [one["id"] for one in tree["items"]] == [one.id for one in read]
    assert [one["title"] for one in tree["items"]] == [one.title for one in read]
    assert len(read) == len(STORIES)
    assert read[0].title == "Return imminent: Twelve people about to be returned from China to North Korea"
    assert read[0].id == "tag:desk.example.org,2026-11-22:case/01930000-0000-7000-8000-000000000001"
    assert all(re.fullmatch(r"tag:[a-z.]+,\d{4}-\d\d-\d\d:case/[0-9a-f-]{36}", one.id) for one in read)


def test_an_entry_shows_the_marked_sentence_in_its_language_and_its_sources() -> None:
    tree = msgspec.json.decode(fed(cases()).json)
    korean = tree["items"][2]["content_html"]
    assert '<blockquote lang="ko" dir="ltr">' in korean
    assert "<strong>중국 공안은" in korean
    arabic = tree["items"][4]["content_html"]
    assert '<blockquote lang="ar" dir="rtl">' in arabic
    warned = tree["items"][5]["content_html"]
    assert "Content warning" in warned
    assert "took her own life" not in warned


def test_a_feed_is_in_the_language_of_its_list() -> None:
    made = fed(cases(), spec(language="ko"))
    assert entries(made)[0].title.startswith("강제송환 임박: ")
    assert 'xml:lang="ko"' in made.atom
    assert msgspec.json.decode(made.json)["language"] == "ko"


def test_atom_is_well_formed_with_what_rfc_4287_demands() -> None:
    root = etree.fromstring(fed(cases()).atom.encode())
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None, name
    for entry in root.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "content"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name
        assert sum(link.get("rel") == "alternate" for link in entry.findall(f"{ATOM}link")) <= 1
        moment = datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "")
        assert moment.tzinfo is not None


def test_updated_moves_with_a_new_revision_and_with_nothing_else() -> None:
    case = cases()[0]
    (before,) = entries(fed([case]))
    again = msgspec.structs.replace(
        case, tellings=(*case.tellings, msgspec.structs.replace(case.tellings[0], url="https://example.org/2"))
    )
    (retold,) = entries(fed([again], now=NOW + timedelta(days=40)))
    assert (retold.id, retold.updated) == (before.id, before.updated)
    changed = msgspec.structs.replace(case, revision=2, changed_at=NOW + timedelta(days=1))
    (after,) = entries(fed([changed]))
    assert after.id == before.id
    assert after.updated == "2026-11-23T22:00:00+00:00"
    assert after.published == before.published


def test_the_feed_is_the_same_to_the_byte_while_no_case_changes() -> None:
    assert fed(cases()) == fed(cases(), now=NOW + timedelta(hours=3))


@pytest.mark.parametrize("status", [CaseStatus.WITHHELD, CaseStatus.EMBARGOED, CaseStatus.REJECTED, CaseStatus.MERGED])
def test_what_people_hold_back_is_in_no_feed(status: CaseStatus) -> None:
    held = msgspec.structs.replace(cases()[0], status=status)
    made = fed([held, cases()[1]])
    assert len(entries(made)) == 1
    assert STORIES[0].title not in made.atom + made.json


def test_old_cases_newly_found_are_not_announced_and_the_filters_of_the_list_hold() -> None:
    old = msgspec.structs.replace(cases()[0], announce=False)
    assert entries(fed([old])) == []
    assert len(entries(fed(cases(), spec(states=["FR"])))) == 1
    assert len(entries(fed(cases(), entries=3))) == 3


def test_names_and_days_stay_as_the_disclosure_rules_say() -> None:
    made = fed(cases())
    assert "November 2026" in made.json
    assert "17 November 2026" not in made.json
    assert "34" not in "".join(re.findall(r"aged [^<;,]*", made.json))


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(min_codepoint=0, max_codepoint=0x1F), max_size=8),
    st.sampled_from(
        [
            "]]><script>alert(1)</script>",
            "</content></entry>",
            "&#0;&#xFFFE;",
            "\ufffe\uffff\x00\x0b",
            "a\u2028b\u202ec",
            "<!ENTITY x>",
        ]
    ),
)


@given(title=HOSTILE, text=HOSTILE, lang=st.sampled_from(["en", "ko", '"><b>', None]))
def test_whatever_an_article_says_the_feed_is_well_formed_and_its_text_stays_text(
    title: str, text: str, lang: str | None
) -> None:
    case = cases()[0]
    hostile = msgspec.structs.replace(
        case.tellings[0],
        title=title,
        source_title=text,
        lang=lang,
        article_text=f"{text}\n{STORIES[0].says}",
        url=f"https://example.org/{title}",
    )
    made = fed([msgspec.structs.replace(case, tellings=(hostile,))])
    root = etree.fromstring(made.atom.encode())
    (content,) = root.iter(f"{ATOM}content")
    shown = etree.HTML(f"<div>{content.text}</div>")
    assert {one.tag for one in shown.iter()} <= {
        "html",
        "body",
        "div",
        "p",
        "strong",
        "ul",
        "li",
        "blockquote",
        "a",
        "span",
    }
    assert not [name for one in shown.iter() for name in one.attrib if name not in {"lang", "dir", "href"}]
    assert feedparser.parse(made.atom).entries[0].id.startswith("tag:")
    assert msgspec.json.decode(made.json)["items"][0]["content_html"] == content.text


def test_feeds_are_private_or_are_not() -> None:
    assert not FeedSettings().asked_for
    for broken, said in [
        ({"served": True, "authority": "desk.example.org"}, "feeds are private: they need token_env or token_file"),
        ({"folder": "x", "token_env": "T"}, "authority is required"),
        ({"served": True, "token_env": "T", "token_file": "t", "authority": "a.org"}, "one of them must go"),
        ({"served": True, "token_env": "T", "authority": "not a domain"}, "pattern"),
    ]:
        with pytest.raises(ValidationError, match=said):
            FeedSettings.model_validate(broken)


@pytest.mark.parametrize("bad", ["short", "", "x" * 31, "with blanks in it and long enough to be one", "../" * 12])
def test_a_token_that_could_be_guessed_is_refused_and_not_repeated(tmp_path: Path, bad: str) -> None:
    (tmp_path / "token").write_text(bad, encoding="utf-8")
    with pytest.raises(ConfigError, match="a token has 32 to 128 letters") as refused:
        settings(token_env="", token_file=tmp_path / "token").token()
    assert not bad or bad not in str(refused.value)


def test_a_token_comes_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="token_env FEEDS: there is no token"):
        settings().token()
    monkeypatch.setenv("FEEDS", TOKEN)
    assert settings().token() == TOKEN
    (tmp_path / "token").write_text(f"{TOKEN}\nmore\n", encoding="utf-8")
    assert settings(token_env="", token_file=tmp_path / "token").token() == TOKEN


def test_an_empty_feed_is_a_feed() -> None:
    assert entries(fed([], now=datetime(2026, 1, 1, tzinfo=UTC))) == []
