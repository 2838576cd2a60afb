"""Which words of a span have a translation in a span of the other text, for all spans of a block at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glossary.alignment.tokens import Hits, TokenPair, TokenSide

Array = NDArray[np.float32]


class WordCover:
    """Covered mass of spans. Arrays have a row per source and a column per target sentence; 0 outside the texts.

    `rows` and `columns` are half-open ranges of sentence numbers and may reach outside the texts.
    """

    def __init__(self, pair: TokenPair, rows: range, columns: range, longest: int) -> None:
        self._mass = (_mass(pair.source, rows)[:, None], _mass(pair.target, columns)[None, :])
        source = _covered_by_spans(pair.source, pair.source_hits, rows, columns, longest)
        target = _covered_by_spans(pair.target, pair.target_hits, columns, rows, longest)
        # [side][size of the other side's span - 1]: covered mass of one sentence, (rows, columns)
        self._single = (source, [np.ascontiguousarray(array.T) for array in target])
        self._sums: dict[tuple[int, int, int], Array] = {}

    def mass(self, side: int, count: int) -> Array:
        """Summed word weight of `count` sentences of a side, (rows, columns), the same along the other side."""
        return np.broadcast_to(_sum_ahead(self._mass[side], count, side), self._single[0][0].shape)

    def covered(self, side: int, a: int, b: int) -> Array:
        """Mass of a side's words that have a translation on the other side of an a x b bead."""
        own, other = (a, b) if side == 0 else (b, a)
        known = self._sums.get((side, own, other))
        if known is None:
            before = self._sums.get((side, own - 1, other))
            single = self._single[side][other - 1]
            known = _sum_ahead(single, own, side) if before is None else before + _ahead(single, own - 1, side)
            self._sums[side, own, other] = known
        return known

    def shares(self, a: int, b: int) -> tuple[Array, Array]:
        """Covered share of both sides, 0..1."""
        return (
            self.covered(0, a, b) / (self.mass(0, a) + MASS_FLOOR),
            self.covered(1, a, b) / (self.mass(1, b) + MASS_FLOOR),
        )

    def least(self, side: int, a: int, b: int) -> Array:
        """Share of the least covered sentence of a side."""
        own, other = (a, b) if side == 0 else (b, a)
        share = self._single[side][other - 1] / (self._mass[side] + MASS_FLOOR)
        out = share
        for k in range(1, own):
            out = np.minimum(out, _ahead(share, k, side))
        return out

    def edges(self, side: int, a: int, b: int) -> dict[str, Array]:
        """By how much the edge sentences of a side are better covered by their own bead than by its neighbour."""
        own, other = (a, b) if side == 0 else (b, a)
        mass = self._mass[side] + MASS_FLOOR
        by_bead = self._single[side][other - 1] / mass
        by_one = self._single[side][0] / mass
        last = _ahead(by_bead, own - 1, side) - _ahead(_ahead(by_one, own - 1, side), other, 1 - side)
        return {"last": last, "first": by_bead - _behind(by_one, 1 - side)}


MASS_FLOOR = 0.2  # added to a mass before it divides: a sentence of particles alone gets no large share


def _mass(side: TokenSide, rows: range) -> Array:
    out = np.zeros(len(rows), np.float32)
    n = len(side.starts) - 1
    low, high = max(rows.start, 0), min(rows.stop, n)
    if high > low:
        out[low - rows.start : high - rows.start] = side.mass[low:high]
    return out


def _covered_by_spans(own: TokenSide, hits: Hits, rows: range, columns: range, longest: int) -> list[Array]:
    """For spans of 1..longest sentences of the other text: covered mass of each own sentence, (rows, columns)."""
    shape = (len(rows), len(columns))
    low, high = max(rows.start, 0), min(rows.stop, len(own.starts) - 1)
    if high <= low:
        return [np.zeros(shape, np.float32) for _ in range(longest)]
    types = own.types[own.starts[low] : own.starts[high]].astype(np.int64)
    row = np.repeat(np.arange(low, high) - rows.start, np.diff(own.starts[low : high + 1]))
    strength, used = _hit_matrix(types, hits, columns)
    single = strength * own.weights[types[used]][:, None]
    widest = single.copy()
    row = row[used]
    first = np.flatnonzero(np.diff(row, prepend=-1)) if len(row) else np.zeros(0, np.int64)
    out = []
    for size in range(1, longest + 1):
        if size > 1:
            reach = widest[:, : -(size - 1)]
            np.maximum(reach, single[:, size - 1 :], out=reach)
        sums = np.zeros(shape, np.float32)
        if len(first):
            sums[row[first]] = np.add.reduceat(widest, first, axis=0)
        out.append(sums)
    return out


def _hit_matrix(types: NDArray[np.int64], hits: Hits, columns: range) -> tuple[Array, NDArray[np.int64]]:
    """Strength of each token's translations per column, (tokens, columns), only for tokens that have any; and which."""
    base = types * hits.stride
    low = np.searchsorted(hits.type_and_sentence, base + max(columns.start, 0))
    high = np.searchsorted(hits.type_and_sentence, base + min(columns.stop, hits.stride - 1))
    count = np.maximum(high - low, 0)
    used = np.flatnonzero(count)
    out = np.zeros((len(used), len(columns)), np.float32)
    count = count[used]
    token = np.repeat(np.arange(len(used)), count)
    at = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low[used], count)
    out[token, hits.type_and_sentence[at] - np.repeat(base[used], count) - columns.start] = hits.strength[at]
    return out, used


def _ahead(array: Array, k: int, axis: int) -> Array:
    """The array moved k places: entry i holds what stood at i + k; zeros at the end."""
    if k == 0 or array.shape[axis] == 1:
        return array
    out = np.zeros_like(array)
    if k < array.shape[axis]:
        if axis == 0:
            out[:-k] = array[k:]
        else:
            out[:, :-k] = array[:, k:]
    return out


def _behind(array: Array, axis: int) -> Array:
    """Entry i holds what stood at i - 1; zeros at the start."""
    out = np.zeros_like(array)
    if axis == 0:
        out[1:] = array[:-1]
    else:
        out[:, 1:] = array[:, :-1]
    return out


def _sum_ahead(array: Array, count: int, axis: int) -> Array:
    out = array
    for k in range(1, count):
        out = out + _ahead(array, k, axis)
    return out
