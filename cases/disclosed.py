"""What of a case may leave the store, as values: what they hold has been through ``cases.disclosure``, and nothing else has."""

from datetime import date, datetime

from cases.grading import Corroboration, Grade
from cases.model import (
    Age,
    AuthorityType,
    EventType,
    Outcome,
    Persons,
    PlaceLevel,
    PlaceRole,
    Precision,
    Report,
    Sex,
    Stage,
    Value,
)


class DisclosedQuote(Value, frozen=True, kw_only=True):
    """A sentence that says a value, in its paragraph."""

    fields: tuple[str, ...]
    """The values it says, such as ``stage`` or ``events[0]``."""
    before: str
    sentence: str
    after: str
    source: int
    """Index of its source in ``DisclosedCase.sources``."""


class DisclosedVictim(Value, frozen=True, kw_only=True):
    """One person, under a label."""

    label: str
    name: str | None = None
    sex: Sex | None = None
    age: Age | None = None
    """A band of ten years by default; ``raw`` only when ages may leave exactly."""
    minor: bool | None = None
    pregnant: bool | None = None
    nationality: str | None = None


class DisclosedEvent(Value, frozen=True, kw_only=True):
    """Something that happened; by default from the first to the last day of its months."""

    type: EventType
    start: date | None
    end: date | None
    precision: Precision


class DisclosedPlace(Value, frozen=True, kw_only=True):
    """A place; by default never below a prefecture."""

    role: PlaceRole
    name: str
    parents: tuple[str, ...] = ()
    country: str | None = None
    level: PlaceLevel | None = None


class DisclosedAuthority(Value, frozen=True, kw_only=True):
    """Who did it."""

    name: str
    type: AuthorityType
    country: str | None = None


class DisclosedBasis(Value, frozen=True, kw_only=True):
    """A norm that a source invokes."""

    instrument: str
    invoked_by: str | None = None


class DisclosedInformant(Value, frozen=True, kw_only=True):
    """Who told it; only when the policy says so."""

    kind: str
    name: str | None = None


class DisclosedSource(Value, frozen=True, kw_only=True):
    """An article that tells the case."""

    title: str
    url: str
    """Its address; the front page of the site when the address itself holds a withheld name."""
    url_shortened: bool = False
    source_title: str
    published: datetime | None
    lang: str | None
    origin: int | None = None
    """Number of its origin: sources that share one do not confirm one another. ``None`` for a mention in passing."""
    reprint_of: int | None = None
    """Index of the source whose text it prints, wholly or for the most part."""
    credited: tuple[str, ...] = ()
    """Newsrooms other than its own that it names as its origin."""
    grade: Grade | None = None
    """How far it is to be relied upon, and whether a person says so."""


class DisclosedClaim(Value, frozen=True, kw_only=True):
    """One value as one or several sources give it."""

    value: str
    sources: tuple[str, ...]


class DisclosedConflict(Value, frozen=True, kw_only=True):
    """A field on which the sources disagree, side by side; nothing is averaged."""

    field: str
    claims: tuple[DisclosedClaim, ...]


class DisclosedCase(Value, frozen=True, kw_only=True, rename={"from_state": "from", "to_state": "to"}):
    """A case as it may leave. Free of what the policy withholds, in every text and field."""

    number: str
    revision: int
    status: str
    opened_at: datetime
    changed_at: datetime
    stage: Stage
    from_state: str | None = None
    to_state: str | None = None
    risk_state: str | None = None
    assertion: str
    multiplicity: str | None = None
    persons: Persons | None = None
    victims: tuple[DisclosedVictim, ...] = ()
    events: tuple[DisclosedEvent, ...] = ()
    places: tuple[DisclosedPlace, ...] = ()
    authorities: tuple[DisclosedAuthority, ...] = ()
    legal_bases: tuple[DisclosedBasis, ...] = ()
    outcome: Outcome | None = None
    stated_reason: str | None = None
    state_label: str | None = None
    informants: tuple[DisclosedInformant, ...] = ()
    quotes: tuple[DisclosedQuote, ...] = ()
    sources: tuple[DisclosedSource, ...] = ()
    origins: int = 1
    """How many independent origins tell it; outlets that repeat one another count once."""
    corroboration: Corroboration = "single"
    conflicts: tuple[DisclosedConflict, ...] = ()
    announce: bool = True
    widened: bool = False
    """Whether no place closer than a province leaves, since a child is concerned."""


class DisclosedArticle(Value, frozen=True, kw_only=True):
    """A whole article as it may leave, and what it tells of the cases that stand."""

    url: str
    title: str
    text: str
    lang: str | None
    published: datetime | None
    reports: tuple[Report, ...] = ()
    """Without evidence and informants; events, places and victims only where they may leave exactly."""
