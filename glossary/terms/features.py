"""What is measured of a (unit, Chinese span) pair, by name, to choose the span of a unit; `ranking` weighs it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from glossary.terms.affixes import affix_characters
from glossary.terms.article import Article
from glossary.terms.boundaries import jieba_tokenizer
from glossary.terms.spans import Sighting
from glossary.terms.tokens import is_acronym
from glossary.terms.word_edges import word_edge_rates

Floats = NDArray[np.float64]

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
    "affix_inside", "affix_outside",
)  # fmt: skip


def span_features(
    article: Article, unit_length: int, rows: Mapping[int, tuple[int, ...]], found: Mapping[str, Sequence[Sighting]]
) -> Floats:
    """One row a span of `found`, one column a name of SPAN_FEATURES; `unit_length` is the unit's letters."""
    if not found:
        return np.zeros((0, len(SPAN_FEATURES)))
    sizes = np.array([len(seen) for seen in found.values()])
    flat = np.array([sighting for seen in found.values() for sighting in seen])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    mean = np.add.reduceat(flat, first)[:, 3:] / sizes[:, None]
    best = np.maximum.reduceat(flat, first)
    votes = article.votes_at(flat[:, :3].astype(np.int64))
    voted = np.add.reduceat(votes, first) / sizes[:, None]
    counts = _counts(article, rows, list(found))
    lengths = _lengths(article, unit_length, rows, list(found))
    named = {
        **dict(zip(("f", "precision", "recall", "_", "mass_left", "mass_right", *_FOREIGN), mean.T, strict=True)),
        "best_f": best[:, 3], "least_recall": best[:, 6],
        **dict(zip(_VOTES, voted.T, strict=True)), **counts, **lengths, **_characters(article, list(found)),
        **_affixes(article, rows, found),
    }  # fmt: skip
    cuts = named["jieba_cuts_inside"] - (lengths["words"] - 1)
    named["cuts_too_many"], named["cuts_too_few"] = np.maximum(cuts, 0.0), np.maximum(-cuts, 0.0)
    named["f_shared"] = named["f"] * counts["share_of_unit"]
    named["f_behind"] = named["f_shared"] - named["f_shared"].max()
    named["dice_behind"] = named["dice"] - named["dice"].max()
    once = counts["count"] <= 1
    for name in ("f", "precision", "recall", *_FOREIGN):
        named[f"once_{name}"] = named[name] * once
    for name in ("share_of_unit", "dice", "next_left", "next_right", "least_recall"):
        named[f"often_{name}"] = named[name] * ~once
    many = min(1.0, math.log(len(rows)) / math.log(MANY_BEADS))
    for name in (n.removeprefix("many_") for n in SPAN_FEATURES if n.startswith("many_")):
        named[f"many_{name}"] = named[name] * many
    named["once"] = once
    return np.stack([named[name] for name in SPAN_FEATURES], axis=1).astype(np.float64)


_FOR = (
    "f", "precision", "recall", "best_f", "least_recall", "f_shared", "share_of_unit", "share_of_span", "dice",
    "likelihood", "f_behind", "dice_behind", "likelihood_behind", "jieba_left", "jieba_right", "dictionary_left",
    "dictionary_right", "function_left", "function_right", "is_word", "is_jieba_word", "begins_words", "ends_words",
    "foreign_left", "foreign_right", "shorter", "affix_inside",
)  # fmt: skip
_AGAINST = (
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


def _counts(article: Article, rows: Mapping[int, tuple[int, ...]], spans: Sequence[str]) -> dict[str, Floats]:
    """How often the spans stand in the unit's beads and in the document, alone and inside one another."""
    texts = [article.folded[bead] for bead in rows]
    shared = {z: max(1, sum(z in text for text in texts)) for z in spans}
    co = np.array([shared[z] for z in spans], dtype=np.float64)
    count, next_left, next_right = np.array([article.neighbour_shares(z) for z in spans], dtype=np.float64).T
    longer, shorter = np.zeros(len(spans)), np.zeros(len(spans))
    for i, z in enumerate(spans):
        holding = [shared[other] for other in spans if z in other and z != other]
        held = [shared[other] for other in spans if other in z and z != other]
        longer[i] = max(holding, default=0.0) / shared[z]
        shorter[i] = shared[z] / min(held, default=np.inf)
    likelihood = np.sqrt(_likelihood_ratio(co, len(rows), np.maximum(co, count), len(article.pairs)))
    rare = (co < 2) | (len(rows) < 2)
    return {
        "count": count, "log_beads": np.log(co), "share_of_unit": co / len(rows),
        "share_of_span": np.minimum(1.0, co / np.maximum(1, count)),
        "dice": 2 * co / (len(rows) + np.maximum(co, count)),
        "likelihood": likelihood, "likelihood_behind": likelihood - likelihood.max(),
        "longer": longer, "shorter": shorter,
        "next_left": next_left, "next_right": next_right,
        "longer_often": longer * ~rare, "longer_once": longer * rare,
        "shorter_often": shorter * ~rare, "shorter_once": shorter * rare,
    }  # fmt: skip


def _likelihood_ratio(co: Floats, unit: int, span: Floats, beads: int) -> Floats:
    """Dunning's log-likelihood ratio of a unit and spans in a document of so many beads; 0 when they avoid each other.

    Source: Dunning 1993, Accurate Methods for the Statistics of Surprise and Coincidence.
    """
    span = np.minimum(span, beads - unit + co)
    observed = np.stack([co, unit - co, span - co, beads - unit - span + co])
    expected = np.stack([unit * span, unit * (beads - span), (beads - unit) * span, (beads - unit) * (beads - span)])
    terms = observed * np.log(np.maximum(observed, 1e-9) / np.maximum(expected / beads, 1e-9))
    ratio: Floats = np.where(co * beads > unit * span, np.maximum(2 * terms.sum(axis=0), 0.0), 0.0)
    return ratio


def _lengths(
    article: Article, unit_length: int, rows: Mapping[int, tuple[int, ...]], spans: Sequence[str]
) -> dict[str, Floats]:
    """The spans' lengths, by themselves and against what a unit of so many words lets expect."""
    bead, row = next(iter(rows.items()))
    own = [article.words[bead][i].text for i in row]
    acronym = len(own) == 1 and is_acronym(own[0])
    expected = 2.0 * len(own[0].rstrip("s")) if acronym else CHARACTERS_PER_LETTER * max(1, unit_length)
    size = np.array([len(z) for z in spans], dtype=np.float64)
    made = {f"length_{n}": (size == n) & (not acronym) for n in range(1, 5)}
    return {
        **made, "length_5_up": (size >= 5) & (not acronym), "length_ratio": np.log(size / expected),
        "words": np.full(len(spans), len(own[0].rstrip("s")) if acronym else _content_words(own)),
    }  # fmt: skip


def _affixes(
    article: Article, rows: Mapping[int, tuple[int, ...]], found: Mapping[str, Sequence[Sighting]]
) -> dict[str, Floats]:
    """Whether a span holds a character for a prefix or suffix of the unit's words; how often one stands beside it."""
    bead, row = next(iter(rows.items()))
    front, back = affix_characters(article.words[bead][i].text for i in row)
    inside = np.array([not (front | back).isdisjoint(z) for z in found], dtype=np.float64)
    outside = np.zeros(len(found))
    if front or back:
        for at, (z, seen) in enumerate(found.items()):
            texts = [(article.folded[s.bead], s.start, s.end) for s in seen]
            beside = [text[a - 1 : a] in front - set(z) or text[b : b + 1] in back - set(z) for text, a, b in texts]
            outside[at] = sum(beside) / len(beside)
    return {"affix_inside": inside, "affix_outside": outside}


def _content_words(words: Sequence[str]) -> int:
    return max(1, sum(sum(len(part) > 3 for part in w.split("-")) for w in words))


CHARACTERS_PER_LETTER = 0.35
"""Chinese characters an English letter is expected to take; an acronym's letter takes two. Only sets where the ratio's
logarithm is zero."""


def _characters(article: Article, spans: Sequence[str]) -> dict[str, Floats]:
    """What the spans' own characters tell."""
    known = jieba_tokenizer().FREQ
    rows = [
        (article.is_word(z), bool(known.get(z)), z.isascii(), word_edge_rates(z[0])[0], word_edge_rates(z[-1])[1])
        for z in spans
    ]
    names = ("is_word", "is_jieba_word", "latin", "begins_words", "ends_words")
    return dict(zip(names, np.array(rows, dtype=np.float64).T, strict=True))
