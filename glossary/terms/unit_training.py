"""Learns from labelled pages what the English of a unit tells: is it a term's?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glossary.terms.article import Article
from glossary.terms.ranking import Linear
from glossary.terms.ridge import ridge_logistic
from glossary.terms.scoring import match_key
from glossary.terms.term_training import LabelledPage
from glossary.terms.unit_features import UnitRows

RIDGE = 1.0
"""Ridge weight; set by hand, 33,000 units need little."""


def fit_units(pages: Sequence[LabelledPage]) -> Linear:
    """The model that tells units the labels hold, with any rendering, from the others of their page."""
    rows = np.concatenate([_rows(p.article) for p in pages])
    held = [match_key(unit.form) in p.gold for p in pages for unit in p.article.units.values()]
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)
    weights = ridge_logistic((rows - mean) / scale, np.array(held, dtype=np.float64), RIDGE)
    return Linear(mean, scale, weights[:-1], float(weights[-1]))


def _rows(article: Article) -> NDArray[np.float64]:
    row_of = UnitRows(article)
    return np.stack([row_of(unit) for unit in article.units.values()])
