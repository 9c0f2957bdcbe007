from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from cases.register import Case, CaseStatus
from cases.store import By
from digests.stories import STORIES, Story
from scheduler.archiving import Archive
from scheduler.assembly import Watch
from scheduler.cli import commands
from scheduler.digesting import send_now

AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
STEM = "2026-11-21-asked-0600Z-demo"


@pytest.fixture
def sent(watch: Watch, put: Callable[[Watch, Story], Case]) -> tuple[Case, Case]:
    """Two cases, told in a digest that lies in the folder."""
    cases = put(watch, STORIES[0]), put(watch, STORIES[2])
    assert send_now(watch, watch.settings.digest_named("demo"), AT).state == "recorded"
    return cases


def everything_in(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.*")) if path.suffix != ".db")


def papers_in(config: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in config.parent.glob("*.*") if path.stem in {STEM, "digest", "index"}
    }


def test_the_index_lists_what_was_sent_and_each_page_is_what_was_sent(
    watch: Watch, config: Path, sent: tuple[Case, Case]
) -> None:
    before = papers_in(config)
    index = Archive(watch).keep()
    assert index == config.parent / "index.html"
    assert f'href="{STEM}.html"' in index.read_text(encoding="utf-8")
    assert index.stat().st_mode & 0o777 == 0o600
    assert papers_in(config) == before | {"index.html": index.read_bytes()}


def test_where_nothing_was_sent_there_is_no_archive(watch: Watch, config: Path) -> None:
    assert papers_in(config) == {}
    Archive(watch).keep()
    assert [name for name in papers_in(config) if name != "index.html"] == []


def test_a_case_that_is_held_back_leaves_the_folder_and_comes_back_as_it_was_when_it_is_let_go(
    watch: Watch, config: Path, sent: tuple[Case, Case]
) -> None:
    archive = Archive(watch)
    archive.keep()
    before = papers_in(config)
    assert STORIES[0].title in everything_in(config.parent)
    by = By(actor="someone", at=AT, reason="")
    watch.store.rulings.hold(sent[0].number, CaseStatus.WITHHELD, by)
    archive.keep()
    assert STORIES[0].title not in everything_in(config.parent)
    assert STORIES[2].title in (config.parent / f"{STEM}.html").read_text(encoding="utf-8")
    assert f"Held back since, and taken out: {sent[0].number}." in (config.parent / "index.html").read_text(
        encoding="utf-8"
    )
    watch.store.rulings.release(sent[0].number, by)
    archive.keep()
    assert papers_in(config) == before


def test_a_case_merged_into_one_that_is_held_back_is_held_back_too(
    watch: Watch, config: Path, sent: tuple[Case, Case]
) -> None:
    by = By(actor="someone", at=AT, reason="")
    watch.store.rulings.merge(sent[0].number, sent[1].number, by, despite=True)
    watch.store.rulings.hold(sent[1].number, CaseStatus.EMBARGOED, by)
    Archive(watch).keep()
    assert STORIES[0].title not in everything_in(config.parent)


def test_a_rejected_case_stays_on_its_page_and_the_index_says_not_to_rely_on_it(
    watch: Watch, config: Path, sent: tuple[Case, Case]
) -> None:
    page = (config.parent / f"{STEM}.html").read_bytes()
    by = By(actor="someone", at=AT, reason="")
    watch.store.rulings.hold(sent[1].number, CaseStatus.REJECTED, by)
    index = Archive(watch).keep()
    assert index is not None
    assert f"Withdrawn since, please do not rely on: {sent[1].number}." in index.read_text(encoding="utf-8")
    assert (config.parent / f"{STEM}.html").read_bytes() == page


def test_the_command_that_withholds_a_case_takes_it_out_at_once(
    watch: Watch, config: Path, sent: tuple[Case, Case]
) -> None:
    done = CliRunner().invoke(commands, ["--config", str(config), "cases", "withhold", sent[0].number])
    assert done.exit_code == 0, done.output
    assert STORIES[0].title not in everything_in(config.parent)


def test_nothing_is_written_when_nothing_changed(watch: Watch, config: Path, sent: tuple[Case, Case]) -> None:
    archive = Archive(watch)
    index = archive.keep()
    assert index is not None
    made = index.stat().st_mtime_ns, index.stat().st_ino
    archive.keep()
    Archive(watch).keep()
    assert (index.stat().st_mtime_ns, index.stat().st_ino) == made
