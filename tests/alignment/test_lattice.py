"""The dynamic programme against brute force over all paths."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.alignment.confidence import lattice_scores
from glossary.alignment.lattice import NOTHING, Lattice, best_path

TYPES = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3))


@st.composite
def lattices(draw, widest=5):
    n, m = draw(st.integers(0, widest)), draw(st.integers(0, widest))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    beads = []
    for i in range(n + 1):
        scores = generator.normal(0, 2, (len(TYPES), m + 1)).astype(np.float32)
        for k, (a, b) in enumerate(TYPES):
            scores[k, [j for j in range(m + 1) if i + a > n or j + b > m]] = NOTHING
        beads.append(scores)
    opens = tuple(float(x) for x in generator.normal(-1, 1, 3))
    left, right = np.zeros(n + 1, np.int64), np.full(n + 1, m, np.int64)
    return Lattice(TYPES, beads, left, right, generator.normal(-1, 2, n), generator.normal(-1, 2, m), opens)


def all_paths(lattice):
    """Every path with its score, by recursion over states."""
    n, m = len(lattice.source_null), len(lattice.target_null)
    open_x, open_y, switch = lattice.open_scores

    def walk(i, j, state, path, score):
        if (i, j) == (n, m):
            yield path, score
        for k, (a, b) in enumerate(TYPES):
            if i + a <= n and j + b <= m:
                yield from walk(i + a, j + b, "M", [*path, (a, b)], score + float(lattice.beads[i][k, j]))
        if i < n and state != "Y":
            cost = lattice.source_null[i] + (open_x if state == "M" else 0.0)
            yield from walk(i + 1, j, "X", [*path, (1, 0)], score + cost)
        if j < m:
            cost = lattice.target_null[j] + {"M": open_y, "X": switch, "Y": 0.0}[state]
            yield from walk(i, j + 1, "Y", [*path, (0, 1)], score + cost)

    return list(walk(0, 0, "M", [], 0.0))


@settings(deadline=None, max_examples=40)
@given(lattices())
def test_best_path_is_the_best_of_all_paths(lattice):
    path, score = best_path(lattice)
    paths = all_paths(lattice)
    assert score == pytest.approx(max(s for _, s in paths), abs=1e-3)
    assert any(p == path and s == pytest.approx(score, abs=1e-3) for p, s in paths)


@settings(deadline=None, max_examples=25)
@given(lattices(widest=4))
def test_bead_scores_are_posterior_probabilities(lattice):
    path, _ = best_path(lattice)
    paths = all_paths(lattice)
    total = math.log(sum(math.exp(s) for _, s in paths))
    i = j = 0
    for bead, score in zip(path, lattice_scores(lattice, path), strict=True):
        if 0 not in bead:
            through = sum(math.exp(s - total) for p, s in paths if _passes(p, i, j, bead))
            assert score == pytest.approx(through, abs=1e-3)
        i, j = i + bead[0], j + bead[1]


def _passes(path, i, j, bead):
    at = (0, 0)
    for step in path:
        if at == (i, j) and step == bead:
            return True
        at = (at[0] + step[0], at[1] + step[1])
    return False
