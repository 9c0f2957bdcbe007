"""``verify`` and ``quarantine`` as a person and a program call them, on pages that were really fetched."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.demo.demonstration import prepared

COMMAND = str(Path(sys.executable).with_name("returnwatch"))


def run(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "--config", str(config), *arguments], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration whose smaller site was crawled once."""
    with prepared(tmp_path_factory.mktemp("evidence") / "watch") as config:
        done = run(config, "crawl", "estuary-dispatch")
        assert done.returncode == 0, done.stderr
        yield config


@pytest.fixture
def file(crawled: Path) -> Iterator[Path]:
    """The file of the crawl's captures, put back as it was at the end."""
    (found,) = (crawled.parent / "data" / "captures").rglob("*.warc.gz")
    aside = crawled.parent / "aside"
    shutil.copyfile(found, aside)
    yield found
    shutil.copyfile(aside, found)


def test_what_was_kept_is_proved_in_a_sentence(crawled: Path) -> None:
    done = run(crawled, "verify")
    assert (done.returncode, done.stderr) == (0, "")
    # four articles, and robots.txt
    assert "records in 1 file are what was kept, with all 5 captures that the store rests on." in done.stdout


def test_a_changed_byte_names_the_record_the_article_and_its_case(crawled: Path, file: Path) -> None:
    rows = json.loads(run(crawled, "articles", "list", "--json").stdout)
    row = next(row for row in rows if row["cases"])
    shown = json.loads(run(crawled, "articles", "show", row["url"], "--json").stdout)
    capture = shown["versions"][-1]["capture"]
    whole = bytearray(file.read_bytes())
    whole[capture["offset"] + capture["length"] // 2] ^= 1
    file.write_bytes(whole)

    told = run(crawled, "verify")
    assert told.returncode == 1
    record_id = capture["record"].partition("#")[2]
    (changed,) = [line for line in told.stdout.splitlines() if line.startswith("CHANGED")]
    assert record_id in changed
    assert row["url"] in changed
    assert f"at byte {capture['offset']:,}" in changed
    (unsupported,) = [line for line in told.stdout.splitlines() if line.startswith("UNSUPPORTED")]
    assert row["url"] in unsupported
    assert all(number in unsupported for number in row["cases"])
    assert "1 is not as it was kept" in told.stdout

    *findings, summary = map(json.loads, run(crawled, "verify", "--json").stdout.splitlines())
    assert [(one["kind"], one["wrong"]) for one in findings] == [("changed", True), ("unsupported", True)]
    assert findings[0]["record"]["record_id"] == record_id
    assert set(findings[1]["cases"]) == set(row["cases"])
    assert (summary["wrong"], summary["unsupported"]) == (1, 1)


def test_the_check_can_be_narrowed(crawled: Path, file: Path) -> None:
    file.unlink()
    assert run(crawled, "verify", "--source", "frost-courier").returncode == 0
    assert run(crawled, "verify", "--since", "2999-01-01").returncode == 0
    assert run(crawled, "verify", "--source", "estuary-dispatch").returncode == 1


def test_quarantine_is_listed_and_read_again(crawled: Path) -> None:
    assert "0 pages" in run(crawled, "quarantine", "list").stdout
    assert json.loads(run(crawled, "quarantine", "list", "--json").stdout) == []
    assert json.loads(run(crawled, "quarantine", "retry", "--json").stdout) == []
    unknown = run(crawled, "quarantine", "retry", "https://magazine.example/nothing/")
    assert (unknown.returncode, "nothing/" in unknown.stderr) == (2, True)
