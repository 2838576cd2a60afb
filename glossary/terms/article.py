"""One document's beads made ready for pairing: words, folded Chinese, character posteriors, boundary votes.

A view of the beads as (English, Chinese) whatever the direction of the bitext was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.language import HAN_CHAR, Folded, fold
from glossary.terms.boundaries import DICTIONARY, FUNCTION, JIEBA, orphans, votes
from glossary.terms.candidates import Unit, units
from glossary.terms.pairing import BeadText, Posteriors, anchored, posteriors
from glossary.terms.pinyin import spelt_names
from glossary.terms.table import TranslationTable
from glossary.terms.text_index import TextIndex
from glossary.terms.tokens import Word, words

Floats = NDArray[np.float64]

LONGEST_SPAN = 14
"""Characters in the longest Chinese candidate. Source: TERMS.md, method 2."""


@dataclass(frozen=True, slots=True)
class BeadPair:
    """The text of one bead, English and Chinese, each as one string."""

    english: str
    chinese: str


EDGE_WEIGHT = {JIEBA: 0.5, DICTIONARY: 0.3, FUNCTION: 0.2}
"""How the voters are mixed when the spans of a bead are listed; ranking learns its own weights."""

INNER_SIGNS = frozenset("-.%·・&/+")
"""Signs that may stand inside a Chinese term: 新冠-19, 9.9%."""


class SpanEdges(NamedTuple):
    """Of positions 0..len of a Chinese text: signs before it that no span holds, whether a span may begin or end there
    (not in a Latin word or a number, not right after an orphan), mixed votes for a boundary."""

    blocked: NDArray[np.int64]
    whole: NDArray[np.bool_]
    vote: Floats


def _span_edges(text: str, votes_: Floats, orphans_: frozenset[int]) -> SpanEdges:
    blocked = np.concatenate([[0], np.cumsum([not (c.isalnum() or c in INNER_SIGNS) for c in text], dtype=np.int64)])
    narrow = [c.isalnum() and not HAN_CHAR.match(c) for c in text]
    inside = [0 < i < len(text) and narrow[i - 1] and narrow[i] for i in range(len(text) + 1)]
    whole = ~np.array([cut or i - 1 in orphans_ for i, cut in enumerate(inside)])
    return SpanEdges(blocked, whole, sum((votes_[v] * w for v, w in EDGE_WEIGHT.items()), np.zeros(len(text) + 1)))


class Article:
    """Everything known about the beads of one document before any term is chosen."""

    def __init__(
        self,
        pairs: Sequence[BeadPair],
        *,
        table: TranslationTable,
        is_word: Callable[[str], bool],
        readings: Callable[[str], Sequence[str]] = lambda char: (),
    ) -> None:
        self.pairs = tuple(pairs)
        self.is_word = is_word
        self.words: tuple[tuple[Word, ...], ...] = tuple(words(p.english) for p in pairs)
        self.folds: tuple[Folded, ...] = tuple(fold(p.chinese) for p in pairs)
        self.folded: tuple[str, ...] = tuple(f.text for f in self.folds)
        texts = [BeadText(w, f) for w, f in zip(self.words, self.folded, strict=True)]
        self.names = tuple(
            tuple(spelt_names(w, f, readings)) for w, f in zip(self.words, self.folded, strict=True)
        )  # (first word, last word, start, end) of names spelt in pinyin, per bead
        found = posteriors(texts, table, is_word)
        self.posteriors: tuple[Posteriors, ...] = tuple(map(anchored, found, self.names))

    @cached_property
    def votes(self) -> tuple[Floats, ...]:
        """Boundary votes per bead, see `boundaries.votes`."""
        return tuple(votes(text, self.is_word) for text in self.folded)

    @cached_property
    def orphans(self) -> tuple[frozenset[int], ...]:
        """Per bead, offsets of characters that most likely lost the character before them, see `boundaries.orphans`."""
        starts = orphans(self.folded, self.votes, self.is_word)
        return tuple(frozenset(at for at, _ in found) for found in starts)

    @cached_property
    def span_edges(self) -> tuple[SpanEdges, ...]:
        """Where spans may begin and end, per bead."""
        return tuple(map(_span_edges, self.folded, self.votes, self.orphans))

    @cached_property
    def units(self) -> dict[str, Unit]:
        """English candidates of the document by key."""
        return units([p.english for p in self.pairs], self.words)

    @cached_property
    def _text_index(self) -> TextIndex:
        return TextIndex("\n".join(self.folded))

    @cached_property
    def _jieba_totals(self) -> tuple[list[float], ...]:
        return tuple(np.concatenate([[0.0], np.cumsum(v[JIEBA])]).tolist() for v in self.votes)

    def jieba_cuts(self, bead: int, start: int, end: int) -> float:
        """How often jieba cuts at the positions start..end-1 of a bead."""
        totals = self._jieba_totals[bead]
        return totals[max(start, end)] - totals[start]

    def edges(self, span: str) -> tuple[int, Counter[str], Counter[str]]:
        """How often a Chinese string stands in the document, and its left and right neighbour characters."""
        return self._text_index.edges(span)

    def bead_rows(self, unit: Unit) -> Mapping[int, tuple[int, ...]]:
        """Per bead, the word indices of the unit's first place there."""
        rows: dict[int, tuple[int, ...]] = {}
        for place in unit.places:
            rows.setdefault(place.bead, tuple(range(place.first, place.last)))
        return rows
