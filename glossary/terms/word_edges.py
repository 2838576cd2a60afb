"""How often a Chinese character opens and closes the longer words it stands in: 子 opens few, 中 many.

Counted over jieba's dictionary (MIT licence) by `glossary.terms.training`; shipped, because counting takes as
long as a short article.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

import numpy as np

from glossary.terms.shipped import shipped_arrays

EDGES_FILE = "word_edges.npz"

UNKNOWN = (0.5, 0.5)
"""Rates of a character no word of two characters or more holds."""


def word_edge_rates(char: str) -> tuple[float, float]:
    """The share of longer words that a character begins and ends, each 0..1; `UNKNOWN` for an unknown one.

    >>> [round(word_edge_rates("子")[0], 2), round(word_edge_rates("子")[1], 2), word_edge_rates("𠮷")]
    [0.06, 0.75, (0.5, 0.5)]
    """
    return _load_edges().get(char, UNKNOWN)


@cache
def _load_edges() -> dict[str, tuple[float, float]]:
    """Raises: TermError when the file is missing or damaged."""
    arrays = shipped_arrays(EDGES_FILE, "characters", "rates")
    return dict(zip(bytes(arrays["characters"]).decode(), map(tuple, arrays["rates"].tolist()), strict=True))


def count_edges(frequencies: Mapping[str, int]) -> bytes:
    """The shipped file: rates from word frequencies, each word weighted by the square root of its frequency."""
    begin: dict[str, float] = defaultdict(float)
    end: dict[str, float] = defaultdict(float)
    seen: dict[str, float] = defaultdict(float)
    for word, frequency in frequencies.items():
        if not frequency or len(word) < 2:
            continue
        weight = frequency**0.5
        begin[word[0]] += weight
        end[word[-1]] += weight
        for char in word:
            seen[char] += weight
    rates = [((begin[c] + 1) / (n + 3), (end[c] + 1) / (n + 3)) for c, n in seen.items()]
    stream = io.BytesIO()
    characters = np.frombuffer("".join(seen).encode(), dtype=np.uint8)
    np.savez_compressed(stream, characters=characters, rates=np.array(rates, dtype=np.float32))
    return stream.getvalue()
