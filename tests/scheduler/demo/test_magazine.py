"""The bundled magazine: what it holds, and how its files are read."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ConfigError
from cases.model import Label
from scheduler.demo.magazine import Magazine, load_magazine, load_magazines, magazine_names, parse_post, slug_of

EXPECTED = json.loads((Path(__file__).parents[2] / "line/data/magazine_cases.json").read_text(encoding="utf-8"))

FILE = """+++
slug = "a-day"
title = "A Day"
date = 2026-09-01T08:00:00Z
author = "Ilse Varga"
tags = ["One", "Two"]
+++

First line
goes on.

## Later

Last.
"""


@pytest.fixture(scope="module")
def magazines() -> tuple[Magazine, ...]:
    return load_magazines()


def test_two_outlets_are_bundled() -> None:
    assert magazine_names() == ("estuary-dispatch", "frost-courier")


def test_there_are_more_than_forty_articles_in_ten_languages(magazines: tuple[Magazine, ...]) -> None:
    languages = Counter(post.lang for magazine in magazines for post in magazine.posts)
    assert languages.total() > 40
    assert set(languages) == {"en", "ko", "zh-Hans", "zh-Hant", "ja", "fr", "es", "ru", "de", "cs"}


def test_every_article_has_an_expectation_and_every_expectation_an_article(magazines: tuple[Magazine, ...]) -> None:
    slugs = {f"{magazine.name}/{post.slug}" for magazine in magazines for post in magazine.posts}
    assert slugs == set(EXPECTED["articles"])


def test_expectations_name_labels_of_the_contract_and_agree_with_themselves() -> None:
    told = Counter(case["case"] for row in EXPECTED["articles"].values() if row["watched"] for case in row["cases"])
    assert {case["case"]: len(case["told_by"]) for case in EXPECTED["cases"]} == told
    for row in EXPECTED["articles"].values():
        assert {Label(label) for label in row["labels"]}
        assert row["report"] == bool(row["cases"])


def test_all_articles_are_of_autumn_2026_and_come_newest_first(magazines: tuple[Magazine, ...]) -> None:
    for magazine in magazines:
        dates = [post.date for post in magazine.posts]
        assert dates == sorted(dates, reverse=True)
        assert datetime(2026, 9, 1, tzinfo=UTC) <= dates[-1] <= dates[0] <= datetime(2026, 11, 20, tzinfo=UTC)


def test_what_the_editors_point_to_exists(magazines: tuple[Magazine, ...]) -> None:
    for magazine in magazines:
        slugs = {post.slug for post in magazine.posts}
        pointed = {*magazine.furniture.most_read, *(slug for post in magazine.posts for slug in post.related)}
        assert pointed <= slugs


def test_every_courier_author_has_a_note_below_the_article() -> None:
    courier = load_magazine("frost-courier")
    assert all(courier.author(post.author).note for post in courier.posts)


def test_an_article_file_is_front_matter_and_paragraphs() -> None:
    post = parse_post(FILE, origin="a.md")
    assert post.paragraphs == ("First line goes on.", "## Later", "Last.")
    assert post.tags == ("One", "Two")
    assert post.changed == datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (FILE.removeprefix("+++\n"), "front matter between two"),
        (FILE.replace("+++\n\nFirst", "First"), "front matter between two"),
        ("Before.\n" + FILE, "at the very top"),
        (FILE.replace('slug = "a-day"', "slug = "), "front matter cannot be read"),
        (FILE.replace("title", "headline"), "headline"),
        (FILE.replace("2026-09-01T08:00:00Z", '"soon"'), "date"),
    ],
)
def test_a_broken_article_file_is_named_with_the_reason(broken: str, why: str) -> None:
    with pytest.raises(ConfigError, match=rf"a\.md.*{why}"):
        parse_post(broken, origin="a.md")


def test_an_unknown_magazine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="estuary-dispatch, frost-courier"):
        load_magazine("../secrets")


@pytest.mark.parametrize(
    "spelling", ["Human Rights", "human rights", "Human-Rights", " HUMAN  RIGHTS ", "Ｈｕｍａｎ Rights"]
)
def test_spellings_share_one_address_form(spelling: str) -> None:
    assert slug_of(spelling) == "human-rights"


@given(st.text(max_size=40))
def test_an_address_form_is_its_own_address_form(term: str) -> None:
    slug = slug_of(term)
    assert slug_of(slug) == slug
    assert not set(slug) & set("/?#% &<>\"'")
