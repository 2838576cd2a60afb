"""Where a sentence can be cut in two: before words, before Han characters, never before a closing mark. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from glossary.language import has_han

MOST_PLACES = 300
"""Places offered at most: more than a screen of buttons helps nobody; of longer sentences those after a mark."""

_OPENING, _CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po", "Pd")
_PAUSES = frozenset(",;:.!?，、；：。！？…—")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; it can be cut before the piece unless `at` is 0. `pause`: a mark stands before it."""

    at: int
    text: str
    pause: bool = False


def pieces(text: str) -> list[Piece]:
    """The sentence in pieces that together are the whole of it.

    >>> [p.text for p in pieces("He left, (but) came.")], [p.text for p in pieces("用NFT，「買」書。")]
    (['He ', 'left, ', '(but) ', 'came.'], ['用', 'NFT，', '「買」', '書。'])
    >>> [(p.at, p.pause) for p in pieces("是，不。")]
    [(0, False), (2, True)]
    """
    places = [i for i in range(1, len(text)) if _may_cut(text[i - 1], text[i])]
    if len(places) > MOST_PLACES:
        places = [i for i in places if _pause(text, i)][:MOST_PLACES] or places[:MOST_PLACES]
    bounds = [0, *places, len(text)]
    return [Piece(a, text[a:b], a > 0 and _pause(text, a)) for a, b in pairwise(bounds)]


def _may_cut(before: str, after: str) -> bool:
    if after.isspace() or unicodedata.category(before) in _OPENING:
        return False
    if before.isspace():
        return unicodedata.category(after) not in ("Pe", "Pf")
    if unicodedata.category(after) in _CLOSING:
        return False
    return has_han(before + after) or unicodedata.east_asian_width(before) in "FW"


def _pause(text: str, at: int) -> bool:
    return text[:at].rstrip().rstrip("”’」』）)\"'")[-1:] in _PAUSES


def best(found: list[Piece]) -> int:
    """The place most likely meant: the one nearest the middle, of those after a mark if there are any.

    >>> best(pieces("He left, but she stayed on for years.")), best(pieces("One."))
    (9, 0)
    """
    places = [p for p in found if p.at]
    middle = sum(len(p.text) for p in found) / 2
    chosen = [p for p in places if p.pause] or places
    return min((p.at for p in chosen), key=lambda at: abs(at - middle), default=0)
