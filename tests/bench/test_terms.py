"""Term extraction against the gold terms of the project's own articles: a figure under its frozen one fails.

pytest tests/bench/test_terms.py                 compare with terms.tsv
python -m tests.bench.test_terms                 write terms.tsv anew, when the figures are better
"""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.documents import DocumentPair
from glossary.pipeline import Options, extract_pair
from glossary.terms.scoring import PredictedPair, evaluate_terms, read_gold_terms

FROZEN = Path(__file__).with_name("terms.tsv")
COLUMNS = ("p20", "p50", "recall", "f1")
ARTICLES = {
    "court-evidence": ("court-evidence.en.txt", "court-evidence.zh-Hant-TW.txt"),
    "harbour-ledger": ("harbour-ledger.txt",),
    "tea-garden": ("tea-garden.txt",),
}

ROUNDING = 0.0005
"""Figures are frozen with three decimals."""


def _figures(root: Path, article: str) -> dict[str, float]:
    """Figures of one article; a cut with fewer pairs than it asks for counts all there are."""
    paths = [root / "seeds" / name for name in ARTICLES[article]]
    extraction = extract_pair(DocumentPair(*paths), Options())
    predicted = [PredictedPair(c.source, c.target, c.score, n) for n, c in enumerate(extraction.candidates)]
    found = evaluate_terms(predicted, read_gold_terms(root / "tests" / "cases" / "seeds" / f"{article}.terms.tsv"))
    p20, p50 = (found.precision if found.precision_at[k] is None else found.precision_at[k] for k in (20, 50))
    return dict(zip(COLUMNS, (p20 or 0.0, p50 or 0.0, found.recall, found.f1), strict=True))


def _frozen() -> dict[str, dict[str, float]]:
    lines = [line.split("\t") for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    return {row[0]: dict(zip(COLUMNS, map(float, row[1:]), strict=True)) for row in lines[1:]}


@pytest.mark.parametrize("article", ARTICLES)
def test_quality_of_terms_does_not_drop(article: str, root: Path) -> None:
    frozen, now = _frozen()[article], _figures(root, article)
    assert not {k: (v, now[k]) for k, v in frozen.items() if now[k] < v - ROUNDING}


def write(root: Path) -> None:
    """The table anew."""
    rows = [[name, *(f"{v:.3f}" for v in _figures(root, name).values())] for name in ARTICLES]
    FROZEN.write_text("\n".join("\t".join(r) for r in [["article", *COLUMNS], *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[2])
