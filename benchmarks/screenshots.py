"""What a digest looks like: pages, mails and the archive of 0, 1, 12 and 300 invented cases, in English and Korean, in Chromium.

::

    python -m benchmarks.screenshots OUT          all of them, as PNG: phone and desk, light and dark
    python -m benchmarks.screenshots OUT page-12  those whose name begins so

Nothing is loaded but the form itself. A picture is cut at 6,000 CSS pixels.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from playwright.sync_api import Browser, sync_playwright

from digests.archive import Fates, decoded, index_page, issue
from digests.rendering import Rendered, render
from digests.sample import sample, sample_of
from digests.speech import speech

COUNTS = (0, 1, 12, 300)
WIDTHS = (375, 1200)
LANGUAGES = ("en", "ko")
LONGEST = 6000


def forms() -> Iterator[tuple[str, str]]:
    """Yield what is photographed, by its name."""
    for language in LANGUAGES:
        words = speech(language)
        digests = {str(count): sample_of(count, words) for count in COUNTS} | {"everything": sample(words)}
        for size, digest in digests.items():
            rendered = render(digest)
            yield f"page-{size}-{language}", rendered.page_html
            yield f"mail-{size}-{language}", rendered.mail_html
        yield f"archive-{language}", archive(render(digests["everything"]))


def archive(rendered: Rendered) -> str:
    """Make the index of an archive of a year, from one digest under many dates."""
    document = decoded(rendered.json) or {}
    made = []
    for month in range(12, 0, -1):
        told = {**document, "created_at": f"2026-{month:02}-16T22:00:00Z", "period": f"2026-{month:02}-17"}
        fates = Fates(held_back=frozenset({"2026-0003"}), rejected=frozenset({"2026-0004"})) if month == 11 else Fates()  # noqa: PLR2004 - one of them
        made.append(issue(f"2026-{month:02}-17-weekly", told, fates))
    quiet = [msgspec.structs.replace(one, name="daily", title="Every day", counts=()) for one in made[:3]]
    return index_page([*made, *quiet])


def photograph(browser: Browser, name: str, html: str, folder: Path) -> None:
    """Save a form in each width, by day and by night."""
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            phone = width < 500  # noqa: PLR2004 - narrower than any desk
            page = browser.new_page(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]  # one of the two
                device_scale_factor=2 if phone else 1,
                is_mobile=phone,
                offline=True,
            )
            page.set_content(html)
            tall = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
            path = folder / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
            page.close()
            print(path)


def main(folder: Path, only: str = "") -> None:
    """Take the pictures whose names begin with ``only``."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, html in forms():
            if name.startswith(only):
                photograph(browser, name, html, folder)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) < 2:  # noqa: PLR2004 - the program and the folder
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:3])
