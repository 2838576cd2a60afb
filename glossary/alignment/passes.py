"""From two lists of sentences to a path of beads: evidence, corridor, first pass, what it teaches, second pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from glossary.alignment.corridor import Vectors, Windows, corridor
from glossary.alignment.features import (
    NULL_NAMES,
    TYPES,
    Block,
    BlockFeatures,
    Evidence,
    blocks_of,
    random_similarity,
)
from glossary.alignment.lattice import NOTHING, Lattice, Path, best_path
from glossary.alignment.marks import marks_of
from glossary.alignment.model import NEUTRAL_RATE, Model
from glossary.alignment.tokens import Texts, TokenPair, TokenSide, read_tokens
from glossary.alignment.vocabulary import similar_words
from glossary.embedding import Encoder
from glossary.lexicon import Cedict, PairLexicon

Array = NDArray[np.float32]

START_RATE = 0.04  # null share assumed in the first round of the first pass
MOST_ROUNDS = 6  # of estimating the null share; it settles in two or three
SECOND_MARGIN = 7  # boundaries to either side of the first path that the second pass looks at
LEAST_LIKELIHOOD_RATIO = 10.0  # of an induced word pair, with
LEAST_DICE = 0.4  # this much overlap (ALIGNMENT.md 7)
INDUCED_STRENGTH = 0.9
LEAST_INDUCED_WEIGHT = 0.1  # of the words of such a pair: the commonest have nothing to add
UNRELATED = 0.85  # median distance, random sentences being 1: dev texts have .3 to .6, texts of other books .95
HASHED = 512  # dimensions of word vectors: enough that random signs of a sentence's words hardly collide


@dataclass(frozen=True)
class TextPair:
    """Two texts ready for alignment; the first is the Chinese one if there is one."""

    source: Sequence[str]
    target: Sequence[str]
    languages: tuple[str, str]
    tokens: Texts | None
    similar: Mapping[tuple[str, str], float]  # word pairs the encoder knows, where there is no dictionary
    evidence: Evidence


def read_pair(
    source: Sequence[str], target: Sequence[str], languages: tuple[str, str], *,
    encoder: Encoder, lexicon: Cedict | None, use_words: bool, extra: Sequence[PairLexicon] = (),
) -> TextPair:  # fmt: skip
    """Everything about two texts that does not depend on where their sentences go."""
    marks = (marks_of(source), marks_of(target))
    spans = (encoder.spans(source), encoder.spans(target)) if encoder.dimension else None
    tokens = read_tokens(source, target, languages, lexicon=lexicon, extra=extra) if use_words else None
    similar = similar_words(tokens, encoder) if tokens and lexicon is None else {}
    ratio = float(marks[1].length.sum() / marks[0].length.sum())
    none = np.zeros(0, np.float32)
    evidence = Evidence(
        marks=marks,
        spans=spans,
        random=random_similarity(spans) if spans else (none, none),
        words=tokens.link(similar) if tokens else None,
        ratio=ratio,
    )
    return TextPair(source, target, languages, tokens, similar, evidence)


def first_windows(pair: TextPair) -> Windows:
    """The corridor of the first pass."""
    e = pair.evidence

    def sentences(size: int, n: int, m: int) -> tuple[Vectors, Vectors]:
        if e.spans is not None:
            return tuple(  # type: ignore[return-value]
                _grouped(spans.vectors(1, 0, len(spans)), size) for spans in e.spans
            )
        assert e.words is not None
        return word_vectors(e.words, size)

    return corridor(e.n, e.m, sentences if e.spans is not None or e.words is not None else None)


def _grouped(vectors: Vectors, size: int) -> Vectors:
    if size == 1:
        return vectors
    return _unit(np.add.reduceat(vectors, np.arange(0, len(vectors), size), axis=0))


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def word_vectors(pair: TokenPair, size: int) -> tuple[Vectors, Vectors]:
    """Sentences as vectors of the other text's word types, hashed to random signs: similarity without an encoder."""
    generator = np.random.default_rng(HASHED)
    base = generator.choice(np.array([-1.0, 1.0], np.float32), (len(pair.target.names), HASHED))
    base *= pair.target.weights[:, None]
    own = np.zeros((len(pair.source.names), HASHED), np.float32)
    for at, linked in pair.links.items():
        strengths = np.fromiter(linked.values(), np.float32, len(linked))
        own[at] = strengths @ base[list(linked)] / np.sqrt(len(linked)) * pair.source.weights[at]
    return _grouped(_summed(pair.source, own), size), _grouped(_summed(pair.target, base), size)


def _summed(side: TokenSide, vectors: Vectors) -> Vectors:
    """The unit vector of each sentence: the sum over its types."""
    out = np.zeros((len(side.starts) - 1, vectors.shape[1]), np.float32)
    filled = np.flatnonzero(np.diff(side.starts))
    if len(filled):
        out[filled] = np.add.reduceat(vectors[side.types], side.starts[filled], axis=0)
    return _unit(out)


@dataclass(frozen=True)
class Scored:
    """All scores of a pass but those of the nulls, which depend on the estimated rate."""

    beads: list[Array]  # per source boundary: (types, width + 1)
    lefts: NDArray[np.int64]
    rights: NDArray[np.int64]
    nulls: tuple[Array, Array]  # per side (len(NULL_NAMES), n), log_rate left 0


def score_beads(evidence: Evidence, windows: Windows, model: Model, priors: Mapping[tuple[int, int], float]) -> Scored:
    """Scores of every bead in the corridor, block by block."""
    n, m = evidence.n, evidence.m
    beads: list[Array] = []
    lefts, rights = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    best = Best(n, m)
    for block, features in feature_blocks(evidence, windows, best):
        scores = np.full((len(TYPES), block.bottom - block.top, block.right - block.left + 1), NOTHING, np.float32)
        for k, (a, b) in enumerate(TYPES):
            rows, columns = min(block.bottom, n - a + 1) - block.top, min(block.right, m - b + 1) - block.left
            if rows > 0 and columns > 0:
                scored = model.score(features.of(a, b, priors.get((a, b), 0.0)))
                scores[k, :rows, :columns] = scored[:rows, :columns]
        beads.extend(scores.transpose(1, 0, 2))
        lefts[block.top : block.bottom + 1] = block.left
        rights[block.top : block.bottom + 1] = block.right
    beads.append(np.full((len(TYPES), int(rights[n] - lefts[n]) + 1), NOTHING, np.float32))
    return Scored(beads, lefts, rights, best.features(evidence))


class Best:
    """The best match of every sentence anywhere in the corridor."""

    def __init__(self, n: int, m: int) -> None:
        self.similarity = (np.zeros(n, np.float32), np.zeros(m, np.float32))
        self.share = (np.zeros(n, np.float32), np.zeros(m, np.float32))

    def add(self, block: Block, features: BlockFeatures) -> None:
        """Take a block into account."""
        _keep_best(self.share, block, features.best_share)

    def add_similarity(self, block: Block, seen: Array) -> None:
        """Take the cosines of a block's sentences into account."""
        _keep_best(self.similarity, block, seen)

    def features(self, evidence: Evidence) -> tuple[Array, Array]:
        """The null features of both sides, (len(NULL_NAMES), n) each, log_rate 0."""
        out = []
        for side, marks in enumerate(evidence.marks):
            length = np.log(marks.length * (evidence.ratio if side == 0 else 1.0))
            columns = {
                "bias": np.ones_like(length), "best_similarity": self.similarity[side], "best_share": self.share[side],
                "length": length, "short": (length < np.log(15)).astype(np.float32), "log_rate": np.zeros_like(length),
                "best_rate": np.zeros_like(length), "opens": marks.opens.astype(np.float32),
                "closes": marks.closes.astype(np.float32),
            }  # fmt: skip
            out.append(np.stack([columns[name] for name in NULL_NAMES]).astype(np.float32))
        return out[0], out[1]


def _keep_best(kept: tuple[Array, Array], block: Block, seen: Array) -> None:
    kept[0][block.top : block.bottom] = seen.max(axis=1)
    columns = kept[1][block.left : block.right]
    np.maximum(columns, seen.max(axis=0), out=columns)


def feature_blocks(evidence: Evidence, windows: Windows, best: Best) -> Iterator[tuple[Block, BlockFeatures]]:
    """Blocks of the corridor with their features, top to bottom."""
    blocks = blocks_of(windows)
    if evidence.spans is not None:
        for block in blocks:
            own = evidence.spans[0].vectors(1, block.top, block.bottom)
            best.add_similarity(block, own @ evidence.spans[1].vectors(1, block.left, block.right).T)
    for block in blocks:
        features = BlockFeatures(evidence, block, best.similarity)
        best.add(block, features)
        yield block, features


def with_rate(nulls: Array, rate: float) -> Array:
    """Null features of a side with the document's null share filled in."""
    out = nulls.copy()
    log_rate = float(np.log(max(rate, 0.002) / NEUTRAL_RATE))
    out[NULL_NAMES.index("log_rate")] = log_rate
    out[NULL_NAMES.index("best_rate")] = log_rate * out[NULL_NAMES.index("best_similarity")]
    return out


def lattice_of(scored: Scored, model: Model, rates: tuple[float, float]) -> Lattice:
    """The lattice for given null shares of the two sides."""
    opens = tuple(float(value) for value in model.open_scores)
    return Lattice(
        TYPES, scored.beads, scored.lefts, scored.rights,
        model.score_null(0, with_rate(scored.nulls[0], rates[0])),
        model.score_null(1, with_rate(scored.nulls[1], rates[1])),
        (opens[0], opens[1], opens[2]),
    )  # fmt: skip


def null_rates(path: Path, n: int, m: int) -> tuple[float, float]:
    """Share of the sentences of each side that stand alone, smoothed by one in fifty."""
    source = sum(pair == (1, 0) for pair in path)
    target = sum(pair == (0, 1) for pair in path)
    return (source + 0.02) / (n + 1), (target + 0.02) / (m + 1)


def settle(scored: Scored, model: Model, n: int, m: int) -> tuple[Path, tuple[float, float]]:
    """The best path, with the null shares it was found with agreeing with the null shares it has."""
    rates = (START_RATE, START_RATE)
    path: Path = []
    for _ in range(MOST_ROUNDS):
        path, _ = best_path(lattice_of(scored, model, rates))
        found = null_rates(path, n, m)
        if all(abs(np.log(new / old)) < 0.05 for new, old in zip(found, rates, strict=True)):
            break
        rates = found
    return path, rates


def bead_priors(path: Path) -> dict[tuple[int, int], float]:
    """Log share of each bead type in the first path against its share in an even mixture, smoothed."""
    counts = Counter(pair for pair in path if pair[0] and pair[1])
    total = sum(counts.values()) + 20.0
    usual = {(1, 1): 0.75, (1, 2): 0.08, (2, 1): 0.08}
    return {
        pair: float(np.log((counts[pair] + 20 * usual.get(pair, 0.005)) / total / usual.get(pair, 0.005)))
        for pair in TYPES
    }


def windows_around(path: Path, n: int, m: int, margin: int = SECOND_MARGIN) -> Windows:
    """A corridor of `margin` sentences to either side of a path."""
    low, high = np.full(n + 1, m, np.int64), np.zeros(n + 1, np.int64)
    i = j = 0
    for a, b in path:
        for row in range(i, i + a + 1):
            low[row] = min(low[row], j)
            high[row] = max(high[row], j + b)
        i, j = i + a, j + b
    if not path:
        low[:], high[:] = 0, m
    left = np.array([low[max(0, r - margin) : r + margin + 1].min() for r in range(n)], np.int64)
    right = np.array([high[max(0, r - margin) : r + margin + 2].max() for r in range(n)], np.int64)
    return np.stack([np.maximum(left - 2, 0), np.minimum(right + 2, m)], axis=1)


def induced_pairs(tokens: Texts, words: TokenPair, path: Path) -> dict[tuple[str, str], float]:
    """Token pairs that the beads of a path tie together: log-likelihood ratio and Dice over a threshold.

    Source: Dunning 1993 for the ratio.
    """
    telling = tuple(_telling(side) for side in (words.source, words.target))
    joint: Counter[tuple[str, str]] = Counter()
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    i = j = total = 0
    for a, b in path:
        if a and b and a + b <= 4:
            own = telling[0].intersection(t for k in range(i, i + a) for t in tokens.source[k])
            other = telling[1].intersection(t for k in range(j, j + b) for t in tokens.target[k])
            first.update(own)
            second.update(other)
            joint.update((x, y) for x in own for y in other)
            total += 1
        i, j = i + a, j + b
    out = {}
    for (x, y), both in joint.items():
        dice = 2 * both / (first[x] + second[y])
        if (
            both >= 2
            and dice > LEAST_DICE
            and _likelihood_ratio(both, first[x], second[y], total) > LEAST_LIKELIHOOD_RATIO
        ):
            out[x, y] = INDUCED_STRENGTH
    return out


def _telling(side: TokenSide) -> frozenset[str]:
    """The words worth inducing: they occur twice or more, and are not so common that a match says nothing."""
    counts = np.bincount(side.types, minlength=len(side.names))
    keep = np.flatnonzero((counts >= 2) & (side.weights >= LEAST_INDUCED_WEIGHT))
    return frozenset(side.names[k] for k in keep)


def _likelihood_ratio(both: int, x: int, y: int, total: int) -> float:
    def term(k: float, expected: float) -> float:
        return k * float(np.log(k / expected)) if k > 0 else 0.0

    cells = (
        (both, x, y),
        (x - both, x, total - y),
        (y - both, total - x, y),
        (total - x - y + both, total - x, total - y),
    )
    return 2 * sum(term(k, max(row * column / total, 1e-9)) for k, row, column in cells)


def unrelated(evidence: Evidence, path: Path) -> bool:
    """True when a path's beads are no more alike than sentences taken at random: the texts are no translations.

    Limits: needs an encoder and two beads; judges the texts as a whole.
    """
    if evidence.spans is None:
        return False
    distances = []
    i = j = 0
    for a, b in path:
        if a and b:
            own, other = evidence.spans[0].vectors(a, i, i + 1)[0], evidence.spans[1].vectors(b, j, j + 1)[0]
            random = (evidence.random[0][a] + evidence.random[1][b]) / 2
            distances.append(float((1 - own @ other) / max(1 - random, 0.1)))
        i, j = i + a, j + b
    return len(distances) > 1 and float(np.median(distances)) > UNRELATED


def second_pair(pair: TextPair, path: Path) -> TextPair:
    """The pair with the lexicon that the first path induces."""
    if pair.tokens is None:
        return pair
    assert pair.evidence.words is not None
    induced = induced_pairs(pair.tokens, pair.evidence.words, path)
    words = pair.tokens.link({**pair.similar, **induced})
    return replace(pair, evidence=replace(pair.evidence, words=words))
