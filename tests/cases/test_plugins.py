"""Parts by their entry points: what is installed can be had, and nothing is chosen in silence."""

import sys
from pathlib import Path

import pytest

from cases.errors import PluginError
from cases.plugins import CHANNELS, CLASSIFIERS, READERS, load, names
from cases.recognition import RuleClassifier


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A distribution of somebody else, installed by unpacking it onto the path."""
    folder = tmp_path / "stranger-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert sys.path[0] == str(tmp_path)
    return folder / "entry_points.txt"


def test_the_parts_of_the_product_come_by_the_same_door() -> None:
    assert set(names(READERS)) >= {"wordpress", "feed", "listing"}
    assert set(names(CHANNELS)) >= {"email", "file", "stdout"}
    assert load(CLASSIFIERS, "rules") is RuleClassifier


def test_a_stranger_s_part_is_found(stranger: Path) -> None:
    stranger.write_text(f"[{CLASSIFIERS}]\nother = cases.recognition:RuleClassifier\n", encoding="utf-8")
    assert "other" in names(CLASSIFIERS)
    assert load(CLASSIFIERS, "other") is RuleClassifier


def test_a_part_that_is_not_installed_is_answered_with_those_that_are() -> None:
    with pytest.raises(PluginError, match=r"'telepathy'.*feed, listing, sitemap, wordpress"):
        load(READERS, "telepathy")


def test_two_parts_under_one_name_refuse_to_load(stranger: Path) -> None:
    stranger.write_text(f"[{CLASSIFIERS}]\nrules = elsewhere:Rules\n", encoding="utf-8")
    with pytest.raises(PluginError, match=r"cases\.recognition:RuleClassifier and elsewhere:Rules"):
        load(CLASSIFIERS, "rules")


def test_a_part_that_cannot_be_imported_is_named_with_the_reason(stranger: Path) -> None:
    stranger.write_text(f"[{CLASSIFIERS}]\nbroken = no_such_module:Rules\n", encoding="utf-8")
    with pytest.raises(PluginError, match=r"'broken' \(no_such_module:Rules\).*No module named"):
        load(CLASSIFIERS, "broken")
