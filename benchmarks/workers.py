"""Two workers on PostgreSQL, one killed in the middle of its crawls: ``python -m benchmarks.workers``.

Sites on loopback addresses of their own say how many of our requests waited for an answer at the same time, and which pages were
asked for how often. Prints figures, and fails when an article is missing or double, when two requests met at one site, or when
it took longer than stated until the other worker had taken over.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.nginx import address_of
from benchmarks.postgresql import cluster
from crawler.misbehaving import MisbehavingSite
from crawler.testing import Asked, Magazine, Post, Reply
from scheduler.assembly import Watch, open_watch, present

COMMAND = str(Path(sys.executable).with_name("returnwatch"))
STATED_S = {"here": 10.0, "elsewhere": 40.0}
"""Within which a killed worker's crawls are begun again: by one on the same host, and by one on another."""
PATIENCE_S = 240.0
_ANSWER_S = 0.02


class Scene(NamedTuple):
    """How large, and how the workers share."""

    queue: str
    where: str
    """``here``: both workers on one host. ``elsewhere``: each says that it is another's."""
    sources: int
    hosts: int
    articles: int
    """Of each source."""
    slots: int
    delay_s: float


class Site:
    """A host with a magazine for each of its sources."""

    def __init__(self, number: int, scene: Scene) -> None:
        names = [f"s{one:03}" for one in range(number, scene.sources, scene.hosts)]
        self.names = names
        posts = [_post(name, part) for name in names for part in range(scene.articles)]
        self._magazine = Magazine(posts, closed=frozenset({"rest"}))
        self.server = MisbehavingSite(self._answer, address=address_of(number))
        self.url = self.server.url(address_of(number))

    def _answer(self, asked: Asked) -> Reply:
        time.sleep(_ANSWER_S)  # long enough for a second request to be seen beside it
        return self._magazine(asked)

    def pages(self) -> Counter[str]:
        """Count how often each article was asked for."""
        return Counter(asked.path for asked in self.server.asked if "-part-" in asked.path)


def _post(name: str, part: int) -> Post:
    return Post(
        slug=f"{name}-part-{part}",
        title=f"Part {part} of the story of {name}",
        paragraphs=(f"The ferry at {name} ran late on day {part}.", f"Nobody was sent anywhere on day {part}."),
        tags=(name,),
        published=datetime.now(UTC).replace(microsecond=0) - timedelta(days=part + 1),
    )


@contextmanager
def watching(folder: Path, url: str, scene: Scene) -> Iterator[tuple[Path, list[Site]]]:
    """Give a configuration whose sources answer while the block lasts."""
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    (config / "returnwatch.toml").write_text(
        f'[store]\nurl = "{url}"\ncaptures = "{folder}/captures"\n'
        f"[collection]\ndelay_s = {scene.delay_s}\nretries = 0\nhorizon_days = 0\nallow_private_addresses = true\n"
        f'reading_processes = 1\n[service]\nqueue = "{scene.queue}"\nport = 0\n'
    )
    with ExitStack() as stack:
        sites = [Site(number, scene) for number in range(scene.hosts)]
        for site in sites:
            stack.enter_context(site.server)
            for name in site.names:
                (config / "sources" / f"{name}.toml").write_text(
                    f'title = "{name}"\nhome = "{site.url}"\nlanguages = ["en"]\nevery = "1d"\n'
                    f'[[readers]]\nkind = "feed"\nurl = "{site.url}tag/{name}/feed/"\n'
                )
        yield config, sites


class Worker:
    """A ``returnwatch worker`` as a process of its own."""

    def __init__(self, config: Path, host: str, slots: int) -> None:
        self.log = config.parent / f"{host}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [COMMAND, "--config", str(config), "worker", "--slots", str(slots)],
                stdout=log,
                stderr=log,
                env={**os.environ, "RETURNWATCH_HOST": host},
            )
        self.who = f"{host}:{self.process.pid}"

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> int:
        """Let it stop in order; gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def held_by(watch: Watch, who: str) -> set[str]:
    """Name the sources that a process holds."""
    return {name for name, holder in watch.store.sources.holders().items() if holder == who}


def visited(watch: Watch) -> set[str]:
    """Name the sources whose visit came to its end."""
    return {one.name for one in watch.store.sources.status(present()) if one.last_run is not None}


def play(watch: Watch, config: Path, scene: Scene) -> dict[str, float]:
    """Start two workers, kill one in the middle, and let the other finish; gives what was measured."""
    names = ("alpha", "alpha") if scene.where == "here" else ("alpha", "beta")
    started = time.monotonic()
    workers = [Worker(config, name, scene.slots) for name in names]
    try:
        victim, heir = workers
        _until(
            lambda: len(held_by(watch, victim.who)) >= scene.slots and held_by(watch, heir.who), "both work", workers
        )
        _until(lambda: len(visited(watch)) >= min(scene.sources // 6, 8), "some are done", workers)
        _until(lambda: held_by(watch, victim.who), "it holds something", workers)
        held = held_by(watch, victim.who)
        victim.kill()
        killed = time.monotonic()
        heirs = [heir]
        _until(lambda: not held_by(watch, victim.who), "what the dead one held was given back", heirs)
        _until(lambda: held <= held_by(watch, heir.who) | visited(watch), "and taken over", heirs)
        taken_over = time.monotonic()
        _until(lambda: len(visited(watch)) == scene.sources, "every source was visited", heirs)
        done = time.monotonic()
        if heir.end() != 0:
            raise RuntimeError(heir.log.read_text())
    finally:
        for worker in workers:
            worker.end()
    return {"held": len(held), "taken_over_s": taken_over - killed, "all_s": done - started}


def _until(condition: Callable[[], object], what: str, workers: list[Worker]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        for worker in workers:
            if worker.process.poll() is not None:
                raise RuntimeError(f"{worker.who} ended: {worker.log.read_text()}")
        if time.monotonic() > end:
            raise RuntimeError(
                f"after {PATIENCE_S:.0f} s: {what}\n" + "\n".join(one.log.read_text() for one in workers)
            )
        time.sleep(0.05)


def checked(
    watch: Watch, sites: list[Site], scene: Scene, figures: dict[str, float]
) -> tuple[dict[str, float], list[str]]:
    """Count what is in the store and what the sites saw; gives all figures, and what is wrong."""
    rows = watch.store.articles.rows()
    versions = sum(len(found.versions) for row in rows if (found := watch.store.articles.get(row.url)) is not None)
    fetched: Counter[str] = sum((site.pages() for site in sites), Counter())
    figures |= {
        "articles": len(rows),
        "versions": versions,
        "fetched_twice": sum(count > 1 for count in fetched.values()),
        "busiest": max(site.server.busiest for site in sites),
    }
    wanted = scene.sources * scene.articles
    wrong = []
    if not len(rows) == versions == wanted:
        wrong.append(f"{len(rows)} articles in {versions} versions, where {wanted} were published")
    if figures["busiest"] > 1:
        wrong.append(f"{figures['busiest']:.0f} requests at the same time to one site")
    if figures["taken_over_s"] > STATED_S[scene.where]:
        wrong.append(f"taken over after {figures['taken_over_s']:.1f} s, stated are {STATED_S[scene.where]:.0f} s")
    return figures, wrong


def main() -> int:
    """Play the scene with each queue and place, and print a line of figures for each; 1 when anything is wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--small", action="store_true", help="12 sources on 6 hosts, instead of 60 on 30")
    asked.add_argument("--postgresql", help="address of an empty database; without it a cluster of its own is started")
    asked.add_argument("--queue", choices=["leases", "procrastinate"], action="append")
    asked.add_argument("--where", choices=sorted(STATED_S), action="append")
    options = asked.parse_args()
    size = (
        {"sources": 12, "hosts": 6, "articles": 3, "slots": 1} if options.small else {}
    )  # fewer slots than hosts: one worker alone must not hold them all
    failed = False
    for queue in options.queue or ["leases", "procrastinate"]:
        for where in options.where or sorted(STATED_S):
            full = {"sources": 60, "hosts": 30, "articles": 5, "slots": 4}
            scene = Scene(queue=queue, where=where, delay_s=0.3, **{**full, **size})
            with ExitStack() as stack:
                url = options.postgresql or stack.enter_context(cluster())
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="returnwatch-workers-")))
                config, sites = stack.enter_context(watching(folder, url, scene))
                watch = stack.enter_context(open_watch(config))
                figures, wrong = checked(watch, sites, scene, play(watch, config, scene))
            print(
                json.dumps(
                    {**scene._asdict(), **{name: round(one, 1) for name, one in figures.items()}, "wrong": wrong}
                )
            )
            failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
