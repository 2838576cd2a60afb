"""Where in the grid of source x target sentences the alignment can run: for each source row a window of target columns.

Sentence similarities above what a sentence has with anything become gains; the best monotone chain of gains is found by
dynamic programming forward and backward, and every cell whose best chain comes within SLACK of the best belongs to the
corridor. An insertion or deletion costs a chain nothing, so long untranslated stretches only widen the corridor where
nothing says where they stand. Long texts are first solved on groups of sentences, then on sentences inside that
corridor: time and memory are linear in length, but for the grid of groups, which never exceeds COARSE_CELLS.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Windows = NDArray[np.int64]  # (n, 2): first and one past the last target sentence of each row

COARSE_CELLS = 2_000_000  # grids up to this size are solved directly: 2 s of matrix work at most
SLACK = 1.0  # some three good sentence pairs: chains this much worse still count (dev: no gold bead is lost)
PAD = 9  # columns and rows added around: longest bead plus two
DEVIATIONS = 2.0  # a similarity is a gain from this many standard deviations above a sentence's mean
FULL_GRID = 2_500  # small grids are taken whole
WIDEST = 400  # columns a row may have where nothing is known: a corridor around the diagonal is all that is left


def corridor(n: int, m: int, sentences: Callable[[int, int, int], tuple[Vectors, Vectors]] | None) -> Windows:
    """Windows (n, 2) for n source and m target sentences.

    `sentences(size, source_groups, target_groups)` gives the unit vectors of groups of `size` sentences of both sides;
    None when there is nothing but length to go by, which leaves a corridor around the diagonal.
    """
    if n * m <= FULL_GRID or n == 0 or m == 0:
        return np.tile(np.array([0, m], np.int64), (n, 1))
    if sentences is None:
        return _around_diagonal(n, m)
    size = max(1, int(np.ceil(np.sqrt(n * m / COARSE_CELLS))))
    windows = np.tile(np.array([0, -(-m // size)], np.int64), (-(-n // size), 1))
    if size > 1:
        coarse = _near_best(*sentences(size, len(windows), int(windows[0, 1])), windows)
        wide = _padded(coarse, 1, -(-m // size)) * size
        windows = np.minimum(np.repeat(wide, size, axis=0)[:n], m)
    return _limited(_padded(_near_best(*sentences(1, n, m), windows), PAD, m), n, m)


def _around_diagonal(n: int, m: int) -> Windows:
    half = max(60, round(0.1 * min(m, 5000)))
    centre = (np.arange(n) + 0.5) * m / n
    return np.stack([np.maximum(centre - half, 0), np.minimum(centre + half, m)], axis=1).astype(np.int64)


def _near_best(source: Vectors, target: Vectors, windows: Windows) -> Windows:
    """Narrowed windows: the cells on a chain within SLACK of the best one."""
    n, m = len(source), len(target)
    floor_source, floor_target = _floor(source, target), _floor(target, source)
    gains = []
    for row in range(n):
        low, high = windows[row]
        similarity = target[low:high] @ source[row]
        gains.append(np.maximum(similarity - np.maximum(floor_source[row], floor_target[low:high]), 0))
    before = _best_before(gains, windows, m)
    flipped = np.stack([m - windows[::-1, 1], m - windows[::-1, 0]], axis=1)
    after = _best_before([g[::-1] for g in reversed(gains)], flipped, m)[::-1]
    total = max((float((b + g + a[::-1]).max()) for b, g, a in zip(before, gains, after, strict=True)), default=0.0)
    out = windows.copy()
    for row, (b, g, a) in enumerate(zip(before, gains, after, strict=True)):
        near = np.flatnonzero(b + a[::-1] + g >= total - SLACK)
        if len(near):
            out[row] = windows[row, 0] + near[0], windows[row, 0] + near[-1] + 1
    return _connected(out)


def _floor(own: Vectors, other: Vectors) -> NDArray[np.float32]:
    """Per sentence, the similarity from which a match says something, from 200 sentences spread over the other side."""
    sample = other[np.unique(np.linspace(0, len(other) - 1, min(200, len(other))).astype(int))]
    similarity = own @ sample.T
    return np.asarray(similarity.mean(axis=1) + DEVIATIONS * similarity.std(axis=1), np.float32)


def _best_before(gains: list[Vectors], windows: Windows, m: int) -> list[NDArray[np.float32]]:
    """Per row and cell, the best chain that ends strictly before the cell on both sides."""
    best = np.zeros(m + 1, np.float32)  # best[j]: best chain within the rows so far and columns < j
    out = []
    for row, gain in enumerate(gains):
        low, high = windows[row]
        before = best[low:high].copy()
        out.append(before)
        ended = np.maximum.accumulate(np.maximum(before + gain, best[low + 1 : high + 1]))
        best[low + 1 : high + 1] = ended
        reach = int(windows[row + 1, 1]) if row + 1 < len(gains) else high
        if reach > high and len(ended):
            np.maximum(best[high + 1 : reach + 1], ended[-1], out=best[high + 1 : reach + 1])
    return out


def _connected(windows: Windows) -> Windows:
    """Windows whose ends never run backwards and that always meet the next row's."""
    high = np.maximum.accumulate(windows[:, 1])
    low = np.minimum.accumulate(windows[::-1, 0])[::-1]
    high[:-1] = np.maximum(high[:-1], low[1:] + 1)
    return np.stack([low, np.maximum(high, low + 1)], axis=1)


def _padded(windows: Windows, pad: int, m: int) -> Windows:
    """Windows that also hold those of `pad` rows above and below, and `pad` columns to either side."""
    low, high = windows[:, 0].copy(), windows[:, 1].copy()
    for k in range(1, pad + 1):
        low[k:] = np.minimum(low[k:], windows[:-k, 0])
        high[:-k] = np.maximum(high[:-k], windows[k:, 1])
    low, high = np.maximum(low - pad, 0), np.minimum(high + pad, m)
    low[0], high[-1] = 0, m
    return np.stack([low, high], axis=1)


def _limited(windows: Windows, n: int, m: int) -> Windows:
    """The same where it is narrow; where rows are wider than WIDEST for long, only a band along the stretch."""
    out = windows.copy()
    wide = np.flatnonzero(windows[:, 1] - windows[:, 0] > WIDEST)
    for run in np.split(wide, np.flatnonzero(np.diff(wide) > 1) + 1):
        if len(run) < WIDEST:
            continue
        low, high = windows[run[0], 0], windows[run[-1], 1]
        centre = low + (np.arange(len(run)) + 0.5) * (high - low) / len(run)
        half = max(WIDEST / 2, 2.0 * (high - low) / len(run))
        out[run, 0] = np.maximum(windows[run, 0], centre - half)
        out[run, 1] = np.minimum(windows[run, 1], centre + half + 1)
    out[0, 0], out[-1, 1] = 0, m
    return _connected(out)
