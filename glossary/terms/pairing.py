"""Which Chinese characters a word stands for, in every bead of one document: the evidence all pairing rests on.

The table's probabilities are a prior; four rounds of expectation maximisation over the document's own beads adapt them,
so that a word the table has never seen is found where its bead mates leave room. Every lattice token then spreads its
probability over the characters it covers.

Source: IBM Model 1 with a Dirichlet prior (MAP EM); TERMS.md, recipe 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glossary.terms.table import TranslationTable
from glossary.terms.tokens import lattice

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

SLICE = 1 << 18
BLOCK = 256
"""Beads that are adapted together; bounds the memory beyond what is kept."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class BeadText:
    """What pairing sees of one bead: the stems of its English words, folded Chinese text and its `dictionary_words`."""

    stems: tuple[tuple[str, ...], ...]
    folded: str
    known: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Posteriors:
    """mass[i, c]: how much character c of the folded Chinese is explained by word i, shape (words, characters), 0..1.

    `total` is what explains a character, NULL_MASS included, shape (characters,). `parts` holds the mass of each stem
    of words with several, shape (stems, characters).
    """

    mass: Floats
    total: Floats
    parts: Mapping[int, Floats]

    def share(self, words: Sequence[int] | slice) -> Floats:
        """The mass of some words as a share of what explains each character, shape (words, characters)."""
        share: Floats = self.mass[words] / self.total
        return share


def posteriors(beads: Sequence[BeadText], table: TranslationTable) -> tuple[Posteriors, ...]:
    """Word-to-character evidence for every bead of a document. Memory linear in the number of beads."""
    own = _prepared(beads, table)
    adapted = _adapt(own.blocks, own.unique, own.prior, own.sizes)
    made: list[Posteriors] = []
    for block in own.blocks:
        for at, joint in zip(block.beads, block.joints(*adapted, NULL_PROBABILITY), strict=True):
            made.append(_spread(beads[at], own.lattices[at], joint))
    return tuple(made)


def known_shares(bead: BeadText, table: TranslationTable) -> Floats:
    """The share of each character that each word explains by the table alone, shape (words, characters)."""
    own = _prepared([bead], table)
    (joint,) = own.blocks[0].joints(*own.prior, KNOWN_NULL)
    return _spread(bead, own.lattices[0], joint).share(slice(None))


class _Prepared(NamedTuple):
    """Beads before they are adapted: the lattice of each, every pair of a stem and a token that share a bead, what the
    table says of it, and how many stems and tokens there are."""

    lattices: Sequence[Sequence[tuple[int, int]]]
    blocks: Sequence[_Block]
    unique: Ints
    prior: tuple[Floats, Floats]
    sizes: tuple[int, int]


def _prepared(beads: Sequence[BeadText], table: TranslationTable) -> _Prepared:
    stem_ids: dict[str, int] = {}
    token_ids: dict[str, int] = {}
    lattices = [lattice(bead.folded, bead.known) for bead in beads]
    stems = [_ids(_distinct(bead), stem_ids) for bead in beads]
    cut = ((bead.folded[a:b] for a, b in spans) for bead, spans in zip(beads, lattices, strict=True))
    tokens = [_ids(own, token_ids) for own in cut]
    sizes = len(stem_ids), len(token_ids) or 1
    blocks, unique = _blocks(stems, tokens, sizes[1])
    return _Prepared(lattices, blocks, unique, _priors(unique, list(stem_ids), list(token_ids), table), sizes)


def _distinct(bead: BeadText) -> dict[str, int]:
    """The stems of a bead, each with its row."""
    return {stem: row for row, stem in enumerate(dict.fromkeys(s for stems in bead.stems for s in stems))}


def _ids(names: Iterable[str], ids: dict[str, int]) -> Ints:
    return np.array([ids.setdefault(n, len(ids)) for n in names], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Block:
    """Some beads: per place of a (stem, token) pair its number among the block's pairs, and those pairs' numbers among
    all; the places of bead i come after those of the beads before it, shape `shapes[i]` (stems, tokens)."""

    beads: range
    shapes: tuple[tuple[int, int], ...]
    places: Numbers
    pairs: Numbers

    def joints(self, forward: Floats, backward: Floats, null: float) -> list[Floats]:
        """Agreement of both directions within each bead, 0..1."""
        f, b = forward[self.pairs][self.places], backward[self.pairs][self.places]
        made, at = [], 0
        for shape in self.shapes:
            size = shape[0] * shape[1]
            made.append(_joint(f[at : at + size].reshape(shape), b[at : at + size].reshape(shape), null))
            at += size
        return made


def _blocks(stems: Sequence[Ints], tokens: Sequence[Ints], n_zh: int) -> tuple[list[_Block], Ints]:
    """The beads in blocks, and every pair of a stem and a token that share a bead, as stem * n_zh + token.

    The places of all blocks are one array: what is large goes back to the system when it is done with.
    """
    shapes = [(len(e), len(z)) for e, z in zip(stems, tokens, strict=True)]
    places = np.empty(sum(e * z for e, z in shapes), dtype=np.int32)
    raw, at = [], 0
    for start in range(0, len(stems), BLOCK):
        beads = range(start, min(start + BLOCK, len(stems)))
        size = sum(shapes[i][0] * shapes[i][1] for i in beads)
        own = _numbered([stems[i] for i in beads], [tokens[i] for i in beads], n_zh, places[at : at + size])
        raw.append((beads, own, places[at : at + size]))
        at += size
    pairs = np.concatenate([own for _, own, _ in raw]) if raw else np.zeros(0, dtype=np.int64)
    ends = accumulate((len(own) for _, own, _ in raw), initial=0)
    unique = _once(pairs.copy())
    numbers = np.searchsorted(unique, pairs).astype(np.int32)
    blocks = [
        _Block(beads, tuple(shapes[i] for i in beads), own, numbers[a:b])
        for (beads, _, own), (a, b) in zip(raw, pairwise(ends), strict=True)
    ]
    return blocks, unique


def _numbered(stems: Sequence[Ints], tokens: Sequence[Ints], n_zh: int, places: Numbers) -> Ints:
    """The pairs of some beads once each; the number of every place's pair is written into `places`.

    The beads' own stems by their own tokens make a table small enough to mark what occurs: a quarter of the time of
    sorting the places.
    """
    (own_en, en), (own_zh, zh) = (np.unique(np.concatenate(own), return_inverse=True) for own in (stems, tokens))
    e_ends, z_ends = (np.cumsum([len(one) for one in own])[:-1] for own in (stems, tokens))
    cells = [
        (e[:, None] * len(own_zh) + z[None, :]).ravel()
        for e, z in zip(np.split(en, e_ends), np.split(zh, z_ends), strict=True)
    ]
    flat = np.concatenate(cells)
    occurs = np.zeros(len(own_en) * len(own_zh), dtype=np.bool_)
    occurs[flat] = True
    found = np.flatnonzero(occurs)
    number = np.empty(len(occurs), dtype=np.int32)
    number[found] = np.arange(len(found))
    number.take(flat, out=places)
    return own_en[found // max(1, len(own_zh))] * n_zh + own_zh[found % max(1, len(own_zh))]


def _once(keys: Ints) -> Ints:
    """The keys once each; they are sorted in place. 1 s of CPU for 15 million, where `np.unique` took 26."""
    keys.sort()
    first = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


def _adapt(
    blocks: Sequence[_Block], unique: Ints, prior: tuple[Floats, Floats], sizes: tuple[int, int]
) -> tuple[Floats, Floats]:
    """P(token|stem) and P(stem|token) of every pair, the table's as prior, after ITERATIONS rounds over the beads."""
    n_en, n_zh = sizes
    u_en, u_zh = (unique // n_zh).astype(np.int32), (unique % n_zh).astype(np.int32)
    together = _count(blocks, [np.ones(len(block.places)) for block in blocks], len(unique))
    alone_en, alone_zh = np.bincount(u_en, together, n_en), np.bincount(u_zh, together, n_zh)
    f, b = prior[0].copy(), prior[1].copy()
    for part in _slices(len(unique)):
        dice = 2 * together[part] / (alone_en[u_en[part]] + alone_zh[u_zh[part]])
        f[part], b[part] = prior[0][part] + DICE_FLOOR * dice, prior[1][part] + DICE_FLOOR * dice
    for _ in range(ITERATIONS - 1):
        joints = (np.concatenate([j.ravel() for j in block.joints(f, b, NULL_PROBABILITY)]) for block in blocks)
        count = _count(blocks, joints, len(unique))
        for new, own, side, n in zip((f, b), prior, (u_en, u_zh), sizes, strict=True):
            total = PRIOR_WEIGHT + np.bincount(side, count, n)
            for part in _slices(len(unique)):
                new[part] = (PRIOR_WEIGHT * own[part] + count[part]) / total[side[part]]
    return f, b


def _slices(size: int) -> Iterator[slice]:
    """A long array in pieces, so that what is computed of it needs little memory at a time."""
    return (slice(start, start + SLICE) for start in range(0, size, SLICE))


def _count(blocks: Sequence[_Block], weights: Iterable[NDArray[np.floating]], size: int) -> NDArray[np.float64]:
    """The sum of the weights of every pair's places."""
    count = np.zeros(size)
    for block, weight in zip(blocks, weights, strict=True):
        count[block.pairs] += np.bincount(block.places, weight, len(block.pairs))
    return count


def _joint(f: Floats, b: Floats, null: float) -> Floats:
    pf = f / (f.sum(axis=0, keepdims=True) + np.float32(null))
    pb = b / (b.sum(axis=1, keepdims=True) + np.float32(null))
    joint: Floats = np.sqrt(pf * pb) * np.maximum(pf, pb)
    return joint


def _priors(unique: Ints, stems: list[str], tokens: list[str], table: TranslationTable) -> tuple[Floats, Floats]:
    """The table's P(token|stem) and P(stem|token) of every pair; a stem that is the token itself has 1."""
    f, b = np.zeros(len(unique), dtype=np.float32), np.zeros(len(unique), dtype=np.float32)
    n_zh = len(tokens) or 1
    en, zh, forward, backward = table.block(stems, tokens)
    at, found = _places(unique, en * n_zh + zh)
    f[at], b[at] = forward[found], backward[found]
    token_ids = {t: i for i, t in enumerate(tokens)}
    same = np.array([i * n_zh + token_ids[s] for i, s in enumerate(stems) if s in token_ids], dtype=np.int64)
    at, _ = _places(unique, same)
    f[at] = b[at] = 1.0
    return f, b


def _places(unique: Ints, keys: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Where those keys stand that are among the sorted ones, and which they are."""
    at = np.searchsorted(unique, keys)
    found = at < len(unique)
    found[found] = unique[at[found]] == keys[found]
    return at[found], found


def _spread(bead: BeadText, spans: Sequence[tuple[int, int]], joint: Floats) -> Posteriors:
    """Token posteriors spread over characters, then gathered by word."""
    chars, row = len(bead.folded), _distinct(bead)
    pick = [[row[stem] for stem in stems] for stems in bead.stems]
    if not spans or not pick:
        zero = np.zeros((len(pick), chars), dtype=np.float32)
        return Posteriors(zero, _total(zero), {})
    cover = np.zeros((len(spans), chars), dtype=np.float32)
    for k, (a, b) in enumerate(spans):
        cover[k, a:b] = _WEIGHTS[b - a] if b - a < len(_WEIGHTS) else (b - a) ** LENGTH_POWER
    cover /= np.maximum(cover.sum(axis=0), 1e-9)
    first = [rows[0] for rows in pick]
    by_stem = joint @ cover
    mass = by_stem[first]
    parts = {i: by_stem[list(rows)] for i, rows in enumerate(pick) if len(rows) > 1}
    for i, part in parts.items():
        mass[i] = part.max(axis=0)
    return Posteriors(mass, _total(mass), parts)


_WEIGHTS = [size**LENGTH_POWER for size in range(32)]


def _total(mass: Floats) -> Floats:
    """What explains each character, the null included."""
    total: Floats = mass.sum(axis=0) + np.float32(NULL_MASS)
    return total


def anchored(found: Posteriors, anchors: Sequence[tuple[int, int, int, int]]) -> Posteriors:
    """Posteriors with words [first, last) tied to characters [start, end): names spelt in pinyin."""
    mass = found.mass.copy()
    for first, last, start, end in anchors:
        mass[:, start:end] *= ANCHOR_LEFT
        mass[first:last] *= ANCHOR_LEFT
        mass[first:last, start:end] = 1.0
    return Posteriors(mass, _total(mass), found.parts) if anchors else found
