"""One document's beads made ready for pairing: words, folded Chinese, character posteriors, boundary votes.

A view of the beads as (English, Chinese) whatever the direction of the bitext was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glossary.language import Folded, fold
from glossary.terms.boundaries import JIEBA, orphans, votes
from glossary.terms.candidates import Unit, units
from glossary.terms.pairing import BeadText, Posteriors, anchored, posteriors
from glossary.terms.pinyin import spelt_names
from glossary.terms.table import TranslationTable
from glossary.terms.tokens import Word, words

Floats = NDArray[np.float64]

LONGEST_SPAN = 14
"""Characters in the longest Chinese candidate. Source: TERMS.md, method 2."""


@dataclass(frozen=True, slots=True)
class BeadPair:
    """The text of one bead, English and Chinese, each as one string."""

    english: str
    chinese: str


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
    def units(self) -> dict[str, Unit]:
        """English candidates of the document by key."""
        return units([p.english for p in self.pairs], self.words)

    @cached_property
    def joined(self) -> str:
        """The Chinese of all beads, one a line."""
        return "\n".join(self.folded)

    @cached_property
    def _jieba_totals(self) -> tuple[list[float], ...]:
        return tuple(np.concatenate([[0.0], np.cumsum(v[JIEBA])]).tolist() for v in self.votes)

    def jieba_cuts(self, bead: int, start: int, end: int) -> float:
        """How often jieba cuts at the positions start..end-1 of a bead."""
        totals = self._jieba_totals[bead]
        return totals[max(start, end)] - totals[start]

    def edges(self, span: str, cap: int = 60) -> tuple[int, Counter[str], Counter[str]]:
        """How often a Chinese string stands in the document, and its left and right neighbour characters."""
        left: Counter[str] = Counter()
        right: Counter[str] = Counter()
        at, seen = self.joined.find(span), 0
        while at >= 0 and seen < cap:
            left[self.joined[at - 1 : at]] += 1
            right[self.joined[at + len(span) : at + len(span) + 1]] += 1
            seen += 1
            at = self.joined.find(span, at + 1)
        return (self.joined.count(span) if seen == cap else seen), left, right

    def bead_rows(self, unit: Unit) -> Mapping[int, tuple[int, ...]]:
        """Per bead, the word indices of the unit's first place there."""
        rows: dict[int, tuple[int, ...]] = {}
        for place in unit.places:
            rows.setdefault(place.bead, tuple(range(place.first, place.last)))
        return rows
