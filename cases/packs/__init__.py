"""language → pack: the words by which a language tells of forced returns, as data that people can edit.

A pack is the file ``<language>/events.toml`` beside this module. It holds triggers in their grammatical forms, cues
around them, and word tables for the slots; every pack has the same keys, and one engine reads them all. A language without
a pack is *unsupported*, which is never the same as *unrelated*.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

import msgspec

from cases.packs.alternation import alternation
from cases.packs.anchors import anchors
from cases.packs.notation import Notation, fold
from cases.packs.presence import Presence
from cases.packs.tables import Hit, Table

SCOPES = ("directly", "before", "ahead", "next", "after", "sentence")
HELD_OR_FREED = ("custody.", "release.")
FORMS = ("done", "plain", "noun")
_EVENTS = "events.toml"
NOTHING = Table({}, Notation({}), boundary="none")


class Forms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Terms of one strength by grammatical form.

    ``done`` tells a finished act by itself; ``plain`` names the act and leaves its time to the cues; ``noun`` is a nominal
    that also needs someone it belongs to.
    """

    done: list[str] = []
    plain: list[str] = []
    noun: list[str] = []


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Terms of one cue by where they count.

    ``directly`` before a trigger or ``next`` to its end, ``before`` or ``after`` it within the pack's reach, anywhere ``ahead``
    of it in its sentence, or anywhere in its ``sentence``.
    """

    directly: list[str] = []
    before: list[str] = []
    ahead: list[str] = []
    next: list[str] = []
    after: list[str] = []
    sentence: list[str] = []


class PackFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack as written.

    ``reach`` is how many characters a cue
    may stand away from its trigger; ``active_before_object`` says that what follows an active verb suffers it,
    ``verb_last`` that the verb stands behind all else and may leave out whom the sentence before told of,
    ``drops_subject`` that a passive verb may, as in "fueron devueltos", ``nominal_headlines`` that a bare noun
    ending its clause tells what was done, as in 131명 추방, ``free_word_order`` that whoever suffers a verb may stand on either
    side of it; ``false_friends`` are longer terms in which
    a trigger means something else, ``false_cues`` such in which a cue does: 不 in 不久; ``headlines`` are triggers that count in
    headlines only, where tense and voice are their own; ``bodies`` are single words that make a run of capitals no person.
    """

    language: str
    boundary: Literal["both", "left", "none"]
    reach: int
    active_before_object: bool = False
    verb_last: bool = False
    drops_subject: bool = False
    nominal_headlines: bool = False
    free_word_order: bool = False
    triggers: dict[str, Forms]
    headlines: dict[str, Forms] = {}
    cues: dict[str, Scope]
    words: dict[str, dict[str, list[str]]]
    agencies: dict[str, dict[str, list[str]]] = {}
    false_friends: list[str] = []
    false_cues: list[str] = []
    bodies: list[str] = []
    abbreviations: list[str] = []
    macros: dict[str, str] = {}


class Pack:
    """A compiled pack: tables that find terms in folded text."""

    def __init__(self, written: PackFile) -> None:
        self.language = written.language
        self.reach = written.reach
        self.active_before_object = written.active_before_object
        self.verb_last = written.verb_last
        self.drops_subject = written.drops_subject
        self.nominal_headlines = written.nominal_headlines
        self.free_word_order = written.free_word_order
        self.spaced = written.boundary == "both"
        self.bodies = frozenset(fold(term) for term in written.bodies)
        self.abbreviations = frozenset(fold(term) for term in written.abbreviations)
        self._notation, self._boundary = Notation(written.macros), written.boundary
        self._false_friends = self._table({"": written.false_friends})
        self.false_cues = self._table({"": written.false_cues})
        triggers = _by_form(written.triggers)
        returns = {key: terms for key, terms in triggers.items() if not key.startswith(HELD_OR_FREED)}
        self._returns = self._table(returns)
        self._stem = self._stems(returns)
        in_headlines = _by_form(written.headlines)
        self._in_headlines = self._table(
            {key: [*in_headlines.get(key, ()), *returns.get(key, ())] for key in {**in_headlines, **returns}}
        )
        self._headline_stem = self._stems(in_headlines) if in_headlines else None
        self._arrests = self._table({key: terms for key, terms in triggers.items() if key.startswith(HELD_OR_FREED)})
        self._cues = {
            (name, scope): self._table({name: getattr(cue, scope)})
            for name, cue in written.cues.items()
            for scope in SCOPES
        }
        self._words = {name: self._table(terms) for name, terms in written.words.items()}
        self.agencies = self._table(
            {f"{country}:{kind}": terms for country, kinds in written.agencies.items() for kind, terms in kinds.items()}
        )

    def triggers(self, folded: str, *, headline: bool = False) -> tuple[Hit, ...]:
        """Give the triggers of return in a sentence under ``<strength>.<form>``, those inside a false friend left out."""
        if not self.may_tell(folded, headline=folded if headline else ""):
            return ()
        hits = (self._in_headlines if headline else self._returns).find(folded)
        others = self._false_friends.find(folded) if hits else ()
        return tuple(hit for hit in hits if not any(one.start < hit.end and hit.start < one.end for one in others))

    def words(self, name: str) -> Table:
        """Give a word table; an empty one where the pack does not have it."""
        return self._words.get(name, NOTHING)

    def cue(self, name: str, scope: str) -> Table:
        """Give the terms of a cue in one scope; an empty table where the pack does not have them."""
        return self._cues.get((name, scope), NOTHING)

    def tables_in(self, folded: str) -> frozenset[tuple[str, str]]:
        """Give the cues by scope and the word tables, under an empty scope, of which a sentence may hold anything."""
        return self._presence.lists_in(folded)

    @cached_property
    def _presence(self) -> Presence[tuple[str, str]]:
        every = {**self._cues, **{(name, ""): table for name, table in self._words.items()}}
        return Presence({key: table.openings for key, table in every.items()}, {}, spaced=self.spaced)

    def arrests(self, folded: str) -> tuple[Hit, ...]:
        """Give the triggers in a sentence that tell of custody or of a release alone, in the same form."""
        return self._arrests.find(folded)

    @property
    def tables(self) -> frozenset[str]:
        """Names of the word tables it has."""
        return frozenset(self._words)

    @property
    def cue_names(self) -> frozenset[str]:
        """Names of the cues it has."""
        return frozenset(name for name, _ in self._cues)

    def may_tell(self, folded: str, *, headline: str = "") -> bool:
        """Tell cheaply whether the text holds the stem of any trigger at all, or its headline one of those in headlines."""
        if self._stem.search(folded) is not None:
            return True
        return bool(headline and self._headline_stem is not None and self._headline_stem.search(headline))

    def _stems(self, triggers: dict[str, list[str]]) -> re.Pattern[str]:
        return re.compile(alternation({word for listed in triggers.values() for word in self._anchors(listed)}))

    def _anchors(self, terms: list[str]) -> Iterator[str]:
        for term in terms:
            if not (words := anchors(self._notation.parts(term))):
                raise ValueError(f"term {term!r}: every part of it may be missing")
            yield from words

    def _table(self, terms: dict[str, list[str]]) -> Table:
        return Table(terms, self._notation, boundary=self._boundary)


def _by_form(written: dict[str, Forms]) -> dict[str, list[str]]:
    return {f"{strength}.{form}": getattr(forms, form) for strength, forms in written.items() for form in FORMS}


def pack_for(language: str | None) -> Pack | None:
    """Give the pack that reads a BCP 47 language, or None where there is none; both Chinese scripts share one."""
    primary = (language or "").split("-")[0].lower()
    return _load(primary) if primary in languages() else None


@cache
def languages() -> tuple[str, ...]:
    """Give the primary codes of all languages that have a pack, sorted."""
    return tuple(sorted(entry.name for entry in files(__name__).iterdir() if (entry / _EVENTS).is_file()))


@cache
def _load(language: str) -> Pack:
    """Load a pack once; one that is written wrongly raises ValueError naming it: it is the product's own data."""
    try:
        text = (files(__name__) / language / _EVENTS).read_text("utf-8")
        return Pack(msgspec.convert(tomllib.loads(text), PackFile))
    except (msgspec.ValidationError, ValueError, re.error) as cause:
        raise ValueError(f"language pack {language}/{_EVENTS}: {cause}") from cause
