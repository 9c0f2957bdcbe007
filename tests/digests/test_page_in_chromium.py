"""The page and the mail as a browser lays them out: on a phone and a desk, by day and by night."""

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digests.rendering import render
from digests.view import Digest

pytestmark = pytest.mark.chromium

OVERFLOWING = """(() => {
  const wide = document.documentElement.clientWidth, found = [];
  for (const one of document.querySelectorAll("body *")) {
    const box = one.getBoundingClientRect();
    if (box.width && box.height && box.right > wide + 0.5 && !one.closest(".skip, thead"))
      found.push(one.tagName + "." + one.className + " " + Math.round(box.right));
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display === "block" && !one.closest(".skip, .pre, thead"))
      found.push("inside " + one.tagName + "." + one.className);
  }
  return {page: document.documentElement.scrollWidth, found};
})()"""

CONTRAST = """(() => {
  const parse = s => (s.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = one => { for (; one; one = one.parentElement) {
    const c = parse(getComputedStyle(one).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  const poor = [];
  for (const one of document.querySelectorAll("body *")) {
    if (![...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !one.getClientRects().length) continue;
    const style = getComputedStyle(one);
    if (one.closest(".pre, .skip")) continue;
    const [a, b] = [light(parse(style.color)), light(ground(one))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05), size = parseFloat(style.fontSize);
    if (ratio < (size >= 24 ? 3 : 4.5)) poor.push(one.tagName + "." + one.className + " " + ratio.toFixed(2));
  }
  return poor;
})()"""


class Browser:
    """One headless Chromium, spoken to over two pipes; nothing listens on a port."""

    def __init__(self, profile: Path) -> None:
        here_reads, there_writes = os.pipe()
        there_reads, here_writes = os.pipe()
        self._in, self._out = os.fdopen(here_writes, "wb", 0), os.fdopen(here_reads, "rb", 0)
        self._number, self._waiting, self._session = 0, b"", ""

        self._process = subprocess.Popen(
            [
                *("/bin/sh", "-c", f'exec "$@" 3</dev/fd/{there_reads} 4>/dev/fd/{there_writes}', "sh", "chromium"),
                *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"),
                *("--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={profile}"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(there_reads, there_writes),
        )
        os.close(there_reads)
        os.close(there_writes)
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")

    def show(self, html: str, *, width: int, dark: bool = False) -> None:
        """Lay out a page in a window of that many CSS pixels."""
        phone = width < 500
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._ask("Emulation.setEmulatedMedia", media="", features=scheme)
        frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._ask("Page.setDocumentContent", frameId=frame, html=html)

    def asked(self, script: str) -> Any:  # noqa: ANN401 - whatever the script answers
        """Evaluate a script in the page and give its value."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def photograph(self, path: Path) -> None:
        """Save a picture of the whole page."""
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1}
        shot = self._ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        """End this browser, and no other."""
        self._process.terminate()
        self._process.wait(20)
        self._in.close()
        self._out.close()

    def _ask(self, method: str, **params: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._in.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._waiting:
            read = self._out.read(65536)
            assert read, "the browser ended"
            self._waiting += read
        line, _, self._waiting = self._waiting.partition(b"\0")
        answer: dict[str, Any] = json.loads(line)
        return answer


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for this module."""
    started = Browser(tmp_path_factory.mktemp("chromium"))
    yield started
    started.close()


@pytest.mark.parametrize("width", [320, 375, 768, 1200])
def test_nothing_on_the_page_is_wider_than_the_window(browser: Browser, rich: Digest, width: int) -> None:
    browser.show(render(rich).page_html, width=width)
    browser.asked("document.querySelectorAll('details').forEach(one => one.open = true)")
    answer = browser.asked(OVERFLOWING)
    assert answer["page"] <= width
    assert answer["found"] == []


@pytest.mark.parametrize("width", [375, 700])
def test_nothing_in_the_mail_is_wider_than_the_window(browser: Browser, rich: Digest, width: int) -> None:
    browser.show(render(rich).mail_html, width=width)
    assert browser.asked(OVERFLOWING) == {"page": width, "found": []}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("form", ["page_html", "mail_html"])
def test_every_word_stands_out_from_its_ground(browser: Browser, rich: Digest, form: str, dark: bool) -> None:
    browser.show(getattr(render(rich), form), width=1200, dark=dark)
    assert browser.asked(CONTRAST) == []
