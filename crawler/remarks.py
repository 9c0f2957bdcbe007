"""What a person should see beside the outcome of a visit: each once, and never so many that they hide one another."""

MOST = 20
"""So many are told in words; of those beyond, how many they are."""


class Remarks:
    """The warnings of one visit, in the order in which they came."""

    def __init__(self) -> None:
        self._words: dict[str, None] = {}

    def add(self, words: str) -> None:
        """Note one; a second time it is the same."""
        self._words.setdefault(words)

    def told(self) -> tuple[str, ...]:
        """Give what is told: all of them, or the first, and a last one that counts the rest."""
        words = tuple(self._words)
        if len(words) <= MOST:
            return words
        return (*words[: MOST - 1], f"and {len(words) - MOST + 1} more warnings")
