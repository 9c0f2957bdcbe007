"""term of a language pack → pattern: a notation that people can read and edit, compiled to linear expressions.

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
so that no match begins with a blank. Everything else stands for itself. Nothing repeats without a limit, so a pattern costs a bounded number of steps for each
character of the text. Texts are folded before they are matched: lower case, straight quotes, plain spaces, е for ё, and always
as many characters as before, so that a place in the folded text is a place in the text.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from cases.packs.alternation import alternation
from cases.packs.openings import closing, openings, ways

_FOLDS = {
    **dict.fromkeys(map(ord, "‘’‚‛ʼ´`′"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒−"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u1680\u2007\u202f\u3000\t\v\f\x00"), " "),
    **dict.fromkeys(range(8192, 8204), " "),
    **dict.fromkeys(map(ord, "ёЁ"), "е"),
}
_FOLDED = re.compile(f"[{''.join(map(chr, _FOLDS))}]")
_TOKEN = re.compile(r"[()\[\]/~…$]|\{[a-z_]+\}|[ ]+|[^()\[\]/~…${} ]+")
_MACRO = re.compile(r"\{([a-z_]+)\}")
_INNERMOST = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_PLAIN_LIST = re.compile(r"\(([^()\[\]{}~… ]+)\)")
_SPACE = r"\s{1,3}"
_SIGNS = {"~": r"\w{0,16}", "…": r"[^;:!?。；！？\n]{0,40}?", "$": r"(?=$|\s?[…,.·;:!?\"'（）\n])"}
_EDGES = {"both": (r"(?<!\w)", r"(?!\w)"), "left": (r"(?<!\w)", ""), "none": ("", "")}
_OPEN = ("'", " ", "-")
"""A term that ends in one of these goes on without a word's end: "vers l'"."""


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


def compile_term(term: str, macros: dict[str, str]) -> str:
    """Give the expression of one term, without word edges.

    Raises ValueError for a macro that is not there or signs that do not close.
    """
    return _compiled(tokens(term), macros)


def _compiled(signs: Sequence[str], macros: dict[str, str]) -> str:
    return "|".join(_compiled_way(way, macros) for way in ways(signs))


def _compiled_way(signs: Sequence[str], macros: dict[str, str]) -> str:
    """Compile signs of which all must match in a row, but for optional parts."""
    parts: list[str] = []
    place, begun = 0, False
    while place < len(signs):
        sign, after = signs[place], place + 1
        if sign in "([":
            after = closing(signs, place) + 1
            inside = f"(?:{_compiled(signs[place + 1 : after - 1], macros)})"
            if sign == "(":
                parts.append(inside)
            elif begun:
                parts.append(f"(?:{_SPACE if _is_space(signs, place - 1) else ''}{inside})?")
            else:
                spaced = _is_space(signs, after)
                parts.append(f"(?:{inside} ?)?" if spaced else f"{inside}?")
                after += spaced
        elif sign.isspace():
            parts.append("" if signs[after : after + 1] == ["["] else _SPACE)
        else:
            parts.append(_compiled_sign(sign, macros))
        begun = begun or sign != "["
        place = after
    return "".join(parts)


def _compiled_sign(sign: str, macros: dict[str, str]) -> str:
    if sign.startswith("{"):
        return f"(?:{_compiled_macro(sign[1:-1], macros)})"
    return _SIGNS.get(sign) or re.escape(sign)


def _compiled_macro(name: str, macros: dict[str, str]) -> str:
    """Give a macro's expression; a plain list of words becomes one in which each letter is tried once."""
    written = _macro(name, macros)
    listed = _PLAIN_LIST.fullmatch(written)
    return alternation(map(_fold_term, listed[1].split("/"))) if listed else compile_term(written, macros)


def tokens(term: str) -> list[str]:
    """Cut a term, folded, into signs, blanks, macros, and the words between them."""
    return _TOKEN.findall(_fold_term(term))


def _is_space(signs: Sequence[str], place: int) -> bool:
    return 0 <= place < len(signs) and signs[place].isspace()


def _extent(term: str, macros: dict[str, str]) -> int:
    """Measure how many characters a term may cover, a gap or the rest of a word counted as one."""
    term = expanded(term, macros)
    while (group := _INNERMOST.search(term)) is not None:
        term = term[: group.start()] + max(group[1].split("/"), key=len) + term[group.end() :]
    return len(term)


def expanded(term: str, macros: dict[str, str]) -> str:
    """Write a term's macros out."""
    while (macro := _MACRO.search(term)) is not None:
        term = term[: macro.start()] + f"({_fold_term(_macro(macro[1], macros))})" + term[macro.end() :]
    return term


def _macro(name: str, macros: dict[str, str]) -> str:
    if name not in macros:
        raise ValueError(f"there is no macro {{{name}}}; known are {', '.join(sorted(macros)) or 'none'}")
    return macros[name]


class Hit(NamedTuple):
    """A term found: the key it stands under, and its place."""

    key: str
    start: int
    end: int


_Group = tuple[tuple[str, ...], re.Pattern[str]]
"""Terms that may begin in the same way: their keys, and what finds them."""


class Table:
    """Terms under keys, found in one pass; at one place the term that may reach furthest wins."""

    def __init__(self, terms: dict[str, list[str]], *, macros: dict[str, str], boundary: str) -> None:
        rows = [(term, key) for key, listed in terms.items() for term in listed]
        rows.sort(key=lambda row: -_extent(row[0], macros))
        self._keys = tuple(key for _, key in rows)
        before, after = _EDGES[boundary]
        self._bodies = tuple(compile_term(term, macros) + ("" if term.endswith(_OPEN) else after) for term, _ in rows)
        self._openings = tuple(openings(tokens(expanded(term, macros))) for term, _ in rows)
        known = frozenset().union(*self._openings)
        words_only = all(opening and (opening[0].isalnum()) for opening in known)
        edge = r"\b" if before and words_only else before  # the same before a letter, and quicker
        self._starts = re.compile(f"{edge}(?=({alternation(known)}))") if rows else None
        self._groups: dict[str, _Group] = {}

    def find(self, folded: str, start: int = 0, end: int | None = None) -> tuple[Hit, ...]:
        """Give all hits in folded text between two places, in order, none overlapping."""
        if self._starts is None:
            return ()
        stop = len(folded) if end is None else end
        hits: list[Hit] = []
        reached = start
        for place in self._starts.finditer(folded, start, stop):
            at = place.start()
            if at < reached:
                continue
            keys, pattern = self._groups.get(place[1]) or self._group(place[1])
            match = pattern.match(folded, at, stop)
            if match is not None and (reached := match.end()) > at:
                hits.append(Hit(keys[(match.lastindex or 1) - 1], at, reached))
        return tuple(hits)

    def _group(self, opening: str) -> _Group:
        """Compile the terms that may stand where the text goes on so, each in a group to tell which was found."""
        told = " " if opening.isspace() else opening
        chosen = [n for n, known in enumerate(self._openings) if any(told.startswith(one) for one in known)]
        pattern = re.compile("|".join(f"({self._bodies[n]})" for n in chosen))
        self._groups[opening] = tuple(self._keys[n] for n in chosen), pattern
        return self._groups[opening]

    def first(self, folded: str, *keys: str) -> Hit | None:
        """Give the first hit, of these keys if any are named."""
        return next((hit for hit in self.find(folded) if not keys or hit.key in keys), None)
