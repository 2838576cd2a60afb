"""What is measured of a (unit, Chinese span) pair, by name, to choose the span of a unit; `ranking` weighs it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from glossary.terms.affixes import affix_characters
from glossary.terms.article import Article
from glossary.terms.boundaries import jieba_tokenizer
from glossary.terms.span_words import CLASSES, NOTHING, UNKNOWN
from glossary.terms.spans import Found
from glossary.terms.tokens import is_acronym
from glossary.terms.word_edges import word_edge_rates

Floats = NDArray[np.float64]

_EDGE_SHARES = ("first_own", "first_foreign", "last_own", "last_foreign")
_OPENS = ("verb", "preposition", "adverb", "pronoun", "number", "counter", "adjective", "noun", "particle")
_CLOSES = ("verb", "adverb", "localiser", "adjective", "noun", "particle")
_BESIDE = ("verb", "preposition", "adverb", "localiser", "particle", "adjective", "noun")
SPAN_WORDS = (
    *_EDGE_SHARES, *(f"opens_{c}" for c in _OPENS), "opens_length", *(f"closes_{c}" for c in _CLOSES), "closes_length",
    *(f"before_{c}" for c in (*_BESIDE, "unknown", "nothing")), "before_length",
    *(f"after_{c}" for c in (*_BESIDE, "unknown", "nothing")), "after_length",
)  # fmt: skip
"""What is read of the first and last word of a span, the class only when it is longer, and of those beside it."""

SPAN_FEATURES = (
    "f", "precision", "recall", "f_shared", "share_of_unit", "share_of_span", "dice", "log_beads", "jieba_left",
    "jieba_right", "dictionary_left", "dictionary_right", "function_left", "function_right", "is_word", "is_jieba_word",
    "next_left", "next_right", "mass_left", "mass_right", "once", "length_1", "length_2",
    "length_3", "length_4", "length_5_up", "latin", "length_ratio", "best_f", "once_f", "once_precision", "once_recall",
    "often_share_of_unit", "often_dice", "often_next_left", "often_next_right", "longer_often", "longer_once",
    "shorter_often", "shorter_once", "begins_words", "ends_words", "cuts_too_many", "cuts_too_few", "least_recall",
    "often_least_recall", "foreign", "foreign_left", "foreign_right", "once_foreign", "once_foreign_left",
    "once_foreign_right", "f_behind", "dice_behind", "likelihood", "likelihood_behind",
    "many_f", "many_precision", "many_recall", "many_best_f", "many_dice", "many_share_of_unit", "many_share_of_span",
    "many_next_left", "many_next_right", "many_longer", "many_shorter", "many_f_behind", "many_dice_behind",
    "affix_inside", "affix_outside", *SPAN_WORDS,
)  # fmt: skip


def span_features(article: Article, units: Sequence[Found]) -> Floats:
    """One row a span of every unit in turn, one column a name of SPAN_FEATURES; each unit has spans."""
    if not units:
        return np.zeros((0, len(SPAN_FEATURES)))
    sizes = np.array([size for own in units for size in own.sizes])
    flat = np.concatenate([own.places for own in units])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    mean = np.add.reduceat(flat, first)[:, 3:] / sizes[:, None]
    best = np.maximum.reduceat(flat, first)
    votes = article.votes_at(flat[:, :3].astype(np.int64))
    voted = np.add.reduceat(votes, first) / sizes[:, None]
    spans = [z for own in units for z in own.spans]
    of_unit = _OfUnit(units)
    numbers = {z: n for n, z in enumerate(dict.fromkeys(spans))}  # a third stand at several units
    which = np.array([numbers[z] for z in spans])
    counts = _counts(article, units, of_unit, article.neighbour_shares(list(numbers))[which].T)
    lengths = _lengths(article, units, of_unit, spans)
    named = {
        **dict(zip(("f", "precision", "recall", "_", "mass_left", "mass_right", *_FOREIGN, *_EDGE_SHARES), mean.T,
                   strict=True)),
        "best_f": best[:, 3], "least_recall": best[:, 6],
        **dict(zip(_VOTES, voted.T, strict=True)), **counts, **lengths, **_characters(article, list(numbers), which),
        **_affixes(article, units), **_span_words(article, flat[first, :3].astype(np.int64)),
    }  # fmt: skip
    cuts = named["jieba_cuts_inside"] - (lengths["words"] - 1)
    named["cuts_too_many"], named["cuts_too_few"] = np.maximum(cuts, 0.0), np.maximum(-cuts, 0.0)
    named["f_shared"] = named["f"] * counts["share_of_unit"]
    named["f_behind"] = of_unit.behind(named["f_shared"])
    named["dice_behind"] = of_unit.behind(named["dice"])
    once = counts["count"] <= 1
    for name in ("f", "precision", "recall", *_FOREIGN):
        named[f"once_{name}"] = named[name] * once
    for name in ("share_of_unit", "dice", "next_left", "next_right", "least_recall"):
        named[f"often_{name}"] = named[name] * ~once
    many = of_unit.each([min(1.0, math.log(len(own.rows)) / math.log(MANY_BEADS)) for own in units])
    for name in (n.removeprefix("many_") for n in SPAN_FEATURES if n.startswith("many_")):
        named[f"many_{name}"] = named[name] * many
    named["once"] = once
    return np.stack([named[name] for name in SPAN_FEATURES], axis=1).astype(np.float64, copy=False)


class _OfUnit:
    """Which spans in a row belong to which unit."""

    def __init__(self, units: Sequence[Found]) -> None:
        self.sizes = np.array([len(own.spans) for own in units])
        self.first = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])

    def each(self, values: Sequence[float]) -> Floats:
        """A value of every unit, for each of its spans."""
        return np.repeat(np.array(values, dtype=np.float64), self.sizes)

    def behind(self, values: Floats) -> Floats:
        """How far every span is behind the largest value among the spans of its unit."""
        most: Floats = np.repeat(np.maximum.reduceat(values, self.first), self.sizes)
        return values - most


_FOR = (
    "f", "precision", "recall", "best_f", "least_recall", "f_shared", "share_of_unit", "share_of_span", "dice",
    "likelihood", "f_behind", "dice_behind", "likelihood_behind", "jieba_left", "jieba_right", "dictionary_left",
    "dictionary_right", "function_left", "function_right", "is_word", "is_jieba_word", "begins_words", "ends_words",
    "foreign_left", "foreign_right", "shorter", "affix_inside", "first_own", "last_own",
)  # fmt: skip
_AGAINST = (
    "first_foreign", "last_foreign",
    "next_left", "next_right", "mass_left", "mass_right", "longer", "foreign", "cuts_too_many", "cuts_too_few",
    "affix_outside",
)  # fmt: skip


def sign_of(name: str) -> int:
    """1 when the span feature can only speak for a span, -1 against it, 0 when its meaning does not tell. On few
    examples other weights would be learnt by accident.

    >>> sign_of("f"), sign_of("once_foreign"), sign_of("longer_often"), sign_of("length_2")
    (1, -1, -1, 0)
    """
    bare = name.removeprefix("once_").removeprefix("often_").removeprefix("many_")
    bare = bare.removesuffix("_once").removesuffix("_often")
    return (bare in _FOR) - (bare in _AGAINST)


MANY_BEADS = 30
"""From so many beads on, counts are as good as evidence from inside the sentence."""

_FOREIGN = ("foreign", "foreign_left", "foreign_right")
_VOTES = ("jieba_left", "jieba_right", "dictionary_left", "dictionary_right", "function_left", "function_right",
          "jieba_cuts_inside")  # fmt: skip


def _counts(article: Article, units: Sequence[Found], of_unit: _OfUnit, neighbours: Floats) -> dict[str, Floats]:
    """How often the spans stand in the unit's beads and in the document, alone and inside one another; `neighbours` are
    the columns of `Article.neighbour_shares`."""
    shared = [_shared(article, own) for own in units]
    co = np.array([n for own in shared for n in own], dtype=np.float64)
    beads = of_unit.each([len(own.rows) for own in units])
    count, next_left, next_right = neighbours
    nested = [pair for own, counted in zip(units, shared, strict=True) for pair in _nested(own.spans, counted)]
    longer, shorter = np.array(nested, dtype=np.float64).T
    likelihood = np.sqrt(_likelihood_ratio(co, beads, np.maximum(co, count), len(article.pairs)))
    rare = (co < 2) | (beads < 2)
    return {
        "count": count, "log_beads": np.log(co), "share_of_unit": co / beads,
        "share_of_span": np.minimum(1.0, co / np.maximum(1, count)),
        "dice": 2 * co / (beads + np.maximum(co, count)),
        "likelihood": likelihood, "likelihood_behind": of_unit.behind(likelihood),
        "longer": longer, "shorter": shorter,
        "next_left": next_left, "next_right": next_right,
        "longer_often": longer * ~rare, "longer_once": longer * rare,
        "shorter_often": shorter * ~rare, "shorter_once": shorter * rare,
    }  # fmt: skip


def _shared(article: Article, found: Found) -> list[int]:
    """How many of the unit's beads hold each of its spans."""
    if len(found.rows) == 1:
        return [1] * len(found.spans)
    texts = [article.folded[bead] for bead in found.rows]
    return [max(1, sum([z in text for text in texts])) for z in found.spans]


def _nested(spans: Sequence[str], shared: Sequence[int]) -> list[tuple[float, float]]:
    """Per span: the beads of the commonest span that holds it against its own, and its own against those of the rarest
    span inside it; 0 for none."""
    lines = "\n".join(spans)
    inside = [i for i, z in enumerate(spans) if lines.count(z) > 1]
    if max(shared) == 1:
        parts = [spans[i] for i in inside]
        return [(float(z in parts), float(any(part in z and part != z for part in parts))) for z in spans]
    holding, held = [0] * len(spans), [math.inf] * len(spans)
    for i in inside:
        inner, count = spans[i], shared[i]
        for j in [j for j, outer in enumerate(spans) if inner in outer and j != i]:
            holding[i] = max(holding[i], shared[j])
            held[j] = min(held[j], count)
    return [(outer / own, own / inner) for own, outer, inner in zip(shared, holding, held, strict=True)]


def _likelihood_ratio(co: Floats, unit: Floats, span: Floats, beads: int) -> Floats:
    """Dunning's log-likelihood ratio of units and spans in a document of so many beads; 0 when they avoid each other.

    Source: Dunning 1993, Accurate Methods for the Statistics of Surprise and Coincidence.
    """
    span = np.minimum(span, beads - unit + co)
    observed = np.stack([co, unit - co, span - co, beads - unit - span + co])
    expected = np.stack([unit * span, unit * (beads - span), (beads - unit) * span, (beads - unit) * (beads - span)])
    terms = observed * np.log(np.maximum(observed, 1e-9) / np.maximum(expected / beads, 1e-9))
    ratio: Floats = np.where(co * beads > unit * span, np.maximum(2 * terms.sum(axis=0), 0.0), 0.0)
    return ratio


def _lengths(article: Article, units: Sequence[Found], of_unit: _OfUnit, spans: Sequence[str]) -> dict[str, Floats]:
    """The spans' lengths, by themselves and against what a unit of so many words lets expect."""
    expected, words, acronyms = [], [], []
    for unit in units:
        bead, row = next(iter(unit.rows.items()))
        own = [article.words[bead][i].text for i in row]
        acronyms.append(len(own) == 1 and is_acronym(own[0]))
        letters = len(own[0].rstrip("s"))
        expected.append(2.0 * letters if acronyms[-1] else CHARACTERS_PER_LETTER * max(1, unit.letters))
        words.append(letters if acronyms[-1] else _content_words(own))
    plain = of_unit.each(acronyms) == 0
    size = np.array([len(z) for z in spans], dtype=np.float64)
    made = {f"length_{n}": (size == n) & plain for n in range(1, 5)}
    return {
        **made, "length_5_up": (size >= 5) & plain, "length_ratio": np.log(size / of_unit.each(expected)),
        "words": of_unit.each(words),
    }  # fmt: skip


def _span_words(article: Article, places: NDArray[np.int64]) -> dict[str, Floats]:
    """Class and length of the spans' first and last words and of those beside them."""
    opens, first, closes, last = article.span_words(*places.T)
    before, left, after, right = article.span_words.around(*places.T)
    return {
        **{f"opens_{c}": first == CLASSES.index(c) for c in _OPENS}, "opens_length": opens,
        **{f"closes_{c}": last == CLASSES.index(c) for c in _CLOSES}, "closes_length": closes,
        **_word_beside("before", before, left), **_word_beside("after", after, right),
    }  # fmt: skip


def _word_beside(side: str, length: NDArray[np.int64], number: NDArray[np.int64]) -> dict[str, Floats]:
    return {
        **{f"{side}_{c}": number == CLASSES.index(c) for c in _BESIDE}, f"{side}_length": length,
        f"{side}_unknown": number == UNKNOWN, f"{side}_nothing": number == NOTHING,
    }  # fmt: skip


def _affixes(article: Article, units: Sequence[Found]) -> dict[str, Floats]:
    """Whether a span holds a character for a prefix or suffix of the unit's words; how often one stands beside it."""
    inside, outside = [], []
    for own in units:
        bead, row = next(iter(own.rows.items()))
        front, back = affix_characters(article.words[bead][i].text for i in row)
        ends = accumulate(own.sizes)
        if not front and not back:
            inside += [False] * len(own.spans)
            outside += [0.0] * len(own.spans)
            continue
        for z, size, end in zip(own.spans, own.sizes, ends, strict=True):
            inside.append(not (front | back).isdisjoint(z))
            outside.append(_beside(article, own.places[end - size : end, :3], front - set(z), back - set(z)))
    return {"affix_inside": np.array(inside, dtype=np.float64), "affix_outside": np.array(outside)}


def _beside(article: Article, places: NDArray[np.floating], front: frozenset[str], back: frozenset[str]) -> float:
    """The share of a span's places with such a character right before or after."""
    if not front and not back:
        return 0.0
    spots = [(article.folded[int(bead)], int(start), int(end)) for bead, start, end in places.tolist()]
    return sum(text[a - 1 : a] in front or text[b : b + 1] in back for text, a, b in spots) / len(spots)


def _content_words(words: Sequence[str]) -> int:
    return max(1, sum(sum(len(part) > 3 for part in w.split("-")) for w in words))


CHARACTERS_PER_LETTER = 0.35
"""Chinese characters an English letter is expected to take; an acronym's letter takes two. Only sets where the ratio's
logarithm is zero."""


def _characters(article: Article, spans: Sequence[str], which: NDArray[np.int64]) -> dict[str, Floats]:
    """What the spans' own characters tell; `which` are their numbers among distinct `spans`."""
    known = jieba_tokenizer().FREQ
    rows = [
        (article.is_word(z), bool(known.get(z)), z.isascii(), word_edge_rates(z[0])[0], word_edge_rates(z[-1])[1])
        for z in spans
    ]
    names = ("is_word", "is_jieba_word", "latin", "begins_words", "ends_words")
    return dict(zip(names, np.array(rows, dtype=np.float64)[which].T, strict=True))
