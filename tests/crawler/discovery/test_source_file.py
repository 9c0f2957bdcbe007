"""From a survey to a source file: names, words, and the writing of it."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ConfigError, UsageError
from cases.model import Article
from crawler.discovery.source_file import file_text, known_at, name_of, quoted, write_file
from crawler.discovery.survey import Survey
from crawler.discovery.trial import Finding, PageFound
from crawler.readers import Entry
from crawler.sources import ReaderTable, Source, load_source, source_of

DAY = date(2026, 6, 1)
WATCHED = ("North Korea", "Human Rights")
ENTRY = Entry(url="https://harbour.example/a", published=datetime(2026, 5, 30, tzinfo=UTC), watched=True)
FEED = Finding(
    table=ReaderTable(kind="feed", url="https://harbour.example/feed/"),
    asked="https://harbour.example/feed/",
    entries=(ENTRY,),
    watched=1,
)
READ = PageFound(url=ENTRY.url, article=Article(url=ENTRY.url, title="A", text="Some words."))


def survey(**further: object) -> Survey:
    given: dict[str, object] = {
        "asked": "https://harbour.example/",
        "home": "https://harbour.example/",
        "title": "Harbour",
        "watched": WATCHED,
        "findings": (FEED,),
        "chosen": (FEED,),
        "pages": (READ,),
    }
    return Survey(**{**given, **further})  # type: ignore[arg-type]  # fields by their names


def read_back(found: Survey) -> Source:
    text = file_text(found, name="harbour", day=DAY, watched=WATCHED)
    return source_of(tomllib.loads(text), name="harbour", origin="test")


@pytest.mark.parametrize(
    ("home", "name"),
    [
        ("https://bitterwinter.org/", "bitterwinter"),
        ("https://www.rfa.org/english/", "rfa-english"),
        ("http://www.spnews.co.kr/", "spnews"),
        ("https://en.yna.co.kr/", "en-yna"),
        ("https://thediplomat.com/tag/north-korea/", "thediplomat-tag-north-korea"),
        ("http://127.0.0.1:8080/", "127-0-0-1"),
        ("https://북한.example/", "source"),
    ],
)
def test_a_name_is_made_of_the_address(home: str, name: str) -> None:
    assert name_of(home) == name


def test_a_file_says_what_was_found_and_can_be_read_back() -> None:
    source = read_back(survey(languages=("en",), date_order="MDY", hosts=("feeds.example",)))
    assert (source.title, source.home, source.languages) == ("Harbour", "https://harbour.example/", ("en",))
    assert (source.date_order, source.hosts, source.tags) == ("MDY", ("feeds.example",), None)
    assert [(table.kind, table.url) for table in source.readers] == [("feed", "https://harbour.example/feed/")]
    assert source.verified
    assert source.enabled
    assert "2026-06-01" in source.notes


def test_what_nobody_knows_is_left_open() -> None:
    source = read_back(survey())
    assert (source.date_order, source.grade, source.zone) == (None, None, "UTC")


def test_a_source_without_the_watched_tags_is_read_whole_and_one_with_its_own_names_them() -> None:
    assert read_back(survey(watched=())).tags == ()
    assert read_back(survey(watched=("Border",))).tags == ("Border",)


def test_a_source_whose_pages_cannot_be_read_is_not_called_verified() -> None:
    lost = PageFound(url=ENTRY.url, why="no text")
    assert not read_back(survey(pages=(READ, lost))).verified
    assert not read_back(survey(pages=())).verified


@given(st.text(max_size=80), st.text(max_size=60))
def test_whatever_a_site_calls_itself_the_file_can_be_read_back(title: str, software: str) -> None:
    source = read_back(survey(title=f"x{title}", software=software))
    assert source.title == f"x{title}".encode("utf-8", "replace").decode()


@given(st.text())
def test_a_quoted_string_is_read_back_as_it_was(text: str) -> None:
    assert tomllib.loads(f"key = {quoted(text)}")["key"] == text.encode("utf-8", "replace").decode()


def test_a_source_that_is_there_is_found_by_its_home_and_by_its_addresses() -> None:
    source = read_back(survey())
    assert known_at([source], "http://www.harbour.example") is source
    assert known_at([source], "https://other.example/", "https://harbour.example/feed") is source
    assert known_at([source], "https://harbour.example/english/") is None


def test_a_file_is_written_whole_and_never_over_another(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    text = file_text(survey(), name="harbour", day=DAY, watched=WATCHED)
    path = write_file(folder, "harbour", text)
    assert load_source(path).title == "Harbour"
    with pytest.raises(UsageError, match=r"harbour\.toml is there already"):
        write_file(folder, "harbour", "title = 'Other'")
    assert load_source(path).title == "Harbour"
    write_file(folder, "harbour", text.replace("Harbour", "Haven"), replace=True)
    assert load_source(path).title == "Haven"
    assert [found.name for found in folder.iterdir()] == ["harbour.toml"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "sources").write_text("a file", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"sources/harbour\.toml: cannot be written"):
        write_file(tmp_path / "sources", "harbour", "")
