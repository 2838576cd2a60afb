"""What every aligner promises, one body over all of ALIGNERS."""

import pytest

from glossary.alignment import ALIGNERS, align
from glossary.datamodel import Bitext, Segment
from glossary.errors import AlignmentError
from glossary.lexicon import PairLexicon

EN = (
    "The city has forbidden the sale of tea coins.",
    "Longyan, a town in the western hills, dries its own mushrooms.",
    "Huawei, Inspur and NetEase rent out the servers.",
    "Harbour traffic has grown by 70 per cent over the past four years, she told us.",
    "Permissioned ledgers decide who may join the network.",
)
ZH = (
    "該市已禁止出售茶葉幣。",
    "華為、浪潮和網易出租伺服器。",
    "她告訴我們，過去四年港口交通增長了約70%。",
    "許可帳本決定誰可以加入網絡。",
)
every_aligner = pytest.mark.parametrize("aligner", sorted(ALIGNERS))


def segments(texts, lang):
    return [Segment(lang, k, lang, text, 0, len(text)) for k, text in enumerate(texts)]


def run(source, target, aligner, languages=("en", "zh-Hant"), **options) -> Bitext:
    return align(segments(source, languages[0]), segments(target, languages[1]), aligner=aligner, **options)


def shape(bitext):
    return [(list(bead.source), list(bead.target)) for bead in bitext.beads]


def assert_tiles(bitext):
    assert [k for bead in bitext.beads for k in bead.source] == list(range(len(bitext.source)))
    assert [k for bead in bitext.beads for k in bead.target] == list(range(len(bitext.target)))
    for bead in bitext.beads:
        assert bead.source or bead.target
        assert 0.0 <= bead.score <= 1.0
        assert bead.score == 0.0 if bead.is_null else bead.score > 0.0


@every_aligner
@pytest.mark.parametrize(
    ("source", "target"),
    [
        ((), ()),
        ((), ZH),
        (EN, ()),
        (EN[:1], ZH[:1]),
        (EN[:1], ZH),
        (EN, ZH[:1]),
        (EN, ZH),
        (EN, EN),
        (EN * 20, ZH * 20),
    ],
)
def test_beads_tile_both_sides(aligner, source, target):
    assert_tiles(run(source, target, aligner))


@every_aligner
def test_an_empty_side_leaves_null_beads(aligner):
    assert shape(run(EN[:3], (), aligner)) == [([0], []), ([1], []), ([2], [])]


@every_aligner
def test_identical_texts_align_one_to_one(aligner):
    bitext = run(EN, EN, aligner, languages=("en", "en"))
    assert shape(bitext) == [([k], [k]) for k in range(len(EN))]


@every_aligner
def test_direction_makes_no_difference(aligner):
    forth, back = run(EN, ZH, aligner), run(ZH, EN, aligner, languages=("zh-Hant", "en"))
    beads = {(tuple(b.source), tuple(b.target)): b.score for b in forth.beads}
    turned = {(tuple(b.target), tuple(b.source)): b.score for b in back.beads}
    assert set(beads) == set(turned)
    assert all(beads[k] == pytest.approx(turned[k], abs=0.01) for k in beads)


@every_aligner
def test_direction_makes_no_difference_without_chinese(aligner):
    german, french = ("Die Katze schläft.", "Es regnet.", "Fritz kam 1956."), ("Le chat dort.", "Fritz vint en 1956.")
    forth = run(german, french, aligner, languages=("de", "fr"))
    back = run(french, german, aligner, languages=("fr", "de"))
    assert [(b.source, b.target) for b in forth.beads] == [(b.target, b.source) for b in back.beads]


@every_aligner
def test_the_same_input_gives_the_same_bitext(aligner):
    assert run(EN, ZH, aligner) == run(EN, ZH, aligner)


@every_aligner
def test_blank_and_odd_segments_do_no_harm(aligner):
    odd = ("", "   ", "\ud800", "?!", "\x00", "a" * 30_000)
    assert_tiles(run(odd, ZH, aligner))


@every_aligner
def test_the_signature_names_the_aligner(aligner):
    assert f"+{aligner}+" in run(EN, ZH, aligner).signature


@pytest.mark.parametrize("aligner", ["combined", "embedding", "lexical"])
def test_an_untranslated_sentence_is_null(aligner):
    assert shape(run(EN, ZH, aligner)) == [([0], [0]), ([1], []), ([2], [1]), ([3], [2]), ([4], [3])]


def test_a_text_without_any_translation_is_null():
    other = ("今天早上我在市场买了三条鱼。", "猫在屋顶上睡觉。", "他的祖母喜欢唱老歌。")
    assert all(bead.is_null for bead in run(EN, other, "combined").beads)


def test_simplified_and_traditional_text_align_alike():
    simplified = ("该市已禁止出售茶叶币。", "华为、浪潮和网易出租服务器。")
    assert shape(run(EN[:3], simplified, "combined", languages=("en", "zh-Hans"))) == [
        ([0], [0]),
        ([1], []),
        ([2], [1]),
    ]


def test_min_score_turns_doubtful_beads_into_nulls():
    bitext = run(EN, ZH, "combined", min_score=1.0)
    assert_tiles(bitext)
    assert all(bead.is_null or bead.score == 1.0 for bead in bitext.beads)


def test_anchors_are_never_crossed():
    source = ("Chapter 1", "He came.", "Chapter 2", "She went.", "They met.")
    target = ("第一章", "第二章", "他来了。", "她走了。", "他们见面了。")
    bitext = run(source, target, "combined", anchors="^(Chapter|第.章)")
    assert_tiles(bitext)
    at = {k: bead for bead in bitext.beads for k in bead.source}
    assert list(at[1].target) == []
    assert list(at[2].target)[:1] == [1]


def test_a_users_glossary_is_evidence():
    source, target = ("Qux zorp.", "Blim fnord."), ("呜嘟。", "叽咕。")
    lexicon = PairLexicon([("zorp", "叽咕"), ("Qux", "叽咕")], ("en", "zh"))
    with_it = run(source, target, "lexical", lexicon=lexicon)
    assert lexicon.signature in with_it.signature
    assert_tiles(with_it)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"aligner": "x"}, "Unknown aligner 'x'. Available: combined, embedding, length, lexical."),
        ({"aligner": "length", "min_score": 2.0}, "min_score is 2.0, not between 0 and 1"),
        ({"aligner": "length", "anchors": "("}, "anchor expression '(' is malformed"),
        ({"aligner": "length", "anchors": "Huawei"}, "matches 1 source and 0 target segments"),
    ],
)
def test_bad_options_are_named(options, message):
    with pytest.raises(AlignmentError) as caught:
        run(EN, ZH, **options)
    assert message in str(caught.value)
