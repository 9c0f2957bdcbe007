"""Every form that a browser lays out, on a phone and a desk, by day and by night: nothing sticks out, and axe finds nothing.

axe-core is vendored for these tests alone (docs/ATTRIBUTION.md). In a mail it is not asked for landmarks, which clients strip.
"""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from digests.archive import Fates, decoded, index_page, issue
from digests.channels.file import Papers
from digests.holding import without
from digests.phrases import said_in
from digests.rendering import render
from digests.sample import sample, sample_of
from digests.speech import speech
from digests.templating import BUILT_IN

pytestmark = pytest.mark.chromium

AXE = (Path(__file__).parent / "vendored" / "axe.min.js").read_text(encoding="utf-8")

OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  for (const one of document.querySelectorAll("body *")) {
    const box = one.getBoundingClientRect();
    if (box.width && box.height && (box.right > wide + 0.5 || box.left < -0.5) && !one.closest(".skip, thead"))
      found.push(one.tagName + "." + one.className + " " + Math.round(box.right));
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display === "block" && !one.closest(".skip, .pre, thead"))
      found.push("inside " + one.tagName + "." + one.className);
  }
  return {page: document.documentElement.scrollWidth, found};
}"""


@cache
def form(name: str) -> str:
    """Make one form of an invented digest: ``page-12``, ``mail-everything``, ``archive``, ``redacted``, ``notice``."""
    kind, _, size = name.removesuffix("-ko").partition("-")
    words = speech("ko" if name.endswith("-ko") else "en")
    if kind in {"page", "mail"}:
        rendered = render(sample(words) if size == "everything" else sample_of(int(size), words))
        return rendered.page_html if kind == "page" else rendered.mail_html
    rendered = render(sample(words))
    if kind == "redacted":
        papers = Papers(html=rendered.page_html, txt=rendered.text, json=rendered.json)
        return without(papers, {"2026-0001", "2026-0003"}).html
    if kind == "notice":
        document = msgspec.json.decode(rendered.json)
        values: dict[str, Any] = {
            "name": "weekly",
            "period": "2026-11-23",
            "title": "Forced returns",
            "gone": ["2026-0001"],
        }
        values |= {"language": "en", **said_in("en")}
        return BUILT_IN.fill("held_back.html.j2", kept=document["cases"][1:], **values)
    fates = Fates(held_back=frozenset({"2026-0003"}), rejected=frozenset({"2026-0004"}))
    document = decoded(rendered.json) or {}
    return index_page([issue(f"{n}", {**document, "period": f"2026-11-{n:02}"}, fates) for n in range(10, 24)])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for this module; it has no network."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), chromium_sandbox=os.geteuid() != 0, args=["--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def shown(browser: Browser) -> Iterator[Any]:
    """Lay a form out in a window of that many CSS pixels."""
    opened: list[Page] = []

    def show(html: str, *, width: int, dark: bool = False) -> Page:
        scheme: Any = "dark" if dark else "light"
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, is_mobile=width < 500, offline=True
        )
        opened.append(page)
        page.set_content(html)
        return page

    yield show
    for page in opened:
        page.close()


@pytest.mark.parametrize("width", [320, 375, 768, 1200])
@pytest.mark.parametrize("name", ["page-everything", "page-everything-ko", "archive"])
def test_nothing_on_a_page_is_wider_than_the_window(shown: Any, name: str, width: int) -> None:  # noqa: ANN401 - the fixture's function
    page = shown(form(name), width=width)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate(OVERFLOWING) == {"page": width, "found": []}


@pytest.mark.parametrize("width", [360, 375, 700])
@pytest.mark.parametrize("name", ["mail-everything", "mail-everything-ko", "mail-300"])
def test_nothing_in_the_mail_is_wider_than_the_window(shown: Any, name: str, width: int) -> None:  # noqa: ANN401 - as above
    assert shown(form(name), width=width).evaluate(OVERFLOWING) == {"page": width, "found": []}


SEEN = [
    *(("page-everything", width, dark) for width in (360, 1200) for dark in (False, True)),
    *(("mail-everything", width, dark) for width in (360, 1200) for dark in (False, True)),
    *(("page-everything-ko", 360, False), ("mail-everything-ko", 1200, True), ("archive-ko", 375, False)),
    *(("archive", width, dark) for width, dark in ((375, True), (1200, False))),
    *(
        (f"{kind}-{n}", width, dark)
        for kind in ("page", "mail")
        for n, width, dark in ((0, 375, True), (1, 1200, False))
    ),
    *(("page-12", 375, False), ("mail-12", 360, True), ("page-300", 375, True), ("mail-300", 360, False)),
    *(("redacted", 375, False), ("notice", 375, True)),
]


@pytest.mark.parametrize(
    ("name", "width", "dark"), SEEN, ids=[f"{name}-{width}-{'dark' if dark else 'light'}" for name, width, dark in SEEN]
)
def test_axe_finds_no_violation(shown: Any, name: str, width: int, dark: bool) -> None:  # noqa: ANN401 - as above
    page = shown(form(name), width=width, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(AXE)
    without_landmarks = {"landmark-one-main": {"enabled": False}, "region": {"enabled": False}}
    rules = without_landmarks if name.startswith("mail") else {}
    found = page.evaluate("rules => axe.run(document, {rules, resultTypes: ['violations']})", rules)
    said = [
        f"{one['id']} ({one['impact']}): {one['help']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
    ]
    assert said == []
    assert found["testEngine"]["name"] == "axe-core"


def test_axe_would_find_one(shown: Any) -> None:  # noqa: ANN401 - as above
    page = shown(form("page-1").replace('lang="en" ', "", 1), width=375)
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    assert "html-has-lang" in [one["id"] for one in found["violations"]]
