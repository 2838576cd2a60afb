"""How good a list of term pairs is against gold pairs: precision at k, recall, F1, accuracy of renderings, calibration.

Matching folds case, plural, width, script and spaces; nothing else. A gold row may carry `required` = 0: acceptable,
not missed when absent. A gold source with several renderings is right with any of them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from glossary.errors import EvaluationError
from glossary.language import fold_key, has_han
from glossary.terms.candidates import unit_key_of

CUTS = (20, 50, 100)


@dataclass(frozen=True, slots=True)
class PredictedPair:
    """A pair with its score, as a line of the predicted file has it."""

    source: str
    target: str
    score: float
    line: int


@dataclass(frozen=True, slots=True)
class GoldTerm:
    """A pair of the gold file."""

    source: str
    target: str
    required: bool = True


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
    calibration_error: float
    wrong: tuple[PredictedPair, ...]
    missed: tuple[GoldTerm, ...]


def match_key(form: str) -> str:
    """The form two terms are compared by.

    >>> match_key("Smart Contracts") == match_key("smart contract"), match_key("智能 合約") == match_key("智能合约")
    (True, True)
    """
    folded = fold_key(form)
    return folded.replace(" ", "") if has_han(form) else unit_key_of(folded)


def evaluate_terms(predicted: Sequence[PredictedPair], gold: Sequence[GoldTerm]) -> TermFigures:
    """Figures of a predicted list; pairs without a target are left out, the rest ranked by score."""
    ranked = _ranked(predicted)
    right = {(match_key(g.source), match_key(g.target)) for g in gold}
    hits = [(match_key(p.source), match_key(p.target)) in right for p in ranked]
    found = {(match_key(p.source), match_key(p.target)) for p in ranked}
    required = [g for g in gold if g.required]
    missed = [g for g in required if (match_key(g.source), match_key(g.target)) not in found]
    precision = sum(hits) / len(hits) if hits else 1.0
    recall = 1 - len(missed) / len(required) if required else 1.0
    return TermFigures(
        len(ranked), len(gold),
        {k: sum(hits[:k]) / k if len(hits) >= k else None for k in CUTS},
        precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        _accuracy(ranked, required, 1), _accuracy(ranked, required, 5), _calibration(ranked, hits),
        tuple(p for p, hit in zip(ranked, hits, strict=True) if not hit), tuple(missed),
    )  # fmt: skip


def _ranked(predicted: Iterable[PredictedPair]) -> list[PredictedPair]:
    ordered = sorted((p for p in predicted if p.source and p.target), key=lambda p: (-p.score, p.line))
    unique = {(match_key(p.source), match_key(p.target)): p for p in reversed(ordered)}
    return [p for p in ordered if unique[match_key(p.source), match_key(p.target)] is p]


def _accuracy(ranked: Sequence[PredictedPair], gold: Sequence[GoldTerm], k: int) -> float:
    """Share of gold source terms with a gold rendering among their k best; absent terms are wrong."""
    best: dict[str, list[str]] = defaultdict(list)
    for pair in ranked:
        best[match_key(pair.source)].append(match_key(pair.target))
    wanted: dict[str, set[str]] = defaultdict(set)
    for term in gold:
        wanted[match_key(term.source)].add(match_key(term.target))
    right = sum(bool(targets & set(best.get(source, [])[:k])) for source, targets in wanted.items())
    return right / len(wanted) if wanted else 1.0


def _calibration(ranked: Sequence[PredictedPair], hits: Sequence[bool]) -> float:
    """Expected calibration error over ten equal score bins, 0..1."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for pair, hit in zip(ranked, hits, strict=True):
        bins[min(9, int(pair.score * 10))].append((pair.score, hit))
    gaps = [abs(sum(s for s, _ in own) - sum(h for _, h in own)) for own in bins.values()]
    return sum(gaps) / len(hits) if hits else 0.0


def read_predicted(path: Path) -> list[PredictedPair]:
    """The pairs of a TSV that `glossary extract` wrote; without a score column the order counts.

    Raises: EvaluationError with file and line.
    """
    rows = _table(path)
    pairs = []
    for number, row in rows:
        source, target = _sides(path, row)
        try:
            score = float(row["score"]) if row.get("score") else 1.0 - number * 1e-6
        except ValueError:
            raise EvaluationError(f"{path}:{number}: score {row['score']!r} is no number") from None
        pairs.append(PredictedPair(source, target, score, number))
    return pairs


def read_gold_terms(path: Path) -> list[GoldTerm]:
    """The pairs of a gold TSV with columns source and target (or en and zh), and optionally required.

    Raises: EvaluationError with file and line.
    """
    return [GoldTerm(*_sides(path, row), row.get("required") != "0") for _, row in _table(path)]


def _sides(path: Path, row: dict[str, str]) -> tuple[str, str]:
    for first, second in (("source", "target"), ("en", "zh")):
        if first in row and second in row:
            return row[first].strip(), row[second].strip()
    raise EvaluationError(f"{path}:1: needs the columns source and target, or en and zh; it has {', '.join(row)}")


def _table(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: is not UTF-8 text") from error
    kept = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not kept:
        raise EvaluationError(f"{path}: is empty; it needs a header line and pairs")
    header = kept[0][1].split("\t")
    rows = [next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE)) for _, line in kept[1:]]
    return [(n, dict(zip(header, row, strict=False))) for (n, _), row in zip(kept[1:], rows, strict=True)]
