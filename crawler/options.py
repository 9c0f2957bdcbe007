"""The ``[collection]`` table of the configuration: how sites are visited, whoever they are."""

from pydantic import BaseModel, ConfigDict, Field


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
