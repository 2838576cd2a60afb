"""How good a list of term pairs is against gold pairs: precision at k, recall, F1, accuracy of renderings, calibration.

Matching folds case, plural (irregular ones too), width, script and spaces; nothing else. The gold says what counts:

- `target` may list alternatives between bars (`智能合約|智慧合約`): any of them is right, and one of them is enough.
- A row with `required` = 0 is acceptable: right when predicted, not missed when absent.
- Two rows with one source are two things to find: both are right, and each that is required counts in the recall.

Recall therefore counts required rows, not renderings. Acc@k counts sources with a required row, and takes any rendering
of any of their rows for right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from glossary.language import fold_key, has_han
from glossary.terms.gold import Exactness, GoldTerm, PredictedPair, exactness, read_gold_terms, read_predicted
from glossary.terms.plurals import plural_key

__all__ = [
    "Exactness", "GoldTerm", "PredictedPair", "ScoreBin", "TermFigures", "WrongPair", "evaluate_terms", "exactness",
    "match_key", "read_gold_terms", "read_predicted",
]  # fmt: skip

CUTS = (20, 50, 100)
BINS = 10
"""Equal score bins of the calibration table."""


@dataclass(frozen=True, slots=True)
class WrongPair:
    """A predicted pair the gold does not hold, with the renderings the gold has for its source, if any."""

    pair: PredictedPair
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreBin:
    """The pairs with scores from `low` up to the next bin: how many, their mean score, the share that is right."""

    low: float
    pairs: int
    mean_score: float
    right: float


@dataclass(frozen=True, slots=True)
class TermFigures:
    """The result; `precision_at` maps k to a share, None when fewer than k pairs were predicted."""

    predicted: int
    gold: int
    precision_at: dict[int, float | None]
    precision: float
    recall: float
    f1: float
    accuracy_1: float
    accuracy_5: float
    bins: tuple[ScoreBin, ...]
    calibration_error: float
    wrong: tuple[WrongPair, ...]
    missed: tuple[GoldTerm, ...]


_ACRONYM_PLURAL = re.compile(r"(?<=[A-Z])s$")


def match_key(form: str) -> str:
    """The form two terms are compared by.

    >>> match_key("Smart Contracts") == match_key("smart contract"), match_key("智能 合約") == match_key("智能合约")
    (True, True)
    >>> match_key("high-level APIs"), match_key("GPUs")
    ('high-level api', 'gpu')
    >>> match_key("Selection criteria") == match_key("selection criterion")
    True
    """
    if has_han(form):
        return fold_key(form).replace(" ", "")
    return plural_key(fold_key(_ACRONYM_PLURAL.sub("", form)))


def evaluate_terms(predicted: Sequence[PredictedPair], gold: Sequence[GoldTerm]) -> TermFigures:
    """Figures of a predicted list; pairs without a target are left out, the rest ranked by score."""
    ranked = _ranked(predicted)
    right = {pair for g in gold for pair in _pairs_of(g)}
    hits = [_key(p) in right for p in ranked]
    found = {_key(p) for p in ranked}
    required = [g for g in gold if g.required]
    missed = [g for g in required if not found & _pairs_of(g)]
    precision = sum(hits) / len(hits) if hits else 1.0
    recall = 1 - len(missed) / len(required) if required else 1.0
    renderings = _renderings(gold)
    wrong = [
        WrongPair(p, renderings.get(match_key(p.source), ())) for p, hit in zip(ranked, hits, strict=True) if not hit
    ]
    bins = _bins(ranked, hits)
    return TermFigures(
        len(ranked), len(gold),
        {k: sum(hits[:k]) / k if len(hits) >= k else None for k in CUTS},
        precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        _accuracy(ranked, gold, 1), _accuracy(ranked, gold, 5), bins, _calibration_error(bins),
        tuple(wrong), tuple(missed),
    )  # fmt: skip


def _key(pair: PredictedPair) -> tuple[str, str]:
    return match_key(pair.source), match_key(pair.target)


def _pairs_of(term: GoldTerm) -> set[tuple[str, str]]:
    """Every pair of keys a gold row takes for right."""
    return {(match_key(term.source), match_key(target)) for target in term.targets}


def _renderings(gold: Iterable[GoldTerm]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for term in gold:
        found[match_key(term.source)].update(dict.fromkeys(term.targets))
    return {source: tuple(targets) for source, targets in found.items()}


def _ranked(predicted: Iterable[PredictedPair]) -> list[PredictedPair]:
    """Pairs with both sides, best first, each once: of several with one key the best scored counts."""
    ordered = sorted((p for p in predicted if p.source and p.target), key=lambda p: (-p.score, p.line))
    unique: dict[tuple[str, str], PredictedPair] = {}
    for pair in ordered:
        unique.setdefault(_key(pair), pair)
    return list(unique.values())


def _accuracy(ranked: Sequence[PredictedPair], gold: Sequence[GoldTerm], k: int) -> float:
    """Share of required gold sources with a right rendering among their k best; absent terms are wrong."""
    best: dict[str, list[str]] = defaultdict(list)
    for pair in ranked:
        best[match_key(pair.source)].append(match_key(pair.target))
    asked = {match_key(g.source) for g in gold if g.required}
    wanted = {s: {match_key(t) for t in targets} for s, targets in _renderings(gold).items() if s in asked}
    right = sum(bool(targets & set(best.get(source, [])[:k])) for source, targets in wanted.items())
    return right / len(wanted) if wanted else 1.0


def _bins(ranked: Sequence[PredictedPair], hits: Sequence[bool]) -> tuple[ScoreBin, ...]:
    """The bins that hold pairs, lowest first; 1.0 belongs to the last."""
    filled: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for pair, hit in zip(ranked, hits, strict=True):
        filled[max(0, min(BINS - 1, int(pair.score * BINS)))].append((pair.score, hit))
    return tuple(
        ScoreBin(n / BINS, len(own), sum(s for s, _ in own) / len(own), sum(h for _, h in own) / len(own))
        for n, own in sorted(filled.items())
    )


def _calibration_error(bins: Sequence[ScoreBin]) -> float:
    """Expected calibration error, 0..1: the gap between mean score and share right, weighted by pairs."""
    total = sum(b.pairs for b in bins)
    return sum(abs(b.mean_score - b.right) * b.pairs for b in bins) / total if total else 0.0
