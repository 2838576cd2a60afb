"""What is measured of a (unit, Chinese span) pair, by name, to choose the span of a unit; `ranking` weighs it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from glossary.terms.article import Article
from glossary.terms.boundaries import DICTIONARY, FUNCTION, JIEBA, jieba_tokenizer
from glossary.terms.spans import Sighting
from glossary.terms.tokens import FUNCTION_CHARS
from glossary.terms.word_edges import word_edge_rates

Floats = NDArray[np.float64]

SPAN_FEATURES = (
    "f", "precision", "recall", "f_shared", "share_of_unit", "share_of_span", "dice", "log_beads", "jieba_left",
    "jieba_right", "dictionary_left", "dictionary_right", "function_left", "function_right", "is_word", "is_jieba_word",
    "next_left", "next_right", "mass_left", "mass_right", "function_first", "function_last", "length_1", "length_2",
    "length_3", "length_4", "length_5_up", "latin", "length_ratio", "best_f", "once_f", "once_precision", "once_recall",
    "often_share_of_unit", "often_dice", "often_next_left", "often_next_right", "longer_often", "longer_once",
    "shorter_often", "shorter_once", "begins_words", "ends_words", "jieba_cuts_inside", "least_recall",
    "often_least_recall",
)  # fmt: skip


def span_features(
    article: Article, unit_length: int, rows: Mapping[int, tuple[int, ...]], found: Mapping[str, Sequence[Sighting]]
) -> Floats:
    """One row a span of `found`, one column a name of SPAN_FEATURES; `unit_length` is the unit's letters."""
    shared = {z: sum(z in article.folded[bead] for bead in rows) for z in found}
    table = [_row(article, z, unit_length, len(rows), shared, seen) for z, seen in found.items()]
    return np.array(table, dtype=np.float64).reshape(len(found), len(SPAN_FEATURES))


def _row(
    article: Article, span: str, unit_length: int, beads: int, shared: Mapping[str, int], seen: Sequence[Sighting]
) -> list[float]:
    count, left, right = article.edges(span)
    f, precision, recall = (_mean([getattr(s, n) for s in seen]) for n in ("f", "precision", "recall"))
    co = max(shared[span], 1)
    once = float(count <= 1)
    often = 1.0 - once
    dice = 2 * co / (beads + max(co, count))
    next_left, next_right = _neighbour_share(left, count), _neighbour_share(right, count)
    longer = max((shared[z] / co for z in shared if span in z and z != span), default=0.0)
    shorter = max((co / max(shared[z], 1) for z in shared if z in span and z != span), default=0.0)
    rare = co < 2 or beads < 2
    size = len(span)
    begins, ends = word_edge_rates(span[0])[0], word_edge_rates(span[-1])[1]
    least = max(s.least for s in seen)
    inside = _mean([article.jieba_cuts(s.bead, s.start + 1, s.end) for s in seen])
    return [
        f, precision, recall, f * co / beads, co / beads, min(1.0, co / max(1, count)), dice, math.log(co),
        _vote(article, seen, JIEBA, 0), _vote(article, seen, JIEBA, 1),
        _vote(article, seen, DICTIONARY, 0), _vote(article, seen, DICTIONARY, 1),
        _vote(article, seen, FUNCTION, 0), _vote(article, seen, FUNCTION, 1),
        float(article.is_word(span)), float(bool(jieba_tokenizer().FREQ.get(span))),
        next_left, next_right, _mean([s.left_mass for s in seen]), _mean([s.right_mass for s in seen]),
        float(span[0] in FUNCTION_CHARS), float(span[-1] in FUNCTION_CHARS),
        float(size == 1), float(size == 2), float(size == 3), float(size == 4), float(size >= 5),
        float(span.isascii()), math.log(size / max(1, unit_length)), max(s.f for s in seen),
        f * once, precision * once, recall * once, co / beads * often, dice * often, next_left * often,
        next_right * often, 0.0 if rare else longer, longer if rare else 0.0, 0.0 if rare else shorter,
        shorter if rare else 0.0, begins, ends, inside, least, least * often,
    ]  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _neighbour_share(neighbours: Counter[str], count: int) -> float:
    return max((n for c, n in neighbours.items() if c and c.isalnum()), default=0) / max(1, min(count, 60))


def _vote(article: Article, seen: Sequence[Sighting], voter: int, side: int) -> float:
    return _mean([article.votes[s.bead].item(voter, s.end if side else s.start) for s in seen])
