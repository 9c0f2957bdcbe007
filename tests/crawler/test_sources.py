"""Source files: what they may say, and how they are refused."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases.errors import ConfigError, UsageError
from crawler.sources import load_source, load_sources, source_named, source_of, written

GOOD = 'title = "Magazine"\nhome = "https://magazine.example/en"\n[[readers]]\nkind = "feed"\n'


def write(folder: Path, text: str, name: str = "magazine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_small_file_is_enough_and_the_rest_has_honest_defaults(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, GOOD))
    assert (source.name, source.title, source.home) == ("magazine", "Magazine", "https://magazine.example/en/")
    assert source.every == timedelta(minutes=45)
    assert source.enabled
    assert not source.verified
    assert source.date_order is None


def test_sources_are_found_by_the_stems_of_their_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "b.toml")
    write(tmp_path, GOOD, "a.toml")
    assert list(load_sources(tmp_path)) == ["a", "b"]
    assert load_sources(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('title = "M"\nhome = "https://m.example\n', "not TOML.*line 2"),
        (GOOD.replace("title", "titel"), "title: is required"),
        ('colour = "red"\n' + GOOD, "colour: unknown key"),
        ('name = "other"\n' + GOOD, "name: unknown key"),
        ('every = "often"\n' + GOOD, "every: expected a number and one of s, m, h, d, such as \"45m\"; found 'often'"),
        ('every = "0s"\n' + GOOD, "every: expected at least one second"),
        ('zone = "Mars/Base"\n' + GOOD, "zone: expected a time zone"),
        ('date_order = "MYD"\n' + GOOD, "date_order: .*'MDY'"),
        (GOOD.replace("https://", "ftp://"), "home: expected an address that begins with http"),
        (GOOD.replace("https://", "https://user:secret@"), "home: .*user name or password"),
        ('title = "M"\nhome = "https://m.example"\n', "readers: is required"),
        (GOOD + 'url = "gopher://m"\n', r"readers\.1\.url: expected an address"),
        (GOOD.replace("feed", "sitemap") + 'colour = "red"\n', r"readers\.1\.colour: unknown key"),
        (GOOD.replace("feed", "sitemap") + 'include = "x"\n', r"readers\.1\.include: input should be a valid tuple"),
        (GOOD.replace("feed", "gopher"), r"readers\.1\.kind: .* no part called 'gopher'"),
        (GOOD + "[layout]\nbdy = 'p'\n", r"layout\.bdy: unknown key"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_by_file_key_and_expectation(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError, match=expected) as refused:
        load_sources(tmp_path)
    assert str(path) in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("span", ["90s", "45m", "36h", "2d"])
def test_the_time_between_visits_is_written_as_it_is_read(span: str) -> None:
    table = {"title": "M", "home": "https://m.example/", "every": span, "readers": [{"kind": "feed"}]}
    assert written(source_of(table, name="m", origin="test").every) == span


def test_a_file_name_that_is_no_source_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="small letters"):
        load_source(write(tmp_path, GOOD, "My Source.toml"))


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "magazine.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not TOML"):
        load_sources(tmp_path)


def test_an_unknown_source_is_answered_with_those_that_exist(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    with pytest.raises(UsageError, match=r"'magazin'.*magazine"):
        source_named(load_sources(tmp_path), "magazin")


@pytest.mark.parametrize("code", ["en", "zh-Hant", "pt-BR"])
def test_languages_are_named_by_their_codes(code: str) -> None:
    table = {"title": "M", "home": "https://m.example/", "readers": [{"kind": "feed"}]}
    assert source_of({**table, "languages": [code]}, name="m", origin="test").languages == (code,)
    with pytest.raises(ConfigError, match="languages: expected language codes"):
        source_of({**table, "languages": [code, "Korean"]}, name="m", origin="test")


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        ("https://magazine.example/a", True),
        ("http://zh.magazine.example/a", True),
        ("https://magazine.example.evil.example/", False),
        ("https://notmagazine.example/", False),
        ("https://partner.example/x", True),
        ("nonsense", False),
    ],
)
def test_a_source_owns_its_host_those_below_it_and_those_it_names(url: str, owned: bool) -> None:
    table = {"title": "M", "home": "https://www.magazine.example/", "hosts": ["partner.example"]}
    source = source_of({**table, "readers": [{"kind": "feed"}]}, name="m", origin="test")
    assert source.owns(url) is owned
