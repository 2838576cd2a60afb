"""What holds of every extraction, whatever the text."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from glossary.datamodel import Bead, Bitext, Extraction, KnownTerm, Segment, TermCandidate
from glossary.errors import TermError
from glossary.terms import extract_terms

MakeBitext = Callable[..., Bitext]

ROWS = [
    ("DataQin built the Baoquan Chain in Hangzhou.", "數秦科技（DataQin）在杭州建立了保全鏈。"),
    ("The supply chain needs a smart contract.", "供應鏈需要智能合約。"),
    ("A smart contract is a program.", "智能合約是一種程序。"),
    ("The Supreme People's Court accepts blockchain evidence.", "最高人民法院接受區塊鏈證據。"),
]


def _pairs(candidates: Iterable[TermCandidate]) -> set[tuple[str, str]]:
    return {(c.source, c.target) for c in candidates}


def _text_at(bitext: Bitext, bead: int | None, where: tuple[int, int], side: str) -> str | None:
    """The text at document offsets, by the segment of the bead that holds them."""
    own = bitext.beads[bead] if bead is not None else None
    segments = bitext.source if side == "source" else bitext.target
    rows = (own.source if side == "source" else own.target) if own else range(len(segments))
    for segment in segments[rows.start : rows.stop]:
        if segment.start <= where[0] and where[1] <= segment.end:
            return segment.text[where[0] - segment.start : where[1] - segment.start]
    return None


def _check_offsets(bitext: Bitext, candidates: Iterable[TermCandidate]) -> int:
    """Every occurrence in a bead shows a form of its candidate; the number of offsets checked."""
    checked = 0
    for c in candidates:
        for occurrence in (o for o in c.occurrences if o.bead is not None):
            if occurrence.source is not None:
                forms = {c.source, *c.source_forms}
                assert _text_at(bitext, occurrence.bead, occurrence.source, "source") in forms, c
                checked += 1
            if occurrence.target is not None:
                forms = {c.target, *c.target_forms}
                assert _text_at(bitext, occurrence.bead, occurrence.target, "target") in forms, c
                checked += 1
    return checked


def test_offsets_slice_to_the_term_in_the_projects_articles(own_articles: dict[str, Extraction]) -> None:
    for extraction in own_articles.values():
        assert _check_offsets(extraction.bitext, extraction.candidates) > 50


def test_every_occurrence_stands_in_its_document(own_articles: dict[str, Extraction]) -> None:
    for extraction in own_articles.values():
        for c in extraction.candidates:
            for o in c.occurrences:
                for where, document, forms in (
                    (o.source, extraction.source, {c.source, *c.source_forms}),
                    (o.target, extraction.target, {c.target, *c.target_forms}),
                ):
                    assert where is None or document.text[slice(*where)] in forms, (c, where)


def test_every_rendered_candidate_has_an_occurrence_on_both_sides(own_articles: dict[str, Extraction]) -> None:
    for extraction in own_articles.values():
        for c in extraction.candidates:
            assert c.occurrences
            if c.source and c.target:
                assert all(o.source and o.target for o in c.occurrences), c
                assert 0 <= c.score <= 1


@pytest.mark.shared
@pytest.mark.parametrize("page", ["ethereum-dev/docs/dao/blocks.zh-tw.tsv", "ethereum-dev/docs/refi/blocks.zh-cn.tsv"])
def test_offsets_slice_to_the_term_in_other_pages(page: str, shared: Path, bitext_of: MakeBitext) -> None:
    path = shared / "corpora" / "terms" / page
    rows = [line.split("\t")[1:3] for line in path.read_text(encoding="utf-8").splitlines()][:60]
    lang = "zh-Hant-TW" if "tw" in path.name else "zh-Hans"
    bitext = bitext_of([(a, b) for a, b in rows if a and b], ("en", lang))
    assert _check_offsets(bitext, extract_terms(bitext, min_score=0)) > 100


def test_text_in_the_wide_plane_and_full_width_letters_keeps_offsets(bitext_of: MakeBitext) -> None:
    bitext = bitext_of([("The ＤataQin blockchain and 𠮷野 grow.", "𠮷野和區塊鏈（ＤataＱin）在增長。")])
    _check_offsets(bitext, extract_terms(bitext, min_score=0))


def test_the_same_text_gives_the_same_candidates(bitext_of: MakeBitext) -> None:
    assert extract_terms(bitext_of(ROWS), min_score=0) == extract_terms(bitext_of(ROWS), min_score=0)


def test_the_other_direction_gives_the_same_pairs(bitext_of: MakeBitext) -> None:
    forth = extract_terms(bitext_of(ROWS), min_score=0)
    back = extract_terms(bitext_of([(z, e) for e, z in ROWS], ("zh-Hant", "en")), min_score=0)
    assert {(c.source, c.target, c.score) for c in forth} == {(c.target, c.source, c.score) for c in back}
    assert all(c.source_lang == "zh-Hant" and c.target_lang == "en" for c in back)


@pytest.mark.parametrize(
    "rows", [[], [("The supply chain is long.", "")], [("", "供應鏈很長。")], [("A court.", ""), ("", "法院。")]],
    ids=["empty", "English only", "Chinese only", "null beads only"],
)  # fmt: skip
def test_text_without_translation_has_no_pairs(rows: list[tuple[str, str]], bitext_of: MakeBitext) -> None:
    assert not [c for c in extract_terms(bitext_of(rows), min_score=0) if c.source and c.target]


def test_beads_that_are_likely_no_translation_give_no_pairs(bitext_of: MakeBitext) -> None:
    good = bitext_of(ROWS)
    weak = replace(good, beads=tuple(Bead(b.source, b.target, 0.2) for b in good.beads))
    assert not [c for c in extract_terms(weak, min_score=0) if c.source and c.target]


def test_a_full_form_in_a_sentence_without_translation_is_kept_without_rendering(bitext_of: MakeBitext) -> None:
    found = extract_terms(bitext_of([*ROWS, ("The People's Bank of China (PBOC) agreed.", "")]))
    bank = next(c for c in found if c.source == "PBOC")
    assert bank.target == ""
    assert bank.expansions == ("People's Bank of China",)


@pytest.mark.parametrize("langs", [("en", "fr"), ("de", "zh-Hant"), ("ja", "ko")])
def test_other_languages_are_refused_by_name(langs: tuple[str, str], bitext_of: MakeBitext) -> None:
    with pytest.raises(TermError, match="English and Chinese"):
        extract_terms(bitext_of([("one", "two")], langs))


def test_a_known_pair_is_found_where_both_sides_stand(bitext_of: MakeBitext) -> None:
    known = [KnownTerm("program", "一種程序"), KnownTerm("court", "不在此處")]
    found = {(c.source, c.target): c for c in extract_terms(bitext_of(ROWS), known=known)}
    assert found["program", "一種程序"].rule == "known"
    assert not [pair for pair in found if pair[1] == "不在此處"]


def test_a_rejected_pair_is_never_listed(bitext_of: MakeBitext) -> None:
    before = _pairs(extract_terms(bitext_of(ROWS), min_score=0))
    assert ("supply chain", "供應鏈") in before
    known = [KnownTerm("Supply Chains", "供应链", rejected=True)]
    after = _pairs(extract_terms(bitext_of(ROWS), min_score=0, known=known))
    assert not [target for source, target in after if source == "supply chain" and target == "供應鏈"]


def test_a_higher_cut_off_lists_a_part_of_the_lower_ones(bitext_of: MakeBitext) -> None:
    low, high = (extract_terms(bitext_of(ROWS), min_score=s) for s in (0.1, 0.9))
    assert set(_pairs(high)) <= set(_pairs(low))
    assert all(c.score >= 0.9 for c in high if c.source and c.target and not c.flags)


def test_names_of_one_list_are_of_one_kind(harbour: Extraction) -> None:
    kinds = {c.source: c.kind for c in harbour.candidates}
    assert {kinds[name] for name in ("Tencent", "JD.com", "NetEase", "Inspur")} == {"organisation"}


def test_a_rival_rendering_is_flagged_as_the_text_has_it(bitext_of: MakeBitext) -> None:
    rows = [
        ("He wrote a smart contract.", "他寫了一份智能合約。"),
        ("This is a smart contract.", "這是一份智能合約。"),
        ("We read the smart contract.", "我們讀了智慧合約。"),
        ("They like the smart contract.", "他們喜歡智慧合約。"),
    ]
    found = extract_terms(bitext_of(rows), min_score=0)
    forms = {f.form for c in found for f in c.flags if f.code == "conflict" and c.source == "smart contract"}
    assert forms == {"智能合約", "智慧合約"}


def test_noise_raises_nothing(bitext_of: MakeBitext) -> None:
    chance = random.Random(20261122)
    alphabet = "ab C(）（)'s-.,;  的鏈网区A1🀄\u3000\u200b"
    for _ in range(30):
        rows = [("".join(chance.choices(alphabet, k=25)), "".join(chance.choices(alphabet, k=20))) for _ in range(4)]
        _check_offsets(bitext_of(rows), extract_terms(bitext_of(rows), min_score=0))


def test_a_term_never_reaches_over_two_segments() -> None:
    source = (Segment("d", 0, "en", "We met Supreme", 0, 14), Segment("d", 1, "en", "Court judges there.", 15, 34))
    target = (
        Segment("d", 0, "zh-Hant", "我們在那裡會見了最高", 0, 10),
        Segment("d", 1, "zh-Hant", "法院的法官。", 11, 17),
    )
    bitext = Bitext(source, target, (Bead(range(2), range(2), 1.0),))
    _check_offsets(bitext, extract_terms(bitext, min_score=0))


def test_markup_is_no_part_of_a_full_form_or_of_a_definition(bitext_of: MakeBitext) -> None:
    text = "The PBOC (the [People's Bank of China](https://a.org)) agreed."
    defined = "NFT stands for a **token** of its own."
    found = extract_terms(bitext_of([(text, ""), (defined, ""), ("An NFT was sold.", "")]))
    assert not [x for c in found for x in (c.source, *c.source_forms, *c.expansions) if "|" in x]
    assert [d.text for c in found if c.source == "NFT" for d in c.definitions] == [defined]


def test_an_acronym_in_an_untranslated_name_keeps_its_rendering(bitext_of: MakeBitext) -> None:
    rows = [
        ("DeFi is open to anyone.", "去中心化金融對任何人開放。"),
        ("What is DeFi?", "什麼是去中心化金融？"),
        ("Data come from DeFi Llama.", "數據來自 DeFi Llama。"),
        ("He likes DeFi.", "他喜歡去中心化金融。"),
    ]
    found = {(c.source, c.target) for c in extract_terms(bitext_of(rows), min_score=0)}
    assert ("DeFi", "去中心化金融") in found
