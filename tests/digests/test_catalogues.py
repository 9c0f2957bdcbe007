"""The catalogues say everything that the program says: nothing lacks, nothing is left over, and every place for a value is kept."""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment

from digests.speech import ENGLISH, Language, Speech, speech
from digests.view import Digest

ROOT = Path(__file__).parents[2]
LOCALES = ("ko", "zh_Hans", "ja")
KEYWORDS = {**DEFAULT_KEYWORDS, "term": None, "terms": (1, 2), "of_context": ((1, "c"), 2)}

Key = tuple[str | None, str]


def texts(given: object) -> tuple[str, ...]:
    """One text, or the singular and the plural."""
    return tuple(map(str, given)) if isinstance(given, tuple | list) else (str(given),)


def key(message: Message) -> Key:
    return message.context, texts(message.id)[0]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def extracted() -> dict[Key, tuple[str, ...]]:
    """Everything that code and templates say, with its plural."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(one["pattern"], one["method"]) for one in mappings]
    options = {one["pattern"]: {k: v for k, v in one.items() if k not in {"pattern", "method"}} for one in mappings}
    found: dict[Key, tuple[str, ...]] = {}
    for _, _, said, _, context in extract_from_dir(ROOT / "digests", methods, options, KEYWORDS):
        at = (context, texts(said)[0])
        found[at] = max(found.get(at, ()), texts(said), key=len)
    return found


@cache
def catalogue(locale: str) -> Catalog:
    with (ROOT / "digests" / "locale" / locale / "LC_MESSAGES" / "returnwatch.po").open("rb") as file:
        return read_po(file, locale=locale)


def messages(locale: str) -> Iterator[Message]:
    return (message for message in catalogue(locale) if message.id)


def test_every_language_that_is_offered_has_its_catalogue_and_every_catalogue_its_language() -> None:
    assert {path.name for path in (ROOT / "digests" / "locale").iterdir()} == set(LOCALES)
    assert {str(speech(code).locale) for code in get_args(Language)} == {*LOCALES, "en_GB"}


def test_the_extraction_reaches_code_and_templates() -> None:
    assert len(extracted()) > 350
    assert (None, "Return feared") in extracted()
    assert (None, "Show the passage") in extracted()
    assert extracted()[None, "{count} report"] == ("{count} report", "{count} reports")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_holds_what_the_program_says_and_nothing_else(locale: str) -> None:
    assert {key(message): texts(message.id) for message in messages(locale)} == extracted()
    assert not catalogue(locale).obsolete


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_is_translated_in_every_form(locale: str) -> None:
    lacking = [key(one) for one in messages(locale) if one.fuzzy or not all(texts(one.string))]
    assert lacking == []
    plurals = [one for one in messages(locale) if one.pluralizable]
    assert len(plurals) > 30
    assert {len(texts(one.string)) for one in plurals} == {catalogue(locale).num_plurals}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_keeps_the_places_for_values(locale: str) -> None:
    """Only the headlines of returns to North Korea may leave the State out: a word of the language says it."""
    for message in messages(locale):
        asked = places(texts(message.id)[-1])
        if message.context == "to North Korea":
            asked -= {"end"}
        for said in texts(message.string):
            assert places(said) - {"end"} == asked - {"end"}, key(message)
            assert asked <= places(said), key(message)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_of_a_language_ends_as_its_sentences_do(locale: str) -> None:
    full_stop = "." if locale == "ko" else "。"
    for message in messages(locale):
        english = texts(message.id)[-1]
        if english.endswith("."):
            assert all(said.endswith(full_stop) for said in texts(message.string)), key(message)
        assert all(said.strip() == said and "  " not in said for said in texts(message.string)), key(message)


class Strict(NullTranslations):
    """A catalogue that knows only what the extraction found."""

    def __init__(self, known: set[tuple[str | None, str]]) -> None:
        super().__init__()
        self.known = known

    def gettext(self, message: str) -> str:
        assert (None, message) in self.known, message
        return message

    def pgettext(self, context: str, message: str) -> str:
        assert (context, message) in self.known, message
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        assert (None, msgid1) in self.known, msgid1
        return msgid1 if n == 1 else msgid2


def test_nothing_is_said_that_the_extraction_does_not_see(rich_in: Callable[[Speech], Digest]) -> None:
    """Words that reach a language by a detour would stay English for ever; what templates say is seen by itself."""
    strict = Speech(code="en", locale=ENGLISH.locale, catalogue=Strict(set(extracted())))
    assert rich_in(strict) == rich_in(ENGLISH)
    with pytest.raises(AssertionError, match="not extracted"):
        strict.gettext("not extracted")


def words_outside_messages(template: str) -> list[str]:
    """Give the words that a template says by itself: outside tags, styles and what Jinja fills in."""
    template = re.sub(r"{% macro [^%]*%}[^<]*{% endmacro %}", "", template)  # attributes, and classes of tags
    tokens = Environment(autoescape=True).lex(template)  # nothing is rendered
    text = "".join(value if kind == "data" else "\0" for _, kind, value in tokens)
    labels = " ".join(re.findall(r'(?:aria-label|title|alt|data-unit)="([^"]*)"', text))
    text = re.sub(r"(?s)<style.*?</style>|<[^>]*>|&[a-z]+;|\0", " ", text)
    return [word for word in re.findall(r"[A-Za-z]{2,}", f"{text} {labels}") if word.lower() != "returnwatch"]


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "digests" / "templates").glob("*.j2")))
def test_no_template_speaks_english_by_itself(name: str) -> None:
    template = (ROOT / "digests" / "templates" / name).read_text(encoding="utf-8")
    assert words_outside_messages(template) == []


def test_a_word_that_stands_bare_in_a_template_is_found() -> None:
    bare = '<p title="Hint {{ x }}" class="card">{{ _("Case") }} text {% if a %}more{% endif %}</p><style>p { color: red }</style>'
    assert words_outside_messages(bare) == ["text", "more", "Hint"]
