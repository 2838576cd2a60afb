"""What the words of units say of the spans of their beads, many units and beads at a time: numpy is asked once for all.

A look is one unit in one bead. For a span: precision = mean share of its characters that the unit's words explain;
recall = how much of each word's best character it holds; F = their harmonic mean. Source: TERMS.md, recipe 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.terms.article import LONGEST_SPAN, Article
from glossary.terms.runs import before, runs, turn

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

SPANS_PER_BEAD = 20
SPANS_PER_SIZE = 8
"""Source of the two: TERMS.md, recipe 4."""

TRUSTED_MASS = 0.1
"""A word whose best character has less mass than this counts for recall only in proportion: it is hardly aligned."""

LEAST_RANK = 0.03
"""Spans whose evidence times edge votes is lower are not listed: nothing speaks for them."""

_WINDOWS = (1, 2, 4, 8)
"""Lengths whose maxima are kept: two of them cover any span up to LONGEST_SPAN."""

_WINDOW_OF = np.array([max(0, size.bit_length() - 1) for size in range(2 * _WINDOWS[-1])])
"""Which of them covers a span of each length when it is laid twice."""


class Sighting(NamedTuple):
    """One place of a span: folded[start:end] of bead `bead`, with its evidence.

    `least` is the recall of the word it holds least of. Of the span, the character before and the one after (0 at the
    text's edge): `*_mass` is the share the unit's words explain, `foreign*` the share other words explain. `first_*`
    and `last_*` are the same two of the span's first and last word.
    """

    bead: int
    start: int
    end: int
    f: float
    precision: float
    recall: float
    least: float
    left_mass: float
    right_mass: float
    foreign: float
    foreign_left: float
    foreign_right: float
    first_own: float
    first_foreign: float
    last_own: float
    last_foreign: float


class _Evidence(NamedTuple):
    """Of a unit's words in a bead: `sums` are running sums of what they and other words explain, shape
    (2, characters + 1); `part` is how much of each stem's best character every character holds."""

    sums: Floats
    part: Floats


def _evidence(article: Article, bead: int, row: tuple[int, ...]) -> _Evidence:
    found, picked = article.posteriors[bead], list(row)
    column = found.share(picked).sum(axis=0, dtype=np.float64)
    mass = np.concatenate([found.parts.get(i, found.mass[i : i + 1]) for i in row])
    peak = mass.max(axis=1, keepdims=True)
    part = mass / np.maximum(peak, 1e-9) * np.minimum(1.0, peak / TRUSTED_MASS)
    sums = np.zeros((2, len(column) + 1))
    column.cumsum(out=sums[0, 1:])
    (article.explained[bead] - column).cumsum(out=sums[1, 1:])
    return _Evidence(sums, part)


def measure(article: Article, bead: int, row: tuple[int, ...], start: int, end: int) -> Sighting:
    """The evidence that a unit's words stand at folded[start:end] of a bead."""
    (sums, part), size = _evidence(article, bead, row), end - start
    parts = part[:, start:end].max(axis=1)
    precision, recall = float(sums[0, end] - sums[0, start]) / size, float(parts.mean())
    f = 2 * precision * recall / (precision + recall + 1e-9)
    own, other, last = *sums, sums.shape[1] - 1
    left, right = max(start - 1, 0), min(end + 1, last)
    opens, _, closes, _ = article.span_words(*(np.array([n]) for n in (bead, start, end)))
    open_, close = start + int(opens[0]), end - int(closes[0])
    return Sighting(
        bead, start, end, f, precision, recall, float(parts.min()), float(own[start] - own[left]),
        float(own[right] - own[end]), float(other[end] - other[start]) / size, float(other[start] - other[left]),
        float(other[right] - other[end]),
        *((sums[:, open_] - sums[:, start]) / (open_ - start)).tolist(),
        *((sums[:, end] - sums[:, close]) / (end - close)).tolist(),
    )  # fmt: skip


class Looks:
    """Looks at beads that hold characters. Arrays have the looks one after the other: `sums` as in `_Evidence`; `most`
    is for each of _WINDOWS what a stem has of its best character in the window that begins at a character."""

    def __init__(self, article: Article, wanted: Sequence[tuple[int, tuple[int, ...]]]) -> None:
        self.article = article
        self.beads = np.array([bead for bead, _ in wanted], dtype=np.int64)
        self._size = np.array([len(article.folded[bead]) for bead in self.beads.tolist()], dtype=np.int64)
        self._first_sum = before(self._size + 1)
        self._sums = self._running_sums(wanted)
        self._stems, part = self._held(wanted)
        self._first_part = before(self._size * self._stems)
        self._most = _maxima(part)

    def _running_sums(self, wanted: Sequence[tuple[int, tuple[int, ...]]]) -> Floats:
        """What the looks' words and other words explain, look after look: `sums` of `_Evidence`."""
        sums = np.zeros((2, int((self._size + 1).sum())))
        if not wanted:
            return sums
        found = [self.article.posteriors[bead] for bead, _ in wanted]
        words = [len(row) for _, row in wanted]
        mass = np.concatenate([own.mass[i] for own, (_, row) in zip(found, wanted, strict=True) for i in row])
        total = np.concatenate([own.total for own, count in zip(found, words, strict=True) for _ in range(count)])
        first = before(self._size)
        where = runs(np.repeat(first, words), np.repeat(self._size, words))
        column = np.bincount(where, mass / total, int(self._size.sum()))
        rest = np.concatenate([self.article.explained[bead] for bead, _ in wanted]) - column
        for at, start, size in zip(self._first_sum.tolist(), first.tolist(), self._size.tolist(), strict=True):
            column[start : start + size].cumsum(out=sums[0, at + 1 : at + 1 + size])
            rest[start : start + size].cumsum(out=sums[1, at + 1 : at + 1 + size])
        return sums

    def _held(self, wanted: Sequence[tuple[int, tuple[int, ...]]]) -> tuple[Ints, Floats]:
        """How many stems each look has; what every character holds of their best ones: `part` of `_Evidence`."""
        if not wanted:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        rows, stems = [], []
        for bead, row in wanted:
            found = self.article.posteriors[bead]
            own = [found.parts.get(i, found.mass[i : i + 1]) for i in row]
            rows += [part.ravel() for part in own]
            stems.append(sum(map(len, own)))
        mass, many = np.concatenate(rows), np.array(stems, dtype=np.int64)
        sizes = np.repeat(self._size, many)
        peak = np.maximum.reduceat(mass, before(sizes))
        part = mass / np.repeat(np.maximum(peak, 1e-9), sizes)
        part *= np.repeat(np.minimum(1.0, peak / TRUSTED_MASS), sizes)
        return many, part

    def best(self) -> tuple[Ints, Ints, Ints]:
        """Look, start and end of the spans with the best evidence at the best edges: look after look, best first."""
        look, start, end, weight = self._spans()
        precision = self._precision(look, start, end)
        able = np.flatnonzero(2 * precision * weight > LEAST_RANK)  # F is at most twice the precision
        look, start, end, precision = look[able], start[able], end[able], precision[able]
        rank = _f(precision, self._recall(look, start, end)[0]) * weight[able]
        top = np.flatnonzero(rank > LEAST_RANK)
        small = np.min_scalar_type(len(self.beads))  # numpy sorts numbers of 16 bits by counting
        order = look[top].astype(small)
        top = top[np.lexsort((-rank[top], (end[top] - start[top]).astype(np.int8), order))]
        top = top[turn(look[top] * (LONGEST_SPAN + 1) + end[top] - start[top]) < SPANS_PER_SIZE]
        top = top[np.lexsort((-rank[top], look[top].astype(small)))]
        top = top[turn(look[top]) < SPANS_PER_BEAD]
        return look[top], start[top], end[top]

    def _spans(self) -> tuple[Ints, Ints, Ints, Floats]:
        """Look, start, end and weight of the spans that begin where the looks' words explain something or before it."""
        spans = self.article.spans
        text = spans.text[self.beads]
        begins, ends = self._explained()
        low = spans.first[text + np.maximum(begins - LONGEST_SPAN + 1, 0)]
        counts = np.maximum(spans.first[text + ends] - low, 0)
        look = np.repeat(np.arange(len(self.beads)), counts)
        at = runs(low, counts)
        start = spans.start[at].astype(np.int64)
        return look, start, start + spans.size[at], spans.weight[at]

    def _explained(self) -> tuple[Ints, Ints]:
        """Of each look, where the first character begins and the last one ends that alone could give a span its rank: a
        span's is at most twice the largest share of its characters. The rest of the bead has no such span."""
        hot = np.flatnonzero(2 * np.diff(self._sums[0]) > LEAST_RANK)  # never between two looks: sums begin at 0
        first, last = np.searchsorted(hot, [self._first_sum, self._first_sum + self._size])
        places = np.append(hot, 0)
        begins, ends = places[first], places[last - 1] + 1
        found = first < last
        return np.where(found, begins - self._first_sum, 0), np.where(found, ends - self._first_sum, 0)

    def table(self, look: Ints, start: Ints, end: Ints) -> Floats:
        """A row for every span folded[start:end] of a look's bead, the columns those of Sighting."""
        made = np.empty((len(look), len(Sighting._fields)))
        first, size = self._first_sum[look], self._size[look]
        edges = np.array([np.maximum(start - 1, 0), start, end, np.minimum(end + 1, size)])
        across = self._sums[:, first + edges]
        across = across[:, 1:] - across[:, :-1]
        made[:, 0], made[:, 1], made[:, 2] = self.beads[look], start, end
        made[:, 4] = self._precision(look, start, end)
        made[:, 5], made[:, 6] = self._recall(look, start, end)
        made[:, 3] = _f(made[:, 4], made[:, 5])
        made[:, 7], made[:, 8] = across[0, 0], across[0, 2]
        made[:, 9], made[:, 10], made[:, 11] = across[1, 1] / (end - start), across[1, 0], across[1, 2]
        opens, _, closes, _ = self.article.span_words(self.beads[look], start, end)
        made[:, 12:14] = ((self._sums[:, first + start + opens] - self._sums[:, first + start]) / opens).T
        made[:, 14:16] = ((self._sums[:, first + end] - self._sums[:, first + end - closes]) / closes).T
        return made

    def _precision(self, look: Ints, start: Ints, end: Ints) -> Floats:
        own, first = self._sums[0], self._first_sum[look]
        precision: Floats = (own[first + end] - own[first + start]) / (end - start)
        return precision

    def _recall(self, look: Ints, start: Ints, end: Ints) -> tuple[Floats, Floats]:
        """How much the spans hold of the words' best characters: the mean of all stems, the least of one."""
        if not len(look):
            return np.zeros(0), np.zeros(0)
        stems = self._stems[look]
        first = before(stems)
        span = np.repeat(np.arange(len(look)), stems)
        stem = np.arange(len(span)) - first[span]
        size, owner = (end - start)[span], look[span]
        window = _WINDOW_OF[size]
        at = self._first_part[owner] + stem * self._size[owner] + start[span]
        held = np.maximum(self._most[window, at], self._most[window, at + size - (1 << window)])
        return np.add.reduceat(held, first) / stems.astype(np.float32), np.minimum.reduceat(held, first)


def _f(precision: Floats, recall: Floats) -> Floats:
    f: Floats = 2 * precision * recall / (precision + recall + 1e-9)
    return f


def _maxima(part: Floats) -> Floats:
    """Per window of _WINDOWS and place, the largest value from there on; those that pass the end are of no use."""
    most = [part]
    for size in _WINDOWS[:-1]:
        most.append(most[-1].copy())
        np.maximum(most[-2][:-size], most[-2][size:], out=most[-1][:-size])
    return np.stack(most)
