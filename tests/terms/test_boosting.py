"""Boosted trees: what they learn and say, that they are the same every time, and that the file keeps them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from glossary.terms.boosting import Growth, grow, trees_as_json, trees_from_json

CHANCE = np.random.default_rng(3)
ROWS = CHANCE.random((400, 4))
TARGET = ((ROWS[:, 0] > 0.5) & (ROWS[:, 2] > 0.3)).astype(np.float64)
TREES = grow(ROWS, TARGET, np.ones(400), Growth(trees=60))


def test_trees_learn_a_corner() -> None:
    assert float(((TREES(ROWS) > 0) == (TARGET > 0.5)).mean()) > 0.95


def test_trees_say_what_a_walk_through_each_says() -> None:
    inner = TREES.feature.shape[1]
    for row, score in zip(ROWS[:40], TREES(ROWS[:40]).tolist(), strict=True):
        said = TREES.bias
        for feature, threshold, leaf in zip(TREES.feature, TREES.threshold, TREES.leaf, strict=True):
            node = 0
            while node < inner:
                node = 2 * node + 1 + int(row[feature[node]] > threshold[node])
            said += leaf[node - inner]
        assert score == pytest.approx(said, abs=1e-12)


def test_the_same_rows_grow_the_same_trees() -> None:
    again = grow(ROWS, TARGET, np.ones(400), Growth(trees=60))
    assert np.array_equal(TREES.threshold, again.threshold)
    assert np.array_equal(TREES.leaf, again.leaf)


def test_the_file_keeps_every_score() -> None:
    names = ("a", "b", "c", "d")
    stored = json.loads(json.dumps(trees_as_json(TREES, names)))
    assert trees_from_json(stored, names)(ROWS) == pytest.approx(TREES(ROWS), abs=0.01)


def test_trees_for_other_features_are_refused() -> None:
    stored = json.loads(json.dumps(trees_as_json(TREES, ("a", "b", "c", "d"))))
    with pytest.raises(ValueError, match="other features"):
        trees_from_json(stored, ("a", "b", "c", "e"))


def test_scores_of_no_rows_are_none() -> None:
    assert TREES(np.zeros((0, 4))).shape == (0,)
