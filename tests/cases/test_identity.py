"""Addresses, fingerprints, ids and numbers."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.identity import canonical_url, case_number, text_sha256, uuid7

FROM = datetime(1971, 1, 1)  # noqa: DTZ001 - hypothesis wants naive bounds


@pytest.mark.parametrize(
    ("linked", "canonical"),
    [
        ("HTTPS://News.Example:443/a/b/?utm_source=x&utm_medium=y#top", "https://news.example/a/b/"),
        ("http://news.example:80", "http://news.example/"),
        ("https://news.example:8443/x", "https://news.example:8443/x"),
        ("https://news.example/a//b/../c/./d", "https://news.example/a//c/d"),
        ("https://news.example/?p=2&a=1&fbclid=zz", "https://news.example/?a=1&p=2"),
        ("https://news.example/북송", "https://news.example/%EB%B6%81%EC%86%A1"),
        ("https://news.example/%eb%b6%81%EC%86%A1", "https://news.example/%EB%B6%81%EC%86%A1"),
        ("https://news.example/a%2Fb%25", "https://news.example/a%2Fb%25"),
        ("https://user:secret@news.example/", "https://news.example/"),
        ("https://新闻.example/x", "https://xn--efvy88h.example/x"),
        ("https://[::1]:8000/x", "https://[::1]:8000/x"),
        ("  https://news.example/x \n", "https://news.example/x"),
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        ("https://news.example:notaport/", "https://news.example:notaport/"),
        ("text:by-hand", "text:by-hand"),
    ],
)
def test_an_address_has_one_canonical_form(linked: str, canonical: str) -> None:
    assert canonical_url(linked) == canonical


@given(
    st.one_of(
        st.text(),
        st.builds(
            "https://news.example/{}?{}#{}".format, st.text(max_size=30), st.text(max_size=30), st.text(max_size=5)
        ),
    )
)
def test_the_canonical_form_of_a_canonical_form_is_itself(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_any_text_has_a_fingerprint_even_a_broken_one() -> None:
    assert len({text_sha256(text) for text in ("", "북송", "\ud800", "\x00")}) == 4


@given(
    st.datetimes(min_value=FROM, timezones=st.just(UTC)),
    st.binary(min_size=10, max_size=10),
)
def test_a_uuid7_is_one_and_holds_its_time(at: datetime, randomness: bytes) -> None:
    made = uuid.UUID(uuid7(at, randomness))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def test_a_later_uuid7_sorts_later() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    assert uuid7(at, b"\xff" * 10) < uuid7(at + timedelta(milliseconds=1), b"\x00" * 10)


def test_a_uuid7_needs_a_zone_and_ten_bytes() -> None:
    with pytest.raises(ValueError, match="aware"):
        uuid7(datetime(2026, 1, 1), b"0" * 10)  # noqa: DTZ001 - that is the mistake
    with pytest.raises(ValueError, match="ten"):
        uuid7(datetime(2026, 1, 1, tzinfo=UTC), b"0")


def test_case_numbers_are_the_year_and_a_growing_ordinal() -> None:
    assert [case_number(2026, 7), case_number(2026, 12345)] == ["2026-0007", "2026-12345"]
