"""An English unit with one Chinese rendering: what pairing finds, the term model judges and candidates are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.terms.article import Article
from glossary.terms.features import SPAN_WORDS
from glossary.terms.pairing import Posteriors
from glossary.terms.units import Place, Unit

Floats = NDArray[np.floating]

PAIR_PARTS = (
    "probability", "margin", "gloss", "gloss_share", "misspelt", "rival", "rival_same_span", "rival_rendering",
    "held", "holds", "inner_share", "outer_share",
)  # fmt: skip
"""What the term model reads of a pair alone."""

SPAN_PARTS = (
    "f", "precision", "recall", "best_f", "share_of_unit", "share_of_span", "least_recall", "dice", "mass_left",
    "mass_right", "jieba_left", "jieba_right", "function_left", "function_right", "next_left", "next_right",
    "begins_words", "ends_words", "cuts_too_many", "cuts_too_few", "is_word", "is_jieba_word", "length_ratio",
    "longer_often", "longer_once", "foreign", "foreign_left", "foreign_right", "likelihood", "likelihood_behind",
    *SPAN_WORDS,
)  # fmt: skip
"""SPAN_FEATURES of the span that the term model reads too."""

_COLUMNS = {name: at for at, name in enumerate((*PAIR_PARTS, *SPAN_PARTS))}
_SHOWN = ("probability", "f", "share_of_unit")
"""What a candidate shows of the evidence for a pair."""


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

    A text of 10,000 sentences has 175,000, so they are small: what is measured is one row of numbers, PAIR_PARTS and
    SPAN_PARTS, and `spots` of an alternative are empty until it is listed.
    """

    unit: Unit
    span: str
    rule: str
    row: Floats = field(default_factory=lambda: np.zeros(0))
    score: float = 0.0
    spots: Sequence[Spot] = ()
    unlisted: float = 0.0  # strength of a less likely rendering that made no pair
    turn: int = 0  # the round of `renderings` that found it
    best: bool = True  # a rendering that may be listed; in the end the one chosen for its beads
    aligned: bool = False  # found among the likeliest spans of its unit, not by a rule alone
    rules: tuple[str, ...] = ()  # those that vouch for it, once for every place

    def measured(self, name: str) -> float:
        """What is measured of the pair under a name of PAIR_PARTS or SPAN_PARTS."""
        return float(self.row[_COLUMNS[name]])

    def measure(self, **parts: float) -> None:
        """Write what is measured under these names."""
        for name, value in parts.items():
            self.row[_COLUMNS[name]] = value

    @property
    def evidence(self) -> dict[str, float]:
        """What a candidate shows of the evidence: what was measured, and how often each rule found the pair."""
        shown = {name: self.measured(name) for name in _SHOWN} if self.aligned else {}
        return shown | {rule: float(self.rules.count(rule)) for rule in self.rules}


def find_spots(article: Article, by_bead: Mapping[int, Sequence[Place]], span: str) -> list[Spot]:
    """Every place of a unit (`Unit.by_bead`) whose bead holds the span, with a span of its own: the one that what
    stands around the place speaks for. *activation function* and *function* of one sentence keep their own 函数."""
    spots = []
    for bead, places in by_bead.items():
        text = article.folded[bead]
        if span not in text:
            continue
        starts = _all_starts(text, span)
        if len(places) == len(starts) == 1:
            matched = [(places[0], starts[0])]
        else:
            matched = _matched(article.posteriors[bead], places, starts, len(span))
        spots += [Spot(bead, place.first, place.last, start, start + len(span)) for place, start in matched]
    return spots


NEAR_WORDS, NEAR_CHARACTERS = 3, 6
"""How far around a place of a unit and of a span their surroundings are compared; set by hand."""


def _matched(found: Posteriors, places: Sequence[Place], starts: Sequence[int], size: int) -> list[tuple[Place, int]]:
    """Places of a unit with starts of a span, each used once: best surroundings first, of equals in reading order."""
    words, characters = found.mass.shape
    first = np.array(starts)
    end = first + size
    low, high = np.maximum(first - NEAR_CHARACTERS, 0), np.minimum(end + NEAR_CHARACTERS, characters)
    ranked = []
    for n, place in enumerate(places):
        near = [*range(max(0, place.first - NEAR_WORDS), place.first),
                *range(place.last, min(words, place.last + NEAR_WORDS))]  # fmt: skip
        around, own = _sums(found, near), _sums(found, slice(place.first, place.last))
        mass = around[high] - around[low] - around[end] + around[first] + own[end] - own[first]
        ranked += [(-round(value, 3), abs(n - m), n, m) for m, value in enumerate(mass.tolist())]
    taken: dict[int, int] = {}
    for _, _, n, m in sorted(ranked):
        if n not in taken and m not in taken.values():
            taken[n] = m
    return [(places[n], starts[m]) for n, m in sorted(taken.items())]


def _sums(found: Posteriors, words: Sequence[int] | slice) -> NDArray[np.float64]:
    """Running sums over the characters of what some words explain, shape (characters + 1,)."""
    return np.concatenate([[0.0], found.share(words).sum(axis=0, dtype=np.float64).cumsum()])


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
