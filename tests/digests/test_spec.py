from typing import Any

import pytest
from pydantic import ValidationError

from digests.spec import DigestSpec, FileSettings, StdoutSettings, check_address


def spec(**more: Any) -> DigestSpec:  # noqa: ANN401 - as TOML gives it
    return DigestSpec.model_validate({"name": "weekly", "schedule": "Mon 07:00", **more})


def test_a_digest_needs_a_name_and_a_schedule_alone() -> None:
    assert spec().channels == ("file",)
    assert spec().quiet == "weekly"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("schedule", "1 07:00", "expected"),
        ("timezone", "Seoul", "time zone"),
        ("timezone", "../etc/passwd", "time zone"),
        ("name", "Weekly Digest", "pattern"),
        ("recipients", ["desk@example.org>\r\nRCPT TO:<evil@example.org"], "not a mail address"),
        ("recipients", ["desk@example.org", "DESK@example.org"], "named twice"),
        ("recipients", ["bürö@example.org"], "ASCII"),
        ("channels", [], "at least one channel"),
        ("channels", ["email"], "needs recipients"),
        ("stages", ["gone"], "Input should be"),
        ("states", ["China"], "pattern"),
        ("quiet", "sometimes", "Input should be"),
        ("shedule", "Mon 07:00", "not permitted"),
    ],
)
def test_a_digest_that_cannot_be_meant_is_refused(key: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        spec(**{key: value})


@pytest.mark.parametrize("address", ["a@b", "first.last+tag@sub.example.org", "o'neill@example.org"])
def test_an_address_that_mail_can_carry_is_taken(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.org",
        "a b@c.org",
        "a@b..org",
        ".a@b.org",
        "a@-b.org",
        "a@b.org\n",
        "a@b@c.org",
        '"a b"@c.org',
        "a@" + "b" * 260,
    ],
)
def test_an_address_that_mail_cannot_carry_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        check_address(address)


def test_an_unknown_key_of_a_channel_is_refused() -> None:
    for model in (FileSettings, StdoutSettings):
        with pytest.raises(ValidationError, match="not permitted"):
            model.model_validate({"foldr": "x"})
