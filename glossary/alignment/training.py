"""Train the weights: `python -m glossary.alignment.training ../shared/corpora/alignment` (used by `make train`).

Reads every NAME.gold under the folder, builds copies with DELETED of one side's sentences taken out in runs, and fits
for each variant a first-pass and a second-pass model on the exact likelihood of the gold; the second sees the texts as
the first one's path leaves them. Then each document group is aligned by models that never saw it: those are the scores
that `held_out` in weights.json reports, next to `dev`, those of the final models on the texts they were trained on.
Held-out scores and calibration are made for the `combined` variants; the others take over its calibration.
Deterministic; about ten minutes on one core.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from glossary.alignment.chunks import Lot, collect, cut, gold_segments
from glossary.alignment.confidence import lattice_scores
from glossary.alignment.features import NAMES, NULL_NAMES, TYPES
from glossary.alignment.fitting import fit
from glossary.alignment.golden import GoldBead, GoldPair, find_gold
from glossary.alignment.model import Model, model_from_json
from glossary.alignment.passes import (
    TextPair,
    bead_priors,
    first_windows,
    lattice_of,
    read_pair,
    score_beads,
    second_pair,
    settle,
    windows_around,
)  # fmt: skip
from glossary.alignment.scoring import Tally, strict
from glossary.embedding import load_encoder
from glossary.errors import EvaluationError
from glossary.language import is_chinese
from glossary.lexicon import load_cedict

DELETED = 0.2  # share of a side's sentences that a gappy copy lacks, as in ALIGNMENT.md
LONGEST_GAP = 10
FOLDS = 3  # groups that the documents of every folder are dealt into
LONG_DOCUMENT = 350  # beads; a longer document is cut into FOLDS, so that its kind is not unseen when it is held out

VARIANTS = {
    "combined-zh": (True, True, True), "embedding-zh": (True, False, True), "lexical-zh": (False, True, True),
    "combined-any": (True, True, False), "embedding-any": (True, False, False), "lexical-any": (False, True, False),
}  # fmt: skip
"""Per variant: uses the encoder, uses words, and one side (the first) is Chinese."""


@dataclass(frozen=True)
class Item:
    """One text pair to learn from; `fold` numbers what is held out together."""

    gold: GoldPair
    collection: str
    fold: int
    whole: bool  # not a gappy copy: counts in the reported scores


def turned(gold: GoldPair) -> GoldPair:
    """The pair with source and target exchanged."""
    beads = tuple((target, source) for source, target in gold.beads)
    return GoldPair(f"{gold.name}~", gold.target, gold.source, gold.target_lang, gold.source_lang, beads)


def gappy(gold: GoldPair, side: int, share: float = DELETED) -> GoldPair:
    """The pair with `share` of one side deleted in runs of up to LONGEST_GAP; what they translated is null."""
    texts = [gold.source, gold.target]
    n = len(texts[side])
    chance = random.Random(f"{gold.name} {side}")
    gone: set[int] = set()
    longest = min(LONGEST_GAP, max(1, n // 5))
    while len(gone) < share * n:
        start = chance.randrange(n)
        gone.update(range(start, min(n, start + chance.randint(1, longest))))
    number = {k: at for at, k in enumerate(k for k in range(n) if k not in gone)}
    beads: list[GoldBead] = []
    for bead in gold.beads:
        own, other = tuple(number[k] for k in bead[side] if k in number), bead[1 - side]
        sides = [(own, other)] if own or not bead[side] else [((), (k,)) for k in other]
        beads += [(a, b) if side == 0 else (b, a) for a, b in sides]
    texts[side] = tuple(text for k, text in enumerate(texts[side]) if k not in gone)
    name = f"{gold.name}-{side}"
    return GoldPair(name, texts[0], texts[1], gold.source_lang, gold.target_lang, tuple(beads))


def parts(gold: GoldPair) -> list[GoldPair]:
    """A long document as FOLDS documents, cut between beads of the gold; any other as it is."""
    if len(gold.beads) < LONG_DOCUMENT:
        return [gold]
    out = []
    bounds = [(0, 0)]
    segments = cut(gold_segments(gold.beads))
    for fold in range(1, FOLDS):
        i, j, _ = segments[len(segments) * fold // FOLDS]
        bounds.append((i, j))
    bounds.append((len(gold.source), len(gold.target)))
    for number, ((top, left), (bottom, right)) in enumerate(pairwise(bounds)):
        beads = [
            (tuple(k - top for k in source), tuple(k - left for k in target))
            for source, target in gold.beads
            if all(top <= k < bottom for k in source) and all(left <= k < right for k in target)
        ]
        texts = gold.source[top:bottom], gold.target[left:right]
        out.append(GoldPair(f"{gold.name}.{number}", *texts, gold.source_lang, gold.target_lang, tuple(beads)))
    return out


def items(folder: Path, *, chinese: bool) -> list[Item]:
    """What a variant learns from: texts with Chinese first; or all, without gappy copies of those."""
    out = []
    for collection in sorted(path for path in folder.iterdir() if path.is_dir()):
        golds = [part for gold in find_gold(collection) for part in parts(gold)]
        for at, gold in enumerate(golds):
            pair = turned(gold) if is_chinese(gold.target_lang) else gold
            if is_chinese(pair.source_lang):
                directions = [pair if chinese or at % 2 else turned(pair)]
            else:
                directions = [] if chinese else [pair, turned(pair)]
            for base in directions:
                out.append(Item(base, collection.name, at % FOLDS, whole=True))
                if chinese or not is_chinese(pair.source_lang):
                    copies = [gappy(base, side) for side in (0, 1)]
                    out += [Item(copy, collection.name, at % FOLDS, whole=False) for copy in copies]
    return out


class Trainer:
    """Texts and lots of one variant."""

    def __init__(self, variant: str, learn: Sequence[Item]) -> None:
        self._encoder, self._words, self._chinese = VARIANTS[variant]
        self.items = list(learn)
        self._pairs = [self._read(item.gold) for item in self.items]
        self._first = [
            collect(pair.evidence, first_windows(pair), item.gold.beads, {})
            for pair, item in zip(self._pairs, self.items, strict=True)
        ]

    def _read(self, gold: GoldPair) -> TextPair:
        languages = (gold.source_lang, gold.target_lang)
        encoder = load_encoder("use" if self._encoder else "none")
        lexicon = load_cedict() if self._words and self._chinese else None
        words = self._words and (self._chinese or not any(map(is_chinese, languages)))
        return read_pair(gold.source, gold.target, languages, encoder=encoder, lexicon=lexicon, use_words=words)

    def train(self, keep: Iterable[int]) -> tuple[Model, Model]:
        """Both passes' models, from the items of these numbers."""
        kept = list(keep)
        first = _as_saved(fit([self._first[k] for k in kept]))
        return first, _as_saved(fit([self._second_lot(k, first) for k in kept], start=first))

    def _second_lot(self, number: int, first: Model) -> Lot:
        pair, gold = self._pairs[number], self.items[number].gold
        n, m = len(gold.source), len(gold.target)
        path, _ = settle(score_beads(pair.evidence, first_windows(pair), first, {}), first, n, m)
        again = second_pair(pair, path)
        return collect(again.evidence, windows_around(path, n, m), gold.beads, bead_priors(path))

    def align(self, number: int, models: tuple[Model, Model]) -> dict[GoldBead, float]:
        """The beads of one item and their raw posterior probabilities."""
        pair, gold = self._pairs[number], self.items[number].gold
        n, m = len(gold.source), len(gold.target)
        path, _ = settle(score_beads(pair.evidence, first_windows(pair), models[0], {}), models[0], n, m)
        again = second_pair(pair, path)
        scored = score_beads(again.evidence, windows_around(path, n, m), models[1], bead_priors(path))
        path, rates = settle(scored, models[1], n, m)
        scores = lattice_scores(lattice_of(scored, models[1], rates), path)
        out: dict[GoldBead, float] = {}
        i = j = 0
        for (a, b), score in zip(path, scores, strict=True):
            out[tuple(range(i, i + a)), tuple(range(j, j + b))] = score
            i, j = i + a, j + b
        return out


def _as_saved(model: Model) -> Model:
    return model_from_json(json.loads(json.dumps(model.to_json())))


def scores_of(trainer: Trainer, found: Mapping[int, Mapping[GoldBead, float]]) -> dict[str, float]:
    """Strict F1 per collection, and of its gappy copies."""
    tallies: dict[str, Tally] = {}
    for number, beads in found.items():
        item = trainer.items[number]
        name = item.collection + ("" if item.whole else "-gappy")
        tallies[name] = tallies.get(name, Tally()) + strict(beads, item.gold.beads)
    return {name: round(tally.f1, 4) for name, tally in sorted(tallies.items())}


def held_out(trainer: Trainer) -> dict[int, dict[GoldBead, float]]:
    """Every item's beads by models that saw nothing of its fold."""
    out: dict[int, dict[GoldBead, float]] = {}
    for fold in range(FOLDS):
        own = [k for k, item in enumerate(trainer.items) if item.fold == fold]
        models = trainer.train(k for k in range(len(trainer.items)) if k not in own)
        for number in own:
            out[number] = trainer.align(number, models)
    return out


def calibrated(trainer: Trainer, found: Mapping[int, Mapping[GoldBead, float]]) -> tuple[float, float]:
    """Slope and offset that make log-odds of the posterior those of being right (Platt 1999), by Newton's method."""
    rows = [
        (score, bead in set(trainer.items[number].gold.beads))
        for number, beads in found.items() for bead, score in beads.items() if bead[0] and bead[1]
    ]  # fmt: skip
    safe = np.clip(np.array([score for score, _ in rows]), 1e-6, 1 - 1e-6)
    x = np.stack([np.log(safe / (1 - safe)), np.ones(len(safe))])
    right = np.array([ok for _, ok in rows], float)
    weights = np.array([1.0, 0.0])
    for _ in range(30):
        p = 1 / (1 + np.exp(-weights @ x))
        gradient = x @ (p - right) + 0.01 * (weights - [1.0, 0.0])
        curvature = (x * (p * (1 - p))) @ x.T + 0.01 * np.eye(2)
        weights = weights - np.linalg.solve(curvature, gradient)
    return float(round(weights[0], 4)), float(round(weights[1], 4))


def train_all(folder: Path, path: Path) -> None:
    """Train every variant on the gold under a folder and write the weights file, the same bytes for the same gold."""
    variants: dict[str, dict[str, object]] = {}
    for name, (_, _, chinese) in VARIANTS.items():
        learn = items(folder, chinese=chinese)
        if name == "lexical-any":  # Chinese without dictionary and encoder has nothing to show
            learn = [item for item in learn if not any(map(is_chinese, (item.gold.source_lang, item.gold.target_lang)))]
        trainer = Trainer(name, learn)
        models = trainer.train(range(len(trainer.items)))
        dev = {k: trainer.align(k, models) for k in range(len(trainer.items))}
        report: dict[str, object] = {"dev": scores_of(trainer, dev)}
        if name.startswith("combined"):
            out = held_out(trainer)
            report |= {"held_out": scores_of(trainer, out), "calibration": list(calibrated(trainer, out))}
        else:
            report["calibration"] = variants[name.replace(name.split("-")[0], "combined")]["calibration"]
        variants[name] = {"first": models[0].to_json(), "second": models[1].to_json(), **report}
        sys.stderr.write(f"{name}: {report}\n")
    raw = {"features": [*NAMES, *NULL_NAMES], "types": TYPES, "variants": variants}
    text = json.dumps(raw, separators=(",", ":")).replace('{"first"', '\n{"first"') + "\n"
    path.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """The command: FOLDER [WEIGHTS.json]. Exit 2 for wrong usage, 1 when there is no gold."""
    from glossary.alignment.model import WEIGHTS

    if len(arguments) not in (1, 2):
        sys.stderr.write("usage: python -m glossary.alignment.training FOLDER [WEIGHTS.json]\n")
        return 2
    try:
        train_all(Path(arguments[0]), Path(arguments[1]) if len(arguments) == 2 else WEIGHTS)
    except (EvaluationError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
