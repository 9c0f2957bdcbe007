"""Sentences that say something → the paragraph they stand in, cut into marked and unmarked pieces. Text only, no markup."""

from collections.abc import Iterable, Sequence
from typing import Literal

from cases.model import Value

LONGEST = 640
"""Characters of a paragraph that are shown; a longer one is cut at spaces around what is marked first."""

GAP = "…"
_REACH = 40


Mark = Literal["", "main", "also"]
"""``main`` is the sentence that says how far the return has gone, ``also`` one that says another value."""


class Piece(Value, frozen=True, kw_only=True):
    """A run of text, marked or not."""

    text: str
    mark: Mark = ""


def mark(paragraph: str, spans: Sequence[tuple[int, int]], *, longest: int = LONGEST) -> tuple[Piece, ...]:
    """Cut a paragraph into pieces; ``spans`` (start, end) are marked, the first as the main one, which is always in view.

    Where others overlap the main one, or one another, the earlier mark holds. Spans that are empty or leave the paragraph mark
    nothing. Where the paragraph is cut stands an ellipsis. What is marked first is cut only when it alone is longer than
    ``longest``.
    """
    good = [(a, b) for a, b in spans if 0 <= a < b <= len(paragraph)]
    main = good[0] if good else (0, 0)
    return tuple(_pieces(paragraph, _window(paragraph, main, longest), _apart(good)))


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, Mark]]:
    """Give spans in order and free of overlap; the main one, which comes first, keeps all of its text."""
    kept: list[tuple[int, int, Mark]] = []
    for n, (a, b) in enumerate(spans):
        for begin, end in _left_over(a, b, kept):
            kept.append((begin, end, "also" if n else "main"))
        kept.sort()
    return kept


def _left_over(a: int, b: int, kept: Sequence[tuple[int, int, Mark]]) -> Iterable[tuple[int, int]]:
    """Yield the parts of a span that no kept one covers; ``kept`` is in order."""
    for begin, end in [(begin, end) for begin, end, _ in kept]:
        if begin >= b:
            break
        if a < begin:
            yield a, begin
        a = max(a, end)
    if a < b:
        yield a, b


def _window(text: str, main: tuple[int, int], longest: int) -> tuple[int, int]:
    """Choose what is shown: all of it, or the main span with an equal share of text on both sides."""
    if len(text) <= longest:
        return 0, len(text)
    a, b = main[0], min(main[1], main[0] + longest)
    spare = max(0, longest - (b - a))
    before = min(a, max(spare // 2, spare - (len(text) - b)))
    return _word_start(text, a - before, a), _word_end(text, b + spare - before, b)


def _word_start(text: str, at: int, stop: int) -> int:
    """Move forward to the beginning of a word, at most to ``stop``; scripts without spaces are cut where they are."""
    if at <= 0:
        return 0
    space = text.find(" ", at, min(stop, at + _REACH))
    return at if space < 0 else space + 1


def _word_end(text: str, at: int, stop: int) -> int:
    """Move back to the end of a word, at most to ``stop``."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", max(stop, at - _REACH), at)
    return at if space < 0 else space


def _pieces(text: str, shown: tuple[int, int], marks: list[tuple[int, int, Mark]]) -> Iterable[Piece]:
    """Yield the runs of what is shown, in order."""
    at, right = shown
    if at > 0:
        yield Piece(text=f"{GAP} ")
    for a, b, kind in marks:
        begin, end = max(a, at), min(b, right)
        if begin >= end:
            continue
        if begin > at:
            yield Piece(text=text[at:begin])
        yield Piece(text=text[begin:end], mark=kind)
        at = end
    if at < right:
        yield Piece(text=text[at:right])
    if right < len(text):
        yield Piece(text=f" {GAP}")
