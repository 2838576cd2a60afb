"""How often strings stand in a Chinese text and what stands beside them, for many strings at a time.

The substrings of one length are sorted by a hash of 64 bits; two of a text of a million characters share one by chance
once in ten million texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from glossary.terms.runs import runs

EDGES_CAP = 60
"""Places whose neighbours are counted. Source: TERMS.md, method 5: a share of places settles with far fewer."""

Edges = tuple[int, Counter[str], Counter[str]]
"""How often a string stands in a text, its left and its right neighbour characters at the first EDGES_CAP places."""

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_CODE_BITS = 21


LONGEST_KEY = 6
"""Characters of a longer string that are looked up; the rest is compared at the places found, which are few by then."""


class TextIndex:
    """A text whose substrings can be looked up. Memory: 12 bytes a character for each of LONGEST_KEY lengths."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._codes = _codes(text)
        letters = {ord(c): c.isalnum() for c in set(text)}
        self._letter = np.array([False, *(letters[c] for c in self._codes.tolist()), False])
        self._padded = np.concatenate([[0], self._codes, [0]])
        self._sorted: dict[int, tuple[Hashes, NDArray[np.int32]]] = {}

    def places(self, string: str) -> Iterator[int]:
        """Where the string stands, overlapping places included.

        >>> list(TextIndex("区块链和块链").places("块链")), list(TextIndex("aaa").places("aa"))
        ([1, 4], [0, 1])
        """
        at = self.text.find(string)
        while at >= 0:
            yield at
            at = self.text.find(string, at + 1)

    def edges(self, string: str) -> Edges:
        """How often the string stands in the text, and its neighbours, '' at the edges of the text.

        >>> TextIndex("区块链和块链").edges("块链")
        (2, Counter({'区': 1, '和': 1}), Counter({'和': 1, '': 1}))
        """
        places, size, text = list(self.places(string)), len(string), self.text
        left = Counter(text[at - 1 : at] for at in places[:EDGES_CAP])
        right = Counter(text[at + size : at + size + 1] for at in places[:EDGES_CAP])
        return len(places), left, right

    def neighbour_shares(self, strings: Sequence[str]) -> NDArray[np.float64]:
        """How often each string stands in the text, and the share its commonest letter or character before and after it
        has, over the first EDGES_CAP places; shape (n, 3).

        >>> TextIndex("区块链和块链").neighbour_shares(["块链", "链块"]).tolist()
        [[2.0, 0.5, 0.5], [0.0, 0.0, 0.0]]
        """
        made = np.zeros((len(strings), 3))
        sizes = np.array([len(s) for s in strings])
        for size in set(sizes.tolist()):
            which = np.flatnonzero(sizes == size)
            made[which] = self._shares([strings[i] for i in which.tolist()], size)
        return made

    def _shares(self, strings: Sequence[str], size: int) -> NDArray[np.float64]:
        """`neighbour_shares` of strings of one length."""
        keyed = min(size, LONGEST_KEY)
        hashes, order = self._table(keyed)
        wanted = _codes("".join(strings)).reshape(-1, size)
        keys = _hashes(wanted[:, :keyed].ravel(), keyed)[::keyed]
        first = np.searchsorted(hashes, keys)
        count = np.searchsorted(hashes, keys, side="right") - first
        read = np.minimum(count, EDGES_CAP) if size == keyed else count
        owner, at = np.repeat(np.arange(len(strings)), read), order[runs(first, read)].astype(np.int64)
        if size > keyed:
            same = self._same(wanted[:, keyed:], owner, at + keyed)
            owner, at = owner[same], at[same]
            count = np.bincount(owner, minlength=len(strings))
            capped = runs(np.zeros_like(count), count) < EDGES_CAP
            owner, at = owner[capped], at[capped]
        read = np.maximum(np.minimum(count, EDGES_CAP), 1)
        beside = (self._largest(owner, place, len(strings)) / read for place in (at, at + size + 1))
        return np.stack([count, *beside], axis=1)

    def _same(self, wanted: Ints, owner: Ints, at: Ints) -> Ints:
        """Numbers of the places where the owner's codes stand."""
        kept = np.flatnonzero(at + wanted.shape[1] <= len(self._codes))
        for column in range(wanted.shape[1]):
            kept = kept[self._codes[at[kept] + column] == wanted[owner[kept], column]]
        return kept

    def _table(self, size: int) -> tuple[Hashes, NDArray[np.int32]]:
        """The hashes of all substrings of a length, sorted, and where they stand; of equals in order of the text."""
        known = self._sorted.get(size)
        if known is None:
            hashes = _hashes(self._codes, size)
            order = np.argsort(hashes, kind="stable").astype(np.int32)
            known = self._sorted[size] = (hashes[order], order)
        return known

    def _largest(self, owner: Ints, place: Ints, owners: int) -> Ints:
        """How often the commonest letter stands at the places of each owner; `place` counts from the padding."""
        letter = self._letter[place]
        keys = np.sort((owner[letter] << _CODE_BITS) | self._padded[place[letter]])
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)])
        most = np.zeros(owners, dtype=np.int64)
        np.maximum.at(most, keys[starts] >> _CODE_BITS, np.diff(np.append(starts, len(keys))))
        return most


def _codes(text: str) -> Ints:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)


def _hashes(codes: Ints, size: int) -> Hashes:
    """A hash of every run of `size` codes."""
    count = max(0, len(codes) - size + 1)
    made = np.zeros(count, dtype=np.uint64)
    for at in range(size):
        made = made * _FACTOR + codes[at : at + count].astype(np.uint64)
    return made
