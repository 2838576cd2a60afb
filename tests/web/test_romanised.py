"""How renderings are read on the card and on the page of an entry."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from glossary.config import Settings
from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.store import open_store
from glossary.variants import with_converted
from web import create_app, look
from web.i18n import LANGUAGES
from web.romanised import Romanised, accented, romanised
from web.shown import rendering_rows

READING = re.compile(
    r'<span class="rom">(<span class="approx".*?</span></span>)?<span lang="([^"]*)">([^<]*)</span></span>'
)


def entry_of(lang: str, *terms: TermSec) -> ConceptEntry:
    """An entry with these terms in a variant of Chinese, and what is converted from them."""
    english = LangSec("en", (TermSec("something", score=0.9),))
    return with_converted(ConceptEntry("e1", (english, LangSec(lang, terms)), "concept", 0.9))


def readings(entry: ConceptEntry) -> dict[tuple[str, str], tuple[Romanised, ...]]:
    """The readings of each rendering, by variant and form."""
    return {(r.lang, r.term): romanised(entry, r) for r in rendering_rows(entry)}


def machine(pinyin: str) -> tuple[Romanised, ...]:
    return (Romanised(pinyin, "zh-Latn-pinyin", made=True),)


def test_hong_kong_is_shown_jyutping_and_others_pinyin() -> None:
    found = readings(entry_of("zh-Hant", TermSec("區塊鏈")))
    assert found == {
        ("zh-Hant", "區塊鏈"): machine("qū kuài liàn"),
        ("zh-Hant-TW", "區塊鏈"): machine("qū kuài liàn"),
        ("zh-Hant-HK", "區塊鏈"): (Romanised("keoi1 faai3 lin2", "yue-Latn-jyutping", made=True),),
        ("zh-Hans", "区块链"): machine("qū kuài liàn"),
    }
    assert readings(entry_of("zh", TermSec("银行")))["zh", "银行"] == machine("yín háng")


def test_terms_without_han_and_terms_of_other_languages_have_no_reading() -> None:
    assert set(readings(entry_of("zh-Hans", TermSec("NFT"))).values()) == {()}
    found = readings(entry_of("ja", TermSec("銀行")))
    assert found == {("ja", "銀行"): ()}


def test_what_an_editor_wrote_takes_the_place_of_the_machine_s_in_all_forms_of_the_same_characters() -> None:
    found = readings(entry_of("zh-Hant", TermSec("長行", pinyin="zhang3 xing2")))
    written = (Romanised("zhǎng xíng", "zh-Latn-pinyin", made=False),)
    assert found["zh-Hant", "長行"] == found["zh-Hant-TW", "長行"] == found["zh-Hans", "长行"] == written
    assert [(r.lang, r.made) for r in found["zh-Hant-HK", "長行"]] == [("yue-Latn-jyutping", True)]


def test_an_observed_form_shows_all_that_was_written_of_it() -> None:
    found = readings(entry_of("zh-Hant-TW", TermSec("銀行", jyutping="ngan4 hong4")))
    assert found["zh-Hant-TW", "銀行"] == (
        *machine("yín háng"),
        Romanised("ngan4 hong4", "yue-Latn-jyutping", made=False),
    )


def test_a_reading_written_later_counts_for_forms_converted_before() -> None:
    entry = entry_of("zh-Hant", TermSec("銀行"))
    edited = LangSec("zh-Hant", (TermSec("銀行", jyutping="ngan4 hong4*2"),))
    later = replace(entry, lang_secs=tuple(edited if s.lang == "zh-Hant" else s for s in entry.lang_secs))
    assert readings(later)["zh-Hant-HK", "銀行"] == (Romanised("ngan4 hong4*2", "yue-Latn-jyutping", made=False),)


def test_other_words_of_another_region_are_not_read_as_their_source() -> None:
    found = readings(entry_of("zh-Hans", TermSec("数字藏品", pinyin="shu4 zi4 cang2 pin3")))
    assert found["zh-Hans", "数字藏品"] == (Romanised("shù zì cáng pǐn", "zh-Latn-pinyin", made=False),)
    assert found["zh-Hant-TW", "數位藏品"] == machine("shù wèi cáng pǐn")


def test_words_of_other_scripts_stay_and_brackets_close_up() -> None:
    assert readings(entry_of("zh-Hant", TermSec("BaaS平台（雲端）")))["zh-Hant", "BaaS平台（雲端）"] == machine(
        "BaaS píng tái（yún duān）"
    )


@pytest.mark.parametrize(
    ("numbered", "marked"),
    [
        ("hao3", "hǎo"), ("xue2", "xué"), ("gou3", "gǒu"), ("gui4", "guì"), ("nve4", "nüè"), ("nü3", "nǚ"),
        ("er2", "ér"), ("A1", "Ā"), ("de0", "de"), ("shi4chang3", "shìchǎng"), ("2024", "2024"),
    ],
)  # fmt: skip
def test_the_mark_stands_where_pinyin_wants_it(numbered: str, marked: str) -> None:
    assert accented(numbered) == marked


@pytest.mark.parametrize("page", ["/lookup?q=baas", "/entry/baas000000000001"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_card_and_the_entry_show_readings_and_say_that_a_machine_made_them(
    client: FlaskClient, page: str, tag: str
) -> None:
    html = client.get(page, headers={"Accept-Language": tag}).text
    found = READING.findall(html)
    shown = {(lang, unescape(text)) for _, lang, text in found}
    assert shown == {
        ("zh-Latn-pinyin", "qū kuài liàn jí fú wù"), ("yue-Latn-jyutping", "keoi1 faai3 lin2 zik1 fuk6 mou6")
    }  # fmt: skip
    word = {"en": "Reading made by machine", "zh-Hans": "机器注音"}.get(tag, "機器標音")
    assert all(f'<span class="vh">{word}</span>' in sign and f'title="{word}"' in sign for sign, _, _ in found)


def test_a_reading_that_somebody_wrote_has_no_sign_and_is_escaped(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "terms.db")) as store:
        store.save(entry_of("zh-Hans", TermSec("长行", pinyin="zhang3 <b>&{x}", score=0.9)), who="mei")
    client = create_app(Settings(store=str(tmp_path / "terms.db"))).test_client()
    for page in ("/lookup?q=something", "/entry/e1"):
        html = client.get(page).text
        signs = {sign for sign, lang, text in READING.findall(html) if unescape(text) == "zhǎng <b>&{x}"}
        assert signs == {""}
        assert "<b>&" not in html


def test_a_kept_card_is_not_read_again(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/lookup?q=smart contract").text
    assert "zhì huì hé yuē" in first
    monkeypatch.setattr(look, "romanised", None)
    assert "zhì huì hé yuē" in client.get("/lookup?q=smart contrac").text


def test_readings_of_the_machine_are_not_in_the_api_nor_in_files(client: FlaskClient) -> None:
    answer = client.get("/api/v1/entries/blockchain000001").text
    with client.get("/export/file?format=jsonl&ids=blockchain000001") as made:
        files = made.text
    assert "blockchain" in answer
    assert "blockchain" in files
    assert [word for word in ("kuai", "kuài", "keoi1") if word in answer + files] == []
