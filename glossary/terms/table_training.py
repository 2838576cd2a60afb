"""Learns the translation table that ships with the package: IBM Model 1 both ways over stems and lattice tokens.

Run by `make train`; never at run time. Deterministic: the same corpora give the same bytes.

Source: Brown et al. 1993, Model 1; agreement of the two directions after Liang, Taskar and Klein 2006.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glossary.language import fold
from glossary.terms.table import TranslationTable, make_table
from glossary.terms.tokens import dictionary_words, lattice, stem, words

PLAIN_ITERATIONS = 2
AGREEMENT_ITERATIONS = 3
"""Source: TERMS.md, recipe 2."""

KEPT_FLOOR = 0.01
"""Entries whose geometric mean of both directions is lower are dropped; they only cost space."""

RARE = 3
"""A Han pair no dictionary has must be seen this often to be a token of the table. Source: TERMS.md, recipe 1."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One training pair: stems, lattice tokens, weight."""

    stems: tuple[str, ...]
    tokens: tuple[str, ...]
    weight: float


def gloss_pairs(entries: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str, float]]:
    """(English gloss, Simplified word, weight) of dictionary entries; weight .5 / sqrt(glosses of the word)."""
    for word, glosses in entries:
        kept = [g for g in (_clean_gloss(g) for g in glosses) if g]
        for gloss in kept:
            yield gloss, word, 0.5 / len(kept) ** 0.5


def _clean_gloss(gloss: str) -> str:
    """A gloss without brackets, `to `, labels; '' for cross references and explanations."""
    if re.match(r"(variant|old variant|see|used in|also written|erhua|CL:|abbr\. for|surname)\b", gloss):
        return ""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", gloss)
    bare = re.sub(r"^(to be|to|a|an|the) ", "", bare.strip())
    bare = re.sub(r"[\u3000-\u9fff|]+", " ", bare).strip()
    return bare if 0 < len(bare.split()) <= 6 else ""


def sentence(english: str, chinese: str, weight: float, is_word: Callable[[str], bool]) -> Sentence:
    """A text pair as a training sentence."""
    tokens = _tokens(fold(chinese).text, is_word)
    return Sentence(tuple(dict.fromkeys(s for w in words(english) for s in w.stems)), tokens, weight)


def gloss_sentence(english: str, word: str, weight: float, is_word: Callable[[str], bool]) -> Sentence:
    """A dictionary gloss as a training sentence: no tagger, it is not a sentence."""
    parts = re.findall(r"[A-Za-z0-9]+(?:['.][A-Za-z0-9]+)*", english)
    return Sentence(tuple(dict.fromkeys(stem(p) for p in parts)), _tokens(fold(word).text, is_word), weight)


def _tokens(folded: str, is_word: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded[a:b] for a, b in lattice(folded, dictionary_words(folded, is_word))))


def learn(sentences: list[Sentence], is_word: Callable[[str], bool]) -> TranslationTable:
    """The table of a training set. Memory: about 60 bytes a (stem, token) pair of every sentence."""
    counts = Counter(t for s in sentences for t in s.tokens)
    tokens = sorted(t for t, n in counts.items() if len(t) == 1 or n >= RARE or is_word(t))
    stems = sorted({w for s in sentences for w in s.stems})
    links = _links(sentences, stems, tokens)
    forward, backward = _estimate(links)
    keep = ~links.null & (np.sqrt(forward * backward) >= KEPT_FLOOR)
    return make_table(stems, tokens, links.en[keep], links.zh[keep], forward[keep], backward[keep])


@dataclass(frozen=True, slots=True)
class _Links:
    """Every (stem, token) pair that shares a sentence: `en`, `zh`, `null` per unique pair; per place of a pair its
    number `pair`, its sentence-and-token group `by_zh`, its sentence-and-stem group `by_en`, and its `weight`."""

    en: Ints
    zh: Ints
    null: NDArray[np.bool_]
    null_stem: NDArray[np.bool_]
    pair: NDArray[np.int32]
    by_zh: NDArray[np.int32]
    by_en: NDArray[np.int32]
    weight: NDArray[np.float32]
    sizes: tuple[int, int]


def _links(sentences: list[Sentence], stems: list[str], tokens: list[str]) -> _Links:
    stem_id = {s: i for i, s in enumerate(stems)}
    token_id = {t: i for i, t in enumerate(tokens)}
    n_en, n_zh = len(stems) + 1, len(tokens) + 1
    en_parts, zh_parts, row_parts = [], [], []
    for n, s in enumerate(sentences):
        e = np.array([*(stem_id[w] for w in s.stems), n_en - 1], dtype=np.int64)
        z = np.array([*(token_id[t] for t in s.tokens if t in token_id), n_zh - 1], dtype=np.int64)
        en_parts.append(np.repeat(e, len(z)))
        zh_parts.append(np.tile(z, len(e)))
        row_parts.append(np.full(len(e) * len(z), n, dtype=np.int64))
    en, zh, row = np.concatenate(en_parts), np.concatenate(zh_parts), np.concatenate(row_parts)
    unique, pair = np.unique(en * n_zh + zh, return_inverse=True)
    by_zh = np.unique(row * n_zh + zh, return_inverse=True)[1].astype(np.int32)
    by_en = np.unique(row * n_en + en, return_inverse=True)[1].astype(np.int32)
    weight = np.array([s.weight for s in sentences], dtype=np.float32)[row]
    u_en, u_zh = unique // n_zh, unique % n_zh
    null_stem = u_en == n_en - 1
    null = null_stem | (u_zh == n_zh - 1)
    return _Links(u_en, u_zh, null, null_stem, pair.astype(np.int32), by_zh, by_en, weight, (n_en, n_zh))


def _estimate(links: _Links) -> tuple[Floats, Floats]:
    """P(token|stem) and P(stem|token) per unique pair, by expectation maximisation from a Dice start."""
    n_en, n_zh = links.sizes

    def normalised(count: Floats) -> tuple[Floats, Floats]:
        by_stem = np.maximum(np.bincount(links.en, count, n_en), 1e-12)[links.en]
        by_token = np.maximum(np.bincount(links.zh, count, n_zh), 1e-12)[links.zh]
        return by_stem, by_token

    together = _summed(links.pair, links.weight)
    by_stem, by_token = normalised(together)
    dice = 2 * together / (by_stem + by_token)
    dice[links.null] = np.median(dice)
    by_stem, by_token = normalised(dice)
    forward, backward = dice / by_stem, dice / by_token
    for step in range(PLAIN_ITERATIONS + AGREEMENT_ITERATIONS):
        pf = forward[links.pair]
        pf = pf / np.bincount(links.by_zh, pf)[links.by_zh]
        pb = backward[links.pair]
        pb = pb / np.bincount(links.by_en, pb)[links.by_en]
        count_f = _summed(links.pair, pf * links.weight)
        count_b = _summed(links.pair, pb * links.weight)
        if step >= PLAIN_ITERATIONS:
            agreed = np.bincount(links.pair, np.sqrt(pf * pb) * np.maximum(pf, pb) * links.weight)
            null_token = links.null & ~links.null_stem
            count_f, count_b = np.where(links.null_stem, count_f, agreed), np.where(null_token, count_b, agreed)
        forward, backward = count_f / normalised(count_f)[0], count_b / normalised(count_b)[1]
    return forward, backward


def _summed(groups: NDArray[np.int32], weights: NDArray[np.floating]) -> Floats:
    """The sum of the weights of every group."""
    sums: Floats = np.bincount(groups, weights).astype(np.float64, copy=False)
    return sums
