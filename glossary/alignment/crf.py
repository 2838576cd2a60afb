"""Exact likelihood of gold paths in narrow lattices, and its gradient: what training needs and alignment does not.

Many chunks of gold alignment are laid side by side and go through the forward recursion of lattice.py (sums for maxima)
and its reverse-mode derivative together, one numpy operation per row and state.
Source: Lafferty, McCallum and Pereira 2001 for the model; Sarawagi and Cohen 2004 for segments as units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Ids = NDArray[np.int64]
Real = NDArray[np.float64]

LOW = -1e9


@dataclass(frozen=True)
class Batch:
    """Chunks as one lattice. Node number = (row * chunks + chunk) * width + column; edges sorted by destination."""

    rows: int  # boundaries of the tallest chunk
    chunks: int
    width: int
    edge_from: Ids
    edge_to: Ids
    gold_edges: Ids
    above: Ids  # (rows, chunks, width): number within the row before of the node straight above, -1: none
    source_null: Ids  # (rows, chunks): null number of the source sentence that leads into the row, -1: none
    target_null: Ids  # (rows, chunks, width): null number of the target sentence that leads into the column, -1: none
    gold_nulls: tuple[Ids, Ids]
    gold_opens: Real  # (3,)
    start: Ids  # (chunks,): node numbers
    end: Ids


@dataclass(frozen=True)
class Gradient:
    """Derivatives of the summed log partition minus gold score."""

    loss: float
    edges: Real
    nulls: tuple[Real, Real]
    opens: Real


def likelihood(batch: Batch, edges: Real, nulls: tuple[Real, Real], opens: Real) -> Gradient:
    """Negative log likelihood of the gold paths, and its gradient by edge scores, null scores and open scores."""
    forward = _Forward(batch, edges, nulls, opens)
    gradient = forward.backward()
    gold = edges[batch.gold_edges].sum() + sum(n[g].sum() for n, g in zip(nulls, batch.gold_nulls, strict=True))
    gold += float(opens @ batch.gold_opens)
    gradient.edges[batch.gold_edges] -= 1
    for own, indices in zip(gradient.nulls, batch.gold_nulls, strict=True):
        np.subtract.at(own, indices, 1)
    return Gradient(forward.log_z - gold, gradient.edges, gradient.nulls, gradient.opens - batch.gold_opens)


class _Forward:
    def __init__(self, batch: Batch, edges: Real, nulls: tuple[Real, Real], opens: Real) -> None:
        self._b = batch
        self._edges = edges
        self._opens = opens
        b = batch
        self._u = np.where(b.source_null >= 0, nulls[0][b.source_null], LOW)
        self._v = np.where(b.target_null >= 0, nulls[1][b.target_null], LOW)
        self._sizes = (len(nulls[0]), len(nulls[1]))
        shape = (b.rows, b.chunks, b.width)
        self._m, self._x, self._y, self._t = (np.full(shape, LOW) for _ in range(4))
        self._flat = self._t.reshape(-1)
        per_row = b.chunks * b.width
        self._row_edges = np.searchsorted(b.edge_to, np.arange(b.rows + 1) * per_row)
        for row in range(b.rows):
            self._advance(row)
        self.log_z = float(self._flat[b.end].sum())

    def _advance(self, row: int) -> None:
        b = self._b
        low, high = self._row_edges[row : row + 2]
        m = self._m[row].reshape(-1)
        if high > low:
            to = b.edge_to[low:high] - row * b.chunks * b.width
            scores = self._flat[b.edge_from[low:high]] + self._edges[low:high]
            first = np.flatnonzero(np.diff(to, prepend=-1))
            top = np.maximum.reduceat(scores, first)
            group = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(to))))
            m[to[first]] = top + np.log(np.add.reduceat(np.exp(scores - top[group]), first))
        if row == 0:
            m[b.start] = 0.0
        else:
            up, valid = self._above(row)
            moved = np.logaddexp(self._m[row - 1].reshape(-1)[up] + self._opens[0], self._x[row - 1].reshape(-1)[up])
            self._x[row] = np.maximum(np.where(valid, moved + self._u[row][:, None], LOW), LOW)
        opened = np.logaddexp(self._m[row] + self._opens[1], self._x[row] + self._opens[2])
        y, v = self._y[row], self._v[row]
        for w in range(1, b.width):
            y[:, w] = np.maximum(v[:, w] + np.logaddexp(y[:, w - 1], opened[:, w - 1]), LOW)
        self._t[row] = np.logaddexp(np.logaddexp(self._m[row], self._x[row]), y)

    def _above(self, row: int) -> tuple[Ids, NDArray[np.bool_]]:
        up = self._b.above[row]
        return np.maximum(up, 0), up >= 0

    def backward(self) -> Gradient:
        b = self._b
        shape = (b.rows, b.chunks, b.width)
        total, by_m, by_x = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        total.reshape(-1)[b.end] = 1.0
        edges = np.zeros(len(self._edges))
        nulls = (np.zeros(self._sizes[0]), np.zeros(self._sizes[1]))
        opens = np.zeros(3)
        for row in range(b.rows - 1, -1, -1):
            t = self._t[row]
            m = by_m[row] + total[row] * np.exp(self._m[row] - t)
            x = by_x[row] + total[row] * np.exp(self._x[row] - t)
            y = total[row] * np.exp(self._y[row] - t)
            self._back_target(row, m, x, y, nulls[1], opens)
            if row:
                self._back_source(row, x, by_m[row - 1], by_x[row - 1], nulls[0], opens)
            low, high = self._row_edges[row : row + 2]
            to = b.edge_to[low:high] - row * b.chunks * b.width
            probable = np.exp(self._flat[b.edge_from[low:high]] + self._edges[low:high] - self._m[row].reshape(-1)[to])
            edges[low:high] = m.reshape(-1)[to] * probable
            if row:
                share = np.bincount(b.edge_from[low:high], edges[low:high], minlength=row * b.chunks * b.width)
                total[:row] += share.reshape(row, b.chunks, b.width)
        return Gradient(0.0, edges, nulls, opens)

    def _back_target(self, row: int, m: Real, x: Real, y: Real, nulls: Real, opens: Real) -> None:
        v, score = self._v[row], self._y[row]
        per_null = np.zeros_like(v)
        for w in range(self._b.width - 1, 0, -1):
            g = y[:, w]
            per_null[:, w] = g
            base = v[:, w] - score[:, w]
            y[:, w - 1] += g * np.exp(np.minimum(score[:, w - 1] + base, 0))
            from_m = g * np.exp(np.minimum(self._m[row][:, w - 1] + self._opens[1] + base, 0))
            from_x = g * np.exp(np.minimum(self._x[row][:, w - 1] + self._opens[2] + base, 0))
            m[:, w - 1] += from_m
            x[:, w - 1] += from_x
            opens[1] += from_m.sum()
            opens[2] += from_x.sum()
        used = self._b.target_null[row] >= 0
        nulls += np.bincount(self._b.target_null[row][used], per_null[used], minlength=len(nulls))

    def _back_source(self, row: int, x: Real, before_m: Real, before_x: Real, nulls: Real, opens: Real) -> None:
        up, valid = self._above(row)
        g = np.where(valid, x, 0.0)
        base = self._u[row][:, None] - self._x[row]
        from_m = g * np.exp(np.minimum(self._m[row - 1].reshape(-1)[up] + self._opens[0] + base, 0))
        from_x = g * np.exp(np.minimum(self._x[row - 1].reshape(-1)[up] + base, 0))
        size = before_m.size
        before_m += np.bincount(up.reshape(-1), from_m.reshape(-1), minlength=size).reshape(before_m.shape)
        before_x += np.bincount(up.reshape(-1), from_x.reshape(-1), minlength=size).reshape(before_x.shape)
        opens[0] += from_m.sum()
        used = self._b.source_null[row] >= 0
        nulls += np.bincount(self._b.source_null[row][used], g.sum(axis=1)[used], minlength=len(nulls))
