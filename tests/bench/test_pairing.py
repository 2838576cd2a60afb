"""Renderings of given terms, from files: a figure under its frozen one fails.

pytest -s tests/bench/test_pairing.py                compare with pairing.tsv and print
python -m tests.bench.test_pairing CORPORA           write pairing.tsv anew, when the figures are better

The span model saw these gold terms; `python -m glossary.terms.training` prints the accuracies without them.
"""

from __future__ import annotations

import gzip
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from glossary.datamodel import Bead, Bitext, Extraction, Segment
from glossary.documents import DocumentPair
from glossary.language import fold_key
from glossary.pipeline import Options, extract_files, extract_pair
from glossary.terms import extract_terms
from glossary.terms.scoring import GoldTerm, PredictedPair, evaluate_terms, read_gold_terms

FROZEN = Path(__file__).with_name("pairing.tsv")
CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "terms"
CASES = {
    "ethereum-dev zh-tw": ("ethereum-dev", "zh-tw", ".md"),
    "ethereum-dev zh-cn": ("ethereum-dev", "zh-cn", ".md"),
    "d2l-dev zh-cn": ("d2l-dev", "zh-cn", ".txt"),
}
COLUMNS = ("folder_1", "folder_5", "pages_1", "pages_5")
ROUNDING = 0.0005
PAIRS = 10_000
"""The budget for so many sentence pairs is 60 s on one core and 1,024 MB; the test prints, a reader compares."""


def _predicted(extractions: Sequence[Extraction]) -> list[PredictedPair]:
    found = [PredictedPair(c.source, c.target, c.score, n) for e in extractions for n, c in enumerate(e.candidates)]
    return sorted(found, key=lambda p: (-p.score, p.source))


def _folder(case: str, corpora: Path) -> tuple[float, float]:
    """Acc@1, Acc@5 of a folder given as a whole."""
    corpus, lang, suffix = CASES[case]
    with tempfile.TemporaryDirectory() as made:
        for page in sorted((corpora / corpus / "docs").iterdir()):
            (Path(made) / page.name).mkdir()
            for tag in ("en", lang):
                name = f"{tag}{suffix}"
                (Path(made) / page.name / name).write_bytes((page / name).read_bytes())
        extractions, failures = extract_files([made], min_score=0)
    assert not failures
    figures = evaluate_terms(_predicted(extractions), read_gold_terms(corpora / corpus / f"gold.en-{lang}.tsv"))
    return figures.accuracy_1, figures.accuracy_5


def _pages(case: str, corpora: Path) -> tuple[float, float]:
    """Acc@1, Acc@5 of every page by itself, over the gold terms whose two sides stand on it."""
    corpus, lang, suffix = CASES[case]
    gold = read_gold_terms(corpora / corpus / f"gold.en-{lang}.tsv")
    right = [0.0, 0.0]
    count = 0
    for page in sorted((corpora / corpus / "docs").iterdir()):
        paths = page / f"en{suffix}", page / f"{lang}{suffix}"
        own = list(_standing(gold, *(fold_key(p.read_text(encoding="utf-8")) for p in paths)))
        found = _predicted([extract_pair(DocumentPair(*paths), Options(), min_score=0)])
        figures = evaluate_terms(found, own)
        right[0] += figures.accuracy_1 * len(own)
        right[1] += figures.accuracy_5 * len(own)
        count += len(own)
    return right[0] / count, right[1] / count


def _standing(gold: Sequence[GoldTerm], english: str, chinese: str) -> Iterator[GoldTerm]:
    """The gold terms whose English stands in the text as a word and whose Chinese stands in the other."""
    for term in gold:
        whole = re.compile(rf"(?<![\w-]){re.escape(fold_key(term.source))}(?:s|es)?(?![\w-])")
        if whole.search(english) and fold_key(term.target) in chinese:
            yield term


def _figures(case: str, corpora: Path) -> dict[str, float]:
    return dict(zip(COLUMNS, (*_folder(case, corpora), *_pages(case, corpora)), strict=True))


def _frozen() -> dict[str, dict[str, float]]:
    lines = [line.split("\t") for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    return {row[0]: dict(zip(COLUMNS, map(float, row[1:]), strict=True)) for row in lines[1:]}


@pytest.mark.skipif(not CORPORA.exists(), reason="the corpora are not part of the project")
@pytest.mark.skipif(not FROZEN.exists(), reason="no figures yet: python -m tests.bench.test_pairing")
@pytest.mark.parametrize("case", CASES)
def test_quality_of_renderings_does_not_drop(case: str) -> None:
    frozen, now = _frozen()[case], _figures(case, CORPORA)
    sys.stdout.write(f"\n{case} " + " ".join(f"{k} {v:.3f}" for k, v in now.items()) + "\n")
    assert not {k: (v, now[k]) for k, v in frozen.items() if now[k] < v - ROUNDING}


@pytest.mark.skipif(not CORPORA.exists(), reason="the corpora are not part of the project")
def test_ten_thousand_pairs_give_terms_within_a_printed_budget() -> None:
    bitext = _long_bitext(CORPORA)
    started = time.process_time()
    assert extract_terms(bitext)
    seconds = time.process_time() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"\n{len(bitext.beads)} pairs: {seconds:.1f} CPU s, {megabytes:.0f} MB at most so far\n")


def _long_bitext(corpora: Path) -> Bitext:
    """PAIRS background pairs as one bitext."""
    rows: list[list[str]] = []
    for path in sorted((corpora / "ethereum-dev").glob("background.*.tsv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            rows += [line.rstrip("\n").split("\t") for line in stream]
    rows = [row for row in rows if len(row) == 2][:PAIRS]
    sides = [_segments([row[side] for row in rows], lang) for side, lang in ((0, "en"), (1, "zh"))]
    beads = tuple(Bead(range(i, i + 1), range(i, i + 1), 0.9) for i in range(len(rows)))
    return Bitext(sides[0], sides[1], beads, "bench")


def _segments(texts: Sequence[str], lang: str) -> tuple[Segment, ...]:
    made: list[Segment] = []
    at = 0
    for text in texts:
        made.append(Segment(lang, len(made), lang, text, at, at + len(text)))
        at += len(text) + 1
    return tuple(made)


def write(corpora: Path) -> None:
    """The table anew."""
    rows = [[case, *(f"{v:.3f}" for v in _figures(case, corpora).values())] for case in CASES]
    FROZEN.write_text("\n".join("\t".join(r) for r in [["case", *COLUMNS], *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPORA)
