"""(b): reading three thousand pages of magazines, each of about 90 kB, from the web to the store.

Ours is the full line: listing, fetching, WARC, reading, judging, linking, store, over eight sites with two at a time in the
reading and every core used. The bare spider extracts with trafilatura in its callback and keeps nothing; news-please reads
as its documentation proposes, a smaller sample, for it takes long.
"""

import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.environments import HERE, Missing, environment
from benchmarks.measuring import Cost, Rival
from benchmarks.nginx import Nginx, address_of
from benchmarks.sites import Story, stories, write_site

OURS = "Returnwatch"
SITES = 8
PAGE_BYTES = 90_000
ONE_IN = 8
"""One article in so many tells a forced return."""
_PARAGRAPHS = 14
_TAG = "North Korea"
_FAMILIES = (
    "Han",
    "Ri",
    "Pak",
    "Kim",
    "Choe",
    "Jong",
    "O",
    "Paek",
    "An",
    "Sin",
    "Yun",
    "Chang",
    "Rim",
    "Kwon",
    "Hwang",
)
_GIVEN = (
    "Ok",
    "Mi",
    "Sun",
    "Yong",
    "Hye",
    "Un",
    "Song",
    "Kum",
    "Myong",
    "Chun",
    "Jin",
    "Son",
    "Ryon",
    "Pok",
    "Il",
    "Nam",
)
_TOWNS = ("Longjing", "Tumen", "Hunchun", "Helong", "Dandong", "Changbai", "Linjiang", "Yanji")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August")


class Measure(NamedTuple):
    """A rival and how many pages it reads in a run."""

    rival: Rival
    pages: int


def write_sites(folder: Path, pages: int) -> None:
    """Write sites that hold so many articles together, all tagged."""
    for number in range(SITES):
        told = [_told(story, number, at) for at, story in enumerate(_stories(number, pages // SITES))]
        write_site(folder / address_of(number), told, page_bytes=PAGE_BYTES)


def _stories(number: int, count: int) -> list[Story]:
    return stories(number, count, paragraphs=_PARAGRAPHS, tags=(_TAG,))


def _told(story: Story, site: int, at: int) -> Story:
    """Let one story in eight tell a return, each of another person on another day."""
    if at % ONE_IN:
        return story
    chance = random.Random(f"return {at} of site {site}")
    first, second = chance.sample(_GIVEN, 2)
    name = f"{chance.choice(_FAMILIES)} {first}-{second.lower()}"
    town, month = chance.choice(_TOWNS), chance.choice(_MONTHS)
    told = (
        f"On {month} {chance.randint(1, 28)}, 2026, police in {town}, China, arrested {name}, a North Korean woman aged "
        f"{chance.randint(19, 60)}, at the house where she lived. Two days later border guards forcibly returned her to "
        "North Korea over the bridge. Nothing has been heard of her since, said a neighbour."
    )
    title = f"Woman from {town} forcibly returned to North Korea"
    return story._replace(title=title, paragraphs=(told, *story.paragraphs))


def measures(folder: Path, server: Nginx, pages: int, sample: int, *, alone: bool = False) -> list[Measure]:
    """Give ours and, unless it is ``alone``, the rivals that can be had here; says which cannot."""
    addresses = [
        f"{server.url(site)}{story.slug}/" for site in range(SITES) for story in _stories(site, pages // SITES)
    ]
    (folder / "pages.txt").write_text("\n".join(addresses))
    (folder / "sample.txt").write_text("\n".join(addresses[:: max(1, len(addresses) // sample)]))
    found = [Measure(ours(folder, server, pages), pages)]
    makers: dict[str, tuple[str, str, str, int]] = {
        "bare Scrapy + trafilatura": ("scrapy-trafilatura", "read_scrapy.py", "pages.txt", pages),
        "news-please": ("news-please", "read_news_please.py", "sample.txt", sample),
    }
    for name, (lock, program, listed, count) in ({} if alone else makers).items():
        try:
            python = str(environment(lock) / "python")
        except Missing as why:
            print(f"{name} is not measured: {why}")
            continue
        command = [python, str(HERE / program), str(folder / listed)]
        found.append(Measure(Rival(name, command, folder, _nothing, _answers(server)), count))
    return found


def ours(folder: Path, server: Nginx, pages: int) -> Rival:
    """Give our own watch as it is configured by default, but for politeness, the horizon and the addresses of this machine."""
    config = folder / "reading"
    (config / "sources").mkdir(parents=True, exist_ok=True)
    for number in range(SITES):
        home = server.url(number)
        (config / "sources" / f"site-{number}.toml").write_text(
            f'title = "Site {number}"\nhome = "{home}"\n[[readers]]\nkind = "feed"\nurl = "{home}feed/"\n'
        )
    (config / "returnwatch.toml").write_text(
        f'[store]\nurl = "sqlite:///{folder}/reading.db"\ncaptures = "{folder}/reading-captures"\n'
        f'[watch]\ntags = ["{_TAG}"]\n'
        f"[collection]\ndelay_s = 0\nallow_private_addresses = true\nhorizon_days = 0\nmax_pages = {pages}\n"
    )

    def fresh() -> None:
        for path in folder.glob("reading.db*"):
            path.unlink()
        shutil.rmtree(folder / "reading-captures", ignore_errors=True)
        _answers(server)()

    command = [sys.executable, str(HERE / "poll_returnwatch.py"), str(config), str(SITES)]
    return Rival(OURS, command, folder, fresh, _answers(server))


def table(found: dict[str, tuple[Cost, list[Cost], str]], pages: dict[str, int]) -> str:
    """Write medians: pages a second, CPU a page, memory, and how many times as fast ours is."""
    own = pages[OURS] / found[OURS][0].wall_s
    lines = [
        f"{'':28}{'pages':>7}{'wall s':>9}{'CPU s':>9}{'peak MiB':>10}{'pages/s':>9}{'ours x':>8}  seen by the server"
    ]
    for name, (cost, _, seen) in found.items():
        speed = pages[name] / cost.wall_s
        lines.append(
            f"{name:28}{pages[name]:>7}{cost.wall_s:>9.2f}{cost.cpu_s:>9.2f}{cost.peak_mb:>10.0f}{speed:>9.1f}"
            f"{own / speed:>8.2f}  {seen}"
        )
    return "\n".join(lines)


def _nothing() -> None:
    """Put nothing back: a rival that keeps nothing begins anew."""


def _answers(server: Nginx) -> Callable[[], str]:
    """Count what the server answered since the last time."""

    def count() -> str:
        lines = len(server.requests())
        new, _seen[server] = lines - _seen.get(server, 0), lines
        return f"{new} requests"

    return count


_seen: dict[Nginx, int] = {}
