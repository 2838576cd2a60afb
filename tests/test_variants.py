"""A term seen in one variant answers in the others, never disguised as seen there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from glossary.datamodel import ConceptEntry, Flag
from glossary.language import ZH_TARGETS, opencc_convert
from glossary.variants import Override, convert, overrides, renderings, with_converted

from .store.making import make_entry

VOCABULARY = {"zh-Hant-TW": "s2twp", "zh-Hant-HK": "s2hk"}
CHARACTERS = {"zh-Hant-TW": "s2tw", "zh-Hant-HK": "s2hk"}


def cases(name: str) -> list[list[str]]:
    path = Path(__file__).parent / "cases" / "variants" / f"{name}.tsv"
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def forms(entry: ConceptEntry, lang: str) -> list[str]:
    section = entry.section(lang)
    return [t.term for t in section.terms] if section else []


@pytest.mark.parametrize("row", overrides(), ids=lambda row: f"{row.target}-{row.source}")
def test_override_is_still_needed_and_works(row: Override) -> None:
    configs = VOCABULARY if row.scope == "vocabulary" else CHARACTERS
    made = opencc_convert(row.source, configs[row.target]) if row.target in configs else row.source
    assert made == row.opencc, "OpenCC has changed: look at this row again"
    assert convert(row.source, "zh-Hans", row.target, name=row.scope == "all")[0] == row.correct
    assert row.reason
    assert row.correct != row.opencc


@pytest.mark.parametrize(("form", "source", "target", "right"), cases("conversions"))
def test_conversion(form: str, source: str, target: str, right: str) -> None:
    assert convert(form, source, target)[0] == right


def test_every_target_gets_a_marked_form() -> None:
    entry = with_converted(make_entry("digital collectibles", "數字藏品"))
    assert [s.lang for s in entry.lang_secs] == ["en", "zh-Hant", *ZH_TARGETS]
    taiwan = entry.section("zh-Hant-TW")
    assert taiwan is not None
    (term,) = taiwan.terms
    assert (term.term, term.origin, term.converted_from) == ("數位藏品", "converted", "zh-Hant")
    assert term.conversion == "opencc t2s, s2twp + vocabulary"
    assert term.provenance == ()
    simplified = entry.section("zh-Hans")
    assert simplified is not None
    assert simplified.terms[0].conversion == "opencc t2s + vocabulary"


def test_same_looking_form_is_converted_all_the_same() -> None:
    entry = with_converted(make_entry("metaverse", "元宇宙"))
    assert [s.terms[0].origin for s in entry.lang_secs] == [
        "observed",
        "observed",
        "converted",
        "converted",
        "converted",
    ]


def test_observed_variant_is_left_alone() -> None:
    entry = with_converted(make_entry("network", "網絡", lang="zh-Hant-TW"))
    assert forms(entry, "zh-Hant-TW") == ["網絡"]
    assert forms(entry, "zh-Hant") == []


def test_names_keep_their_words() -> None:
    name = "中國國家互聯網信息辦公室"
    for kind in ("organisation", "acronym"):
        assert forms(with_converted(make_entry("CAC", name, kind=kind)), "zh-Hant-TW") == [name]


def test_converting_twice_changes_nothing() -> None:
    once = with_converted(make_entry("digital collectibles", "數字藏品"))
    assert with_converted(once) == once


def test_a_written_reading_goes_with_the_characters_and_not_with_other_words() -> None:
    entry = make_entry("digital collectibles", "數字藏品")
    chinese = replace(entry.lang_secs[1], terms=(replace(entry.lang_secs[1].terms[0], pinyin="shu4 zi4 cang2 pin3"),))
    made = with_converted(replace(entry, lang_secs=(entry.lang_secs[0], chinese)))
    found = {s.lang: (s.terms[0].term, s.terms[0].pinyin) for s in made.lang_secs[1:]}
    assert found == {
        "zh-Hant": ("數字藏品", "shu4 zi4 cang2 pin3"),
        "zh-Hans": ("数字藏品", "shu4 zi4 cang2 pin3"),
        "zh-Hant-HK": ("數字藏品", "shu4 zi4 cang2 pin3"),
        "zh-Hant-TW": ("數位藏品", ""),
    }


def test_entry_without_chinese_stays_as_it_is() -> None:
    entry = make_entry("IDC", "")
    assert with_converted(entry) == entry
    assert renderings(entry) == ()


def with_review(entry: ConceptEntry, lang: str, state: str) -> ConceptEntry:
    sections = [
        replace(s, terms=tuple(replace(t, review_state=state) for t in s.terms)) if s.lang == lang else s  # type: ignore[arg-type]
        for s in entry.lang_secs
    ]
    return replace(entry, lang_secs=tuple(sections))


def test_rejected_form_is_not_offered_anywhere() -> None:
    rejected = with_review(with_converted(make_entry("ledger", "賬本")), "zh-Hant", "rejected")
    assert renderings(rejected) == ()
    assert [s.lang for s in with_converted(rejected).lang_secs] == ["en", "zh-Hant"]


def test_approved_conversion_stays_when_its_source_is_rejected() -> None:
    entry = with_review(with_converted(make_entry("ledger", "賬本")), "zh-Hant-TW", "approved")
    entry = with_review(entry, "zh-Hant", "rejected")
    assert [(r.lang, r.term) for r in renderings(entry)] == [("zh-Hant-TW", "帳本")]


def test_renderings_show_the_observed_variant_first() -> None:
    rows = renderings(make_entry("digital collectibles", "數字藏品"))
    assert [(r.lang, r.term, r.origin, r.n_contexts) for r in rows] == [
        ("zh-Hant", "數字藏品", "observed", 1),
        ("zh-Hans", "数字藏品", "converted", 0),
        ("zh-Hant-TW", "數位藏品", "converted", 0),
        ("zh-Hant-HK", "數字藏品", "converted", 0),
    ]


def test_preferred_form_comes_first() -> None:
    entry = make_entry("ledger", "賬本", score=0.9)
    old = entry.lang_secs[1].terms[0]
    new = replace(old, term="帳冊", score=0.1, administrative_status="preferred")
    entry = replace(entry, lang_secs=(entry.lang_secs[0], replace(entry.lang_secs[1], terms=(old, new))))
    assert [r.term for r in renderings(entry, targets=("zh-Hans",)) if r.lang == "zh-Hant"] == ["帳冊", "賬本"]


def test_flags_go_with_the_form() -> None:
    entry = make_entry("digital collectibles", "子收藏品")
    damaged = replace(entry.lang_secs[1].terms[0], flags=(Flag("damaged", "a character is missing"),))
    entry = replace(entry, lang_secs=(entry.lang_secs[0], replace(entry.lang_secs[1], terms=(damaged,))))
    assert all(r.flags for r in renderings(entry))
