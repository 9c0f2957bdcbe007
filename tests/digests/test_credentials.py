from pathlib import Path

import pytest

from cases.errors import ConfigError
from digests.credentials import from_private_file, from_program


def test_a_private_file_must_be_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    with pytest.raises(ConfigError, match=r"key_file .*key cannot be read"):
        from_private_file(file, "key_file")
    file.write_text("hush")
    for mode in (0o640, 0o604, 0o660):
        file.chmod(mode)
        with pytest.raises(ConfigError, match="chmod 600"):
            from_private_file(file, "key_file")
    file.chmod(0o400)
    assert from_private_file(file, "key_file") == b"hush"
    file.chmod(0o600)
    file.write_text(" \n")
    with pytest.raises(ConfigError, match="is empty"):
        from_private_file(file, "key_file")


def test_a_program_that_prints_nothing_gives_no_secret() -> None:
    with pytest.raises(ConfigError, match="token: true gives no secret"):
        from_program(["true"], "token")
