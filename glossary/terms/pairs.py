"""An English unit with one Chinese rendering: what pairing finds, the term model judges and candidates are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.terms.article import Article
from glossary.terms.candidates import Place, Unit

Floats = NDArray[np.float64]


class Spot(NamedTuple):
    """One place of a pair: words [first, last) of a bead and folded Chinese [start, end)."""

    bead: int
    first: int
    last: int
    start: int
    end: int


@dataclass(slots=True)
class Pair:
    """An English unit with one rendering.

    `spots` of an alternative are empty until it is listed: there are five times as many of them as of all others.
    """

    unit: Unit
    span: str
    rule: str
    evidence: dict[str, float] = field(default_factory=dict)
    score: float = 0.0
    fit: dict[str, float] = field(default_factory=dict)  # what the term model reads of this pair alone
    spots: list[Spot] = field(default_factory=list)
    turn: int = 0  # the round of `renderings` that found it
    best: bool = True  # a rendering that may be listed; in the end the one chosen for its beads
    measured: Floats = field(default_factory=lambda: np.zeros(0))  # the term model's SPAN_PARTS


def find_spots(article: Article, unit: Unit, span: str) -> list[Spot]:
    """Every place of the unit whose bead holds the span, with a span of its own: the one that what stands around the
    place speaks for. *activation function* and *function* of one sentence keep their own 函数."""
    spots = []
    by_bead: dict[int, list[Place]] = defaultdict(list)
    for place in unit.places:
        by_bead[place.bead].append(place)
    for bead, places in sorted(by_bead.items()):
        starts = _all_starts(article.folded[bead], span)
        if len(places) == len(starts) == 1:
            matched = [(places[0], starts[0])]
        else:
            matched = _matched(article.posteriors[bead].share(slice(None)), places, starts, len(span)) if starts else []
        spots += [Spot(bead, place.first, place.last, start, start + len(span)) for place, start in matched]
    return spots


NEAR_WORDS, NEAR_CHARACTERS = 3, 6
"""How far around a place of a unit and of a span their surroundings are compared; set by hand."""


def _matched(share: NDArray[np.float32], places: Sequence[Place], starts: Sequence[int], size: int
) -> list[tuple[Place, int]]:  # fmt: skip
    """Places of a unit with starts of a span, each used once: best surroundings first, of equals in reading order."""
    sums = np.zeros((len(share), share.shape[1] + 1))
    share.cumsum(axis=1, out=sums[:, 1:])
    first = np.array(starts)
    end = first + size
    low, high = np.maximum(first - NEAR_CHARACTERS, 0), np.minimum(end + NEAR_CHARACTERS, share.shape[1])
    ranked = []
    for n, place in enumerate(places):
        near = [*range(max(0, place.first - NEAR_WORDS), place.first),
                *range(place.last, min(len(share), place.last + NEAR_WORDS))]  # fmt: skip
        around = (sums[near][:, high] - sums[near][:, low] - sums[near][:, end] + sums[near][:, first]).sum(axis=0)
        own = sums[place.first : place.last]
        mass = (own[:, end] - own[:, first]).sum(axis=0)
        ranked += [(-round(value, 3), abs(n - m), n, m) for m, value in enumerate((around + mass).tolist())]
    found: dict[int, int] = {}
    for _, _, n, m in sorted(ranked):
        if n not in found and m not in found.values():
            found[n] = m
    return [(places[n], starts[m]) for n, m in sorted(found.items())]


def _all_starts(text: str, span: str) -> list[int]:
    starts, at = [], text.find(span)
    while at >= 0:
        starts.append(at)
        at = text.find(span, at + len(span))
    return starts


def part_of(part: Pair, whole: Pair) -> bool:
    """True for a pair that is nested in another one on both sides: bank = 银行 in southern lantern bank = 南灯银行."""
    if part.unit.key == whole.unit.key or part.span == whole.span:
        return False
    return part.span in whole.span and f" {part.unit.key} " in f" {whole.unit.key} "
