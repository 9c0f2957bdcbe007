"""Good, dead, gone, empty, walled, forbidden, moved, changed, unreadable and silent sources: told apart after one crawl.

Every site is a real server on loopback; the crawl, the store and the command are the real ones.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from cases.ledger import Run, SourceOutcome
from crawler.testing import Application, Asked, LoopbackSite, Magazine, Post, Reply, html_reply
from scheduler.assembly import Watch, open_watch, present
from scheduler.cli import commands
from scheduler.crawls import Crawls, reading_pool

EMPTY_FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>None</title></channel></rss>'
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
)
LOGIN = (
    '<html><body><form action="/wp-login.php"><input name="log"><input type="password" name="pwd"></form></body></html>'
)


def posts(count: int, newest: timedelta) -> list[Post]:
    """A post a day, the newest so long ago."""
    return [
        Post(
            slug=f"story-{n}",
            title=f"Story number {n} from the harbour",
            paragraphs=(
                f"The first paragraph of story {n} tells of a harbour and of the people who mend nets there. " * 3,
                f"A second paragraph follows, and with it story {n} ends where it began.",
            ),
            tags=("North Korea",),
            published=present() - newest - timedelta(days=n),
        )
        for n in range(count)
    ]


def without_rules(application: Application) -> Application:
    return lambda asked: Reply(status=404) if asked.path == "/robots.txt" else application(asked)


def changed_layout(asked: Asked) -> Reply:
    magazine = Magazine(posts(4, timedelta(hours=1)), closed=frozenset({"rest"}))
    pages = {f"/{post.slug}/" for post in magazine.posts}
    return html_reply("<html><body><div id='app'></div></body></html>") if asked.path in pages else magazine(asked)


def to_login(asked: Asked) -> Reply:
    if asked.path == "/wp-login.php":
        return html_reply(LOGIN)
    return Reply(status=302, headers={"Location": "/wp-login.php?redirect_to=feed"})


def to_elsewhere(asked: Asked) -> Reply:
    if asked.path.startswith("/new/"):
        return Reply(body=EMPTY_FEED)
    host = asked.headers["host"].replace("127.0.0.1", "localhost")
    return Reply(status=301, headers={"Location": f"http://{host}/new{asked.path}"})


def forbidding(asked: Asked) -> Reply:
    return Reply(body=b"User-agent: *\nDisallow: /\n") if asked.path == "/robots.txt" else Reply(status=500)


SITES: dict[str, Application] = {
    "good": Magazine(posts(6, timedelta(hours=2)), closed=frozenset({"rest"})),
    "silent": Magazine(posts(40, timedelta(days=30)), closed=frozenset({"rest"})),
    "gone": without_rules(lambda _: Reply(status=404)),
    "empty": without_rules(lambda _: Reply(body=EMPTY_FEED)),
    "challenged": without_rules(lambda _: msgspec.structs.replace(html_reply(CHALLENGE), status=403)),
    "members-only": without_rules(to_login),
    "too-many": without_rules(lambda _: Reply(status=429, headers={"Retry-After": "7200"})),
    "forbidden": forbidding,
    "moved": without_rules(to_elsewhere),
    "changed": without_rules(changed_layout),
    "unreadable": without_rules(lambda _: html_reply("<p>Under construction")),
}

EXPECTED = {
    "good": "read, with something new",
    "silent": "QUIET: read, with something new",
    "dead": "FAILING: could not be reached",
    "gone": "FAILING: page is gone",
    "empty": "FAILING: answered with an empty list, 2 times in a row",
    "challenged": "FAILING: wants proof of a human",
    "members-only": "FAILING: wants a log-in",
    "too-many": "FAILING: wants fewer requests",
    "forbidden": "FAILING: forbids us by robots.txt",
    "moved": "FAILING: has moved to another site",
    "changed": "FAILING: has changed its layout",
    "unreadable": "FAILING: answered, but could not be read",
}
REASONS = {
    "dead": "refuses the connection",
    "gone": "status 404",
    "empty": "holds no entry",
    "challenged": "(Cloudflare)",
    "members-only": "wp-login.php",
    "too-many": "wants peace for 120 min",
    "forbidden": "robots.txt of 127.0.0.1",
    "moved": "has moved for good to http://localhost:",
    "changed": "none could be read as an article",
    "unreadable": "is not a feed",
    "silent": "it publishes about every day",
}


def written(folder: Path, urls: dict[str, str]) -> Path:
    """Write a configuration that watches these sites."""
    (folder / "sources").mkdir(parents=True)
    for name, url in urls.items():
        (folder / "sources" / f"{name}.toml").write_text(
            f'title = "The {name.title()}"\nhome = "{url}"\ndate_order = "MDY"\n[[readers]]\nkind = "feed"\n', "utf-8"
        )
    (folder / "returnwatch.toml").write_text(
        f"""[store]
url = "sqlite:///{folder}/watch.db"
captures = "{folder}/captures"
[watch]
tags = ["North Korea"]
[collection]
delay_s = 0
timeout_s = 5
retries = 0
allow_private_addresses = true
[[digests]]
name = "weekly"
schedule = "Mon 07:00"
channels = ["stdout"]
""",
        "utf-8",
    )
    return folder


async def crawl_here(watch: Watch, names: list[str]) -> dict[str, Run]:
    ended: dict[str, Run] = {}
    async with reading_pool(watch) as pool:
        crawls = Crawls(watch, pool, at_once=1, on_end=lambda run: ended.update({run.source: run}))
        await crawls.answer(watch.store.sources.request(names, now=present()))
        await crawls.stop(5)
    return ended


def remember_a_first_visit(watch: Watch, source: str, at: datetime) -> None:
    watch.store.runs.record(
        Run(source=source, trigger="schedule", outcome=SourceOutcome.NOTHING_NEW, started_at=at, finished_at=at)
    )


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Run]]]:
    """A configuration, all of whose sources were crawled twice, and the runs of the first time."""
    with ExitStack() as stack:
        urls = {name: stack.enter_context(LoopbackSite(site)).url for name, site in SITES.items()}
        with LoopbackSite(lambda _: Reply()) as closed:
            urls["dead"] = closed.url
        folder = written(tmp_path_factory.mktemp("apart"), urls)
        with open_watch(folder) as watch:
            remember_a_first_visit(watch, "silent", present() - timedelta(days=90))
            runs = asyncio.run(crawl_here(watch, list(urls)))
            asyncio.run(crawl_here(watch, ["empty"]))
        yield folder, runs


@pytest.fixture
def told(crawled: tuple[Path, dict[str, Run]], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What a command prints, at a terminal of some width."""

    def run(*arguments: str, width: int = 120) -> str:
        monkeypatch.setattr("scheduler.cli.output.UNBOUNDED", width)
        done = CliRunner().invoke(commands, ["--config", str(crawled[0]), *arguments], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    return run


@pytest.mark.parametrize("source", EXPECTED)
def test_each_source_is_told_apart_with_its_reason(told: Callable[..., str], source: str) -> None:
    document = json.loads(told("status", "--json"))
    (found,) = [one for one in document["sources"] if one["name"] == source]
    assert found["state"] == EXPECTED[source]
    assert found["failing"] == EXPECTED[source].startswith("FAILING")
    lines = " ".join(told("status", width=200).split())
    assert REASONS.get(source, "") in lines


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_its_terminal_and_what_fails_comes_first(told: Callable[..., str], width: int) -> None:
    lines = told("status", width=width).splitlines()
    assert max(map(len, lines)) <= width
    header = next(place for place, line in enumerate(lines) if line.startswith("source "))
    rows = [line.split()[0] for line in lines[header:] if line.split() and line.split()[0] in EXPECTED]
    first = [name for name in rows[: len(EXPECTED)] if name in EXPECTED]
    states = [EXPECTED[name].split(":")[0] for name in first]
    assert states == sorted(states, key=["FAILING", "QUIET", "read, with something new"].index)
    assert "12 watched, 10 failing, 1 quieter than usual" in "\n".join(lines)


def test_the_funnel_closes_for_every_source(told: Callable[..., str], crawled: tuple[Path, dict[str, Run]]) -> None:
    rows = json.loads(told("status", "--funnel", "--json"))["funnel"]
    assert all(row["closes"] for row in rows)
    by_source = {row["source"]: row for row in rows}
    assert by_source["good"]["entries"] == 6 == by_source["good"]["articles"]
    assert by_source["changed"]["set_aside"] == {"unreadable": 4}
    assert by_source["empty"]["visits"] == 2
    shown = told("status", "--funnel", "--days", "1", width=80)
    assert max(map(len, shown.splitlines())) <= 80
    assert "4 unreadable" in shown
    for run in crawled[1].values():
        assert run.entries == run.articles + sum(run.set_aside.values())
        assert run.articles == sum(run.judged.values()) == sum(run.labels.values())


def test_a_site_that_asks_for_peace_has_it_with_its_whole_host(crawled: tuple[Path, dict[str, Run]]) -> None:
    folder, runs = crawled
    asked = runs["too-many"].not_before
    assert asked is not None
    assert timedelta(0) <= asked - runs["too-many"].finished_at - timedelta(hours=2) < timedelta(seconds=1)
    with open_watch(folder) as watch:
        statuses = {one.name: one for one in watch.store.sources.status(datetime.now(UTC))}
    visited_before = [name for name, run in runs.items() if run.finished_at <= runs["too-many"].finished_at]
    for name in visited_before:
        due = statuses[name].next_due
        assert due is not None
        assert due >= asked or name == "empty"  # visited again since, because a person asked


def test_the_digest_leads_with_what_cannot_be_read(told: Callable[..., str]) -> None:
    text = told("digest", "--format", "text")
    assert "10 sources are failing" in text
    assert "Quieter than usual: The Silent" in " ".join(text.split())
