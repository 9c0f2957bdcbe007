"""Both doors to the network: guarded at the connection itself, keeping what came, in mode B as without a reactor."""

import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from cases.errors import Unreachable
from cases.ledger import Run, SourceOutcome
from crawler.options import Collection
from crawler.run import fetch_page
from crawler.sources import Source
from crawler.testing import LoopbackSite, Magazine, Post, Reply

MODE_B = '''
"""Visits a site with Twisted's client on the running loop, the way the service does."""

import asyncio, json, sys
from datetime import UTC, datetime
from pathlib import Path

import crawler.wire.guard
from cases.store import open_store
from crawler.options import Collection
from crawler.pool import ReadingPool
from crawler.run import Stop, crawl, twisted_on_running_loop
from crawler.sources import source_of

async def public(host):
    return ["93.184.216.34"]  # what a name answers first, before it turns to this machine

async def main(url, folder):
    told = {"delay_s": 0, "retries": 0, "allow_private_addresses": True}
    source = source_of({"title": "M", "home": url, "date_order": "MDY", "readers": [{"kind": "wordpress"}]}, name="m", origin="t")
    async with twisted_on_running_loop():
        with open_store(f"sqlite:///{folder}/b.db") as store:
            async with ReadingPool() as pool:
                async def visit(stop=None, on_progress=None, **other):
                    return await crawl(
                        source, store=store, pool=pool, captures=Path(folder) / "captures", collection=Collection(**(told | other)),
                        watched_tags=["North Korea"], trigger="request", now=lambda: datetime(2026, 6, 1, 12, tzinfo=UTC), stop=stop,
                        on_progress=on_progress)
                stop = Stop()
                cut = await visit(stop, lambda progress: stop.stop() if progress.phase == "reading" else None)
                whole = await visit()
                refused = await visit(allow_private_addresses=False)
                crawler.wire.guard._resolved = public
                rebound = await visit(allow_private_addresses=False)
    print(json.dumps([[run.outcome, run.articles, run.detail] for run in (cut, whole, refused, rebound)]))

if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
'''


@pytest.fixture
def magazine(make_posts: Callable[[int], list[Post]]) -> Magazine:
    return Magazine(make_posts(18))


def test_the_service_s_own_mode_visits_stops_and_guards_alike(
    make_posts: Callable[[int], list[Post]], tmp_path: Path
) -> None:
    script = tmp_path / "mode_b.py"
    script.write_text(MODE_B, encoding="utf-8")
    with LoopbackSite(Magazine(make_posts(60))) as site:
        command = [
            sys.executable,
            "-W",
            "error",
            str(script),
            site.url.replace("127.0.0.1", "localhost"),
            str(tmp_path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    cut, whole, refused, rebound = json.loads(done.stdout)
    assert cut[0] == "stopped"
    assert 1 <= cut[1] < 20
    assert whole[:2] == ["ok", 20 - cut[1]]
    for run in (refused, rebound):
        assert run[0] == "blocked"
        assert "the machine itself" in run[2]


def test_a_name_that_turns_to_this_machine_after_it_was_checked_gains_nothing(
    magazine: Magazine,
    collection: Collection,
    visit: Callable[..., Run],
    make_source: Callable[..., Source],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def public(_: str) -> list[str]:
        return ["93.184.216.34"]

    monkeypatch.setattr("crawler.wire.guard._resolved", public)
    guarded = collection.model_copy(update={"allow_private_addresses": False})
    with LoopbackSite(magazine) as site:
        for host in ("localhost", "127.0.0.1"):
            run = visit(make_source(site.url.replace("127.0.0.1", host)), collection=guarded)
            assert run.outcome is not SourceOutcome.OK
    assert site.asked == []


def test_what_is_captured_is_what_came_over_the_wire(
    magazine: Magazine, visit: Callable[..., Run], make_source: Callable[..., Source], tmp_path: Path
) -> None:
    page = gzip.compress(magazine.page(magazine.posts[0]).encode())
    packed = {"Content-Encoding": "gzip", "Content-Type": "text/html", "X-Long": "y" * 20_000}
    magazine.special["/story-0/"] = lambda _: Reply(body=page, headers=packed)
    with LoopbackSite(magazine) as site:
        visit(make_source(site.url))
    (path,) = (tmp_path / "captures").rglob("*.warc.gz")
    with path.open("rb") as file:
        kept = {
            record.rec_headers.get_header("WARC-Target-URI"): record.raw_stream.read()
            for record in ArchiveIterator(file)
            if record.rec_type == "response"
        }
    assert kept[f"{site.url}story-0/"] == page
    assert kept.keys() == {f"{site.url.rstrip('/')}{asked.target}" for asked in site.asked}
    assert f"{site.url}robots.txt" in kept


def test_a_page_for_a_person_passes_the_same_guard(collection: Collection, now: datetime) -> None:
    guarded = collection.model_copy(update={"allow_private_addresses": False})
    for url in ("http://127.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/"):
        with pytest.raises(Unreachable, match="the guard does not visit it"):
            asyncio.run(fetch_page(url, collection=guarded, now=lambda: now))
