"""The values that travel along the line: article → verdict → report.

Nothing here touches a clock, a disk or a network. Every value is frozen, can be pickled, and is written as JSON under the
names of the ``judge`` contract (``from_state`` is ``from`` there). What a text does not say is ``None``, never guessed.
Offsets count characters of ``Article.text``. Times are aware UTC. States are ISO 3166-1 alpha-2 codes.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all values of the line, encoded by msgspec.

    Frozen and keyword-only; each value says so again, because msgspec and type checkers do not hand these two down.
    """


# -- the article ------------------------------------------------------------------------------------------------------


class Capture(Value, frozen=True, kw_only=True):
    """The exact response that an article was read from, as kept before anything parsed it."""

    url: str
    """Address that answered."""
    fetched_at: datetime
    status: int
    sha256: str
    """Hex SHA-256 of the body as kept in the record."""
    record: str
    """Where the record lies: path of the WARC file below the captures folder, ``#``, and the record's id."""
    offset: int | None = None
    """Where the record begins in its file, in bytes."""
    length: int | None = None
    """How many bytes the record takes there, compressed."""
    record_sha256: str | None = None
    """Hex SHA-256 of those bytes: a change of any of them shows, not only one of the body."""
    purged: bool = False
    """Whether the record was purged: a tombstone stands there, and ``sha256`` is of the body that was there."""


class Article(Value, frozen=True, kw_only=True):
    """One page as published: the body alone, without the furniture around it.

    ``published`` is ``None`` when the page states no date; nothing stands in for it. ``published_raw`` keeps what was
    printed. ``lang`` is the BCP 47 code of the body.
    """

    url: str
    """Canonical address; the identity of the article."""
    title: str
    text: str
    lang: str | None = None
    published: datetime | None = None
    published_raw: str | None = None
    modified: datetime | None = None
    authors: tuple[str, ...] = ()
    byline_pseudonymous: bool | None = None
    tags: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    source: str = ""
    """Name of the source file, or empty for a text given by hand."""
    claims: tuple[str, ...] = ()
    """Addresses on other sites at which the page says that the article stands, or stood first, and names of newsrooms that
    its source line gives. Never an identity."""
    partial: bool = False
    """True when the page shows only the beginning of it: what it tells may be told further on."""


# -- what an article says ---------------------------------------------------------------------------------------------


class Quote(Value, frozen=True, kw_only=True):
    """A piece of the article's text, with its place: ``article.text[start:end] == text``.

    ``part`` says that it stands in the title instead, and its place then counts there; only a brief's title is read.
    """

    text: str
    start: int
    end: int
    part: Literal["text", "title"] = "text"


class Evidence(Quote, frozen=True, kw_only=True):
    """The sentence that says a value; ``field`` names the value as a path, such as ``persons`` or ``events[0]``."""

    field: str


class Label(StrEnum):
    """What an article is to this watch."""

    CASE_REPORT = "case_report"
    AGGREGATE_REPORT = "aggregate_report"
    POLICY_OR_LAW = "policy_or_law"
    HISTORY = "history"
    OTHER_REMOVAL = "other_removal"
    UNRELATED = "unrelated"
    UNSUPPORTED_LANGUAGE = "unsupported_language"


class Stage(StrEnum):
    """How far the return has gone, as told."""

    FEARED = "feared"
    IN_CUSTODY_AT_RISK = "in_custody_at_risk"
    IMMINENT = "imminent"
    COMPLETED = "completed"
    INDIRECT_COMPLETED = "indirect_completed"
    SUSPENDED = "suspended"
    AVERTED = "averted"
    DEATH_BEFORE_RETURN = "death_before_return"
    UNKNOWN = "unknown"


class Mention(StrEnum):
    """What the report is to its article."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    BACKGROUND = "background"
    PREVIOUSLY_REPORTED = "previously_reported"
    REFERENCE = "reference"


Qualifier = Literal["exact", "about", "at_least", "at_most", "more_than", "as_many_as"]
Precision = Literal["day", "few_days", "week", "month", "season", "year", "range", "unknown"]
Sex = Literal["female", "male", "mixed"]


class Reason(Value, frozen=True, kw_only=True):
    """One named weight that spoke for or against a report."""

    name: str
    weight: float


class Verdict(Value, frozen=True, kw_only=True):
    """Is this article a report? ``evidence`` holds the sentences that say so, best first."""

    label: Label
    report: bool
    score: float
    """Between 0 and 1; not a probability."""
    near_miss: bool = False
    """No report, but near enough for a person to look."""
    evidence: tuple[Quote, ...] = ()
    reasons: tuple[Reason, ...] = ()


class Persons(Value, frozen=True, kw_only=True):
    """How many were returned: a closed interval, open above when ``max`` is ``None``."""

    min: int
    max: int | None
    qualifier: Qualifier = "exact"
    raw: str | None = None


class Age(Value, frozen=True, kw_only=True):
    """An age or band in whole years; ``raw`` as printed."""

    min: int
    max: int | None
    raw: str | None = None


class Victim(Value, frozen=True, kw_only=True):
    """One person, or one group told as one, to whom the act was done. ``label`` (V1, V2 …) may leave the store."""

    label: str
    name: str | None = None
    pseudonym: bool | None = None
    sex: Sex | None = None
    age: Age | None = None
    minor: bool | None = None
    pregnant: bool | None = None
    nationality: str | None = None
    relation: str | None = None
    """Tie to someone in the article, such as ``wife of informant``; restricted."""


EventType = Literal[
    "flight",
    "arrival",
    "police_visit",
    "arrest",
    "transfer",
    "detention",
    "return",
    "last_contact",
    "death",
    "release",
    "media_report",
]


class Event(Value, frozen=True, kw_only=True):
    """Something that happened, as an interval of days. Open ends are ``None``; no day is ever invented."""

    type: EventType
    start: date | None
    end: date | None
    precision: Precision
    raw: str | None = None
    anchor: str | None = None
    """What a relative time counts from: ``publication`` or ``previous event``."""


PlaceRole = Literal["origin", "residence", "arrest", "held", "transfer", "crossing", "destination"]
PlaceLevel = Literal["site", "town", "county", "prefecture", "province", "country"]


class Place(Value, frozen=True, kw_only=True):
    """A place in its chain of parents, child first: Longtan > Jilin city > Jilin Province."""

    role: PlaceRole
    name: str
    parents: tuple[str, ...] = ()
    country: str | None = None
    level: PlaceLevel | None = None
    gazetteer_id: str | None = None
    raw: str | None = None
    inherited: bool = False
    """True when the text places it through another person ("another local woman")."""


AuthorityType = Literal[
    "police",
    "public_security",
    "border_guard",
    "immigration",
    "state_security",
    "military",
    "prison",
    "embassy_agents",
    "party",
    "unknown",
]


class Authority(Value, frozen=True, kw_only=True):
    """Who did it, as specific as the text is."""

    name: str
    type: AuthorityType = "unknown"
    country: str | None = None
    officers: int | None = None


class LegalBasis(Value, frozen=True, kw_only=True):
    """A norm that the article invokes: a claim, not a finding."""

    instrument: str
    invoked_by: str | None = None


class Outcome(Value, frozen=True, kw_only=True):
    """What is known of the person afterwards, and when that was known."""

    value: Literal[
        "fate_unknown",
        "detained",
        "imprisoned",
        "released",
        "resettled",
        "returned_to_host",
        "died",
        "executed_reported",
    ]
    as_of: date | None = None


class Informant(Value, frozen=True, kw_only=True):
    """Who told it. Secret: never leaves the store by default."""

    kind: Literal["relative", "witness", "inside_source", "activist", "ngo", "official", "media", "unknown"]
    name: str | None = None
    pseudonym: bool | None = None
    relation: str | None = None


class Collateral(Value, frozen=True, kw_only=True):
    """What was done to someone else because of it, such as ten days of detention for a husband."""

    act: str
    person: str | None = None
    pseudonym: bool | None = None
    sex: Sex | None = None
    age: Age | None = None
    days: int | None = None
    charge: str | None = None


class Report(Value, frozen=True, kw_only=True, rename={"from_state": "from", "to_state": "to"}):
    """One act against one person or one indivisible group, as one article tells it."""

    mention: Mention
    stage: Stage
    from_state: str | None = None
    to_state: str | None = None
    risk_state: str | None = None
    """Where the harm is feared, when the return goes through another State."""
    assertion: Literal["asserted", "attributed", "alleged", "denied", "hypothetical"] = "asserted"
    multiplicity: Literal["individual", "family", "group", "mass", "aggregate_statistic"] | None = None
    persons: Persons | None = None
    victims: tuple[Victim, ...] = ()
    events: tuple[Event, ...] = ()
    places: tuple[Place, ...] = ()
    authorities: tuple[Authority, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    stated_reason: str | None = None
    state_label: str | None = None
    outcome: Outcome | None = None
    informants: tuple[Informant, ...] = ()
    collateral: tuple[Collateral, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Judgement(Value, frozen=True, kw_only=True):
    """All that reading gives for one article, before the register is asked."""

    verdict: Verdict
    lang: str | None
    """Language of the text as found, or as the article said."""
    reports: tuple[Report, ...] = ()
    credits: tuple[str, ...] = ()
    """Newsrooms and hosts that the article names as its origin, such as an agency; its own word, and not checked."""


# -- what an article does to the register -----------------------------------------------------------------------------
