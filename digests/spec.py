"""What an operator says about digests: the tables ``[[digests]]`` and ``[channels.file]``.

Only form is checked here, and everything that is not known is refused.
"""

from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from digests.alerts import Alerts
from digests.filters import Filters
from digests.recipients import Address, Language, Recipient, Recipients, Zone, check_address, check_zone, once_each
from digests.schedule import Schedule, parse_schedule

__all__ = ["Address", "DigestSpec", "FileSettings", "StdoutSettings", "check_address", "check_zone"]


def _schedule(value: object) -> object:
    return parse_schedule(value) if isinstance(value, str) else value


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class DigestSpec(Filters):
    """One table ``[[digests]]``: what goes to whom, when, and over which channels."""

    name: Name
    """Stands in subjects, file names and Message-IDs: small letters, digits and hyphens, at most 40."""
    schedule: Annotated[Schedule, BeforeValidator(_schedule)]
    """"Mon 07:00", "Mon Thu 07:00", "daily 07:00 19:00", "1st 07:00", "last 07:00" (of the month) or "hourly", on the wall clock of the time zone."""
    timezone: Zone = "UTC"
    """Name of the zone, such as "Asia/Seoul"; right on the days when clocks change."""
    channels: tuple[str, ...] = ("file",)
    """Ways out: "file", "email", "webhook", "apprise", "stdout", or what else is installed."""
    recipients: Recipients = ()
    """Mail addresses, or tables that say more: `{address = "b@example.org", language = "ko", detail = "headlines"}`. Each gets a message of its own."""
    language: Language = "en"
    """Of the words of the digest, for recipients who ask for no other: "en", "ko", "zh" or "ja"."""
    title: str = Field(default="", max_length=80)
    """Heading of the page; empty for "Forced returns in the news"."""
    quiet: Literal["weekly", "always", "never"] = "weekly"
    """When nothing is new: a short digest once a week, at every turn, or none."""
    alerts: Alerts | None = None
    """Table `[digests.alerts]`: who may still be helped is told at once, and not only at the next turn."""

    @field_validator("channels")
    @classmethod
    def _channels_once_each(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return once_each(given)

    @field_validator("recipients")
    @classmethod
    def _recipients_once_each(cls, given: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        once_each([one.address for one in given])
        return given

    @model_validator(mode="after")
    def _mail_has_somewhere_to_go(self) -> Self:
        if not self.channels:
            raise ValueError("a digest needs at least one channel, such as file or email")
        if "email" in self.channels and not self.recipients:
            raise ValueError('the channel "email" needs recipients = ["name@example.org"]')
        for one in (*self.recipients, *(self.alerts.escalated if self.alerts else ())):
            for channel in one.channels:
                if channel not in self.channels:
                    raise ValueError(
                        f"{one.address} is to be reached by {channel!r}, which is none of the digest's channels"
                    )
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as the standard library holds it."""
        return ZoneInfo(self.timezone)


class FileSettings(BaseModel):
    """The table ``[channels.file]``: where digests lie as files."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    folder: Path = Path("data/digests")
    """Relative to the working directory; made when it is not there, readable by its owner alone."""


class StdoutSettings(BaseModel):
    """The table ``[channels.stdout]``, which has nothing to say yet."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
