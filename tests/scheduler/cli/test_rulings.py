"""What people decide on the command line: each decision, what it says, and the log of all of them."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cases.errors import UsageError
from scheduler.cli import commands

Ask = Callable[..., str]


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
        text = ask("digest", "--format", "text")
        return {number for number in numbers if number in text}

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


# -- what is known of a case, and how far -----------------------------------------------------------------------------


def test_a_merged_number_is_shown_as_the_case_that_it_leads_to_with_what_was_decided(
    ask: Ask, numbers: list[str]
) -> None:
    one, other, *_ = numbers
    ask("cases", "merge", one, other, "--by", "Mina", "--reason", "one act")
    said = ask("cases", "show", one)
    assert f"{one} was merged: it leads to {other}" in said
    assert f"stands for {one} as well" in said
    assert "Mina" in said
    assert f"reason: one act, into: {other}" in " ".join(said.split())
    assert {line["act"] for line in shown(ask, one)["log"]} == {"merged"}


def test_beside_each_sentence_stands_the_capture_that_it_was_read_from(ask: Ask, numbers: list[str]) -> None:
    number = numbers[0]
    captures = {telling["capture_sha256"] for telling in shown(ask, number)["tellings"]}
    said = ask("cases", "show", number)
    assert captures
    for digest in captures:
        assert f"capture sha256:{digest}" in said
        assert said.count(digest[:12]) > 1


def test_articles_that_disagree_are_set_side_by_side_the_lowest_figure_first(ask: Ask, numbers: list[str]) -> None:
    disputed = {number: found for number in numbers if (found := shown(ask, number)["conflicts"])}
    assert disputed
    for number, conflicts in disputed.items():
        said = ask("cases", "show", number)
        assert "The articles disagree" in said
        for conflict in conflicts:
            assert len(conflict["values"]) > 1
            assert all(value["outlets"] for value in conflict["values"])


def test_the_machine_proposes_little_and_a_person_sets_any_grade(ask: Ask, numbers: list[str]) -> None:
    proposals = {grade["credibility"] for number in numbers for grade in shown(ask, number)["grades"]}
    assert proposals <= {3, 6}
    number = numbers[0]
    ask("cases", "grade", number, "--source", "b", "--credibility", "2", "--by", "Mina")
    assert {(one["source"], one["credibility"], one["by_person"]) for one in shown(ask, number)["grades"]} == {
        ("B", 2, True)
    }
    assert "2, probably true (set by a person)" in ask("cases", "show", number)
    assert shown(ask, number)["log"][-1]["act"] == "graded"


def test_what_has_one_origin_cannot_be_called_confirmed(ask: Ask, numbers: list[str], register: Path) -> None:
    single = next(number for number in numbers if shown(ask, number)["corroboration"] == "single")
    with pytest.raises(UsageError, match="needs another"):
        CliRunner().invoke(
            commands,
            ["--config", str(register), "cases", "grade", single, "--credibility", "1"],
            catch_exceptions=False,
        )


@pytest.mark.parametrize(
    ("asked", "key"), [(("--from", "cn"), "from"), (("--to", "KP"), "to"), (("--stage", "completed"), "stage")]
)
def test_the_list_gives_what_is_asked_for_and_nothing_else(ask: Ask, asked: tuple[str, str], key: str) -> None:
    every = json.loads(ask("cases", "list", "--json"))
    found = json.loads(ask("cases", "list", *asked, "--json"))
    wanted = asked[1].upper() if key != "stage" else asked[1]
    assert found == [row for row in every if row[key] == wanted]
    assert 0 < len(found) < len(every)


def test_the_list_can_be_asked_by_source_and_by_day(ask: Ask) -> None:
    every = json.loads(ask("cases", "list", "--json"))
    source = every[0]["reports"][0]["source"]
    found = json.loads(ask("cases", "list", "--source", source, "--json"))
    assert found == [row for row in every if source in {one["source"] for one in row["reports"]}]
    assert json.loads(ask("cases", "list", "--since", "2999-01-01", "--json")) == []


# -- purges -----------------------------------------------------------------------------------------------------------


def test_a_name_goes_from_store_and_captures_and_everything_is_still_proved(
    ask: Ask, numbers: list[str], register: Path
) -> None:
    number, name = next(
        (number, victim["name"])
        for number in numbers
        for victim in shown(ask, number)["report"]["victims"][:1]
        if victim["name"] and " " in victim["name"]
    )
    assert holding(register.parent, name)
    said = ask("cases", "purge", number, "victims[0].name", "--why", "the family asked", "--yes")
    assert "purged; line 1 of the log" in said
    assert not holding(register.parent, name)
    proved = ask("verify")
    assert "victims.name" in proved
    assert "a tombstone with its digest stands there" in proved
    assert name not in ask("cases", "show", number)
    assert "the family asked" in ask("cases", "log", number)


def test_a_line_of_the_log_can_be_purged(ask: Ask, numbers: list[str], register: Path) -> None:
    ask("cases", "note", numbers[0], "her aunt called")
    assert "stays, and so does the chain" in ask("cases", "purge", "--line", "1", "--why", "it named somebody", "--yes")
    assert "her aunt" not in ask("cases", "log")
    ask("verify")
    for wrong in (["--why", "x"], [numbers[0], "--why", "x"], [numbers[0], "victims[0]", "--line", "1", "--why", "x"]):
        with pytest.raises(UsageError, match="name a case and the fields"):
            CliRunner().invoke(commands, ["--config", str(register), "cases", "purge", *wrong], catch_exceptions=False)


def holding(folder: Path, name: str) -> list[Path]:
    """Give the files below a folder that hold a name, packed or not; addresses may."""
    said = name.encode()
    found = []
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix in {".gz", ".db", ".db-wal"}:
            content = file.read_bytes()
            found += [file] if said in (gzip.decompress(content) if file.suffix == ".gz" else content) else []
    return found
