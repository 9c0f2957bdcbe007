from pathlib import Path

import pytest

from cases.errors import ConfigError, UsageError
from scheduler.settings import config_folder, load_catalogue, load_settings

MINIMAL = '[store]\nurl = "sqlite:///data/returnwatch.db"\n'


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "returnwatch.toml").write_text(text, encoding="utf-8")
    return folder


def test_what_is_not_said_has_a_safe_default(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, ""))
    assert settings.service.host == "127.0.0.1"
    assert not settings.collection.allow_private_addresses
    assert settings.disclosure.policy().names is False
    assert settings.watch.tags == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[stoer]\n", r"returnwatch\.toml: stoer: unknown key"),
        ("[watch]\ntag = ['x']\n", r"returnwatch\.toml: watch\.tag: unknown key"),
        ("[service]\nport = 70000\n", r"service\.port: .*65535"),
        ("[collection]\nreading_processes = 0\n", r"collection\.reading_processes"),
        ("[[digests]]\nname = 'weekly'\nschedule = '0 7 * * 1'\n", r"digests\.1\.schedule: .*not a schedule"),
        (
            "[[digests]]\nname='a'\nschedule='hourly'\n[[digests]]\nname='a'\nschedule='hourly'\n",
            "two digests are called 'a'",
        ),
        ("x = [", "this is not TOML"),
    ],
)
def test_what_cannot_be_meant_refuses_to_start_and_says_where(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        load_settings(written(tmp_path, text))


def test_the_folder_that_was_named_wins_over_the_environment_and_over_config_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here, there, named = (written(tmp_path / name, MINIMAL) for name in ("config", "there", "named"))
    monkeypatch.delenv("RETURNWATCH_CONFIG", raising=False)
    assert config_folder(None).resolve() == here
    monkeypatch.setenv("RETURNWATCH_CONFIG", str(there))
    assert config_folder(None) == there
    assert config_folder(named) == named


def test_a_folder_that_was_named_is_never_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "config", MINIMAL)
    with pytest.raises(ConfigError, match="elsewhere"):
        config_folder(tmp_path / "elsewhere")


def test_a_digest_is_found_by_name_and_alone_needs_none(tmp_path: Path) -> None:
    one = "[[digests]]\nname = 'weekly'\nschedule = 'Mon 07:00'\n"
    two = one + "[[digests]]\nname = 'urgent'\nschedule = 'hourly'\n"
    assert load_settings(written(tmp_path / "1", one)).digest_named(None).name == "weekly"
    settings = load_settings(written(tmp_path / "2", two))
    assert settings.digest_named("urgent").name == "urgent"
    with pytest.raises(UsageError, match="weekly, urgent"):
        settings.digest_named(None)
    with pytest.raises(UsageError, match="no digest called 'montly'"):
        settings.digest_named("montly")


def test_the_configuration_that_is_shipped_is_valid_and_starts_with_bitter_winter() -> None:
    folder = Path(__file__).parents[2] / "config"
    assert load_settings(folder).watch.tags == ("North Korea", "Human Rights")
    catalogue = load_catalogue(folder)
    assert catalogue["bitter-winter"].enabled
    assert not catalogue["bitter-winter"].verified
