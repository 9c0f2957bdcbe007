"""What is previewed, what is mailed, what lies in the folder and what programs read hold the same cases, in the same order."""

import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from digests.channels import open_channels
from digests.composing import Editions, messages
from digests.recipients import Language
from digests.rendering import render
from digests.sample import sample
from digests.spec import DigestSpec
from digests.speech import speech

NUMBER = re.compile(r"(?<!\d)2026-\d{4}(?![\d-])")


def numbers(form: str) -> list[str]:
    """Give the numbers of cases in a form, each where it stands first, without tags and styles."""
    shown = re.sub(r"(?s)<(style|title).*?</\1>|<[^>]*>", " ", form)
    return list(dict.fromkeys(NUMBER.findall(shown)))


@pytest.mark.parametrize("language", ["en", "ko", "zh", "ja"])
def test_preview_mail_page_text_and_json_hold_the_same_cases(language: Language, tmp_path: Path) -> None:
    digest = sample(speech(language))
    told = [card.number for card in (*digest.cards, *digest.older)]
    everything = {*told, *digest.withdrawn, *digest.repeated}
    spec = DigestSpec.model_validate(
        {
            "name": "weekly",
            "schedule": "Mon 07:00",
            "language": language,
            "channels": ["file", "email"],
            "recipients": ["a@example.org", {"address": "b@example.org", "detail": "headlines"}],
        }
    )
    mail = {"host": "127.0.0.1", "security": "none", "sender": "watch@example.org"}
    channels = open_channels(["file", "email"], {"email": mail, "file": {"folder": str(tmp_path)}})
    made = messages(spec, spec.recipients, Editions(lambda _: digest), channels)
    papers = msgspec.json.decode(next(one.payload for one in made if one.channel == "file"))
    forms = [render(digest).text, papers["html"], papers["txt"]]
    for one in made:
        if one.channel == "email":
            parts = [part for part in message_from_bytes(one.payload, policy=default).walk() if not part.is_multipart()]
            assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
            forms += [part.get_content() for part in parts]
    for form in forms:
        found = numbers(form)
        assert [number for number in found if number in told] == told
        assert set(found) == everything
    document = msgspec.json.decode(papers["json"])
    assert [case["number"] for case in document["cases"]] == told
    assert {*document["withdrawn"], *document["repeated"]} == everything - set(told)
