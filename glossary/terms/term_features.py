"""What is measured of a unit with one Chinese span, by name: is the pair a term? `term_model` weighs it.

Three groups: how well unit and span fit, what the English says (words, context, document), what the Chinese says. How
the pair was found (a gloss, a list, a dictionary phrase) is a feature like others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from glossary.lexicon import Cedict, content_stems
from glossary.terms.article import Article
from glossary.terms.frequency import zipf
from glossary.terms.pairs import PAIR_PARTS, SPAN_PARTS, Pair, part_of
from glossary.terms.runs import before, runs
from glossary.terms.tokens import FUNCTION_CHARS
from glossary.terms.unit_features import UNIT_FEATURES, UnitRows
from glossary.terms.vouched import RULES

Floats = NDArray[np.float64]

_SPAN_OWN = ("span_length", "span_frequency", "span_count", "span_latin", "particle_inside", "function_inside",
             "span_is_verb", "span_headword", "latin_inside", "single_character",
             "surname_first", "counter_first", "span_all_names")  # fmt: skip

TERM_FEATURES = (
    *(f"rule_{r}" for r in RULES), *PAIR_PARTS, *SPAN_PARTS, *UNIT_FEATURES, *_SPAN_OWN, "prose",
)  # fmt: skip

PROSE_SHARE = 0.85
"""Share of beads that end as sentences do from which a text is prose: .89 to 1.0 of the articles, .43 to .79 of the
manuals among the labelled pages and our own seeds."""

_SENTENCE_END = re.compile(r"[.!?\"”’)\]]\s*$")


class TermRows:
    """What the term model reads of pairs of one article."""

    def __init__(self, article: Article, units: UnitRows, dictionary: Cedict) -> None:
        self._article, self._units, self._dictionary = article, units, dictionary
        self._prose = is_prose(article)

    def __call__(self, pairs: Sequence[Pair]) -> Floats:
        """One row a pair, one column a name of TERM_FEATURES."""
        if not pairs:
            return np.zeros((0, len(TERM_FEATURES)))
        spans = self._span_rows(dict.fromkeys(p.span for p in pairs))
        return np.column_stack([
            [[rule in p.rules for rule in RULES] for p in pairs], [p.row for p in pairs],
            [self._units(p.unit) for p in pairs], [spans[p.span] for p in pairs], np.full(len(pairs), self._prose),
        ])  # fmt: skip

    def _span_rows(self, spans: Iterable[str]) -> dict[str, list[float]]:
        listed = list(spans)
        counts = self._article.neighbour_shares(listed)[:, 0].tolist()
        return {z: _span_row(z, count, self._dictionary) for z, count in zip(listed, counts, strict=True)}


def is_prose(article: Article) -> bool:
    """True for an article, false for a manual or a tutorial with its headings, labels and formulas.

    The two kinds are labelled by different customs: in articles more plain nouns count as terms.
    """
    ends = [bool(_SENTENCE_END.search(pair.english)) for pair in article.pairs]
    return sum(ends) >= PROSE_SHARE * len(ends)


def _span_row(span: str, count: float, dictionary: Cedict) -> list[float]:
    """The columns of _SPAN_OWN; `count` is how often the span stands in the text."""
    glosses = [part.strip() for gloss in dictionary.glosses(span) for part in gloss.split(";")]
    verbs = sum(g.startswith("to ") for g in glosses)
    ascii_letters = sum(c.isascii() and c.isalpha() for c in span)
    return [
        float(len(span)), zipf(span, "zh"), math.log(max(1.0, count)), float(span.isascii()),
        float("的" in span[1:-1]), float(sum(c in FUNCTION_CHARS for c in span)), verbs / max(1, len(glosses)),
        float(bool(glosses)), float(0 < ascii_letters < len(span)), float(len(span) == 1),
        float(_is_surname(dictionary, span[0])), float(span[0] in COUNTERS), float(_is_name_gloss(glosses)),
    ]  # fmt: skip


COUNTERS = frozenset("个個份名间間种種批两兩一二三四五六七八九十百千万萬亿億第各每这這该該某")
"""A span that opens with a number or a counter mostly has a word too many."""


@lru_cache(maxsize=1 << 13)
def _is_surname(dictionary: Cedict, char: str) -> bool:
    return any("surname " in gloss.lower() for gloss in dictionary.glosses(char))


def _is_name_gloss(glosses: Sequence[str]) -> bool:
    return bool(glosses) and all(g[:1].isupper() for g in glosses)


def gloss_share(dictionary: Cedict, key: str, span: str) -> float:
    """How much a gloss of the Chinese word and the English phrase have in common: Jaccard of their content stems."""
    own = set(content_stems(key))
    glosses = [set(content_stems(part)) for gloss in dictionary.glosses(span) for part in re.split("[;()]", gloss)]
    return max((len(own & other) / len(own | other) for other in glosses if other), default=0.0) if own else 0.0


def compete(pairs: Sequence[Pair], linked: Mapping[str, frozenset[str]]) -> None:
    """Write into every pair's row how strong the pairs are that it cannot stand beside, and how it is nested.

    `linked` gives the full forms of an acronym: the two may share one rendering.
    """
    beads: dict[int, list[tuple[int, tuple[int, int, int, int]]]] = {}
    for at, pair in enumerate(pairs):
        for s in pair.spots:
            beads.setdefault(s.bead, []).append((at, (s.first, s.last, s.start, s.end)))
    sums, own = np.zeros((len(pairs), 4)), [strength(pair) for pair in pairs]
    force = np.array(own)
    listed = list(beads.values())
    for at in range(0, len(listed), BEADS_TOGETHER):
        _add_rivals(pairs, force, listed[at : at + BEADS_TOGETHER], linked, sums)
    strongest: dict[str, list[tuple[float, str]]] = {}
    for pair, strong in zip(pairs, own, strict=True):
        strongest.setdefault(pair.unit.key, []).append((strong, pair.span))
        if pair.unlisted:
            strongest[pair.unit.key].append((pair.unlisted, ""))
    for pair, strong, (rival, same, held, holds) in zip(pairs, own, sums.tolist(), strict=True):
        count = max(1, len(pair.spots))
        others = [s for s, span in strongest[pair.unit.key] if span != pair.span]
        pair.measure(rival=rival / count, rival_same_span=same / count, held=held / count, holds=holds / count,
                     rival_rendering=max(others) - strong if others else -2.0)  # fmt: skip


def strength(pair: Pair) -> float:
    """How firmly a pair stands before any training, 0..2: vouched for by the text, or likely."""
    return float(bool(pair.rules)) + pair.measured("probability") * pair.measured("f")


BEADS_TOGETHER = 128
"""Beads whose spots are compared together: numpy is asked once for all, and what is compared stays small."""


def _add_rivals(
    pairs: Sequence[Pair], force: Floats, beads: Sequence[list[tuple[int, tuple[int, int, int, int]]]],
    linked: Mapping[str, frozenset[str]], sums: Floats,
) -> None:  # fmt: skip
    """Add what the spots of some beads give to the `sums` of their pairs: every spot against all of its bead."""
    ids = np.array([at for spots in beads for at, _ in spots])
    where = np.array([w for spots in beads for _, w in spots])
    sizes = np.array([len(spots) for spots in beads])
    count = np.repeat(sizes, sizes)
    one, two = np.repeat(np.arange(len(ids)), count), runs(np.repeat(before(sizes), sizes), count)
    english, chinese = _relations(where[one, :2], where[two, :2]), _relations(where[one, 2:], where[two, 2:])
    keys = [pairs[at].unit.key for at in ids.tolist()]
    numbers: dict[str, int] = {}
    unit = np.array([numbers.setdefault(key, len(numbers)) for key in keys])
    other = unit[one] != unit[two]
    for at in np.flatnonzero(chinese == 1).tolist():
        a, b = keys[one[at]], keys[two[at]]
        if b in linked.get(a, ()) or a in linked.get(b, ()):
            other[at] = False
    order = np.sign(where[one, 0] - where[two, 0]) != np.sign(where[one, 2] - where[two, 2])
    clash = other & ((english != chinese) | ((english == 4) & order) | (english == 1))
    nested = [(own == 2) | (own == 3) for own in (english, chinese)]
    for at in np.flatnonzero(clash & (nested[0] != nested[1])).tolist():
        first, second = pairs[ids[one[at]]], pairs[ids[two[at]]]
        clash[at] = not (part_of(first, second) or part_of(second, first))
    begin, own = before(count), force[ids]
    rival = np.maximum.reduceat(np.where(clash, own[two], 0.0), begin)
    same = np.maximum.reduceat(np.where(clash & (chinese == 1), own[two], 0.0), begin)
    held = np.logical_or.reduceat(other & (english == 3) & (chinese == 3), begin)
    holds = np.logical_or.reduceat(other & (english == 2) & (chinese == 2), begin)
    for column, values in enumerate((rival - own, same - own, held, holds)):
        np.add.at(sums[:, column], ids, values)


def _relations(one: NDArray[np.int64], two: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of two columns of ranges: 0 apart, 1 the same, 2 the first holds the second, 3 is inside it, 4 they cross."""
    (a, b), (c, d) = one.T, two.T
    found = np.full(len(one), 4, dtype=np.int64)
    found[(c <= a) & (b <= d)] = 3
    found[(a <= c) & (d <= b)] = 2
    found[(a == c) & (b == d)] = 1
    found[(b <= c) | (d <= a)] = 0
    return found
