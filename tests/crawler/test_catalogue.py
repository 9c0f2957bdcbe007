"""The catalogue that is shipped: every file is valid, honest about what was tried, and asks only the source's own hosts."""

import tomllib
from pathlib import Path

import pytest

from crawler.readers import Window, make_reader
from crawler.sources import Source, load_sources

ROOT = Path(__file__).parents[2]
CATALOGUE = load_sources(ROOT / "config" / "sources")
GOLDEN_PAGES = Path(__file__).parent / "data" / "pages"
WATCHED = ("North Korea", "Human Rights")

each_source = pytest.mark.parametrize("source", CATALOGUE.values(), ids=CATALOGUE)


@each_source
def test_every_reader_can_be_made_and_asks_first_on_the_hosts_of_its_source(source: Source) -> None:
    window = Window(watched=WATCHED if source.tags is None else source.tags)
    for table in source.readers:
        asked = [ask.url for ask in make_reader(source, table, window).first()]
        assert asked
        assert [url for url in asked if not source.owns(url)] == []


@each_source
def test_a_source_says_what_it_is_and_that_nobody_tried_it_live(source: Source) -> None:
    assert source.type is not None
    assert source.grade is not None
    assert source.notes.strip()
    assert not source.verified
    assert "never tried live" in " ".join(source.notes.split()).lower()


@each_source
def test_selectors_of_a_sources_own_are_those_that_a_golden_page_is_read_by(source: Source) -> None:
    if not source.layout.model_fields_set:
        return
    golden = tomllib.loads((GOLDEN_PAGES / f"{source.name}.toml").read_text(encoding="utf-8"))
    assert golden["source"]["layout"] == source.layout.model_dump(mode="json", exclude_unset=True)
    assert (GOLDEN_PAGES / f"{source.name}.html").exists()


@each_source
def test_an_old_article_that_must_stay_readable_is_the_sources_own(source: Source) -> None:
    assert source.canary is None or source.owns(source.canary)


def test_five_sources_are_switched_on() -> None:
    assert [name for name, source in CATALOGUE.items() if source.enabled] == [
        "bitter-winter",
        "daily-nk-english",
        "human-rights-watch",
        "rfa-english",
        "yonhap-english",
    ]


@pytest.mark.parametrize("kind", ["state media", "aggregator"])
def test_neither_state_media_nor_tools_for_discovery_are_switched_on(kind: str) -> None:
    found = [source for source in CATALOGUE.values() if source.type == kind]
    assert found
    assert not any(source.enabled for source in found)


def test_no_two_files_are_of_one_home_and_one_first_address() -> None:
    ways_in = [(source.home, source.readers[0].url) for source in CATALOGUE.values()]
    assert len(set(ways_in)) == len(ways_in)
