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
from glossary.terms.boosting import Growth, Trees, grow
from glossary.terms.candidates import unit_key_of
from glossary.terms.certain import certain_pairs
from glossary.terms.choosing import gather, settle
from glossary.terms.pairs import Pair
from glossary.terms.ranking import Linear, logistic
from glossary.terms.scoring import match_key
from glossary.terms.term_features import term_rows

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
    target: Floats
    full_forms: Mapping[str, frozenset[str]]


def page_table(page: LabelledPage, span: Linear, dictionary: Cedict) -> PageTable:
    """All pairs of a page as the term model sees them at run time."""
    full = full_forms(page.article)
    pairs = gather(page.article, span, dictionary, certain_pairs(page.article, full, dictionary), full)
    best = tuple(p for p in pairs if p.best)
    keys = tuple((match_key(p.unit.form), match_key(p.span)) for p in best)
    right = [target in {key for _, key in page.gold.get(source, ())} for source, target in keys]
    target = [float(ok) if not ok or key in page.required else ACCEPTABLE for ok, key in zip(right, keys, strict=True)]
    return PageTable(page, best, keys, term_rows(page.article, best, dictionary), np.array(target), full)


def full_forms(article: Article) -> dict[str, frozenset[str]]:
    """Keys of the full forms by the acronym's key, as the beads state them."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair, row in zip(article.pairs, article.words, strict=True):
        for one in expansions(pair.english, row):
            acronym, full = pair.english[slice(*one.acronym)], pair.english[slice(*one.full)]
            found[unit_key_of(acronym)].add(unit_key_of(full))
    return {key: frozenset(forms) for key, forms in found.items()}


def fit_terms(tables: Sequence[PageTable]) -> Trees:
    """The trees that tell terms from other pairs; every pair counts the same."""
    rows, target = np.vstack([t.rows for t in tables]), np.concatenate([t.target for t in tables])
    return grow(rows, target, np.ones(len(target)), Growth())


@dataclass(frozen=True, slots=True)
class Verdict:
    """A pair after the one-to-one assignment: its score, and whether the labels hold it."""

    key: Key
    score: float
    right: bool
    rule: str


def left_out(tables: Sequence[PageTable], folds: int = FOLDS) -> dict[str, list[Verdict]]:
    """Verdicts of every page by trees that did not see it; `folds` is the number of fits."""
    found: dict[str, list[Verdict]] = {}
    for fold in range(folds):
        trees = fit_terms([t for i, t in enumerate(tables) if i % folds != fold])
        for table in tables[fold::folds]:
            found[table.page.name] = verdicts(table, trees)
    return found


def verdicts(table: PageTable, trees: Trees) -> list[Verdict]:
    """The pairs of a page, each key once, scored and assigned as at run time. Leaves the table as it was."""
    scores = [logistic(odds) for odds in trees(table.rows).tolist()]
    right = {key for key, accepted in zip(table.keys, table.target.tolist(), strict=True) if accepted}
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], table.pairs[i].unit.key, table.pairs[i].span))
    copies = [_copy(table.pairs[i], scores[i]) for i in order]
    settle(copies, table.full_forms)
    best: dict[Key, Verdict] = {}
    for i, pair in zip(order, copies, strict=True):
        key = table.keys[i]
        if key not in best or best[key].score < pair.score:
            best[key] = Verdict(key, pair.score, key in right, pair.rule)
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
