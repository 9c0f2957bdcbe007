"""Update all feeds of lemon24's reader: ``python poll_reader.py DATABASE WORKERS [ADDRESSES]``, which adds them first."""

import sys
from pathlib import Path

from reader import make_reader


def main(database: str, workers: int, addresses: str | None = None) -> None:
    """Do as its own ``update`` command does, for every feed whether due or not."""
    reader = make_reader(database)
    if addresses is not None:
        for address in Path(addresses).read_text().split():
            reader.add_feed(address)
    counted = sum(1 for _ in reader.update_feeds_iter(scheduled=False, workers=workers))
    print(counted)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
