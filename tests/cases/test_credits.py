"""Whom an article names as its origin: in nine languages, and nobody where it only cites or pictures somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.credits import credited, languages, newsroom_named, newsroom_of, origin_at, stated_in
from cases.extraction.pack import LANGUAGES
from cases.model import Article

STORY = "\n\n".join(
    [
        "The lorry left before the bakers were up, and the street heard it change gear twice on the hill.",
        "Nobody who lives there will say who was in it. The gate was painted the next day, and the lamp over it changed.",
        "A boy found a comb in the gutter and took it home to his grandmother, who put it in the drawer with the others.",
    ]
    * 3
)


def says(text: str, lang: str = "en", **fields: object) -> tuple[str, ...]:
    known = {"url": "https://gazette.example/1", "title": "A lorry", "text": text, "lang": lang}
    return credited(Article(**(known | fields)))  # type: ignore[arg-type]  # fields by name, checked by msgspec's users


def before(line: str) -> str:
    return line + STORY


def after(line: str) -> str:
    return f"{STORY}\n\n{line}"


@pytest.mark.parametrize(
    ("text", "lang", "names"),
    [
        (before("SEOUL, March 3 (Yonhap) -- "), "en", ("Yonhap",)),
        (before("BEIJING (AP) — "), "en", ("AP",)),
        (before("(Reuters) - "), "en", ("Reuters",)),
        (before("[연합뉴스] "), "ko", ("Yonhap",)),
        (before("(서울=연합뉴스) 마정하 기자 = "), "ko", ("Yonhap",)),
        (before("【ソウル聯合ニュース】"), "ja", ("Yonhap",)),
        (before("【北京=共同】"), "ja", ("Kyodo",)),
        (before("（AFP=時事）"), "ja", ("AFP", "Jiji")),
        (before("新华社北京3月3日电 "), "zh-Hans", ("Xinhua",)),
        (before("（中央社記者林某首爾3日電）"), "zh-Hant", ("CNA",)),
        (before("СЕУЛ, 3 марта. /ТАСС/. "), "ru", ("TASS",)),
        (before("МОСКВА, 3 мар — РИА Новости. "), "ru", ("RIA Novosti",)),
        (after("AFP"), "en", ("AFP",)),
        (after("— Reuters"), "en", ("Reuters",)),
        (after("(AFP, Reuters)"), "fr", ("AFP", "Reuters")),
        (after("She closed the drawer. (Yonhap)"), "en", ("Yonhap",)),
    ],
)
def test_a_dateline_or_a_closing_line_credits_its_agency(text: str, lang: str, names: tuple[str, ...]) -> None:
    assert says(text, lang) == names


@pytest.mark.parametrize(
    ("line", "lang", "name"),
    [
        (
            "This article was first published by The Harbour Gazette and is reprinted with permission.",
            "en",
            "Harbour Gazette",
        ),
        ("This story originally appeared in Radio Free Asia.", "en", "Radio Free Asia"),
        ("Republished with permission of the Harbour Gazette, 3 March.", "en", "Harbour Gazette"),
        ("Reprinted from “The River Post”.", "en", "River Post"),
        ("Source: RFA", "en", "Radio Free Asia"),
        ("Source: https://www.dailynk.com/english/a-story", "en", "Daily NK"),
        ("Source: harbour-gazette.example", "en", "harbour-gazette.example"),
        ("이 기사는 강변신문에 처음 실렸습니다.", "ko", "강변신문"),
        ("이 글은 데일리NK의 허락을 받아 전재한 것입니다.", "ko", "Daily NK"),
        ("출처: 자유아시아방송", "ko", "Radio Free Asia"),
        ("この記事は川辺新聞に最初に掲載された。", "ja", "川辺新聞"),
        ("出典：デイリーNK", "ja", "Daily NK"),
        ("川辺新聞の許可を得て転載。", "ja", "川辺新聞"),
        ("本文最初发表于《江边周刊》。", "zh-Hans", "江边周刊"),
        ("轉載自《江邊週刊》", "zh-Hant", "江邊週刊"),
        ("来源：自由亚洲电台", "zh-Hans", "Radio Free Asia"),
        ("Источник: Радио Свобода", "ru", "Radio Free Europe"),
        ("Статья впервые опубликована на сайте «Речной вестник».", "ru", "Речной вестник"),
        ("Cet article a d’abord été publié par La Gazette du port le 3 mars.", "fr", "La Gazette du port"),
        ("Reproduit avec l’aimable autorisation de La Gazette du port.", "fr", "La Gazette du port"),
        ("Este artículo fue publicado originalmente por El Correo del Puerto.", "es", "El Correo del Puerto"),
        ("Fuente: EFE", "es", "EFE"),
        ("Questo articolo è stato pubblicato per la prima volta da Bitter Winter.", "it", "Bitter Winter"),
        ("Dieser Beitrag erschien zuerst im Hafenblatt.", "de", "Hafenblatt"),
        ("Source: Amt für Wahrheit", "de", "Amt für Wahrheit"),
    ],
)
def test_a_notice_names_the_original_at_either_end(line: str, lang: str, name: str) -> None:
    assert says(before(f"{line}\n\n"), lang) == (name,)
    assert says(after(line), lang) == (name,)


@pytest.mark.parametrize(
    "text",
    [
        before("She told Reuters that the gate was painted. "),
        before("A ministry official (AFP photo) said nothing. "),
        before("Leaflets (AP) were found in the long grass beyond the gate. "),
        before("(File photo: Yonhap) "),
        before("The source: a pastor on the hill. "),
        before("This article was first published on Monday. "),
        before("This article was published on March 3. "),
        before("The AP style is odd. "),
        after("photo: AFP"),
        after("Reported by AFP and others, the case is closed"),
        after("Source: a relative of the woman who asked not to be named"),
        after("The text was reproduced from memory by a friend."),
        f"{STORY}\n\nThis article was first published by The Harbour Gazette.\n\n{STORY}",
        "",
    ],
)
def test_who_is_cited_or_pictured_is_not_credited(text: str) -> None:
    assert says(text) == ()


def test_a_byline_and_what_the_page_links_credit_too() -> None:
    assert says(STORY, authors=("Una Hale, Reuters",)) == ("Reuters",)
    assert says(STORY, authors=("AFP", "Una Hale")) == ("AFP",)
    assert says(STORY, authors=("Jiji Marlowe",)) == ()
    assert says(STORY, claims=("https://www.rfa.org/korean/1", "http://river.example:8080/2")) == (
        "Radio Free Asia",
        "river.example:8080",
    )


@pytest.mark.parametrize(
    "claim", ["https://www.gazette.example/1", "https://m.gazette.example/1", "ftp:x", "http://[::1"]
)
def test_a_site_does_not_credit_itself_under_another_of_its_addresses(claim: str) -> None:
    assert says(STORY, claims=(claim,)) == ()


def test_an_outlet_belongs_to_the_newsroom_that_its_title_begins_with() -> None:
    assert newsroom_of("Yonhap North Korea (EN)") == "Yonhap"
    assert newsroom_of("연합뉴스 북한") == "Yonhap"
    assert newsroom_of("Apple Growers' Gazette") is None
    assert newsroom_named("Daily NK") == "Daily NK"
    assert newsroom_named("Jiji Marlowe") is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.yna.co.kr/view/1", "Yonhap"),
        ("https://en.yna.co.kr/view/1", "Yonhap"),
        ("https://notrfa.org/", "notrfa.org"),
        ("https://user:secret@gazette.example/1", "gazette.example"),
        ("not an address", ""),
        ("http://[::1", ""),
    ],
)
def test_an_address_credits_whoever_publishes_there(address: str, name: str) -> None:
    assert origin_at(address) == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_notices(language: str) -> None:
    assert languages() == set(LANGUAGES)
    assert stated_in("", language) == ()


@pytest.mark.parametrize(
    "text", ["출처: " * 4000, "이 글은 " * 4000, "(" * 9000, "Source:" + " " * 9000, "is reprinted from " * 900]
)
def test_hostile_text_credits_nobody_and_costs_little(text: str) -> None:
    assert says(text, "ko") == ()


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, None, "xx"]))
def test_any_text_can_be_read(text: str, lang: str | None) -> None:
    found = credited(Article(url="https://gazette.example/1", title="", text=text, lang=lang))
    assert list(found) == sorted(set(found))
