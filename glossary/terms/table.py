"""The translation table: how probable a Chinese lattice token is for an English stem, and the reverse.

Learnt by `glossary.terms.table_training` from CC-CEDICT glosses and paired paragraphs; read-only at run time.
The table is an adaptation of CC BY-SA 4.0 data and carries that licence; see the README's credits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from glossary.terms.shipped import shipped_arrays

TABLE_FILE = "table.npz"

STEP = 12
"""A probability is stored as one byte, round(-STEP * log2 p): .94 to 1.06 of the value, down to 4e-7."""


def quantise(probability: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Probabilities 0..1 as bytes.

    >>> quantise(np.array([1.0, 0.5])).tolist()
    [0, 12]
    """
    level: NDArray[np.uint8] = np.clip(np.rint(-STEP * np.log2(np.maximum(probability, 1e-9))), 0, 255).astype(np.uint8)
    return level


_LEVELS: NDArray[np.float64] = 2.0 ** (-np.arange(256) / STEP)


@dataclass(frozen=True, slots=True)
class TranslationTable:
    """Sparse rows by stem: entries `starts[i]:starts[i+1]` of `tokens`, `forward`, `backward` belong to stem i."""

    stem_ids: Mapping[str, int]
    token_ids: Mapping[str, int]
    token_names: tuple[str, ...]
    starts: NDArray[np.int64]
    tokens: NDArray[np.int32]
    forward: NDArray[np.uint8]
    backward: NDArray[np.uint8]

    def block(
        self, stems: Sequence[str], tokens: Sequence[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
        """Entries among given stems and tokens: stem index, token index, P(token|stem), P(stem|token), each shape (k,).

        Indices count into the arguments. Linear in the rows' lengths.
        """
        local = np.full(len(self.token_ids) + 1, -1, dtype=np.int64)
        for i, token in enumerate(tokens):
            local[self.token_ids.get(token, -1)] = i
        local[-1] = -1
        rows = [(i, self.stem_ids[s]) for i, s in enumerate(stems) if s in self.stem_ids]
        picks = [np.arange(self.starts[r], self.starts[r + 1]) for _, r in rows]
        if not picks:
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty, np.zeros(0), np.zeros(0)
        where = np.concatenate(picks)
        owner = np.repeat(np.array([i for i, _ in rows], dtype=np.int64), [len(p) for p in picks])
        zh = local[self.tokens[where]]
        seen = zh >= 0
        where = where[seen]
        return owner[seen], zh[seen], _LEVELS[self.forward[where]], _LEVELS[self.backward[where]]


def make_table(
    stems: Sequence[str],
    tokens: Sequence[str],
    en: NDArray[np.int64],
    zh: NDArray[np.int64],
    forward: NDArray[np.float64],
    backward: NDArray[np.float64],
) -> TranslationTable:
    """A table from parallel entry arrays, unused stems and tokens dropped."""
    used_en, en = np.unique(en, return_inverse=True)
    used_zh, zh = np.unique(zh, return_inverse=True)
    order = np.lexsort((zh, en))
    starts = np.searchsorted(en[order], np.arange(len(used_en) + 1))
    return TranslationTable(
        {stems[s]: i for i, s in enumerate(used_en)},
        {tokens[t]: i for i, t in enumerate(used_zh)},
        tuple(tokens[t] for t in used_zh),
        starts.astype(np.int64),
        zh[order].astype(np.int32),
        quantise(forward[order]),
        quantise(backward[order]),
    )


def table_arrays(table: TranslationTable) -> dict[str, NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.int32]]:
    """The arrays of a table as they are stored in the npz file."""
    return {
        "stems": np.frombuffer("\n".join(table.stem_ids).encode(), dtype=np.uint8),
        "tokens_text": np.frombuffer("\n".join(table.token_ids).encode(), dtype=np.uint8),
        "counts": np.diff(table.starts).astype(np.uint16),
        "tokens": table.tokens,
        "forward": table.forward,
        "backward": table.backward,
    }


@cache
def load_table() -> TranslationTable:
    """The table that ships with the package.

    Raises: TermError when the file is missing or damaged.
    """
    arrays = shipped_arrays(TABLE_FILE, "stems", "tokens_text", "counts", "tokens", "forward", "backward")
    stems, tokens = (bytes(arrays[name]).decode().split("\n") for name in ("stems", "tokens_text"))
    return TranslationTable(
        {s: i for i, s in enumerate(stems)}, {t: i for i, t in enumerate(tokens)}, tuple(tokens),
        np.concatenate([[0], np.cumsum(arrays["counts"], dtype=np.int64)]),
        arrays["tokens"], arrays["forward"], arrays["backward"],
    )  # fmt: skip


def best_tokens(table: TranslationTable, stem: str) -> list[tuple[str, float]]:
    """The tokens of a stem with the geometric mean of both directions, likeliest first; [] for an unknown stem."""
    row = table.stem_ids.get(stem)
    if row is None:
        return []
    where = slice(int(table.starts[row]), int(table.starts[row + 1]))
    joint = np.sqrt(_LEVELS[table.forward[where]] * _LEVELS[table.backward[where]])
    order = np.argsort(-joint, kind="stable")
    return [(table.token_names[table.tokens[where][i]], float(joint[i])) for i in order]
