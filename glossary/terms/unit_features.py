"""What the English of an article says of a unit, by name: its words, where it stands, what stands beside it.

The term model reads it of every pair; in a long text it tells beforehand which units are worth pairing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from glossary.terms.article import Article
from glossary.terms.frequency import zipf
from glossary.terms.nouns import is_noun, looks_like_noun
from glossary.terms.tokens import Word, is_acronym, leaning
from glossary.terms.units import Place, Unit, singular
from glossary.terms.wordlists import EMPTY_WORDS, GENERIC_MODIFIERS

Floats = NDArray[np.float64]

_UNIT_PARTS = (
    "words", "places", "beads", "maximal", "edges", "name", "acronym", "hyphen", "digit", "of_inside", "verb_inside",
    "rarest_word", "commonest_word", "mean_word", "head_frequency", "opener_frequency", "single_frequency",
    "weirdness", "generic_first", "empty_first", "empty_head", "adjective_first", "participle_first", "gerund_first",
    "noun_first", "number_last", "head_tagged_noun", "head_tagged_proper", "head_is_noun", "head_ends_as_noun",
    "as_head", "as_modifier", "word_spread", "head_over_verb",
    "head_over_adjective", "opener_over_verb", "inner_over_verb",
    "head_tagged_adjective", "head_tagged_verb", "plural_inside", "camel", "mixed_case", "plural_head", "unit_length",
)  # fmt: skip
_CONTEXT_PARTS = (
    "heading", "title", "quoted", "code", "bracketed", "the_before", "a_before", "determiner_before",
    "preposition_before",
    "verb_before", "noun_before", "adjective_before", "nothing_before", "noun_after", "of_after", "preposition_after",
    "verb_after", "nothing_after", "sentence_start",
)  # fmt: skip

UNIT_FEATURES = (*_UNIT_PARTS, *_CONTEXT_PARTS)

COMPARED_PLACES = 12
"""Places of a unit whose context is read; the first ones of a frequent unit tell enough."""


class UnitRows:
    """The row of every unit of one article, each made once, from counts over all its units: how often a phrase heads or
    opens longer ones, how often a word stands."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.heads: Counter[str] = Counter()
        self.openers: Counter[str] = Counter()
        for unit in article.units.values():
            bare = unit.key.split(" ")
            for cut in range(1, len(bare)):
                self.heads[" ".join(bare[cut:])] += 1
                self.openers[" ".join(bare[:cut])] += 1
        self.words = Counter(w.stems[-1] for row in article.words for w in row)
        self.total = max(1, sum(map(len, article.words)))
        self._rows: dict[str, Floats] = {}

    def __call__(self, unit: Unit) -> Floats:
        """One number for each of UNIT_FEATURES."""
        row = self._rows.get(unit.key)
        if row is None:
            row = self._rows[unit.key] = np.array([*self._own(unit), *_context_row(self.article, unit)])
        return row

    def _own(self, unit: Unit) -> list[float]:
        """The columns of _UNIT_PARTS."""
        place = unit.places[0]
        row = self.article.words[place.bead][place.first : place.last]
        content = [w for w in row if w.tag != "PART" and not w.text.startswith("-")] or list(row)
        rates = [zipf(w.lower, "en") for w in content]
        counts = [self.words[w.stems[-1]] for w in content]
        weird = [math.log10(c / self.total * 1e9) - r for c, r in zip(counts, rates, strict=True) if c]
        places, head, opener, many = len(unit.places), content[-1], content[0], len(content) > 1
        heads = [self.article.words[p.bead][p.last - 1].tag for p in unit.places]
        return [
            float(len(content)), math.log(places), math.log(len({p.bead for p in unit.places})), unit.maximal / places,
            unit.edges / places, unit.names / places, float(is_acronym(unit.form)), float("-" in unit.key),
            float(any(c.isdigit() for c in unit.key)), float(" of " in unit.key),
            float(any(w.tag == "VERB" for w in row[1:])),
            min(rates), max(rates), sum(rates) / len(rates), rates[-1], rates[0], 0.0 if many else rates[0],
            min(weird, default=0.0), float(many and opener.lower in GENERIC_MODIFIERS),
            float(many and opener.lower in EMPTY_WORDS), float(head.lower in EMPTY_WORDS),
            float(many and opener.tag == "ADJ"), float(many and opener.verb_form == "Part"),
            _gerund(opener) * many * (1.0 + (singular(head.text) != head.text)),
            float(many and opener.tag == "NOUN"), float(head.tag == "NUM"),
            heads.count("NOUN") / places, heads.count("PROPN") / places, float(is_noun(head.text)),
            float(looks_like_noun(head.text)), math.log1p(self.heads[unit.key]), math.log1p(self.openers[unit.key]),
            math.log(max(1, min(counts))), *leaning(head.text),
            leaning(opener.text)[0] if many else 0.0, min((leaning(w.text)[0] for w in content[1:-1]), default=4.0),
            heads.count("ADJ") / places, heads.count("VERB") / places,
            float(sum(singular(w.text) != w.text for w in content[:-1])),
            float(any(a.islower() and b.isupper() for w in content for a, b in pairwise(w.text))),
            float(head.text[0].isupper() and any(w.text[0].islower() for w in content[:-1] if w.lower != "of")),
            float(singular(head.text) != head.text), float(len(unit.key)),
        ]  # fmt: skip


def _gerund(word: Word) -> bool:
    """True for a word in -ing, which the tagger calls a noun or a participle as often: standardising applications."""
    return word.verb_form == "Ger" or (
        word.lower.endswith("ing") and word.tag in ("NOUN", "VERB") and len(word.text) > 5
    )


def _context_row(article: Article, unit: Unit) -> list[float]:
    """The columns of _CONTEXT_PARTS: shares of the unit's places."""
    rows = [_place_row(article, place) for place in unit.places[:COMPARED_PLACES]]
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def _place_row(article: Article, place: Place) -> list[bool]:
    row, text = article.words[place.bead], article.pairs[place.bead].english
    before = row[place.first - 1] if place.first else None
    after = row[place.last] if place.last < len(row) else None
    left = text[before.end if before else 0 : row[place.first].start]
    right = text[row[place.last - 1].end : after.start if after else len(text)]
    tag = before.tag if before and not left.strip() else ""
    word = before.lower if before and not left.strip() else ""
    next_tag = after.tag if after and not right.strip() else ""
    return [
        len(row) <= 12 and not text.rstrip().endswith((".", "!", "?", ":", ";")), article.titles[place.bead],
        left.rstrip().endswith(("“", '"', "‘")), left.endswith(("`", "_", "$", "\\")),
        left.rstrip().endswith(("(", "（")), word == "the", word in ("a", "an"), tag in ("DET", "PRON"), tag == "ADP",
        tag in ("VERB", "AUX"), tag in ("NOUN", "PROPN"), tag == "ADJ", not tag, next_tag in ("NOUN", "PROPN"),
        bool(next_tag) and after is not None and after.lower == "of", next_tag in ("ADP", "SCONJ"),
        next_tag in ("VERB", "AUX"), not next_tag, before is None or bool(re.search(r"[.!?:]\s", left)),
    ]  # fmt: skip
