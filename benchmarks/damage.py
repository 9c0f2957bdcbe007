"""labelled texts → damaged ones: what transmission, scraping and malice make of texts, the same on every machine.

Each damage is one function of a text and a source of chance; ``damaged`` draws texts and damages in turn.
"""

import random
import string
from collections.abc import Callable, Iterator, Sequence

LONGEST = 200_000
"""Characters of the longest texts, which is as far as any text is read."""
_CONTROL = "\x00\x08\x1b\u200b\u200f\u202e\ufeff\ufffd\ud83d"
_QUOTES = str.maketrans({"'": "’", '"': "”", "-": "‑", " ": "\u00a0"})
_OTHERS = (
    "북송됐다",
    "被遣返",
    "強制送還",
    "депортированы",
    "deported to",
    "expulsés",
    "devueltos",
    "🙂",
    "١٢٣",
    "שלום",
)
_FULL_WIDTH = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in string.printable[:94]}

Damage = Callable[[str, random.Random], str]


def _cut(text: str, chance: random.Random) -> str:
    return text[chance.randrange(len(text) + 1) :][: chance.randrange(1, 400)]


def _typos(text: str, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(1 + len(letters) // 30):
        place = chance.randrange(max(1, len(letters)))
        letters[place : place + 1] = chance.choice(["", "x", letters[place] * 2 if letters else "", " "])
    return "".join(letters)


def _shuffled(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    chance.shuffle(words)
    return " ".join(words)


def _sprinkled(text: str, chance: random.Random, signs: Sequence[str]) -> str:
    places = sorted(chance.randrange(len(text) + 1) for _ in range(12))
    pieces = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    return "".join(piece + chance.choice(signs) for piece in pieces)


DAMAGES: Sequence[Damage] = (
    _cut,
    _typos,
    _shuffled,
    lambda text, chance: _sprinkled(text, chance, _CONTROL),
    lambda text, chance: _sprinkled(text, chance, _OTHERS),
    lambda text, _: text.replace(" ", ""),
    lambda text, _: text.replace(". ", "."),
    lambda text, _: text.replace("\n", " ").replace(".", ""),
    lambda text, _: text.translate(_QUOTES),
    lambda text, _: text.translate(_FULL_WIDTH),
    lambda text, _: text.upper(),
    lambda text, _: text[::-1],
    lambda text, _: " ".join(text),
    lambda text, _: text.encode().decode("latin-1"),
    lambda text, _: f"<div onclick='x()'>{text}</div>&nbsp;&#8217;",
    lambda text, chance: text * chance.randrange(2, 6),
    lambda _text, chance: "".join(chance.choices(string.printable, k=chance.randrange(2_000))),
    lambda _text, chance: chance.choice(["", " ", "\n", ".", "…", "\ud800", "0" * 500, "(" * 500, "A. " * 500]),
)
HUGE: Sequence[Damage] = (
    lambda text, _: (text * (LONGEST // max(1, len(text)) + 1))[:LONGEST],
    lambda text, _: (text.replace("\n", " ").replace(".", ",") * (LONGEST // max(1, len(text)) + 1))[:LONGEST],
    lambda text, chance: ((chance.choice(text.split() or ["a"]) + " ") * (LONGEST // 2))[:LONGEST],
    lambda text, chance: "".join(chance.choices(text.split() or ["a"], k=LONGEST // 8))[:LONGEST],
    lambda text, chance: " ".join(chance.choices([*text.split(), *_OTHERS], k=LONGEST // 8))[:LONGEST],
)
"""What makes a text as long as any is read."""


def damaged(texts: Sequence[tuple[str, str]], count: int, *, huge_every: int = 100) -> Iterator[tuple[str | None, str]]:
    """Give so many damaged texts of (language, text) pairs, each with its language or, one in three, without it."""
    chance = random.Random(5)
    for number in range(count):
        lang, text = texts[number % len(texts)]
        kinds = HUGE if number % huge_every == huge_every - 1 else DAMAGES
        damage = kinds[number // len(texts) % len(kinds)] if kinds is DAMAGES else chance.choice(kinds)
        yield None if number % 3 == 0 else lang, damage(text, chance)
