"""What the search index holds of a key, and what a query asks it: short pieces of text, and readings.

A gram is a piece of 1, 2 or 3 characters (Han: 1 or 2) of the key with `START` before it. A key that holds a piece of
text holds all its grams; the reverse is looked up in the key itself. A reading is one token: its kind and its letters.

Characters are moved out of ASCII where an index could take them for punctuation, so no query is ever syntax.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from glossary.language import HAN, has_han
from glossary.readings import beginnings, initials, toneless

LONGEST_KEY = 255
"""Characters of the longest key that is indexed; longer ones are found whole only. The length must fit into 8 bits."""

SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 21, 25, 32, 48, 96, LONGEST_KEY)
"""The longest keys of each size, for the index that cannot tell shorter keys from longer ones (PostgreSQL). A choice:
where most keys are, one size a length; fewer sizes than there are letters."""

START = "\u25b6"
"""Stands before every key, so that a beginning is a piece like any other."""

PINYIN, PINYIN_INITIALS, JYUTPING, JYUTPING_INITIALS = "\u25c0p", "\u25c0q", "\u25c0j", "\u25c0k"
"""Marks of the reading tokens."""

_OUT_OF_ASCII = {
    code: 0xFEE0 + code if code > 0x20 else 0x2400 + code
    for code in range(0x80)
    if not chr(code).isalnum()
}  # fmt: skip
"""Punctuation to its full-width form, white space and control characters to their pictures: keys have neither."""

_WITHOUT_HAN = re.compile(f"[^{HAN}]{{3,}}")

_ONE_SLIP = 7
"""Keys up to this long may differ by one slip, longer ones by two. Elasticsearch's AUTO sets 5; a Latin key of 6 or 7
letters with two slips gave only other words."""

_ANY_BUT_ONE = 5
"""Han keys up to this long are looked for by all their characters but one: their pieces would be single characters."""


class Every(NamedTuple):
    """A query for keys with all of these tokens."""

    tokens: tuple[str, ...]


Query = tuple[Every, ...]
"""Keys that fit at least one of the parts."""


def grams(text: str) -> list[str]:
    """The distinct grams of a text.

    >>> grams("ab"), grams("区块"), grams("c+")
    (['a', 'b', 'ab'], ['区', '块', '区块'], ['c', '＋', 'c＋'])
    """
    plain = text.translate(_OUT_OF_ASCII)
    pairs = [plain[at : at + 2] for at in range(len(plain) - 1)]
    threes = [part[at : at + 3] for part in _WITHOUT_HAN.findall(plain) for at in range(len(part) - 2)]
    return list(dict.fromkeys([*plain, *pairs, *threes]))


def tokens_of(key: str, pinyin: Sequence[str], jyutping: Sequence[str]) -> list[str]:
    """All that the index holds of a key and its readings (numbered, the usual one first)."""
    found: dict[str, None] = dict.fromkeys(grams(START + key)[1:])  # without START alone
    for readings, whole, short in (
        (pinyin, PINYIN, PINYIN_INITIALS), (jyutping, JYUTPING, JYUTPING_INITIALS)
    ):  # fmt: skip
        for at, reading in enumerate(readings):
            found[short + initials(reading)] = None
            begun = list(beginnings(reading))
            found.update(dict.fromkeys([whole + letters for letters in (begun if at == 0 else begun[-1:])]))
    return list(found)


def holding(text: str) -> Query:
    """The query for keys that hold a text; then the key itself decides.

    >>> holding("链"), holding("blo"), holding("数字")
    ((Every(tokens=('链',)),), (Every(tokens=('blo',)),), (Every(tokens=('数字',)),))
    """
    return (Every(_longest(text)),)


def beginning(text: str) -> Query:
    """The query for keys that begin with a text."""
    return holding(START + text)


def read_as(letters: str) -> Query:
    """The query for keys that are read so, begin so, or have these initials; `letters` without tones."""
    return tuple(Every((mark + letters,)) for mark in (PINYIN, JYUTPING, PINYIN_INITIALS, JYUTPING_INITIALS))


def slips(key: str) -> int:
    """How many characters of a key may be wrong, missing or too many."""
    return 1 if len(key) <= _ONE_SLIP else 2


def nearly(key: str, pinyin: str) -> Query:
    """The query for keys that differ from `key` by its slips at most, or are read the same; () for one character.

    Of n + 1 pieces of a key with n slips one is whole. Short keys are asked for by all their characters but one.
    """
    parts = [*_short(key)] if len(key) <= (_ANY_BUT_ONE if has_han(key) else 3) else [*_pieces(key, slips(key) + 1)]
    if pinyin and len(key) > 1:
        parts.append((PINYIN + toneless(pinyin),))
    return tuple(Every(part) for part in dict.fromkeys(parts))


def _short(key: str) -> Iterator[tuple[str, ...]]:
    """A key of two needs both characters: one of two is no likeness."""
    chars = grams_of_one(key)
    if len(chars) > 1:
        yield from combinations(chars, max(2, len(chars) - 1))


def grams_of_one(key: str) -> list[str]:
    """The distinct characters of a key as the index writes them."""
    return list(dict.fromkeys(key.translate(_OUT_OF_ASCII)))


def _pieces(key: str, count: int) -> Iterator[tuple[str, ...]]:
    cuts = [len(key) * at // count for at in range(count + 1)]
    for start, end in pairwise(cuts):
        yield _longest(key[start:end])


def _longest(text: str) -> tuple[str, ...]:
    """The fewest grams that together cover the text: each costs the index a list to read."""
    plain = text.translate(_OUT_OF_ASCII)
    spans = [(at, at + size) for at in range(len(plain)) for size in (1, 2, 3) if at + size <= len(plain)]
    spans = [(start, end) for start, end in spans if end - start < 3 or not has_han(plain[start:end])]
    covering: list[str] = []
    covered = 0
    while covered < len(plain):
        start, covered = max((s for s in spans if s[0] <= covered), key=lambda s: (s[1], s[1] - s[0]))
        covering.append(plain[start:covered])
    return tuple(dict.fromkeys(covering))


def as_fts5(query: Query) -> str:
    """The query in FTS5's language.

    >>> as_fts5((Every(("ab", "bc")), Every(("x",))))
    '("ab" AND "bc") OR ("x")'
    """
    return " OR ".join("(" + " AND ".join(f'"{token}"' for token in part.tokens) + ")" for part in query)


def as_tsquery(query: Query, size: int) -> str:
    """The query in PostgreSQL's language, for keys of one size.

    >>> as_tsquery((Every(("ab", "bc")), Every(("x",))), 1)
    "('Bab' & 'Bbc') | ('Bx')"
    """
    mark = size_mark(size)
    return " | ".join("(" + " & ".join(f"'{mark}{token}'" for token in part.tokens) + ")" for part in query)


def size_mark(size: int) -> str:
    """The capital letter that stands before the tokens of keys of a size; keys are folded, so no token begins so."""
    return chr(ord("A") + size)


def size_of(length: int) -> int:
    """The number of the size that a key of this length has.

    >>> size_of(1), size_of(12), size_of(13), size_of(14), size_of(15), size_of(255)
    (0, 11, 12, 12, 13, 20)
    """
    return bisect_left(SIZES, length)
