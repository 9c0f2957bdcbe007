"""The main job from end to end, as a person starts it: every case of the bundled magazines, and nothing else."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

EXPECTED = json.loads((Path(__file__).parent / "data" / "magazine_cases.json").read_text(encoding="utf-8"))
COMMAND = [str(Path(sys.executable).with_name("returnwatch"))]


class Told(NamedTuple):
    """A case as far as the demonstration promises it."""

    by: tuple[str, ...]
    stage: str
    route: tuple[str | None, str | None]
    persons: tuple[int, int | None, str] | None


def run_demo(out: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONWARNINGS": "default", "COLUMNS": "200"}
    return subprocess.run(
        [*COMMAND, "demo", "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
        env=environment,
        cwd=out.parent,
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration") / "out"


@pytest.fixture(scope="module")
def first(out: Path) -> subprocess.CompletedProcess[str]:
    done = run_demo(out)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def digest(first: subprocess.CompletedProcess[str], out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / "digest.json").read_text(encoding="utf-8"))
    return document


def counted(persons: dict[str, Any] | None) -> tuple[int, int | None, str] | None:
    return (persons["min"], persons["max"], persons["qualifier"]) if persons else None


def expected_cases() -> Counter[Told]:
    return Counter(
        Told(
            by=tuple(sorted(one.split("/")[1] for one in case["told_by"])),
            stage=case["stage"],
            route=(case["from"], case["to"]),
            persons=counted(case["persons"]),
        )
        for case in EXPECTED["cases"]
    )


def found_cases(digest: dict[str, Any]) -> Counter[Told]:
    return Counter(
        Told(
            by=tuple(sorted(urlsplit(source["url"]).path.strip("/") for source in case["sources"])),
            stage=case["stage"],
            route=(case["from"], case["to"]),
            persons=counted(case["persons"]),
        )
        for case in digest["cases"]
    )


def test_the_digest_holds_every_case_that_the_magazines_tell_and_none_that_they_do_not(digest: dict[str, Any]) -> None:
    found, expected = found_cases(digest), expected_cases()
    assert (sorted((expected - found).elements()), sorted((found - expected).elements())) == ([], [])


def test_page_text_and_json_lie_in_the_folder(first: subprocess.CompletedProcess[str], out: Path) -> None:
    assert "<html" in (out / "digest.html").read_text(encoding="utf-8")
    assert "2026-0001" in (out / "digest.txt").read_text(encoding="utf-8")
    for ending in ("html", "txt", "json"):
        assert f"digest.{ending}" in first.stdout


def test_each_watched_article_is_judged_once_and_the_others_are_set_aside_by_name(digest: dict[str, Any]) -> None:
    coverage = digest["coverage"]
    watched = [article for article in EXPECTED["articles"].values() if article["watched"]]
    assert coverage["articles"] == len(watched)
    for source in coverage["sources"]:
        assert source["entries"] == source["articles"] + sum(source["set_aside"].values())


def test_a_person_sees_the_cases_what_was_looked_at_and_why_things_were_set_aside(
    first: subprocess.CompletedProcess[str],
) -> None:
    assert "China → North Korea" in first.stdout
    assert "set aside" in first.stdout
    assert "reports of cases" in first.stdout


def test_no_name_of_a_person_told_of_stands_in_what_leaves_the_store(
    first: subprocess.CompletedProcess[str], out: Path
) -> None:
    listed = subprocess.run(
        [*COMMAND, "--config", str(out / "config"), "cases", "list", "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    names: set[str] = set()
    for row in json.loads(listed.stdout):
        shown = subprocess.run(
            [*COMMAND, "--config", str(out / "config"), "cases", "show", row["id"], "--json"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        for telling in json.loads(shown.stdout)["tellings"]:
            report = telling["report"]
            names |= {victim["name"] for victim in report["victims"] if victim["name"]}
            names |= {informant["name"] for informant in report["informants"] if informant["name"]}
    assert len(names) > 5
    for ending in ("html", "txt", "json"):
        text = (out / f"digest.{ending}").read_text(encoding="utf-8")
        assert [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)] == []


def test_a_second_run_finds_nothing_new_and_leaves_the_digest_as_it_was(
    first: subprocess.CompletedProcess[str], out: Path
) -> None:
    before = (out / "digest.json").read_bytes()
    second = run_demo(out)
    assert second.returncode == 0, second.stderr
    assert "Nothing new" in second.stdout
    assert (out / "digest.json").read_bytes() == before
