"""Which cases are told at once: a pure decision."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from cases.model import Event, Mention, Stage
from cases.register import Case
from cases.store import Kept, Store
from digests.alerts import Alerts, alerts_of, is_over, steps_due

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
Tell = Callable[..., Kept]


@pytest.fixture
def case(store: Store, tell: Tell) -> Case:
    """Two women about to be returned, told today."""
    return tell(store, "story", stage=Stage.IMMINENT).changes[0].case


def mentioned(case: Case, mention: Mention) -> Case:
    tellings = tuple(
        msgspec.structs.replace(one, report=msgspec.structs.replace(one.report, mention=mention))
        for one in case.tellings
    )
    return msgspec.structs.replace(case, tellings=tellings)


def happened(case: Case, day: date, kind: str = "arrest") -> Case:
    event = Event(type=kind, start=day, end=day, precision="day")  # type: ignore[arg-type]  # a literal
    return msgspec.structs.replace(case, report=msgspec.structs.replace(case.report, events=(event,)))


def published(case: Case, at: datetime | None) -> Case:
    tellings = tuple(msgspec.structs.replace(one, published=at) for one in case.tellings)
    return msgspec.structs.replace(case, tellings=tellings)


@pytest.mark.parametrize("stage", list(Stage))
def test_who_is_in_custody_or_about_to_be_returned_alerts(case: Case, stage: Stage) -> None:
    at_stage = msgspec.structs.replace(case, report=msgspec.structs.replace(case.report, stage=stage))
    assert alerts_of(at_stage, Alerts(), NOW) == (stage in {Stage.IMMINENT, Stage.IN_CUSTODY_AT_RISK})
    assert alerts_of(at_stage, Alerts(stages=(stage,)), NOW)


@pytest.mark.parametrize("mention", list(Mention))
def test_what_an_article_mentions_in_passing_alerts_nobody(case: Case, mention: Mention) -> None:
    assert alerts_of(mentioned(case, mention), Alerts(), NOW) == (mention in {Mention.PRIMARY, Mention.SECONDARY})


def test_what_happened_long_ago_alerts_nobody_however_lately_it_is_told(case: Case) -> None:
    assert not alerts_of(happened(case, date(2014, 3, 1)), Alerts(), NOW)
    assert alerts_of(happened(case, date(2026, 8, 1)), Alerts(), NOW), "held since summer, and about to be returned"
    assert alerts_of(happened(case, date(2026, 12, 1), "return"), Alerts(), NOW), "a return that is announced"
    assert not alerts_of(msgspec.structs.replace(case, announce=False), Alerts(), NOW)


def test_an_old_article_alerts_nobody_and_one_without_a_date_does(case: Case) -> None:
    assert not alerts_of(published(case, NOW - timedelta(days=31)), Alerts(), NOW)
    assert alerts_of(published(case, NOW - timedelta(days=29)), Alerts(), NOW)
    assert alerts_of(published(case, None), Alerts(), NOW)


def test_the_day_on_which_it_was_first_reported_is_no_event(case: Case) -> None:
    old = happened(case, date(2014, 3, 1))
    events = (*old.report.events, *happened(case, date(2026, 11, 21), "media_report").report.events)
    told = msgspec.structs.replace(old, report=msgspec.structs.replace(old.report, events=events))
    assert not alerts_of(told, Alerts(), NOW)


def test_a_window_is_over_after_its_minutes() -> None:
    alerts = Alerts(window_minutes=5)
    assert not is_over(NOW, alerts, NOW + timedelta(minutes=4, seconds=59))
    assert is_over(NOW, alerts, NOW + timedelta(minutes=5))


def test_each_step_of_an_escalation_has_its_time() -> None:
    alerts = Alerts.model_validate(
        {
            "escalation": [
                {"after_minutes": 30, "recipients": ["duty@example.org"]},
                {"after_minutes": 90, "recipients": ["head@example.org"]},
            ]
        }
    )
    due = [[number for number, _ in steps_due(alerts, NOW, NOW + timedelta(minutes=m))] for m in (29, 30, 89, 90)]
    assert due == [[], [1], [1], [1, 2]]
