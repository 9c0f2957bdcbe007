"""The one view model of a digest, from which page, mail, text and JSON are all made.

Everything in it has been disclosed already: it may leave the store. Words are plain text in the digest's language, not
escaped; codes and dates stand beside them for programs. Nothing here decides what is in a digest; ``digests.digest`` does.
"""

from datetime import date, datetime
from typing import Literal

from cases.disclosure import DisclosedCase
from cases.ledger import SourceOutcome
from cases.model import Stage, Value
from cases.register import ChangeKind
from digests.passages import Piece
from digests.speech import Language

SectionKey = Literal["urgent", "new", "changed", "corroborated"]


class Passage(Value, frozen=True, kw_only=True):
    """A paragraph of an article with what it says marked."""

    pieces: tuple[Piece, ...]
    lang: str | None
    direction: str


class Saying(Value, frozen=True, kw_only=True):
    """One sentence of evidence and what it was taken to say, in words."""

    says: str
    fields: tuple[str, ...]
    text: str


class SourceCard(Value, frozen=True, kw_only=True):
    """One article that tells a case."""

    title: str
    url: str
    """Empty when the address is none that a link may hold."""
    shortened: bool
    """True when the address would give a name away: ``url`` is then the front page of the site."""
    source_title: str
    lang: str | None
    language: str
    direction: str
    published: date | None
    published_words: str
    owes: str
    """Whose text it prints or whom it credits, in words; empty when it stands for itself."""
    passages: tuple[Passage, ...]
    """What says the stage comes first."""
    sayings: tuple[Saying, ...]


class Fact(Value, frozen=True, kw_only=True):
    """One line of a card: what is told, and what the article says of it."""

    label: str
    lines: tuple[str, ...]


class Dispute(Value, frozen=True, kw_only=True):
    """A value on which the sources disagree: each as it is told, and by whom."""

    about: str
    claims: tuple[str, ...]


class CaseCard(Value, frozen=True, kw_only=True):
    """A case as a reader meets it: its state in words first, then what is known, then the sentences that say so."""

    number: str
    id: str
    revision: int
    change: ChangeKind
    change_words: str
    status: str
    urgent: bool
    stage: Stage
    stage_words: str
    headline: str
    route: str
    assertion: str
    facts: tuple[Fact, ...]
    changed: tuple[str, ...]
    """What a new revision changed, in words."""
    missing: tuple[str, ...]
    """What no article says, in words."""
    warning: str
    """Content warning, or empty."""
    sources: tuple[SourceCard, ...]
    sources_words: str
    disputes: tuple[Dispute, ...]
    disclosed: DisclosedCase
    """The values of the case, for programs."""

    @property
    def anchor(self) -> str:
        """Fragment of the card on the page."""
        return f"case-{self.number}"

    @property
    def lead(self) -> SourceCard | None:
        """The article whose paragraph stands for the case: the first that has one."""
        return next((source for source in self.sources if source.passages), None)


class Section(Value, frozen=True, kw_only=True):
    """Cards under one heading."""

    key: SectionKey
    heading: str
    note: str
    cards: tuple[CaseCard, ...]


class Counted(Value, frozen=True, kw_only=True):
    """A number with what it counts, as a code and in words."""

    key: str
    words: str
    count: int


class SourceRow(Value, frozen=True, kw_only=True):
    """What one source gave since the digest before."""

    name: str
    title: str
    outcome: SourceOutcome | None
    """Of its last visit; ``None`` when it was not visited."""
    outcome_words: str
    failing: bool
    recovered: bool
    quiet: str
    """Since when it is quieter than usual and what is usual, in words; empty when it is not."""
    resumed: bool
    """It had fallen silent, and publishes again."""
    detail: str
    visits: int
    requests: int
    entries: int
    articles: int
    reports: int
    cases_new: int
    set_aside: tuple[Counted, ...]
    labels: tuple[Counted, ...]
    judged: tuple[Counted, ...]
    warnings: tuple[str, ...]
    last_success: datetime | None
    last_success_words: str


class Coverage(Value, frozen=True, kw_only=True):
    """What was looked at: the sum over all sources, and each source."""

    since: datetime | None
    since_words: str
    sources: tuple[SourceRow, ...]
    entries: int
    articles: int
    reports: int
    requests: int
    set_aside: tuple[Counted, ...]
    labels: tuple[Counted, ...]
    judged: tuple[Counted, ...]
    """How far the articles came that were read and judged."""
    near_misses: int
    passed_over: tuple[Counted, ...] = ()
    """Cases that the filters of this list passed over, by the filter that stopped them."""
    passed_over_words: str = ""
    """The same in a sentence; empty when none was."""

    @property
    def failing(self) -> tuple[SourceRow, ...]:
        """Sources whose last visit failed."""
        return tuple(row for row in self.sources if row.failing)

    @property
    def quiet(self) -> tuple[SourceRow, ...]:
        """Sources that answer, but have published nothing for longer than is usual with them."""
        return tuple(row for row in self.sources if row.quiet)

    @property
    def resumed(self) -> tuple[SourceRow, ...]:
        """Sources that had fallen silent and publish again."""
        return tuple(row for row in self.sources if row.resumed)

    @property
    def recovered(self) -> tuple[SourceRow, ...]:
        """Sources that failed before and can be read again."""
        return tuple(row for row in self.sources if row.recovered)

    @property
    def unvisited(self) -> tuple[SourceRow, ...]:
        """Sources without any visit in the time that the digest covers."""
        return tuple(row for row in self.sources if row.outcome is None)


class Notice(Value, frozen=True, kw_only=True):
    """What makes a digest an alert: it tells cases at once, and may ask to be acknowledged."""

    asks: bool = False
    """Whether further people are told until somebody acknowledges it."""
    url: str = ""
    """Page on which its recipient acknowledges it; empty without one."""
    since: datetime | None = None
    """Since when others have had it without acknowledging it; ``None`` for the first who get it."""
    command: str = ""
    """What an operator types to acknowledge it."""
    says: tuple[str, ...] = ()
    """The same in sentences."""


class Period(Value, frozen=True, kw_only=True):
    """What one digest told, counted; ``urgent`` are among the others."""

    day: date
    day_words: str
    urgent: int
    new: int
    updated: int
    corroborated: int
    articles: int
    """Read and judged."""


AT_A_GLANCE = 6
"""How many cases the list at the top of the page shows on a narrow screen, beside the urgent ones."""


class Digest(Value, frozen=True, kw_only=True):
    """One digest: what is new in the register since the one before, and the truth about coverage."""

    name: str
    title: str
    language: Language = "en"
    """In which everything is worded but what others wrote."""
    period: str
    period_words: str
    created_at: datetime
    created_words: str
    sections: tuple[Section, ...]
    older: tuple[CaseCard, ...]
    """Old cases newly found: listed in one line each, never announced as new."""
    repeated: tuple[str, ...]
    """Numbers of cases that were only told again, by the same origin."""
    withdrawn: tuple[str, ...]
    """Numbers of cases that were told before and that a person has rejected since."""
    change_ids: tuple[int, ...]
    """Steps of the register that this digest tells, or passes over for good."""
    coverage: Coverage
    truth: tuple[str, ...]
    """The truth line: sentences."""
    withheld: str
    """What the disclosure rules keep back, in a sentence; empty when nothing is kept back."""
    history: tuple[Period, ...] = ()
    """The digests before this one and, last, this one; empty for the first of its name."""
    notice: Notice | None = None
    """Of an alert; ``None`` of a digest that came at its turn."""

    @property
    def alarm(self) -> str:
        """What must be read before anything else: that sources cannot be read; empty when all can be."""
        return self.truth[0] if self.coverage.failing else ""

    @property
    def assurance(self) -> tuple[str, ...]:
        """The truth line without the alarm."""
        return self.truth[1:] if self.alarm else self.truth

    @property
    def at_a_glance(self) -> int:
        """How many cards the list at the top shows on a narrow screen, beside the urgent ones: the first case is not far down."""
        return AT_A_GLANCE

    @property
    def later(self) -> int:
        """How many cards a narrow screen leaves out of that list."""
        return sum(not card.urgent for card in self.cards[AT_A_GLANCE:])

    @property
    def cards(self) -> tuple[CaseCard, ...]:
        """All cards in the order of the page, without the older cases."""
        return tuple(card for section in self.sections for card in section.cards)

    @property
    def is_quiet(self) -> bool:
        """True when there is nothing to tell but the coverage."""
        return not (self.sections or self.older or self.withdrawn)

    def counted(self, key: SectionKey) -> int:
        """Count the cards of one section."""
        return sum(len(section.cards) for section in self.sections if section.key == key)
