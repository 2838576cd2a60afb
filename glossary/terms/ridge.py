"""Ridge logistic regression, for the small models that `glossary.terms.training` learns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def ridge_logistic(rows: Floats, target: Floats, ridge: float, iterations: int = 100) -> Floats:
    """Weights, the constant last, shape (columns + 1,), of rows, shape (n, columns), for targets 0 or 1, shape (n,).

    The constant is not held back.
    """
    from scipy.optimize import minimize

    rows = np.column_stack([rows, np.ones(len(rows))])
    held = np.full(rows.shape[1], ridge)
    held[-1] = 0.0

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        chance = 1 / (1 + np.exp(-scores))
        cost = float(np.logaddexp(0, scores).sum() - target @ scores + (held * weights) @ weights / 2)
        return cost, rows.T @ (chance - target) + held * weights

    start, options = np.zeros(rows.shape[1]), {"maxiter": iterations}
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    return found
