"""Where an English phrase stands in a bead, and what counts as a Latin string in Chinese text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from glossary.terms.tokens import Word
from glossary.terms.units import unit_key_of

_LATIN = r"[A-Za-z][A-Za-z0-9.+&'’‑-]*"
LATIN_RUN = re.compile(rf"{_LATIN}(?: {_LATIN}| \d[\d.]*)*")


def words_of(words: Sequence[Word], phrase: str) -> list[tuple[int, int]]:
    """Word ranges whose key equals a phrase's key."""
    key = unit_key_of(phrase)
    size = len(key.split())
    found = []
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + size + 2) + 1):
            if (
                unit_key_of(
                    " ".join(w.text for w in words[first:last])
                    .replace(" 's", "'s")
                    .replace(" ’s", "'s")
                    .replace(" -", "-")
                )
                == key
            ):
                found.append((first, last))
    return found
