"""Gold alignments reached with the default settings; the full table is in tests/bench."""

import pytest

from glossary.alignment import align, evaluate_folder, find_gold, gold_beads, strict
from glossary.alignment.evaluation import segments_of
from glossary.alignment.training import gappy

pytestmark = pytest.mark.shared


def chapter(shared, tmp_path, name):
    for suffix in ("zh", "en", "gold"):
        content = (shared / "corpora/alignment/fiction-dev" / f"{name}.{suffix}").read_bytes()
        (tmp_path / f"{name}.{suffix}").write_bytes(content)
    return tmp_path


def test_the_seed_article_is_aligned_perfectly(shared):
    assert evaluate_folder(shared / "corpora/alignment/seed-003").total.strict.f1 == 1.0


def test_a_chapter_of_fiction(shared, tmp_path):
    result = evaluate_folder(chapter(shared, tmp_path, "004"), source_lang="zh")
    assert result.total.strict.f1 >= 0.92
    assert result.total.lax.f1 >= 0.99
    assert result.reliability.expected_error < 0.1


def test_a_chapter_with_a_quarter_of_one_side_deleted(shared, tmp_path):
    (gold,) = find_gold(chapter(shared, tmp_path, "001"), source_lang="zh")
    for side in (0, 1):
        copy = gappy(gold, side, share=0.25)
        bitext = align(segments_of(copy.source, "zh", "s"), segments_of(copy.target, "en", "t"))
        assert strict(gold_beads(bitext), copy.beads).f1 >= 0.9
