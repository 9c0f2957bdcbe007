"""Every command as a person or a program calls it: help, contracts, and what is said when something is wrong."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from digests.delivery import Sending
from scheduler.cli import commands
from scheduler.cli.digest import tell
from scheduler.demo.demonstration import prepared

COMMAND = [str(Path(sys.executable).with_name("returnwatch"))]

REPLICA = Path(__file__).parents[2] / "line" / "data" / "replica_pregnant.txt"

CASE_KEYS = {
    "mention", "stage", "from", "to", "persons", "victims", "events", "places", "authorities", "legal_bases", "outcome",
    "evidence",
}  # fmt: skip


def run(*arguments: str, config: Path | None = None, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    where = ["--config", str(config)] if config else []
    return subprocess.run(
        [*COMMAND, *where, *arguments], capture_output=True, text=True, timeout=120, check=False, input=stdin
    )


def every_command(group: click.Group = commands, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration whose sites were crawled once, by the command."""
    with prepared(tmp_path_factory.mktemp("cli") / "watch") as config:
        done = run("crawl", config=config)
        assert done.returncode == 0, done.stderr
        yield config


@pytest.mark.parametrize("path", list(every_command()), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    done = run(*path, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: returnwatch")
    assert len(done.stdout.splitlines()) > 4


def test_wrong_use_is_told_apart_from_failure() -> None:
    assert run("no-such-command").returncode == 2
    assert run("crawl", "--since", "yesterday").returncode == 2


def test_crawl_gives_a_line_a_source_with_the_promised_keys(crawled: Path) -> None:
    done = run("crawl", "--json", config=crawled)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["source"] for line in lines} == {"estuary-dispatch", "frost-courier"}
    for line in lines:
        assert line["outcome"] in {"nothing_new", "not_modified"}
        assert line["articles"] == line["cases_new"] == 0
        assert {"requests", "entries", "reports", "cases_updated", "set_aside"} <= line.keys()


def test_crawl_of_an_unknown_source_names_those_that_exist(crawled: Path) -> None:
    done = run("crawl", "winter", config=crawled)
    assert done.returncode == 2
    assert "winter" in done.stderr
    assert "frost-courier" in done.stderr


def test_crawl_without_any_source_says_where_one_belongs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'watch.db'}"
    (tmp_path / "returnwatch.toml").write_text(f'[store]\nurl = "{url}"\n', encoding="utf-8")
    done = run("crawl", config=tmp_path)
    assert done.returncode == 2
    assert str(tmp_path / "sources") in done.stderr


def test_cases_list_keeps_its_contract(crawled: Path) -> None:
    rows = json.loads(run("cases", "list", "--json", config=crawled).stdout)
    assert rows
    for row in rows:
        assert {
            "id",
            "revision",
            "status",
            "stage",
            "from",
            "to",
            "persons",
            "events",
            "places",
            "reports",
        } <= row.keys()
        for report in row["reports"]:
            assert {"url", "title", "published", "lang", "source"} <= report.keys()


def test_articles_list_keeps_its_contract_and_holds_every_article(crawled: Path) -> None:
    rows = json.loads(run("articles", "list", "--json", config=crawled).stdout)
    assert len(rows) == len({row["url"] for row in rows})
    columns = {"url", "title", "tags", "lang", "published", "label", "report", "score", "cases"}
    assert all(columns <= row.keys() for row in rows)


def test_a_case_and_an_article_can_be_shown_and_an_unknown_one_is_named(crawled: Path) -> None:
    row = json.loads(run("cases", "list", "--json", config=crawled).stdout)[0]
    assert row["reports"][0]["url"] in run("cases", "show", row["number"], config=crawled).stdout
    shown = run("articles", "show", row["reports"][0]["url"], config=crawled)
    assert row["number"] in shown.stdout
    assert run("cases", "show", "1999-0001", config=crawled).returncode == 2
    assert "1999-0001" in run("cases", "show", "1999-0001", config=crawled).stderr


def test_sources_list_says_how_each_is_read(crawled: Path) -> None:
    rows = json.loads(run("sources", "list", "--json", config=crawled).stdout)
    assert {row["name"]: [reader["kind"] for reader in row["readers"]] for row in rows}["frost-courier"][
        0
    ] == "wordpress"
    assert "The Frost Courier" in run("sources", "list", config=crawled).stdout


def test_status_tells_outcomes_and_that_no_service_runs(crawled: Path) -> None:
    assert "not running" in run("status", config=crawled).stdout
    document = json.loads(run("status", "--json", config=crawled).stdout)
    assert {source["name"] for source in document["sources"]} == {"estuary-dispatch", "frost-courier"}
    assert run("health", config=crawled).returncode == 1


@pytest.mark.parametrize(("form", "sign"), [("html", "<html"), ("text", "What was looked at"), ("json", '"cases"')])
def test_a_digest_is_shown_in_each_form_without_being_told(crawled: Path, tmp_path: Path, form: str, sign: str) -> None:
    shown = run("digest", "--format", form, config=crawled)
    assert shown.returncode == 0, shown.stderr
    assert sign.lower() in shown.stdout.lower()
    out = tmp_path / "preview"
    out.touch(mode=0o644)
    assert run("digest", "--format", form, "--out", str(out), config=crawled).returncode == 0
    assert sign.lower() in out.read_text(encoding="utf-8").lower()
    assert out.stat().st_mode & 0o077 == 0


def test_what_was_not_sent_because_this_minute_has_its_digest_is_not_told_as_sent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(Sending(state="already_recorded", subject="5 new"))
    said = capsys.readouterr().out
    assert "was not" in said
    assert "5 new" not in said


def test_an_unknown_digest_is_named(crawled: Path) -> None:
    done = run("digest", "monthly", config=crawled)
    assert (done.returncode, "monthly" in done.stderr) == (2, True)


def test_read_tells_what_a_saved_text_says_and_as_json_keeps_the_contract() -> None:
    told = run("read", str(REPLICA))
    assert told.returncode == 0, told.stderr
    assert "Report 1" in told.stdout
    document = json.loads(run("read", str(REPLICA), "--json").stdout)
    article = document["article"]
    assert document["report"] is True
    for case in document["cases"]:
        assert case.keys() >= CASE_KEYS
        for evidence in case["evidence"]:
            printed = article[evidence.get("part", "text")]
            assert printed[evidence["start"] : evidence["end"]] == evidence["text"]


def test_read_takes_standard_input_and_addresses(crawled: Path) -> None:
    assert "no report" in run("read", "-", stdin="The river froze early this year.").stdout.lower()
    rows = json.loads(run("articles", "list", "--json", config=crawled).stdout)
    assert rows[0]["title"] in run("read", rows[0]["url"], config=crawled).stdout


def test_read_says_what_could_not_be_read(crawled: Path) -> None:
    done = run("read", "no/such/file.html")
    assert (done.returncode, "no/such/file.html" in done.stderr) == (1, True)
    empty = run("read", "-", stdin="<!doctype html><title>A title alone</title>")
    assert (empty.returncode, empty.stderr.startswith("Error: -: the page holds no text")) == (1, True), empty.stderr
    forbidden = run("read", "http://127.0.0.1:9/")
    assert forbidden.returncode == 1
    assert "127.0.0.1" in forbidden.stderr


def test_judge_answers_each_line_in_its_order_and_a_bad_one_with_an_error() -> None:
    lines = [
        json.dumps({"id": "a", "text": "The river froze early this year.", "lang": "en"}),
        "not json",
        json.dumps({"id": "b"}),
        json.dumps({"id": 3, "text": ""}),
        json.dumps({"id": "c", "text": REPLICA.read_text(encoding="utf-8"), "published": "2019-03-04"}),
    ]
    done = run("judge", stdin="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "b", 3, "c"]
    assert [("error" in answer) for answer in answers] == [False, True, True, False, False]
    assert {"id", "lang", "label", "report", "score", "evidence", "cases"} <= answers[0].keys()
    assert answers[4]["report"] is True


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ("returnwatch.toml", "this is not TOML"),
        ("sources/frost-courier.toml", "this is not TOML"),
    ],
)
def test_a_broken_file_is_named_and_nothing_is_touched(tmp_path: Path, broken: str, sentence: str) -> None:
    with prepared(tmp_path / "watch") as config:
        (config / broken).write_text("x = [", encoding="utf-8")
        done = run("status", config=config)
    assert done.returncode == 1
    assert broken in done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (config.parent / "data").exists()


def test_a_crawl_that_failed_fails_and_says_why_and_the_other_source_is_crawled(tmp_path: Path) -> None:
    with prepared(tmp_path / "watch") as config:
        source = config / "sources" / "estuary-dispatch.toml"
        text = source.read_text(encoding="utf-8")
        source.write_text(text.replace("/feed/", "/no-such-feed/"), encoding="utf-8")
        done = run("crawl", "--json", config=config)
    outcomes = {line["source"]: line["outcome"] for line in map(json.loads, done.stdout.splitlines())}
    assert outcomes == {"estuary-dispatch": "gone", "frost-courier": "ok"}
    assert done.returncode == 1
    assert "no-such-feed" in done.stderr


def test_the_schema_is_brought_up_to_date_by_hand_too(tmp_path: Path) -> None:
    with prepared(tmp_path / "watch") as config:
        done = run("db", "upgrade", config=config)
    assert done.returncode == 0, done.stderr
    assert "up to date" in done.stdout
