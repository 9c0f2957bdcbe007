"""A watch over the bundled magazines, served on loopback, in a folder of its own."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from cases.model import Article, Evidence, Judgement, Label, Verdict
from cases.register import Case, Decision, Opened
from digests.stories import Story
from scheduler.assembly import Watch, open_watch
from scheduler.demo.demonstration import prepared


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    """Folder of a configuration whose sources answer while the test runs."""
    with prepared(tmp_path / "watch") as folder:
        yield folder


@pytest.fixture
def watch(config: Path) -> Iterator[Watch]:
    with open_watch(config) as opened:
        yield opened


@pytest.fixture
def unused_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


AT = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


def told_in(watch: Watch, story: Story) -> Case:
    """Put a case into the register, as a crawl would."""
    start = story.text.index(story.says)
    says = Evidence(field="stage", text=story.says, start=start, end=start + len(story.says))
    report = msgspec.structs.replace(story.report, evidence=(says,))
    article = Article(
        url=f"https://news.example.org/{story.lang}/{len(story.title)}",
        title=story.title,
        text=story.text,
        lang=story.lang,
        published=AT - timedelta(days=1),
        source="courier",
    )
    judgement = Judgement(
        verdict=Verdict(label=Label.CASE_REPORT, report=True, score=0.9), lang=story.lang, reports=(report,)
    )
    kept = watch.store.articles.keep(
        article,
        None,
        Decision(judgement=judgement, effects=(Opened(report=report),)),
        now=AT,
        source_title=story.outlet,
    )
    return kept.changes[0].case


@pytest.fixture
def put() -> Callable[[Watch, Story], Case]:
    """Put an invented case into the register of a watch."""
    return told_in
