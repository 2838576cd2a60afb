"""What the encoder knows of a pair: how alike its sides are, and how much each means what terms mean.

The second is one learnt direction a side in the encoder's space: *smart contract* lies towards it, *next step* away.
`meaning_training` learns the two; Source of the vectors: `glossary.embedding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.embedding import load_encoder

if TYPE_CHECKING:
    from glossary.terms.pairs import Pair

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

ENCODER = "use"
"""The encoder the directions were learnt with."""

MEANING_FEATURES = ("alike", "source_meaning", "target_meaning")


class PairVectors(NamedTuple):
    """Unit vectors of the two sides of pairs, each of shape (pairs, dimension)."""

    source: Vectors
    target: Vectors


@dataclass(frozen=True, slots=True)
class Meaning:
    """A direction a side, shape (dimension + 1,), the last one a constant; and the usual features, shape (3,)."""

    source: Floats
    target: Floats
    usual: Floats

    def __call__(self, vectors: PairVectors) -> Floats:
        """One row a pair, one column a name of MEANING_FEATURES."""
        alike = (vectors.source * vectors.target).sum(axis=1)
        towards = (v @ w[:-1] + w[-1] for v, w in zip(vectors, (self.source, self.target), strict=True))
        return np.stack([alike, *towards], axis=1).astype(np.float64)


def pair_vectors(pairs: Sequence[Pair]) -> PairVectors:
    """The vectors of the pairs' English and Chinese; every distinct text is encoded once."""
    return PairVectors(_encoded([p.unit.form for p in pairs]), _encoded([p.span for p in pairs]))


def _encoded(texts: Sequence[str]) -> Vectors:
    place = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    return load_encoder(ENCODER).encode(list(place))[[place[text] for text in texts]]
