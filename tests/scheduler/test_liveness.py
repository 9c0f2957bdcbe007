from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.errors import ConfigError
from scheduler.liveness import Vigil, mark_of

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_who_gives_signs_is_not_silent_whatever_its_clock_says() -> None:
    vigil = Vigil(30)
    for second in range(0, 200, 5):
        slow_clock = START - timedelta(hours=2) + timedelta(seconds=second)
        assert vigil.silent({"annex:7": slow_clock}, second) == frozenset()


def test_who_stops_giving_signs_is_silent_once_patience_is_over() -> None:
    vigil = Vigil(30)
    assert vigil.silent({"annex:7": START}, 0) == frozenset()
    assert vigil.silent({"annex:7": START}, 30) == frozenset()
    assert vigil.silent({"annex:7": START}, 30.5) == {"annex:7"}
    assert vigil.silent({"annex:7": START + timedelta(seconds=1)}, 31) == frozenset(), "it was only paused"


def test_of_whom_no_sign_was_ever_seen_is_silent_once_patience_is_over() -> None:
    vigil = Vigil(30)
    assert vigil.silent({"annex:7": None}, 100) == frozenset()
    assert vigil.silent({}, 110) == frozenset()
    assert vigil.silent({"annex:7": None}, 120) == frozenset(), "who left and came back begins anew"
    assert vigil.silent({"annex:7": None}, 151) == {"annex:7"}


def test_a_folder_has_one_mark_and_another_folder_another(tmp_path: Path) -> None:
    mark = mark_of(tmp_path / "captures")
    assert mark_of(tmp_path / "captures") == mark
    assert mark_of(tmp_path / "others") != mark


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"store\.captures.*file"):
        mark_of(tmp_path / "file")
