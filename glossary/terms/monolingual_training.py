"""Learns from labelled pages which units of one language alone are terms, see `monolingual`.

A page's English and its Chinese are read each without the other; a unit is right when the labels of the page hold it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glossary.lexicon import Cedict
from glossary.terms.boosting import Growth, Trees, grow
from glossary.terms.chinese_units import ChineseText
from glossary.terms.monolingual import MODEL_FILE, MonolingualModel, model_as_json
from glossary.terms.scoring import match_key
from glossary.terms.term_training import ACCEPTABLE, CUT, LabelledPage
from glossary.terms.unit_features import UnitRows

Floats = NDArray[np.float64]

GROWTH = Growth(trees=200, depth=5, rate=0.1)
"""Over 500 trees of depth 6 (a page left out: precision 1 point better) for a smaller file; 200 of depth 4 lost 1 to 5
points of recall."""

FOLDS = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a page: the keys of its units, their features, the keys the labels hold and require."""

    page: LabelledPage
    keys: tuple[str, ...]
    rows: Floats
    accepted: frozenset[str]
    required: frozenset[str]

    @property
    def target(self) -> list[float]:
        """1 for what is required, ACCEPTABLE for what would not be missed, 0 for the others."""
        return [1.0 if k in self.required else ACCEPTABLE if k in self.accepted else 0.0 for k in self.keys]


def english_side(page: LabelledPage) -> Side:
    """The English of a page."""
    rows, units = UnitRows(page.article), page.article.units.values()
    keys = tuple(match_key(unit.form) for unit in units)
    required = frozenset(source for source, _ in page.required)
    return Side(page, keys, np.stack([rows(unit) for unit in units]), frozenset(page.gold), required)


def chinese_side(page: LabelledPage, dictionary: Cedict) -> Side:
    """The Chinese of a page."""
    text = ChineseText(page.article.folded, dictionary.is_word)
    units = text.units()
    accepted = frozenset(key for own in page.gold.values() for _, key in own)
    keys = tuple(map(match_key, units.strings))
    return Side(page, keys, text.rows(units), accepted, frozenset(target for _, target in page.required))


def write_monolingual_model(
    pages: Sequence[LabelledPage], dictionary: Cedict, say: Callable[[str], None], folder: Path
) -> None:
    """Learn the model from all pages and write it; say how good it is on pages left out."""
    sides = {"english": [english_side(p) for p in pages], "chinese": [chinese_side(p, dictionary) for p in pages]}
    for lang, own in sides.items():
        unseen = left_out(own)
        for domain in dict.fromkeys(page.domain for page in pages):
            chosen = [i for i, page in enumerate(pages) if page.domain == domain]
            shown = figures([own[i] for i in chosen], [unseen[i] for i in chosen])
            told = " ".join(f"{name} {value:.3f}" for name, value in shown.items())
            say(f"{lang} alone, {domain}: page left out: {told}")
    model = MonolingualModel(fit(sides["english"]), fit(sides["chinese"]))
    (folder / MODEL_FILE).write_text(json.dumps(model_as_json(model)) + "\n", encoding="utf-8")


def fit(sides: Sequence[Side]) -> Trees:
    """Trees that tell the units the labels hold."""
    target = np.array([t for side in sides for t in side.target])
    return grow(np.concatenate([side.rows for side in sides]), target, np.ones(len(target)), GROWTH)


def left_out(sides: Sequence[Side]) -> list[Floats]:
    """Likelihoods of every side's units by trees that saw no text of that page, in either script."""
    names = sorted({side.page.name for side in sides})
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    fits = [fit([s for s in sides if fold[s.page.name] != number]) for number in range(FOLDS)]
    return [1 / (1 + np.exp(-fits[fold[side.page.name]](side.rows))) for side in sides]


def figures(sides: Sequence[Side], likely: Sequence[Floats]) -> dict[str, float]:
    """Precision, and recall of required units, of what is listed at CUT."""
    listed = [
        {key for key, score in zip(side.keys, own.tolist(), strict=True) if score >= CUT}
        for side, own in zip(sides, likely, strict=True)
    ]
    right = sum(len(keys & side.accepted) for keys, side in zip(listed, sides, strict=True))
    found = sum(len(keys & side.required) for keys, side in zip(listed, sides, strict=True))
    required = sum(len(side.required) for side in sides)
    return {"precision": right / max(1, sum(map(len, listed))), "recall": found / max(1, required)}
