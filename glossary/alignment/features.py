"""The evidence for every possible bead, as numbers: the model's only view of the texts.

A bead covers a source sentences from i and b target sentences from j. Features are computed for a block of rows and a
window of columns at a time, one array (rows, columns) per feature, so that a long text never needs more than a block.
All are 0 where they do not apply (no encoder, no dictionary, one sentence on a side), and all are about 1 in size.

    similarity   c = cosine of the two spans; x = (1 - c) / (1 - r), r the mean similarity with random spans of its size
    words        share and mass (summed rarity) of words with a translation on the other side, and without; the least
                 covered sentence of the bead
    boundaries   what an edge sentence adds: c minus the best c without it; what a neighbour would add; whether an edge
                 sentence is more like the other side of its own bead or like the neighbour's
    form         length against the text's own ratio; how sentences end; quotations that open and close together
Source: Vecalign's normalised distance (Thompson and Koehn 2019, eq. 2), hunalign's dictionary score (Varga et al.
2005), Gale and Church 1993 for length; the edge and growth features are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from glossary.alignment.cover import MASS_FLOOR, WordCover
from glossary.alignment.marks import Marks
from glossary.alignment.tokens import TokenPair
from glossary.embedding import SpanVectors

Array = NDArray[np.float32]
Kind = TypeVar("Kind", bound=np.generic)

TYPES: tuple[tuple[int, int], ...] = (
    (1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (1, 4), (4, 1), (2, 3), (3, 2), (1, 5), (5, 1),
    (3, 3), (2, 4), (4, 2), (1, 6), (6, 1), (3, 4), (4, 3), (1, 7), (7, 1),
)  # fmt: skip
"""Bead types, source x target: all that occur more than once in the dev gold, and their mirror images."""

LONGEST = max(max(pair) for pair in TYPES)
FAR = LONGEST + 1  # rows and columns a block needs beyond its end
ROWS = 48  # rows of a block: fewer cost more calls, more widen the window

SHARED = (
    "c", "c_w", "c2_w", "x", "x_w", "x_ab", "z2", "z2_w", "z_abs", "drop_source", "drop_target",
    "more_source_after", "more_source_before", "more_target_after", "more_target_before",
    "edge_source_last", "edge_source_first", "edge_target_last", "edge_target_first",
    "covered_source", "covered_target", "bare_source", "bare_target", "share_source", "share_target",
    "least_source", "least_target", "word_edge_source_last", "word_edge_source_first",
    "word_edge_target_last", "word_edge_target_first",
    "end_same", "end_question", "end_exclamation", "end_weak", "end_mixed",
    "opens_both", "opens_one", "closes_both", "closes_one", "balance_differs", "open_source", "open_target",
    "c_pair",
    "c_three",
    "c_many",
    "share_pair",
    "share_three",
    "share_many",
    "regret_source",
    "regret_target",
    "shortest_source",
    "shortest_target",
    "clauses",
    "inner_quotes_source", "inner_quotes_target", "quotes_differ", "prior",
)  # fmt: skip
"""Names of the features that follow one bias per bead type."""

NAMES: tuple[str, ...] = tuple(f"type_{a}_{b}" for a, b in TYPES) + SHARED
NULL_NAMES = ("bias", "best_similarity", "best_share", "length", "short", "log_rate", "best_rate", "opens", "closes")
"""Features of a sentence left without translation."""
_AT = {name: len(TYPES) + k for k, name in enumerate(SHARED)}
_TYPE_AT = {pair: k for k, pair in enumerate(TYPES)}


@dataclass(frozen=True)
class Evidence:
    """All that is known about a pair of texts before alignment; None where an aligner does without it."""

    marks: tuple[Marks, Marks]
    spans: tuple[SpanVectors, SpanVectors] | None
    random: tuple[Array, Array]  # mean similarity with random spans, (LONGEST + 1,) by size, per side
    words: TokenPair | None
    ratio: float  # target characters per source character

    @property
    def n(self) -> int:
        """Source sentences."""
        return len(self.marks[0].length)

    @property
    def m(self) -> int:
        """Target sentences."""
        return len(self.marks[1].length)


@dataclass(frozen=True)
class Block:
    """Rows [top, bottom) and columns [left, right) whose beads are scored together."""

    top: int
    bottom: int
    left: int
    right: int


def blocks_of(windows: NDArray[np.int64]) -> list[Block]:
    """The corridor as blocks of ROWS rows, each as wide as the widest need of its rows."""
    out = []
    for top in range(0, len(windows), ROWS):
        part = windows[top : top + ROWS]
        out.append(Block(top, top + len(part), int(part[:, 0].min()), int(part[:, 1].max())))
    return out


def random_similarity(spans: tuple[SpanVectors, SpanVectors]) -> tuple[Array, Array]:
    """Mean similarity of spans with sentences from all over the other text, by span size; index 0 unused."""
    n, m = len(spans[0]), len(spans[1])
    out = (np.zeros(LONGEST + 1, np.float32), np.zeros(LONGEST + 1, np.float32))
    picks = [np.unique(np.linspace(0, count - 1, min(count, 40)).astype(int)) for count in (n, m)]
    for side in (0, 1):
        other = np.concatenate([spans[1 - side].vectors(1, k, k + 1) for k in picks[1 - side]])
        for size in range(1, LONGEST + 1):
            own = np.concatenate([spans[side].vectors(size, k, k + 1) for k in picks[side]])
            out[side][size] = float((own @ other.T).mean())
    return out


class BlockFeatures:
    """Features of all bead types over one block. Arrays in here have FAR extra rows and columns, and one before."""

    def __init__(self, evidence: Evidence, block: Block, best: tuple[Array, Array]) -> None:
        self._e = evidence
        self._b = block
        self._height = block.bottom - block.top
        self._width = block.right - block.left
        self._similarity = _similarities(evidence, block) if evidence.spans else {}
        self._best = tuple(_reached(side, *ends) for side, ends in zip(best, self._ends(), strict=True))
        self._regrets: dict[tuple[int, int, int], Array] = {}
        self._clauses = [_padded_cumulative(m.clauses, r) for m, r in zip(evidence.marks, self._ends(), strict=True)]
        self._words = _cover(evidence.words, block) if evidence.words else None
        self._length = [_padded_cumulative(m.length, r) for m, r in zip(evidence.marks, self._ends(), strict=True)]
        self._quotes = [_padded_cumulative(m.quotes, r) for m, r in zip(evidence.marks, self._ends(), strict=True)]
        self._balance = [_padded_cumulative(m.balance, r) for m, r in zip(evidence.marks, self._ends(), strict=True)]
        self._inner = [
            _padded_cumulative(_inner_marks(m), r) for m, r in zip(evidence.marks, self._ends(), strict=True)
        ]

    def _ends(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return (self._b.top, self._b.bottom + FAR), (self._b.left, self._b.right + FAR)

    @property
    def best_share(self) -> Array:
        """Mean of the two sides' word shares for single sentences, (rows, columns); zeros without words."""
        if self._words is None:
            return np.zeros((self._height, self._width), np.float32)
        source, target = self._words.shares(1, 1)
        return np.asarray(self._cut(source + target) / 2, np.float32)

    def _cut(self, array: Array, down: int = 0, right: int = 0) -> Array:
        """The block's own part of an extended array, moved by whole sentences."""
        return array[1 + down : 1 + down + self._height, 1 + right : 1 + right + self._width]

    def of(self, a: int, b: int, prior: float = 0.0) -> Array:
        """Features (len(NAMES), rows, columns) of a x b beads; those that pass the end of a text are not masked."""
        out = np.zeros((len(NAMES), self._height, self._width), np.float32)
        out[_TYPE_AT[a, b]] = 1.0
        out[_AT["prior"]] = prior
        self._similarity_features(out, a, b)
        self._word_features(out, a, b)
        self._form_features(out, a, b)
        return out

    def _similarity_features(self, out: Array, a: int, b: int) -> None:
        s = self._similarity
        if not s:
            return
        w = (a + b) / 2
        c = self._cut(s[a, b])
        random = (self._e.random[0][a] + self._e.random[1][b]) / 2
        x = (1 - c) / max(1 - random, 0.1)
        for name, value in (
            ("c", c),
            ("c_w", c * w),
            ("c2_w", c * c * w),
            ("x", x),
            ("x_w", x * w),
            ("x_ab", x * a * b),
        ):
            out[_AT[name]] = value
        out[_AT[("c_pair", "c_three", "c_many")[min(a + b, 4) - 2]]] = c
        out[_AT["regret_source"]] = 3 * self._regret(0, a, b)
        out[_AT["regret_target"]] = 3 * self._regret(1, a, b)
        if a > 1:
            out[_AT["drop_source"]] = 5 * (c - np.maximum(self._cut(s[a - 1, b]), self._cut(s[a - 1, b], 1)))
            first, last = self._cut(s[1, b]), self._cut(s[1, b], a - 1)
            out[_AT["edge_source_last"]] = 2 * (last - self._cut(s[1, 1], a - 1, b))
            out[_AT["edge_source_first"]] = 2 * (first - self._cut(s[1, 1], 0, -1))
        if b > 1:
            out[_AT["drop_target"]] = 5 * (c - np.maximum(self._cut(s[a, b - 1]), self._cut(s[a, b - 1], 0, 1)))
            first, last = self._cut(s[a, 1]), self._cut(s[a, 1], 0, b - 1)
            out[_AT["edge_target_last"]] = 2 * (last - self._cut(s[1, 1], a, b - 1))
            out[_AT["edge_target_first"]] = 2 * (first - self._cut(s[1, 1], -1, 0))
        for name, size, down, right in (
            ("more_source_after", (a + 1, b), 0, 0), ("more_source_before", (a + 1, b), -1, 0),
            ("more_target_after", (a, b + 1), 0, 0), ("more_target_before", (a, b + 1), 0, -1),
        ):  # fmt: skip
            if size in s:
                out[_AT[name]] = 5 * np.clip(self._cut(s[size], down, right) - c, -0.1, 0.3)

    def _regret(self, side: int, a: int, b: int) -> Array:
        """By how much the best matches of a side's sentences anywhere are better than those inside the bead, summed."""
        own, other = (a, b) if side == 0 else (b, a)
        singles = []
        for k in range(own):
            key = (side, k, other)
            if key not in self._regrets:
                s = self._similarity[1, 1]
                inside = [self._cut(s, k, q) if side == 0 else self._cut(s, q, k) for q in range(other)]
                best = self._best[side][k : k + (self._height if side == 0 else self._width)]
                best = best[:, None] if side == 0 else best[None, :]
                self._regrets[key] = np.maximum(best - np.maximum.reduce(inside), 0)
            singles.append(self._regrets[key])
        return np.asarray(sum(singles[1:], singles[0]), np.float32)

    def _word_features(self, out: Array, a: int, b: int) -> None:
        words = self._words
        if words is None:
            return
        for side, name, count in ((0, "source", a), (1, "target", b)):
            covered = self._cut(words.covered(side, a, b))
            mass = self._cut(words.mass(side, count))
            out[_AT[f"covered_{name}"]] = covered
            out[_AT[f"bare_{name}"]] = mass - covered
            out[_AT[f"share_{name}"]] = covered / (mass + MASS_FLOOR)
            if count > 1:
                out[_AT[f"least_{name}"]] = self._cut(words.least(side, a, b))
                for place, value in words.edges(side, a, b).items():
                    out[_AT[f"word_edge_{name}_{place}"]] = self._cut(value)

        out[_AT[("share_pair", "share_three", "share_many")[min(a + b, 4) - 2]]] = np.minimum(
            out[_AT["share_source"]], out[_AT["share_target"]]
        )

    def _form_features(self, out: Array, a: int, b: int) -> None:
        rows, columns = self._height, self._width
        length = [c[k : k + size] - c[:size] for c, k, size in zip(self._length, (a, b), (rows, columns), strict=True)]
        z = np.log((length[1][None, :] + 3) / (length[0][:, None] * self._e.ratio + 3))
        out[_AT["z_abs"]] = np.abs(z)
        z2 = np.minimum(z * z, 4)
        out[_AT["z2"]] = z2
        out[_AT["z2_w"]] = z2 * (a + b) / 2
        clauses = [c[k : k + s] - c[:s] for c, k, s in zip(self._clauses, (a, b), (rows, columns), strict=True)]
        out[_AT["clauses"]] = np.abs(np.log(clauses[1] + 1)[None, :] - np.log(clauses[0] + 1)[:, None])
        if a > 1:
            out[_AT["shortest_source"]] = _shortest(self._e.marks[0].length, self._b.top, rows, a)[:, None]
        if b > 1:
            out[_AT["shortest_target"]] = _shortest(self._e.marks[1].length, self._b.left, columns, b)[None, :]
        self._ending_features(out, a, b)
        self._quote_features(out, a, b)

    def _ending_features(self, out: Array, a: int, b: int) -> None:
        source = _taken(self._e.marks[0].ending, self._b.top + a - 1, self._height)[:, None]
        target = _taken(self._e.marks[1].ending, self._b.left + b - 1, self._width)[None, :]
        same = source == target
        out[_AT["end_same"]] = same
        out[_AT["end_question"]] = (source == 2) & (target == 2)
        out[_AT["end_exclamation"]] = (source == 3) & (target == 3)
        weak_source, weak_target = (source == 0) | (source >= 4), (target == 0) | (target >= 4)
        out[_AT["end_weak"]] = weak_source & weak_target
        out[_AT["end_mixed"]] = weak_source != weak_target

    def _quote_features(self, out: Array, a: int, b: int) -> None:
        first, second = self._e.marks
        top, left, rows, columns = self._b.top, self._b.left, self._height, self._width
        opens = _taken(first.opens, top, rows)[:, None], _taken(second.opens, left, columns)[None, :]
        closes = _taken(first.closes, top + a - 1, rows)[:, None], _taken(second.closes, left + b - 1, columns)[None, :]
        out[_AT["opens_both"]] = opens[0] & opens[1]
        out[_AT["opens_one"]] = opens[0] != opens[1]
        out[_AT["closes_both"]] = closes[0] & closes[1]
        out[_AT["closes_one"]] = closes[0] != closes[1]
        balance = [c[k : k + s] - c[:s] for c, k, s in zip(self._balance, (a, b), (rows, columns), strict=True)]
        quotes = [c[k : k + s] - c[:s] for c, k, s in zip(self._quotes, (a, b), (rows, columns), strict=True)]
        out[_AT["balance_differs"]] = np.sign(balance[0])[:, None] != np.sign(balance[1])[None, :]
        out[_AT["open_source"]] = (balance[0] != 0)[:, None]
        out[_AT["open_target"]] = (balance[1] != 0)[None, :]
        out[_AT["quotes_differ"]] = np.minimum(np.abs(quotes[0][:, None] - quotes[1][None, :]), 4) / 2
        inner = [c[k - 1 : k - 1 + s] - c[:s] for c, k, s in zip(self._inner, (a, b), (rows, columns), strict=True)]
        out[_AT["inner_quotes_source"]] = inner[0][:, None]
        out[_AT["inner_quotes_target"]] = inner[1][None, :]


def _shortest(lengths: Array, start: int, count: int, size: int) -> Array:
    """Log length of the shortest of `size` sentences, against twenty characters."""
    parts = [_taken(lengths, start + k, count) for k in range(size)]
    return np.asarray(np.log(np.minimum.reduce(parts) / 20), np.float32)


def _reached(values: Array, start: int, stop: int) -> Array:
    """values[start:stop], zeros beyond the end."""
    out = np.zeros(stop - start, np.float32)
    part = values[start:stop]
    out[: len(part)] = part
    return out


def _inner_marks(marks: Marks) -> Array:
    """Per sentence, 1 when a quotation closes at its end or opens at the next one's start."""
    following = np.append(marks.opens[1:], False)
    return np.asarray(marks.closes | following, np.float32)


def _taken(values: NDArray[Kind], start: int, count: int) -> NDArray[Kind]:
    """values[start : start + count], the last one repeated beyond the end."""
    return values[np.minimum(np.arange(start, start + count), len(values) - 1)]


def _padded_cumulative(values: Array, ends: tuple[int, int]) -> Array:
    """Cumulative sums from ends[0]: entry k is the sum of k values; nothing is added beyond the end."""
    part = values[ends[0] : ends[1]].astype(np.float32)
    padded = np.concatenate([[0.0], np.cumsum(part), np.full(ends[1] - ends[0] - len(part), part.sum())])
    return np.asarray(padded, np.float32)


def _similarities(evidence: Evidence, block: Block) -> dict[tuple[int, int], Array]:
    """Cosines of spans by size, rows top-1 .. bottom+FAR-1, columns left-1 .. right+FAR-1; 0 outside the texts."""
    assert evidence.spans is not None
    needed = set(TYPES) | {(1, k) for k in range(1, LONGEST + 1)} | {(k, 1) for k in range(1, LONGEST + 1)}
    sources = {a: _vectors(evidence.spans[0], a, block.top - 1, block.bottom + FAR) for a, _ in needed}
    targets = {b: _vectors(evidence.spans[1], b, block.left - 1, block.right + FAR) for _, b in needed}
    return {(a, b): sources[a] @ targets[b].T for a, b in needed}


def _vectors(spans: SpanVectors, size: int, start: int, stop: int) -> Array:
    if start >= 0:
        return spans.vectors(size, start, stop)
    inside = spans.vectors(size, 0, stop)
    return np.concatenate([np.zeros((-start, inside.shape[1]), np.float32), inside])


def _cover(words: TokenPair, block: Block) -> WordCover:
    rows = range(block.top - 1, block.bottom + FAR)
    return WordCover(words, rows, range(block.left - 1, block.right + FAR), LONGEST)
