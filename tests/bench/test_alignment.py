"""Alignment quality and speed on the shared gold. Run by `make bench`: `pytest -s tests/bench`.

alignment.tsv holds the frozen strict F1 of every aligner on every dev set; a test fails when one falls, and
`python tests/bench/test_alignment.py` writes the table anew. Speed is printed, never frozen.
"""

import resource
import subprocess
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
        source, target, used, right, _ = aligned_length(copies)
        seconds.append(used)
        f1.append(right)
        sys.stdout.write(f"\n{source} x {target}: {used:.1f} CPU s, F1 {right:.3f}\n")
    assert seconds[1] < 2.3 * seconds[0]
    assert min(f1) > 0.85


def aligned_length(copies):
    """CPU seconds, F1 and peak megabytes of this process for that many copies of the chapters."""
    source, target, beads = generated(copies)
    start = time.process_time()
    bitext = align(
        [Segment("s", k, "zh", text, 0, 0) for k, text in enumerate(source)],
        [Segment("t", k, "en", text, 0, 0) for k, text in enumerate(target)],
    )
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return len(source), len(target), seconds, strict(gold_beads(bitext), beads).f1, peak


def test_30_000_sentences_stay_under_1500_megabytes():
    run = [sys.executable, __file__, "scale", "21"]  # a process of its own: the peak counts all that ran before
    source, target, seconds, f1, peak = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    sys.stdout.write(f"\n{source} x {target}: {seconds} CPU s, F1 {f1}, peak {peak} MB\n")
    assert float(peak) < 1500
    assert float(f1) > 0.85


if __name__ == "__main__" and sys.argv[1:2] == ["scale"]:
    sys.stdout.write(" ".join(f"{value:.3f}".removesuffix(".000") for value in aligned_length(int(sys.argv[2]))))
elif __name__ == "__main__":
    lines = ["aligner\tfolder\tstrict\tvecalign\tlax", *("\t".join(map(str, row)) for row in measured())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
