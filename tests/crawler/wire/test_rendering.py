"""Pages that are empty until their scripts ran, in a real browser that can reach nobody by itself."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cases.errors import ConfigError, Unreadable
from cases.ledger import Run, SetAside, SourceOutcome
from cases.store import Store
from crawler.evidence.custody import kept_answer
from crawler.sources import Source
from crawler.testing import Asked, LoopbackSite, Reply, html_reply
from crawler.wire import rendering
from crawler.wire.guard import ForbiddenAddress, Guard
from crawler.wire.rendering import Fetch, Renderer, Supply, need_browser

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(300)]
pytest.importorskip("playwright", reason="needs the extra: pip install 'returnwatch[javascript]'")

FRAME = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Frame</title></head><body><main><article>
<h1 class="entry-title">The ferry of the north bank</h1><div class="entry-content" id="body"></div></article></main>
<script src="/fill.js"></script></body></html>"""
FILL = """fetch('/story.json').then(answer => answer.json()).then(story => {
  document.getElementById('body').innerHTML = story.paragraphs.map(text => `<p>${text}</p>`).join('')})"""
STORY = '{"paragraphs": ["The first paragraph came by script.", "So did the second one, a moment later."]}'
TEXT = "The first paragraph came by script.\n\nSo did the second one, a moment later."


class Magazine:
    """A site whose articles are filled in by script; ``more`` is put into its script."""

    def __init__(self) -> None:
        self.more = ""
        self.robots = ""

    def __call__(self, asked: Asked) -> Reply:
        answers = {
            "/robots.txt": Reply(body=self.robots.encode(), headers={"Content-Type": "text/plain"}),
            "/story/": html_reply(FRAME),
            "/fill.js": Reply(body=(self.more + FILL).encode(), headers={"Content-Type": "text/javascript"}),
            "/story.json": Reply(body=STORY.encode(), headers={"Content-Type": "application/json"}),
            "/feed/": Reply(
                body=b"<rss version='2.0'><channel><item><title>T</title><link>/story/</link></item></channel></rss>"
            ),
        }
        return answers.get(asked.path, Reply(status=404))


@pytest.fixture
def magazine() -> Magazine:
    return Magazine()


@pytest.fixture
def site(magazine: Magazine) -> Iterator[LoopbackSite]:
    with LoopbackSite(magazine) as running:
        yield running


@pytest.fixture
def elsewhere() -> Iterator[LoopbackSite]:
    """A site that nobody is to reach."""
    with LoopbackSite(lambda _: Reply(body=b"reached")) as running:
        yield running


@pytest.fixture
def source(site: LoopbackSite, make_source: Callable[..., Source]) -> Source:
    feed = {"kind": "feed", "url": f"{site.url}feed/"}
    return make_source(site.url, readers=[feed], tags=[], javascript=True)


def render(page: str, fetch: Fetch, *, timeout_s: float = 60) -> str:
    async def run() -> bytes:
        renderer = Renderer(fetch, user_agent="Returnwatch/0", timeout_s=timeout_s, max_bytes=100_000)
        try:
            return await renderer.render("http://magazine.example/", page.encode(), "text/html; charset=utf-8")
        finally:
            await renderer.close()

    return asyncio.run(run()).decode()


async def nothing(_: str) -> Supply | None:
    return None


def test_an_article_that_a_script_fills_in_is_read_and_kept_as_a_conversion(
    site: LoopbackSite, source: Source, visit: Callable[..., Run], store: Store, tmp_path: Path
) -> None:
    run = visit(source)
    assert (run.outcome, run.articles) == (SourceOutcome.OK, 1)
    kept = store.articles.get(f"{site.url}story/")
    assert kept is not None
    assert kept.latest.article.text == TEXT
    assert kept.latest.capture is not None
    assert b"So did the second one" in kept_answer(tmp_path / "captures", kept.latest.capture).body
    agents = {asked.headers["user-agent"] for asked in site.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("Returnwatch/")
    assert run.requests == len(site.asked)


def test_scripts_are_bound_by_robots_txt_as_the_crawl_is(
    magazine: Magazine, site: LoopbackSite, source: Source, visit: Callable[..., Run]
) -> None:
    magazine.robots = "User-agent: *\nDisallow: /story.json\n"
    run = visit(source)
    assert "/story.json" not in site.paths()
    assert run.set_aside == {SetAside.UNREADABLE: 1}, "without its words it is no article"


def test_a_page_reaches_nobody_by_any_way_but_the_crawls(
    magazine: Magazine, site: LoopbackSite, elsewhere: LoopbackSite, source: Source, visit: Callable[..., Run]
) -> None:
    other = elsewhere.url
    socket = other.replace("http", "ws", 1)
    magazine.more = f"""
      for (const tag of ['img', 'iframe', 'audio', 'link', 'object', 'embed']) {{
        const node = document.createElement(tag); node.src = node.href = node.data = '{other}' + tag;
        node.rel = 'stylesheet'; document.body.append(node); }}
      fetch('{other}post', {{method: 'POST', body: 'x', mode: 'no-cors'}}).catch(() => 0);
      navigator.sendBeacon('{other}beacon', 'x'); new WebSocket('{socket}socket'); new EventSource('{other}events');
      navigator.serviceWorker && navigator.serviceWorker.register('/worker.js').catch(() => 0);
      window.open('{other}window'); fetch('{site.url}post', {{method: 'POST', body: 'x'}}).catch(() => 0);
      fetch('{other.replace("http://", "http://user@")}credentials').catch(() => 0);
      setTimeout(() => location = '{other}away', 50);
    """
    run = visit(source)
    assert [asked.target for asked in elsewhere.asked] == []
    assert "/post" not in site.paths()
    assert run.articles == 1


def test_the_guard_stands_before_what_a_script_asks_for(elsewhere: LoopbackSite) -> None:
    refused: list[str] = []

    async def guarded(url: str) -> Supply | None:
        try:
            await Guard(allow_private=False).check(url)
        except ForbiddenAddress:
            refused.append(url)
        return None

    page = f"<p id=p>before</p><script>fetch('{elsewhere.url}x').catch(() => p.textContent = 'refused')</script>"
    assert ">refused</p>" in render(page, guarded)
    assert refused == [f"{elsewhere.url}x"]
    assert elsewhere.asked == []


def test_scripts_that_do_not_end_end_the_browser_and_not_the_visit() -> None:
    with pytest.raises(Unreadable, match="did not end within"):
        render("<script>while (true) {}</script>", nothing, timeout_s=8)


def test_a_page_that_scripts_blow_up_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="more than 100000 bytes"):
        render("<p id=p></p><script>p.textContent = 'x'.repeat(200_000)</script>", nothing)


def test_a_visit_that_ends_does_not_wait_for_scripts_and_begins_no_other_page() -> None:
    async def run() -> None:
        renderer = Renderer(nothing, user_agent="Returnwatch/0", timeout_s=60, max_bytes=100_000)
        page = b"<script>while (true) {}</script>"
        first, second = (asyncio.create_task(renderer.render("http://m.example/", page, "text/html")) for _ in range(2))
        while renderer._browser is None:  # noqa: ASYNC110 - a browser that has started tells nobody
            await asyncio.sleep(0.05)
        await renderer.close()
        for task, why in ((first, "the browser failed"), (second, "the visit ended")):
            with pytest.raises(Unreadable, match=why):
                await task

    asyncio.run(run())


def test_a_page_without_scripts_stays_as_it_is() -> None:
    assert "<p>강을 건넌 사람들</p>" in render("<p>강을 건넌 사람들</p>", nothing)


def test_a_machine_without_a_browser_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    need_browser("magazine")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConfigError, match="magazine: javascript: needs Chromium"):
        need_browser("magazine")
    monkeypatch.setattr(rendering, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"returnwatch\[javascript\]"):
        need_browser("magazine")
