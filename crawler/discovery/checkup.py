"""source of the catalogue → checkup: each of its readers tried now, pages read, and what a person should do about it.

Nothing is kept, and the source's memory is left as it is. The advice is pure; only the trying asks anything of the site.
"""

from collections.abc import Iterator, Sequence

import msgspec

from cases.ledger import SourceOutcome
from cases.model import Article, Value
from crawler.discovery.errand import Fetch
from crawler.discovery.offers import offered
from crawler.discovery.trial import Finding, PageFound, page_read, samples, tried
from crawler.sources import Source
from crawler.tags import spelled
from crawler.trouble import Trouble

_DEAD = frozenset({SourceOutcome.GONE, SourceOutcome.PARSE_FAILED, SourceOutcome.MOVED})


class Checkup(Value, frozen=True, kw_only=True):
    """How a source answered."""

    source: str
    findings: tuple[Finding, ...]
    """One of each reader, in the order of the source file."""
    page: PageFound | None = None
    """An article that the first serving reader lists, read."""
    canary: PageFound | None = None
    """The old article that must stay readable, when the source file names one."""
    named_now: tuple[str, ...] = ()
    """Feeds that the site's page names and the source file does not; looked for only when a reader found nothing."""
    advice: tuple[str, ...] = ()

    @property
    def serving(self) -> Finding | None:
        """Give the first reader that lists articles, which is the one that a visit would use."""
        return next((finding for finding in self.findings if finding.serves), None)

    @property
    def is_sound(self) -> bool:
        """Whether a reader serves, and the pages that were tried could be read."""
        pages = [found for found in (self.page, self.canary) if found is not None]
        return self.serving is not None and self.page is not None and all(found.article for found in pages)


async def checked(source: Source, *, watched: Sequence[str], fetch: Fetch) -> Checkup:
    """Try every reader of a source, an article, and its canary; ``watched`` are the tags of the configuration."""
    tags = spelled(source.tags if source.tags is not None else watched, source.tag_spellings)
    findings = tuple([await tried(source, table, tags, fetch) for table in source.readers])
    serving = next((finding for finding in findings if finding.serves), None)
    addresses = samples(serving.entries, source, tags, 1) if serving is not None else ()
    checkup = Checkup(
        source=source.name,
        findings=findings,
        page=await page_read(source, addresses[0], fetch) if addresses else None,
        canary=await page_read(source, source.canary, fetch) if source.canary is not None else None,
        named_now=await _named_now(source, fetch) if any(_is_dead(finding) for finding in findings) else (),
    )
    return msgspec.structs.replace(checkup, advice=tuple(_advice(source, checkup, tags)))


async def _named_now(source: Source, fetch: Fetch) -> tuple[str, ...]:
    front = await fetch(source.home)
    if isinstance(front, Trouble):
        return ()
    known = {table.url for table in source.readers}
    return tuple(url for url in offered(front).feeds if url not in known)


def _is_dead(finding: Finding) -> bool:
    """Tell a reader that the site no longer answers as before from one that is kept away: that one's site is left alone."""
    return not finding.serves and (finding.trouble is None or finding.trouble.outcome in _DEAD)


def _advice(source: Source, checkup: Checkup, tags: Sequence[str]) -> Iterator[str]:
    """Say what a person should do, most urgent first."""
    if checkup.serving is None:
        yield from _of_silence(checkup)
    else:
        yield from _of_order(checkup, checkup.serving)
        yield from _of_tags(checkup.serving, tags)
    yield from _of_pages(source, checkup)
    if checkup.is_sound and not (source.enabled and source.verified):
        missing = [f"{key} = true" for key in ("enabled", "verified") if not getattr(source, key)]
        yield f"it reads well: write {' and '.join(missing)} into its file"


def _of_silence(checkup: Checkup) -> Iterator[str]:
    troubles = [finding.trouble for finding in checkup.findings if finding.trouble is not None]
    kinds = {trouble.outcome for trouble in troubles}
    if checkup.named_now:
        yield f'its page names another feed: write url = "{checkup.named_now[0]}" into its file'
    elif SourceOutcome.FORBIDDEN in kinds:
        yield "its robots.txt forbids the visit: ask the site for leave, or switch the source off"
    elif SourceOutcome.BLOCKED in kinds:
        yield "the site keeps programs out: ask its owner for leave; nothing here goes around it"
    elif moved := next((trouble.moved_to for trouble in troubles if trouble.moved_to), None):
        yield f"it leads to {moved} now: if that is the same publisher, write its host under hosts, or change the address"
    elif SourceOutcome.UNREACHABLE in kinds:
        yield "the site does not answer: try again later, and see whether a browser reaches it"
    elif SourceOutcome.GONE in kinds or SourceOutcome.PARSE_FAILED in kinds:
        yield "no address of its file leads to a listing any more: try `returnwatch sources add` with its front page"
    else:
        yield "it answers and lists nothing: see in a browser whether the site has moved its news elsewhere"


def _of_order(checkup: Checkup, serving: Finding) -> Iterator[str]:
    if serving is not checkup.findings[0]:
        yield f"its first reader gives nothing, and each visit falls back to {serving.table.kind}: put that one first"


def _of_tags(serving: Finding, tags: Sequence[str]) -> Iterator[str]:
    if not tags or serving.watched or not serving.tagged:
        return
    seen = [tag for entry in serving.entries for tag in entry.tags or ()]
    shown = ", ".join(list(dict.fromkeys(seen))[:5])
    yield (
        f"none of {len(serving.entries)} entries carries a watched tag (they carry {shown}): name the site's own spellings "
        "under [tag_spellings], or read it whole with tags = []"
    )


def _of_pages(source: Source, checkup: Checkup) -> Iterator[str]:
    if checkup.serving is not None and checkup.page is None:
        yield "what it lists lies on other hosts, which are not visited: name them under hosts"
    for found in (checkup.page, checkup.canary):
        if found is None:
            continue
        if found.article is None:
            yield f"{found.url} could not be read: if it is an article, say under [layout] where its title and body are"
        elif found.article.published is None:
            yield f"{found.url} states no date that can be told: {_of_date(source, found.article)}"


def _of_date(source: Source, article: Article) -> str:
    if article.published_raw is None:
        return "say under [layout] where it prints one, if it does"
    if source.date_order is None:
        return f"it prints {article.published_raw!r}: set date_order once another date shows which comes first, day or month"
    return f"it prints {article.published_raw!r}, which is no date in the order {source.date_order}"
