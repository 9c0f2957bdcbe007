"""Measure the collection side by side with others: ``make bench-collect``, or ``python -m benchmarks`` with options."""

import argparse
import json
import os
import platform
import tempfile
import time
from pathlib import Path

from benchmarks import polling, reading
from benchmarks.measuring import Cost, in_turn, table
from benchmarks.nginx import Nginx, is_here

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Do what the options say; everything by default."""
    options = _options()
    if not is_here():
        raise SystemExit("nginx is not installed: apt-get install nginx")
    with tempfile.TemporaryDirectory(prefix="returnwatch-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server is nobody
        (folder / "sites").mkdir(mode=0o755)
        with Nginx(folder / "sites", log=True) as server:
            if options.feeds:
                _measure(options, folder, server)
        if options.pages:
            _read(options)


def _measure(options: argparse.Namespace, folder: Path, server: Nginx) -> None:
    small = options.feeds
    print(f"(a) {small} feeds that did not change", flush=True)
    polling.write_sites(folder / "sites", small, small)
    watched = polling.Watched(folder, server)
    watched.prepare(small)
    others = [] if options.alone else polling.rivals(folder, server, small)
    found = in_turn([watched.rival(small), *others], options.runs)
    print(table(found, polling.OURS), flush=True)
    results = {"machine": _machine(), "polling": {"feeds": small, "runs": _plain(found)}}
    if options.sources > small:
        print(f"(c) {options.sources} sources in a store of {options.articles} articles", flush=True)
        polling.write_sites(folder / "sites", options.sources, small)
        polling.grown(watched, small=small, count=options.sources, articles=options.articles)
        large = in_turn([watched.rival(options.sources)], options.runs)
        print(table(large, polling.OURS))
        results["large"] = {"sources": options.sources, "articles": options.articles, "runs": _plain(large)}
        _compare(found[polling.OURS][0], small, large[polling.OURS][0], options.sources)
    options.results.mkdir(exist_ok=True)
    (options.results / f"polling-{small}.json").write_text(json.dumps(results, indent=1))


def _read(options: argparse.Namespace) -> None:
    """Measure (b) on a server of its own: the addresses of its sites are those of the feeds."""
    print(f"(b) {options.pages} pages of {reading.PAGE_BYTES // 1000} kB", flush=True)
    with tempfile.TemporaryDirectory(prefix="returnwatch-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "sites").mkdir(mode=0o755)
        reading.write_sites(folder / "sites", options.pages)
        with Nginx(folder / "sites", log=True) as server:
            sample = max(reading.SITES, options.pages // 20)
            measures = reading.measures(folder, server, options.pages, sample, alone=options.alone)
            found = in_turn([measure.rival for measure in measures], min(options.runs, 3))
    print(reading.table(found, {measure.rival.name: measure.pages for measure in measures}), flush=True)
    results = {"machine": _machine(), "reading": {"pages": options.pages, "runs": _plain(found)}}
    options.results.mkdir(exist_ok=True)
    (options.results / f"reading-{options.pages}.json").write_text(json.dumps(results, indent=1))


def _compare(small: Cost, few: int, large: Cost, many: int) -> None:
    one, other = polling.per_source(small, few), polling.per_source(large, many)
    print(f"CPU per source without the start: {one:.2f} ms of {few}, {other:.2f} ms of {many}: x {other / one:.2f}")
    print(f"peak memory: {small.peak_mb:.0f} MiB and {large.peak_mb:.0f} MiB")
    for cost in (small, large):
        said = json.loads(cost.said)
        print(
            f"  of it at the start, with the catalogue read: {said['start_peak_mb']:.0f} MiB, {said['start_cpu_s']:.2f} s CPU"
        )


def _plain(found: dict[str, tuple[Cost, list[Cost], str]]) -> dict[str, object]:
    return {
        name: {"median": cost._asdict(), "all": [one._asdict() for one in each]}
        for name, (cost, each, _) in found.items()
    }


def _machine() -> dict[str, object]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "at": time.strftime("%Y-%m-%d %H:%M")}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--small", action="store_true", help="a handful of feeds, no rivals, one run: does it work at all?"
    )
    parser.add_argument("--alone", action="store_true", help="without the rivals")
    parser.add_argument("--runs", type=int, default=5, help="measured runs of each")
    parser.add_argument("--feeds", type=int, default=1_000, help="feeds of (a); 0 leaves (a) and (c) out")
    parser.add_argument("--pages", type=int, default=3_000, help="pages of (b); 0 leaves it out")
    parser.add_argument("--sources", type=int, default=10_000, help="sources of (c)")
    parser.add_argument("--articles", type=int, default=1_000_000, help="articles in the store of (c)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the figures")
    options = parser.parse_args()
    if options.small:
        options.alone, options.runs, options.pages = True, 1, 16
        options.feeds, options.sources, options.articles = 8, 12, 100
    return options


if __name__ == "__main__":
    main()
