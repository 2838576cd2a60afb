"""Predicted and gold term lists from files, and whether predicted offsets are true.

Gold: TSV with the columns source and target (or en and zh), optionally required. Predicted: TSV or JSONL as
`glossary extract` writes them; only JSONL has offsets.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from glossary.errors import EvaluationError

ALTERNATIVES = "|"
"""Between renderings of a gold row any of which is right."""

Span = tuple[int, int]
TextOf = Callable[[str, str], tuple[str, str] | None]
"""The texts of a source and target document by their addresses, None when they cannot be read."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where one document pair has a predicted pair: offsets per side, None where it has none."""

    source_uri: str
    target_uri: str
    spans: tuple[tuple[Span | None, Span | None], ...]


@dataclass(frozen=True, slots=True)
class PredictedPair:
    """A pair with its score, as a line of the predicted file has it; forms and places only from JSONL."""

    source: str
    target: str
    score: float
    line: int
    source_forms: tuple[str, ...] = ()
    target_forms: tuple[str, ...] = ()
    places: tuple[Places, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldTerm:
    """A row of the gold file; `alternatives` are renderings as right as `target`."""

    source: str
    target: str
    required: bool = True
    alternatives: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """All renderings that are right."""
        return (self.target, *self.alternatives)


@dataclass(frozen=True, slots=True)
class Exactness:
    """How many predicted entries have offsets, and of those how many slice to a form of theirs at every place."""

    checked: int
    exact: int
    unread: tuple[str, ...]  # addresses of documents that could not be read; their entries are not checked


def exactness(predicted: Iterable[PredictedPair], text_of: TextOf) -> Exactness | None:
    """Whether the offsets of predicted entries are true; None when no entry has any."""
    checked, exact, unread = 0, 0, dict[str, None]()
    for pair in (p for p in predicted if p.places):
        verdicts = []
        for places in pair.places:
            texts = text_of(places.source_uri, places.target_uri)
            if texts is None:
                unread.update(dict.fromkeys((places.source_uri, places.target_uri)))
            else:
                verdicts.append(_true(pair, places, texts))
        checked += bool(verdicts)
        exact += bool(verdicts) and all(verdicts)
    return Exactness(checked, exact, tuple(unread)) if checked or unread else None


def _true(pair: PredictedPair, places: Places, texts: tuple[str, str]) -> bool:
    forms = {pair.source, *pair.source_forms}, {pair.target, *pair.target_forms}
    return bool(places.spans) and all(
        span is None or text[slice(*span)] in own
        for spans in places.spans
        for span, text, own in zip(spans, texts, forms, strict=True)
    )


def read_predicted(path: Path) -> list[PredictedPair]:
    """The pairs of a TSV or JSONL that `glossary extract` wrote; without a score column the order counts.

    Raises: EvaluationError with file and line.
    """
    if path.suffix.lower() == ".jsonl":
        return [_json_pair(path, number, line) for number, line in _lines(path)]
    pairs = []
    for number, row in _table(path):
        source, target = _sides(path, row)
        try:
            score = float(row["score"]) if row.get("score") else 1.0 - number * 1e-6
        except ValueError:
            raise EvaluationError(f"{path}:{number}: score {row['score']!r} is no number") from None
        pairs.append(PredictedPair(source, target, score, number))
    return pairs


def _json_pair(path: Path, number: int, line: str) -> PredictedPair:
    try:
        row = json.loads(line)
        places = tuple(
            Places(
                document["source_uri"], document["target_uri"],
                tuple((_span(o["source"]), _span(o["target"])) for o in document["occurrences"]),
            )
            for document in row["documents"]
        )  # fmt: skip
        forms = tuple(row["source_forms"]), tuple(row["target_forms"])
        return PredictedPair(str(row["source"]), str(row["target"]), float(row["score"]), number, *forms, places)
    except (ValueError, TypeError, RecursionError) as error:
        raise EvaluationError(f"{path}:{number}: no line of glossary extract --format jsonl: {error}") from None
    except KeyError as error:
        raise EvaluationError(f"{path}:{number}: {error.args[0]} is missing") from None


def _span(pair: list[int] | None) -> Span | None:
    if pair is None:
        return None
    start, end = pair
    return int(start), int(end)


def read_gold_terms(path: Path) -> list[GoldTerm]:
    """The rows of a gold TSV with columns source and target (or en and zh), and optionally required.

    Raises: EvaluationError with file and line.
    """
    gold = []
    for number, row in _table(path):
        source, target = _sides(path, row)
        targets = [t for t in (part.strip() for part in target.split(ALTERNATIVES)) if t]
        if not source or not targets:
            raise EvaluationError(f"{path}:{number}: a gold row needs a source and a target")
        gold.append(GoldTerm(source, targets[0], row.get("required", "1").strip() != "0", tuple(targets[1:])))
    return gold


def _sides(path: Path, row: dict[str, str]) -> tuple[str, str]:
    for first, second in (("source", "target"), ("en", "zh")):
        if first in row and second in row:
            return row[first].strip(), row[second].strip()
    raise EvaluationError(f"{path}:1: needs the columns source and target, or en and zh; it has {', '.join(row)}")


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path}: is not UTF-8 text") from error
    return [(n, line.rstrip("\r")) for n, line in enumerate(text.split("\n"), 1) if line.strip()]


def _table(path: Path) -> list[tuple[int, dict[str, str]]]:
    kept = [(n, line) for n, line in _lines(path) if not line.startswith("#")]
    if not kept:
        raise EvaluationError(f"{path}: is empty; it needs a header line and pairs")
    header = kept[0][1].split("\t")
    rows = [next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE)) for _, line in kept[1:]]
    return [(n, dict(zip(header, row, strict=False))) for (n, _), row in zip(kept[1:], rows, strict=True)]
