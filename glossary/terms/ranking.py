"""Scores from features: which span renders a unit (softmax over its spans), and whether the pair is a term (logistic).

The weights are learnt by `glossary.terms.training` and ship as JSON with their signature.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glossary.errors import TermError
from glossary.terms.boosting import Trees, trees_from_json
from glossary.terms.features import SPAN_FEATURES
from glossary.terms.term_features import TERM_FEATURES

Floats = NDArray[np.float64]

MODEL_FILE = "model.json"
TERM_MODEL_FILE = "term_model.json"


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model over standardised features; `bias` is 0 for the softmax."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float = 0.0

    def __call__(self, rows: Floats) -> Floats:
        """Scores of rows of features, shape (n,)."""
        scores: Floats = (rows - self.mean) / self.scale @ self.weights + self.bias
        return scores


@dataclass(frozen=True, slots=True)
class Model:
    """The two models and the signature of what they were learnt from."""

    span: Linear
    term: Trees
    signature: str


def softmax(scores: Floats) -> Floats:
    """Probabilities that sum to one.

    >>> softmax(np.array([0.0, 0.0])).tolist()
    [0.5, 0.5]
    """
    power = np.exp(scores - scores.max())
    shares: Floats = power / power.sum()
    return shares


def logistic(score: float) -> float:
    """A score as a probability.

    >>> logistic(0.0)
    0.5
    """
    return float(1.0 / (1.0 + np.exp(-np.clip(score, -30, 30))))


@cache
def load_model() -> Model:
    """The model that ships with the package.

    Raises: TermError when the file is missing, damaged or made for other features.
    """
    stored, path = _stored(MODEL_FILE)
    trees, trees_path = _stored(TERM_MODEL_FILE)
    try:
        span = _linear(stored["span"], SPAN_FEATURES)
        path = trees_path
        return Model(span, trees_from_json(trees["term"], TERM_FEATURES), str(stored["signature"]))
    except (ValueError, KeyError, TypeError) as error:
        raise TermError(f"{path}: the term model cannot be read ({error}); install the package again") from error


def _stored(name: str) -> tuple[dict[str, Any], Traversable]:
    path = files("glossary.terms") / name
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(stored, dict):
            raise ValueError("it holds no object")
    except (OSError, ValueError) as error:
        raise TermError(f"{path}: the term model cannot be read ({error}); install the package again") from error
    return stored, path


def _linear(stored: Mapping[str, object], names: tuple[str, ...]) -> Linear:
    table = stored["features"]
    if not isinstance(table, dict) or set(table) != set(names):
        raise ValueError("it was made for other features")
    rows = np.array([table[name] for name in names], dtype=np.float64)
    return Linear(rows[:, 0], np.maximum(rows[:, 1], 1e-3), rows[:, 2], float(str(stored["bias"])))


def linear_as_json(model: Linear, names: tuple[str, ...]) -> dict[str, object]:
    """A linear model as the JSON file holds it: per feature mean, scale, weight."""
    table = {
        name: [round(float(m), 5), round(float(s), 5), round(float(w), 4)]
        for name, m, s, w in zip(names, model.mean, model.scale, model.weights, strict=True)
    }
    return {"bias": round(model.bias, 4), "features": table}
