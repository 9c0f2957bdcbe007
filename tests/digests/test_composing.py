from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cases.disclosure import Policy
from cases.store import Kept, OutMessage, Store
from digests.channels import Channel, open_channels
from digests.composing import Editions, messages
from digests.digest import compose
from digests.material import collect
from digests.sample import sample
from digests.spec import DigestSpec

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
Tell = Callable[..., Kept]


def spec(*recipients: object, **more: Any) -> DigestSpec:  # noqa: ANN401 - as TOML gives it
    given = {"name": "weekly", "schedule": "Mon 07:00", "channels": ["file", "email"], "recipients": list(recipients)}
    return DigestSpec.model_validate(given | more)


@pytest.fixture
def channels(tmp_path: Path) -> dict[str, Channel]:
    """A folder and a mail server; nothing is sent."""
    mail = {"host": "127.0.0.1", "port": 25, "security": "none", "sender": "watch@example.org"}
    return open_channels(["file", "email"], {"email": mail, "file": {"folder": str(tmp_path)}})


def text_of(message: OutMessage) -> str:
    mail = message_from_bytes(message.payload, policy=default)
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_there_is_one_message_for_each_recipient_and_channel_and_one_for_a_folder(channels: dict[str, Channel]) -> None:
    what = spec("a@example.org", {"address": "b@example.org", "detail": "headlines"}, "c@example.org")
    made = messages(what, what.recipients, Editions(lambda _: sample()), channels)
    assert [(one.channel, one.recipient) for one in made] == [
        ("file", ""),
        ("email", "a@example.org"),
        ("email", "c@example.org"),
        ("email", "b@example.org"),
    ]


def test_each_group_of_recipients_is_rendered_once(channels: dict[str, Channel]) -> None:
    asked: list[str] = []

    def edition(language: str) -> Any:  # noqa: ANN401 - a digest
        asked.append(language)
        return sample()

    people = [{"address": f"{n}@example.org", "language": language} for n, language in enumerate(["ko", "en", "ko"])]
    what = spec("a@example.org", *people)
    messages(what, what.recipients, Editions(edition), channels)
    assert asked == ["en", "ko"]


def test_who_asked_for_headlines_gets_every_case_and_no_sentence_of_an_article(
    store: Store, tell: Tell, channels: dict[str, Channel]
) -> None:
    tell(store, "story")
    what = spec("a@example.org", {"address": "b@example.org", "detail": "headlines"})
    digest = compose(what, collect(store, what, now=NOW), policy=Policy())
    made = {one.recipient: one for one in messages(what, what.recipients, Editions(lambda _: digest), channels)}
    full, short = text_of(made["a@example.org"]), text_of(made["b@example.org"])
    line = "Two women forcibly returned from China to North Korea"
    assert line in full
    assert line in short
    assert "2026-0001" in short
    assert "https://news.example.org/story" in short
    assert "Nobody has heard of them since" in full
    assert "Nobody has heard of them since" not in short
    assert "handed two women over" not in made["b@example.org"].payload.decode()


def test_a_recipient_who_is_reached_by_other_channels_gets_no_mail(channels: dict[str, Channel]) -> None:
    what = spec("a@example.org", {"address": "b@example.org", "channels": ["file"]})
    made = messages(what, what.recipients, Editions(lambda _: sample()), channels)
    assert [one.recipient for one in made if one.channel == "email"] == ["a@example.org"]


def test_the_folder_holds_the_digest_in_full_also_when_everybody_wants_headlines(channels: dict[str, Channel]) -> None:
    what = spec({"address": "b@example.org", "detail": "headlines"})
    (papers,) = (
        one for one in messages(what, what.recipients, Editions(lambda _: sample()), channels) if one.channel == "file"
    )
    assert "<blockquote" in msgspec.json.decode(papers.payload)["html"]
