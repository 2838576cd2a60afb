"""The Chinese spans an English unit may stand for: best by evidence, then grown to where the document says a word ends.

Source: TERMS.md, recipe 4 and method 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.language import HAN_CHAR
from glossary.terms.article import LONGEST_SPAN, Article
from glossary.terms.looks import Looks, Sighting

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

SPANS_PER_UNIT = 40
CLIMB_SHARE = 0.6
"""Source of the two: TERMS.md, recipe 4."""

CLIMBED_SPANS = 8
"""The best spans of a unit that are grown by their commonest neighbour."""

LEAST_BEADS = 2
LEAST_SHARE = 0.25
"""A span that is among the best of one bead only is not listed for a unit that stands in more than four."""

PLACES_PER_UNIT, PLACES_IN_LONG = 30, 12
"""Beads a unit's spans are looked for in, the second in a long text; with 60 the folders and pages of the dev sets had
the same accuracies, with the second the folders."""

PAIRED_UP_TO = 400
"""A text of more beads is long: time counts, and a term stands by itself somewhere."""

SPANS_OF_ONE, LEAST_STRENGTH = 15, 0.2
"""In a long text, the spans of a unit that stands in one bead, and how strong a span is against the unit's best."""

LOOKS_TOGETHER = 2048
"""Beads of units that are measured together: bounds the memory."""


class Sought(NamedTuple):
    """A unit whose spans are sought: its words per bead, and how many letters its key has."""

    rows: Mapping[int, tuple[int, ...]]
    letters: int


_F = Sighting._fields.index("f")


@dataclass(frozen=True, slots=True)
class Found:
    """The spans a unit may stand for, best first, at most SPANS_PER_UNIT and what they grow to.

    `rows` gives the unit's words per bead, `letters` counts the letters of its key. `places` has a row for every place,
    one column a field of `Sighting`; `sizes[i]` of the rows belong to span i, in the order of spans.
    """

    rows: Mapping[int, tuple[int, ...]]
    letters: int
    spans: Sequence[str]
    sizes: Sequence[int]
    places: Floats


def sightings(article: Article, units: Iterable[Sought]) -> Iterator[Found]:
    """Spans for each unit; PLACES_PER_UNIT of its beads are looked at, evenly spread."""
    batch: list[Sought] = []
    looks, most = 0, _most_places(article)
    for unit in units:
        batch.append(unit)
        looks += min(len(unit.rows), most)
        if looks >= LOOKS_TOGETHER:
            yield from _found(article, batch)
            batch, looks = [], 0
    yield from _found(article, batch)


def _found(article: Article, units: Sequence[Sought]) -> Iterator[Found]:
    sampled = [sample(unit.rows, _most_places(article)) for unit in units]
    looked = [[(bead, row) for bead, row in own.items() if article.folded[bead]] for own in sampled]
    looks = Looks(article, [look for own in looked for look in own])
    spans = _Spans(article, looks.beads, *looks.best())
    places = looks.table(*spans.arrays())
    ends = np.searchsorted(spans.look, np.cumsum([len(own) for own in looked])).tolist()
    found = [_at(spans, start, end) for start, end in pairwise([0, *ends])]
    f = places[:, _F].tolist()
    long = len(article.pairs) > PAIRED_UP_TO
    kept = [_kept(spans, own, f, len(rows), long) for own, rows in zip(found, sampled, strict=True)]
    places = np.concatenate([places, looks.table(*spans.arrays(len(places)))])
    for unit, own, names in zip(units, found, kept, strict=True):
        order = [at for z in names for at in own[z]]
        yield Found(unit.rows, unit.letters, names, [len(own[z]) for z in names], places[order])


class _Spans:
    """Spans by number: what look they are of, where they stand in the text of all beads; more may be added."""

    def __init__(self, article: Article, beads: Ints, look: Ints, start: Ints, end: Ints) -> None:
        self.flat = article.flat
        self._first = article.first[beads]
        self.look, self.start, self.end = look.tolist(), *((own + self._first[look]).tolist() for own in (start, end))

    def arrays(self, since: int = 0) -> tuple[Ints, Ints, Ints]:
        """Look, start and end in the bead of the spans from this number on."""
        look, start, end = (np.array(own[since:], dtype=np.int64) for own in (self.look, self.start, self.end))
        return look, start - self._first[look], end - self._first[look]

    def place(self, number: int) -> tuple[int, int, int]:
        """Look, start and end of a span."""
        return self.look[number], self.start[number], self.end[number]

    def add(self, place: tuple[int, int, int]) -> int:
        """The number of a new span."""
        for own, value in zip((self.look, self.start, self.end), place, strict=True):
            own.append(value)
        return len(self.look) - 1


def _at(spans: _Spans, start: int, end: int) -> dict[str, list[int]]:
    """The numbers of a unit's spans by their text."""
    found: dict[str, list[int]] = {}
    for number, where in enumerate(map(slice, spans.start[start:end], spans.end[start:end]), start):
        found.setdefault(spans.flat[where], []).append(number)
    return found


def _kept(spans: _Spans, found: dict[str, list[int]], f: Sequence[float], beads: int, long: bool) -> list[str]:
    """The spans to be listed, best first, fewer in a `long` text; places of what they grow to are added to `found`."""
    strength = {z: sum([f[at] for at in seen]) for z, seen in found.items()}
    ranked = sorted(found, key=lambda z: (-strength[z], z))
    if long and ranked:
        weak = LEAST_STRENGTH * strength[ranked[0]]
        ranked = [z for z in ranked[: SPANS_OF_ONE if beads == 1 else None] if strength[z] >= weak]
    climbed = _climb(spans, found, ranked[:CLIMBED_SPANS])
    least = min(LEAST_BEADS, beads * LEAST_SHARE)
    return [z for z in dict.fromkeys([*ranked[:SPANS_PER_UNIT], *climbed]) if len(found[z]) >= least] or ranked[:1]


def _most_places(article: Article) -> int:
    return PLACES_IN_LONG if len(article.pairs) > PAIRED_UP_TO else PLACES_PER_UNIT


def sample(rows: Mapping[int, tuple[int, ...]], most: int) -> Mapping[int, tuple[int, ...]]:
    """At most so many of the beads, evenly spread.

    >>> list(sample({bead: (0,) for bead in range(60)}, 30))[:3]
    [0, 2, 4]
    """
    if len(rows) <= most:
        return rows
    beads = list(rows)
    return {beads[at]: rows[beads[at]] for at in np.arange(most) * len(beads) // most}


def _climb(spans: _Spans, found: dict[str, list[int]], best: Sequence[str]) -> list[str]:
    """Grow the best spans by their commonest neighbour while most places agree. The longer spans; the places of those
    that `found` lacked are added to it."""
    grown = []
    for span in best:
        if len(found[span]) < 2:
            continue
        seen = [spans.place(number) for number in found[span]]
        while len(seen) > 1 and seen[0][2] - seen[0][1] < LONGEST_SPAN:
            longer = _grow(spans.flat, seen)
            if not longer:
                break
            seen = longer
        top = spans.flat[slice(*seen[0][1:])]
        if top != span:
            grown.append(top)
        if top not in found:
            found[top] = [spans.add(place) for place in seen]
    return grown


def _grow(flat: str, places: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    before, after = [flat[start - 1] for _, start, _ in places], [flat[end] for _, _, end in places]
    left, right = _commonest_han(before), _commonest_han(after)
    if max(left[1], right[1]) < max(2, CLIMB_SHARE * len(places)):
        return []
    if left[1] >= right[1]:
        return [(look, s - 1, e) for char, (look, s, e) in zip(before, places, strict=True) if char == left[0]]
    return [(look, s, e + 1) for char, (look, s, e) in zip(after, places, strict=True) if char == right[0]]


def _commonest_han(chars: Sequence[str]) -> tuple[str, int]:
    """The Chinese character that stands most often among these, and how often; of equals the first by code point.
    None when no one stands twice."""
    if len(set(chars)) == len(chars):  # too few to grow a span
        return "", 0
    counts = Counter(chars)
    return min(
        ((char, count) for char, count in counts.items() if HAN_CHAR.match(char)),
        key=lambda own: (-own[1], own[0]), default=("", 0),
    )  # fmt: skip
