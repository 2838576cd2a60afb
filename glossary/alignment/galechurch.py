"""Alignment by sentence length alone, as Gale and Church (1993) do it, on the lattice of this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np
from numpy.typing import NDArray

from glossary.alignment.confidence import lattice_scores
from glossary.alignment.corridor import corridor
from glossary.alignment.features import blocks_of
from glossary.alignment.lattice import NOTHING, Lattice, Path, best_path
from glossary.alignment.structure import pinned

Array = NDArray[np.float32]

PRIORS = {(1, 1): 0.89, (1, 2): 0.0445, (2, 1): 0.0445, (2, 2): 0.011}
NULL_PRIOR = 0.0099 / 2  # table 5 of the paper; per side
VARIANCE = 6.8  # squared standard deviation of the length difference per character, section 2.1 of the paper


def length_path(
    source: Sequence[str], target: Sequence[str], pins: Sequence[tuple[int, int]] = ()
) -> tuple[Path, list[float]]:
    """Bead shapes and their scores. Lengths are in characters without spaces, the ratio is the texts' own;
    `pins` are boundaries the path must pass.

    Source: Gale and Church 1993, A Program for Aligning Sentences in Bilingual Corpora, equation 2 and table 5.

    >>> length_path(["One two three.", "Four."], ["一二三。", "四。"])[0]
    [(1, 1), (1, 1)]
    """
    lengths = [np.array([max(1, len("".join(text.split()))) for text in side], float) for side in (source, target)]
    ratio = lengths[1].sum() / lengths[0].sum()
    lattice = _lattice(lengths[0] * max(ratio, 1.0), lengths[1] * max(1 / ratio, 1.0))
    beads, lefts, rights = pinned((lattice.beads, lattice.lefts, lattice.rights), pins, lattice.types)
    lattice = replace(lattice, beads=beads, lefts=lefts, rights=rights)
    path, _ = best_path(lattice)
    return path, [round(score, 4) for score in lattice_scores(lattice, path)]


def _lattice(source: NDArray[np.float64], target: NDArray[np.float64]) -> Lattice:
    n, m = len(source), len(target)
    sums = [np.concatenate([[0.0], np.cumsum(side)]) for side in (source, target)]
    types = tuple(PRIORS)
    lefts, rights = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    beads: list[Array] = []
    for block in blocks_of(corridor(n, m, None)):
        lefts[block.top : block.bottom + 1] = block.left
        rights[block.top : block.bottom + 1] = block.right
        scores = np.full((len(types), block.bottom - block.top, block.right - block.left + 1), NOTHING, np.float32)
        for k, (a, b) in enumerate(types):
            rows = np.arange(block.top, min(block.bottom, n - a + 1))
            columns = np.arange(block.left, min(block.right, m - b + 1))
            if len(rows) and len(columns):
                own, other = sums[0][rows + a] - sums[0][rows], sums[1][columns + b] - sums[1][columns]
                scores[k, : len(rows), : len(columns)] = _match(own[:, None], other[None, :]) + log(PRIORS[a, b])
        beads.extend(scores.transpose(1, 0, 2))
    beads.append(np.full((len(types), int(rights[n] - lefts[n]) + 1), NOTHING, np.float32))
    nulls = [_match(side, np.zeros_like(side)) + log(NULL_PRIOR) for side in (source, target)]
    return Lattice(types, beads, lefts, rights, nulls[0], nulls[1], (0.0, 0.0, 0.0))


def _match(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log probability of a length difference at least as large, two-sided normal."""
    delta = np.abs(target - source) / np.sqrt((source + target) / 2 * VARIANCE)
    return _log_two_sided(delta)


def _log_two_sided(delta: NDArray[np.float64]) -> NDArray[np.float64]:
    """log(2 (1 - Phi(delta))) for delta >= 0.

    Source: Abramowitz and Stegun 7.1.26, an approximation good to 1.5e-7; from 4 on the asymptote of the tail.
    """
    x = delta / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * x)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    near = np.log(np.maximum(poly, 1e-30)) - x * x
    far = -x * x - np.log(np.maximum(x, 1e-9) * np.sqrt(np.pi))
    return np.asarray(np.where(x > 4, far, near))
