"""Which cases are told at once, when, and who is asked next: the table ``[digests.alerts]``, and what it decides. Pure.

An alert tells people of a case while somebody may still be helped; the digest of the list tells it again at its turn, with
everything else. It is no faster road into the register: what an article mentions in passing, and what happened long ago, alerts
nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from cases.model import Mention, Stage
from cases.register import Case, CaseStatus
from cases.store import CaseChange
from digests.recipients import Hours, Recipient, Recipients, once_each

RECENT = timedelta(days=30)
"""An article that is older alerts nobody; one that bears no date does not stand against it."""

NOT_OLD = timedelta(days=180)
"""What is told to have happened last lies no further back than this: an arrest of spring is still news when the return draws near."""

_LIVE = frozenset({CaseStatus.NEW, CaseStatus.CONFIRMED})
_TOLD_FOR_ITSELF = frozenset({Mention.PRIMARY, Mention.SECONDARY})
_FURTHER = frozenset({"new", "updated", "corrected", "withdrawn"})
"""Steps of a case that people were alerted of which they must know of; another source that says the same is none."""


class Escalation(BaseModel):
    """Who is told next when nobody has acknowledged an alert in time."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    after_minutes: int = Field(ge=1, le=7 * 24 * 60)
    """Since the alert went out."""
    recipients: Recipients = Field(min_length=1)
    """Written as those of the digest."""

    @property
    def after(self) -> timedelta:
        """The time that the others have."""
        return timedelta(minutes=self.after_minutes)


class Alerts(BaseModel):
    """Urgent cases are told at once. The table may be empty: every key has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    stages: Annotated[tuple[Stage, ...], Field(min_length=1)] = (Stage.IMMINENT, Stage.IN_CUSTODY_AT_RISK)
    """Cases at one of these stages alert."""
    window_minutes: float = Field(default=5.0, ge=0, le=24 * 60)
    """How long an alert waits for what else comes in: ten articles on one event are one alert."""
    quiet_hours: Hours = None
    """Such as "22:00-07:00": alerts wait for the end of these hours, except for recipients with `alerts = "always"`."""
    escalation: tuple[Escalation, ...] = ()
    """Who is told next, and after how many minutes, until somebody acknowledges."""

    @property
    def window(self) -> timedelta:
        """The time in which what comes in is told together."""
        return timedelta(minutes=self.window_minutes)

    @property
    def escalated(self) -> tuple[Recipient, ...]:
        """Everybody who may be told later."""
        return tuple(one for step in self.escalation for one in step.recipients)

    @field_validator("escalation")
    @classmethod
    def _later_and_later(cls, steps: tuple[Escalation, ...]) -> tuple[Escalation, ...]:
        waits = [step.after_minutes for step in steps]
        if waits != sorted(set(waits)):
            raise ValueError("each step of an escalation must come later than the one before it")
        return steps

    @model_validator(mode="after")
    def _nobody_twice(self) -> Self:
        once_each([one.address for one in self.escalated])
        return self


def alerts_of(case: Case, alerts: Alerts, now: datetime) -> bool:
    """Tell whether a case that nobody was alerted of alerts: at an alerting stage, told for itself, and not of long ago."""
    if case.report.stage not in alerts.stages or not case.announce or case.status not in _LIVE:
        return False
    own = [telling for telling in case.tellings if telling.report.mention in _TOLD_FOR_ITSELF]
    if not own:
        return False
    published = [telling.published for telling in own if telling.published is not None]
    acts = [event for event in case.report.events if event.type != "media_report"]
    happened = [end for event in acts for end in (event.end or event.start,) if end is not None]
    is_recent = not published or now - max(published) <= RECENT
    return is_recent and (not happened or now.date() - max(happened) <= NOT_OLD)


def is_further(change: CaseChange) -> bool:
    """Tell whether a step of a case must be told to those who were alerted of it."""
    return change.kind in _FURTHER


def is_over(first: datetime, alerts: Alerts, now: datetime) -> bool:
    """Tell whether the window that opened with a first step is over, so that the alert goes out."""
    return now - first >= alerts.window


def steps_due(alerts: Alerts, made_at: datetime, now: datetime) -> Sequence[tuple[int, Escalation]]:
    """Give the steps of an escalation whose time has come, each with its number from 1."""
    return [(n, step) for n, step in enumerate(alerts.escalation, 1) if now - made_at >= step.after]
