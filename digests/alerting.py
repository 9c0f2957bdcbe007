"""register → alert → more people, until somebody has taken it on: the sending half of ``digests.alerts``.

What comes in waits for the window to close, then goes out as one alert under a name of its own; what alerts nobody is passed over
there, and nowhere else: the digest of the list tells everything at its turn. Each recipient's message is rendered for that one,
because the link by which it is acknowledged names who did.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec

from cases.disclosure import Policy
from cases.errors import AlreadyRecorded
from cases.model import Value
from cases.store import Alert, CaseChange, DigestRecord, OutMessage, Store, alert_name
from digests.acknowledging import acknowledge_link
from digests.alerts import Alerts, alerts_of, is_further, is_over, steps_due
from digests.channels import Channel
from digests.choice import by_case, choose
from digests.composing import Editions, messages
from digests.digest import compose_alert
from digests.links import Links
from digests.material import Material, shown_by
from digests.recipients import Language, Recipient
from digests.rendering import render
from digests.spec import DigestSpec
from digests.speech import speech
from digests.templating import BUILT_IN, Templates
from digests.view import Digest, Notice

ESCALATED_WITHIN = timedelta(days=3)
"""An alert that nobody acknowledged is told to nobody more after this: whoever could be helped has been, or has not."""

BEGINNING = "begin"
"""Period under which everything that was known before alerts were switched on is passed over."""


class Waiting(Value, frozen=True, kw_only=True):
    """What waits to be told at once, and what alerts nobody."""

    material: Material
    """With the steps of the cases that alert, and no others."""
    passed_over: tuple[int, ...]
    since: datetime | None
    """When the first of it came in; ``None`` when nothing waits."""


class Way(Value, frozen=True, kw_only=True):
    """What an alert is worded and sent with."""

    policy: Policy
    channels: Mapping[str, Channel]
    templates: Templates = BUILT_IN
    links: Links | None = None
    """Makes the links by which an alert is acknowledged; none without a public address."""


def raise_alert(store: Store, spec: DigestSpec, way: Way, *, now: datetime) -> str:
    """Record the alert of a digest if one is due, with its messages; gives its subject, empty when none is.

    What is known when alerts are first looked for was known before they were switched on, and alerts nobody. Raises RenderError
    and StoreError.
    """
    alerts, name = spec.alerts, alert_name(spec.name)
    if alerts is None:
        return ""
    if store.outbox.find(name, BEGINNING) is None:
        known = tuple(change.id for change in store.outbox.pending(name))
        _record(store, DigestRecord(name=name, period=BEGINNING, made_at=now, change_ids=known))
        return ""
    waits = waiting(store, spec, way.policy, now=now)
    if waits.passed_over:
        record = DigestRecord(name=name, period=f"passed-{_stamp(now)}", made_at=now, change_ids=waits.passed_over)
        _record(store, record)
    if waits.since is None or not is_over(waits.since, alerts, now):
        return ""
    return _raise(store, spec, way, waits.material)


def waiting(store: Store, spec: DigestSpec, policy: Policy, *, now: datetime) -> Waiting:
    """Sort what no alert has told yet; nothing is marked."""
    changes = store.outbox.pending(alert_name(spec.name))
    alerted = _alerted(store, spec, changes)
    shown = alerted | shown_by(store.outbox.past(spec.name)) if changes else frozenset[str]()
    material = Material(now=now, period=_stamp(now), since=None, changes=tuple(changes), shown=shown)
    return sort_out(spec, material, policy, alerted)


def sort_out(spec: DigestSpec, material: Material, policy: Policy, alerted: frozenset[str]) -> Waiting:
    """Tell what alerts from what does not; ``alerted`` are the numbers of cases that people were alerted of before."""
    chosen, _ = choose(spec, material, policy)
    passes = {one.case.id for one in chosen}
    told: list[CaseChange] = []
    for steps in by_case(material.changes):
        case = steps[-1].case
        if case.number in alerted:
            news = any(is_further(step) and (step.kind == "withdrawn" or case.id in passes) for step in steps)
        else:
            news = case.id in passes and _is_first_news(spec, steps, material.now)
        told += steps if news else ()
    ids = {change.id for change in told}
    return Waiting(
        material=msgspec.structs.replace(material, changes=tuple(told)),
        passed_over=tuple(change.id for change in material.changes if change.id not in ids),
        since=min((change.at for change in told), default=None),
    )


def escalate(store: Store, spec: DigestSpec, way: Way, *, now: datetime) -> list[OutMessage]:
    """Tell further people of alerts that nobody has acknowledged in time; gives the messages that were added.

    A case that is past alerting by then (the return is averted, or has happened) wakes nobody more.
    """
    alerts, added = spec.alerts, list[OutMessage]()
    if alerts is None or not alerts.escalation:
        return added
    for alert in store.alerts.since(now - ESCALATED_WITHIN, digest_name=spec.name):
        people = [one for _, step in steps_due(alerts, alert.made_at, now) for one in step.recipients]
        missing = _not_told(store, [alert], people)
        if alert.acknowledged_at is None and missing:
            added += _tell_more(store, spec, way, alert, missing, now=now)
    return added


def preview(store: Store, spec: DigestSpec, policy: Policy, *, now: datetime) -> tuple[Digest, Waiting]:
    """Give the alert that waits, as it would go out now, and what waits; nothing is marked as told."""
    waits = waiting(store, spec, policy, now=now)
    return compose_alert(spec, waits.material, policy=policy, notice=Notice(), speech=speech(spec.language)), waits


def _raise(store: Store, spec: DigestSpec, way: Way, material: Material) -> str:
    words = speech(spec.language)
    digest = compose_alert(spec, material, policy=way.policy, notice=Notice(), speech=words)
    before = [alert for number in _numbers(digest) for alert in _alerts_of_case(store, spec, number)]
    people = [*spec.recipients, *_told_before(store, spec, before)]
    out = _messages(spec, way, material, [one for one in people if one.alerts != "never"], since=None)
    rendered = render(digest, way.templates)
    record = DigestRecord(
        name=digest.name,
        period=digest.period,
        made_at=material.now,
        change_ids=tuple(change.id for change in material.changes),
        subject=rendered.subject,
        document=rendered.json,
    )
    return rendered.subject if _record(store, record, out) else ""


def _tell_more(
    store: Store, spec: DigestSpec, way: Way, alert: Alert, people: Sequence[Recipient], *, now: datetime
) -> list[OutMessage]:
    """Tell people of an alert that others did not answer, with its cases as they stand now."""
    changes = [one for one in store.alerts.changes(alert.id) if spec.alerts and alerts_of(one.case, spec.alerts, now)]
    if not changes:
        return []
    material = Material(now=now, period=alert.period, since=None, changes=tuple(changes))
    return store.alerts.tell_more(alert.id, _messages(spec, way, material, people, since=alert.made_at), now)


def _messages(
    spec: DigestSpec, way: Way, material: Material, people: Sequence[Recipient], *, since: datetime | None
) -> list[OutMessage]:
    """Make the messages of an alert; ``since`` says since when it waits to be acknowledged, ``None`` for the first people."""
    made: dict[tuple[str, str], OutMessage] = {}
    for one in (None, *people):
        url = acknowledge_link(way.links, spec.name, material.period, one.address if one else "")
        notice = Notice(asks=bool(spec.alerts and spec.alerts.escalation), url=url, since=since)
        editions = Editions(partial(_worded, spec, material, way, notice), way.templates)
        for message in messages(spec, [one] if one else [], editions, way.channels):
            if since is None or message.recipient:  # a folder has the alert already
                not_before = _not_before(spec, one, material.now)
                later = msgspec.structs.replace(message, not_before=not_before, urgent=True)
                made.setdefault((message.channel, message.recipient), later)
    return list(made.values())


def _worded(spec: DigestSpec, material: Material, way: Way, notice: Notice, language: Language) -> Digest:
    return compose_alert(spec, material, policy=way.policy, notice=notice, speech=speech(language))


def _not_before(spec: DigestSpec, recipient: Recipient | None, now: datetime) -> datetime | None:
    """Say when the quiet hours of a recipient are over; a channel without recipients keeps those of the digest."""
    hours = spec.alerts.quiet_hours if spec.alerts else None
    if hours is None or (recipient and recipient.alerts == "always"):
        return None
    return hours.over_at(now, recipient.zone(spec.zone) if recipient else spec.zone)


def _is_first_news(spec: DigestSpec, steps: Sequence[CaseChange], now: datetime) -> bool:
    """Tell whether people must be alerted of a case that they were not alerted of; what is only told again alerts nobody."""
    news = {"new", "updated", "corrected"} | ({"corroborated"} if spec.corroborated else set())
    alerts = spec.alerts or Alerts()
    return alerts_of(steps[-1].case, alerts, now) and any(step.kind in news for step in steps)


def _told_before(store: Store, spec: DigestSpec, alerts: Sequence[Alert]) -> list[Recipient]:
    """Give those who were told of a case later than others, by an escalation: they are told how it goes on, too."""
    told = {one.recipient.lower() for one in store.alerts.told([alert.id for alert in alerts])}
    listed = {one.address.lower() for one in spec.recipients}
    escalated = spec.alerts.escalated if spec.alerts else ()
    return [one for one in escalated if one.address.lower() in told - listed]


def _not_told(store: Store, alerts: Sequence[Alert], people: Iterable[Recipient]) -> list[Recipient]:
    told = {one.recipient.lower() for one in store.alerts.told([alert.id for alert in alerts])}
    return [one for one in people if one.address.lower() not in told and one.alerts != "never"]


def _alerted(store: Store, spec: DigestSpec, changes: Iterable[CaseChange]) -> frozenset[str]:
    numbers = dict.fromkeys(change.case.number for change in changes)
    return frozenset(number for number in numbers if _alerts_of_case(store, spec, number))


def _alerts_of_case(store: Store, spec: DigestSpec, number: str) -> list[Alert]:
    return [alert for alert in store.alerts.of_case(number) if alert.digest == spec.name]


def _numbers(digest: Digest) -> list[str]:
    return [*(card.number for card in digest.cards), *digest.withdrawn]


def _record(store: Store, record: DigestRecord, out: Sequence[OutMessage] = ()) -> bool:
    """Record; false when another process has done so in the same moment."""
    try:
        store.outbox.record(record, out)
    except AlreadyRecorded:
        return False
    return True


def _stamp(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
