"""Layout as evidence: headings, paragraphs, anchors."""

from itertools import pairwise

import numpy as np
import pytest

from glossary.alignment import ALIGNERS, align
from glossary.alignment.structure import NO_STRUCTURE, structure_of
from glossary.datamodel import Segment


def document(lang, *paragraphs):
    """Segments of paragraphs; a paragraph that begins with # is a heading."""
    out = []
    for block, paragraph in enumerate(paragraphs):
        role = "heading" if paragraph.startswith("#") else "body"
        for text in paragraph.lstrip("# ").split("|"):
            out.append(Segment(lang, len(out), lang, text, 0, 0, role, block))
    return out


EN = document("en", "# Trade", "It rained.|We sold rice.", "# War", "They fled.", "Nobody came back.")
ZH = document("zh", "# 贸易", "下雨了。|我们卖了米。", "# 战争", "他们逃走了，没有人回来。")


def test_a_heading_is_never_in_one_bead_with_body_text():
    beads = align(EN, ZH).beads
    assert [(list(b.source), list(b.target)) for b in beads if 0 in b.source or 3 in b.source] == [
        ([0], [0]),
        ([3], [3]),
    ]


def test_texts_without_layout_have_no_structure():
    plain = document("en", "One.|Two.|Three.")
    structure = structure_of(plain, plain, None)
    assert not any(len(part) for part in (*structure.headings, *structure.breaks))
    assert structure.pins == NO_STRUCTURE.pins == ()


def test_paragraphs_count_only_in_like_number():
    many = document("en", "A.|B.", "C.|D.", "E.|F.", "G.|H.")
    few = document("zh", "甲。|乙。|丙。|丁。", "戊。|己。|庚。|辛。")
    assert not len(structure_of(many, few, None).breaks[0])
    assert structure_of(many, many, None).breaks[0].tolist() == [True, False] * 4


def test_numbered_chapters_never_bleed():
    english = "The quantum computer uses qubits.|Researchers at Fudan University published a paper."
    chinese = "这台量子计算机使用量子比特。|复旦大学的研究人员发表了一篇论文。"
    source = document("en", "# Chapter 1", english, "# Chapter II", english.split("|")[0])
    target = document("zh", "# 第一章", chinese.split("|")[0], "# 第二章", chinese)
    pairs = [(list(b.source), list(b.target)) for b in align(source, target).beads if not b.is_null]
    assert pairs == [([0], [0]), ([1], [1]), ([3], [2]), ([4], [3])]


def test_headings_numbered_differently_are_no_anchors():
    source, target = document("en", "# 1. Trade", "It rained."), document("zh", "# 2. 贸易", "下雨了。")
    assert structure_of(source, target, None).pins == ()


@pytest.mark.parametrize("aligner", sorted(ALIGNERS))
@pytest.mark.parametrize("seed", range(6))
def test_no_bead_spans_an_anchor(aligner, seed):
    chance = np.random.default_rng(seed)
    source = _chapters(chance, "en", ("It rained.", "She sold rice.", "He fled.", "They met."), "Part")
    target = _chapters(chance, "zh", ("下雨了。", "她卖米。", "他逃走了。", "他们见面了。"), "Part")
    bitext = align(source, target, aligner=aligner, anchors="^Part")
    assert [k for bead in bitext.beads for k in bead.source] == list(range(len(source)))
    assert [k for bead in bitext.beads for k in bead.target] == list(range(len(target)))
    bounds = [[k for k, s in enumerate(side) if s.text.startswith("Part")] for side in (source, target)]
    for bead in bitext.beads:
        if not bead.is_null:
            assert sum(k <= bead.source[0] for k in bounds[0]) == sum(k <= bead.target[0] for k in bounds[1])
            assert sum(k <= bead.source[-1] for k in bounds[0]) == sum(k <= bead.target[-1] for k in bounds[1])
    assert all(first < second for first, second in pairwise(bounds[0]))


def _chapters(chance, lang, sentences, name):
    texts = []
    for number in range(4):
        texts.append(f"{name} {number}")
        texts += [sentences[k] for k in chance.integers(0, 4, chance.integers(0, 9))]
    return [Segment(lang, k, lang, text, 0, 0) for k, text in enumerate(texts)]
