"""Gold alignments reached with the default settings; the full table is in tests/bench."""

from pathlib import Path

import pytest

from glossary.alignment import evaluate_folder

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "alignment"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="no evaluation data in ../shared"),
]


def test_the_seed_article_is_aligned_perfectly():
    assert evaluate_folder(SHARED / "seed-003").total.strict.f1 == 1.0


def test_a_chapter_of_fiction(tmp_path):
    for name in ("004.zh", "004.en", "004.gold"):
        (tmp_path / name).write_bytes((SHARED / "fiction-dev" / name).read_bytes())
    result = evaluate_folder(tmp_path, source_lang="zh")
    assert result.total.strict.f1 >= 0.92
    assert result.total.lax.f1 >= 0.99
    assert result.reliability.expected_error < 0.1
