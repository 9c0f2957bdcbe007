"""Does the work get done? The service, its leases, the sources, the outbox, the quarantine."""

from collections.abc import Iterator
from datetime import timedelta

from cases.ledger import SourceOutcome, SourceStatus
from scheduler.assembly import ALIVE_WITHIN
from scheduler.doctor.premises import Check, Finding, Opened
from scheduler.lock import is_locked
from scheduler.process import has_died

_WAITS_TOO_LONG = timedelta(days=1)
_LONG_UNREAD = timedelta(days=3)
_SHOWN = 5


def service(at: Opened) -> Iterator[Finding]:
    """Does a service that runs also work, and did the last one end in order?"""
    alive = at.store.presence.alive(at.now, ALIVE_WITHIN.total_seconds(), "service")
    if is_locked(at.settings.store.captures) and not alive:
        yield Finding(
            subject="service",
            words=f"a service holds the store's lock, but has given no sign of life for {ALIVE_WITHIN.total_seconds():.0f} s",
            mend="read its log; if it hangs, restart it: nothing is lost",
            command="systemctl restart returnwatch    (its log: journalctl -u returnwatch)",
        )
    for last in at.store.presence.signs():
        if last.role != "service" or not has_died(last.who):
            continue
        yield Finding(
            subject="service",
            words=f"the service of process {last.pid} ended without a word at about {last.at:%Y-%m-%d %H:%M} UTC: it was killed, or crashed",
            mend="start it again; it takes up what was left. If it happens again, see whether memory ran out",
            command="systemctl start returnwatch    (memory: journalctl -k -g 'out of memory')",
            grave=False,
        )


def leases(at: Opened) -> Iterator[Finding]:
    """Is a source held by a process that is no more?"""
    dead: dict[str, list[str]] = {}
    for source, who in at.store.sources.holders().items():
        if has_died(who):
            dead.setdefault(who, []).append(source)
    for who, held in sorted(dead.items()):
        yield Finding(
            subject=f"leases of {who}",
            words=f"a process that died holds {len(held)} sources: {', '.join(sorted(held)[:_SHOWN])}; nobody else visits them meanwhile",
            mend="start the service: it gives them back at once. On another machine they are free within half an hour, and at once where a service or worker runs",
            command="systemctl start returnwatch    (or: returnwatch crawl)",
        )


def sources(at: Opened) -> Iterator[Finding]:
    """Can every source be read? If none can, the fault is here and not with them."""
    enabled = [one for one in at.store.sources.status(at.now) if one.enabled and one.last_run is not None]
    failing = [one for one in enabled if one.failing]
    if len(failing) > 1 and len(failing) == len(enabled):
        yield Finding(
            subject="sources",
            words=f"none of the {len(enabled)} sources that were visited can be read: that is the network here, not the sites",
            mend="see whether this machine reaches the internet and resolves names; a proxy or firewall may stand between",
            command="returnwatch sources check",
        )
        return
    for one in failing:
        yield _failing(one)
    for one in enabled:
        if (
            not one.failing
            and one.last_success is not None
            and at.now - one.last_success > _LONG_UNREAD
            and not one.running
        ):
            yield Finding(
                subject=f"source {one.name}",
                words=f"it was last read on {one.last_success:%Y-%m-%d}",
                mend="see that the service runs; visit it now to see what it answers",
                command=f"returnwatch crawl {one.name}",
                grave=False,
            )


def _failing(one: SourceStatus) -> Finding:
    run = one.says
    forbidden = run is not None and run.outcome is SourceOutcome.FORBIDDEN
    why = (run.detail if run is not None else None) or "no reason is known"
    ask = "its robots.txt asks not to be read: write to its owner, or switch it off"
    return Finding(
        subject=f"source {one.name}",
        words=f"it cannot be read ({run.outcome.value if run else 'never visited'}): {why}",
        mend=ask if forbidden else "see what it answers now, and correct its file",
        command=f"returnwatch sources check {one.name}",
        grave=False,
    )


def outbox(at: Opened) -> Iterator[Finding]:
    """Does every digest arrive?"""
    for one in at.store.deliveries.unsettled():
        what = f"delivery {one.id}: {one.digest} of {one.period} over {one.channel}"
        if one.state == "unknown":
            yield Finding(
                subject=what,
                words=f"nobody saw whether it arrived: {one.error}; it is held, for a digest told twice is worse",
                mend=f"ask the recipient, then send it again, or take it as sent (returnwatch deliveries accept {one.id})",
                command=f"returnwatch deliveries retry {one.id}",
            )
        elif one.state == "failed" and one.due_at is None:
            yield Finding(
                subject=what,
                words=f"it was refused for good: {one.error}",
                mend=f"correct the address or the channel, and send it again (returnwatch deliveries retry {one.id}), or give it up",
                command=f"returnwatch deliveries drop {one.id}",
            )
        elif one.due_at is not None and at.now - one.due_at > _WAITS_TOO_LONG:
            yield Finding(
                subject=what,
                words=f"it has waited to be sent since {one.due_at:%Y-%m-%d %H:%M} UTC: no service runs, or the channel is gone",
                mend="start the service, or send it by hand",
                command=f"returnwatch digest {one.digest} --send",
            )


def quarantine(at: Opened) -> Iterator[Finding]:
    """Are there pages that nobody could read yet?"""
    held = at.store.quarantine.rows()
    if held:
        yield Finding(
            subject="quarantine",
            words=f"{len(held)} pages were fetched and could not be read, the last of {held[-1].source}: {held[-1].reason}",
            mend="after an upgrade, or a correction of the source's [layout], let them be read again",
            command="returnwatch quarantine retry",
            grave=False,
        )


CHECKS = (
    Check(name="service", look=service),
    Check(name="leases", look=leases),
    Check(name="sources", look=sources),
    Check(name="outbox", look=outbox),
    Check(name="quarantine", look=quarantine),
)
