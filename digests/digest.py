"""register + ledger → digest: what is new since the digest before, and the truth about coverage.

A case enters by a row of the register that no digest of this name has told yet, never by a window of time: a digest that
comes late, or not at all, loses nothing. ``compose`` decides and is pure; ``gather`` asks the store.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from cases.disclosure import DisclosedCase, Policy, disclose
from cases.model import Case, CaseStatus, ChangeKind, Stage
from cases.silence import silence
from cases.store import CaseChange, DigestRecord, Store
from digests.card import card
from digests.cleaning import clean_line
from digests.coverage import coverage, older_found, truth
from digests.dates import day, days, moment
from digests.spec import DigestSpec
from digests.speech import ENGLISH, Speech, term
from digests.view import CaseCard, Coverage, Digest, Section, SectionKey

__all__ = ["Digest", "compose", "gather", "is_due", "is_urgent", "last_told", "manual_period"]

TITLE = term("Forced returns in the news")

URGENT_WITHIN = timedelta(days=30)
"""A person in custody or about to be returned is urgent while what was told is younger than this."""

QUIET_EVERY = timedelta(days=7) - timedelta(hours=1)
"""A weekly sign of life; the hour is for clocks that change."""

_URGENT_STAGES = frozenset({Stage.IMMINENT, Stage.IN_CUSTODY_AT_RISK})

_STRONGEST: tuple[ChangeKind, ...] = (
    "new",
    "backfilled",
    "withdrawn",
    "corrected",
    "updated",
    "corroborated",
    "repeated",
)
"""What several steps of one case are told as: the first of these. What a reader has never seen is new, or old and new."""

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
    told = last_told(store.outbox.past(spec.name))
    begin = since or (told.made_at if told else None)
    were_quiet = [
        name for name, known in store.sources.rhythms().items() if begin is not None and silence(known, begin)
    ]
    near = [row for row in store.articles.rows(near_misses=True) if begin is None or row.fetched_at >= begin]
    seen = coverage(
        store.sources.status(now),
        store.runs.since(begin or datetime.min.replace(tzinfo=UTC)),
        since=begin,
        near_misses=len(near),
        zone=spec.zone,
        were_quiet=were_quiet,
        speech=speech,
    )
    changes = store.outbox.pending(spec.name, since=since)
    period = manual_period(spec, now) if requested else spec.schedule.period(now, spec.zone)
    digest = compose(spec, changes, seen, now=now, policy=policy, period=period, speech=speech)
    if since is None:
        return digest
    untold = {change.id for change in store.outbox.pending(spec.name)}
    return msgspec.structs.replace(digest, change_ids=tuple(n for n in digest.change_ids if n in untold))


def compose(
    spec: DigestSpec,
    changes: Sequence[CaseChange],
    seen: Coverage,
    *,
    now: datetime,
    policy: Policy,
    period: str,
    speech: Speech = ENGLISH,
) -> Digest:
    """Make the view of a digest from the steps of the register and the coverage, which is worded in the same language."""
    local = now.astimezone(spec.zone)
    found = [
        (kind, made) for kind, made in _cards(spec, changes, now=now, policy=policy, speech=speech) if made is not None
    ]
    older = tuple(made for kind, made in found if kind == "backfilled")
    return Digest(
        name=spec.name,
        title=clean_line(spec.title) or speech.gettext(TITLE),
        language=speech.code,
        period=period,
        period_words=_period_words(seen, local, speech),
        created_at=now.astimezone(UTC),
        created_words=moment(local, speech),
        sections=tuple(_sections((made for kind, made in found if kind in _PLACE_OF), speech)),
        older=older,
        repeated=tuple(made.number for kind, made in found if kind == "repeated"),
        withdrawn=tuple(_withdrawn(changes)),
        change_ids=tuple(change.id for change in changes),
        coverage=seen,
        truth=(*truth(seen, speech), *older_found(older, speech)),
        withheld=withheld(policy, speech),
    )


def is_urgent(case: Case, now: datetime) -> bool:
    """Tell whether a person may still be helped: in custody or about to be returned, and not told of long ago.

    What happened last counts, else when it was published; a case without any date counts as urgent.
    """
    if case.report.stage not in _URGENT_STAGES:
        return False
    days = [end for event in case.report.events for end in (event.end or event.start,) if end is not None]
    days += [telling.published.date() for telling in case.tellings if telling.published is not None]
    return not days or now.date() - max(days) <= URGENT_WITHIN


def is_due(spec: DigestSpec, digest: Digest, told: DigestRecord | None) -> bool:
    """Tell whether a digest should go out: always with something to tell, else as ``quiet`` says."""
    if not digest.is_quiet or spec.quiet == "always":
        return True
    if spec.quiet == "never":
        return False
    return told is None or digest.created_at - told.made_at >= QUIET_EVERY


def last_told(past: Iterable[DigestRecord]) -> DigestRecord | None:
    """Find the last digest that went to people; one that was passed over in silence has no subject."""
    return max((one for one in past if one.subject), key=lambda one: one.made_at, default=None)


def manual_period(spec: DigestSpec, now: datetime) -> str:
    """Name the period of a digest that a person asked for: by its minute, in UTC."""
    return f"{now.astimezone(spec.zone):%Y-%m-%d}-asked-{now.astimezone(UTC):%H%MZ}"


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


def _cards(
    spec: DigestSpec, changes: Sequence[CaseChange], *, now: datetime, policy: Policy, speech: Speech
) -> Iterable[tuple[ChangeKind, CaseCard | None]]:
    """Yield one card for each case, told as the strongest of its steps; ``None`` for what must not or need not be told."""
    by_case: dict[str, list[CaseChange]] = {}
    for change in changes:
        by_case.setdefault(change.case.id, []).append(change)
    for steps in by_case.values():
        case, kind = steps[-1].case, strongest(steps)
        leaves = disclose(case, policy)
        if leaves is None or not wanted(spec, leaves):
            yield kind, None
            continue
        yield (
            kind,
            card(
                leaves,
                case_id=case.id,
                change=kind,
                changed_fields=[name for step in steps for name in step.changed_fields] if kind != "new" else (),
                urgent=is_urgent(case, now),
                zone=spec.zone,
                speech=speech,
            ),
        )


def strongest(steps: Sequence[CaseChange]) -> ChangeKind:
    """Choose what several steps of one case are told as; a new case that is not to be announced counts as an older one."""
    kinds = {step.kind for step in steps}
    kind = min(kinds, key=_STRONGEST.index)
    return "backfilled" if kind == "new" and not steps[-1].case.announce else kind


def wanted(spec: DigestSpec, case: DisclosedCase) -> bool:
    """Tell whether a case passes the filters of a digest; an empty filter lets everything pass."""
    if spec.states and not {case.from_state, case.to_state, case.risk_state} & set(spec.states):
        return False
    if spec.stages and case.stage not in spec.stages:
        return False
    if not spec.languages:
        return True
    told_in = {(one.lang or "").lower() for one in case.sources}
    asked = [language.lower() for language in spec.languages]
    return any(lang == one or lang.startswith(f"{one}-") for lang in told_in for one in asked)


def _sections(cards: Iterable[CaseCard], speech: Speech) -> Iterable[Section]:
    """Yield the sections that have cards, most important first; inside by stage, then as the register learnt them."""
    sorted_in: dict[SectionKey, list[CaseCard]] = {key: [] for key in HEADINGS}
    for each in sorted(cards, key=_rank):
        sorted_in["urgent" if each.urgent else _PLACE_OF[each.change]].append(each)
    for key, (heading, note) in HEADINGS.items():
        if sorted_in[key]:
            yield Section(
                key=key, heading=speech.gettext(heading), note=speech.gettext(note), cards=tuple(sorted_in[key])
            )


def _rank(card: CaseCard) -> int:
    return next((n for n, stages in enumerate(_FIRST) if card.stage in stages), len(_FIRST))


def _withdrawn(changes: Sequence[CaseChange]) -> Iterable[str]:
    """Yield the numbers of cases that a person rejected after they had been told."""
    unseen = {change.case.id for change in changes if change.kind in {"new", "backfilled"}}
    numbers = {
        change.case.number: None
        for change in changes
        if change.kind == "withdrawn" and change.case.status is CaseStatus.REJECTED and change.case.id not in unseen
    }
    return tuple(numbers)


def _period_words(seen: Coverage, local: datetime, speech: Speech) -> str:
    if seen.since is None:
        return speech.gettext("Until {day}", day=day(local.date(), speech))
    return days(seen.since.astimezone(local.tzinfo).date(), local.date(), speech)
