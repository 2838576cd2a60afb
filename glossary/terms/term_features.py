"""What is measured of a unit with its chosen Chinese span, by name: is the pair a term? `ranking` weighs it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from glossary.terms.article import Article
from glossary.terms.candidates import EMPTY_WORDS, GENERIC_MODIFIERS, Unit
from glossary.terms.frequency import zipf
from glossary.terms.tokens import is_acronym

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
