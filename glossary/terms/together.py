"""What one document of several has of the pairs chosen over all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from glossary.terms.article import Article
from glossary.terms.pairs import Pair, Spot
from glossary.terms.units import Unit

BEADS_TOGETHER = 20_000
"""Documents are taken together up to so many beads: about 1 GB."""


def batches(sizes: Sequence[tuple[str, int]]) -> Iterator[list[int]]:
    """Numbers of the documents whose terms are found together; each comes with its language and its beads.

    >>> list(batches([("zh-Hant", 10), ("zh-Hans", 10), ("zh-Hant", 15_000), ("zh-Hant", 15_000)]))
    [[0, 2], [3], [1]]
    """
    for lang in dict.fromkeys(lang for lang, _ in sizes):
        batch: list[int] = []
        beads = 0
        for number, (own, size) in enumerate(sizes):
            if own != lang:
                continue
            if batch and beads + size > BEADS_TOGETHER:
                yield batch
                batch, beads = [], 0
            batch.append(number)
            beads += size
        yield batch


def merged(full: Sequence[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    """What all documents state as full forms, by acronym."""
    found: dict[str, frozenset[str]] = {}
    for own in full:
        for key, forms in own.items():
            found[key] = found.get(key, frozenset()) | forms
    return found


def shared_out(article: Article, pairs: Sequence[Pair], sizes: Sequence[int]) -> list[list[Pair]]:
    """The pairs of each text, of which `sizes` gives the beads, with the places and forms they have there; scores stay
    those over all."""
    if len(sizes) == 1:
        return [list(pairs)]
    ends = list(accumulate(sizes))
    found: list[list[Pair]] = [[] for _ in sizes]
    units: dict[tuple[int, int], Unit] = {}
    for pair in pairs:
        for text, spots in _by_text(article, pair, ends).items():
            key = (id(pair.unit), text)
            if key not in units:
                units[key] = _unit_within(article, pair.unit, range(ends[text] - sizes[text], ends[text]))
            found[text].append(replace(pair, unit=units[key], spots=spots))
    return found


def _by_text(article: Article, pair: Pair, ends: Sequence[int]) -> dict[int, list[Spot]]:
    """The texts a pair stands in with its spots there; a pair without spots has none."""
    found: dict[int, list[Spot]] = {}
    for spot in pair.spots:
        found.setdefault(bisect_right(ends, spot.bead), []).append(spot)
    if not pair.spots:
        beads = dict.fromkeys(place.bead for place in pair.unit.places)
        return {bisect_right(ends, bead): [] for bead in beads if pair.span in article.folded[bead]}
    return found


def _unit_within(article: Article, unit: Unit, beads: range) -> Unit:
    """The unit as these beads show it; how often it is a name or a whole phrase keeps its share."""
    places = [p for p in unit.places if p.bead in beads]
    forms: dict[str, int] = {}
    for place in places:
        row = article.words[place.bead]
        form = article.pairs[place.bead].english[row[place.first].start : row[place.last - 1].end]
        forms[form] = forms.get(form, 0) + 1
    shares = (round(n * len(places) / max(1, len(unit.places))) for n in (unit.maximal, unit.edges, unit.names))
    return Unit(unit.key, forms, places, *shares) if places else unit
