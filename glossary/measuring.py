"""Figures of extracted terms against gold files, with the offsets looked up in the documents they point into."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from glossary.documents import read_document
from glossary.errors import GlossaryError
from glossary.exchange import document_text, read_bitext
from glossary.pipeline import ALIGNED_SUFFIXES

if TYPE_CHECKING:
    from glossary.terms.scoring import Exactness, TermFigures


def evaluate_term_files(predicted: Path, gold: Path) -> tuple[TermFigures, Exactness | None]:
    """Figures of an extracted TSV or JSONL against a gold TSV, and whether its offsets are true (None for a TSV).

    Raises: EvaluationError for a file that cannot be read.
    """
    from glossary.terms.scoring import evaluate_terms, exactness, read_gold_terms, read_predicted

    pairs = read_predicted(predicted)
    return evaluate_terms(pairs, read_gold_terms(gold)), exactness(pairs, cache(_texts_of))


def _texts_of(source: str, target: str) -> tuple[str, str] | None:
    """The texts of a document pair, or of the two sides of a file of aligned text, None when they cannot be read."""
    try:
        if Path(source).suffix.lower() in ALIGNED_SUFFIXES:
            bitext = read_bitext(source)
            return document_text(bitext.source), document_text(bitext.target)
        return read_document(Path(source)).text, read_document(Path(target)).text
    except GlossaryError:
        return None
