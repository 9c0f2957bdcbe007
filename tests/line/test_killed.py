"""Killed at any moment, again and again: nothing is lost, nothing is doubled, nothing is told twice.

The work is killed at random steps until it is done, and then compared with the same work that nobody disturbed. More stories
are told with ``RETURNWATCH_KILL_STORIES=50``.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from cases.ledger import SourceOutcome
from cases.store import Store
from crawler.evidence.verification import Verification
from crawler.testing import LoopbackSite, Magazine, Post
from scheduler.assembly import Watch, open_watch

CHILD = Path(__file__).with_name("killed_child.py")
COMMAND = str(Path(sys.executable).with_name("returnwatch"))
STORIES = range(int(os.environ.get("RETURNWATCH_KILL_STORIES", "1")))
MOST_RUNS = 60
TOWNS = ("Longtan", "Helong", "Wangqing", "Antu")


def post(number: int, *paragraphs: str) -> Post:
    return Post(
        slug=f"story-{number}",
        title=f"Story number {number} from the border",
        paragraphs=paragraphs
        or (f"The river froze early in year {number}.", f"Nothing else is told in story {number}."),
        tags=("North Korea",),
        published=datetime.now(UTC).replace(microsecond=0) - timedelta(days=20 - number),
    )


def report(town: str, day: int) -> tuple[str, str]:
    return (
        f"On March {day}, 2026, police in {town} arrested a North Korean woman, 34, at her home.",
        "The next day she was forcibly deported to North Korea, her husband told the magazine.",
    )


@pytest.fixture
def magazine() -> Magazine:
    told = [post(number, *report(TOWNS[number % 4], 2 + 5 * (number % 4))) for number in range(6)]
    return Magazine([*told, *(post(number) for number in range(6, 12))])


@pytest.fixture
def site(magazine: Magazine) -> Iterator[LoopbackSite]:
    with LoopbackSite(magazine) as running:
        yield running


def configured(folder: Path, site: LoopbackSite, url: str | None = None) -> Path:
    """Write a watch over the site, with a store of its own and a digest to a file."""
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "magazine.toml").write_text(
        f'title = "Magazine"\nhome = "{site.url}"\ndate_order = "MDY"\nlanguages = ["en"]\n'
        '[[readers]]\nkind = "wordpress"\n',
        encoding="utf-8",
    )
    (folder / "returnwatch.toml").write_text(
        f"""\
[store]
url = "{url or f"sqlite:///{folder}/watch.db"}"
captures = "{folder}/captures"
[watch]
tags = ["North Korea"]
[collection]
delay_s = 0
retries = 0
horizon_days = 0
announce_days = 0
allow_private_addresses = true
[service]
port = 0
[[digests]]
name = "all"
schedule = "daily 07:00"
channels = ["file"]
[channels.file]
folder = "{folder}/out"
""",
        encoding="utf-8",
    )
    return folder


class Victim:
    """The process that is killed."""

    def __init__(self, log: Path) -> None:
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        self.kills = 0

    def obey(self, config: Path, work: str = "crawl", **how: float) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"config": str(config), "work": work, **how}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        assert answer in {"done", "killed"}, Path(self._log.name).read_text(encoding="utf-8")
        self.kills += answer == "killed"
        return answer

    def until_done(self, config: Path, how: Callable[[], dict[str, float]], work: str = "crawl") -> None:
        for _ in range(MOST_RUNS):
            if self.obey(config, work, **how()) == "done":
                return
        self.obey(config, work)

    def close(self) -> None:
        self._process.communicate(timeout=60)
        self._log.close()


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    running = Victim(tmp_path_factory.mktemp("victim") / "log")
    yield running
    running.close()


def rows(store: Store, statement: str) -> list[Any]:
    with store._database.read() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def gathered(store: Store) -> dict[str, Any]:
    """Give all that a crawl leaves behind, but for what depends on the order in which pages came."""
    cases = store.cases.rows()
    return {
        "articles": {
            row.url: [one.article.text for one in stored.versions]
            for row in store.articles.rows()
            if (stored := store.articles.get(row.url)) is not None
        },
        "addresses": len(store.articles.rows()),
        "cases": sorted(sorted(telling.url for telling in case.tellings) for case in cases),
        "numbers": sorted(case.number for case in cases),
        "changes": Counter(kind for (kind,) in rows(store, "select kind from case_change")),
        "tellings": Counter(rows(store, "select current from telling")),
        "told_twice": rows(store, "select version_id from telling group by version_id, position having count(*) > 1"),
        "revisions": len(rows(store, "select revision from case_revision")),
    }


def proved(watch: Watch) -> Counter[str]:
    """Prove that every capture is what was kept; gives what was told beside."""
    verification = Verification(watch.store, watch.settings.store.captures)
    findings = list(verification.run())
    assert [finding for finding in findings if finding.is_wrong] == []
    versions = sum(
        len(stored.versions) for row in watch.store.articles.rows() if (stored := watch.store.articles.get(row.url))
    )
    assert verification.summary.captures >= versions
    return Counter(finding.kind for finding in findings)


def check(config: Path, undisturbed: Path) -> None:
    """Compare what was killed with what nobody disturbed, and look for what a death leaves behind."""
    with open_watch(config) as watch, open_watch(undisturbed) as other:
        assert gathered(watch.store) == gathered(other.store)
        assert watch.store.sources.holders() == {}
        assert rows(watch.store, "select 1 from crawl_request_source where state <> 'done'") == []
        for run in watch.store.runs.since(datetime(2000, 1, 1, tzinfo=UTC)):
            assert run.entries == run.articles + sum(run.set_aside.values())
        last = watch.store.runs.last("magazine")
        assert last is not None
        assert last.outcome in {SourceOutcome.OK, SourceOutcome.NOTHING_NEW}
        assert set(proved(watch)) <= {"unregistered"}


def edit(magazine: Magazine) -> None:
    """Let the site take back one report, change the words of another, and add a story."""
    now = datetime.now(UTC).replace(microsecond=0)
    first, second, *others = magazine.posts
    magazine.posts = [
        msgspec.structs.replace(first, paragraphs=("The magazine has taken this story back.",), modified=now),
        msgspec.structs.replace(second, paragraphs=(*second.paragraphs, "Nobody has heard of her."), modified=now),
        *others,
        post(12, *report("Helong", 19)),
    ]


@pytest.mark.parametrize("story", STORIES)
def test_a_crawl_that_is_killed_at_any_step_loses_and_doubles_nothing(
    story: int, magazine: Magazine, site: LoopbackSite, victim: Victim, tmp_path: Path
) -> None:
    chance, before = random.Random(story), victim.kills
    killed, undisturbed = configured(tmp_path / "killed", site), configured(tmp_path / "undisturbed", site)
    for _ in range(2):
        assert victim.obey(undisturbed) == "done"
        victim.until_done(killed, lambda: {"step": chance.randint(1, 45)})
        check(killed, undisturbed)
        edit(magazine)
    assert victim.kills - before > 5


@pytest.mark.postgresql
def test_a_crawl_that_is_killed_loses_and_doubles_nothing_on_postgresql_either(
    magazine: Magazine, site: LoopbackSite, victim: Victim, tmp_path: Path, postgresql_databases: Callable[[str], str]
) -> None:
    chance = random.Random(1)
    killed = configured(tmp_path / "killed", site, postgresql_databases("migrated"))
    undisturbed = configured(tmp_path / "undisturbed", site, postgresql_databases("migrated"))
    for _ in range(2):
        assert victim.obey(undisturbed) == "done"
        victim.until_done(killed, lambda: {"step": chance.randint(1, 45)})
        check(killed, undisturbed)
        edit(magazine)


def test_a_crawl_that_is_killed_at_any_moment_loses_and_doubles_nothing(
    site: LoopbackSite, victim: Victim, tmp_path: Path
) -> None:
    chance = random.Random(2)
    killed, undisturbed = configured(tmp_path / "killed", site), configured(tmp_path / "undisturbed", site)
    assert victim.obey(undisturbed) == "done"
    for _ in range(8):
        victim.obey(killed, seconds=chance.uniform(0, 0.8))
    victim.until_done(killed, dict)
    check(killed, undisturbed)


def test_a_digest_whose_making_is_killed_tells_each_change_once(
    site: LoopbackSite, victim: Victim, tmp_path: Path
) -> None:
    config = configured(tmp_path / "watch", site)
    assert victim.obey(config) == "done"
    chance = random.Random(3)
    for _ in range(8):
        victim.obey(config, "digest", step=chance.randint(1, 12))
    victim.obey(config, "digest")
    with open_watch(config) as watch:
        told = rows(watch.store, "select change_id from digest_change")
        assert sorted(told) == sorted(rows(watch.store, "select id from case_change"))
        assert watch.store.outbox.pending("all") == []
        deliveries = rows(watch.store, "select state from delivery")
        assert {state for (state,) in deliveries} <= {"sent", "unknown"}, "a message waits that nobody will send"


def test_the_command_and_the_service_go_on_where_a_killed_one_stopped(
    site: LoopbackSite, victim: Victim, tmp_path: Path
) -> None:
    chance = random.Random(4)
    killed, undisturbed = configured(tmp_path / "killed", site), configured(tmp_path / "undisturbed", site)
    assert victim.obey(undisturbed) == "done"
    for arguments in (["crawl"], ["serve"]):
        with (tmp_path / "command.log").open("ab") as log:
            process = subprocess.Popen([COMMAND, "--config", str(killed), *arguments], stdout=log, stderr=log)
            asked = len(site.asked)
            while process.poll() is None and len(site.asked) < asked + 3:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.3))
            process.send_signal(signal.SIGKILL)
            process.wait()
    done = subprocess.run(
        [COMMAND, "--config", str(killed), "crawl"], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    check(killed, undisturbed)
