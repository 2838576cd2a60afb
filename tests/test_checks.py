"""What the checks find: tests/cases/checks/units.tsv, and the findings that compare units."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from glossary import checks
from glossary.checks import CODES, Checker
from glossary.datamodel import ConceptEntry, LangSec, TermSec, TranslationUnit

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases/checks/units.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
REGIONAL = {"软件": "軟體"}


def entry(english: str, *terms: TermSec, lang: str = "zh-Hans", keep: bool = False) -> ConceptEntry:
    sections = (
        (LangSec("en", (TermSec(english),)), LangSec(lang, terms)) if terms else (LangSec("en", (TermSec(english),)),)
    )
    return ConceptEntry(f"c-{english}", sections, "concept", 0.9, do_not_translate=keep)  # fmt: skip


APPROVED = TermSec("", review_state="approved")
GLOSSARY = [
    entry("smart contract", replace(APPROVED, term="智能合約"), lang="zh-Hant"),
    entry("smart contract platform", replace(APPROVED, term="智能合约平台")),
    entry("digital collectible", replace(APPROVED, term="数字藏品")),
    entry("ledger", TermSec("账本"), TermSec("分类账")),
    entry(
        "node",
        replace(APPROVED, term="节点", administrative_status="preferred"),
        replace(APPROVED, term="结点", administrative_status="forbidden"),
        replace(APPROVED, term="老节", administrative_status="deprecated"),
    ),
    entry("GitHub", keep=True),
]


def unit(source: str, target: str, line: int = 1, lang: str = "zh-Hans") -> TranslationUnit:
    return TranslationUnit(source, target, "en", lang, "a.po", line)


def codes(units: list[TranslationUnit], lang: str = "zh-Hans") -> list[str]:
    regional = REGIONAL if lang == "zh-Hant-TW" else None
    return [f.code for f in Checker(GLOSSARY, source_lang="en", target_lang=lang, regional=regional).check(units)]


@pytest.mark.parametrize(("lang", "source", "target", "wanted"), CASES, ids=[f"{c[1]}={c[2]}" for c in CASES])
def test_a_unit_gives_its_findings(lang: str, source: str, target: str, wanted: str) -> None:
    assert sorted(codes([unit(source, target, lang=lang)], lang)) == sorted(wanted.replace("-", "").split())


def test_an_unreviewed_term_rendered_in_two_ways_is_reported_where_it_is_rarer() -> None:
    units = [unit("The ledger.", "账本。", 1), unit("A ledger.", "账本！", 2), unit("One ledger", "分类账", 3)]
    found = list(Checker(GLOSSARY, source_lang="en", target_lang="zh-Hans").check(units))
    assert [(f.code, f.unit.line, f.suggestion) for f in found] == [("W105", 3, "账本")]


def test_the_same_text_translated_twice_differently_is_reported() -> None:
    assert codes([unit("Hello.", "你好。", 1), unit("Hello.", "您好。", 2), unit("Hello.", "你好。", 3)]) == ["W107"]


def test_offsets_slice_to_what_the_finding_is_about() -> None:
    (finding,) = Checker(GLOSSARY, source_lang="en", target_lang="zh-Hans").check([unit("𠮷 the Nodes.", "没有。")])
    assert finding.side == "source"
    assert finding.unit.source[finding.start : finding.end] == "Nodes"


def test_every_code_is_explained_in_the_manual_and_the_readme() -> None:
    for code in CODES:
        assert f"| {code} |" in (checks.__doc__ or "")
        assert f"| {code} |" in README
