"""Learns which pairs are terms: the term half of `glossary.terms.training`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glossary.lexicon import Cedict
from glossary.terms.article import Article
from glossary.terms.candidates import Unit
from glossary.terms.choosing import is_gloss
from glossary.terms.features import SPAN_FEATURES, span_features
from glossary.terms.ranking import Linear, softmax
from glossary.terms.scoring import match_key
from glossary.terms.spans import Sighting, sightings
from glossary.terms.term_features import TERM_FEATURES, term_features

Floats = NDArray[np.float64]

TERM_L2 = 10.0
"""Ridge weight, chosen page by page left out over .5, 2, 5, 10, 20."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair with its features and whether a terminologist would accept it."""

    page: str
    row: Floats
    accepted: bool


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page labelled exhaustively by hand: its article, and per source key its target keys, required ones first."""

    domain: str
    lang: str
    name: str
    article: Article
    gold: dict[str, list[tuple[str, str]]]  # source key -> (target as written, its key)


def page_labels(page: LabelledPage, model: Linear, dictionary: Cedict) -> Iterator[Labelled]:
    """Every unit of a page with its likeliest span: accepted when that very pair stands in the page's labels."""
    for unit in page.article.units.values():
        if not (unit.maximal or len(unit.places) > 1):
            continue
        found = pair_row(page.article, unit, model, dictionary)
        if found is not None:
            span, row = found
            targets = [key for _, key in page.gold.get(match_key(unit.key), ())]
            yield Labelled(page.name, row, match_key(span) in targets)


def pair_row(article: Article, unit: Unit, model: Linear, dictionary: Cedict) -> tuple[str, Floats] | None:
    """A unit's likeliest span and the pair's term features; None when no span is listed."""
    rows = article.bead_rows(unit)
    found: dict[str, list[Sighting]] = sightings(article, rows)
    if not found:
        return None
    features = span_features(article, sum(c.isalpha() for c in unit.key), rows, found)
    shares = softmax(model(features))
    at = int(np.argmax(shares))
    rivals = np.delete(shares, at)
    margin = float(shares[at] - rivals.max()) if len(rivals) else float(shares[at])
    span = list(found)[at]
    named = dict(zip(SPAN_FEATURES, features[at].tolist(), strict=True))
    gloss = is_gloss(dictionary, unit.key, span)
    return span, np.array(term_features(article, unit, float(shares[at]), margin, span, named, gloss))


def fit_terms(labelled: Sequence[Labelled]) -> Linear:
    """The logistic regression of acceptance."""
    rows = np.array([x.row for x in labelled])
    mean, scale = standard(rows)
    rows = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    target = np.array([float(x.accepted) for x in labelled])

    def loss(weights: Floats) -> tuple[float, Floats]:
        p = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        ridge = np.append(weights[:-1], 0.0)
        cost = -np.sum(target * np.log(p + 1e-12) + (1 - target) * np.log(1 - p + 1e-12))
        return float(cost) + TERM_L2 * float(ridge @ ridge) / 2, rows.T @ (p - target) + TERM_L2 * ridge

    found = minimum(loss, len(TERM_FEATURES) + 1)
    return Linear(mean, scale, found[:-1], float(found[-1]))


def left_out(labelled: Sequence[Labelled]) -> float:
    """Share of labels predicted right by models that never saw their page."""
    right = 0
    for page in sorted({x.page for x in labelled}):
        model = fit_terms([x for x in labelled if x.page != page])
        own = [x for x in labelled if x.page == page]
        scores = model(np.array([x.row for x in own]))
        right += sum((s > 0) == x.accepted for s, x in zip(scores, own, strict=True))
    return right / max(1, len(labelled))


def standard(rows: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of every column."""
    return rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)


def minimum(loss: Callable[[Floats], tuple[float, Floats]], size: int) -> Floats:
    """The arguments, `size` of them, at which a smooth loss is least."""
    from scipy.optimize import minimize

    found: Floats = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return found
