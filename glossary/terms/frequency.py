"""How common a word is in general language: the large word lists that come with wordfreq, on its zipf scale.

The lists are read directly: importing wordfreq and its tokenisers takes longer than an article.
"""

from __future__ import annotations

import gzip
import math
import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import msgpack

from glossary.errors import TermError

_PLAIN = re.compile(r"[a-z]+(?:\.[a-z]+)*|[a-z]*[0-9]?[a-z]*")
"""Words wordfreq looks up as they are, without tokenising."""


@lru_cache(maxsize=1 << 16)
def zipf(word: str, lang: str) -> float:
    """General-language frequency, 0 (unknown) to 8 (the); Chinese words are looked up whole.

    Source: wordfreq's zipf scale, base-10 logarithm of occurrences per billion words.

    >>> zipf("market", "en"), zipf("blockchain-based", "en"), zipf("市场", "zh")
    (5.29, 3.65, 5.64)
    """
    ranks = _centibels(lang)
    if lang != "en" or _PLAIN.fullmatch(word):
        return _scale(ranks[word]) if word in ranks else 0.0
    parts = [p for p in re.split("[-‑]", word) if p]
    if len(parts) > 1 and all(map(_PLAIN.fullmatch, parts)):
        return _joint([ranks[p] for p in parts]) if all(p in ranks for p in parts) else 0.0
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))


def _scale(centibels: int) -> float:
    return round(9 - centibels / 100, 2)


def _joint(centibels: list[int]) -> float:
    """Several words in a row: 1/f = 1/f1 + 1/f2 ..., as wordfreq has it."""
    frequency = 1 / sum(10 ** (c / 100) for c in centibels)
    frequency = round(frequency, math.floor(-math.log10(frequency)) + 3)
    return max(0.0, round(math.log10(frequency) + 9, 2))


@cache
def _centibels(lang: str) -> dict[str, int]:
    """Every word of a list with its frequency in negative centibels.

    Source: wordfreq's cBpack format, a msgpack list of a header and the words of 0, -1, -2 ... centibels.

    Raises: TermError when the list is missing or damaged.
    """
    found = find_spec("wordfreq")
    path = Path(found.origin or "").parent / "data" / f"large_{lang}.msgpack.gz" if found else Path("wordfreq")
    try:
        header, *buckets = msgpack.unpackb(gzip.decompress(path.read_bytes()))
        if header != {"format": "cB", "version": 1}:
            raise ValueError("not a word list of wordfreq 3")
    except (OSError, ValueError, EOFError) as error:
        raise TermError(f"{path}: the word list cannot be read ({error}); install the package again") from error
    listed: dict[str, int] = {}
    for centibels, bucket in enumerate(buckets):
        listed.update(dict.fromkeys(bucket, centibels))
    return listed
