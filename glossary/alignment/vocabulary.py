"""Word pairs for languages without a dictionary: words of two texts that are each other's nearest in the encoder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from glossary.alignment.tokens import Texts
from glossary.embedding import Encoder

MOST_WORDS = 4000  # of each text, the most frequent ones: bounds the work for a long text
LEAST_SIMILARITY = 0.5  # of two words that may translate each other
LEAST_STRENGTH = 0.4
SHORTEST_WORD = 4  # letters; shorter words are mostly particles


def similar_words(tokens: Texts, encoder: Encoder) -> dict[tuple[str, str], float]:
    """Word pairs with a strength in 0..1: mutual nearest neighbours among the words of the two texts.

    Complexity: one vector a word, and MOST_WORDS squared products at most.
    """
    source, target = _words(tokens.source), _words(tokens.target)
    if not source or not target or not encoder.dimension:
        return {}
    similarity = encoder.encode(source) @ encoder.encode(target).T
    forth, back = similarity.argmax(axis=1), similarity.argmax(axis=0)
    out = {}
    for at, other in enumerate(forth.tolist()):
        strength = _strength(float(similarity[at, other]))
        if back[other] == at and strength > 0:
            out[source[at], target[other]] = strength
    return out


def _strength(similarity: float) -> float:
    """From LEAST_STRENGTH at the least similarity that counts to 1 at .8."""
    if similarity < LEAST_SIMILARITY:
        return 0.0
    return min(1.0, LEAST_STRENGTH + 2 * (similarity - LEAST_SIMILARITY))


def _words(lists: Sequence[Sequence[str]]) -> list[str]:
    counts = Counter(word for tokens in lists for word in tokens if len(word) >= SHORTEST_WORD and word.isalpha())
    return [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_WORDS]]
