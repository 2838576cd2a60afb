"""How far a rendering reaches when one of its edges is known: up to a bracket, or from the mark of a list."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glossary.language import HAN_CHAR
from glossary.terms.article import INNER_SIGNS, LONGEST_SPAN, Article
from glossary.terms.boundaries import DICTIONARY, FUNCTION, JIEBA
from glossary.terms.tokens import FUNCTION_CHARS, is_acronym

Floats = NDArray[np.float64]

LEFTOVER_VALUE = 0.35
"""What a character no word explains adds to an extent; names are made of such characters."""

LEFTOVER_COST = 0.1
EXPLAINED = 1.0
"""What such a character costs once the words are explained, and the characters each word must account for till then."""

NUMERALS = frozenset("一二三四五六七八九十百千万亿两")
"""A count (五家) is no part of the name beside it."""

UNVOTED_EDGE = 0.8
"""Cost of an extent whose open edge no voter sees as a boundary."""

GROWN_SHARE = 0.8
"""Share of a span's places that must have the same character before them for a gloss to take it in."""

_CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "NUM", "ADV"})


def _value(article: Article, bead: int, row: tuple[int, ...], start: int, end: int) -> Floats:
    """Per character: what it adds to an extent for these words, when the extent lies within [start, end).

    Characters other words explain count against it. Characters nobody explains speak for it only while the words
    are still unexplained there: names are made of such characters, translated phrases are not.
    """
    found, known, words = article.posteriors[bead], article.known_shares(bead), article.words[bead]
    own = found.share(list(row)).sum(axis=0)
    at_home = found.mass[:, start:end].max(axis=1, initial=0.0)
    elsewhere = np.maximum(found.mass[:, :start].max(axis=1, initial=0.0), found.mass[:, end:].max(axis=1, initial=0.0))
    foreign = [i for i, w in enumerate(words) if i not in row and w.tag in _CONTENT and at_home[i] > elsewhere[i]]
    content = [i for i in row if words[i].tag in _CONTENT and not is_acronym(words[i].text)]
    explained = float(own[start:end].sum()) >= len(content) * EXPLAINED
    leftover = -LEFTOVER_COST if content and explained else LEFTOVER_VALUE
    value: Floats = own + leftover - np.maximum(known[foreign].sum(axis=0), found.share(foreign).sum(axis=0) / 2)
    return value


def _stops(article: Article, bead: int, at: int) -> bool:
    """True for a character no extent reaches over: a sign, or a function character that jieba lets stand alone."""
    char, votes = article.folded[bead][at], article.votes[bead][JIEBA]
    if char in NUMERALS and votes[at]:
        return True
    if not (HAN_CHAR.match(char) or char.isalnum() or char in INNER_SIGNS):
        return True
    return char in FUNCTION_CHARS - {"和", "与"} and bool(votes[at] and votes[at + 1])


def _edge_cost(article: Article, bead: int, at: int) -> float:
    votes = article.votes[bead][:, at]
    return 0.0 if max(votes[JIEBA], votes[DICTIONARY], votes[FUNCTION]) > 0.4 else UNVOTED_EDGE


def open_left(article: Article, bead: int, row: tuple[int, ...], stop: int) -> int:
    """Where a span that ends at `stop` begins."""
    farthest = max(0, stop - LONGEST_SPAN - 4)
    value = _value(article, bead, row, farthest, stop)
    best, best_score, total = stop - 1, -np.inf, 0.0
    for start in range(stop - 1, farthest - 1, -1):
        if _stops(article, bead, start):
            break
        total += value[start]
        score = total - _edge_cost(article, bead, start)
        if score > best_score and article.folded[bead][start] not in FUNCTION_CHARS:
            best, best_score = start, score
    return best


def open_right(article: Article, bead: int, row: tuple[int, ...], start: int) -> int:
    """Where a span that begins at `start` ends."""
    farthest = min(len(article.folded[bead]), start + LONGEST_SPAN)
    value = _value(article, bead, row, start, farthest)
    best, best_score, total = start + 1, -np.inf, 0.0
    for end in range(start + 1, farthest + 1):
        if _stops(article, bead, end - 1):
            break
        total += value[end - 1]
        score = total - _edge_cost(article, bead, end)
        if score > best_score:
            best, best_score = end, score
    return best
