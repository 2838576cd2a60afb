"""The Chinese spans an English unit may stand for: best by evidence, then grown to where the document says a word ends.

For a span: precision = mean share of its characters that the unit's words explain; recall = how much of each word's
best character it holds; F = their harmonic mean. Source: TERMS.md, recipe 4 and method 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.language import HAN_CHAR
from glossary.terms.article import LONGEST_SPAN, Article
from glossary.terms.tokens import FUNCTION_CHARS

Floats = NDArray[np.floating]

SPANS_PER_BEAD = 20
SPANS_PER_SIZE = 8
SPANS_PER_UNIT = 40
CLIMB_SHARE = 0.6
"""Source of the four: TERMS.md, recipe 4."""

CLIMBED_SPANS = 8
LEAST_BEADS = 2
LEAST_SHARE = 0.25
"""A span that is among the best of one bead only is not listed for a unit that stands in more than four."""

PLACES_PER_UNIT = 60
"""Beads a unit's spans are looked for in; more change shares by a hundredth and cost time."""

TRUSTED_MASS = 0.1
"""A word whose best character has less mass than this counts for recall only in proportion: it is hardly aligned."""

LEAST_RANK = 0.03
"""Spans whose evidence times edge votes is lower are not listed: nothing speaks for them."""


class Sighting(NamedTuple):
    """One place of a span: folded[start:end] of bead `bead`, with its evidence.

    `least` is the recall of the word it holds least of. Of the span, the character before and the one after (0 at the
    text's edge): `*_mass` is the share the unit's words explain, `foreign*` the share other words explain.
    """

    bead: int
    start: int
    end: int
    f: float
    precision: float
    recall: float
    least: float
    left_mass: float
    right_mass: float
    foreign: float
    foreign_left: float
    foreign_right: float


def sightings(article: Article, rows: Mapping[int, tuple[int, ...]]) -> dict[str, list[Sighting]]:
    """Spans for a unit by folded text, best first, at most SPANS_PER_UNIT; `rows` gives its words per bead.

    Looks at PLACES_PER_UNIT beads at most, evenly spread.
    """
    rows = sample(rows)
    found: dict[str, list[Sighting]] = {}
    for bead, row in rows.items():
        text = article.folded[bead]
        for sighting in _best(article, bead, row):
            found.setdefault(text[sighting.start : sighting.end], []).append(sighting)
    strength = {z: sum(s.f for s in seen) for z, seen in found.items()}
    ranked = sorted(found, key=lambda z: (-strength[z], z))
    climbed = _climb(article, rows, found, ranked[:CLIMBED_SPANS])
    least = min(LEAST_BEADS, len(rows) * LEAST_SHARE)
    kept = [z for z in dict.fromkeys([*ranked[:SPANS_PER_UNIT], *climbed]) if len(found[z]) >= least]
    return {z: found[z] for z in kept or ranked[:1]}


def sample(rows: Mapping[int, tuple[int, ...]]) -> Mapping[int, tuple[int, ...]]:
    """At most PLACES_PER_UNIT of the beads, evenly spread.

    >>> list(sample({bead: (0,) for bead in range(120)}))[:3]
    [0, 2, 4]
    """
    if len(rows) <= PLACES_PER_UNIT:
        return rows
    beads = list(rows)
    return {beads[at]: rows[beads[at]] for at in np.arange(PLACES_PER_UNIT) * len(beads) // PLACES_PER_UNIT}


def measure(article: Article, bead: int, row: tuple[int, ...], start: int, end: int) -> Sighting:
    """The evidence that a unit's words stand at folded[start:end] of a bead."""
    own = _evidence(article, bead, row)
    parts = own.part[:, start:end].max(axis=1)
    precision = float(own.total[end] - own.total[start]) / (end - start)
    return own.sighting(bead, start, end, precision, float(parts.mean()), float(parts.min()))


class _Evidence(NamedTuple):
    """Of a unit's words in a bead: `total` and `foreign` are running sums of what they and other words explain, shape
    (characters + 1,); `part` is how much of each stem's best character every character holds."""

    total: Floats
    foreign: Floats
    part: Floats

    def sighting(self, bead: int, start: int, end: int, precision: float, recall: float, least: float) -> Sighting:
        f = 2 * precision * recall / (precision + recall + 1e-9)
        own, other, last = self.total, self.foreign, len(self.total) - 1
        left, right = max(start - 1, 0), min(end + 1, last)
        return Sighting(
            bead, start, end, f, precision, recall, least, float(own[start] - own[left]), float(own[right] - own[end]),
            float(other[end] - other[start]) / (end - start), float(other[start] - other[left]),
            float(other[right] - other[end]),
        )  # fmt: skip


def _evidence(article: Article, bead: int, row: tuple[int, ...]) -> _Evidence:
    found, picked = article.posteriors[bead], list(row)
    column = found.share[picked].sum(axis=0, dtype=np.float64)
    mass = np.concatenate([found.parts.get(i, found.mass[i : i + 1]) for i in row])
    peak = mass.max(axis=1, keepdims=True)
    part = mass / np.maximum(peak, 1e-9) * np.minimum(1.0, peak / TRUSTED_MASS)
    total, foreign = np.zeros(len(column) + 1), np.zeros(len(column) + 1)
    np.cumsum(column, out=total[1:])
    np.cumsum(article.explained[bead] - column, out=foreign[1:])
    return _Evidence(total, foreign, part)


def _best(article: Article, bead: int, row: tuple[int, ...]) -> list[Sighting]:
    text = article.folded[bead]
    size = len(text)
    if not size:
        return []
    own = _evidence(article, bead, row)
    blocked, whole, edge = article.span_edges[bead]
    lengths = np.arange(1, min(LONGEST_SPAN, size) + 1)[:, None]
    begin = np.arange(size)
    end = begin + lengths
    inside = end <= size
    end = np.minimum(end, size)
    free = inside & (blocked[end] == blocked[begin]) & whole[begin] & whole[end]
    precision = (own.total[end] - own.total[begin]) / lengths
    held = np.empty((len(lengths), *own.part.shape), dtype=np.float32)
    held[0] = own.part
    for k in range(1, len(lengths)):
        held[k] = held[k - 1]
        np.maximum(held[k - 1][:, :-k], own.part[:, k:], out=held[k][:, :-k])
    recall = held.mean(axis=1)
    f = 2 * precision * recall / (precision + recall + 1e-9)
    rank = f * (0.5 + 0.25 * (edge[begin] + edge[end])) * free
    found: list[Sighting] = []
    of_size = [0] * (len(lengths) + 1)
    flat = rank.ravel()
    top = np.flatnonzero(flat > LEAST_RANK)
    for at in top[np.argsort(-flat[top], kind="stable")].tolist():
        k, start = divmod(at, size)
        if of_size[k] < SPANS_PER_SIZE and not _function_edge(article, text[start : start + k + 1]):
            of_size[k] += 1
            figures = float(precision[k, start]), float(recall[k, start]), float(held[k, :, start].min())
            found.append(own.sighting(bead, start, start + k + 1, *figures))
            if len(found) == SPANS_PER_BEAD:
                break
    return found


def _function_edge(article: Article, span: str) -> bool:
    """True when a span opens or closes with a space or a function character that is part of no word: 了, not 以太坊."""
    if " " in (span[0], span[-1]):
        return True
    if span[-1] == "的" and span[-2:] not in ("目的", "标的"):
        return True
    if span[0] in FUNCTION_CHARS and not any(article.is_word(span[:n]) for n in range(2, min(len(span), 4) + 1)):
        return True
    return span[-1] in FUNCTION_CHARS and not any(article.is_word(span[-n:]) for n in range(2, min(len(span), 4) + 1))


def _climb(
    article: Article, rows: Mapping[int, tuple[int, ...]], found: dict[str, list[Sighting]], best: Sequence[str]
) -> list[str]:
    """Grow the best spans by their commonest neighbour while most places agree; new spans are added to `found`."""
    grown = []
    for span in best:
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
