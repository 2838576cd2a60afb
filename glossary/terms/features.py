"""What is measured of a (unit, Chinese span) pair, by name; `ranking` weighs it.

Two feature sets: `span_features` chooses the span for a unit, `term_features` judges the chosen pair.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from glossary.terms.article import Article
from glossary.terms.boundaries import DICTIONARY, FUNCTION, JIEBA, jieba_tokenizer
from glossary.terms.candidates import EMPTY_WORDS, GENERIC_MODIFIERS, Unit
from glossary.terms.frequency import zipf
from glossary.terms.spans import Sighting
from glossary.terms.tokens import FUNCTION_CHARS, is_acronym
from glossary.terms.word_edges import word_edge_rates

Floats = NDArray[np.float64]

SPAN_FEATURES = (
    "f", "precision", "recall", "f_shared", "share_of_unit", "share_of_span", "dice", "log_beads", "jieba_left",
    "jieba_right", "dictionary_left", "dictionary_right", "function_left", "function_right", "is_word", "is_jieba_word",
    "next_left", "next_right", "mass_left", "mass_right", "function_first", "function_last", "length_1", "length_2",
    "length_3", "length_4", "length_5_up", "latin", "length_ratio", "best_f", "once_f", "once_precision", "once_recall",
    "often_share_of_unit", "often_dice", "often_next_left", "often_next_right", "longer_often", "longer_once",
    "shorter_often", "shorter_once", "begins_words", "ends_words", "jieba_cuts_inside", "least_recall",
    "often_least_recall",
)  # fmt: skip


def span_features(
    article: Article, unit_length: int, rows: Mapping[int, tuple[int, ...]], found: Mapping[str, Sequence[Sighting]]
) -> Floats:
    """One row a span of `found`, one column a name of SPAN_FEATURES; `unit_length` is the unit's letters."""
    shared = {z: sum(z in article.folded[bead] for bead in rows) for z in found}
    table = [_row(article, z, unit_length, len(rows), shared, seen) for z, seen in found.items()]
    return np.array(table, dtype=np.float64).reshape(len(found), len(SPAN_FEATURES))


def _row(
    article: Article, span: str, unit_length: int, beads: int, shared: Mapping[str, int], seen: Sequence[Sighting]
) -> list[float]:
    count, left, right = article.edges(span)
    f, precision, recall = (_mean([getattr(s, n) for s in seen]) for n in ("f", "precision", "recall"))
    co = max(shared[span], 1)
    once = float(count <= 1)
    often = 1.0 - once
    dice = 2 * co / (beads + max(co, count))
    next_left, next_right = _neighbour_share(left, count), _neighbour_share(right, count)
    longer = max((shared[z] / co for z in shared if span in z and z != span), default=0.0)
    shorter = max((co / max(shared[z], 1) for z in shared if z in span and z != span), default=0.0)
    rare = co < 2 or beads < 2
    size = len(span)
    begins, ends = word_edge_rates(span[0])[0], word_edge_rates(span[-1])[1]
    least = max(s.least for s in seen)
    inside = _mean([article.jieba_cuts(s.bead, s.start + 1, s.end) for s in seen])
    return [
        f, precision, recall, f * co / beads, co / beads, min(1.0, co / max(1, count)), dice, math.log(co),
        _vote(article, seen, JIEBA, 0), _vote(article, seen, JIEBA, 1),
        _vote(article, seen, DICTIONARY, 0), _vote(article, seen, DICTIONARY, 1),
        _vote(article, seen, FUNCTION, 0), _vote(article, seen, FUNCTION, 1),
        float(article.is_word(span)), float(bool(jieba_tokenizer().FREQ.get(span))),
        next_left, next_right, _mean([s.left_mass for s in seen]), _mean([s.right_mass for s in seen]),
        float(span[0] in FUNCTION_CHARS), float(span[-1] in FUNCTION_CHARS),
        float(size == 1), float(size == 2), float(size == 3), float(size == 4), float(size >= 5),
        float(span.isascii()), math.log(size / max(1, unit_length)), max(s.f for s in seen),
        f * once, precision * once, recall * once, co / beads * often, dice * often, next_left * often,
        next_right * often, 0.0 if rare else longer, longer if rare else 0.0, 0.0 if rare else shorter,
        shorter if rare else 0.0, begins, ends, inside, least, least * often,
    ]  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _neighbour_share(neighbours: Counter[str], count: int) -> float:
    return max((n for c, n in neighbours.items() if c and c.isalnum()), default=0) / max(1, min(count, 60))


def _vote(article: Article, seen: Sequence[Sighting], voter: int, side: int) -> float:
    return _mean([article.votes[s.bead].item(voter, s.end if side else s.start) for s in seen])


TERM_FEATURES = (
    "probability", "margin", "f", "precision", "recall", "best_f", "share_of_unit", "share_of_span", "beads",
    "words_1", "words_2", "words_3", "words_4_up", "maximal", "name", "acronym", "rarest_word", "commonest_word",
    "head_frequency", "generic_first", "participle_first", "adjective_first", "span_length", "span_frequency",
    "span_is_word", "frequency_in_text", "empty_inside", "gloss", "hyphen", "begins_words", "ends_words",
    "jieba_left", "jieba_right", "single_is_common", "left_context_noun", "right_context_noun",
)  # fmt: skip


def term_features(
    article: Article,
    unit: Unit,
    probability: float,
    margin: float,
    span: str,
    span_row: Mapping[str, float],
    gloss: bool,
) -> list[float]:
    """The row of TERM_FEATURES of a unit with its chosen span; `span_row` is the span's SPAN_FEATURES by name."""
    place = unit.places[0]
    row = article.words[place.bead][place.first : place.last]
    bare = [w.lower for w in row if w.tag != "PART"]
    rates = [zipf(w, "en") for w in bare]
    size = len(bare)
    frequency = math.log1p(len(unit.places))
    lone_common = rates[-1] if size == 1 else 0.0
    before, after = _context_nouns(article, unit)
    return [
        probability, margin, span_row["f"], span_row["precision"], span_row["recall"], span_row["best_f"],
        span_row["share_of_unit"], span_row["share_of_span"], frequency,
        float(size == 1), float(size == 2), float(size == 3), float(size >= 4),
        unit.maximal / len(unit.places), unit.names / len(unit.places), float(is_acronym(unit.form)),
        min(rates), max(rates), rates[-1], float(bare[0] in GENERIC_MODIFIERS and size > 1),
        float(row[0].tag == "VERB"), float(row[0].tag == "ADJ" and size > 1), float(len(span)), zipf(span, "zh"),
        span_row["is_word"], math.log1p(len(unit.places)) - rates[-1] / 2, float(bool(EMPTY_WORDS.intersection(bare))),
        float(gloss), float("-" in unit.key), span_row["begins_words"], span_row["ends_words"],
        span_row["jieba_left"], span_row["jieba_right"], lone_common, before, after,
    ]  # fmt: skip


def _context_nouns(article: Article, unit: Unit) -> tuple[float, float]:
    """Share of places where the phrase goes on to the left and to the right: nouns or adjectives next to the unit."""
    before = after = 0
    for place in unit.places:
        row = article.words[place.bead]
        text = article.pairs[place.bead].english
        if place.first and row[place.first - 1].tag in ("NOUN", "PROPN", "ADJ"):
            before += not text[row[place.first - 1].end : row[place.first].start].strip()
        if place.last < len(row) and row[place.last].tag in ("NOUN", "PROPN"):
            after += not text[row[place.last - 1].end : row[place.last].start].strip()
    return before / len(unit.places), after / len(unit.places)
