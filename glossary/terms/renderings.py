"""The likeliest Chinese renderings of every unit, found many units at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, pairwise

import numpy as np

from glossary.terms.article import Article
from glossary.terms.features import SPAN_FEATURES, Floats, span_features
from glossary.terms.pairs import PAIR_PARTS, SPAN_PARTS, Pair, find_spots
from glossary.terms.ranking import Linear, softmax
from glossary.terms.spans import Found, Sought, sightings
from glossary.terms.units import Unit

UNITS_TOGETHER = 256
"""Units whose spans are measured together: bounds the memory, and numpy is asked once for all."""

CONTENDERS = 4
LEAST_SHARE = 0.03
"""The likeliest renderings of a unit, at most so many and so likely, that the term model chooses from; set by hand."""

LISTED_SHARE = 0.12
"""The same in long texts that list no alternatives: of 14,372 second to fourth renderings of 4,000 pairs 8,585 are less
likely, and one of these was listed."""

ALTERNATIVES = 5
"""Renderings kept per unit, the chosen one included; the others only show below the default cut-off."""

RENDERINGS = 3
"""Renderings looked for one after the other, each in the beads that lack those before it."""

SECOND_RENDERING = 2
"""Beads without the first rendering that a second one must be found in to be listed as one."""

_OWN = [PAIR_PARTS.index(name) for name in ("probability", "margin", "inner_share", "outer_share")]
_F = len(PAIR_PARTS) + SPAN_PARTS.index("f")
_KEPT = [SPAN_FEATURES.index(name) for name in SPAN_PARTS]


def renderings(article: Article, units: Iterable[Unit], model: Linear, *, alternatives: bool = True) -> Iterator[Pair]:
    """Of each unit the likeliest renderings, more for the beads that lack the first, and alternatives without spots.

    Without `alternatives` only what may be listed: a third of the pairs.
    """
    waiting = iter(units)
    while batch := list(islice(waiting, UNITS_TOGETHER)):
        yield from _batch(article, batch, model, alternatives)


def _batch(article: Article, units: Sequence[Unit], model: Linear, alternatives: bool) -> Iterator[Pair]:
    made: list[list[Pair]] = [[] for _ in units]
    rows = {number: article.bead_rows(unit) for number, unit in enumerate(units)}
    for turn in range(RENDERINGS):
        seen = sightings(article, [Sought(own, _letters(units[n])) for n, own in rows.items()])
        found = {n: own for n, own in zip(rows, seen, strict=True) if own.spans}
        rows = {}
        for (number, own), table in zip(found.items(), _judged(article, list(found.values()), model), strict=True):
            ranked = _ranked(article, units[number], own, table, alternatives)
            for pair in ranked:
                pair.turn = turn
            made[number] += ranked if not turn else [p for p in ranked if p.best]
            rest = {b: row for b, row in own.rows.items() if ranked[0].span not in article.folded[b]}
            if SECOND_RENDERING <= len(rest) < len(own.rows):
                rows[number] = rest
    for own_pairs in made:
        yield from own_pairs


def _letters(unit: Unit) -> int:
    return sum(c.isalpha() for c in unit.key)


def _judged(article: Article, found: Sequence[Found], model: Linear) -> Iterator[tuple[Floats, Floats]]:
    """How likely each unit's spans render it, and the rows their pairs will have."""
    table = span_features(article, found)
    scores, rows = model(table), _rows(table)
    ends = accumulate((len(own.spans) for own in found), initial=0)
    return ((softmax(scores[start:end]), rows[start:end]) for start, end in pairwise(ends))


def _ranked(
    article: Article, unit: Unit, found: Found, judged: tuple[Floats, Floats], alternatives: bool
) -> list[Pair]:
    """The likeliest renderings of a unit, the first one first."""
    shares, table = judged
    order = np.argsort(-shares, kind="stable")[:ALTERNATIVES]
    likely, spans = shares[order].tolist(), [found.spans[at] for at in order.tolist()]
    named = list(zip(spans[:CONTENDERS], likely, strict=False))
    first, second = [*likely, 0.0][:2]
    rows = table[order]
    rows[:, _OWN] = [
        (share, share - (first if place else second), *_nested(span, named))
        for place, (span, share) in enumerate(zip(spans, likely, strict=True))
    ]
    pairs: list[Pair] = []
    by_bead, least = unit.by_bead(), LEAST_SHARE if alternatives else LISTED_SHARE
    for place, (span, share) in enumerate(zip(spans, likely, strict=True)):
        contends = place == 0 or (place < CONTENDERS and share >= least)
        if not contends and not alternatives:
            if 0 < place < CONTENDERS and share >= LEAST_SHARE:
                pairs[0].unlisted = max(pairs[0].unlisted, share * float(rows[place, _F]))
            continue
        rule = "alignment" if contends else "alternative"
        pair = Pair(unit, span, rule, rows[place].copy(), best=contends, aligned=True)
        if contends:
            pair.spots = find_spots(article, by_bead, pair.span)
        pairs.append(pair)
    return pairs


def _rows(table: Floats) -> Floats:
    """The rows of pairs whose spans have these features; what belongs to a pair alone is 0."""
    return np.hstack([np.zeros((len(table), len(PAIR_PARTS))), table[:, _KEPT]])


def _nested(span: str, likely: Sequence[tuple[str, float]]) -> tuple[float, float]:
    """How likely the likeliest rendering inside a span is, and the likeliest that holds it: 商业银行 in 经商业银行."""
    others = [(other, share) for other, share in likely if other != span]
    inner = max((share for other, share in others if other in span), default=0.0)
    return inner, max((share for other, share in others if span in other), default=0.0)


def vouched_rows(article: Article, found: Sequence[Found]) -> Floats:
    """The rows of pairs that only a rule found; each of `found` has its one span."""
    return _rows(span_features(article, found))
