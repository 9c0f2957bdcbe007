from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from cases.configuration import explained, read_toml
from cases.errors import ConfigError


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    port: int = 1
    password_env: str = ""


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    inner: list[Inner] = []


def explanation(table: dict[str, object]) -> str:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(table)
    return explained(caught.value.errors())


def test_broken_toml_is_told_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('x = 1\ny = "open\n')
    with pytest.raises(ConfigError, match=r"a\.toml: this is not TOML: .*line 2"):
        read_toml(tmp_path / "a.toml")


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"b\.toml: cannot be read: No such file"):
        read_toml(tmp_path / "b.toml")


def test_bytes_that_are_not_utf8_are_told_and_do_not_raise_anything_else(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_bytes(b'x = "\xff"')
    with pytest.raises(ConfigError, match=r"c\.toml"):
        read_toml(tmp_path / "c.toml")


def test_an_unknown_key_is_named_with_its_place_in_the_list() -> None:
    assert explanation({"name": "a", "inner": [{}, {"prot": 1}]}) == "inner.2.prot: unknown key"


def test_a_missing_key_is_named() -> None:
    assert explanation({}) == "name: is required"


def test_a_wrong_value_is_shown_unless_its_key_may_hold_a_secret() -> None:
    assert explanation({"name": "a", "inner": [{"port": "x"}]}).endswith("found 'x'")
    assert "hunter2" not in explanation({"name": "a", "inner": [{"password_env": ["hunter2"]}]})
    assert "hunter2" not in explanation({"name": "a", "inner": [{"port": "https://me:hunter2@example.org"}]})
