"""Which Chinese characters a word stands for, in every bead of one document: the evidence all pairing rests on.

The table's probabilities are a prior; four rounds of expectation maximisation over the document's own beads adapt them,
so that a word the table has never seen is found where its bead mates leave room. Every lattice token then spreads its
probability over the characters it covers.

Source: IBM Model 1 with a Dirichlet prior (MAP EM); TERMS.md, recipe 3 and 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glossary.terms.table import TranslationTable
from glossary.terms.tokens import Word, lattice

PRIOR_WEIGHT = 8.0
ITERATIONS = 4
LENGTH_POWER = 1.5
"""Source of the three: TERMS.md, recipe 3 and 4."""

DICE_FLOOR = 0.02
"""What plain co-occurrence within the document may add to a pair the table does not know; set by hand, not tuned."""

NULL_PROBABILITY = 1e-4
KNOWN_NULL = 0.01
"""What having no partner weighs against a word's candidates: little while the document is searched (.003 cost 2 points
of Acc@1 on ethereum-dev), more where only the table's knowledge counts."""

ANCHOR_LEFT = 0.05
"""What an anchor leaves of other evidence for its words and characters; set by hand."""

NULL_MASS = 0.05
"""Mass per character that belongs to no word; keeps a character nobody explains from counting as explained."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BeadText:
    """What pairing sees of one bead: English words, folded Chinese text."""

    words: tuple[Word, ...]
    folded: str


@dataclass(frozen=True, slots=True)
class Posteriors:
    """mass[i, c]: how much character c of the folded Chinese is explained by word i, shape (words, characters), 0..1.

    `share` is mass divided by the column sum plus NULL_MASS. `known` is the share the table alone gives, before the
    document was looked at.
    """

    mass: Floats
    share: Floats
    known: Floats


def posteriors(
    beads: Sequence[BeadText], table: TranslationTable, is_word: Callable[[str], bool]
) -> tuple[Posteriors, ...]:
    """Word-to-character evidence for every bead of a document. Memory linear in the number of beads."""
    lattices = [lattice(b.folded, is_word) for b in beads]
    stem_ids: dict[str, int] = {}
    token_ids: dict[str, int] = {}
    rows = [
        (
            _ids((s for w in bead.words for s in w.stems), stem_ids),
            _ids((bead.folded[a:b] for a, b in spans), token_ids),
        )
        for bead, spans in zip(beads, lattices, strict=True)
    ]
    model = _adapt(rows, list(stem_ids), list(token_ids), table)
    return tuple(
        _spread(bead, spans, joint, known, en, stem_ids)
        for bead, spans, (joint, known, en) in zip(beads, lattices, model, strict=True)
    )


def _ids(names: Iterable[str], ids: dict[str, int]) -> Ints:
    return np.array([ids.setdefault(n, len(ids)) for n in names], dtype=np.int64)


def _adapt(
    rows: list[tuple[Ints, Ints]], stems: list[str], tokens: list[str], table: TranslationTable
) -> list[tuple[Floats, Floats, Ints]]:
    """Per bead: joint posteriors, shape (unique stems, lattice tokens), the table's own, the bead's unique stems."""
    n_zh = len(tokens) or 1
    beads = [(np.unique(e), z) for e, z in rows]
    keys = [(e[:, None] * n_zh + z[None, :]) for e, z in beads]
    flat = np.concatenate([k.ravel() for k in keys]) if keys else np.zeros(0, dtype=np.int64)
    unique, pair = np.unique(flat, return_inverse=True)
    prior_f, prior_b = _priors(unique, n_zh, stems, tokens, table)
    u_en, u_zh = unique // n_zh, unique % n_zh
    cooc = np.bincount(pair, minlength=len(unique)).astype(float)
    dice = 2 * cooc / (np.bincount(u_en, cooc, len(stems))[u_en] + np.bincount(u_zh, cooc, n_zh)[u_zh])
    f, b = prior_f + DICE_FLOOR * dice, prior_b + DICE_FLOOR * dice
    splits = np.cumsum([k.size for k in keys])[:-1]
    parts = list(zip(np.split(pair, splits), keys, strict=True))
    known = [_joint(prior_f[p].reshape(k.shape), prior_b[p].reshape(k.shape), KNOWN_NULL) for p, k in parts]
    joints: list[Floats] = []
    for _ in range(ITERATIONS):
        joints = [_joint(f[p].reshape(k.shape), b[p].reshape(k.shape), NULL_PROBABILITY) for p, k in parts]
        count = np.bincount(pair, np.concatenate([j.ravel() for j in joints]), len(unique)) if keys else flat
        f = (PRIOR_WEIGHT * prior_f + count) / (PRIOR_WEIGHT + np.bincount(u_en, count, len(stems))[u_en])
        b = (PRIOR_WEIGHT * prior_b + count) / (PRIOR_WEIGHT + np.bincount(u_zh, count, n_zh)[u_zh])
    return list(zip(joints, known, [e for e, _ in beads], strict=True))


def _joint(f: Floats, b: Floats, null: float) -> Floats:
    """Agreement of both directions within a bead, shape as given, 0..1."""
    pf = f / (f.sum(axis=0, keepdims=True) + null)
    pb = b / (b.sum(axis=1, keepdims=True) + null)
    joint: Floats = np.sqrt(pf * pb) * np.maximum(pf, pb)
    return joint


def _priors(
    unique: Ints, n_zh: int, stems: list[str], tokens: list[str], table: TranslationTable
) -> tuple[Floats, Floats]:
    f, b = np.zeros(len(unique)), np.zeros(len(unique))
    en, zh, forward, backward = table.block(stems, tokens)
    key = en * n_zh + zh
    at = np.searchsorted(unique, key)
    found = (at < len(unique)) & (unique[np.minimum(at, len(unique) - 1)] == key) if len(unique) else key < 0
    f[at[found]], b[at[found]] = forward[found], backward[found]
    same = {t: i for i, t in enumerate(tokens)}
    for i, s in enumerate(stems):
        if s in same:
            k = np.searchsorted(unique, i * n_zh + same[s])
            if k < len(unique) and unique[k] == i * n_zh + same[s]:
                f[k] = b[k] = 1.0
    return f, b


def _spread(
    bead: BeadText, spans: Sequence[tuple[int, int]], joint: Floats, known: Floats, en: Ints, stem_ids: dict[str, int]
) -> Posteriors:
    """Token posteriors spread over characters, then gathered by word."""
    chars = len(bead.folded)
    if not spans or not bead.words:
        zero = np.zeros((len(bead.words), chars))
        return Posteriors(zero, zero, zero)
    weight = np.array([(b - a) ** LENGTH_POWER for a, b in spans])
    cover = np.zeros((len(spans), chars))
    for k, (a, b) in enumerate(spans):
        cover[k, a:b] = weight[k]
    cover /= np.maximum(cover.sum(axis=0), 1e-9)
    row = {int(e): i for i, e in enumerate(en)}
    pick = [[row[stem_ids[s]] for s in w.stems] for w in bead.words]
    mass, table = (np.array([by_stem[p].max(axis=0) for p in pick]) for by_stem in (joint @ cover, known @ cover))
    return Posteriors(mass, shares(mass), shares(table))


def shares(mass: Floats) -> Floats:
    """Mass as a share of what explains a character, the null included."""
    share: Floats = mass / (mass.sum(axis=0) + NULL_MASS)
    return share


def anchored(found: Posteriors, anchors: Sequence[tuple[int, int, int, int]]) -> Posteriors:
    """Posteriors with words [first, last) tied to characters [start, end): names spelt in pinyin."""
    mass = found.mass.copy()
    for first, last, start, end in anchors:
        mass[:, start:end] *= ANCHOR_LEFT
        mass[first:last] *= ANCHOR_LEFT
        mass[first:last, start:end] = 1.0
    return Posteriors(mass, shares(mass), found.known) if anchors else found
