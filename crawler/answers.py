"""response → can it be used? What Scrapy hands over, with its redirects, as trouble or as nothing to worry about."""

from collections.abc import Mapping
from datetime import datetime

from scrapy import Request
from scrapy.http import Response

from cases.ledger import SourceOutcome
from crawler.moves import Move, move_of
from crawler.sources import Source
from crawler.trouble import OK, Trouble, no_article, trouble_in
from crawler.wire.fetching import CONDITIONS

_NOT_MODIFIED = 304


def listing_trouble(response: Response, asked: str, source: Source, now: datetime) -> Trouble | None:
    """Name what keeps an answer to a reader from being read: first of all that the site has moved, whatever came there."""
    return moved(response, response.url, source) or _trouble(response, asked, now)


def page_trouble(response: Response, asked: str, source: Source, now: datetime) -> Trouble | None:
    """Name what keeps a page from being read: trouble, a log-in, or that another site answered in its place."""
    trouble = _trouble(response, asked, now)
    if trouble is not None:
        return trouble
    move = _move(response, response.url, source)
    if move is not None and move.away:
        why = f"{asked} leads to {move.to}, which is not this source's"
        return Trouble(outcome=SourceOutcome.MOVED, why=why, forbidden=True, moved_to=move.to)
    return no_article(response.body, response.url) if response.status == OK else None


def moved(through: Response | Request, answered: str, source: Source) -> Trouble | None:
    """Tell a site that moved for good to where nobody has agreed to read; also when nothing answers there."""
    move = _move(through, answered, source)
    if move is None or not (move.away and move.for_good):
        return None
    why = f"the listing has moved for good to {move.to}; if that is the same publisher, say so in the source file"
    return Trouble(outcome=SourceOutcome.MOVED, why=why, final=True, moved_to=move.to)


def new_address(response: Response, source: Source) -> str | None:
    """Say in words that a listing moved for good inside its site, so that the source file can be corrected."""
    move = _move(response, response.url, source)
    if move is None or move.away or not move.for_good:
        return None
    return f"{response.meta['redirect_urls'][0]} has moved for good to {move.to}: correct the source file"


def was_redirected(response: Response) -> bool:
    """Tell whether another address answered than was asked for: what it states of itself is then not that one's."""
    return "redirect_urls" in response.meta


def not_modified(response: Response) -> bool:
    """Tell whether a server says that nothing changed since what it was asked about; said unasked, it says nothing."""
    asked = response.request is not None and any(name in response.request.headers for name in CONDITIONS)
    return response.status == _NOT_MODIFIED and asked


def headers_of(response: Response) -> Mapping[str, str]:
    """Give the headers by their names in small letters, each with its last value."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def _trouble(response: Response, asked: str, now: datetime) -> Trouble | None:
    return trouble_in(response.status, response.body, headers_of(response), response.url, asked=asked, now=now)


def _move(through: Response | Request, answered: str, source: Source) -> Move | None:
    hops = [*through.meta.get("redirect_urls", ()), answered]
    return move_of(hops, through.meta.get("redirect_reasons", ()), source.owns)
