"""Alerts as the service sends them and as a person sees them on the command line."""

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from cases.errors import UsageError
from cases.model import Article, Judgement, Label, Mention, Persons, Report, Stage, Verdict
from cases.register import Decision, Opened
from digests.alerts import Alerts
from scheduler.alerting import acknowledge_case, send_alerts
from scheduler.assembly import Watch
from scheduler.cli import commands
from scheduler.digesting import all_channels

NOW = datetime.now(UTC).replace(microsecond=0)
Tell = Callable[[], None]


@pytest.fixture
def alerting(watch: Watch) -> Watch:
    """The demonstration's watch, whose digest alerts."""
    spec = watch.settings.digest_named("demo").model_copy(update={"alerts": Alerts()})
    return dataclasses.replace(watch, settings=watch.settings.model_copy(update={"digests": (spec,)}))


@pytest.fixture
def tell(watch: Watch) -> Tell:
    """Let an article tell of two people about to be returned."""

    def run() -> None:
        report = Report(
            mention=Mention.PRIMARY,
            stage=Stage.IMMINENT,
            from_state="CN",
            to_state="KP",
            persons=Persons(min=2, max=2),
        )
        article = Article(url="https://news.example.org/a", title="A", text="Two wait.", lang="en", published=NOW)
        verdict = Verdict(label=Label.CASE_REPORT, report=True, score=0.9)
        decision = Decision(
            judgement=Judgement(verdict=verdict, lang="en", reports=(report,)), effects=(Opened(report=report),)
        )
        watch.store.articles.keep(article, None, decision, now=NOW, source_title="Courier")

    return run


def ask(config: Path, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(commands, ["--config", str(config), "alerts", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_the_service_sends_an_alert_once_and_a_person_takes_it_on(alerting: Watch, config: Path, tell: Tell) -> None:
    channels = all_channels(alerting.settings)
    assert send_alerts(alerting, channels, now=NOW - timedelta(minutes=1)) == ()
    tell()
    assert send_alerts(alerting, channels, now=NOW + timedelta(minutes=4)) == ()
    (attempt,) = send_alerts(alerting, channels, now=NOW + timedelta(minutes=6))
    assert attempt.error is None
    assert send_alerts(alerting, channels, now=NOW + timedelta(minutes=7)) == ()
    (listed,) = json.loads(ask(config, "list", "--json"))
    assert (listed["digest"], listed["cases"], listed["acknowledged_by"]) == ("demo", ["2026-0001"], None)
    assert "acknowledged by Mina" in ask(config, "acknowledge", "2026-0001", "--by", "Mina")
    assert "Mina had acknowledged it already" in ask(config, "acknowledge", "2026-0001", "--by", "Jun")
    assert "Mina" in ask(config, "list")


def test_a_case_that_alerted_nobody_cannot_be_acknowledged(watch: Watch) -> None:
    with pytest.raises(UsageError, match="no alert has told a case '2026-0007'"):
        acknowledge_case(watch, "2026-0007", "Mina", NOW)


@pytest.mark.usefixtures("tell")
def test_a_preview_without_alerts_says_how_to_switch_them_on(config: Path) -> None:
    done = CliRunner().invoke(commands, ["--config", str(config), "alerts", "preview"])
    assert isinstance(done.exception, UsageError)
    assert "[digests.alerts]" in str(done.exception)


def test_a_preview_shows_what_waits_and_when_it_goes_out(alerting: Watch, config: Path, tell: Tell) -> None:
    settings = config / "returnwatch.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[digests.alerts]\n", "utf-8")
    send_alerts(alerting, all_channels(alerting.settings), now=NOW - timedelta(minutes=1))
    assert "No alert waits." in ask(config, "preview")
    tell()
    shown = ask(config, "preview")
    assert f"Goes out at {NOW + timedelta(minutes=5):%Y-%m-%d %H:%M} UTC." in shown
    assert "Two people about to be returned from China to North Korea" in shown
    assert "No alert in the last 30 days." in ask(config, "list")
