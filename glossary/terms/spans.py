"""The Chinese spans an English unit may stand for: best by evidence, then grown to where the document says a word ends.

For a span: precision = mean share of its characters that the unit's words explain; recall = how much of each word's
best character it holds; F = their harmonic mean. Source: TERMS.md, recipe 4 and method 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glossary.language import HAN_CHAR
from glossary.terms.article import LONGEST_SPAN, Article
from glossary.terms.tokens import FUNCTION_CHARS

Floats = NDArray[np.float64]

SPANS_PER_BEAD = 20
SPANS_PER_SIZE = 8
SPANS_PER_UNIT = 40
CLIMB_SHARE = 0.6
"""Source of the four: TERMS.md, recipe 4."""

TRUSTED_MASS = 0.1
"""A word whose best character has less mass than this counts for recall only in proportion: it is hardly aligned."""

LEAST_RANK = 0.03
"""Spans whose evidence times edge votes is lower are not listed: nothing speaks for them."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place of a span: folded[start:end] of bead `bead`, with its evidence."""

    bead: int
    start: int
    end: int
    f: float
    precision: float
    recall: float
    least: float  # recall of the word it holds least of
    left_mass: float  # share of the unit's words in the character before, 0 at the text's edge
    right_mass: float


def sightings(article: Article, rows: Mapping[int, tuple[int, ...]]) -> dict[str, list[Sighting]]:
    """Spans for a unit by folded text, best first, at most SPANS_PER_UNIT; `rows` gives its words per bead."""
    found: dict[str, list[Sighting]] = {}
    for bead, row in rows.items():
        for sighting in _best(article, bead, row):
            found.setdefault(article.folded[bead][sighting.start : sighting.end], []).append(sighting)
    climbed = _climb(article, rows, found)
    ranked = sorted(found, key=lambda z: (-sum(s.f for s in found[z]), z))[:SPANS_PER_UNIT]
    return {z: found[z] for z in dict.fromkeys([*ranked, *climbed])}


def measure(article: Article, bead: int, row: tuple[int, ...], start: int, end: int) -> Sighting:
    """The evidence that a unit's words stand at folded[start:end] of a bead."""
    share, mass = article.posteriors[bead].share[list(row)], article.posteriors[bead].mass[list(row)]
    column = share.sum(axis=0)
    peak = mass.max(axis=1)
    precision = float(column[start:end].mean())
    trust = np.minimum(1.0, peak / TRUSTED_MASS)
    parts = mass[:, start:end].max(axis=1) / np.maximum(peak, 1e-9) * trust
    return _sighting(bead, start, end, precision, float(parts.mean()), float(parts.min()), column)


def _sighting(
    bead: int, start: int, end: int, precision: float, recall: float, least: float, column: Floats
) -> Sighting:
    f = 2 * precision * recall / (precision + recall + 1e-9)
    left = float(column[start - 1]) if start else 0.0
    right = float(column[end]) if end < len(column) else 0.0
    return Sighting(bead, start, end, f, precision, recall, least, left, right)


def _best(article: Article, bead: int, row: tuple[int, ...]) -> list[Sighting]:
    text = article.folded[bead]
    size = len(text)
    if not size:
        return []
    mass, column = article.posteriors[bead].mass[list(row)], article.posteriors[bead].share[list(row)].sum(axis=0)
    total = np.concatenate([[0.0], np.cumsum(column)])
    peak = mass.max(axis=1, keepdims=True)
    part = mass / np.maximum(peak, 1e-9) * np.minimum(1.0, peak / TRUSTED_MASS)
    blocked, whole, edge = article.span_edges[bead]
    held = part
    found: list[tuple[float, Sighting]] = []
    for length in range(1, min(LONGEST_SPAN, size) + 1):
        count = size - length + 1
        precision = (total[length:] - total[:count]) / length
        if length > 1:
            held = np.maximum(held[:, :-1], part[:, length - 1 :])
        recall = held.sum(axis=0) / len(row)
        f = 2 * precision * recall / (precision + recall + 1e-9)
        free = (blocked[length:] == blocked[:count]) & whole[:count] & whole[length:]
        rank = f * (0.5 + 0.25 * (edge[:count] + edge[length:])) * free
        for at in (-rank).argsort(kind="stable")[:SPANS_PER_SIZE].tolist():
            if rank[at] <= LEAST_RANK:
                break
            if not _function_edge(article, text[at : at + length]):
                figures = float(precision[at]), float(recall[at]), float(held[:, at].min())
                found.append((float(rank[at]), _sighting(bead, at, at + length, *figures, column)))
    found.sort(key=lambda pair: (-pair[0], pair[1].start, pair[1].end))
    return [sighting for _, sighting in found[:SPANS_PER_BEAD]]


def _function_edge(article: Article, span: str) -> bool:
    """True when a span opens or closes with a function character that is part of no word there: 了, not 以太坊."""
    if span[-1] == "的" and span[-2:] not in ("目的", "标的"):
        return True
    if span[0] in FUNCTION_CHARS and not any(article.is_word(span[:n]) for n in range(2, min(len(span), 4) + 1)):
        return True
    return span[-1] in FUNCTION_CHARS and not any(article.is_word(span[-n:]) for n in range(2, min(len(span), 4) + 1))


def _climb(article: Article, rows: Mapping[int, tuple[int, ...]], found: dict[str, list[Sighting]]) -> list[str]:
    """Grow the best spans by their commonest neighbour while most places agree; new spans are added to `found`."""
    grown = []
    for span in sorted(found, key=lambda z: (-sum(s.f for s in found[z]), z))[:8]:
        places = [(s.bead, s.start, s.end) for s in found[span]]
        while len(places) > 1 and places[0][2] - places[0][1] < LONGEST_SPAN:
            longer = _grow(article, places)
            if not longer:
                break
            places = longer
        bead, start, end = places[0]
        top = article.folded[bead][start:end]
        if top != span:
            grown.append(top)
            found.setdefault(top, [measure(article, b, rows[b], s, e) for b, s, e in places])
    return grown


def _grow(article: Article, places: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for bead, start, end in places:
        text = article.folded[bead]
        if start and HAN_CHAR.match(text[start - 1]):
            left[text[start - 1]] += 1
        if end < len(text) and HAN_CHAR.match(text[end]):
            right[text[end]] += 1
    best_left, best_right = max(left.values(), default=0), max(right.values(), default=0)
    if max(best_left, best_right) < max(2, CLIMB_SHARE * len(places)):
        return []
    if best_left >= best_right:
        char = min(c for c, n in left.items() if n == best_left)
        return [(b, s - 1, e) for b, s, e in places if s and article.folded[b][s - 1] == char]
    char = min(c for c, n in right.items() if n == best_right)
    return [(b, s, e + 1) for b, s, e in places if article.folded[b][e : e + 1] == char]
