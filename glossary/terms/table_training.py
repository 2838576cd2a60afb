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
from glossary.terms.tokens import lattice, stem, words

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
    bare = re.sub(rf"[\u3000-\u9fff|]+", " ", bare).strip()
    return bare if 0 < len(bare.split()) <= 6 else ""


def sentence(english: str, chinese: str, weight: float, is_word: Callable[[str], bool]) -> Sentence:
    """A text pair as a training sentence."""
    folded = fold(chinese).text
    tokens = tuple(dict.fromkeys(folded[a:b] for a, b in lattice(folded, is_word)))
    return Sentence(tuple(dict.fromkeys(s for w in words(english) for s in w.stems)), tokens, weight)


def gloss_sentence(english: str, word: str, weight: float, is_word: Callable[[str], bool]) -> Sentence:
    """A dictionary gloss as a training sentence: no tagger, it is not a sentence."""
    parts = re.findall(r"[A-Za-z0-9]+(?:['.][A-Za-z0-9]+)*", english)
    folded = fold(word).text
    tokens = tuple(dict.fromkeys(folded[a:b] for a, b in lattice(folded, is_word)))
    return Sentence(tuple(dict.fromkeys(stem(p) for p in parts)), tokens, weight)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A learnt table: entry k says P(tokens[zh[k]] | stems[en[k]]) = forward[k] and the reverse = backward[k]."""

    stems: tuple[str, ...]
    tokens: tuple[str, ...]
    en: Ints
    zh: Ints
    forward: Floats
    backward: Floats


def learn(sentences: list[Sentence], is_word: Callable[[str], bool]) -> Learnt:
    """The table of a training set. Memory: about 60 bytes a (stem, token) pair of every sentence."""
    counts = Counter(t for s in sentences for t in s.tokens)
    tokens = sorted(t for t, n in counts.items() if len(t) == 1 or n >= RARE or is_word(t))
    stems_ = sorted({w for s in sentences for w in s.stems})
    token_id = {t: i for i, t in enumerate(tokens)}
    stem_id = {s: i for i, s in enumerate(stems_)}
    return _train(sentences, stems_, tokens, stem_id, token_id)


def _train(
    sentences: list[Sentence], stems_: list[str], tokens: list[str], stem_id: dict[str, int], token_id: dict[str, int]
) -> Learnt:
    en_parts, zh_parts, row_parts, weights = [], [], [], []
    null = len(stems_)
    for n, s in enumerate(sentences):
        e = np.array([stem_id[w] for w in s.stems] + [null], dtype=np.int32)
        z = np.array([token_id[t] for t in s.tokens if t in token_id] + [len(tokens)], dtype=np.int32)
        en_parts.append(np.repeat(e, len(z)))
        zh_parts.append(np.tile(z, len(e)))
        row_parts.append(np.full(len(e) * len(z), n, dtype=np.int32))
        weights.append(s.weight)
    en, zh, row = np.concatenate(en_parts), np.concatenate(zh_parts), np.concatenate(row_parts)
    weight = np.array(weights, dtype=np.float32)[row]
    del en_parts, zh_parts, row_parts
    n_en, n_zh = len(stems_) + 1, len(tokens) + 1
    key = en.astype(np.int64) * n_zh + zh
    unique, pair = np.unique(key, return_inverse=True)
    pair = pair.astype(np.int32)
    u_en, u_zh = unique // n_zh, unique % n_zh
    _, by_zh = np.unique(row.astype(np.int64) * n_zh + zh, return_inverse=True)
    _, by_en = np.unique(row.astype(np.int64) * n_en + en, return_inverse=True)
    by_zh, by_en = by_zh.astype(np.int32), by_en.astype(np.int32)
    cooc = np.bincount(pair, weights=weight)
    dice = 2 * cooc / (np.bincount(u_en, cooc, n_en)[u_en] + np.bincount(u_zh, cooc, n_zh)[u_zh])
    null_pair = (u_en == null) | (u_zh == len(tokens))
    dice[null_pair] = np.median(dice)
    f = dice / np.bincount(u_en, dice, n_en)[u_en]
    b = dice / np.bincount(u_zh, dice, n_zh)[u_zh]
    for step in range(PLAIN_ITERATIONS + AGREEMENT_ITERATIONS):
        pf = f[pair]
        pf = pf / np.bincount(by_zh, pf)[by_zh]
        pb = b[pair]
        pb = pb / np.bincount(by_en, pb)[by_en]
        if step >= PLAIN_ITERATIONS:
            joint = np.sqrt(pf * pb) * np.maximum(pf, pb)
            cf = cb = np.bincount(pair, joint * weight)
            null_f = np.bincount(pair, pf * weight)
            null_b = np.bincount(pair, pb * weight)
            cf = np.where(u_en == null, null_f, cf)
            cb = np.where(u_zh == len(tokens), null_b, cb)
        else:
            cf = np.bincount(pair, pf * weight)
            cb = np.bincount(pair, pb * weight)
        f = cf / np.maximum(np.bincount(u_en, cf, n_en)[u_en], 1e-12)
        b = cb / np.maximum(np.bincount(u_zh, cb, n_zh)[u_zh], 1e-12)
    keep = ~null_pair & (np.sqrt(f * b) >= KEPT_FLOOR)
    return Learnt(tuple(stems_), tuple(tokens), u_en[keep], u_zh[keep], f[keep], b[keep])
