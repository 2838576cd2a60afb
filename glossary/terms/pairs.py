"""An English unit with one Chinese rendering: what pairing finds, the term model judges and candidates are made of."""

from __future__ import annotations

from collections import defaultdict
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
    """Every place of the unit whose bead holds the span: where the evidence is strongest, each span used once."""
    spots = []
    by_bead: dict[int, list[Place]] = defaultdict(list)
    for place in unit.places:
        by_bead[place.bead].append(place)
    for bead, places in sorted(by_bead.items()):
        starts = _all_starts(article.folded[bead], span)
        if len(starts) > len(places):
            mass = article.posteriors[bead].share(slice(places[0].first, places[0].last)).sum(axis=0)
            starts = sorted(sorted(starts, key=lambda s: (-mass[s : s + len(span)].sum(), s))[: len(places)])
        for place, start in zip(places, starts, strict=False):
            spots.append(Spot(bead, place.first, place.last, start, start + len(span)))
    return spots


def _all_starts(text: str, span: str) -> list[int]:
    starts, at = [], text.find(span)
    while at >= 0:
        starts.append(at)
        at = text.find(span, at + len(span))
    return starts
