"""Where terms stand in a text: tests/cases/matching/marks.tsv, offsets, and agreement with a plain search."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.matching import Matcher, MatchTerm, match_key

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases/matching/marks.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def term(written: str) -> MatchTerm:
    bare = written.lstrip("=~")
    speech = "verb" if written.startswith("~") else "noun"
    return MatchTerm(bare, "und", bare, case_sensitive=written.startswith("="), part_of_speech=speech)


def found(terms: str, text: str) -> list[str]:
    return [text[m.start : m.end] for m in Matcher(map(term, terms.split("|"))).find(text)]


@pytest.mark.parametrize(("terms", "text", "places"), CASES, ids=[case[0] for case in CASES])
def test_terms_are_found_where_they_stand(terms: str, text: str, places: str) -> None:
    assert found(terms, text) == places.split("|")


def test_nested_terms_are_listed_on_request() -> None:
    marks = Matcher(map(term, ["區塊鏈", "區塊鏈技術"])).find("區塊鏈技術", nested=True)
    assert [(m.start, m.end) for m in marks] == [(0, 5), (0, 3)]


def test_homonyms_share_a_place() -> None:
    terms = [MatchTerm("鏈", "zh", "1"), MatchTerm("链", "zh", "2")]
    (mark,) = Matcher(terms).find("一條鏈")
    assert {t.entry_id for t in mark.terms} == {"1", "2"}


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00", "a" * 100_000])
def test_odd_texts_hold_no_term(text: str) -> None:
    assert Matcher([term("區塊鏈")]).find(text) == []


def test_no_terms_find_nothing() -> None:
    assert Matcher([]).find("區塊鏈") == []
    assert Matcher([term(" ")]).find("區塊鏈") == []


ALPHABET = st.sampled_from("ab 区區链-𠮷ﬁＡ…")


@given(st.text(ALPHABET, max_size=30), st.lists(st.text(ALPHABET, min_size=1, max_size=4), max_size=4))
def test_every_mark_is_a_form_of_its_term_and_none_overlap(text: str, terms: list[str]) -> None:
    marks = Matcher([MatchTerm(t, "und", t, part_of_speech="other") for t in terms]).find(text)
    for mark in marks:
        assert {match_key(t.term) for t in mark.terms} == {match_key(text[mark.start : mark.end])}
    assert all(a.end <= b.start for a, b in pairwise(marks))


@given(st.text(ALPHABET, max_size=30), st.text(st.sampled_from("区链𠮷"), min_size=1, max_size=3))
def test_han_terms_are_found_wherever_the_folded_text_holds_them(text: str, word: str) -> None:
    marks = Matcher([MatchTerm(word, "zh", word)]).find(text)
    assert len(marks) == len(re.findall(re.escape(match_key(word)), match_key(text)))
