"""An aligner run over a folder of gold: figures per document and in total, speed, memory, calibration, wrong beads."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from glossary.alignment.aligning import align_segments
from glossary.alignment.golden import GoldBead, GoldPair, find_gold
from glossary.alignment.scoring import Reliability, Tally, by_type, lax, reliability, strict, vecalign
from glossary.datamodel import Bitext, Segment
from glossary.language import join_segments


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by the three definitions, and strict counts by bead type."""

    strict: Tally
    vecalign: Tally
    lax: Tally
    types: dict[str, Tally]

    def __add__(self, other: Figures) -> Figures:
        types = {
            name: self.types.get(name, Tally()) + other.types.get(name, Tally())
            for name in {**self.types, **other.types}
        }
        ordered = dict(sorted(types.items(), key=lambda item: (-item[1].gold, item[0])))
        return Figures(self.strict + other.strict, self.vecalign + other.vecalign, self.lax + other.lax, ordered)


@dataclass(frozen=True, slots=True)
class WrongBead:
    """A bead that is in the gold or in the prediction but not in both, with its text."""

    document: str
    kind: str  # missed: in the gold only; wrong: in the prediction only
    source_ids: tuple[int, ...]
    target_ids: tuple[int, ...]
    source: str
    target: str
    score: float  # 0.0 for missed beads


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """One text pair's result."""

    name: str
    source_lang: str
    target_lang: str
    sentences: int  # both sides
    figures: Figures
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result over a folder."""

    aligner: str
    signature: str
    documents: tuple[DocumentFigures, ...]
    total: Figures
    reliability: Reliability
    sentences_per_cpu_second: float  # start-up of encoder and dictionary not counted
    peak_memory_mb: float  # of the whole process so far
    wrong: tuple[WrongBead, ...]  # in document order


def evaluate_folder(
    folder: Path, *, aligner: str = "combined", encoder: str = "use", source_lang: str | None = None
) -> Evaluation:
    """Align every text pair with gold under a folder and compare. Sub-folders count as one collection.

    Sentences are the lines of NAME.<lang>, kept as they are. For the direction see golden.find_gold.

    Raises: EvaluationError for missing or malformed gold; AlignmentError for an unknown aligner.
    """
    pairs = find_gold(folder, source_lang=source_lang)
    _run(_first_lines(pairs[0]), aligner, encoder)  # loads weights and dictionary outside the clock
    documents, wrong, scored = [], [], []
    signature = ""
    for pair in pairs:
        start = time.process_time()
        bitext = _run(pair, aligner, encoder)
        seconds = time.process_time() - start
        predicted = {(tuple(b.source), tuple(b.target)): b.score for b in bitext.beads}
        figures = _figures(list(predicted), pair.beads)
        sentences = len(pair.source) + len(pair.target)
        documents.append(DocumentFigures(pair.name, pair.source_lang, pair.target_lang, sentences, figures, seconds))
        gold = set(pair.beads)
        scored += [(score, bead in gold) for bead, score in predicted.items() if bead[0] and bead[1]]
        wrong += _wrong(pair, predicted)
        signature = bitext.signature
    total = documents[0].figures
    for document in documents[1:]:
        total = total + document.figures
    seconds = sum(document.cpu_seconds for document in documents)
    return Evaluation(
        aligner=aligner, signature=signature, documents=tuple(documents), total=total, reliability=reliability(scored),
        sentences_per_cpu_second=sum(d.sentences for d in documents) / max(seconds, 1e-9),
        peak_memory_mb=_peak_memory(), wrong=tuple(wrong),
    )  # fmt: skip


def _first_lines(pair: GoldPair) -> GoldPair:
    return GoldPair(pair.name, pair.source[:2], pair.target[:2], pair.source_lang, pair.target_lang, ())


def segments_of(lines: Sequence[str], lang: str, document: str) -> list[Segment]:
    """Lines as body segments; offsets are those in the lines joined by newlines."""
    out = []
    at = 0
    for index, line in enumerate(lines):
        out.append(Segment(document, index, lang, line, at, at + len(line)))
        at += len(line) + 1
    return out


def _run(pair: GoldPair, aligner: str, encoder: str) -> Bitext:
    return align_segments(
        segments_of(pair.source, pair.source_lang, "source"), segments_of(pair.target, pair.target_lang, "target"),
        aligner=aligner, min_score=0.0, encoder=encoder, lexicon=None, anchors=None,
    )  # fmt: skip


def _figures(predicted: Sequence[GoldBead], gold: Sequence[GoldBead]) -> Figures:
    return Figures(strict(predicted, gold), vecalign(predicted, gold), lax(predicted, gold), by_type(predicted, gold))


def _wrong(pair: GoldPair, predicted: dict[GoldBead, float]) -> list[WrongBead]:
    gold = set(pair.beads)
    entries = [(bead, "missed", 0.0) for bead in gold - set(predicted)]
    entries += [(bead, "wrong", score) for bead, score in predicted.items() if bead not in gold]
    entries.sort(key=lambda entry: (_place(entry[0]), entry[1]))
    return [
        WrongBead(
            pair.name, kind, bead[0], bead[1], join_segments([pair.source[k] for k in bead[0]]),
            join_segments([pair.target[k] for k in bead[1]]), score,
        )
        for bead, kind, score in entries
    ]  # fmt: skip


def _place(bead: GoldBead) -> tuple[int, int]:
    return (min(bead[0], default=-1), min(bead[1], default=-1)) if bead[0] else (min(bead[1]), -1)


def _peak_memory() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
