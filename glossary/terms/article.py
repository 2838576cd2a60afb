"""One document's beads made ready for pairing: words, folded Chinese, character posteriors, boundary votes.

A view of the beads as (English, Chinese) whatever the direction of the bitext was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.language import HAN, HAN_CHAR, Folded, fold
from glossary.terms.acronyms import SKIPPED, expansions
from glossary.terms.boundaries import DICTIONARY, FUNCTION, JIEBA, jieba_tokenizer, orphans, votes
from glossary.terms.candidates import seen
from glossary.terms.names import is_title
from glossary.terms.pairing import BeadText, Posteriors, anchored, known_shares, posteriors
from glossary.terms.pinyin import spelt_names
from glossary.terms.span_words import SpanWords
from glossary.terms.table import TranslationTable
from glossary.terms.text_index import TextIndex
from glossary.terms.tokens import FUNCTION_CHARS, Word, dictionary_words, is_acronym, stem, words
from glossary.terms.units import Seen, Unit, joined_units

Floats = NDArray[np.floating]

LONGEST_SPAN = 14
"""Characters in the longest Chinese candidate. Source: TERMS.md, method 2."""


@dataclass(frozen=True, slots=True)
class BeadPair:
    """The text of one bead, English and Chinese, each as one string."""

    english: str
    chinese: str


class EnglishBead(NamedTuple):
    """What is read in the English of one bead: its words and the places of candidate terms."""

    words: tuple[Word, ...]
    units: list[Seen]


def read_english(text: str) -> EnglishBead:
    """The words and units of one bead's English."""
    row = words(text)
    return EnglishBead(row, seen(text, row))


EDGE_WEIGHT = {JIEBA: 0.5, DICTIONARY: 0.3, FUNCTION: 0.2}
"""How the voters are mixed when the spans of a bead are listed; ranking learns its own weights."""

INNER_SIGNS = frozenset("-.%·・&/+")
"""Signs that may stand inside a Chinese term: 新冠-19, 9.9%."""

_SPACE_INSIDE = re.compile(rf"(?<=[{HAN}]) (?=[0-9a-z])|(?<=[0-9a-z%]) (?=[{HAN}])")
"""A space between Han and Latin: 51% 攻击, baas 平台."""


def _span_weights(text: str, votes_: Floats, orphans_: frozenset[int], is_word: Callable[[str], bool]) -> Floats:
    """What the edges of a span make of its evidence, .5 to 1, by length - 1 and start, shape (lengths, characters).

    0 for what is no span: one that holds a sign, cuts a Latin word or a number, follows an orphan, opens or closes with
    a space or with a function character that is part of no word there (了, not 以太坊).
    """
    spaces = {m.start() for m in _SPACE_INSIDE.finditer(text)}
    signs = [not (c.isalnum() or c in INNER_SIGNS or i in spaces) for i, c in enumerate(text)]
    blocked = np.concatenate([[0], np.cumsum(signs, dtype=np.int64)])
    narrow = [c.isalnum() and not HAN_CHAR.match(c) for c in text]
    inside = [0 < i < len(text) and narrow[i - 1] and narrow[i] for i in range(len(text) + 1)]
    whole = ~np.array([cut or i - 1 in orphans_ for i, cut in enumerate(inside)])
    vote = sum((votes_[v] * w for v, w in EDGE_WEIGHT.items()), np.zeros(len(text) + 1))
    begin, lengths = np.arange(len(text)), np.arange(1, min(LONGEST_SPAN, len(text)) + 1)[:, None]
    end = np.minimum(begin + lengths, len(text))
    free = (begin + lengths <= len(text)) & (blocked[end] == blocked[begin]) & whole[begin] & whole[end]
    weights: Floats = (0.5 + 0.25 * (vote[begin] + vote[end])) * free
    for at, char in enumerate(text):
        if char == " " or char in FUNCTION_CHARS:
            weights[: _least(text, at, 1, is_word) - 1, at] = 0.0
            short = np.arange(min(_least(text, at, -1, is_word) - 1, at + 1, len(weights)))
            weights[short, at - short] = 0.0
    return weights


class BeadSpans(NamedTuple):
    """Spans folded[start:end] of beads, one bead after the other and by start: those that start at character c of bead
    i are first[at] to first[at + 1] with at = text[i] + c. `weight` is what their edges make of their evidence. Small
    numbers: a bead has some four hundred."""

    text: NDArray[np.int64]
    first: NDArray[np.int64]
    start: NDArray[np.int32]
    size: NDArray[np.int8]
    weight: NDArray[np.float32]


def bead_spans(
    texts: Sequence[str], votes_: Sequence[Floats], orphans_: Sequence[frozenset[int]], is_word: Callable[[str], bool]
) -> BeadSpans:
    """The spans that have a weight, of BEADS_TOGETHER at a time: the sign between two beads lets no span reach over."""
    begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    counts, starts, sizes = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)], [np.zeros(0, np.int8)]
    kept = [np.zeros(0, np.float32)]
    for low in range(0, len(texts), BEADS_TOGETHER):
        beads = range(low, min(low + BEADS_TOGETHER, len(texts)))
        flat = "".join([f"{texts[i]}\n" for i in beads])
        orphans = frozenset(int(begins[i] - begins[low]) + at for i in beads for at in orphans_[i])
        cuts = np.concatenate([*(votes_[i] for i in beads), np.ones((3, 1))], axis=1)
        own = _span_weights(flat, cuts, orphans, is_word)
        start, length = np.nonzero(own.T)
        bead = np.searchsorted(begins, start + begins[low], side="right") - 1
        starts.append((start + begins[low] - begins[bead]).astype(np.int32))
        sizes.append((length + 1).astype(np.int8))
        kept.append(own[length, start].astype(np.float32))
        counts.append(np.bincount(start, minlength=own.shape[1]))
    first = np.cumsum(np.concatenate(counts))
    return BeadSpans(begins, first, np.concatenate(starts), np.concatenate(sizes), np.concatenate(kept))


BEADS_TOGETHER = 64
"""Beads whose spans are listed together: numpy is asked once for all of them."""


def _least(text: str, at: int, step: int, is_word: Callable[[str], bool]) -> int:
    """Characters a span that opens (step 1) or closes (step -1) with a function character must at least have, so that
    the character is part of a word; more than the longest span has when it is part of none."""
    if step < 0 and text[at] == "的" and text[max(0, at - 1) : at + 1] not in ("目的", "标的"):
        return LONGEST_SPAN + 1
    for size in (2, 3, 4):
        start = at if step > 0 else at + 1 - size
        if 0 <= start <= len(text) - size and is_word(text[start : start + size]):
            return size
    return LONGEST_SPAN + 1


_EMPTY_STEMS = frozenset(map(stem, SKIPPED))
"""Stems that stand for nothing inside a hyphened word or a full form: of, based."""


def _full_stems(texts: Sequence[str], rows: Sequence[tuple[Word, ...]]) -> dict[str, tuple[str, ...]]:
    """The stems of its full form for the stem of every acronym that the document spells out."""
    full: dict[str, Counter[tuple[str, ...]]] = {}
    for text, row in zip(texts, rows, strict=True):
        for found in expansions(text, row):
            inside = [w for w in row if found.full[0] <= w.start and w.end <= found.full[1]]
            spelt = tuple(dict.fromkeys(s for w in inside for s in w.stems if s not in _EMPTY_STEMS))
            full.setdefault(stem(text[slice(*found.acronym)]), Counter())[spelt] += 1
    return {key: max(forms, key=lambda own: (forms[own], own)) for key, forms in full.items()}


def _stems(row: tuple[Word, ...], full: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The stems of every word of a bead; an acronym has those of its `full` form as well, unless the bead has these."""
    own = {s for w in row for s in w.stems}
    made = []
    for word in row:
        stems = tuple(s for s in word.stems if s not in _EMPTY_STEMS) or word.stems
        more = full.get(word.stems[0], ()) if len(word.stems) == 1 and is_acronym(word.text) else ()
        made.append(stems if own.issuperset(more) else tuple(dict.fromkeys([*stems, *more])))
    return tuple(made)


class Article:
    """Everything known about the beads of one document before any term is chosen."""

    def __init__(
        self,
        pairs: Sequence[BeadPair],
        *,
        table: TranslationTable,
        is_word: Callable[[str], bool],
        readings: Callable[[str], Sequence[str]] = lambda char: (),
        english: Sequence[EnglishBead] | None = None,
    ) -> None:
        self.pairs = tuple(pairs)
        self.is_word = is_word
        self._english = english or [read_english(p.english) for p in pairs]
        self.words: tuple[tuple[Word, ...], ...] = tuple(own.words for own in self._english)
        self.folds: tuple[Folded, ...] = tuple(fold(p.chinese) for p in pairs)
        self.folded: tuple[str, ...] = tuple(f.text for f in self.folds)
        self.flat = "\n".join(["", *self.folded, ""])  # the Chinese of all beads, a sign before and after each
        self.first = np.cumsum([1, *(len(f) + 1 for f in self.folded)])  # where each begins there
        self._known_words = tuple(
            np.array(dictionary_words(text, is_word), dtype=np.int32).reshape(-1, 2) for text in self.folded
        )
        self._table, self._full_stems = table, _full_stems([p.english for p in pairs], self.words)
        self._known: dict[int, Floats] = {}
        self.names = tuple(
            tuple(spelt_names(w, f, readings)) for w, f in zip(self.words, self.folded, strict=True)
        )  # (first word, last word, start, end) of names spelt in pinyin, per bead
        found = posteriors([self._text(bead) for bead in range(len(pairs))], table)
        self.posteriors: tuple[Posteriors, ...] = tuple(map(anchored, found, self.names))

    def _text(self, bead: int) -> BeadText:
        return BeadText(_stems(self.words[bead], self._full_stems), self.folded[bead], self.known_words(bead))

    def known_words(self, bead: int) -> list[tuple[int, int]]:
        """The `dictionary_words` of a bead's Chinese, looked up once: three steps read them."""
        return [(start, end) for start, end in self._known_words[bead].tolist()]

    def known_shares(self, bead: int) -> Floats:
        """What the translation table alone says of a bead, see `pairing.known_shares`; few beads are asked for."""
        if bead not in self._known:
            self._known[bead] = known_shares(self._text(bead), self._table)
        return self._known[bead]

    @cached_property
    def votes(self) -> tuple[Floats, ...]:
        """Boundary votes per bead, see `boundaries.votes`."""
        return tuple(votes(text, self.known_words(bead)) for bead, text in enumerate(self.folded))

    @cached_property
    def explained(self) -> tuple[Floats, ...]:
        """Per bead and character, the share that words explain, 0..1."""
        return tuple(found.share(slice(None)).sum(axis=0) for found in self.posteriors)

    @cached_property
    def orphans(self) -> tuple[frozenset[int], ...]:
        """Per bead, offsets of characters that most likely lost the character before them, see `boundaries.orphans`."""
        starts = orphans(self.folded, self.votes, self.is_word)
        return tuple(frozenset(at for at, _ in found) for found in starts)

    @cached_property
    def spans(self) -> BeadSpans:
        """The spans of every bead that may be a term's."""
        return bead_spans(self.folded, self.votes, self.orphans, self.is_word)

    def forget_search(self) -> None:
        """Make room when no more spans are sought: 120 MB in a text of 10,000 sentences."""
        for name in ("spans", "span_words", "explained", "_flat_votes"):
            self.__dict__.pop(name, None)

    def forget_strings(self) -> None:
        """Make room when no more strings are looked up in the text."""
        self.__dict__.pop("_text_index", None)

    @cached_property
    def units(self) -> dict[str, Unit]:
        """English candidates of the document by key."""
        return joined_units([own.units for own in self._english])

    @cached_property
    def titles(self) -> tuple[bool, ...]:
        """Whether the English of each bead is capitalised as a title is."""
        return tuple(map(is_title, self.words))

    @cached_property
    def span_words(self) -> SpanWords:
        """First and last words of spans, see `span_words`."""
        known = jieba_tokenizer().FREQ
        return SpanWords(self.folded, lambda word: bool(known.get(word)))

    @cached_property
    def _text_index(self) -> TextIndex:
        return TextIndex(self.flat)

    @cached_property
    def _flat_votes(self) -> tuple[NDArray[np.int64], Floats]:
        """Where each bead begins in the votes of all beads in a row, shape (positions, 4): the three voters and the
        running sum of jieba's cuts."""
        starts = np.concatenate([[0], np.cumsum([v.shape[1] for v in self.votes])]).astype(np.int64)
        flat = np.concatenate(self.votes, axis=1)
        return starts, np.vstack([flat, np.cumsum(flat[JIEBA])]).T.astype(np.float32)

    def votes_at(self, places: NDArray[np.int64]) -> Floats:
        """Votes for the edges of places (bead, start, end), shape (n, 7): jieba left and right, dictionary left and
        right, function characters left and right, how often jieba cuts inside."""
        starts, flat = self._flat_votes
        left, right = flat[starts[places[:, 0]] + places[:, 1]], flat[starts[places[:, 0]] + places[:, 2]]
        cuts = right[:, 3] - left[:, 3] - right[:, JIEBA]
        made: Floats = np.column_stack([*(side[:, v] for v in range(3) for side in (left, right)), cuts])
        return made

    def edges(self, span: str) -> tuple[int, Counter[str], Counter[str]]:
        """How often a Chinese string stands in the document, and its left and right neighbour characters."""
        return self._text_index.edges(span)

    def neighbour_shares(self, spans: Sequence[str]) -> Floats:
        """How often Chinese strings stand in the document, and the shares of their commonest neighbours before and
        after, shape (n, 3)."""
        return self._text_index.neighbour_shares(spans)

    def bead_rows(self, unit: Unit) -> Mapping[int, tuple[int, ...]]:
        """Per bead, the word indices of the unit's first place there."""
        rows: dict[int, tuple[int, ...]] = {}
        for place in unit.places:
            rows.setdefault(place.bead, tuple(range(place.first, place.last)))
        return rows
