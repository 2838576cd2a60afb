"""What every encoder is, the two simplest ones, and how text is prepared for all of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from glossary.language import has_han, to_simplified

Matrix = NDArray[np.float32]

MAX_CHARACTERS = 2000  # of a text are read: 4x the longest sentence of the dev corpora, and 0.1 s of work


class SpanVectors(Protocol):
    """The vectors of all spans of consecutive sentences of one document."""

    def __len__(self) -> int:
        """Number of sentences."""
        ...

    def vectors(self, size: int, start: int, stop: int) -> Matrix:
        """Unit vectors (stop - start, dimension) of the spans [k, k + size) for k in start..stop-1.

        A span that would pass the end of the document gets a zero vector.
        """
        ...


class Encoder(Protocol):
    """Turns text of any supported language into unit vectors whose dot product is a similarity."""

    name: str
    dimension: int  # 0: this is no encoder, vectors are empty
    signature: str  # name and hash of the weights

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors (n, dimension), one per text; an empty text gets the vector of no words."""
        ...

    def spans(self, texts: Sequence[str]) -> SpanVectors:
        """All spans of the document whose sentences are `texts`."""
        ...


class NoEncoder:
    """No vectors at all: aligners fall back on dictionary, lengths and marks."""

    name = "none"
    dimension = 0
    signature = "none"

    def encode(self, texts: Sequence[str]) -> Matrix:
        """An (n, 0) matrix."""
        return np.zeros((len(texts), 0), np.float32)

    def spans(self, texts: Sequence[str]) -> SpanVectors:
        """Spans with empty vectors."""
        return JoinedSpans(self, texts)


class JoinedSpans:
    """Spans for any encoder, by encoding the joined text of every span asked for: honest and slow."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self._encoder = encoder
        self._texts = [prepare(text) for text in texts]

    def __len__(self) -> int:
        return len(self._texts)

    def vectors(self, size: int, start: int, stop: int) -> Matrix:
        """See SpanVectors."""
        out = np.zeros((stop - start, self._encoder.dimension), np.float32)
        last = min(stop, len(self._texts) - size + 1)
        if last > start and self._encoder.dimension:
            joined = [" ".join(self._texts[k : k + size]) for k in range(start, last)]
            out[: last - start] = self._encoder.encode(joined)
        return out


def prepare(text: str) -> str:
    r"""Text as the encoders see it: NFKC, Simplified, at most MAX_CHARACTERS, no lone surrogates.

    >>> prepare("ＢaaS 區塊鏈"), prepare("It’s \ud800 here")
    ('BaaS 区块链', 'It’s ? here')
    """
    text = text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFKC", text)
    return to_simplified(text) if has_han(text) else text
