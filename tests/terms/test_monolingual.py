"""Terms of a text in one language alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from glossary.datamodel import Bitext, TermCandidate
from glossary.errors import TermError
from glossary.lexicon import load_cedict
from glossary.terms import extract_terms, monolingual
from glossary.terms.chinese_units import CHINESE_FEATURES, ChineseText

MakeBitext = Callable[..., Bitext]

ENGLISH = (
    "The pilot zone uses a distributed ledger for customs declarations.",
    "Every validator of the distributed ledger signs the block.",
    "A smart contract releases the deposit when the validator agrees.",
    "The tea house sold 40 digital collectibles at RMB 59 apiece, and a smart contract kept the list.",
)
CHINESE = (
    "試點區用區塊鏈登記報關單。",
    "每個驗證者都在區塊鏈上簽署區塊。",
    "驗證者同意後，智能合約便退回按金。",
    "茶室售出四十件數碼藏品，由智能合約保存名單。𠮷野家沒有參加。",
)


def _one_sided(make: MakeBitext, english: tuple[str, ...] = (), chinese: tuple[str, ...] = ()) -> Bitext:
    return make([*((e, "") for e in english), *(("", z) for z in chinese)])


def test_an_english_text_alone_gives_its_terms_best_first(bitext_of: MakeBitext) -> None:
    found = extract_terms(_one_sided(bitext_of, ENGLISH))
    assert {"distributed ledger", "smart contract", "validator"} <= {c.source for c in found}
    assert not any(c.target for c in found)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_a_chinese_text_alone_gives_its_terms(bitext_of: MakeBitext) -> None:
    found = extract_terms(_one_sided(bitext_of, chinese=CHINESE))
    assert {"區塊鏈", "智能合約", "驗證者"} <= {c.target or c.source for c in found}
    assert not any(c.target and c.source for c in found)


@pytest.mark.parametrize("texts", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_every_place_is_what_the_text_has_there(texts: tuple[str, ...], bitext_of: MakeBitext) -> None:
    whole = "\n".join(texts)
    english = texts is ENGLISH
    found = extract_terms(_one_sided(bitext_of, texts if english else (), () if english else texts), min_score=0)
    seen = {whole[slice(*(o.source or o.target or (0, 0)))] in _forms(c) for c in found for o in c.occurrences}
    assert seen == {True}


def _forms(candidate: TermCandidate) -> tuple[str, ...]:
    return candidate.source, candidate.target, *candidate.source_forms, *candidate.target_forms


def test_the_cut_off_holds_for_them_too(bitext_of: MakeBitext) -> None:
    bitext = _one_sided(bitext_of, ENGLISH)
    few, some, many = (len(extract_terms(bitext, min_score=cut)) for cut in (0.9, 0.5, 0.0))
    assert few < some < many
    assert all(c.score >= monolingual.LEAST for c in extract_terms(bitext, min_score=0))


def test_what_a_translation_leaves_out_is_not_guessed_at(bitext_of: MakeBitext) -> None:
    bitext = bitext_of([(ENGLISH[0], CHINESE[0]), *((e, "") for e in ENGLISH[1:])])
    assert all(c.rule != "termhood" for c in extract_terms(bitext, min_score=0))


def test_an_amount_is_no_term(bitext_of: MakeBitext) -> None:
    found = extract_terms(_one_sided(bitext_of, ENGLISH), min_score=0)
    assert not [c.source for c in found if "59" in c.source]


def test_places_are_told_by_what_likely_renders_them(bitext_of: MakeBitext) -> None:
    found = extract_terms(
        _one_sided(bitext_of, ("The court in Jiangsu heard Xi and the harbour of Ningbo.",)), min_score=0
    )
    kinds = {c.source: c.kind for c in found}
    assert (kinds["Jiangsu"], kinds["Ningbo"], kinds.get("Xi", "concept")) == ("place", "place", "concept")


def test_kinds_of_chinese_terms_are_told_by_what_is_a_name(bitext_of: MakeBitext) -> None:
    texts = ("以太坊是君士坦丁堡的通道。LeNet和softmax与ＮＦＴ。英伟达的通道。", "风险投资和资金进入以太坊的内部。")
    kinds = {c.target: c.kind for c in extract_terms(_one_sided(bitext_of, chinese=texts), min_score=0)}
    assert {kinds[word] for word in ("以太坊", "通道", "风险投资", "内部", "softmax")} == {"concept"}
    assert (kinds["英伟达"], kinds["君士坦丁堡"], kinds["ＮＦＴ"]) == ("organisation", "place", "acronym")


def test_what_a_chinese_text_states_is_scored_as_likely_as_it_is(bitext_of: MakeBitext) -> None:
    texts = ("区块链是指分布式的账本。", "区块链上有节点，区块链也有用户。")
    scores = {c.target: (c.rule, c.score) for c in extract_terms(_one_sided(bitext_of, chinese=texts))}
    assert scores["区块链"] > ("stated", 0.5)


def test_two_spellings_are_one_chinese_term_with_all_places(bitext_of: MakeBitext) -> None:
    texts = ("BaaS 平台很快。", "BaaS平台连接节点。", "BaaS 平台很大。")
    found = extract_terms(_one_sided(bitext_of, chinese=texts), min_score=0)
    (platform,) = [c for c in found if c.target in ("BaaS 平台", "BaaS平台")]
    assert (platform.target, platform.target_forms, len(platform.occurrences)) == ("BaaS 平台", ("BaaS平台",), 3)


def test_a_string_is_read_with_its_neighbours() -> None:
    text = ChineseText(["区块链的应用", "区块链和(节点)"], load_cedict().is_word)
    units = text.units()
    rows = dict(zip(units.strings, text.rows(units).tolist(), strict=True))
    at = CHINESE_FEATURES.index
    assert rows["区块链"][at("characters")] == 3
    assert rows["节点"][at("bracketed")] == 1.0
    assert rows["区块链"][at("after_particle")] == 1.0
    assert "的应用" not in rows


def test_text_without_a_word_gives_nothing(bitext_of: MakeBitext) -> None:
    assert extract_terms(_one_sided(bitext_of, chinese=("。。。",))) == ()
    assert extract_terms(_one_sided(bitext_of, ("...",))) == ()


def test_a_damaged_model_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / monolingual.MODEL_FILE).write_text('{"english": {}}', encoding="utf-8")
    monkeypatch.setattr(monolingual, "files", lambda package: tmp_path)
    load = monolingual.load_monolingual_model.__wrapped__
    with pytest.raises(TermError, match=r"^[^\n]*monolingual_model\.json: it is damaged or missing"):
        load()
