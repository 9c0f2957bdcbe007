"""Sentences that say something → the paragraph they stand in, cut into marked and unmarked pieces. Text only, no markup."""

from collections.abc import Iterable, Sequence

from cases.model import Value

LONGEST = 640
"""Characters of a paragraph that are shown; a longer one is cut at spaces around what is marked first."""

GAP = "…"
_REACH = 40


class Piece(Value, frozen=True, kw_only=True):
    """A run of text that is marked, or not."""

    text: str
    marked: bool = False


def mark(paragraph: str, spans: Sequence[tuple[int, int]], *, longest: int = LONGEST) -> tuple[Piece, ...]:
    """Cut a paragraph into pieces; ``spans`` (start, end) are marked, and the first of them is always in view.

    Spans that are empty or leave the paragraph mark nothing. Where the paragraph is cut stands an ellipsis. What is
    marked first is cut only when it alone is longer than ``longest``.
    """
    good = [(a, b) for a, b in spans if 0 <= a < b <= len(paragraph)]
    main = good[0] if good else (0, 0)
    return tuple(_pieces(paragraph, _window(paragraph, main, longest), _merged(good)))


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that touch or overlap."""
    merged: list[tuple[int, int]] = []
    for a, b in sorted(spans):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return merged


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


def _pieces(text: str, shown: tuple[int, int], marks: list[tuple[int, int]]) -> Iterable[Piece]:
    """Yield the runs of what is shown, in order."""
    at, right = shown
    if at > 0:
        yield Piece(text=f"{GAP} ")
    for a, b in marks:
        begin, end = max(a, at), min(b, right)
        if begin >= end:
            continue
        if begin > at:
            yield Piece(text=text[at:begin])
        yield Piece(text=text[begin:end], marked=True)
        at = end
    if at < right:
        yield Piece(text=text[at:right])
    if right < len(text):
        yield Piece(text=f" {GAP}")
