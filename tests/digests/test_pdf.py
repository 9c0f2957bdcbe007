import re
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from cases.errors import PluginError, RenderError
from digests.pdf import pdf
from digests.rendering import render
from digests.sample import sample, sample_of
from digests.templating import Templates

pytestmark = [
    pytest.mark.pango,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of the makers of PDF and fonts
]


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf(render(sample()))


@pytest.fixture(scope="module")
def read(made: bytes) -> PdfReader:
    return PdfReader(BytesIO(made))


def on_paper(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def test_a_pdf_tells_every_case_with_its_marked_sentence_in_every_script(read: PdfReader) -> None:
    paper = on_paper(read)
    for card in sample().cards:
        assert card.number in paper
        assert card.headline in paper
    for sentence in (
        "all twelve will be handed over",
        "принудительное возвращение в КНДР",
        "일가족 다섯",
        "强制遣返回朝鲜",
    ):
        assert sentence.replace(" ", "") in paper.replace(" ", "")
    assert "Not for publication" in paper


def test_a_passage_under_a_warning_is_not_printed(read: PdfReader) -> None:
    assert "Content warning" in on_paper(read)
    assert "took her own life" not in on_paper(read).partition("All sentences")[0]


def test_it_is_tagged_titled_and_says_its_language(read: PdfReader) -> None:
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == "en"
    assert read.metadata is not None
    assert read.metadata.title == render(sample()).subject


def test_every_font_is_in_the_file(read: PdfReader) -> None:
    pages: Any = read.pages
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & described.keys()


def test_a_page_that_would_load_something_is_not_made(tmp_path: Path) -> None:
    for address in ("https://example.org/pixel.png", f"file://{tmp_path}/secret.txt"):
        (tmp_path / "page.html.j2").write_text(f"<title>x</title><img src='{address}' alt=''>", encoding="utf-8")
        rendered = render(sample_of(1), Templates(tmp_path))
        with pytest.raises(
            RenderError, match=f"nothing is loaded while a PDF is made, and the page asks for {address}"
        ):
            pdf(rendered)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PluginError, match=r"pip install 'returnwatch\[pdf\]'"):
        pdf(render(sample_of(1)))
