"""How common a word is in general language: the large word lists that come with wordfreq, on its zipf scale.

The lists are read directly, for importing wordfreq and its tokenisers takes longer than an article, and kept in the
cache folder in a form that is not read whole.
"""

from __future__ import annotations

import gzip
import math
import os
import re
from contextlib import suppress
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

import msgpack
import numpy as np
from numpy.typing import NDArray

from glossary.config import load_settings
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
    ranks = _ranks(lang)
    if lang != "en" or _PLAIN.fullmatch(word):
        return _scale(ranks.get(word))
    parts = [p for p in re.split("[-‑]", word) if p]
    if len(parts) > 1 and all(map(_PLAIN.fullmatch, parts)):
        found = [rank for rank in map(ranks.get, parts) if rank is not None]
        return _joint(found) if len(found) == len(parts) else 0.0
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))


def _scale(centibels: int | None) -> float:
    return 0.0 if centibels is None else round(9 - centibels / 100, 2)


def _joint(centibels: list[int]) -> float:
    """Several words in a row: 1/f = 1/f1 + 1/f2 ..., as wordfreq has it."""
    frequency = 1 / sum(10 ** (c / 100) for c in centibels)
    frequency = round(frequency, math.floor(-math.log10(frequency)) + 3)
    return max(0.0, round(math.log10(frequency) + 9, 2))


class _Ranks:
    """The words of a list with their frequency in negative centibels: sorted hashes of the words beside the centibels,
    shape (2, words). A dictionary of them takes 45 MB and a sixth of a second of every run.

    Two of 10**6 words share a hash in less than one of 10**7 lists.
    """

    def __init__(self, rows: NDArray[np.uint64]) -> None:
        self._keys, self._centibels = rows

    def get(self, word: str) -> int | None:
        """The centibels of a word, None when the list lacks it."""
        key = _hash(word)
        at = int(np.searchsorted(self._keys, key))
        return int(self._centibels[at]) if at < len(self._keys) and self._keys[at] == key else None


def _hash(word: str) -> np.uint64:
    return np.uint64(int.from_bytes(_digest(word), "little"))


def _digest(word: str) -> bytes:
    return blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()


@cache
def _ranks(lang: str) -> _Ranks:
    """A list from the cache folder, named after its language and checksum; made there when it is not.

    Raises: TermError when the list is missing or damaged.
    """
    found = find_spec("wordfreq")
    path = Path(found.origin or "").parent / "data" / f"large_{lang}.msgpack.gz" if found else Path("wordfreq")
    try:
        packed = path.read_bytes()
        cached = load_settings().cache / f"zipf-{lang}-{packed[-8:].hex()}.npy"  # gzip ends with checksum and size
        with suppress(OSError, ValueError, EOFError):
            return _Ranks(np.load(cached, mmap_mode="r", allow_pickle=False))
        rows = _read_list(packed)
    except (OSError, ValueError, EOFError) as error:
        raise TermError(f"{path}: the word list cannot be read ({error}); install the package again") from error
    _keep(cached, rows)
    return _Ranks(rows)


def _read_list(packed: bytes) -> NDArray[np.uint64]:
    """The rows of `_Ranks`. Source: wordfreq's cBpack format, a msgpack list of a header and the words of 0, -1, -2 ...
    centibels."""
    header, *buckets = msgpack.unpackb(gzip.decompress(packed))
    if header != {"format": "cB", "version": 1}:
        raise ValueError("not a word list of wordfreq 3")
    keys = np.frombuffer(b"".join([_digest(word) for bucket in buckets for word in bucket]), "<u8").astype(np.uint64)
    centibels = np.repeat(np.arange(len(buckets), dtype=np.uint64), [len(bucket) for bucket in buckets])
    order = np.argsort(keys, kind="stable")
    return np.stack([keys[order], centibels[order]])


def _keep(path: Path, rows: NDArray[np.uint64]) -> None:
    """Write a list beside and rename it; without a writable folder it is read anew every time."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as stream:
            np.save(stream, rows, allow_pickle=False)
        draft.replace(path)
