"""The papers of a digest that was sent → the same without cases that people have held back since.

An archived page is exactly what was sent, with this one exception: doing no harm comes first. A case is cut out of the page where
it stands, and then it is *proved* that nothing of it is left: no address, title, headline or quoted sentence that the digest's JSON
holds of it and of no other case. Where that cannot be proved (a template of somebody's own may say things anywhere), and of the
plain text always, a notice stands in place of the whole. What was sent still lies in the outbox, so a case that is let go
again comes back as it was.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

import lxml.html
import msgspec

from digests.archive import decoded
from digests.channels.file import Papers
from digests.cleaning import clean_line
from digests.phrases import said_in
from digests.speech import Speech, speech
from digests.templating import BUILT_IN, Templates

_SHORTEST = 8
"""Characters of a text that are worth looking for; anything shorter stands in other words too."""


def without(papers: Papers, held: AbstractSet[str], templates: Templates = BUILT_IN) -> Papers:
    """Take cases out of the papers of a digest; the very same papers when it tells none of them."""
    document = decoded(papers.json)
    if document is None:
        return papers
    gone = [one["number"] for one in document["cases"] if one["number"] in held]
    if not gone:
        return papers
    kept = [one for one in document["cases"] if one["number"] not in held]
    secrets = _texts([one for one in document["cases"] if one["number"] in held]) - _texts(kept)
    language = document.get("language", "en")
    page = _cut(papers.html, gone, speech(language))
    subject = _subject(document, gone)
    is_clean = document["subject"] == subject and not any(secret in _seen(page) for secret in secrets)
    values = {"name": document["name"], "period": document["period"], "title": document["title"], "gone": gone}
    values |= {"language": language, **said_in(language)}
    held_back = sorted({*document.get("held_back", ()), *gone})
    left = {**document, "cases": kept, "subject": subject, "held_back": held_back}
    return Papers(
        html=page if is_clean else templates.fill("held_back.html.j2", kept=kept, **values),
        txt=templates.fill("held_back.txt.j2", kept=kept, **values),
        json=msgspec.json.format(msgspec.json.encode(left), indent=2).decode() + "\n",
    )


def _subject(document: dict[str, Any], gone: Iterable[str]) -> str:
    """Give the subject, unless it tells one of the cases itself, as that of a single case does."""
    subject: str = document["subject"]
    if not any(number in subject for number in gone):
        return subject
    return f"[HELD BACK] {document['name']}, {document['period']}"


def _cut(html: str, gone: Iterable[str], words: Speech) -> str:
    """Take the cards of cases, and every line that leads to one, out of a page; a sentence stands in their place."""
    page = lxml.html.document_fromstring(html)
    for number in gone:
        for lead in page.xpath("//a[@href=$to]", to=f"#case-{number}"):
            line = next((one for one in lead.iterancestors("li")), lead)
            line.drop_tree()
        for place in page.xpath("//*[@id=$id]", id=f"case-{number}"):
            notice = page.makeelement("li" if place.tag == "li" else "p", {"class": "aside"})
            notice.text = words.gettext(
                "Case {number} was told here. People have held it back since, and it is taken out of this page.",
                number=number,
            )
            notice.tail = place.tail
            place.getparent().replace(place, notice)
    return str(lxml.html.tostring(page, encoding="unicode", doctype="<!doctype html>")) + "\n"


def _seen(page: str) -> str:
    """Give all that a reader of a page could find in it: its text and its attributes, on one line."""
    root = lxml.html.document_fromstring(page)
    attributes = (value for one in root.iter() for value in one.attrib.values())
    return clean_line(" ".join((root.text_content(), *attributes)))


def _texts(cases: Iterable[dict[str, Any]]) -> set[str]:
    """Give the texts by which cases could be told: headlines, titles, addresses, quoted sentences and what others said."""
    return {said for one in cases for text in _told(one) if len(said := clean_line(text)) >= _SHORTEST}


def _told(case: dict[str, Any]) -> Iterator[str]:
    yield case["headline"]
    yield case["id"]
    yield from filter(None, (case["stated_reason"], case["state_label"]))
    for source in case["sources"]:
        yield from filter(None, (source["title"], source["url"]))
    for quote in case["evidence"]:
        yield quote["text"]
