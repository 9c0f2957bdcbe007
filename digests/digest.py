"""register + ledger → digest: what is new since the digest before, and the truth about coverage.

A case enters by a row of the register that no digest of this name has told yet, never by a window of time: a digest that
comes late, or not at all, loses nothing. ``compose`` decides and is pure; ``gather`` asks the store.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from cases.disclosure import Policy
from cases.model import Stage
from cases.register import ChangeKind
from cases.store import DigestRecord, Store, alert_name
from digests.card import card
from digests.choice import Chosen, choose, is_urgent, withdrawn
from digests.cleaning import clean_line
from digests.coverage import coverage, older_found, passed_over, passed_over_words, truth
from digests.dates import day, days, moment
from digests.history import history
from digests.material import Material, collect, last_told, manual_period
from digests.spec import DigestSpec
from digests.speech import ENGLISH, Speech, term
from digests.view import CaseCard, Coverage, Digest, Notice, Section, SectionKey

__all__ = [
    "Digest",
    "compose",
    "compose_alert",
    "gather",
    "headlines",
    "is_due",
    "is_urgent",
    "last_told",
    "manual_period",
]

TITLE = term("Forced returns in the news")
ALERT_TITLE = term("Urgent: people who may still be helped")
FURTHER_TITLE = term("What became of people you were alerted of")

QUIET_EVERY = timedelta(days=7) - timedelta(hours=1)
"""A weekly sign of life; the hour is for clocks that change."""

_FIRST = (
    frozenset({Stage.IMMINENT, Stage.IN_CUSTODY_AT_RISK}),
    frozenset({Stage.SUSPENDED, Stage.AVERTED}),
    frozenset({Stage.COMPLETED, Stage.INDIRECT_COMPLETED, Stage.DEATH_BEFORE_RETURN}),
)
"""Order inside a section: where somebody may still be helped, where a return may come back, what has happened."""

_PLACE_OF: dict[ChangeKind, SectionKey] = {
    "new": "new",
    "updated": "changed",
    "corrected": "changed",
    "corroborated": "corroborated",
}

HEADINGS: dict[SectionKey, tuple[str, str]] = {
    "urgent": (term("Urgent"), term("People in custody or about to be returned, told within the last 30 days.")),
    "new": (term("New"), term("Cases that no earlier digest has told.")),
    "changed": (term("Updated and corrected"), term("Known cases of which something new is told.")),
    "corroborated": (term("Corroborated"), term("Known cases that another, independent origin now tells too.")),
}


def gather(
    store: Store,
    spec: DigestSpec,
    *,
    now: datetime,
    policy: Policy,
    since: datetime | None = None,
    requested: bool = False,
    speech: Speech = ENGLISH,
) -> Digest:
    """Ask the store what this digest has to tell, and make its view; nothing is marked as told.

    ``since`` takes everything from then on, told or not. ``requested`` names the period by the minute, because a person
    asked between two turns.
    """
    return compose(spec, collect(store, spec, now=now, since=since, requested=requested), policy=policy, speech=speech)


def compose(spec: DigestSpec, material: Material, *, policy: Policy, speech: Speech = ENGLISH) -> Digest:
    """Make the view of a digest from what the store gave, worded in a language."""
    local = material.now.astimezone(spec.zone)
    chosen, stopped = choose(spec, material, policy)
    made = [(one.change, case_card(one, material.now, spec.zone, speech)) for one in chosen]
    older = tuple(each for change, each in made if change == "backfilled")
    sections = tuple(sections_of((each for change, each in made if change in _PLACE_OF), speech))
    seen = _seen(spec, material, speech)
    counted = passed_over(stopped, speech)
    untold = material.untold
    return Digest(
        name=spec.name,
        title=clean_line(spec.title) or speech.gettext(TITLE),
        language=speech.code,
        period=material.period,
        period_words=_period_words(seen, local, speech),
        created_at=material.now.astimezone(UTC),
        created_words=moment(local, speech),
        sections=sections,
        older=older,
        repeated=tuple(each.number for change, each in made if change == "repeated"),
        withdrawn=withdrawn(material),
        change_ids=tuple(one.id for one in material.changes if untold is None or one.id in untold),
        coverage=msgspec.structs.replace(
            seen, passed_over=counted, passed_over_words=passed_over_words(counted, speech)
        ),
        history=history(material.before, sections, seen, local, speech),
        truth=(*truth(seen, speech), *older_found(older, speech)),
        withheld=withheld(policy, speech),
    )


def compose_alert(
    spec: DigestSpec, material: Material, *, policy: Policy, notice: Notice, speech: Speech = ENGLISH
) -> Digest:
    """Make the view of an alert: its cases as cards, and no coverage; the digest of the list tells that at its turn."""
    local = material.now.astimezone(spec.zone)
    chosen, _ = choose(spec, material, policy)
    cards = [case_card(one, material.now, spec.zone, speech) for one in chosen if one.change in _PLACE_OF]
    gone = withdrawn(material)
    turn = moment(spec.schedule.next(material.now, spec.zone), speech)
    return Digest(
        name=alert_name(spec.name),
        title=speech.gettext(ALERT_TITLE if any(card.urgent for card in cards) else FURTHER_TITLE),
        language=speech.code,
        period=material.period,
        period_words=moment(local, speech),
        created_at=material.now.astimezone(UTC),
        created_words=moment(local, speech),
        sections=tuple(sections_of(cards, speech)),
        older=(),
        repeated=(),
        withdrawn=gone,
        change_ids=tuple(change.id for change in material.changes),
        coverage=coverage((), (), since=None, near_misses=0, zone=spec.zone),
        truth=(_told_again(spec.name, turn, speech),),
        withheld=withheld(policy, speech),
        notice=_noticed(notice, cards, local, speech),
    )


def _told_again(name: str, turn: str, speech: Speech) -> str:
    # Translators: {digest} is the name of the regular digest, such as "weekly"; {moment} is its next date and time.
    return speech.gettext(
        "Told at once; the digest {digest} tells it again, with everything that was looked at: {moment}.",
        digest=name,
        moment=turn,
    )


def _noticed(notice: Notice, cards: Sequence[CaseCard], local: datetime, speech: Speech) -> Notice:
    """Put into words what an alert asks; nothing where no case is left to act on."""
    if not cards:
        return msgspec.structs.replace(notice, url="")
    command = f"returnwatch alerts acknowledge {cards[0].number}" if notice.asks else ""
    return msgspec.structs.replace(notice, command=command, says=tuple(_asks(notice, local, speech)))


def _asks(notice: Notice, local: datetime, speech: Speech) -> Iterable[str]:
    """Say what an alert asks of its reader."""
    if notice.since is not None:
        since = moment(notice.since.astimezone(local.tzinfo), speech)
        yield speech.gettext("Nobody has acknowledged this since {moment}, so it comes to you.", moment=since)
    if notice.asks:
        # Translators: to acknowledge an alert is to say: I have seen this and take care of it. A link or a command follows.
        yield speech.gettext("Further people are told until somebody acknowledges it. Who takes it on, please say so:")


def headlines(digest: Digest) -> Digest:
    """Leave the counts and one line for each case: no facts, and no sentence of an article, for those who asked for no more."""
    return msgspec.structs.replace(
        digest,
        sections=tuple(
            msgspec.structs.replace(section, cards=tuple(map(_headline, section.cards))) for section in digest.sections
        ),
        older=tuple(map(_headline, digest.older)),
    )


def is_due(spec: DigestSpec, digest: Digest, told: DigestRecord | None) -> bool:
    """Tell whether a digest should go out: always with something to tell, else as ``quiet`` says."""
    if not digest.is_quiet or spec.quiet == "always":
        return True
    if spec.quiet == "never":
        return False
    return told is None or digest.created_at - told.made_at >= QUIET_EVERY


def withheld(policy: Policy, speech: Speech = ENGLISH) -> str:
    """Say in a sentence what a policy keeps back."""
    kept = [
        speech.gettext("names") if not policy.names else "",
        speech.gettext("exact dates") if not policy.exact_dates else "",
        speech.gettext("places below a prefecture") if not policy.exact_places else "",
        speech.gettext("who told it") if not policy.informants else "",
    ]
    kept = [one for one in kept if one]
    if not kept:
        return ""
    return speech.gettext("Kept back from this digest, to put no one at risk: {things}.", things=speech.listed(kept))


def case_card(chosen: Chosen, now: datetime, zone: ZoneInfo, speech: Speech = ENGLISH) -> CaseCard:
    """Make the card of a case that is told."""
    return card(
        chosen.leaves,
        case_id=chosen.case.id,
        change=chosen.change,
        changed_fields=chosen.changed_fields,
        urgent=is_urgent(chosen.case, now),
        zone=zone,
        speech=speech,
    )


def sections_of(cards: Iterable[CaseCard], speech: Speech = ENGLISH) -> Iterable[Section]:
    """Yield the sections that have cards, most important first; inside by stage, then as the register learnt them."""
    sorted_in: dict[SectionKey, list[CaseCard]] = {key: [] for key in HEADINGS}
    for each in sorted(cards, key=_rank):
        sorted_in["urgent" if each.urgent else _PLACE_OF[each.change]].append(each)
    for key, (heading, note) in HEADINGS.items():
        if sorted_in[key]:
            said = speech.gettext(heading), speech.gettext(note)
            yield Section(key=key, heading=said[0], note=said[1], cards=tuple(sorted_in[key]))


def _rank(card: CaseCard) -> int:
    return next((n for n, stages in enumerate(_FIRST) if card.stage in stages), len(_FIRST))


def _headline(card: CaseCard) -> CaseCard:
    """Take from a card what its articles say; what it is, where it stands and where it was told stays."""
    leaves = msgspec.structs.replace(
        card.disclosed,
        quotes=(),
        victims=(),
        events=(),
        places=(),
        authorities=(),
        legal_bases=(),
        outcome=None,
        stated_reason=None,
        state_label=None,
        informants=(),
        conflicts=(),
    )
    sources = tuple(msgspec.structs.replace(source, passages=(), sayings=()) for source in card.sources)
    return msgspec.structs.replace(
        card, facts=(), missing=(), warning="", disputes=(), sources=sources, disclosed=leaves
    )


def _seen(spec: DigestSpec, material: Material, speech: Speech) -> Coverage:
    return coverage(
        material.statuses,
        material.runs,
        since=material.since,
        near_misses=material.near_misses,
        zone=spec.zone,
        were_quiet=material.were_quiet,
        speech=speech,
    )


def _period_words(seen: Coverage, local: datetime, speech: Speech) -> str:
    if seen.since is None:
        return speech.gettext("Until {day}", day=day(local.date(), speech))
    return days(seen.since.astimezone(local.tzinfo).date(), local.date(), speech)
