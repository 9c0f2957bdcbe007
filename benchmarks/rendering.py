"""How long a digest takes to be rendered, form by form, and whether that grows with the number of cases and no faster.

::

    python -m benchmarks.rendering

Cases are invented, of eight kinds in six languages. Seconds are those of the processor, the least of five goes; the aim is half a second for 300 cases.
"""

import time
import timeit
from collections.abc import Callable

from digests.document import document
from digests.phrases import said_in
from digests.rendering import render
from digests.sample import sample_of
from digests.speech import speech
from digests.subject import subject, summary
from digests.templating import BUILT_IN

COUNTS = (0, 12, 100, 300, 600, 1200)
AIM_S = 0.5


def fastest(what: Callable[[], object]) -> float:
    """Give the processor's seconds of the fastest of five goes: others may be at work on the machine."""
    return min(timeit.repeat(what, number=1, repeat=5, timer=time.process_time))


def main() -> None:
    """Measure and print."""
    render(sample_of(12))  # compiles the templates
    print(f"{'cases':>6} {'whole':>8} {'page':>8} {'text':>8} {'JSON':>8} {'mail':>8}   page / mail in bytes")
    took: dict[int, float] = {}
    for count in COUNTS:
        digest, words = sample_of(count), said_in("en")
        line, rendered = subject(digest), render(digest)
        values = {"digest": digest, "subject": line, "summary": summary(digest), **words}
        took[count] = fastest(lambda: render(digest))  # noqa: B023 - called before the next turn
        page = fastest(lambda: BUILT_IN.fill("page.html.j2", **values))  # noqa: B023 - as above
        text = fastest(lambda: BUILT_IN.fill("digest.txt.j2", **values))  # noqa: B023 - as above
        json = fastest(lambda: document(digest, line))  # noqa: B023 - as above
        mail = took[count] - page - text - json
        sizes = f"{len(rendered.page_html.encode()):,} / {len(rendered.mail_html.encode()):,}"
        print(f"{count:>6} {took[count]:>8.3f} {page:>8.3f} {text:>8.3f} {json:>8.3f} {mail:>8.3f}   {sizes}")
    korean = sample_of(300, speech("ko"))
    print(f"300 cases in Korean: {fastest(lambda: render(korean)):.3f} s")
    print(
        f"1,200 cases cost {took[1200] / took[300]:.1f} times what 300 cost; the aim for 300 is {AIM_S} s: {took[300]:.3f} s"
    )


if __name__ == "__main__":
    main()
