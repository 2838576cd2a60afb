"""The one dynamic programme: the best path of beads through a corridor, and how probable each bead of it is.

Nodes are boundaries (i, j): i source and j target sentences are behind. A bead (a, b) leads from (i, j) to (i+a, j+b).
Null beads come in runs: a run costs `open` once and its sentences their own scores; source sentences of a run come
before target sentences, so that every alignment is exactly one path. Three states a node: M after a bead, X after a
source null, Y after a target null. Row by row, one numpy operation a bead type, runs of target nulls by a
prefix maximum. Time is rows x (types x width), memory rows x width bytes for the way back plus the scores.

    open_scores = (M -> X, M -> Y, X -> Y)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

NOTHING = -1e30
M, X, Y = 0, 1, 2


@dataclass(frozen=True)
class Lattice:
    """Scores of everything in a corridor; log-probability scale, higher is better.

    beads[i] is (types, width_i + 1): beads that start at boundary (i, left_i + k); NOTHING where impossible. Row n is
    there too (no bead starts in it). Node windows: boundaries lefts[i] .. rights[i] inclusive.
    """

    types: tuple[tuple[int, int], ...]
    beads: Sequence[NDArray[np.float32]]
    lefts: NDArray[np.int64]
    rights: NDArray[np.int64]
    source_null: Scores  # (n,)
    target_null: Scores  # (m,)
    open_scores: tuple[float, float, float]


Path = list[tuple[int, int]]
"""Bead shapes in order; (1, 0) and (0, 1) are null beads."""


class _Rows:
    """The last rows of node scores in absolute columns, so that beads of any size find where they come from."""

    def __init__(self, m: int, longest: int) -> None:
        self.depth = longest + 1
        self.score = np.full((self.depth, m + 2), NOTHING)
        self._used = [(0, 0)] * self.depth

    def put(self, row: int, left: int, values: Scores) -> None:
        """Set a row; what an older row left in its place is wiped."""
        at = row % self.depth
        low, high = self._used[at]
        self.score[at, low:high] = NOTHING
        self.score[at, left : left + len(values)] = values
        self._used[at] = (left, left + len(values))


def best_path(lattice: Lattice) -> tuple[Path, float]:
    """The highest scoring path from (0, 0) to (n, m), and its score.

    Complexity: O(rows x width x types) time.
    """
    n, m = len(lattice.source_null), len(lattice.target_null)
    lefts, rights = lattice.lefts.tolist(), lattice.rights.tolist()
    rows = _Rows(m, max((a for a, _ in lattice.types), default=1))
    cumulative = np.concatenate([[0.0], np.cumsum(lattice.target_null)])
    open_x, open_y, switch = lattice.open_scores
    back: list[tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.int8], NDArray[np.int8]]] = []
    last_m = last_x = np.zeros(0)
    before_left = 0
    score = NOTHING
    for i in range(n + 1):
        left, right = lefts[i], rights[i]
        width = right - left + 1
        candidates = _incoming(lattice, rows, lefts, rights, i)
        from_type = candidates.argmax(axis=0).astype(np.int8)
        node_m = candidates[from_type, np.arange(width)]
        if i == 0:
            node_m[0] = 0.0
            node_x, stays_x = np.full(width, NOTHING), np.zeros(width, np.bool_)
        else:
            opened, stays = shifted(last_m, before_left, left, width), shifted(last_x, before_left, left, width)
            stays_x = stays > opened + open_x
            node_x = np.where(stays_x, stays, opened + open_x) + lattice.source_null[i - 1]
        node_y, from_y = _target_runs(node_m + open_y, node_x + switch, cumulative[left : right + 1])
        nodes = np.stack([node_m, node_x, node_y])
        best_state = nodes.argmax(axis=0).astype(np.int8)
        top = nodes[best_state, np.arange(width)]
        rows.put(i, left, top)
        back.append((from_type, stays_x, from_y, best_state))
        last_m, last_x, before_left = node_m, node_x, left
        score = float(top[-1])
    return _way_back(lattice, back, n, m), score


def _incoming(lattice: Lattice, rows: _Rows, lefts: list[int], rights: list[int], i: int) -> Scores:
    """Score of reaching each boundary of row i by a bead of each type, (types, width)."""
    left, right = lefts[i], rights[i]
    out = np.full((len(lattice.types), right - left + 1), NOTHING)
    for k, (a, b) in enumerate(lattice.types):
        start = i - a
        if start < 0:
            continue
        was = lefts[start]
        low = left if left > was + b else was + b
        high = min(right, rights[start] + b)
        if high >= low:
            here = rows.score[start % rows.depth, low - b : high - b + 1]
            scores = lattice.beads[start][k, low - b - was : high - b - was + 1]
            np.add(here, scores, out=out[k, low - left : high - left + 1])
    return out


def shifted(values: Scores, was: int, left: int, width: int) -> Scores:
    """Values of a row that begins at column `was`, seen through a window that begins at `left`."""
    out = np.full(width, NOTHING)
    low, high = max(was, left), min(was + len(values), left + width)
    if high > low:
        out[low - left : high - left] = values[low - was : high - was]
    return out


def _target_runs(opened: Scores, switched: Scores, cumulative: Scores) -> tuple[Scores, NDArray[np.int8]]:
    """Best score of ending in a run of target nulls, and the state before its last sentence."""
    base = np.maximum(opened, switched) - cumulative
    running = np.maximum.accumulate(base)
    node_y = np.full(len(base), NOTHING)
    node_y[1:] = running[:-1] + cumulative[1:]
    state = np.full(len(base), Y, np.int8)
    starts_here = np.empty(len(base), np.bool_)
    starts_here[:1] = True
    starts_here[1:] = base[1:] > running[:-1]
    came = np.where(starts_here, np.where(opened >= switched, M, X), Y).astype(np.int8)
    state[1:] = came[:-1]
    return np.maximum(node_y, NOTHING), state


def _way_back(
    lattice: Lattice, back: Sequence[tuple[NDArray[np.int8], NDArray[np.bool_], NDArray[np.int8], NDArray[np.int8]]],
    n: int, m: int,
) -> Path:  # fmt: skip
    path: Path = []
    i, j = n, m
    state = int(back[i][3][j - int(lattice.lefts[i])])
    while i or j:
        from_type, stays_x, from_y, _ = back[i]
        k = j - int(lattice.lefts[i])
        if state == M:
            a, b = lattice.types[from_type[k]]
            path.append((a, b))
            i, j = i - a, j - b
            state = int(back[i][3][j - int(lattice.lefts[i])])
        elif state == X:
            path.append((1, 0))
            state = X if stays_x[k] else M
            i -= 1
        else:
            path.append((0, 1))
            state = int(from_y[k])
            j -= 1
    return path[::-1]
