"""A Chinese text indexed once, so that looking a string up costs as much as its rarest two characters are frequent."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Sequence

EDGES_CAP = 60
"""Places whose neighbours are counted. Source: TERMS.md, method 5: a share of places settles with far fewer."""

SHARES_KEPT = 1 << 16
"""Strings whose neighbours are remembered: spans of one sentence are asked for together. Bounds the memory."""

Edges = tuple[int, Counter[str], Counter[str]]
"""How often a string stands in a text, its left and its right neighbour characters at the first EDGES_CAP places."""


class TextIndex:
    """Places of every character and every two neighbouring characters. Memory: about 20 bytes a character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places: defaultdict[str, array[int]] = defaultdict(lambda: array("i"))
        for size in (1, 2):
            for at in range(len(text) - size + 1):
                self._places[text[at : at + size]].append(at)
        self._edges: dict[str, Edges] = {}
        self._shares: dict[str, tuple[int, float, float]] = {}

    def places(self, string: str) -> Sequence[int]:
        """Where the string stands, overlapping places included.

        >>> list(TextIndex("区块链和块链").places("块链")), TextIndex("a baas baas").places("baas")
        ([1, 4], [2, 7])
        """
        if len(string) <= 2:
            return self._places.get(string, ())
        found = [(self._places.get(string[i : i + 2], ()), i) for i in range(len(string) - 1)]
        places, shift = min(found, key=lambda own: len(own[0]))
        return [at - shift for at in places if at >= shift and self.text.startswith(string, at - shift)]

    def edges(self, string: str) -> Edges:
        """How often the string stands in the text, and its neighbours, '' at the edges of the text.

        >>> TextIndex("区块链和块链").edges("块链")
        (2, Counter({'区': 1, '和': 1}), Counter({'和': 1, '': 1}))
        """
        known = self._edges.get(string)
        if known is None:
            places, size, text = self.places(string), len(string), self.text
            left = Counter(text[at - 1 : at] for at in places[:EDGES_CAP])
            right = Counter(text[at + size : at + size + 1] for at in places[:EDGES_CAP])
            known = self._edges[string] = (len(places), left, right)
        return known

    def neighbour_shares(self, string: str) -> tuple[int, float, float]:
        """How often the string stands in the text, and the share its commonest letter or character before and after it
        has, over the first EDGES_CAP places.

        >>> TextIndex("区块链和块链").neighbour_shares("块链")
        (2, 0.5, 0.5)
        """
        known = self._shares.get(string)
        if known is None:
            places, size, text = self.places(string), len(string), self.text
            first = places[:EDGES_CAP]
            left = _largest_share([text[at - 1 : at] for at in first])
            right = _largest_share([text[at + size : at + size + 1] for at in first])
            if len(self._shares) == SHARES_KEPT:
                self._shares.clear()
            known = self._shares[string] = (len(places), left, right)
        return known


def _largest_share(neighbours: list[str]) -> float:
    if len(neighbours) < 2:
        return float(bool(neighbours) and neighbours[0].isalnum())
    return max((neighbours.count(c) for c in set(neighbours) if c.isalnum()), default=0) / len(neighbours)
