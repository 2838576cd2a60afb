"""The words a Chinese span opens and closes with, those before and after it, and their classes: 基于 of
基于循环神经网络 is a preposition, 中 of 固定闭塞系统中 a localiser.

Words are those of jieba's dictionary (MIT licence); `glossary.terms.training` keeps the ones that are no nouns in
`word_classes.npz`. What jieba calls a verbal noun (vn) is a verb here, an adjectival one (an) an adjective.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from glossary.terms.shipped import shipped_arrays

Ints = NDArray[np.int64]

CLASSES_FILE = "word_classes.npz"

CLASSES = (
    "verb", "preposition", "adverb", "pronoun", "number", "counter", "localiser", "particle", "adjective", "noun",
)  # fmt: skip
"""Of a word that jieba's dictionary has; 的 and 和 are particles."""

UNKNOWN, NOTHING = len(CLASSES), len(CLASSES) + 1
"""Class of what is no word; of no word at all: at the edge of the text, in a span that is one word."""

_LETTERS = {"v": 0, "p": 1, "d": 2, "r": 3, "m": 4, "q": 5, "f": 6, "c": 7, "u": 7, "a": 8}
_NOUN = CLASSES.index("noun")
LONGEST = 4
"""Characters in the longest word that is looked for at an edge."""

LONGEST_STORED, LEAST_FREQUENCY = 3, 3
"""Words that are longer or rarer than this in jieba's dictionary count as nouns."""


class SpanWords:
    """Per character of many texts and per span length, the longest word that begins or ends there within the span."""

    def __init__(self, texts: Sequence[str], is_word: Callable[[str], bool]) -> None:
        flat = "\n".join(texts)
        self._first = np.cumsum([0, *(len(t) + 1 for t in texts)])
        self._opens, self._closes = (np.full((len(flat), LONGEST, 2), (1, UNKNOWN), dtype=np.int8) for _ in range(2))
        classes = word_classes()
        for size in range(1, min(LONGEST, len(flat)) + 1):
            words = [flat[at : at + size] for at in range(len(flat) - size + 1)]
            kinds = {w: classes.get(w, _NOUN if is_word(w) else UNKNOWN) for w in set(words)}
            found = np.fromiter(map(kinds.__getitem__, words), dtype=np.int8, count=len(words))
            at = np.flatnonzero(found != UNKNOWN)
            self._opens[at, size - 1 :, 0] = self._closes[at + size - 1, size - 1 :, 0] = size
            self._opens[at, size - 1 :, 1] = self._closes[at + size - 1, size - 1 :, 1] = found[at, None]

    def __call__(self, bead: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Of spans [start, end) of texts: length and class of the first word, length and class of the last."""
        size = end - start
        room = np.minimum(size, LONGEST) - 1
        first, last = self._opens[self._first[bead] + start, room], self._closes[self._first[bead] + end - 1, room]
        made = []
        for own in (first, last):
            length = own[:, 0].astype(np.int64)
            made += [length, np.where(length == size, NOTHING, own[:, 1])]
        return made[0], made[1], made[2], made[3]

    def around(self, bead: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Of spans [start, end) of texts: length and class of the word before, length and class of the word after."""
        first = self._first[bead]
        before = self._closes[np.maximum(first + start - 1, 0), LONGEST - 1].astype(np.int64)
        after = self._opens[np.minimum(first + end, len(self._opens) - 1), LONGEST - 1].astype(np.int64)
        before[start == 0] = after[first + end + 1 == self._first[bead + 1]] = (0, NOTHING)
        return before[:, 0], before[:, 1], after[:, 0], after[:, 1]


@cache
def word_classes() -> dict[str, int]:
    """Words that are no nouns with the number of their class.

    Raises: TermError when the file is missing or damaged.

    >>> [CLASSES[word_classes()[word]] for word in ("基于", "采用", "中")]
    ['preposition', 'verb', 'localiser']
    """
    arrays = shipped_arrays(CLASSES_FILE, *CLASSES[:_NOUN])
    texts = (bytes(arrays[name]).decode() for name in CLASSES[:_NOUN])
    return {word: number for number, text in enumerate(texts) for word in text.splitlines()}


def count_classes(lines: Iterable[str]) -> bytes:
    """The shipped file, from the lines of jieba's dictionary: word, frequency, tag."""
    found: list[list[str]] = [[] for _ in CLASSES[:_NOUN]]
    for line in lines:
        word, frequency, tag = line.split()
        number = _LETTERS.get(tag[0])
        if number is not None and len(word) <= LONGEST_STORED and int(frequency) >= LEAST_FREQUENCY:
            found[number].append(word)
    stream = io.BytesIO()
    texts = ("\n".join(own).encode() for own in found)
    arrays = {name: np.frombuffer(text, dtype=np.uint8) for name, text in zip(CLASSES[:_NOUN], texts, strict=True)}
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()
