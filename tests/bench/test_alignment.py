"""Alignment quality and speed on the shared gold. Run by `make bench`: `pytest -s tests/bench`.

alignment.tsv holds the frozen strict F1 of every aligner on every dev set; a test fails when one falls, and
`python tests/bench/test_alignment.py` writes the table anew. Speed is printed, never frozen.
"""

import sys
import time
from pathlib import Path

import pytest

from glossary.alignment import ALIGNERS, align, evaluate_folder, find_gold, gold_beads, strict
from glossary.datamodel import Segment

HERE = Path(__file__).resolve().parent
TABLE = HERE / "alignment.tsv"
SHARED = HERE.parents[2] / "shared" / "corpora" / "alignment"
FOLDERS = ("fiction-dev", "academic-dev", "alpine-dev", "seed-003")
TOLERANCE = 0.002  # of F1: rounding differs between BLAS builds

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="no evaluation data in ../shared"),
]


def measured():
    """Rows of the table: aligner, folder, strict F1, vecalign F1, lax F1."""
    for aligner in sorted(ALIGNERS):
        for folder in FOLDERS:
            total = evaluate_folder(SHARED / folder, aligner=aligner).total
            yield aligner, folder, *(round(t.f1, 4) for t in (total.strict, total.vecalign, total.lax))


def frozen():
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    return {(row[0], row[1]): float(row[2]) for row in rows}


@pytest.mark.parametrize("aligner", sorted(ALIGNERS))
@pytest.mark.parametrize("folder", FOLDERS)
def test_quality_has_not_fallen(aligner, folder):
    result = evaluate_folder(SHARED / folder, aligner=aligner)
    sys.stdout.write(
        f"\n{aligner} {folder}: strict {result.total.strict.f1:.4f}, {result.sentences_per_cpu_second:.0f} sentences/s,"
        f" calibration error {result.reliability.expected_error:.3f}, peak {result.peak_memory_mb:.0f} MB\n"
    )
    assert result.total.strict.f1 >= frozen()[aligner, folder] - TOLERANCE


def generated(copies):
    """The fiction chapters one after another, again and again, with a number in every sentence so that none recurs."""
    source, target, beads = [], [], []
    for copy in range(copies):
        for gold in find_gold(SHARED / "fiction-dev"):
            i, j = len(source), len(target)
            source += [f"{text}{copy}" for text in gold.source]
            target += [f"{text} {copy}" for text in gold.target]
            beads += [(tuple(k + i for k in a), tuple(k + j for k in b)) for a, b in gold.beads]
    return source, target, beads


def test_time_is_linear_in_length():
    seconds, f1 = [], []
    for copies in (4, 8):
        source, target, beads = generated(copies)
        start = time.process_time()
        bitext = align(
            [Segment("s", k, "zh", text, 0, 0) for k, text in enumerate(source)],
            [Segment("t", k, "en", text, 0, 0) for k, text in enumerate(target)],
        )
        seconds.append(time.process_time() - start)
        f1.append(strict(gold_beads(bitext), beads).f1)
        sys.stdout.write(f"\n{len(source)} x {len(target)}: {seconds[-1]:.1f} CPU s, F1 {f1[-1]:.3f}\n")
    assert seconds[1] < 2.3 * seconds[0]
    assert min(f1) > 0.85


if __name__ == "__main__":
    lines = ["aligner\tfolder\tstrict\tvecalign\tlax", *("\t".join(map(str, row)) for row in measured())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
