from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from digests.recipients import QuietHours, parse_hours
from digests.spec import DigestSpec

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")


def spec(**more: Any) -> DigestSpec:  # noqa: ANN401 - as TOML gives it
    return DigestSpec.model_validate({"name": "weekly", "schedule": "Mon 07:00", "channels": ["file", "email"], **more})


def hours(text: str) -> QuietHours:
    return QuietHours.model_validate(parse_hours(text))


def test_a_plain_address_takes_what_the_digest_says() -> None:
    plain, own = spec(
        recipients=["a@example.org", {"address": "b@example.org", "language": "ko", "detail": "headlines"}],
        language="ja",
    ).recipients
    assert (plain.address, plain.language, plain.detail, plain.channels) == ("a@example.org", None, "full", ())
    assert (own.language, own.detail) == ("ko", "headlines")


@pytest.mark.parametrize(
    ("recipient", "said"),
    [
        ({"address": "nobody"}, "not a mail address"),
        ({"adress": "b@example.org"}, "Field required"),
        ({"address": "b@example.org", "language": "de"}, "'en', 'ko', 'zh' or 'ja'"),
        ({"address": "b@example.org", "detail": "short"}, "'full' or 'headlines'"),
        ({"address": "b@example.org", "channels": ["pager"]}, "none of the digest's channels"),
        ({"address": "b@example.org", "alerts": "sometimes"}, "'by day', 'always' or 'never'"),
        ({"address": "b@example.org", "timezone": "Seoul"}, "not a time zone"),
        ({"address": "A@example.org"}, "named twice"),
        (7, "valid dictionary"),
    ],
)
def test_a_recipient_who_cannot_be_meant_is_refused(recipient: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        spec(recipients=["a@example.org", recipient])


@pytest.mark.parametrize(
    ("text", "at", "over"),
    [
        ("22:00-07:00", datetime(2026, 11, 22, 13, 0, tzinfo=UTC), datetime(2026, 11, 22, 22, 0, tzinfo=UTC)),
        ("22:00-07:00", datetime(2026, 11, 22, 20, 0, tzinfo=UTC), datetime(2026, 11, 22, 22, 0, tzinfo=UTC)),
        ("22:00-07:00", datetime(2026, 11, 22, 22, 0, tzinfo=UTC), None),
        ("22:00-07:00", datetime(2026, 11, 22, 12, 59, tzinfo=UTC), None),
        ("12:00 - 14:00", datetime(2026, 11, 22, 4, 0, tzinfo=UTC), datetime(2026, 11, 22, 5, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_on_the_clock_of_the_wall(text: str, at: datetime, over: datetime | None) -> None:
    assert hours(text).over_at(at, SEOUL) == over


def test_quiet_hours_that_end_where_the_clocks_jump_end_with_the_jump() -> None:
    night = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert hours("22:00-02:30").over_at(night, BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["22-7", "22:00", "25:00-07:00", "07:00-07:00", "night"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="are no hours"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("alerts", "said"),
    [
        ({"stages": []}, "at least 1"),
        ({"window_minutes": -1}, "greater than or equal"),
        ({"quiet_hours": "22-7"}, "are no hours"),
        ({"escalation": [{"after_minutes": 30, "recipients": []}]}, "at least 1"),
        (
            {
                "escalation": [
                    {"after_minutes": 30, "recipients": ["c@example.org"]},
                    {"after_minutes": 30, "recipients": ["d@example.org"]},
                ]
            },
            "must come later",
        ),
        (
            {
                "escalation": [
                    {"after_minutes": 30, "recipients": ["c@example.org"]},
                    {"after_minutes": 60, "recipients": ["C@example.org"]},
                ]
            },
            "named twice",
        ),
    ],
)
def test_alerts_that_cannot_be_meant_are_refused(alerts: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        spec(recipients=["a@example.org"], alerts=alerts)


def test_an_empty_table_of_alerts_is_enough() -> None:
    alerts = spec(recipients=["a@example.org"], alerts={}).alerts
    assert alerts is not None
    assert [stage.value for stage in alerts.stages] == ["imminent", "in_custody_at_risk"]
    assert (alerts.window_minutes, alerts.quiet_hours, alerts.escalation) == (5.0, None, ())
