"""What people decide on the command line: each decision, what it says, and the log of all of them."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cases.errors import UsageError
from scheduler.cli import commands
from scheduler.demo.demonstration import prepared

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration whose sites were crawled once; each test works on the register that this left."""
    with prepared(tmp_path_factory.mktemp("rulings") / "watch") as config:
        crawl = [str(Path(sys.executable).with_name("returnwatch")), "--config", str(config), "crawl"]
        subprocess.run(
            crawl, check=True, capture_output=True, timeout=120
        )  # a process of its own: one loop, one reactor
        yield config


@pytest.fixture
def register(crawled: Path, tmp_path: Path) -> Path:
    """The register that the crawl left, for one test alone."""
    home = tmp_path / "watch"
    shutil.copytree(crawled.parent, home)
    settings = home / crawled.name / "returnwatch.toml"
    settings.write_text(settings.read_text("utf-8").replace(str(crawled.parent), str(home)), "utf-8")
    return settings.parent


@pytest.fixture
def ask(register: Path) -> Ask:
    def run(*arguments: str, code: int = 0) -> str:
        done: Result = CliRunner().invoke(commands, ["--config", str(register), *arguments])
        assert done.exit_code == code, done.output
        return done.output

    return run


@pytest.fixture
def numbers(ask: Ask) -> list[str]:
    """Numbers of the cases, oldest first."""
    return sorted(row["number"] for row in json.loads(ask("cases", "list", "--json")))


def shown(ask: Ask, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask("cases", "show", number, "--json"))
    return found


def test_each_decision_says_how_the_case_stands(ask: Ask, numbers: list[str]) -> None:
    one = numbers[0]
    assert ask("cases", "confirm", one) == f"{one} is confirmed, revision 1\n"
    assert ask("cases", "embargo", one, "--until", "2099-02-03") == f"{one} is embargoed until 2099-02-03, revision 2\n"
    assert ask("cases", "release", one) == f"{one} is confirmed, revision 3\n"
    assert ask("cases", "correct", one, "to=LA") == f"{one} is confirmed, revision 4\n"
    assert shown(ask, one)["report"]["to"] == "LA"
    assert "revision 5" in ask("cases", "uncorrect", one, "to")


def test_what_is_held_back_leaves_the_digest_and_comes_back_when_it_is_released(ask: Ask, numbers: list[str]) -> None:
    def told() -> set[str]:
        return {number for number in numbers if number in ask("digest", "--format", "text")}

    everything = told()
    assert everything
    one = min(everything)
    for decision in ("withhold", "embargo", "reject"):
        ask("cases", decision, one)
        assert told() == everything - {one}
    ask("cases", "release", one)
    assert told() == everything


def test_a_merged_number_leads_to_the_other_case_until_it_is_taken_out(ask: Ask, numbers: list[str]) -> None:
    one, other, *_ = numbers
    before = [shown(ask, number)["report"] for number in (one, other)]
    ask("cases", "merge", one, other)
    assert shown(ask, one)["number"] == other
    ask("cases", "unmerge", one)
    assert [shown(ask, number)["report"] for number in (one, other)] == before
    assert ask("cases", "apart", one, other) == f"{one} and {other} stay apart\n"


def test_a_case_that_two_articles_tell_can_be_split(ask: Ask, numbers: list[str]) -> None:
    told_twice = next(number for number in numbers if len({t["url"] for t in shown(ask, number)["tellings"]}) > 1)
    url = shown(ask, told_twice)["tellings"][0]["url"]
    said = ask("cases", "split", told_twice, url)
    new = said.split()[0]
    assert {telling["url"] for telling in shown(ask, new)["tellings"]} == {url}


def test_the_log_tells_who_did_what_and_why_and_is_verified(ask: Ask, numbers: list[str]) -> None:
    one = numbers[0]
    ask("cases", "note", one, "asked by the family", "--by", "Mina", "--reason", "letter of 2 November")
    ask("cases", "reject", one, "--by", "Oksana", "--label", "history")
    lines = json.loads(ask("cases", "log", one, "--json"))
    assert [(line["actor"], line["act"]) for line in lines] == [("Mina", "noted"), ("Oksana", "rejected")]
    assert lines[0]["detail"] == {"reason": "letter of 2 November", "text": "asked by the family"}
    assert lines[1]["detail"] == {"label": "history"}
    assert "asked by the family" in ask("cases", "log")
    assert ask("verify")


def test_a_line_of_the_log_that_was_changed_fails_the_verification(
    ask: Ask, register: Path, numbers: list[str]
) -> None:
    ask("cases", "note", numbers[0], "one")
    ask("cases", "note", numbers[0], "two")
    with sqlite3.connect(next(register.parent.rglob("*.db"))) as store:
        store.execute("update custody_log set actor = 'Nobody' where position = 1")
    assert "line 1 of the log of decisions: it is not what was sealed" in ask("verify", code=1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("confirm", "1999-0001"), "there is no case '1999-0001'"),
        (("release", "{0}"), "is not held back"),
        (("merge", "{0}", "{0}"), "already"),
        (("correct", "{0}", "to=North Korea"), "two letters"),
        (("log", "1999-0001"), "there is no case"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_the_reason(
    register: Path, numbers: list[str], arguments: tuple[str, ...], says: str
) -> None:
    asked = ["--config", str(register), "cases", *(one.format(*numbers) for one in arguments)]
    done = CliRunner().invoke(commands, asked)
    assert isinstance(done.exception, UsageError)
    assert says in str(done.exception)
