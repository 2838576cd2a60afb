"""The encoder `use`: texts to tokens, sentences to sums, spans to vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from glossary.config import load_settings
from glossary.embedding.base import Matrix, SpanVectors, prepare
from glossary.embedding.weights import DIMENSION, Sums, Weights, load_weights, one_blas_thread

TOKENS_PER_TABLE = 16_384  # tokens that share one table of distinct tokens: 60 MB of scratch at most
TILE = 128  # spans of one size that are computed together
TILES = 256  # tiles kept: all of a text of 4,500 sentences, a window of a longer one
WORDS_KEPT = 200_000  # tokenized words remembered by a process: 20 MB


class UseEncoder:
    """USE multilingual v3 in numpy; see the module. `load_encoder("use")` keeps one per process."""

    name = "use"
    dimension = DIMENSION

    def __init__(self, cache_dir: Path | None = None) -> None:
        self._weights = load_weights(load_settings().cache if cache_dir is None else cache_dir)
        self._words: dict[str, list[int]] = {}
        self.signature = f"use-{self._weights.key}"

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors (n, 512) float32, equal to the package's own to 1e-5."""
        with one_blas_thread():
            sums = self._sums(texts, marks=False)
            return self._weights.head(sums.total, sums.length)

    def spans(self, texts: Sequence[str]) -> SpanVectors:
        """All spans, from one pass; keeps about 3 kB a sentence."""
        with one_blas_thread():
            return UseSpans(self._weights, self._sums(texts, marks=True))

    def _sums(self, texts: Sequence[str], *, marks: bool) -> Sums:
        sums = Sums(len(texts), marks=marks)
        group: list[list[int]] = []
        first = tokens = 0
        for at, text in enumerate(texts):
            group.append(self._tokens(prepare(text)))
            tokens += len(group[-1])
            if tokens >= TOKENS_PER_TABLE:
                self._weights.add(group, sums, first)
                group, first, tokens = [], at + 1, 0
        if group:
            self._weights.add(group, sums, first)
        return sums

    def _tokens(self, text: str) -> list[int]:
        """Piece ids with begin and end marks. No piece crosses a space, so words are looked up one by one and kept."""
        tokenizer, known = self._weights.tokenizer, self._words
        if len(known) > WORDS_KEPT:
            known.clear()
        ids = [1]
        for word in tokenizer._normalizer.normalize(text).split("\u2581"):
            if word:
                pieces = known.get(word)
                if pieces is None:
                    pieces = tokenizer._viterbi("\u2581" + word)
                    if len(word) < 20:
                        known[word] = pieces
                ids += pieces
        return [*ids, 2] if len(ids) > 1 else [1, 0, 2]


class UseSpans:
    """SpanVectors of UseEncoder. Keeps the TILES last used tiles of vectors: 68 MB at most."""

    def __init__(self, weights: Weights, sums: Sums) -> None:
        self._weights = weights
        self._sums = sums
        self._tiles: dict[tuple[int, int], Matrix] = {}

    def __len__(self) -> int:
        return len(self._sums.length)

    def vectors(self, size: int, start: int, stop: int) -> Matrix:
        """See SpanVectors."""
        out = np.zeros((stop - start, DIMENSION), np.float32)
        last = min(stop, len(self) - size + 1)
        for number in range(start // TILE, -(-last // TILE)):
            tile = self._tile(size, number)
            low, high = max(start, number * TILE), min(last, (number + 1) * TILE)
            if high > low:
                out[low - start : high - start] = tile[low - number * TILE : high - number * TILE]
        return out

    def _tile(self, size: int, number: int) -> Matrix:
        known = self._tiles.get((size, number))
        if known is None:
            known = self._computed(size, number * TILE, min((number + 1) * TILE, len(self) - size + 1))
            if len(self._tiles) >= TILES:
                del self._tiles[next(iter(self._tiles))]
            self._tiles[size, number] = known
        return known

    def _computed(self, size: int, start: int, stop: int) -> Matrix:
        sums = self._sums
        total, length = sums.total[start:stop].copy(), sums.length[start:stop].copy()
        for k in range(1, size):
            total += sums.total[start + k : stop + k]
            total -= sums.joint[start + k : stop + k]
            length += sums.length[start + k : stop + k] - 2
        with one_blas_thread():
            return self._weights.head(total, length)
