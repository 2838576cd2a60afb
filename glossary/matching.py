"""Where terms stand in a text: every place of 100,000 terms in one pass, whatever the script, width, case or ending.

Compared folded: width (NFKC), lower case, Simplified characters, any white space or hyphen as one space, none next to
Han. Reported verbatim, with code-point offsets into the text as it is. English terms match in the plural and singular,
verbs with their endings; letters and digits must not go on at the edges (NFT is not in NFTify), but Han characters are
no edge: 用Python写 holds Python, and Chinese terms need no boundary at all.

Case: a term marked case sensitive must be written exactly so. Other terms match in any case, except that an acronym of
up to `SHORT_ACRONYM` letters is not found in lower-case text: IT is not `it`.

Limits: a term cut by markup or by a blank line is not found; a Chinese term may be found across a word boundary.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick_rs

from glossary.inflection import inflected
from glossary.language import HAN, has_han, to_simplified

SHORT_ACRONYM = 5
"""Letters up to which an all-capital term is taken for an acronym that must not match lower-case words: AIDS, aids."""

_SCRIPTS_WITH_SPACES = "\u2e80"
"""Characters before it (Latin, Greek, Cyrillic ...) are written in words; CJK after it is not."""

_GAPS = re.compile(rf" (?= )| (?=[{HAN}])|(?<=[{HAN}]) ")
_SPACES = "\t\n\r\x0b\x0c\u00a0\u2028\u2029-\u2010\u2011"


@dataclass(frozen=True, slots=True)
class MatchTerm:
    """A term to look for; `entry_id` says whose it is."""

    term: str
    lang: str
    entry_id: str
    case_sensitive: bool = False
    part_of_speech: str = "noun"


class Mark(NamedTuple):
    """A place in a text, and every term that is written so there. A tuple: half a million of them are made at once."""

    start: int
    end: int
    terms: tuple[MatchTerm, ...]


class _Widths(dict[int, str]):
    """One code point to its folded form, for `str.translate`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)  # no automaton takes a lone surrogate
        plain = unicodedata.normalize("NFKC", char).lower()
        if len(plain) != 1 and not plain.isalnum():  # … stays one character, ﬁ becomes two
            plain = char
        self[code] = " " if plain in _SPACES else plain
        return self[code]


_WIDTHS = _Widths()


@dataclass(frozen=True, slots=True)
class _Text:
    """A folded text and the way back: `cuts` are the places where a character was left out, in order."""

    text: str
    cuts: Sequence[int]
    starts: Sequence[int] | None  # per character of the uncut text, when folding changed its length
    ends: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets of text[start:end], never empty."""
        first = start + bisect_right(self.cuts, start)
        last = end - 1 + bisect_right(self.cuts, end - 1)
        if self.starts is None or self.ends is None:
            return first, last + 1
        return self.starts[first], self.ends[last]


def _folded(text: str) -> _Text:
    plain = text.translate(_WIDTHS)
    starts: list[int] | None = None
    ends: list[int] | None = None
    if len(plain) != len(text):  # a ligature or the like: keep the way back character by character
        plain, starts, ends = _way_back(text)
    if has_han(plain):
        plain = to_simplified(plain)
    places = [m.start() for m in _GAPS.finditer(plain)]
    if not places:
        return _Text(plain, (), starts, ends)
    pieces, at = [], 0
    for place in places:
        pieces.append(plain[at:place])
        at = place + 1
    return _Text("".join([*pieces, plain[at:]]), [p - i for i, p in enumerate(places)], starts, ends)


def _way_back(text: str) -> tuple[str, list[int], list[int]]:
    """The text with every character replaced by its folded form, and where each character of that came from."""
    pieces, starts, ends = [], [], []
    for at, char in enumerate(text):
        plain = _WIDTHS[ord(char)]
        pieces.append(plain)
        starts += [at] * len(plain)
        ends += [at + 1] * len(plain)
    return "".join(pieces), starts, ends


def match_key(term: str) -> str:
    """A term as the matcher compares it.

    >>> match_key("Proof-of-Stake"), match_key("BaaS 平台"), match_key("ＮＦＴ")
    ('proof of stake', 'baas平台', 'nft')
    """
    return _folded(term).text.strip()


def _edge(char: str) -> bool:
    """True for a character that may not go on: a letter or digit of a script written in words."""
    return char < _SCRIPTS_WITH_SPACES and char.isalnum()


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One folded form with the terms that take it; `exact` are the written forms a case-sensitive term allows."""

    terms: tuple[MatchTerm, ...]
    exact: tuple[frozenset[str] | None, ...]
    left: bool  # the first character is an edge
    right: bool
    picky: bool  # some term minds its case


def _is_short_acronym(term: str) -> bool:
    term = term.removesuffix("s")  # NFTs
    return len(term) <= SHORT_ACRONYM and term.isascii() and term.isupper() and term.isalpha() and len(term) > 1


class Matcher:
    """The terms of a glossary, ready to be found; building takes about 10 µs a term.

    >>> matcher = Matcher([MatchTerm("smart contract", "en", "1"), MatchTerm("智能合約", "zh-Hant", "1")])
    >>> [(m.start, m.end) for m in matcher.find("Smart Contracts：智能合约")]
    [(0, 15), (16, 20)]
    """

    def __init__(self, terms: Iterable[MatchTerm]) -> None:
        found: dict[str, dict[MatchTerm, set[str]]] = {}
        for term in terms:
            for form in inflected(term.term, term.part_of_speech):
                key = match_key(form)
                if key:
                    found.setdefault(key, {}).setdefault(term, set()).add(unicodedata.normalize("NFKC", form))
        self._patterns = [_pattern(key, owners) for key, owners in found.items()]
        self._automaton = ahocorasick_rs.AhoCorasick(list(found)) if found else None

    def find(self, text: str, *, nested: bool = False) -> list[Mark]:
        """Every place of a term, in order: the longest at each place and none inside another, or all with `nested`.

        Linear in the text plus the places found.
        """
        if self._automaton is None or not text:
            return []
        folded = _folded(text)
        line, patterns, last = folded.text, self._patterns, len(folded.text)
        hits = []
        for number, start, end in self._automaton.find_matches_as_indexes(line, overlapping=True):
            pattern = patterns[number]
            if pattern.left and start and _edge(line[start - 1]):
                continue
            if pattern.right and end < last and _edge(line[end]):
                continue
            hits.append((start, -end, number))
        hits.sort()
        plain = not folded.cuts and folded.starts is None
        marks: list[Mark] = []
        free = 0
        for start, negative, number in hits:
            if start < free and not nested:
                continue
            first, end = (start, -negative) if plain else folded.span(start, -negative)
            terms = patterns[number].terms
            if patterns[number].picky:
                terms = _fitting(text[first:end], patterns[number])
            if terms:
                free = -negative
                marks.append(Mark(first, end, terms))
        return marks


def _pattern(key: str, owners: dict[MatchTerm, set[str]]) -> _Pattern:
    exact = tuple(frozenset(forms) if t.case_sensitive else None for t, forms in owners.items())
    picky = any(e is not None for e in exact) or any(_is_short_acronym(t.term) for t in owners)
    return _Pattern(tuple(owners), exact, _edge(key[0]), _edge(key[-1]), picky)


def _fitting(written: str, pattern: _Pattern) -> tuple[MatchTerm, ...]:
    """The terms of a pattern that may be written like this."""
    written = unicodedata.normalize("NFKC", written)
    return tuple(
        term
        for term, exact in zip(pattern.terms, pattern.exact, strict=True)
        if (written in exact if exact is not None else not (written.islower() and _is_short_acronym(term.term)))
    )
