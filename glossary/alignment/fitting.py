"""Fitting a Model to lots of gold: L-BFGS on the exact likelihood. Training only; needs scipy (a dev dependency)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glossary.alignment.chunks import Lot, batch_of
from glossary.alignment.crf import Array, Batch, likelihood
from glossary.alignment.features import NAMES, NULL_NAMES
from glossary.alignment.model import Model

Real = NDArray[np.float64]

PENALTY = 2.0  # L2 on standardised weights, nats per unit squared; .5 to 40 are alike (CV .915-.922)
ITERATIONS = 80  # the held-out scores of 80 and 150 are the same
OPEN_PENALTY = 0.05  # times PENALTY for the open scores, which are few and well founded
FIRST_OPEN = -3.0  # where the open scores start: a run of nulls is rare
LEAST_SCALE = 0.05  # of a feature that hardly varies


def fit(
    lots: Sequence[Lot], *, penalty: float = PENALTY, iterations: int = ITERATIONS, start: Model | None = None
) -> Model:
    """The model under which the gold paths of the lots are most probable, less the penalty. Deterministic."""
    from scipy.optimize import minimize

    batch, features, nulls = batch_of(lots)
    mean, scale = _standard(features)
    null_mean, null_scale = _standard(np.concatenate(nulls))
    null_mean[0], null_scale[0] = 0.0, 1.0  # the bias
    standard = (features - mean) / scale
    null_standard = tuple(((part - null_mean) / null_scale).astype(np.float64) for part in nulls)
    objective = _Objective(batch, standard, (null_standard[0], null_standard[1]), penalty)
    begin = np.concatenate([np.zeros(_ENDS[1]), np.full(3, FIRST_OPEN)])
    if start is not None:
        begin = np.concatenate([start.linear, start.null.reshape(-1), start.open_scores]).astype(np.float64)
    options = {"maxiter": iterations, "maxcor": 20}
    found = minimize(objective, begin, jac=True, method="L-BFGS-B", options=options)
    linear, null, opens = (part.astype(np.float32) for part in _split(found.x))
    return Model(mean, scale, linear, null, null_mean, null_scale, opens)


def _standard(features: Array) -> tuple[Array, Array]:
    mean = features.mean(axis=0, dtype=np.float64).astype(np.float32)
    scale = features.std(axis=0, dtype=np.float64).astype(np.float32)
    return mean, np.maximum(scale, LEAST_SCALE).astype(np.float32)


_ENDS = (len(NAMES), len(NAMES) + 2 * len(NULL_NAMES))


def _split(vector: Real) -> tuple[Real, Real, Real]:
    """Bead weights, null weights (2, features) and open scores as views of one vector."""
    linear, null, opens = np.split(vector, _ENDS)
    return linear, null.reshape(2, len(NULL_NAMES)), opens


class _Objective:
    """Loss and gradient at a weight vector."""

    def __init__(self, batch: Batch, features: Array, nulls: tuple[Real, Real], penalty: float) -> None:
        self._batch, self._features, self._nulls = batch, features, nulls
        self._penalty = np.full(_ENDS[1] + 3, penalty)
        self._penalty[-3:] *= OPEN_PENALTY

    def __call__(self, vector: Real) -> tuple[float, Real]:
        linear, null, opens = _split(vector)
        scores = (self._features @ linear.astype(np.float32)).astype(np.float64)
        g = likelihood(self._batch, scores, (self._nulls[0] @ null[0], self._nulls[1] @ null[1]), opens)
        slope = np.concatenate(
            [
                g.edges.astype(np.float32) @ self._features,
                g.nulls[0] @ self._nulls[0],
                g.nulls[1] @ self._nulls[1],
                g.opens,
            ]
        )
        pull = self._penalty * vector
        return g.loss + float(pull @ vector) / 2, slope + pull
