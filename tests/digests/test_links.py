from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cases.errors import ConfigError
from digests.links import LONGEST_TOKEN, Links, WebSettings

KEY, OTHER = "k" * 40, "o" * 40
LINKS = Links("https://watch.example.org", [KEY])


def test_a_link_is_read_back_for_its_purpose_alone() -> None:
    link = LINKS.link("unsubscribe", "0123456789abcdef")
    assert link.startswith("https://watch.example.org/unsubscribe/")
    token = link.rpartition("/")[2]
    assert LINKS.read("unsubscribe", token) == "0123456789abcdef"
    assert LINKS.read("acknowledge", token) is None
    assert Links("https://watch.example.org", [OTHER]).read("unsubscribe", token) is None


def test_a_key_can_be_changed_while_old_links_hold() -> None:
    old = LINKS.sign("unsubscribe", "x")
    both = Links("https://watch.example.org", [OTHER, KEY])
    assert both.read("unsubscribe", old) == "x"
    assert Links("https://watch.example.org", [OTHER]).read("unsubscribe", both.sign("unsubscribe", "x")) == "x"


@given(st.text(max_size=LONGEST_TOKEN * 2))
def test_no_text_that_was_not_signed_is_believed(token: str) -> None:
    assert LINKS.read("unsubscribe", token) is None


@given(st.integers(0, 60), st.characters(codec="ascii"))
def test_a_token_that_was_touched_says_nothing_else(at: int, char: str) -> None:
    token = LINKS.sign("unsubscribe", "0123456789abcdef")
    touched = token[:at] + char + token[at + 1 :]
    assert LINKS.read("unsubscribe", touched) in {"0123456789abcdef", None}, "the spare bits of base64 carry no meaning"
    if at < token.index("."):
        assert LINKS.read("unsubscribe", touched) in ({"0123456789abcdef"} if touched == token else {None})


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"public_url": "http://watch.example.org", "key_env": "K"}, "no address such as"),
        ({"public_url": "https://watch.example.org/?a=b", "key_env": "K"}, "no address such as"),
        ({"public_url": "https://me@watch.example.org", "key_env": "K"}, "no address such as"),
        ({"public_url": "https://watch.example.org/\r\nX: y", "key_env": "K"}, "no address such as"),
        ({"public_url": "https://watch.example.org"}, "needs key_env or key_file"),
        ({"public_url": "https://watch.example.org", "key_env": "K", "key_file": "k"}, "both given"),
        ({"key": "hush"}, "not permitted"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(table: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        WebSettings.model_validate(table)


def test_the_key_comes_from_a_file_that_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{OTHER}\n{KEY}\n")
    settings = WebSettings.model_validate({"public_url": "https://watch.example.org/", "key_file": str(file)})
    file.chmod(0o644)
    with pytest.raises(ConfigError, match="open to others on this machine: chmod 600"):
        settings.links()
    file.chmod(0o600)
    links = settings.links()
    assert links is not None
    assert links.read("unsubscribe", LINKS.sign("unsubscribe", "x")) == "x"
    assert links.link("unsubscribe", "x").startswith("https://watch.example.org/unsubscribe/")


def test_a_short_key_is_refused_and_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RW_TEST_KEY", "tooshort")
    settings = WebSettings.model_validate({"public_url": "https://watch.example.org", "key_env": "RW_TEST_KEY"})
    with pytest.raises(ConfigError, match="32 characters") as told:
        settings.links()
    assert "tooshort" not in str(told.value)


def test_without_a_public_address_there_are_no_links() -> None:
    assert WebSettings().links() is None
