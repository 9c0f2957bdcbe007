"""address of a site → survey: every way in that it offers, tried, and what a source file should say of it.

Asks little: a page, robots.txt, and what these name; addresses that are merely usual only where nothing that was named
answers, and only until one does.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from cases.model import Value
from crawler.discovery.errand import Fetch
from crawler.discovery.offers import (
    Nature,
    Offer,
    home_of,
    nature_of,
    offered,
    offered_by_feed,
    order_of,
    site_root,
    tag_of_page,
    usual_feeds,
)
from crawler.discovery.trial import Finding, PageFound, page_read, samples, tried
from crawler.pages.published import DateOrder
from crawler.readers import Answer
from crawler.sources import ReaderTable, Source
from crawler.trouble import Trouble

_PAGES = 2
_MOST_FEEDS = 2
"""Feeds that a source file is given: one to read, one to fall back upon."""


class Survey(Value, frozen=True, kw_only=True):
    """What an address, and the site around it, offers."""

    asked: str
    nature: Nature | None = None
    home: str = ""
    title: str = ""
    software: str | None = None
    hosts: tuple[str, ...] = ()
    """Hosts of its feeds and articles beside that of its home."""
    watched: tuple[str, ...] = ()
    """Tags that the site was seen to use, or that were asked for; empty when it is to be read whole."""
    findings: tuple[Finding, ...] = ()
    chosen: tuple[Finding, ...] = ()
    """Those that a source file should name, in the order in which to try them."""
    pages: tuple[PageFound, ...] = ()
    languages: tuple[str, ...] = ()
    date_order: DateOrder | None = None
    why: str | None = None
    """Why nothing of use was found."""

    @property
    def reads_rightly(self) -> bool:
        """Whether something lists articles, and each page that was tried could be read."""
        return bool(self.chosen) and bool(self.pages) and all(found.article is not None for found in self.pages)


async def survey(url: str, *, watched: Sequence[str], fetch: Fetch, insisted: bool = False) -> Survey:
    """Find out what a site offers, and try it.

    ``watched`` are the tags that are looked for; ``insisted`` that a person named them for this site, so that they stand even
    if none is seen today. Never raises for what a site does: then the survey says why it found nothing.
    """
    answer = await fetch(url)
    if isinstance(answer, Trouble):
        return Survey(asked=url, why=answer.why)
    nature = nature_of(answer)
    surveyor = _Surveyor(url, nature, watched, fetch, insisted=insisted)
    if nature is Nature.OTHER:
        kind = answer.headers.get("content-type") or "something unnamed"
        return Survey(asked=url, nature=nature, why=f"{url} is {kind}: neither a page nor a feed")
    if nature in {Nature.FEED, Nature.SITEMAP}:
        await surveyor.try_this_alone(answer)
    elif nature is Nature.ARTICLE:
        await surveyor.try_site_of_article(answer)
    else:
        await surveyor.try_page(answer)
    return await surveyor.concluded()


class _Surveyor:
    """Goes through one site. Not to be used twice."""

    def __init__(self, url: str, nature: Nature, watched: Sequence[str], fetch: Fetch, *, insisted: bool) -> None:
        self._url, self._nature, self._fetch = url, nature, fetch
        self._watched = tuple(watched)
        self._insisted = insisted
        self._home = ""
        self._offer = Offer()
        self._findings: list[Finding] = []
        self._articles: list[str] = []
        self._why: str | None = None

    # -- by what the address is

    async def try_this_alone(self, answer: Answer) -> None:
        """Take a feed or a sitemap at its word: this one is wanted, whatever else its site has."""
        if self._nature is Nature.FEED:
            self._offer = offered_by_feed(answer)
            self._home = self._offer.home or site_root(answer.url)
            await self._try("feed", self._url)
        else:
            self._home = site_root(answer.url)
            self._offer = Offer(title=urlsplit(answer.url).hostname or "")
            await self._try("sitemap", self._url)

    async def try_site_of_article(self, answer: Answer) -> None:
        """Look at the front page of an article's site; the article is read as a sample."""
        self._articles.append(self._url)
        front = await self._fetch(site_root(answer.url))
        if isinstance(front, Trouble):
            self._home, self._offer = site_root(answer.url), offered(answer)
            self._why = f"{self._url} is an article, and the front page of its site did not come: {front.why}"
        else:
            await self.try_page(front)

    async def try_page(self, answer: Answer) -> None:
        """Try all that a front page, a section, or a tag's page offers."""
        self._offer = offered(answer)
        self._home = home_of(answer.url)
        root = self._offer.wordpress
        tag = tag_of_page(answer.url)
        if root is not None and (tag is not None or _same_place(self._home, root)):
            if tag is not None and not self._insisted:
                self._watched, self._insisted = (tag,), True
            self._home = root
            await self._try_wordpress()
        else:
            await self._try_feeds(within=self._home)
        if self._home == site_root(self._home):
            await self._try("sitemap")
        await self._try_listing(answer)

    # -- the ways in

    async def _try_wordpress(self) -> None:
        rest = await self._try("wordpress")
        knows_no_such_tag = not rest.serves and rest.trouble is None
        if self._watched and not self._insisted and knows_no_such_tag:
            self._findings.pop()
            with_all = await self._try("wordpress", watched=())
            self._watched = () if with_all.serves else self._watched
        if self._watched:
            await self._try("feed")
        await self._try_feeds(within=None, further=(f"{self._home}feed/",))

    async def _try_feeds(self, *, within: str | None, further: Iterable[str] = ()) -> None:
        """Try the feeds that the page names, those of its own section before others; usual addresses when none serves.

        A feed of more than the section is no way to read the section, so it is tried only when there is no other.
        """
        own = [url for url in self._offer.feeds if within is None or url.startswith(within)]
        others = [url for url in self._offer.feeds if url not in own]
        usual = [url for url in dict.fromkeys((*further, *usual_feeds(self._home))) if url not in (*own, *others)]
        if any([(await self._try("feed", url)).serves for url in own]):
            return
        for url in (*others, *usual):
            if (await self._try("feed", url)).serves:
                break

    async def _try_listing(self, answer: Answer) -> None:
        if self._offer.wordpress is not None and self._watched:
            await self._try("listing")
        else:
            await self._try("listing", answer.url)

    async def _try(self, kind: str, url: str | None = None, *, watched: tuple[str, ...] | None = None) -> Finding:
        table = ReaderTable(kind=kind, url=url)
        tags = self._watched if watched is None else watched
        finding = await tried(self._source((table,)), table, tags, self._fetch)
        self._findings.append(finding)
        return finding

    # -- what follows from it

    async def concluded(self) -> Survey:
        """Choose the ways in, read a page or two, and put everything together."""
        chosen = self._chosen()
        if not self._insisted and not any(finding.watched for finding in chosen):
            self._watched = ()
        hosts = self._hosts(chosen)
        source = self._source(tuple(finding.table for finding in self._findings), hosts)
        listed = samples(chosen[0].entries, source, self._watched, _PAGES) if chosen else ()
        addresses = list(dict.fromkeys([*self._articles, *listed]))[:_PAGES]
        pages = tuple([await page_read(source, url, self._fetch) for url in addresses])
        return Survey(
            asked=self._url,
            nature=self._nature,
            home=self._home,
            title=self._offer.title or source.host,
            software=self._offer.software,
            hosts=hosts,
            watched=self._watched,
            findings=tuple(self._findings),
            chosen=chosen,
            pages=pages,
            languages=_languages(self._offer, pages),
            date_order=order_of(_printed(pages, chosen)),
            why=None if chosen else self._why or _nothing(self._findings),
        )

    def _chosen(self) -> tuple[Finding, ...]:
        """Take what serves, surest first: an interface, feeds, a sitemap; a page for people only where it is needed."""
        serving = [finding for finding in self._findings if finding.serves]
        feeds = [finding for finding in serving if finding.table.kind == "feed"][:_MOST_FEEDS]
        others = [finding for finding in serving if finding.table.kind in {"wordpress", "sitemap"}]
        sure = sorted((*feeds, *others), key=lambda finding: ("wordpress", "feed", "sitemap").index(finding.table.kind))
        return tuple(sure) or tuple(finding for finding in serving if finding.table.kind == "listing")

    def _hosts(self, chosen: Sequence[Finding]) -> tuple[str, ...]:
        """Name the hosts, beside that of the home page, of the feeds, and the one on which most articles lie."""
        bare = self._source((ReaderTable(kind="feed"),))
        feeds = [finding.table.url for finding in chosen if finding.table.url]
        listed = Counter(urlsplit(entry.url).hostname for entry in chosen[0].entries) if chosen else Counter()
        most = [f"https://{host}/" for host, count in listed.most_common(1) if count * 2 > listed.total()]
        foreign = [urlsplit(url).hostname for url in (*feeds, *most) if not bare.owns(url)]
        return tuple(dict.fromkeys(host for host in foreign if host))

    def _source(self, tables: tuple[ReaderTable, ...], hosts: tuple[str, ...] = ()) -> Source:
        return Source(
            name="survey", title=self._offer.title or "survey", home=self._home, hosts=hosts, tags=(), readers=tables
        )


def _same_place(home: str, root: str) -> bool:
    """Compare two addresses, whatever scheme they have and with or without www."""
    one, other = urlsplit(home), urlsplit(root)
    hosts = [parts.netloc.lower().removeprefix("www.") for parts in (one, other)]
    return hosts[0] == hosts[1] and one.path.strip("/") == other.path.strip("/")


def _languages(offer: Offer, pages: Iterable[PageFound]) -> tuple[str, ...]:
    read = [found.article.lang for found in pages if found.article is not None]
    return tuple(dict.fromkeys(lang for lang in (*read, offer.language) if lang))


def _printed(pages: Iterable[PageFound], chosen: Iterable[Finding]) -> list[tuple[str, datetime | None]]:
    """Give printed dates with the time that is known of each: of pages, and of what the ways in list."""
    read = [found.article for found in pages if found.article is not None]
    of_pages = [(article.published_raw, article.published) for article in read]
    listed = [(entry.published_raw, entry.published) for finding in chosen for entry in finding.entries]
    return [(raw, known) for raw, known in (*of_pages, *listed) if raw]


def _nothing(findings: Sequence[Finding]) -> str:
    final = next(
        (finding.trouble for finding in findings if finding.trouble is not None and finding.trouble.final), None
    )
    if final is not None:
        return final.why
    return "it offers no feed, no WordPress interface and no sitemap, and its page lists no articles where listings have them"
