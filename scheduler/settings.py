"""config/ → settings: everything that differs between two installations, checked before anything runs.

Each table belongs to the room that uses it and is checked there; this module finds the folder, reads the files and puts the
tables together. An unknown key refuses to start. Secrets are named here, never written.
"""

import os
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cases.configuration import explained, read_toml
from cases.disclosure import Policy
from cases.errors import ConfigError, UsageError
from cases.recognition import Judging, Profile
from cases.store import Limits
from crawler.options import Collection, Custody, Recognition
from crawler.sources import Source, load_sources
from digests.feeds import FeedSettings
from digests.links import WebSettings
from digests.notice import OPERATOR
from digests.spec import Address, DigestSpec
from digests.templating import TemplateSettings

FILE = "returnwatch.toml"
SOURCES = "sources"
_LEAST_RUNS_DAYS = 60


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class StoreTable(_Table):
    """``[store]``: where cases, articles and captures lie. Relative paths count from the working directory."""

    url: str = "sqlite:///data/returnwatch.db"
    """"sqlite:///folder/file.db", or "postgresql+psycopg://user@host/name". A relative file counts from the working directory."""
    captures: Path = Path("data/captures")
    """Folder of the exact pages as they were fetched. Several hosts share one: mount it on each of them."""

    @property
    def is_shared(self) -> bool:
        """Whether processes of several hosts can work on it."""
        return self.url.startswith("postgresql")


class WatchTable(_Table):
    """``[watch]``: which articles are collected."""

    tags: tuple[str, ...] = ()
    """Articles that carry one of these, however spelled; an empty list takes every article."""
    classifier: str = "rules"
    """What judges an article, by its name under the entry points `returnwatch.classifiers`."""


class DisclosureTable(_Table):
    """``[disclosure]``: what may leave the store in digests, lists and exports. Everything risky is off."""

    names: bool = False
    """Names of victims, relatives and informants, pseudonyms too."""
    exact_dates: bool = False
    """Days; without it months."""
    exact_places: bool = False
    """Towns and counties; without it prefectures."""
    informants: bool = False
    """Who told it, and how that person is tied to the victim."""

    def policy(self) -> Policy:
        """Give the table as the value that the one door out of the store asks for."""
        return Policy(**self.model_dump())


class ServiceTable(_Table):
    """``[service]``: the background service."""

    host: str = "127.0.0.1"
    """Address that the health pages listen on."""
    port: int = Field(default=8080, ge=0, le=65535)
    """Of the health pages; 0 takes any free port."""
    crawls_at_once: int = Field(default=4, ge=1, le=64)
    """Sites that are crawled at the same time; never two crawls of one site."""
    polls_at_once: int = Field(default=128, ge=1, le=500)
    """Sources that are visited at the same time, most of them only to be asked whether anything changed."""
    token_env: str | None = None
    """Name of the environment variable that holds the token for one-off work over HTTP; without a token there is none."""
    token_file: Path | None = None
    """File that holds the token, readable by its owner alone; instead of `token_env`."""
    queue: Literal["leases", "procrastinate"] = "leases"
    """How hosts share the crawls: "leases" in the store, or "procrastinate" on PostgreSQL (the extra `returnwatch[hosts]`)."""
    least_free_mb: int = Field(default=200, ge=0)
    """With less room than this on a disk that is written to, the service says that it is not ready, and tells the operator."""
    log_format: Literal["text", "json"] = "text"
    """How the log is written: a line of words for people, or one JSON object a line. ``--log-format`` wins."""
    stop_within_s: float = Field(default=25.0, gt=0)
    """How long a stop waits for pages under way."""


class RetentionTable(_Table):
    """``[retention]``: what is taken away when it is old. Days; 0 keeps it for ever. Cases and what they rest on always stay."""

    uninteresting_days: int = Field(default=0, ge=0)
    """Texts of articles that are neither reports nor near misses, and files of captures on which nothing rests any more."""
    near_misses_days: int = Field(default=0, ge=0)
    """Texts of articles that came near to being reports."""
    runs_days: int = Field(default=0, ge=0)
    """Visits to sources, as `status --funnel` counts them; at least 60, since a source's normal is learned from them."""

    @field_validator("runs_days")
    @classmethod
    def _enough_to_learn_from(cls, days: int) -> int:
        if 0 < days < _LEAST_RUNS_DAYS:
            raise ValueError(f"expected 0, or at least {_LEAST_RUNS_DAYS}")
        return days

    def limits(self, now: datetime) -> Limits:
        """Give the moments before which things are taken away."""

        def before(days: int) -> datetime | None:
            return now - timedelta(days=days) if days else None

        return Limits(
            uninteresting=before(self.uninteresting_days),
            near_misses=before(self.near_misses_days),
            runs=before(self.runs_days),
        )


class OperatorTable(_Table):
    """``[operator]``: whoever keeps the service running, and what that person is told."""

    channels: tuple[str, ...] = ()
    """Ways to tell it, such as "email": the channels of digests. None: it stands in the log alone."""
    recipients: tuple[Address, ...] = ()
    """Mail addresses, for channels that need some."""
    source_fails_days: float = Field(default=3.0, gt=0)
    """How long a source may fail before a person is told."""
    ping_url_env: str = ""
    """Name of the environment variable that holds an address which is asked for after each digest that went out: a service elsewhere
    that expects it notices when it stays away. What it answers is ignored."""

    @model_validator(mode="after")
    def _mail_has_somewhere_to_go(self) -> "OperatorTable":
        if "email" in self.channels and not self.recipients:
            raise ValueError('the channel "email" needs recipients = ["name@example.org"]')
        return self


class Settings(_Table):
    """``returnwatch.toml`` as a whole."""

    store: StoreTable = StoreTable()
    watch: WatchTable = WatchTable()
    collection: Collection = Collection()
    digests: tuple[DigestSpec, ...] = ()
    channels: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    """Table of each channel by its name; the channel checks its own."""
    templates: TemplateSettings = TemplateSettings()
    feeds: FeedSettings = FeedSettings()
    recognition: Recognition = Recognition()
    """How much an article must say to be a report; a source file may have a table of its own."""
    disclosure: DisclosureTable = DisclosureTable()
    custody: Custody = Custody()
    service: ServiceTable = ServiceTable()
    operator: OperatorTable = OperatorTable()
    retention: RetentionTable = RetentionTable()
    web: WebSettings = WebSettings()

    @property
    def judging(self) -> Judging:
        """What judges articles, and by which profile, where a source says nothing else."""
        return Judging(classifier=self.watch.classifier, profile=self.recognition.over(Profile()))

    @model_validator(mode="after")
    def _digests_have_names_of_their_own(self) -> "Settings":
        names = [digest.name for digest in self.digests]
        for name in names:
            if name == OPERATOR:
                raise ValueError(
                    f"no digest can be called {OPERATOR!r}: notices to the operator are recorded by that name"
                )
            if names.count(name) > 1:
                raise ValueError(f"two digests are called {name!r}; what was told is remembered by name")
        return self

    def digest_named(self, name: str | None) -> DigestSpec:
        """Give one digest; the only one there is when no name is given. Raises UsageError otherwise."""
        known = ", ".join(digest.name for digest in self.digests) or "none"
        if name is None:
            if len(self.digests) == 1:
                return self.digests[0]
            raise UsageError(f"name the digest: the configuration has {known}")
        for digest in self.digests:
            if digest.name == name:
                return digest
        raise UsageError(f"there is no digest called {name!r}; the configuration has {known}")


def config_folder(given: Path | None) -> Path:
    """Find the folder of the configuration: as given (an option or ``$RETURNWATCH_CONFIG``), ./config, or as installed.

    Raises ConfigError when none of them holds a ``returnwatch.toml``; a folder that was given is never passed over.
    """
    if given is None and os.environ.get("RETURNWATCH_CONFIG"):
        given = Path(os.environ["RETURNWATCH_CONFIG"])
    places = [given] if given is not None else [Path("config"), Path(sys.prefix) / "share" / "returnwatch"]
    for place in places:
        if (place / FILE).is_file():
            return place
    looked = " or ".join(str(place / FILE) for place in places)
    raise ConfigError(f"no configuration: there is no {looked}")


def load_settings(folder: Path) -> Settings:
    """Read ``returnwatch.toml``. Raises ConfigError naming the file, the key and what was expected."""
    path = folder / FILE
    table = read_toml(path)
    try:
        return Settings.model_validate(table)
    except ValidationError as cause:
        raise ConfigError(f"{path}: {explained(cause.errors())}") from cause


def load_catalogue(folder: Path) -> dict[str, Source]:
    """Read every source file below the configuration folder, by name."""
    return load_sources(folder / SOURCES)
