"""bundled magazines → an installation of one's own: the line of a live crawl, on this machine alone.

The folder that it makes holds a configuration as a person would write it, the store, the captured pages and the digest. The
sites keep their ports from one run to the next, because an article is known by its address.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from cases.errors import ConfigError
from scheduler.demo.magazine import Magazine, load_magazines
from scheduler.demo.outlet import Outlet
from scheduler.demo.site import served
from scheduler.settings import FILE, SOURCES, load_catalogue

DIGEST = "demo"

READERS = {"rest": "wordpress", "feeds": "feed", "tag_pages": "listing"}
"""What an outlet offers, and the kind of reader that reads it."""


@contextmanager
def prepared(out: Path) -> Iterator[Path]:
    """Serve the magazines and give the folder of a configuration that watches them; the sites end with the block.

    Raises ConfigError when the ports of an earlier run are taken, or the folder cannot be written.
    """
    magazines = load_magazines()
    config = out / "config"
    try:
        with served(magazines, ports=_ports(config)) as outlets:
            if not (config / FILE).exists():
                _write_configuration(out, outlets)
            yield config
    except OSError as cause:
        raise ConfigError(f"{out}: the demonstration cannot write here: {cause.strerror or cause}") from cause


def _ports(config: Path) -> dict[str, int]:
    """Give the ports of an earlier run, by source; none before the first."""
    catalogue = load_catalogue(config)
    return {name: urlsplit(source.home).port or 0 for name, source in catalogue.items()}


def _write_configuration(out: Path, outlets: Mapping[str, Outlet]) -> None:
    config = out / "config"
    (config / SOURCES).mkdir(parents=True, exist_ok=True)
    for name, outlet in outlets.items():
        (config / SOURCES / f"{name}.toml").write_text(_source(outlet.magazine, outlet.url), encoding="utf-8")
    (config / FILE).write_text(_settings(out.resolve()), encoding="utf-8")


def _settings(out: Path) -> str:
    def below(*names: str) -> str:
        return json.dumps(str(out.joinpath(*names)))

    return f"""\
# Written by "returnwatch demo": a watch over magazines that this command serves on this machine.

[store]
url = {json.dumps(f"sqlite:///{out.joinpath('data', 'returnwatch.db')}")}
captures = {below("data", "captures")}

[watch]
tags = ["North Korea", "Human Rights"]

[collection]
contact = "demonstration@example.org"
delay_s = 0                      # the sites are our own; a live watch waits five seconds between two pages
allow_private_addresses = true   # they are on this machine; a live watch refuses such addresses
horizon_days = 0                 # read everything, however old
announce_days = 0                # and tell everything as new

[[digests]]
name = "{DIGEST}"
title = "Forced returns in the news: a demonstration"
schedule = "daily 07:00"
channels = ["file"]
quiet = "never"

[channels.file]
folder = {below()}
"""


def _source(magazine: Magazine, url: str) -> str:
    readers = "".join(_reader(READERS[way], url) for way in magazine.offers if way in READERS)
    return f"""\
# Written by "returnwatch demo". The outlet is invented.
title = {json.dumps(magazine.title)}
home = "{url}/"
languages = ["{magazine.lang}"]
date_order = "MDY"
{readers}"""


def _reader(kind: str, url: str) -> str:
    return f'\n[[readers]]\nkind = "{kind}"\n' + (f'url = "{url}/feed/"\n' if kind == "feed" else "")
