"""Chinese term candidates of a text without a translation: strings between likely word boundaries, with what the
text says of each. The counterpart of `candidates` and `unit_features`, which read English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glossary.language import has_han
from glossary.terms.article import bead_spans
from glossary.terms.boundaries import DICTIONARY, FUNCTION, JIEBA, jieba_tokenizer, orphans, votes
from glossary.terms.frequency import zipf
from glossary.terms.span_words import CLASSES, NOTHING, SpanWords
from glossary.terms.text_index import TextIndex
from glossary.terms.tokens import dictionary_words
from glossary.terms.word_edges import word_edge_rates

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_WORDS = 6
"""Words of jieba's in the longest candidate, as in English: `candidates.LONGEST_UNIT`."""

BOUNDARY = 0.5
"""Vote of jieba or of the dictionary that lets a candidate begin or end."""

TOGETHER = 1 << 14
"""Places read in one go; bounds memory."""

_KINDS = (*CLASSES, "unknown", "nothing")
_OWN = (
    "characters", "words", "cuts_of_dictionary", "places", "segments", "weirdness", "frequency", "rarest_part",
    "commonest_part", "in_dictionary", "in_jieba", "left_share", "right_share", "longest_holder", "holders",
    "heads", "openers", "cohesion", "begins_words", "ends_words", "latin", "digit", "han",
)  # fmt: skip
_PLACED = (
    "jieba_left", "jieba_right", "dictionary_left", "dictionary_right", "function_left", "function_right",
    "short_segment", "starts", "ends", "quoted", "bracket_after", "bracketed",
    *(f"{side}_{kind}" for side in ("first", "last", "before", "after") for kind in _KINDS),
)  # fmt: skip

CHINESE_FEATURES = (*_OWN, *_PLACED)


@dataclass(frozen=True, slots=True)
class ChineseUnits:
    """Distinct candidate strings of a text and where they stand, one row a place: number of the string, of the
    segment, start and end there (folded)."""

    strings: tuple[str, ...]
    places: Ints


class ChineseText:
    """The folded segments of a Chinese text with their boundary votes."""

    def __init__(self, segments: Sequence[str], is_word: Callable[[str], bool]) -> None:
        self.segments, self.is_word = tuple(segments), is_word
        self.votes = [votes(text, dictionary_words(text, is_word)) for text in self.segments]
        self.index = TextIndex("\n".join(["", *self.segments, ""]))

    def units(self) -> ChineseUnits:
        """Every string that two boundaries enclose, that holds a Chinese character or is Latin, no signs inside."""
        lost = [frozenset(at for at, _ in own) for own in orphans(self.segments, self.votes, self.is_word)]
        spans = bead_spans(self.segments, self.votes, lost, self.is_word)
        numbers: dict[str, int] = {}
        places = [np.zeros((0, 4), dtype=np.int64)]
        for bead, (text, vote) in enumerate(zip(self.segments, self.votes, strict=True)):
            edge, cuts = np.maximum(vote[JIEBA], vote[DICTIONARY]) >= BOUNDARY, np.cumsum(vote[JIEBA])
            own = slice(spans.first[spans.text[bead]], spans.first[spans.text[bead + 1]])
            start = spans.start[own].astype(np.int64)
            end = start + spans.size[own]
            kept = edge[start] & edge[end] & (cuts[end - 1] - cuts[start] < MOST_WORDS)
            found = [(text[a:b], a, b) for a, b in zip(start[kept].tolist(), end[kept].tolist(), strict=True)]
            rows = [(numbers.setdefault(s, len(numbers)), bead, a, b) for s, a, b in found if any(map(str.isalpha, s))]
            places.append(np.array(rows, dtype=np.int64).reshape(-1, 4))
        return ChineseUnits(tuple(numbers), np.concatenate(places))

    def rows(self, units: ChineseUnits) -> Floats:
        """One row of CHINESE_FEATURES for every string."""
        return np.hstack([self._own(units), self._placed(units)])

    def _own(self, units: ChineseUnits) -> Floats:
        strings, count = units.strings, np.bincount(units.places[:, 0], minlength=len(units.strings))
        segments = np.bincount(np.unique(units.places[:, :2], axis=0)[:, 0], minlength=len(strings))
        shares = self.index.neighbour_shares(strings)
        total = max(1, sum(map(len, self.segments)))
        frequency = np.array([zipf(s, "zh") for s in strings])
        known = jieba_tokenizer().FREQ
        parts = [self._parts(s) for s in strings]
        rates = [[zipf(p, "zh") for p in own] for own in parts]
        seen = shares[:, 0]
        pieces = list(dict.fromkeys(p for own in parts for p in (*own, *_splits(own))))
        often = dict(zip(pieces, self.index.neighbour_shares(pieces)[:, 0].tolist(), strict=True))
        holder, holders, heads, openers = _holders(strings, parts, count)
        cohesion = [
            min((np.log(n * total / max(1.0, often[a] * often[b])) for a, b in _cuts(own)), default=0.0)
            for own, n in zip(parts, np.maximum(seen, 1).tolist(), strict=True)
        ]
        edges = [word_edge_rates(s[0])[0] for s in strings], [word_edge_rates(s[-1])[1] for s in strings]
        columns: list[object] = [
            [len(s) for s in strings], [len(p) for p in parts],
            self._dictionary_cuts(units), np.log(count), np.log(segments),
            np.log10(count / total * 1e9) - frequency, frequency, [min(r) for r in rates], [max(r) for r in rates],
            [self.is_word(s) for s in strings], [bool(known.get(s)) for s in strings], shares[:, 1], shares[:, 2],
            holder, np.log1p(holders), np.log1p(heads), np.log1p(openers), cohesion, *edges,
            [s.isascii() for s in strings], [any(map(str.isdigit, s)) for s in strings], [has_han(s) for s in strings],
        ]  # fmt: skip
        return np.column_stack([np.asarray(c, dtype=np.float64) for c in columns])

    def _parts(self, string: str) -> list[str]:
        return list(jieba_tokenizer().cut(string))

    def _dictionary_cuts(self, units: ChineseUnits) -> Floats:
        cuts = np.zeros(len(units.strings))
        for number, bead, start, end in units.places.tolist():
            cuts[number] = self.votes[bead][DICTIONARY, start + 1 : end].sum()
        return cuts

    def _placed(self, units: ChineseUnits) -> Floats:
        """Means over the places of each string."""
        known = jieba_tokenizer().FREQ
        words = SpanWords(self.segments, lambda word: bool(known.get(word)))
        made = np.zeros((len(units.strings), len(_PLACED)))
        for first in range(0, len(units.places), TOGETHER):
            own = units.places[first : first + TOGETHER]
            np.add.at(made, own[:, 0], self._place_rows(own[:, 1], own[:, 2], own[:, 3], words))
        means: Floats = made / np.bincount(units.places[:, 0], minlength=len(made))[:, None]
        return means

    def _place_rows(self, bead: Ints, start: Ints, end: Ints, words: SpanWords) -> Floats:
        _, first, _, last = words(bead, start, end)
        _, before, _, after = words.around(bead, start, end)
        kinds = [np.eye(NOTHING + 1)[side] for side in (first, last, before, after)]
        own = [self._place(*place) for place in zip(bead.tolist(), start.tolist(), end.tolist(), strict=True)]
        return np.hstack([np.array(own, dtype=np.float64), *kinds])

    def _place(self, bead: int, start: int, end: int) -> list[float]:
        text, vote = self.segments[bead], self.votes[bead]
        before, after = text[max(0, start - 1) : start], text[end : end + 1]
        return [
            *(float(vote[voter, at]) for voter in (JIEBA, DICTIONARY, FUNCTION) for at in (start, end)),
            float(len(text) <= 24 and text[-1:] not in "。.!?！？:;"), float(not start), float(end == len(text)),
            float(before in ("“", "「", "《", '"', "『", "<")), float(after == "("), float(before == "("),
        ]  # fmt: skip


def _splits(parts: Sequence[str]) -> list[str]:
    return [piece for cut in _cuts(parts) for piece in cut]


def _cuts(parts: Sequence[str]) -> list[tuple[str, str]]:
    return [("".join(parts[:at]), "".join(parts[at:])) for at in range(1, len(parts))]


def _holders(
    strings: Sequence[str], parts: Sequence[Sequence[str]], count: Ints
) -> tuple[Floats, Floats, Floats, Floats]:
    """Of every string: share of its places inside the commonest longer one; how many longer ones hold it, end and begin
    with it."""
    numbers: Mapping[str, int] = {s: i for i, s in enumerate(strings)}
    longest, holders, heads, openers = (np.zeros(len(strings)) for _ in range(4))
    for i, own in enumerate(parts):
        for first in range(len(own)):
            for last in range(first + 1, len(own) + 1):
                inner = numbers.get("".join(own[first:last]), i)
                if inner != i:
                    longest[inner] = max(longest[inner], count[i] / count[inner])
                    holders[inner] += 1
                    heads[inner] += last == len(own)
                    openers[inner] += first == 0
    return longest, holders, heads, openers
