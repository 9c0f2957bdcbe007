"""(a) and (c): asking a thousand feeds that did not change, and ten thousand beside a million articles.

Every rival keeps its state in files below one folder; a first run, which is not measured, makes it. What is measured is the
whole process, from its start to its end.
"""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.environments import HERE, Missing, environment
from benchmarks.measuring import Cost, Rival, measured
from benchmarks.million import clone_memory, fill
from benchmarks.nginx import Nginx, address_of
from benchmarks.sites import stories, write_site

OURS = "Returnwatch"
WORKERS = {"reader": 4, "scrapy": 32}
"""What served each of them best, of 1, 4, 8, 16, 32 and 64 workers, and of 16, 32, 64 and 128 requests at once, on two cores."""
_PROGRAM = str(HERE / "poll_returnwatch.py")


def write_sites(folder: Path, count: int, different: int) -> None:
    """Write sites with a feed of ten articles each; from ``different`` on they repeat the first ones, letter by letter."""
    for number in range(count):
        if not (folder / address_of(number)).exists():
            write_site(folder / address_of(number), stories(number % different, 10))


class Watched:
    """Our own watch over sites of a server: configuration, store and captures below ``folder``."""

    def __init__(self, folder: Path, server: Nginx) -> None:
        self.folder, self.server = folder, server
        self.config = folder / "config"
        self.database = folder / "watch.db"

    def prepare(self, count: int) -> None:
        """Write the source files, and crawl each source once."""
        (self.config / "sources").mkdir(parents=True, exist_ok=True)
        for number in range(count):
            home = self.server.url(number)
            (self.config / "sources" / f"site-{number}.toml").write_text(
                f'title = "Site {number}"\nhome = "{home}"\n[[readers]]\nkind = "feed"\nurl = "{home}feed/"\n'
            )
        self._settings(delay_s=0, crawls_at_once=16)
        subprocess.run([sys.executable, _PROGRAM, str(self.config), str(count)], check=True, stdout=subprocess.DEVNULL)

    def rival(self, count: int) -> Rival:
        """Give what is to be measured: as configured by default, but for the addresses of this machine."""
        self._settings(delay_s=5, crawls_at_once=4)
        command = [sys.executable, _PROGRAM, str(self.config), str(count)]
        return Rival(OURS, command, self.folder, self.make_due, _answers(self.server))

    def make_due(self) -> None:
        """Let every source be due, as if its interval had passed."""
        with sqlite3.connect(self.database) as connection:
            connection.execute("update source set next_due = null")
        connection.close()
        _answers(self.server)()

    def _settings(self, *, delay_s: float, crawls_at_once: int) -> None:
        (self.config / "returnwatch.toml").write_text(
            f'[store]\nurl = "sqlite:///{self.database}"\ncaptures = "{self.folder}/captures"\n'
            '[watch]\ntags = ["Border"]\n'
            f"[collection]\ndelay_s = {delay_s}\nallow_private_addresses = true\nhorizon_days = 0\n"
            f"[service]\ncrawls_at_once = {crawls_at_once}\n"
        )


def rivals(folder: Path, server: Nginx, count: int) -> list[Rival]:
    """Give the rivals that can be had here, each in the state that its first run leaves; says which cannot."""
    addresses = folder / "addresses.txt"
    addresses.write_text("\n".join(f"{server.url(number)}feed/" for number in range(count)))
    makers: dict[str, Callable[[], tuple[list[str], list[str]]]] = {
        "reader 3.27": lambda: _reader(folder, addresses),
        "urlwatch 2.29": lambda: _urlwatch(folder, addresses),
        "bare Scrapy 2.19": lambda: _scrapy(folder, addresses),
    }
    found = []
    for name, maker in makers.items():
        try:
            first, command = maker()
        except Missing as why:
            print(f"{name} is not measured: {why}")
            continue
        measured(first, folder)
        seen = _answers(server)
        found.append(Rival(name, command, folder, lambda seen=seen: _ignored(seen()), seen))  # type: ignore[misc]  # mypy cannot type a default of a lambda
    return found


def _reader(folder: Path, addresses: Path) -> tuple[list[str], list[str]]:
    python = str(environment("reader", python=(3, 12)) / "python")
    command = [python, str(HERE / "poll_reader.py"), str(folder / "reader.db"), str(WORKERS["reader"])]
    return [*command, str(addresses)], command


def _urlwatch(folder: Path, addresses: Path) -> tuple[list[str], list[str]]:
    jobs, config = folder / "urlwatch-jobs.yaml", folder / "urlwatch.yaml"
    jobs.write_text(
        "\n---\n".join(f"name: feed {n}\nurl: {url}" for n, url in enumerate(addresses.read_text().split()))
    )
    config.write_text("display: {new: false, unchanged: false, error: true}\nreport: {stdout: {enabled: true}}\n")
    program = str(environment("urlwatch") / "urlwatch")
    command = [program, "--urls", str(jobs), "--config", str(config), "--cache", str(folder / "urlwatch.db")]
    return command, command


def _scrapy(folder: Path, addresses: Path) -> tuple[list[str], list[str]]:
    python = str(environment("scrapy") / "python")
    command = [python, str(HERE / "poll_scrapy.py"), str(folder / "scrapy.json"), str(WORKERS["scrapy"])]
    return [*command, str(addresses)], command


def grown(watched: Watched, *, small: int, count: int, articles: int) -> None:
    """Let a watch of ``small`` sources become one of ``count`` with so many articles, by bulk SQL."""
    clone_memory(watched.database, watched.config / "sources", watched.server, small=small, count=count)
    fill(watched.database, articles=articles, sources=count)


def per_source(cost: Cost, count: int) -> float:
    """Give the CPU that a source costs, in milliseconds: without what it takes to start and to read the configuration."""
    said = json.loads(cost.said)
    return (cost.cpu_s - float(said["start_cpu_s"])) / count * 1000


def _answers(server: Nginx) -> Callable[[], str]:
    """Count what the server answered since the last time, by status."""

    def count() -> str:
        lines = server.requests()
        found = Counter(line.rpartition('" "')[0].split('" ')[1].split()[0] for line in lines[_seen[server] :])
        _seen[server] = len(lines)
        return ", ".join(f"{number} x {status}" for status, number in sorted(found.items())) or "nothing"

    return count


_seen: Counter[Nginx] = Counter()


def _ignored(_: object) -> None:
    """Do no more than have been called."""
