"""``returnwatch sources`` as a person calls it: what is shown, what is written, and how it ends."""

import json
import os
import pty
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.sources import load_sources
from crawler.testing import LoopbackSite, Magazine, Post, Reply, html_reply
from scheduler.cli import main

Run = Callable[..., "Done"]
COMMAND = str(Path(sys.executable).with_name("returnwatch"))
SETTINGS = """
[store]
url = "sqlite:///{folder}/watch.db"
captures = "{folder}/captures"
[watch]
tags = ["North Korea", "Human Rights"]
[collection]
delay_s = 0
retries = 0
horizon_days = 0
allow_private_addresses = true
"""

PIER = 'title = "Pier"\nhome = "https://pier.example/"\n[[readers]]\nkind = "feed"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "returnwatch.toml").write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    return tmp_path


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    """A WordPress-like magazine with a front page."""
    start = datetime.now(UTC) - timedelta(days=12)
    posts = [
        Post(
            slug=f"quay-{n}",
            title=f"The quay, part {n}",
            paragraphs=(f"Part {n} tells of a river town and the people who live in it.", "It ends with the tide."),
            tags=("North Korea",) if n % 2 else ("Weather",),
            published=start + timedelta(days=n),
        )
        for n in range(12)
    ]
    magazine = Magazine(posts)
    head = '<title>The Harbour</title><link rel="https://api.w.org/" href="/wp-json/">'
    magazine.special["/"] = lambda _: html_reply(f"<html lang='en'><head>{head}</head><body></body></html>")
    with LoopbackSite(magazine) as opened:
        yield opened


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command where nobody can be asked; in this process, for starting another takes longer than the command."""

    def called(config: Path, *arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["returnwatch", "--config", str(config), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return called


def typed(config: Path, answer: str, *arguments: str) -> tuple[int, str]:
    """Run a command at a terminal of 80 columns and answer its question; gives its status and all that it showed."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "dumb"}
    with subprocess.Popen(
        [COMMAND, "--config", str(config), *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env=environment,
    ) as process:
        os.close(follower)
        os.write(leader, f"{answer}\n".encode())
        shown = b""
        while part := _read(leader):
            shown += part
        os.close(leader)
    return process.returncode, shown.decode(errors="replace").replace("\r\n", "\n")


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65_536)
    except OSError:  # the other side was closed
        return b""


def test_a_site_is_added_and_then_crawled_as_its_file_says(run: Run, config: Path, site: LoopbackSite) -> None:
    added = run(config, "sources", "add", site.url, "--name", "harbour", "--yes")
    assert added.returncode == 0, added.stderr
    assert "The Harbour" in added.stdout
    assert "6 of 6" in added.stdout
    source = load_sources(config / "sources")["harbour"]
    assert [reader.kind for reader in source.readers] == ["wordpress", "feed", "feed"]
    assert source.verified

    # in a process of its own: a crawl puts a reactor on its loop, which there can be once a process
    command = [COMMAND, "--config", str(config), "crawl", "harbour", "--json"]
    crawled = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")
    assert crawled.returncode == 0, crawled.stderr
    run_ = json.loads(crawled.stdout)
    assert (run_["outcome"], run_["reader"], run_["articles"]) == ("ok", "wordpress", 6)


def test_what_would_be_written_is_shown_and_nothing_is_written(run: Run, config: Path, site: LoopbackSite) -> None:
    shown = run(config, "sources", "add", site.url, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert 'kind = "wordpress"' in shown.stdout
    assert "Nothing was written." in shown.stdout
    assert not (config / "sources").exists()


def test_where_nobody_can_be_asked_nothing_is_asked_of_the_site_either(
    run: Run, config: Path, site: LoopbackSite
) -> None:
    refused = run(config, "sources", "add", site.url)
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert site.asked == []


@pytest.mark.parametrize(("answer", "written"), [("y", True), ("n", False)])
def test_a_person_at_a_terminal_is_asked(config: Path, site: LoopbackSite, answer: str, *, written: bool) -> None:
    status, shown = typed(config, answer, "sources", "add", site.url, "--name", "harbour")
    assert status == 0, shown
    assert "Write it?" in shown
    assert (config / "sources" / "harbour.toml").exists() is written
    told = shown.partition(str(config))[0].partition("reader")[2].splitlines()
    assert [line for line in told if len(line.rstrip()) > 80] == []


def test_findings_are_given_to_programs(run: Run, config: Path, site: LoopbackSite) -> None:
    found = json.loads(run(config, "sources", "add", site.url, "--json").stdout)
    assert found["written"] is None
    assert (found["nature"], found["title"], found["tags"]) == ("page", "The Harbour", ["North Korea", "Human Rights"])
    assert found["chosen"][0] == {"kind": "wordpress", "url": None}
    assert {
        "kind",
        "url",
        "serves",
        "entries",
        "newest",
        "oldest",
        "watched",
        "tags_seen",
        "whole_text",
        "why",
    } <= found["readers"][0].keys()
    assert [page["read"] for page in found["pages"]] == [True, True]
    assert found["file"].startswith("# Written by")
    assert not (config / "sources").exists()
    written = json.loads(run(config, "sources", "add", site.url, "--json", "--yes").stdout)["written"]
    assert Path(written).is_file()


def test_a_source_that_is_there_is_named_and_not_asked_for_again(run: Run, config: Path, site: LoopbackSite) -> None:
    assert run(config, "sources", "add", f"{site.url}feed/", "--name", "harbour", "--yes").returncode == 0
    before = len(site.asked)
    again = run(config, "sources", "add", f"{site.url}feed", "--yes")
    assert again.returncode == 2
    assert "harbour" in again.stderr
    assert "sources check harbour" in again.stderr
    assert len(site.asked) == before
    forced = run(
        config, "sources", "add", f"{site.url}feed/", "--name", "harbour", "--yes", "--force", "--tag", "Weather"
    )
    assert forced.returncode == 0, forced.stderr
    assert load_sources(config / "sources")["harbour"].tags == ("Weather",)


def test_a_name_that_cannot_be_is_refused_before_anything_is_asked(run: Run, config: Path, site: LoopbackSite) -> None:
    refused = run(config, "sources", "add", site.url, "--yes", "--name", "My Source")
    assert refused.returncode == 2
    assert "small letters" in refused.stderr
    (config / "sources").mkdir()
    (config / "sources" / "pier.toml").write_text(PIER, encoding="utf-8")
    taken = run(config, "sources", "add", site.url, "--yes", "--name", "pier")
    assert taken.returncode == 2
    assert "another --name" in taken.stderr
    assert site.asked == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (html_reply("<html><body><p>Welcome.</p></body></html>"), "no feed"),
        (Reply(status=403), "403"),
        (Reply(status=404), "404"),
    ],
)
def test_a_site_that_offers_nothing_is_explained_and_nothing_is_written(
    run: Run, config: Path, reply: Reply, words: str
) -> None:
    def answer(asked: object) -> Reply:
        return reply if getattr(asked, "path", "") == "/" else Reply(status=404)

    with LoopbackSite(answer) as empty:
        failed = run(config, "sources", "add", empty.url, "--yes")
    assert failed.returncode == 1
    assert words in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1
    assert not (config / "sources").exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:{closed}/", "refuses the connection"),
        ("ftp://harbour.example/", "only http and https"),
        ("http://user:secret@harbour.example/", "user name or password"),
        ("http://[", "no address"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_one_sentence(run: Run, config: Path, url: str, words: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
        failed = run(config, "sources", "add", url.replace("{closed}", str(closed)), "--yes")
    assert failed.returncode == 1
    assert words in failed.stderr
    assert "secret" not in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1


def test_a_private_address_is_refused_unless_it_is_allowed(run: Run, config: Path, site: LoopbackSite) -> None:
    settings = config / "returnwatch.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("allow_private_addresses = true", ""), encoding="utf-8"
    )
    failed = run(config, "sources", "add", site.url, "--yes")
    assert failed.returncode == 1
    assert "the guard does not visit it" in failed.stderr
    assert site.asked == []


def test_sources_are_tried_and_each_is_explained(run: Run, config: Path, site: LoopbackSite) -> None:
    assert run(config, "sources", "add", site.url, "--name", "harbour", "--yes").returncode == 0
    good = run(config, "sources", "check")
    assert good.returncode == 0, good.stderr
    assert "harbour (The Harbour" in good.stdout
    assert "wordpress serves" in good.stdout
    assert "1 source can be read well." in good.stdout

    dead = f'title = "Dead"\nhome = "{site.url}"\n[[readers]]\nkind = "feed"\nurl = "{site.url}old.xml"\n'
    (config / "sources" / "dead.toml").write_text(dead, encoding="utf-8")
    both = run(config, "sources", "check", "--json")
    assert both.returncode == 1
    assert "1 of 2 sources cannot be read well: dead" in both.stderr
    told = {line["source"]: line for line in map(json.loads, both.stdout.splitlines())}
    assert (told["harbour"]["sound"], told["dead"]["sound"]) == (True, False)
    assert told["dead"]["readers"][0]["outcome"] == "gone"
    assert told["dead"]["advice"]
    assert run(config, "sources", "check", "harbour").returncode == 0
    assert run(config, "sources", "check", "winter").returncode == 2


def test_a_check_leaves_no_trace_in_the_store(run: Run, config: Path, site: LoopbackSite) -> None:
    assert run(config, "sources", "add", site.url, "--name", "harbour", "--yes").returncode == 0
    run(config, "sources", "check")
    assert not (config / "watch.db").exists()
    assert not (config / "captures").exists()


def test_the_catalogue_shows_what_is_switched_on_first_and_can_be_narrowed_down(
    run: Run,
) -> None:
    shipped = Path(__file__).parents[3] / "config"
    listed = json.loads(run(shipped, "sources", "list", "--json").stdout)
    assert listed[0]["name"] == "bitter-winter"
    assert [source["enabled"] for source in listed] == sorted((one["enabled"] for one in listed), reverse=True)
    narrowed = json.loads(run(shipped, "sources", "list", "--language", "zh", "--type", "agency", "--json").stdout)
    assert [source["name"] for source in narrowed] == ["yonhap-chinese"]
    korean = json.loads(run(shipped, "sources", "list", "--country", "KR", "--json").stdout)
    assert {source["country"] for source in korean} == {"KR"}


def test_every_feed_of_an_opml_file_gets_a_source_file_and_one_that_fails_stops_no_other(
    config: Path, site: LoopbackSite, run: Run
) -> None:
    listed = config / "list.opml"
    outlines = (f"{site.url}nothing/feed/", "ftp://old.example/feed", f"{site.url}feed/")
    listed.write_text(
        "<opml version='2.0'><body>"
        + "".join(f"<outline text='Feed {n}' xmlUrl='{url}'/>" for n, url in enumerate(outlines))
        + "</body></opml>",
        encoding="utf-8",
    )
    done = run(config, "sources", "add", "--opml", str(listed), "--yes", "--json")
    assert done.returncode == 1
    assert "2 of 3 feeds" in done.stderr
    added = json.loads(done.stdout)
    assert [one["written"] is not None for one in added] == [False, False, True]
    assert all(one["why"] for one in added[:2])
    (written,) = load_sources(config / "sources").values()
    assert written.readers[0].url == f"{site.url}feed/"


def test_an_address_and_a_list_of_feeds_are_not_given_together(config: Path, run: Run) -> None:
    listed = config / "list.opml"
    listed.write_text("<opml/>", encoding="utf-8")
    done = run(config, "sources", "add", "https://pier.example/", "--opml", str(listed), "--yes")
    assert done.returncode == 2
    assert "either one address" in done.stderr
