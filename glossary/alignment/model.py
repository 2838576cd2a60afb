"""The learnt scorer: features of a bead or of a lone sentence -> a score on the log-probability scale.

A linear model, trained on the exact likelihood of the gold paths; see training.py. (A hidden layer of 16 units reached
.996 on the texts it was trained on and .898 on held-out fiction, against .92 for the linear one.) One Model is one pass
of one variant (which evidence there is x whether one side is Chinese); weights.json holds them all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glossary.alignment.features import NAMES, NULL_NAMES, TYPES
from glossary.errors import AlignmentError

Array = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("weights.json")
NEUTRAL_RATE = 0.02  # share of null beads that a text has before anything is known; log_rate is log(share / this)


@dataclass(frozen=True)
class Model:
    """Weights of one pass; features are used as (x - mean) / scale."""

    mean: Array  # (len(NAMES),)
    scale: Array
    linear: Array  # (len(NAMES),)
    null: Array  # (2, len(NULL_NAMES)): weights of source and of target nulls
    null_mean: Array
    null_scale: Array
    open_scores: Array  # (3,): M -> X, M -> Y, X -> Y

    def score(self, features: Array) -> Array:
        """Scores (...) of beads with features (len(NAMES), ...)."""
        flat = features.reshape(len(NAMES), -1)
        out = (self.linear / self.scale) @ flat - float(self.linear @ (self.mean / self.scale))
        return np.asarray(out.reshape(features.shape[1:]), np.float32)

    def score_null(self, side: int, features: Array) -> NDArray[np.float64]:
        """Scores (n,) of leaving each sentence of a side alone; features (len(NULL_NAMES), n)."""
        standard = (features - self.null_mean[:, None]) / self.null_scale[:, None]
        return np.asarray(self.null[side] @ standard, np.float64)

    def to_json(self) -> dict[str, object]:
        """Numbers rounded to five significant digits: what is saved is what is used."""
        return {name: _rounded(getattr(self, name)) for name in self.__dataclass_fields__}


def _rounded(values: Array) -> object:
    if values.ndim > 1:
        return [_rounded(row) for row in values]
    return [float(f"{value:.5g}") for value in values]


def model_from_json(raw: Mapping[str, object]) -> Model:
    """The model back from `Model.to_json`."""
    return Model(**{name: np.array(raw[name], np.float32) for name in Model.__dataclass_fields__})


@dataclass(frozen=True)
class Weights:
    """All models by variant name, (first pass, second pass), and the signature of the file."""

    models: Mapping[str, tuple[Model, Model]]
    calibration: Mapping[str, tuple[float, float]]  # per variant: slope and offset on the log-odds of the posterior
    signature: str

    def variant(self, aligner: str, *, encoded: bool, chinese: bool) -> str:
        """The name of the models for an aligner, with or without an encoder, Chinese first or any languages."""
        evidence = "lexical" if aligner == "combined" and not encoded else aligner
        return f"{evidence}-{'zh' if chinese else 'any'}"


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """The weights the package ships.

    Raises: AlignmentError when the file was made for other features than this version computes.
    """
    text = path.read_text(encoding="utf-8")
    raw = json.loads(text)
    if raw["features"] != [*NAMES, *NULL_NAMES] or raw["types"] != [list(pair) for pair in TYPES]:
        raise AlignmentError(f"{path}: made for other features; rebuild it with `make train`")
    models = {
        name: (model_from_json(variant["first"]), model_from_json(variant["second"]))
        for name, variant in raw["variants"].items()
    }
    calibration = {name: tuple(variant["calibration"]) for name, variant in raw["variants"].items()}
    return Weights(models, calibration, hashlib.sha256(text.encode()).hexdigest()[:12])
