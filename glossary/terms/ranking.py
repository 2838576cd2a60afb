"""Scores from features: which span renders a unit (softmax over its spans), whether the pair is a term (logistic).

The weights are learnt by `glossary.terms.training` and ship as JSON with their signature.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glossary.errors import TermError
from glossary.terms.boosting import Trees, trees_as_json, trees_from_json
from glossary.terms.features import SPAN_FEATURES
from glossary.terms.meaning import MEANING_FEATURES, Meaning, PairVectors, pair_vectors
from glossary.terms.pairs import Pair
from glossary.terms.term_features import TERM_FEATURES

Floats = NDArray[np.float64]

MODEL_FILE = "model.json"
TERM_MODEL_FILE = "term_model.json"

TREE_FEATURES = (*TERM_FEATURES, *MEANING_FEATURES)
"""What the trees ask of a pair."""

PROSE = TERM_FEATURES.index("prose")
LATIN = [TERM_FEATURES.index(name) for name in ("span_latin", "latin_inside")]

TOGETHER = 4096
"""Pairs judged in one go; bounds memory."""

HOPELESS = -3.0
"""Log-odds (.05) with the usual meanings under which a pair is not encoded, for that takes time; set by hand."""


HOPELESS_IN_LONG = -2.25
"""The same in long texts of which only terms are listed, for pairs without Latin letters in the Chinese: of 4,000
sentence pairs it saves a quarter of the encoding and 3 of 4,182 listed pairs."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model over standardised features; `bias` is 0 for the softmax."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float = 0.0

    def __call__(self, rows: Floats) -> Floats:
        """Scores of rows of features, shape (n,)."""
        slopes = self.weights / self.scale  # so the rows, which are many, need no copies
        scores: Floats = rows @ slopes + (self.bias - self.mean @ slopes)
        return scores


@dataclass(frozen=True, slots=True)
class Calibration:
    """Makes a score the share of right pairs among those that have it: log-odds times `slope` plus `shift`, and plus
    `prose` in articles. Source: Platt 1999, Probabilistic Outputs for Support Vector Machines."""

    slope: float
    shift: float
    prose: float

    def __call__(self, odds: Floats, prose: Floats) -> Floats:
        """Log-odds, shape (n,); `prose` is 1 for pairs of articles."""
        return self.slope * odds + self.shift + self.prose * prose


@dataclass(frozen=True, slots=True)
class TermModel:
    """Tells terms from other pairs: trees over TREE_FEATURES, the last of them made by `meaning`."""

    trees: Trees
    meaning: Meaning
    calibration: Calibration

    def __call__(self, rows: Floats, vectors: PairVectors) -> Floats:
        """Log-odds of pairs, shape (n,), from their rows of TERM_FEATURES and their vectors."""
        return self.calibration(self.trees(np.hstack([rows, self.meaning(vectors)])), rows[:, PROSE])

    def judged(
        self, pairs: Sequence[Pair], rows_of: Callable[[Sequence[Pair]], Floats], hopeless: float = HOPELESS
    ) -> Floats:
        """Log-odds of pairs, shape (n,); `rows_of` gives the rows of TERM_FEATURES of some of them.

        Only pairs that would come near the cut-off with usual meanings are encoded.
        """
        parts = [pairs[at : at + TOGETHER] for at in range(0, len(pairs), TOGETHER)]
        return np.concatenate([np.zeros(0), *(self._judged(part, rows_of(part), hopeless) for part in parts)])

    def _judged(self, pairs: Sequence[Pair], rows: Floats, hopeless: float) -> Floats:
        odds = self.trees(np.hstack([rows, np.tile(self.meaning.usual, (len(rows), 1))]))
        latin = rows[:, LATIN].any(axis=1)  # what both sides spell alike means alike: their odds rise most
        near = np.flatnonzero(odds > np.where(latin, HOPELESS, hopeless))
        if len(near):
            known = self.meaning(pair_vectors([pairs[i] for i in near.tolist()]))
            odds[near] = self.trees(np.hstack([rows[near], known]))
        return self.calibration(odds, rows[:, PROSE])


@dataclass(frozen=True, slots=True)
class Model:
    """The models and the signature of what they were learnt from: which span renders a unit, is the pair a term."""

    span: Linear
    term: TermModel
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


def logit(chance: float) -> float:
    """The log-odds of a probability; the other way round.

    >>> logit(0.5)
    0.0
    """
    return float(np.log(chance / (1.0 - chance)))


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
        return Model(span, _term_model(trees), str(stored["signature"]))
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


_MEANING_PARTS = ("source", "target", "usual")


def _term_model(stored: Mapping[str, Any]) -> TermModel:
    meaning = Meaning(*(np.array(stored["meaning"][part], dtype=np.float64) for part in _MEANING_PARTS))
    calibration = Calibration(**{name: float(value) for name, value in stored["calibration"].items()})
    return TermModel(trees_from_json(stored["term"], TREE_FEATURES), meaning, calibration)


def term_model_as_json(model: TermModel) -> dict[str, object]:
    """A term model as the JSON file holds it."""
    meaning = {part: [round(float(v), 4) for v in getattr(model.meaning, part)] for part in _MEANING_PARTS}
    calibration = {name: round(value, 4) for name, value in asdict(model.calibration).items()}
    return {"calibration": calibration, "meaning": meaning, "term": trees_as_json(model.trees, TREE_FEATURES)}


def linear_as_json(model: Linear, names: tuple[str, ...]) -> dict[str, object]:
    """A linear model as the JSON file holds it: per feature mean, scale, weight."""
    table = {
        name: [round(float(m), 5), round(float(s), 5), round(float(w), 4)]
        for name, m, s, w in zip(names, model.mean, model.scale, model.weights, strict=True)
    }
    return {"bias": round(model.bias, 4), "features": table}
