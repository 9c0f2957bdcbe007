"""The installed product is whole, and its names are its own."""

import importlib.metadata
import tomllib
from pathlib import Path

import cases
import crawler
import digests
import review
import scheduler

ROOT = Path(__file__).parents[1]
ROOMS = (cases, crawler, digests, review, scheduler)


def test_no_other_distribution_in_this_environment_owns_one_of_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room.__name__, ["returnwatch"])) == {"returnwatch"}


def test_every_data_file_of_the_rooms_is_installed() -> None:
    for room in ROOMS:
        installed = Path(room.__file__ or "").parent
        source = ROOT / room.__name__
        data = [path.relative_to(source) for path in source.rglob("*") if path.is_file() and path.suffix != ".pyc"]
        assert [str(path) for path in data if not (installed / path).exists()] == []


def test_the_configuration_is_shipped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shipped == {"config": "share/returnwatch"}
    assert (ROOT / "config" / "returnwatch.toml").exists()


def test_the_locks_name_hashes_for_everything_and_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = [block for block in text.split("\n") if "==" in block and not block.startswith((" ", "#"))]
        assert len(pins) > 50
        assert all(pin.rstrip().endswith("\\") for pin in pins)
        assert "://" not in text
