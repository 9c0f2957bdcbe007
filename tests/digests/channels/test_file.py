from collections.abc import Callable
from pathlib import Path

import pytest

from cases.errors import DeliveryError
from cases.store import Delivery, OutMessage
from digests.channels import open_channel
from digests.channels.file import write_whole
from digests.rendering import render
from digests.view import Digest


def test_a_digest_lies_as_page_text_and_json_and_the_last_one_under_a_name_of_its_own(
    tmp_path: Path, rich: Digest, sending: Callable[[OutMessage], Delivery]
) -> None:
    folder = tmp_path / "out" / "digests"
    channel, rendered = open_channel("file", {"folder": str(folder)}), render(rich)
    (message,) = channel.compose(rendered, ["desk@example.org"])
    receipt = channel.deliver(sending(message))
    assert receipt.said == str(folder / "2026-11-23-weekly.html")
    assert sorted(path.name for path in folder.iterdir()) == [
        *("2026-11-23-weekly.html", "2026-11-23-weekly.json", "2026-11-23-weekly.txt"),
        *("digest.html", "digest.json", "digest.txt"),
    ]
    for stem in ("2026-11-23-weekly", "digest"):
        assert (folder / f"{stem}.html").read_text(encoding="utf-8") == rendered.page_html
        assert (folder / f"{stem}.txt").read_text(encoding="utf-8") == rendered.text
        assert (folder / f"{stem}.json").read_text(encoding="utf-8") == rendered.json
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_folder_that_cannot_be_made_is_told(
    tmp_path: Path, rich: Digest, sending: Callable[[OutMessage], Delivery]
) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    channel = open_channel("file", {"folder": str(tmp_path / "taken" / "digests")})
    (message,) = channel.compose(render(rich), [])
    with pytest.raises(DeliveryError, match=r"file: 2026-11-23-weekly cannot be written to .*: Not a directory"):
        channel.deliver(sending(message))


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "digest.txt"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "half \ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["digest.txt"]


def test_the_terminal_shows_the_text(
    capsys: pytest.CaptureFixture[str], rich: Digest, sending: Callable[[OutMessage], Delivery]
) -> None:
    channel, rendered = open_channel("stdout"), render(rich)
    (message,) = channel.compose(rendered, [])
    assert channel.deliver(sending(message)).said == "printed"
    assert capsys.readouterr().out == rendered.text + "\n"
