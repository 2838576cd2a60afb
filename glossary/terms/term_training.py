"""Learns which pairs are terms: the term half of `glossary.terms.training`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glossary.terms.article import Article

Floats = NDArray[np.float64]

TERM_L2 = 10.0
"""Ridge weight, chosen page by page left out over .5, 2, 5, 10, 20."""


def fit_terms(x):...
def left_out(x):...
def page_labels(x):...

@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page labelled exhaustively by hand: its article, and per source key its target keys, required ones first."""

    domain: str
    lang: str
    name: str
    article: Article
    gold: dict[str, list[tuple[str, str]]]  # source key -> (target as written, its key)


def standard(rows: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of every column."""
    return rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)


def minimum(loss: Callable[[Floats], tuple[float, Floats]], size: int) -> Floats:
    """The arguments, `size` of them, at which a smooth loss is least."""
    from scipy.optimize import minimize

    found: Floats = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return found
