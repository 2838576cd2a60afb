"""Where a Chinese term may begin and end: votes of jieba, the dictionary and function characters, never one alone."""

from __future__ import annotations

import logging
import marshal
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glossary.config import load_settings
from glossary.language import HAN_CHAR
from glossary.terms.tokens import FUNCTION_CHARS
from glossary.terms.word_edges import word_edge_rates

if TYPE_CHECKING:
    import jieba

Floats = NDArray[np.floating]

JIEBA, DICTIONARY, FUNCTION = 0, 1, 2
"""Rows of a vote matrix."""


JIEBA_CACHE = "jieba.cache"
"""The name jieba gives the cache of its default dictionary."""


@cache
def jieba_tokenizer() -> jieba.Tokenizer:
    """jieba with its cache file in our own cache folder instead of the world-writable temporary one."""
    with warnings.catch_warnings(), _without_pkg_resources():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.ERROR)
    folder = load_settings().cache
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        pass
    else:
        if os.access(folder, os.W_OK):
            jieba.dt.tmp_dir = str(folder)
            _preload(jieba.dt, folder / JIEBA_CACHE)
    return jieba.dt


@contextmanager
def _without_pkg_resources() -> Iterator[None]:
    """jieba opens its files without it as well; its import takes a tenth of a second."""
    if "pkg_resources" in sys.modules:
        yield
        return
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]  # Python's way to say: not to be had
    try:
        yield
    finally:
        sys.modules.pop("pkg_resources", None)  # another thread may have been here


def _preload(tokenizer: jieba.Tokenizer, cached: Path) -> None:
    """Read jieba's own cache at once: jieba reads it word by word, three times as slow. Without one jieba makes it."""
    if tokenizer.initialized:
        return
    try:
        tokenizer.FREQ, tokenizer.total = marshal.loads(cached.read_bytes())
    except (OSError, EOFError, ValueError, TypeError):
        return
    tokenizer.initialized = True


def votes(folded: str, known: Sequence[tuple[int, int]]) -> Floats:
    """Votes for a boundary before each character and after the last, shape (3, len + 1), each 0..1.

    Rows: jieba cuts here; share of two longest-match segmentations by the text's `dictionary_words` that cut here; a
    neighbour is a function character, punctuation or another script. Positions 0 and len are certain.

    >>> votes("区块链的应用", [(0, 3), (4, 6)])[JIEBA].tolist()
    [1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0]
    """
    n = len(folded)
    made = np.zeros((3, n + 1))
    made[JIEBA, list(accumulate(map(len, jieba_tokenizer().cut(folded))))] = 1.0
    kinds = list(map(_kind, folded))
    made[DICTIONARY, _longest_match(kinds, dict(known))] += 0.5
    mirrored = {n - end: n - start for start, end in reversed(known)}
    made[DICTIONARY, [n - cut for cut in _longest_match(kinds[::-1], mirrored)]] += 0.5
    kinds = [_BORDER if char in FUNCTION_CHARS else kind for char, kind in zip(folded, kinds, strict=True)]
    made[FUNCTION, 1:n] = [_BORDER in (left, right) or left != right for left, right in pairwise(kinds)]
    made[:, [0, n]] = 1.0
    return made


RARELY_BEGINS = 0.15
"""A character that begins fewer of the words it stands in than this (子 .06, 者 .02) does not open a term by itself."""


def orphans(
    texts: Sequence[str], votes_: Sequence[Floats], is_word: Callable[[str], bool]
) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Per text, (offset, character with the word after it) where a character has most likely lost the one before it.

    Such a character hardly ever opens a word, forms none with what follows, and stands at least once in the document
    where it cannot close one either: after a function character or a sign. 的子收藏品 gives 子 there and in 示子收藏品.
    """
    candidates = [[(i, _stump(t, v, i)) for i in range(len(t)) if _opens_badly(t, v, i, is_word)]
                  for t, v in zip(texts, votes_, strict=True)]  # fmt: skip
    proven = {stump for t, found in zip(texts, candidates, strict=True) for i, stump in found if _cannot_close(t, i)}
    return tuple(tuple((i, stump) for i, stump in found if stump in proven) for found in candidates)


def _stump(text: str, votes_: Floats, at: int) -> str:
    end = at + 2
    while end < len(text) and not votes_[JIEBA, end]:
        end += 1
    return text[at:end]


def _opens_badly(text: str, votes_: Floats, at: int, is_word: Callable[[str], bool]) -> bool:
    """A lone character before a word of two characters or more, which never forms a word with it."""
    if at + 2 >= len(text) or not (votes_[JIEBA, at] and votes_[JIEBA, at + 1] and not votes_[JIEBA, at + 2]):
        return False
    if not (HAN_CHAR.match(text[at]) and HAN_CHAR.match(text[at + 1])) or text[at] in FUNCTION_CHARS:
        return False
    return word_edge_rates(text[at])[0] < RARELY_BEGINS and not any(is_word(text[at : at + n]) for n in (2, 3, 4))


def _cannot_close(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in FUNCTION_CHARS or not HAN_CHAR.match(text[at - 1])


_HAN, _BORDER = 2, 3
"""Kinds of characters; the second is a function character: there is a boundary on both sides of it."""


@cache
def _kind(char: str) -> int:
    return _HAN if HAN_CHAR.match(char) else 1 if char.isalnum() else 0


def _longest_match(kinds: Sequence[int], longest: Mapping[int, int]) -> list[int]:
    """Cut positions of greedy longest matching, left to right; other scripts are one piece a run. `longest` is where
    the longest word that begins at a place ends."""
    cuts, at, n = [0], 0, len(kinds)
    while at < n:
        kind = kinds[at]
        if kind == _HAN:
            at = longest.get(at, at + 1)
        else:
            at += 1
            while at < n and kinds[at] == kind:
                at += 1
        cuts.append(at)
    return cuts
