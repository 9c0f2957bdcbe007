"""A rendered digest → PDF: its page on paper, with headings and languages that a screen reader finds. The extra ``returnwatch[pdf]``.

Nothing is fetched while it is made: an address that a page would load, be it a picture or a file of this machine, ends the making.
"""

import logging
from typing import NoReturn

from cases.errors import PluginError, RenderError
from digests.rendering import Rendered
from digests.templating import BUILT_IN, Templates

NEEDED = (
    "PDF needs WeasyPrint and Pango: pip install 'returnwatch[pdf]' and, on Debian, "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
)


def pdf(rendered: Rendered, templates: Templates = BUILT_IN) -> bytes:
    """Put the page of a digest on A4, as PDF/UA-1. The same page gives the same bytes.

    Letters are drawn with the fonts of this machine; Hangul and Han need one that has them, such as Noto CJK. Raises PluginError
    where WeasyPrint or Pango is missing, and RenderError when the page would load something.
    """
    try:
        import weasyprint  # noqa: PLC0415 - an extra, and slow to load
        from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 - as above
    except (ImportError, OSError) as cause:
        raise PluginError(f"{NEEDED} ({cause})") from cause

    def refuse(url: str) -> NoReturn:
        raise FatalURLFetchingError(f"nothing is loaded while a PDF is made, and the page asks for {url}")

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of each style that only screens know
    paper = f"{rendered.page_html}<style>{templates.fill('print.css')}</style>"  # behind the page's own, so it holds
    page = weasyprint.HTML(string=paper, url_fetcher=refuse)
    identifier = f"{rendered.name} {rendered.period}".encode()
    try:
        made: bytes = page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    except FatalURLFetchingError as cause:
        raise RenderError(f"{rendered.name} of {rendered.period} as PDF: {cause}") from cause
    return made
