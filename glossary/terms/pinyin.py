"""Names written in pinyin on the English side: where their Chinese characters stand in the bead.

`Xu Yinan` is 許一南, `Jinjiang` 錦江: every character's readings must spell the word, syllable by syllable.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from glossary.language import HAN_CHAR
from glossary.terms.tokens import Word

LONGEST_NAME = 4
"""Characters one word of a name may stand for: Heilongjiang has three, Hohhot-like four."""

Readings = Callable[[str], Sequence[str]]


def spelt_by(word: str, chars: str, readings: Readings) -> int:
    """How many of the characters, from the first on, the word spells in full; 0 when it does not.

    >>> table = {"锦": ("jin",), "江": ("jiang",), "的": ("de", "di")}
    >>> spelt_by("Jinjiang", "锦江的", lambda c: table.get(c, ())), spelt_by("Jin", "江", lambda c: table.get(c, ()))
    (2, 0)
    """
    return _spell(_bare(word), chars, readings, 0)


def _bare(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.lower())
    return "".join(c for c in plain if c.isalpha() and not unicodedata.combining(c))


def _spell(rest: str, chars: str, readings: Readings, used: int) -> int:
    if not rest:
        return used
    if used == min(len(chars), LONGEST_NAME) or not HAN_CHAR.match(chars[used]):
        return 0
    for reading in readings(chars[used]):
        spelt = reading.replace("v", "u")
        if spelt and rest.startswith(spelt):
            found = _spell(rest[len(spelt) :], chars, readings, used + 1)
            if found:
                return found
    return 0


def spelt_names(words: Sequence[Word], folded: str, readings: Readings) -> Iterator[tuple[int, int, int, int]]:
    """(first word, last word, start, end) of every name a bead spells in pinyin, longest run of words first.

    A word of one syllable counts only next to another word of the name, family and given name in either order.
    """
    named = [(i, _bare(w.text)) for i, w in enumerate(words) if _namelike(w)]
    opens = [tuple(r.replace("v", "u") for r in readings(char)) for char in folded] if named else []
    places = {
        i: [(at, at + size) for at, own in enumerate(opens) if bare.startswith(own)
            and (size := _spell(bare, folded[at : at + LONGEST_NAME], readings, 0))]
        for i, bare in named
    }  # fmt: skip
    done: set[int] = set()
    for i in sorted(places):
        if i in done:
            continue
        pair = _joined(places, i)
        if pair is not None:
            done |= {i, i + 1}
            yield (i, i + 2, *pair)
            continue
        whole = [(a, b) for a, b in places[i] if b - a > 1]
        for start, end in whole[:1]:
            done.add(i)
            yield i, i + 1, start, end


def _namelike(word: Word) -> bool:
    return word.text[:1].isupper() and word.text[1:].islower() and word.text.isalpha() and len(word.text) > 1


def _joined(places: dict[int, list[tuple[int, int]]], i: int) -> tuple[int, int] | None:
    """The span of two neighbouring words that stand side by side in the Chinese, in either order."""
    for a, b in places[i]:
        for c, d in places.get(i + 1, ()):
            if b == c or d == a:
                return min(a, c), max(b, d)
    return None
