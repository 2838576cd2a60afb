"""Which pairs are terms: figures on the pages labelled by hand; one under its frozen value fails.

pytest tests/bench/test_labelled.py                          compare with labelled.tsv
python -m tests.bench.test_labelled                          write labelled.tsv anew (from the root)

The shipped model was trained on these pages, so this guards against damage and is no estimate for new texts: `make
train` prints the figures with every page left out, which CHANGELOG and DECISIONS quote.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from glossary.lexicon import load_cedict
from glossary.terms.ranking import load_model
from glossary.terms.table import load_table
from glossary.terms.term_training import LabelledPage, figures, page_table, verdicts
from glossary.terms.training import DOMAINS, OWN, labelled_pages, own_pages

FROZEN = Path(__file__).with_name("labelled.tsv")
COLUMNS = ("precision", "recall", "f1", "ece")
ROOT = Path(__file__).resolve().parents[2]
LABELS = ROOT / "tests" / "cases" / "terms"
CORPORA = ROOT.parent / "shared" / "corpora" / "terms"

ROUNDING = 0.0005
"""Figures are frozen with three decimals."""


def labelled_pages_of(kind: str) -> list[LabelledPage]:
    """The labelled pages of a domain, with the shipped table."""
    table, dictionary = load_table(), load_cedict()
    if kind in OWN:
        return list(own_pages(LABELS / kind, table, dictionary))
    tables = {"ethereum": table, "d2l": table}
    return [p for p in labelled_pages(CORPORA, LABELS / "pages", tables, dictionary) if p.domain == kind]


@cache
def _figures(kind: str) -> dict[str, float]:
    model, dictionary = load_model(), load_cedict()
    tables = [page_table(page, model.span, dictionary) for page in labelled_pages_of(kind)]
    return figures(tables, {t.page.name: verdicts(t, model.term(t.rows, t.vectors)) for t in tables})


def _frozen() -> dict[str, dict[str, float]]:
    lines = [line.split("\t") for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    return {row[0]: dict(zip(COLUMNS, map(float, row[1:]), strict=True)) for row in lines[1:]}


def _holds(kind: str) -> None:
    frozen, now = _frozen()[kind], _figures(kind)
    assert not {k: (frozen[k], now[k]) for k in ("precision", "recall", "f1") if now[k] < frozen[k] - ROUNDING}
    assert now["ece"] <= frozen["ece"] + ROUNDING


@pytest.mark.parametrize("kind", OWN)
def test_own_texts_are_told_apart_as_before(kind: str) -> None:
    _holds(kind)


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["ethereum", "d2l"])
def test_manuals_are_told_apart_as_before(kind: str) -> None:
    _holds(kind)


def write() -> None:
    """The table anew."""
    rows = [[kind, *(f"{v:.3f}" for v in _figures(kind).values())] for kind in DOMAINS]
    FROZEN.write_text("\n".join("\t".join(r) for r in [["pages", *COLUMNS], *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
