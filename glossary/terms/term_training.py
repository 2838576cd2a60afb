"""Learns which pairs are terms: the term half of `glossary.terms.training`.

Every page labelled by hand goes through the same steps as an article at run time (units, renderings, certain pairs);
each of its likeliest pairs is one example, right when the page's labels hold it. Several gold renderings of a term are
alternatives. Pages are paired with tables and span models that never saw them, as the texts of users will be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from glossary.lexicon import Cedict
from glossary.terms.acronyms import expansions
from glossary.terms.article import Article
from glossary.terms.boosting import Growth, grow
from glossary.terms.certain import certain_pairs
from glossary.terms.choosing import gather, settle
from glossary.terms.meaning import PairVectors, pair_vectors
from glossary.terms.meaning_training import Lesson, crossed, fit_meaning
from glossary.terms.pairs import Pair
from glossary.terms.ranking import PROSE, Calibration, Linear, TermModel, logistic, logit
from glossary.terms.scoring import match_key
from glossary.terms.term_features import TermRows
from glossary.terms.unit_features import UnitRows
from glossary.terms.units import unit_key_of

Floats = NDArray[np.float64]
Key = tuple[str, str]

FOLDS = 6
"""Parts the pages are dealt into: a page is judged by trees that saw none of its part."""

ACCEPTABLE = 0.85
"""What a pair counts for that is right but would not be missed (market, bank), so that it comes after required ones;
set by hand. Figures count it as right."""

CUT = 0.5
"""The default cut-off of the list."""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page labelled exhaustively by hand: its article, and per source key its target keys, required ones first."""

    domain: str
    lang: str
    name: str
    article: Article
    gold: dict[str, list[tuple[str, str]]]  # source key -> (target as written, its key)
    required: frozenset[Key]


@dataclass(frozen=True, slots=True)
class PageTable:
    """The likeliest pairs of a page with their features, and which of them the labels hold."""

    page: LabelledPage
    pairs: tuple[Pair, ...]
    keys: tuple[Key, ...]
    rows: Floats
    vectors: PairVectors
    target: Floats
    full_forms: Mapping[str, frozenset[str]]


def page_table(page: LabelledPage, span: Linear, dictionary: Cedict) -> PageTable:
    """All pairs of a page as the term model sees them at run time."""
    full = full_forms(page.article)
    certain = certain_pairs(page.article, full, dictionary)
    pairs = gather(page.article, page.article.units.values(), span, dictionary, certain, full)
    best = tuple(p for p in pairs if p.best)
    keys = tuple((match_key(p.unit.form), match_key(p.span)) for p in best)
    right = [target in {key for _, key in page.gold.get(source, ())} for source, target in keys]
    target = [float(ok) if not ok or key in page.required else ACCEPTABLE for ok, key in zip(right, keys, strict=True)]
    rows = TermRows(page.article, UnitRows(page.article), dictionary)(best)
    return PageTable(page, best, keys, rows, pair_vectors(best), np.array(target), full)


def full_forms(article: Article) -> dict[str, frozenset[str]]:
    """Keys of the full forms by the acronym's key, as the beads state them."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair, row in zip(article.pairs, article.words, strict=True):
        for one in expansions(pair.english, row):
            acronym, full = pair.english[slice(*one.acronym)], pair.english[slice(*one.full)]
            found[unit_key_of(acronym)].add(unit_key_of(full))
    return {key: frozenset(forms) for key, forms in found.items()}


def fit_terms(tables: Sequence[PageTable], calibration: Calibration) -> TermModel:
    """The model that tells terms from other pairs; every pair counts the same."""
    lessons = [_lesson(table) for table in tables]
    rows = np.vstack([np.hstack([t.rows, more]) for t, more in zip(tables, crossed(lessons), strict=True)])
    target = np.concatenate([t.target for t in tables])
    trees = grow(rows, target, np.ones(len(target)), Growth())
    return TermModel(trees, fit_meaning(lessons), calibration)


def _lesson(table: PageTable) -> Lesson:
    source = [float(source in table.page.gold) for source, _ in table.keys]
    return Lesson(table.vectors, np.array(source), (table.target > 0).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A pair after the one-to-one assignment: its score, whether the labels hold it, whether it kept its place."""

    key: Key
    score: float
    right: bool
    kept: bool


AS_IT_IS = Calibration(1.0, 0.0, 0.0)


def left_out(tables: Sequence[PageTable], folds: int = FOLDS) -> dict[str, Floats]:
    """Log-odds of every page's pairs by a model that did not see it, not calibrated; `folds` is the number of fits."""
    found: dict[str, Floats] = {}
    for fold in range(folds):
        model = fit_terms([t for i, t in enumerate(tables) if i % folds != fold], AS_IT_IS)
        for table in tables[fold::folds]:
            found[table.page.name] = model(table.rows, table.vectors)
    return found


def fit_calibration(tables: Sequence[PageTable], odds: Mapping[str, Floats]) -> Calibration:
    """From the log-odds of `left_out`; of the pairs that keep their place in the assignment."""
    from scipy.optimize import minimize

    kept = [(logit(v.score), float(t.rows[0, PROSE]), float(v.right))
            for t in tables if len(t.rows) for v in verdicts(t, odds[t.page.name]) if v.kept]  # fmt: skip
    score, prose, right = np.array(kept).T

    def loss(weights: Floats) -> float:
        own = weights[0] * score + weights[1] + weights[2] * prose
        return float(np.logaddexp(0, own).sum() - right @ own)

    return Calibration(*map(float, minimize(loss, np.array([1.0, 0.0, 0.0]), method="L-BFGS-B").x))


def verdicts(table: PageTable, odds: Floats) -> list[Verdict]:
    """The pairs of a page, each key once, scored and assigned as at run time. Leaves the table as it was."""
    scores = [logistic(one) for one in odds.tolist()]
    right = {key for key, accepted in zip(table.keys, table.target.tolist(), strict=True) if accepted}
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], table.pairs[i].unit.key, table.pairs[i].span))
    copies = [_copy(table.pairs[i], scores[i]) for i in order]
    settle(copies, table.full_forms)
    best: dict[Key, Verdict] = {}
    for i, pair in zip(order, copies, strict=True):
        key = table.keys[i]
        if key not in best or best[key].score < pair.score:
            best[key] = Verdict(key, pair.score, key in right, pair.best)
    return list(best.values())


def _copy(pair: Pair, score: float) -> Pair:
    return replace(pair, score=score, spots=list(pair.spots), best=True)


def figures(tables: Sequence[PageTable], judged: Mapping[str, Sequence[Verdict]]) -> dict[str, float]:
    """Precision, recall of required pairs and F1 at the cut-off, and calibration error over ten score bins."""
    every = [v for t in tables for v in judged[t.page.name]]
    listed = [v for v in every if v.score >= CUT]
    required = sum(len(t.page.required) for t in tables)
    hits = sum(len(t.page.required & {v.key for v in judged[t.page.name] if v.score >= CUT}) for t in tables)
    precision, recall = sum(v.right for v in listed) / max(1, len(listed)), hits / max(1, required)
    gaps = [abs(sum(v.score - v.right for v in own)) for own in _bins(every)]
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": precision, "recall": recall, "f1": f1, "ece": sum(gaps) / max(1, len(every))}


def _bins(every: Sequence[Verdict]) -> Iterator[list[Verdict]]:
    for low in range(10):
        yield [v for v in every if min(9, int(v.score * 10)) == low]
