"""What is measured of a unit with one Chinese span, by name: is the pair a term? `term_model` weighs it.

Three groups: how well unit and span fit, what the English says (words, context, document), what the Chinese says. How
the pair was found (a gloss, a list, a dictionary phrase) is a feature like others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from glossary.lexicon import Cedict, content_stems
from glossary.terms.article import Article
from glossary.terms.candidates import Place, Unit, singular
from glossary.terms.frequency import zipf
from glossary.terms.nouns import is_noun, looks_like_noun
from glossary.terms.pairs import PAIR_PARTS, SPAN_PARTS, Pair, part_of
from glossary.terms.tokens import FUNCTION_CHARS, Word, is_acronym, leaning
from glossary.terms.vouched import RULES
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
_SPAN_OWN = ("span_length", "span_frequency", "span_count", "span_latin", "particle_inside", "function_inside",
             "span_is_verb", "span_headword", "latin_inside", "single_character",
             "surname_first", "counter_first", "span_all_names")  # fmt: skip

TERM_FEATURES = (
    *(f"rule_{r}" for r in RULES), *PAIR_PARTS, *SPAN_PARTS, *_UNIT_PARTS, *_CONTEXT_PARTS, *_SPAN_OWN,
    "prose",
)  # fmt: skip

PROSE_SHARE = 0.85
"""Share of beads that end as sentences do from which a text is prose: .89 to 1.0 of the articles, .43 to .79 of the
manuals among the labelled pages and our own seeds."""

_SENTENCE_END = re.compile(r"[.!?\"”’)\]]\s*$")

COMPARED_PLACES = 12
"""Places of a unit whose context is read; the first ones of a frequent unit tell enough."""


class TermRows:
    """What the term model reads of pairs of one article."""

    def __init__(self, article: Article, dictionary: Cedict) -> None:
        self._article, self._dictionary = article, dictionary
        self._parts, self._prose = _Parts(article), is_prose(article)

    def __call__(self, pairs: Sequence[Pair]) -> Floats:
        """One row a pair, one column a name of TERM_FEATURES."""
        units: dict[str, list[float]] = {}
        spans: dict[str, list[float]] = {}
        rows = np.empty((len(pairs), len(TERM_FEATURES)))
        for number, pair in enumerate(pairs):
            unit, span = units.get(pair.unit.key), spans.get(pair.span)
            if unit is None:
                unit = [*self._parts.unit_row(pair.unit), *_context_row(self._article, pair.unit)]
                units[pair.unit.key] = unit
            if span is None:
                span = spans[pair.span] = _span_row(self._article, pair.span, self._dictionary)
            rules = [rule in pair.rules for rule in RULES]
            rows[number] = [*rules, *pair.row.tolist(), *unit, *span, self._prose]
        return rows


def is_prose(article: Article) -> bool:
    """True for an article, false for a manual or a tutorial with its headings, labels and formulas.

    The two kinds are labelled by different customs: in articles more plain nouns count as terms.
    """
    ends = [bool(_SENTENCE_END.search(pair.english)) for pair in article.pairs]
    return sum(ends) >= PROSE_SHARE * len(ends)


class _Parts:
    """Counts over all units of an article: how often a phrase heads or opens longer ones, how often a word stands."""

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

    def unit_row(self, unit: Unit) -> list[float]:
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
    places = unit.places[:COMPARED_PLACES]
    table = np.array([_place_row(article, place) for place in places], dtype=np.float64)
    shares: list[float] = table.mean(axis=0).tolist()
    return shares


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
        len(row) <= 12 and not re.search(r"[.!?:;]\s*$", text), article.titles[place.bead],
        bool(re.search(r"[“\"‘]\s*$", left)), left.endswith(("`", "_", "$", "\\")),
        bool(re.search(r"[(（]\s*$", left)), word == "the", word in ("a", "an"), tag in ("DET", "PRON"), tag == "ADP",
        tag in ("VERB", "AUX"), tag in ("NOUN", "PROPN"), tag == "ADJ", not tag, next_tag in ("NOUN", "PROPN"),
        bool(next_tag) and after is not None and after.lower == "of", next_tag in ("ADP", "SCONJ"),
        next_tag in ("VERB", "AUX"), not next_tag, before is None or bool(re.search(r"[.!?:]\s", left)),
    ]  # fmt: skip


def _span_row(article: Article, span: str, dictionary: Cedict) -> list[float]:
    """The columns of _SPAN_OWN."""
    glosses = [part.strip() for gloss in dictionary.glosses(span) for part in gloss.split(";")]
    verbs = sum(g.startswith("to ") for g in glosses)
    ascii_letters = sum(c.isascii() and c.isalpha() for c in span)
    return [
        float(len(span)), zipf(span, "zh"), math.log(max(1, article.neighbour_shares(span)[0])), float(span.isascii()),
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
    for spots in beads.values():
        _add_rivals(pairs, force, spots, linked, sums)
    strongest: dict[str, list[tuple[float, str]]] = {}
    for pair, strong in zip(pairs, own, strict=True):
        strongest.setdefault(pair.unit.key, []).append((strong, pair.span))
    for pair, strong, (rival, same, held, holds) in zip(pairs, own, sums.tolist(), strict=True):
        count = max(1, len(pair.spots))
        others = [s for s, span in strongest[pair.unit.key] if span != pair.span]
        pair.measure(rival=rival / count, rival_same_span=same / count, held=held / count, holds=holds / count,
                     rival_rendering=max(others) - strong if others else -2.0)  # fmt: skip


def strength(pair: Pair) -> float:
    """How firmly a pair stands before any training, 0..2: vouched for by the text, or likely."""
    return float(bool(pair.rules)) + pair.measured("probability") * pair.measured("f")


def _add_rivals(
    pairs: Sequence[Pair], force: Floats, spots: list[tuple[int, tuple[int, int, int, int]]],
    linked: Mapping[str, frozenset[str]], sums: Floats,
) -> None:  # fmt: skip
    """Add what the spots of one bead give to the `sums` of their pairs."""
    ids = np.array([at for at, _ in spots])
    where = np.array([w for _, w in spots])
    english, chinese = _relations(where[:, 0], where[:, 1]), _relations(where[:, 2], where[:, 3])
    keys = [pairs[at].unit.key for at in ids]
    numbers: dict[str, int] = {}
    unit = np.array([numbers.setdefault(key, len(numbers)) for key in keys])
    other = unit[:, None] != unit[None, :]
    for i in [i for i, key in enumerate(keys) if key in linked]:
        for j in np.flatnonzero(chinese[i] == 1):
            if keys[j] in linked[keys[i]]:
                other[i, j] = other[j, i] = False
    order = np.sign(where[:, None, 0] - where[None, :, 0]) != np.sign(where[:, None, 2] - where[None, :, 2])
    clash = other & ((english != chinese) | ((english == 4) & order) | (english == 1))
    nested = [(own == 2) | (own == 3) for own in (english, chinese)]
    for a, b in np.argwhere(clash & (nested[0] != nested[1])).tolist():
        one, two = pairs[ids[a]], pairs[ids[b]]
        clash[a, b] = not (part_of(one, two) or part_of(two, one))
    own = force[ids]
    rival = np.where(clash, own[None, :], 0.0).max(axis=1)
    same = np.where(clash & (chinese == 1), own[None, :], 0.0).max(axis=1)
    np.add.at(sums[:, 0], ids, rival - own)
    np.add.at(sums[:, 1], ids, same - own)
    np.add.at(sums[:, 2], ids, (other & (english == 3) & (chinese == 3)).any(axis=1))
    np.add.at(sums[:, 3], ids, (other & (english == 2) & (chinese == 2)).any(axis=1))


def _relations(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of every two ranges: 0 apart, 1 the same, 2 the first holds the second, 3 is inside it, 4 they cross."""
    a, b, c, d = start[:, None], end[:, None], start[None, :], end[None, :]
    found = np.full((len(start), len(start)), 4, dtype=np.int64)
    found[(c <= a) & (b <= d)] = 3
    found[(a <= c) & (d <= b)] = 2
    found[(a == c) & (b == d)] = 1
    found[(b <= c) | (d <= a)] = 0
    return found
