import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from cases.errors import ConfigError
from digests.mailserver import EmailSettings

MAIL = {"host": "smtp.example.org", "sender": "watch@example.org"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"username": "watch"}, "needs password_env, password_file or password_command"),
        ({"username": "w", "password_env": "A", "password_file": "/b"}, "both given"),
        ({"username": "w", "password_env": "A", "security": "none"}, "in clear"),
        ({"username": "w", "password_env": "A", "password_command": ["b"]}, "both given"),
        ({"bounces": {"host": "h", "address": "a+b@example.org"}}, "must have no"),
        ({"bounces": {"host": "h", "address": "a" * 60 + "@example.org"}}, "at most 47 characters"),
        ({"journal": {"host": "h", "address": "a@b.org", "folder": 'x"y'}}, "pattern"),
        (
            {"journal": {"host": "h", "address": "a@b.org", "security": "none", "username": "a", "password_env": "A"}},
            "clear",
        ),
        ({"connections": 5}, "less than or equal to 4"),
        ({"password": "secret"}, "not permitted"),
        ({"security": "ssl"}, "Input should be"),
        ({"port": 0}, "greater than or equal"),
        ({"timeout_s": 0}, "greater than 0"),
    ],
)
def test_a_mail_server_that_cannot_be_meant_is_refused(more: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        EmailSettings.model_validate(MAIL | more)


def test_a_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = EmailSettings.model_validate(MAIL | {"username": "watch", "password_env": "RW_TEST_PASSWORD"})
    monkeypatch.setenv("RW_TEST_PASSWORD", "open sesame")
    assert settings.password() == "open sesame"
    monkeypatch.delenv("RW_TEST_PASSWORD")
    with pytest.raises(ConfigError, match="RW_TEST_PASSWORD is empty or not set"):
        settings.password()


def test_a_password_comes_from_the_first_line_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    settings = EmailSettings.model_validate(MAIL | {"username": "watch", "password_file": str(file)})
    with pytest.raises(ConfigError, match="gives no secret"):
        settings.password()
    file.write_text("open sesame\n", encoding="utf-8")
    assert settings.password() == "open sesame"
    file.write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="gives no secret"):
        settings.password()


def test_a_token_comes_from_a_program_and_is_never_told(tmp_path: Path) -> None:
    def asking(*command: str) -> EmailSettings:
        return EmailSettings.model_validate(
            MAIL | {"username": "watch", "auth": "xoauth2", "password_command": [str(part) for part in command]}
        )

    assert asking(sys.executable, "-c", "print('ya29.token')").password() == "ya29.token"
    with pytest.raises(ConfigError, match="ended with status 3") as told:
        asking(sys.executable, "-c", "print('ya29.token'); raise SystemExit(3)").password()
    assert "ya29" not in str(told.value)
    with pytest.raises(ConfigError, match="FileNotFoundError"):
        asking(str(tmp_path / "nothing")).password()
