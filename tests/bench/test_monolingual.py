"""Which units of one language alone are terms: figures on the pages labelled by hand; one under its frozen value fails.

pytest tests/bench/test_monolingual.py                       compare with monolingual.tsv
python -m tests.bench.test_monolingual                       write monolingual.tsv anew (from the root)

The shipped model was trained on these pages, so this guards against damage and is no estimate for new texts: `make
train` prints the figures with every page left out, which DECISIONS quotes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from glossary.lexicon import load_cedict
from glossary.terms.monolingual import load_monolingual_model
from glossary.terms.monolingual_training import chinese_side, english_side, figures
from glossary.terms.training import DOMAINS, OWN
from tests.bench.test_labelled import CORPORA, ROUNDING, labelled_pages_of

FROZEN = Path(__file__).with_name("monolingual.tsv")
COLUMNS = ("precision", "recall")


@cache
def _figures(lang: str, kind: str) -> dict[str, float]:
    model, dictionary, pages = load_monolingual_model(), load_cedict(), labelled_pages_of(kind)
    sides = [english_side(p) if lang == "english" else chinese_side(p, dictionary) for p in pages]
    trees = model.english if lang == "english" else model.chinese
    return figures(sides, [1 / (1 + np.exp(-trees(side.rows))) for side in sides])


def _frozen() -> dict[tuple[str, str], dict[str, float]]:
    lines = [line.split("\t") for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    return {(row[0], row[1]): dict(zip(COLUMNS, map(float, row[2:]), strict=True)) for row in lines[1:]}


def _holds(lang: str, kind: str) -> None:
    frozen, now = _frozen()[lang, kind], _figures(lang, kind)
    assert not {k: (frozen[k], now[k]) for k in COLUMNS if now[k] < frozen[k] - ROUNDING}


@pytest.mark.parametrize("lang", ["english", "chinese"])
@pytest.mark.parametrize("kind", OWN)
def test_own_texts_give_the_terms_they_gave(kind: str, lang: str) -> None:
    _holds(lang, kind)


@pytest.mark.skipif(not CORPORA.is_dir(), reason="needs ../shared/corpora")
@pytest.mark.parametrize("lang", ["english", "chinese"])
@pytest.mark.parametrize("kind", [kind for kind in DOMAINS if kind not in OWN])
def test_dev_pages_give_the_terms_they_gave(kind: str, lang: str) -> None:
    _holds(lang, kind)


if __name__ == "__main__":
    rows = [(lang, kind, _figures(lang, kind)) for lang in ("english", "chinese") for kind in DOMAINS]
    table = ["\t".join(["language", "pages", *COLUMNS])]
    table += ["\t".join([lang, kind, *(f"{own[c]:.3f}" for c in COLUMNS)]) for lang, kind, own in rows]
    FROZEN.write_text("\n".join(table) + "\n", encoding="utf-8")
