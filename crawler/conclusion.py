"""visit → run: what a visit that has ended gave, and how it ended."""

from datetime import datetime

from cases.ledger import Run, SourceOutcome
from crawler.outcome import Facts, ending_of
from crawler.spider import VisitSpider
from crawler.visit import Visit


def concluded(visit: Visit, spider: VisitSpider, finished_at: datetime) -> Run:
    """Close a visit and tell it as a run."""
    if spider.turn is not None:  # it was cut short in the middle of a listing
        (spider.served if spider.turn.serves else spider.over).append(spider.turn)
    turn = spider.served[0] if spider.served else None
    visit.close(turn, stopped=spider.stopping)
    fresh = visit.fresh(turn)
    ending = ending_of(_facts(visit, spider))
    outcome = SourceOutcome.FAILED if visit.fault is not None else ending.outcome
    visit.report("done", outcome)
    tally = visit.tally
    return Run(
        source=visit.source.name,
        trigger=visit.order.trigger,
        outcome=outcome,
        started_at=visit.started_at,
        finished_at=finished_at,
        detail=visit.fault or ending.detail,
        wall=ending.wall,
        moved_to=ending.moved_to,
        not_before=finished_at + ending.wait if ending.wait is not None else None,
        fresh_s=fresh.total_seconds() if fresh is not None else None,
        overlap=visit.overlap,
        reader=turn.kind if turn is not None else None,
        fell_back_from=spider.fell_back_from,
        requests=spider.requests,
        entries=tally.entries,
        repeats=tally.repeats,
        articles=tally.articles,
        reports=tally.reports,
        cases_new=tally.cases_new,
        cases_updated=tally.cases_updated,
        claimed_total=turn.claimed_total if turn is not None else None,
        set_aside=dict(tally.set_aside),
        labels=dict(tally.labels),
        judged=dict(tally.came_to),
        warnings=visit.remarks.told(),
    )


def _facts(visit: Visit, spider: VisitSpider) -> Facts:
    served, tally = spider.served, visit.tally
    return Facts(
        stopped=spider.stopping,
        served=bool(served),
        nothing_changed=bool(served) and all(turn.nothing_changed for turn in served),
        same_bytes=any(turn.same_bytes for turn in served),
        empty=next((over.empty for over in spider.over if over.empty), None),
        articles=tally.articles,
        set_aside=dict(tally.set_aside),
        pages_read=visit.legibility.read,
        newest_failing=visit.legibility.newest_failing,
        listing_troubles=[trouble for turn in (*spider.over, *served) for trouble in turn.troubles],
        page_troubles=visit.troubles,
    )
