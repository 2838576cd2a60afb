"""The Chinese spans an English unit may stand for: best by evidence, then grown to where the document says a word ends.

For a span: precision = mean share of its characters that the unit's words explain; recall = how much of each word's
best character it holds; F = their harmonic mean. Source: TERMS.md, recipe 4 and method 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.language import HAN_CHAR
from glossary.terms.article import LONGEST_SPAN, Article

Floats = NDArray[np.floating]

SPANS_PER_BEAD = 20
SPANS_PER_SIZE = 8
SPANS_PER_UNIT = 40
CLIMB_SHARE = 0.6
"""Source of the four: TERMS.md, recipe 4."""

CLIMBED_SPANS = 8
"""The best spans of a unit that are grown by their commonest neighbour."""

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


_F = Sighting._fields.index("f")


@dataclass(frozen=True, slots=True)
class Found:
    """The spans a unit may stand for, best first, at most SPANS_PER_UNIT and what they grow to.

    `rows` gives the unit's words per bead, `letters` counts the letters of its key. `places` has a row for every place,
    shape (places, 12), the columns those of `Sighting`; `sizes[i]` of the rows belong to span i, in the order of spans.
    """

    rows: Mapping[int, tuple[int, ...]]
    letters: int
    spans: Sequence[str]
    sizes: Sequence[int]
    places: Floats


def sightings(article: Article, rows: Mapping[int, tuple[int, ...]], letters: int) -> Found:
    """Spans for a unit; PLACES_PER_UNIT of its beads are looked at, evenly spread."""
    sampled = sample(rows)
    grids = {bead: _grid(article, bead, row) for bead, row in sampled.items() if article.folded[bead]}
    best = {bead: _best(article, grid) for bead, grid in grids.items()}
    found: dict[str, list[int]] = {}
    for number, (bead, at) in enumerate((bead, at) for bead, own in best.items() for at in own):
        length, start = divmod(at, len(article.folded[bead]))
        found.setdefault(article.folded[bead][start : start + length + 1], []).append(number)
    if not found:
        return Found(rows, letters, (), (), np.zeros((0, len(Sighting._fields))))
    places = np.concatenate([grids[bead].table(own) for bead, own in best.items()])
    f = places[:, _F].tolist()
    strength = {z: sum([f[at] for at in seen]) for z, seen in found.items()}
    ranked = sorted(found, key=lambda z: (-strength[z], z))
    climbed, more = _climb(article, grids, places, found, ranked[:CLIMBED_SPANS])
    least = min(LEAST_BEADS, len(sampled) * LEAST_SHARE)
    kept = [z for z in dict.fromkeys([*ranked[:SPANS_PER_UNIT], *climbed]) if len(found[z]) >= least] or ranked[:1]
    order = [at for z in kept for at in found[z]]
    return Found(rows, letters, kept, [len(found[z]) for z in kept], np.concatenate([places, *more])[order])


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
    precision = float(own.sums[0, end] - own.sums[0, start]) / (end - start)
    return own.sighting(bead, start, end, precision, float(parts.mean()), float(parts.min()))


class _Evidence(NamedTuple):
    """Of a unit's words in a bead: `sums` are running sums of what they and other words explain, shape
    (2, characters + 1); `part` is how much of each stem's best character every character holds."""

    sums: Floats
    part: Floats

    def sighting(self, bead: int, start: int, end: int, precision: float, recall: float, least: float) -> Sighting:
        f = 2 * precision * recall / (precision + recall + 1e-9)
        own, other, last = *self.sums, self.sums.shape[1] - 1
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
    sums = np.zeros((2, len(column) + 1))
    column.cumsum(out=sums[0, 1:])
    (article.explained[bead] - column).cumsum(out=sums[1, 1:])
    return _Evidence(sums, part)


class _Grid(NamedTuple):
    """What a unit's words say of every span of a bead, by length - 1 and start: arrays of shape (lengths, characters),
    `held` per stem, (lengths, stems, characters). `sums` are running sums of what the unit's words and what others
    explain, (2, characters + 1)."""

    bead: int
    sums: Floats
    precision: Floats
    recall: Floats
    f: Floats
    held: Floats

    def table(self, at: Sequence[int]) -> Floats:
        """A row for every span, the columns those of Sighting; `at` counts through the arrays."""
        size = self.f.shape[1]
        where = np.array(at, dtype=np.int64)
        length, start = where // size, where % size
        end = start + length + 1
        across = self.sums[:, np.array([np.maximum(start - 1, 0), start, end, np.minimum(end + 1, size)])]
        across = across[:, 1:] - across[:, :-1]
        made = np.empty((len(at), len(Sighting._fields)))
        made[:, 0], made[:, 1], made[:, 2] = self.bead, start, end
        made[:, 3], made[:, 4], made[:, 5] = (own.ravel()[where] for own in (self.f, self.precision, self.recall))
        made[:, 6] = self.held[length, :, start].min(axis=1)
        made[:, 7], made[:, 8] = across[0, 0], across[0, 2]
        made[:, 9], made[:, 10], made[:, 11] = across[1, 1] / (length + 1), across[1, 0], across[1, 2]
        return made


def _grid(article: Article, bead: int, row: tuple[int, ...]) -> _Grid:
    own = _evidence(article, bead, row)
    size = own.part.shape[1]
    ends, lengths = _ends(size)
    ahead = np.zeros((len(own.part), size + len(lengths)), dtype=np.float32)
    ahead[:, :size] = own.part
    held = np.empty((len(lengths), *own.part.shape), dtype=np.float32)
    held[0] = own.part
    for k in range(1, len(lengths)):
        np.maximum(held[k - 1], ahead[:, k : k + size], out=held[k])
    recall = held.mean(axis=1) if len(own.part) > 1 else held[:, 0]
    precision = (own.sums[0][ends] - own.sums[0, :-1]) / lengths
    f = 2 * precision * recall / (precision + recall + 1e-9)
    return _Grid(bead, own.sums, precision, recall, f, held)


@lru_cache(maxsize=512)
def _ends(size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where spans of each length end by their start, no farther than the text, and the lengths."""
    lengths = np.arange(1, min(LONGEST_SPAN, size) + 1)[:, None]
    return np.minimum(np.arange(size) + lengths, size), lengths


def _best(article: Article, grid: _Grid) -> list[int]:
    """The spans of a bead with the best evidence at the best edges, as places in the grid, best first."""
    size = grid.f.shape[1]
    rank = (grid.f * article.span_weights[grid.bead]).ravel()
    top = np.flatnonzero(rank > LEAST_RANK)
    found: list[int] = []
    of_size = [0] * len(grid.f)
    for at in top[np.argsort(-rank[top], kind="stable")].tolist():
        if of_size[at // size] < SPANS_PER_SIZE:
            of_size[at // size] += 1
            found.append(at)
            if len(found) == SPANS_PER_BEAD:
                break
    return found


def _climb(
    article: Article, grids: Mapping[int, _Grid], places: Floats, found: dict[str, list[int]], best: Sequence[str]
) -> tuple[list[str], list[Floats]]:
    """Grow the best spans by their commonest neighbour while most places agree. The longer spans, and the rows of those
    that `found` lacked; their numbers, which go on from those of `places`, are added to it."""
    grown = []
    new: dict[int, list[tuple[str, int]]] = {}
    for span in best:
        if len(found[span]) < 2:
            continue
        seen = [(int(b), int(s), int(e)) for b, s, e in places[found[span], :3].tolist()]
        while len(seen) > 1 and seen[0][2] - seen[0][1] < LONGEST_SPAN:
            longer = _grow(article, seen)
            if not longer:
                break
            seen = longer
        top = article.folded[seen[0][0]][seen[0][1] : seen[0][2]]
        if top != span:
            grown.append(top)
        if top not in found:
            found[top] = []
            for bead, start, end in seen:
                new.setdefault(bead, []).append((top, (end - start - 1) * len(article.folded[bead]) + start))
    for number, top in enumerate((top for own in new.values() for top, _ in own), len(places)):
        found[top].append(number)
    return grown, [grids[bead].table([at for _, at in own]) for bead, own in new.items()]


def _grow(article: Article, places: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    folded = article.folded
    left = _commonest_han([folded[bead][start - 1] for bead, start, _ in places if start])
    right = _commonest_han([folded[bead][end] for bead, _, end in places if end < len(folded[bead])])
    if max(left[1], right[1]) < max(2, CLIMB_SHARE * len(places)):
        return []
    if left[1] >= right[1]:
        return [(b, s - 1, e) for b, s, e in places if s and folded[b][s - 1] == left[0]]
    return [(b, s, e + 1) for b, s, e in places if folded[b][e : e + 1] == right[0]]


def _commonest_han(chars: Sequence[str]) -> tuple[str, int]:
    """The Chinese character that stands most often among these, and how often; of equals the first by code point."""
    return min(
        ((char, count) for char, count in Counter(chars).items() if HAN_CHAR.match(char)),
        key=lambda own: (-own[1], own[0]), default=("", 0),
    )  # fmt: skip
