"""term of a language pack → its parts: a notation that people can read and edit.

=========  ==================================================================================
``(a/b)``  one of these
``[x]``    may be missing
``{name}`` the pack's macro of that name
``~``      the rest of the word, at most sixteen letters or digits
``…``      a gap of at most forty characters that does not leave the sentence part
``$``      here a clause ends: a stop, a bracket, a quotation mark or nothing comes next
``（``     a bracket of the text, of either width
=========  ==================================================================================

An optional part takes the space before it along: ``a [b] c`` is "a c" or "a b c"; one with nothing before it takes the space after it,
so that no match begins with a blank. Everything else stands for itself. Texts are folded before terms are looked for in them: lower
case, straight quotes, plain spaces, е for ё, and always as many characters as before, so that a place in the folded text is a place
in the text.
"""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

_FOLDS = {
    **dict.fromkeys(map(ord, "‘’‚‛ʼ´`′"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒−"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u1680\u2007\u202f\u3000\t\v\f\x00"), " "),
    **dict.fromkeys(range(8192, 8204), " "),
    **dict.fromkeys(map(ord, "ёЁ"), "е"),
}
_FOLDED = re.compile(f"[{''.join(map(chr, _FOLDS))}]")
_SIGN = re.compile(r"[()\[\]/~…$]|\{[a-z_]+\}|[ ]+|[^()\[\]/~…${} ]+")
_GAPS = ("~", "…", "$")


@dataclass(frozen=True, slots=True)
class Text:
    """Letters that stand for themselves, folded and without a blank."""

    letters: str


@dataclass(frozen=True, slots=True)
class Blank:
    """One to three blanks."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What the term leaves open: ``~``, ``…`` or ``$``."""

    sign: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to go on, or none of them where it ``may_be_missing``."""

    ways: "tuple[Way, ...]"
    may_be_missing: bool = False


Part = Text | Blank | Gap | Choice
Way = tuple[Part, ...]
"""Parts that follow one another."""


def fold(text: str) -> str:
    """Give the text in the form that terms are matched in; the length never changes."""
    # in texts only: in terms brackets are signs, and the wide ones stand for brackets of both widths
    return _fold_term(text.replace("(", "（").replace(")", "）"))


def _fold_term(text: str) -> str:
    """Give a term in that form, its signs as they are."""
    plain = _FOLDED.sub(lambda sign: _FOLDS[ord(sign[0])], text)  # such signs are rare: far faster than str.translate
    lowered = plain.lower()
    if len(lowered) == len(plain):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in plain)


class Notation:
    """Reads the terms of a pack, whose macros it knows."""

    def __init__(self, macros: Mapping[str, str]) -> None:
        self._macros = macros
        self._read: dict[str, Choice] = {}
        self._reading: list[str] = []

    def parts(self, term: str) -> Choice:
        """Give the ways of a term.

        Raises ValueError for a macro that is not there or holds itself, and for brackets that do not match.
        """
        try:
            return Choice(self._all_ways(term))
        except ValueError as cause:
            raise ValueError(f"term {term!r}: {cause}") from None

    def _all_ways(self, written: str) -> tuple[Way, ...]:
        return self._ways(deque(_SIGN.findall(_fold_term(written))))

    def _ways(self, signs: deque[str], closing: str = "") -> tuple[Way, ...]:
        """Read on up to the sign that closes, or to the end of the term."""
        ways: list[list[Part]] = [[]]
        while signs:
            sign = signs.popleft()
            if sign == closing:
                return tuple(map(tuple, ways))
            if sign == "/":
                ways.append([])
            else:
                self._add(ways[-1], sign, signs)
        if closing:
            raise ValueError("a bracket is not closed")
        return tuple(map(tuple, ways))

    def _add(self, way: list[Part], sign: str, signs: deque[str]) -> None:
        if sign == "(":
            way.append(Choice(self._ways(signs, ")")))
        elif sign == "[":
            self._add_optional(way, self._ways(signs, "]"), signs)
        elif sign in (")", "]"):
            raise ValueError("a bracket is not opened")
        elif sign.startswith("{"):
            way.append(self._macro(sign[1:-1]))
        else:
            way.append(Blank() if sign.isspace() else Gap(sign) if sign in _GAPS else Text(sign))

    def _add_optional(self, way: list[Part], ways: tuple[Way, ...], signs: deque[str]) -> None:
        """Add a part that may be missing, with the blank that is missing with it."""
        if all(isinstance(part, Choice) and part.may_be_missing for part in way):
            if signs and signs[0].isspace():
                signs.popleft()
                ways = tuple((*one, Blank()) for one in ways)
        elif isinstance(way[-1], Blank):
            way.pop()
            ways = tuple((Blank(), *one) for one in ways)
        way.append(Choice(ways, may_be_missing=True))

    def _macro(self, name: str) -> Choice:
        """Read a macro, when a term first holds it."""
        if name not in self._macros:
            raise ValueError(f"there is no macro {{{name}}}; known are {', '.join(sorted(self._macros)) or 'none'}")
        if name in self._reading:
            raise ValueError(f"macro {{{name}}} holds itself")
        if name not in self._read:
            self._reading.append(name)
            ways = self._all_ways(self._macros[name])
            only = ways[0][0] if len(ways) == 1 and len(ways[0]) == 1 else None
            self._read[name] = only if isinstance(only, Choice) else Choice(ways)
            self._reading.remove(name)
        return self._read[name]
