"""``cases export``: what it writes, whom it lets read it, what it refuses, and the line of the log."""

import io
import json
import stat
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator

from cases.errors import InputError, UsageError
from scheduler.cli import commands

Ask = Callable[..., Result]
FORMATS = ("csv", "json", "geojson", "xlsx", "uwazi", "wacz")


@pytest.fixture
def ask(register: Path) -> Ask:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(commands, ["--config", str(register), "cases", *arguments])

    return run


@pytest.fixture
def rows(ask: Ask) -> list[dict[str, Any]]:
    """The cases, oldest first."""
    found: list[dict[str, Any]] = json.loads(ask("list", "--json").output)
    return sorted(found, key=lambda row: str(row["number"]))


def done(result: Result) -> Result:
    assert result.exit_code == 0, result.output
    return result


def test_every_case_is_a_row_and_what_is_held_back_is_none(ask: Ask, rows: list[dict[str, Any]]) -> None:
    first = rows[0]["number"]
    before = done(ask("export", "--format", "csv"))
    assert len(before.stdout.splitlines()) == len(rows) + 2
    for decision in ("withhold", "embargo", "reject"):
        done(ask(decision, first))
        held = done(ask("export", "--format", "csv"))
        assert first not in held.stdout
        assert f"Cases in this file: {len(rows) - 1}; held back by people: 1." in held.stderr
    done(ask("release", first))
    assert first in done(ask("export", "--format", "csv")).stdout


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_is_private_whole_and_noted_with_its_digest(
    kind: str, ask: Ask, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    out, number = tmp_path / "out" / "export", rows[0]["number"]
    out.parent.mkdir()
    out.write_text("an older one, open to all")
    out.chmod(0o644)
    extra = ("--as-published",) if kind == "wacz" else ()
    done(
        ask(
            "export", number, "--format", kind, "--out", str(out), *extra, "--by", "Mina", "--reason", "for the archive"
        )
    )
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(out.parent.iterdir()) == [out]
    (line,) = json.loads(ask("log", number, "--json").output)
    assert (line["actor"], line["act"]) == ("Mina", "exported")
    assert line["detail"] == {
        "reason": "for the archive",
        "format": kind,
        "cases": [number],
        "sha256": sha256(out.read_bytes()).hexdigest(),
    }


def test_cases_can_be_chosen_by_status_and_by_the_day_they_changed(ask: Ask, rows: list[dict[str, Any]]) -> None:
    number = rows[0]["number"]
    done(ask("confirm", number))
    confirmed = json.loads(done(ask("export", "--format", "json", "--status", "confirmed")).stdout)
    assert [case["case"] for case in confirmed["cases"]] == [number]
    later = json.loads(done(ask("export", "--format", "json", "--since", "2999-01-01")).stdout)
    assert later["cases"] == []


def test_a_package_holds_the_captures_of_the_case_and_of_no_other(
    ask: Ask, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    for row in rows[:3]:
        out = tmp_path / f"{row['number']}.wacz"
        done(ask("export", row["number"], "--format", "wacz", "--as-published", "--out", str(out)))
        with ZipFile(out) as package:
            records = ArchiveIterator(io.BytesIO(package.read("archive/data.warc.gz")), check_digests="raise")
            urls = {
                record.rec_headers.get_header("WARC-Target-URI") for record in records if record.content_stream().read()
            }
            pages = [json.loads(line)["url"] for line in package.read("pages/pages.jsonl").splitlines()[1:]]
        assert len(urls) == len({report["url"] for report in row["reports"]})
        assert set(pages) == urls


def test_an_article_that_also_tells_a_case_that_is_held_back_stays_out_of_a_package(
    ask: Ask, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    told: dict[str, list[str]] = {}
    for row in rows:
        for url in {report["url"] for report in row["reports"]}:
            told.setdefault(url, []).append(row["number"])
    one, other = next(numbers for numbers in told.values() if len(numbers) > 1)[:2]
    (shared,) = [url for url, numbers in told.items() if {one, other} <= {*numbers}]
    done(ask("withhold", other))
    result = ask("export", one, "--format", "wacz", "--as-published", "--out", str(tmp_path / "x.wacz"))
    alone = {report["url"] for row in rows if row["number"] == one for report in row["reports"]} == {shared}
    if alone:
        assert "may leave" in str(result.exception)
    else:
        done(result)
        with ZipFile(tmp_path / "x.wacz") as package:
            assert shared.encode() not in package.read("pages/pages.jsonl")


def test_decisions_become_labelled_texts_that_can_be_evaluated(
    ask: Ask, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    for row in rows[1:8]:
        done(ask("confirm", row["number"]))
    done(ask("reject", rows[0]["number"], "--label", "history"))
    out = tmp_path / "gold.jsonl"
    done(ask("export", "--format", "gold", "--out", str(out)))
    items = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert {item["gold"]["report"] for item in items} == {True, False}
    assert {item["gold"]["label"] for item in items if not item["gold"]["report"]} == {"history"}
    measured = done(CliRunner().invoke(commands, ["evaluate", str(out), "--json"]))
    assert json.loads(measured.output)["overall"]["items"] == len(items)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("1999-0001", "--format", "csv"), "there is no case '1999-0001'"),
        (("--format", "xlsx"), "--out"),
        (("--format", "wacz", "--out", "x", "--as-published"), "one case"),
        (("{0}", "--format", "wacz", "--out", "x"), "--as-published"),
        (("--format", "gold", "--status", "new"), "--status"),
    ],
)
def test_what_cannot_be_exported_is_refused_with_the_reason(
    ask: Ask, rows: list[dict[str, Any]], arguments: tuple[str, ...], says: str
) -> None:
    result = ask("export", *(one.format(rows[0]["number"]) for one in arguments))
    assert isinstance(result.exception, UsageError)
    assert says in str(result.exception)
    assert json.loads(ask("log", "--json").output) == []


def test_of_a_case_that_is_held_back_there_is_no_package(ask: Ask, rows: list[dict[str, Any]], tmp_path: Path) -> None:
    number = rows[0]["number"]
    done(ask("withhold", number))
    result = ask("export", number, "--format", "wacz", "--as-published", "--out", str(tmp_path / "x.wacz"))
    assert str(result.exception) == f"{number} is withheld: nothing of it leaves"


def test_a_folder_that_is_not_there_is_named(ask: Ask, tmp_path: Path) -> None:
    result = ask("export", "--format", "csv", "--out", str(tmp_path / "nowhere" / "x.csv"))
    assert isinstance(result.exception, InputError)
    assert "nowhere" in str(result.exception)
