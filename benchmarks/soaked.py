"""What a soak left in the store, and what was seen on the way → figures, and what is wrong."""

from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import create_engine, text

from benchmarks import crowd
from scheduler.assembly import open_watch

if TYPE_CHECKING:
    from benchmarks.soak import Asked, Plan, Seen

CALM = 0.25
"""Share of the time, at its end, without kills."""

GROWTH = 1.15
"""By so much memory may grow in the calm at the end."""
_PERCENT = 100
_SLOWEST = 5
_STARTING_S = 2
"""So long after it is ready again, a service that was killed still starts the processes that read."""
_LONG_S = 300
"""From here on everything must have been measured; less is over before the first command has answered."""


class Found(NamedTuple):
    """What is in the store."""

    articles: int
    versions: int
    cases: int
    told_twice: int
    """Reports that stand in the register more than once."""
    untold: int
    """Changes of cases that no digest has told."""
    digests: int
    deliveries: dict[str, int]
    """By what became of them."""
    sent: tuple[str, ...]
    """Names of the messages that the mail server is known to have taken."""
    leased: int


def found_in(config: Path) -> Found:
    """Count what the service has left behind, after it has ended."""
    with open_watch(config) as watch:
        leased = len(watch.store.sources.holders())
        untold = len(watch.store.outbox.pending("all"))
        engine = create_engine(watch.settings.store.url)
    with engine.connect() as store:

        def number(query: str) -> int:
            return int(store.execute(text(query)).scalar() or 0)

        found = Found(
            articles=number("select count(*) from article"),
            versions=number("select count(*) from article_version"),
            cases=number("select count(*) from case_file"),
            told_twice=number(
                "select count(*) from (select 1 from telling where current group by article_id, position having count(*) > 1) as t"
            ),
            untold=untold,
            digests=number("select count(*) from digest"),
            deliveries=dict(Counter(store.execute(text("select state from delivery")).scalars())),
            sent=tuple(store.execute(text("select message_id from delivery where state = 'sent'")).scalars()),
            leased=leased,
        )
    engine.dispose()
    return found


def judged(plan: "Plan", seen: "Seen", found: Found, saw: dict[str, int]) -> tuple[dict[str, Any], list[str]]:
    """Give the figures, and what is wrong in words."""
    memory = _calm(plan, seen)
    ready = _percentiles(seen.ready_ms)
    figures = {
        "kills": seen.kills,
        "start_s": _middle(seen.starts_s),
        "ready_ms": ready,
        "asked_over_http_s": _answers(seen.over_http),
        "asked_by_command_s": _answers(seen.by_command),
        "memory_mb": [round(one) for one in memory],
        "most_memory_mb": round(max((mb for _, mb in seen.memory_mb), default=0)),
        "most_files": max(seen.files, default=0),
        "log_mb": round(seen.log_mb, 1),
        "requests": saw["requests"],
        "busiest": saw["busiest"],
        **{name: one for name, one in found._asdict().items() if name != "sent"},
        "mails": len(seen.mails),
    }
    wrong = [*_of_the_store(plan, found), *_of_the_mail(seen, found)]
    if saw["busiest"] > 1:
        wrong.append(f"{saw['busiest']} requests at the same time to one site")
    if ready.get("p99", 0) > plan.ready_ms:
        wrong.append(f"/readyz answered after {ready['p99']} ms at the 99th percentile, {plan.ready_ms:.0f} are stated")
    wrong += _of_the_answers(plan, "over HTTP", seen.over_http) + _of_the_answers(plan, "by command", seen.by_command)
    if len(memory) == 2 and memory[1] > memory[0] * GROWTH:  # noqa: PLR2004 - before and after
        wrong.append(f"memory grew from {memory[0]:.0f} to {memory[1]:.0f} MiB in the calm at the end")
    return figures, wrong


def _of_the_answers(plan: "Plan", how: str, asked: "list[Asked]") -> list[str]:
    """Tell which crawls asked for came to nothing, or late though the service had started."""
    failed = [one for one in asked if one.took_s is None]
    settled = [one for one in asked if one.at_s > _STARTING_S]
    late = [one for one in settled if one.took_s is not None and one.took_s > plan.asked_s]
    wrong = []
    if failed:
        wrong.append(f"{len(failed)} of {len(asked)} crawls asked for {how} came to nothing")
    if late:
        wrong.append(f"{len(late)} of {len(settled)} crawls asked for {how} took longer than {plan.asked_s:.0f} s")
    if not asked and plan.seconds >= _LONG_S:
        wrong.append(f"no crawl asked for {how} was answered")
    return wrong


def _of_the_store(plan: "Plan", found: Found) -> list[str]:
    articles, cases = crowd.articles(plan.sites), crowd.stories(plan.sites)
    wrong = []
    if not found.articles == found.versions == articles:
        wrong.append(f"{found.articles} articles in {found.versions} versions, where {articles} were published")
    if found.cases != cases or found.told_twice:
        wrong.append(f"{found.cases} cases, {found.told_twice} reports told twice, where {cases} cases were told")
    if found.leased:
        wrong.append(f"{found.leased} sources are still held after the service has ended")
    return wrong


def _of_the_mail(seen: "Seen", found: Found) -> list[str]:
    """Compare what arrived with what is recorded; what was under way at a kill may have arrived or not, and is held."""
    twice = [name for name, count in Counter(seen.mails).items() if count > 1]
    wrong = []
    if twice:
        wrong.append(f"{len(twice)} mails arrived more than once")
    if missing := set(found.sent) - set(seen.mails):
        wrong.append(f"{len(missing)} mails are recorded as sent and did not arrive")
    if found.untold:
        wrong.append(f"{found.untold} changes of cases were told in no digest")
    if set(found.deliveries) - {"sent", "unknown"}:
        wrong.append(f"deliveries were left behind: {found.deliveries}")
    if len(seen.mails) > len(found.sent) + found.deliveries.get("unknown", 0):
        wrong.append(f"{len(seen.mails)} mails arrived, {found.deliveries} are known")
    return wrong


def _calm(plan: "Plan", seen: "Seen") -> list[float]:
    """Give the memory after the calm had begun and at its end, each the median of a while."""
    first = plan.seconds * (1 - CALM * 2 / 3)
    calm = [mb for at, mb in seen.memory_mb if at > first]
    part = max(1, len(calm) // 4)
    return [median(calm[:part]), median(calm[-part:])] if calm else []


def _percentiles(times: list[float]) -> dict[str, float]:
    if len(times) < _PERCENT:
        return {"count": len(times), **({"max": round(max(times), 1)} if times else {})}
    cuts = quantiles(times, n=_PERCENT)
    return {
        "count": len(times),
        "p50": round(cuts[49], 1),
        "p99": round(cuts[98], 1),
        "max": round(max(times), 1),
    }


def _answers(asked: "list[Asked]") -> dict[str, Any]:
    """Give how long the answers took, and of the slowest when after the service's start they were asked for."""
    times = [one.took_s for one in asked if one.took_s is not None]
    if not times:
        return {"count": 0}
    slowest = sorted((one for one in asked if one.took_s is not None), key=lambda one: -(one.took_s or 0))[:_SLOWEST]
    return {
        "count": len(times),
        "median": round(median(times), 2),
        "max": round(max(times), 2),
        "max_settled": round(max((one.took_s or 0 for one in asked if one.at_s > _STARTING_S), default=0), 2),
        "slowest": [{"asked_at": round(one.at_s, 1), "took": round(one.took_s or 0, 2)} for one in slowest],
    }


def _middle(times: list[float]) -> float:
    return round(median(times), 1) if times else 0.0
