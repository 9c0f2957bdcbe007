"""The ``[collection]``, ``[recognition]`` and ``[custody]`` tables of the configuration: how sites are visited and judged, whoever they are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cases.recognition import Profile, Thresholds


class Collection(BaseModel):
    """How every source is visited; a source file may say more about itself, never be less polite.

    The figures are our proposals: five seconds between two requests to a site, ten megabytes and twenty seconds for an
    answer. A number of days that is 0 means "without limit".
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    contact: str | None = Field(default=None, max_length=200, pattern=r"^[^\r\n]*$")
    """Address or page by which a site's owner reaches the operator; it stands in the user agent."""
    delay_s: float = Field(default=5.0, ge=0)
    """Least time between two requests to one site; a longer crawl-delay in robots.txt wins."""
    timeout_s: float = Field(default=20.0, gt=0)
    """Time that a site may take to answer."""
    max_bytes: int = Field(default=10_000_000, ge=1_000)
    """Largest answer, counted after decompression."""
    retries: int = Field(default=2, ge=0, le=10)
    """Further tries after a connection that broke, a time-out, or an answer 5xx."""
    respect_robots: bool = True
    """Do what robots.txt says; a site that forbids us is told as blocked."""
    allow_private_addresses: bool = False
    """True only for tests and for one's own network: addresses of the machine and the local network are then visited."""
    horizon_days: int = Field(default=365, ge=0)
    """Articles published longer ago are set aside as too old, unless a crawl asks further back."""
    announce_days: int = Field(default=30, ge=0)
    """Cases of articles published longer ago are stored and listed, never announced as new; 0 announces all."""
    max_pages: int = Field(default=500, ge=1)
    """Most article pages in one visit; the rest is counted, warned of, and read at the next visit."""
    max_listing_pages: int = Field(default=200, ge=1)
    """Most pages of listings in one visit."""
    second_looks: int = Field(default=20, ge=0)
    """Most articles that no listing shows any more whose pages are asked for again in one visit, to see edits and what was
    taken down; 0 for none."""
    sweep_hours: float = Field(default=24.0, gt=0)
    """How often a listing is read to its end, so that edits far down in it are seen."""
    reading_processes: int = Field(default=2, ge=1, le=64)
    """Processes that read and judge pages, beside the one that fetches and keeps them."""
    reading_timeout_s: float = Field(default=20.0, gt=0)
    """Time that reading one page may take before its worker is ended."""


class ThresholdTable(BaseModel):
    """Two scores between 0 and 1; what is left out stays as it is elsewhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    alert: float | None = Field(default=None, gt=0, lt=1)
    """Score above which an article is a report; 0.5 unless another is set."""
    review: float | None = Field(default=None, gt=0, lt=1)
    """Score from which an article that is none is kept for a person to look at; 0.3 unless another is set."""

    @model_validator(mode="after")
    def _review_comes_first(self) -> Self:
        if self.alert is not None and self.review is not None and self.review > self.alert:
            raise ValueError(f"review {self.review:g} stands above alert {self.alert:g}: nothing would be a near miss")
        return self

    def thresholds_over(self, thresholds: Thresholds) -> Thresholds:
        """Give thresholds with what this table sets; a review threshold never stands above its alert."""
        alert = self.alert or thresholds.alert
        return Thresholds(alert=alert, review=min(alert, self.review or thresholds.review))


class Recognition(ThresholdTable):
    """How much an article must say to be a report. General news needs more than a site on the subject."""

    strict_verbs: bool | None = None
    """True when "return", "remove" and their like need a destination, and migration, custody or danger beside them."""
    languages: Mapping[str, ThresholdTable] = Field(default_factory=dict)
    """Thresholds of single languages, by their code."""

    def over(self, profile: Profile) -> Profile:
        """Give a profile with what this table sets."""
        usual = self.thresholds_over(profile.usual)
        spoken = {*profile.languages, *self.languages}
        own = {code: self.languages.get(code, ThresholdTable()) for code in spoken}
        return Profile(
            usual=usual,
            languages={code: own[code].thresholds_over(profile.languages.get(code, usual)) for code in sorted(spoken)},
            strict_verbs=profile.strict_verbs if self.strict_verbs is None else self.strict_verbs,
        )


class TimestampAuthority(BaseModel):
    """An authority that is asked to put its time to the digest of each day (RFC 3161)."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    url: str = Field(pattern=r"^https?://", max_length=2_000)
    """Address at which it takes requests."""
    roots: Path
    """File of the certificates that it is trusted under, in PEM. A relative file counts from the working directory."""


class Custody(BaseModel):
    """What proves later that the log of decisions and the captures of a day are what they were."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    timestamps: tuple[TimestampAuthority, ...] = ()
    """Authorities that put a time to each day; none by default. Two are better than one. They see one digest a day, no case."""
