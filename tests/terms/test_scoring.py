"""Figures of term lists on lists small enough to count by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glossary.errors import EvaluationError
from glossary.inflection import SINGULARS
from glossary.terms.scoring import (
    GoldTerm,
    PredictedPair,
    evaluate_terms,
    exactness,
    match_key,
    read_gold_terms,
    read_predicted,
)
from tests.conftest import RunGlossary


def _predicted(*pairs: tuple[str, str, float]) -> list[PredictedPair]:
    return [PredictedPair(*pair, line) for line, pair in enumerate(pairs, 2)]


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("Smart contracts", "smart contract"), ("criteria", "criterion"), ("search indices", "search index"),
        ("indexes", "index"), ("analyses", "analysis"), ("Media", "medium"), ("licenses", "license"),
        ("responses", "response"), ("sizes", "size"), ("addresses", "address"), ("databases", "database"),
        ("sub-matrices", "sub-matrix"), ("cookies", "cookie"), ("caches", "cache"), ("branches", "branch"),
    ],
)  # fmt: skip
def test_a_plural_is_its_singular(plural: str, singular: str) -> None:
    assert match_key(plural) == match_key(singular)


@pytest.mark.parametrize(
    ("one", "other"), [("analysis", "analyst"), ("news", "new"), ("basis", "base"), ("business", "busines")]
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


def test_no_irregular_singular_is_a_plural_itself() -> None:
    assert not set(SINGULARS) & set(SINGULARS.values())


GOLD = [GoldTerm("court", "法院"), GoldTerm("smart contract", "智能合約", alternatives=("智慧合約",))]


@pytest.mark.parametrize("rendering", ["智能合約", "智慧合约"])
def test_any_alternative_is_right_and_enough(rendering: str) -> None:
    found = evaluate_terms(_predicted(("smart contracts", rendering, 0.9)), GOLD)
    assert (found.precision, found.recall, found.accuracy_1) == (1.0, 0.5, 0.5)
    assert found.missed == (GOLD[0],)


def test_both_alternatives_are_right_but_found_once() -> None:
    pairs = _predicted(("smart contract", "智能合約", 0.9), ("smart contract", "智慧合約", 0.8))
    found = evaluate_terms(pairs, GOLD)
    assert (found.precision, found.recall) == (1.0, 0.5)


def test_two_rows_of_one_source_are_two_things_to_find() -> None:
    gold = [GoldTerm("bank", "銀行"), GoldTerm("bank", "河岸")]
    found = evaluate_terms(_predicted(("bank", "銀行", 0.9)), gold)
    assert (found.precision, found.recall, found.accuracy_1) == (1.0, 0.5, 1.0)


def test_an_acceptable_row_is_right_never_missed_and_right_at_rank_one() -> None:
    gold = [GoldTerm("court", "法院"), GoldTerm("court", "法庭", required=False), GoldTerm("day", "日", required=False)]
    found = evaluate_terms(_predicted(("court", "法庭", 0.9), ("court", "法院", 0.8)), gold)
    assert (found.precision, found.recall, found.accuracy_1) == (1.0, 1.0, 1.0)
    assert evaluate_terms([], gold).missed == (gold[0],)


def test_rank_counts_in_accuracy_and_in_precision_at_k() -> None:
    wrong = [("court", f"錯{n}", 0.9 - n / 100) for n in range(4)]
    pairs = _predicted(*wrong, ("court", "法院", 0.5), *((f"x{n}", "乙", 0.4) for n in range(15)))
    found = evaluate_terms(pairs, GOLD)
    assert (found.accuracy_1, found.accuracy_5) == (0.0, 0.5)
    assert found.precision_at == {20: 0.05, 50: None, 100: None}


def test_a_pair_listed_twice_counts_once_with_its_better_score() -> None:
    found = evaluate_terms(_predicted(("court", "法院", 0.2), ("Courts", "法 院", 0.8)), GOLD)
    assert (found.predicted, found.bins[0].mean_score) == (1, 0.8)


def test_calibration_table_and_error() -> None:
    pairs = _predicted(("court", "法院", 0.9), ("judge", "法官", 1.0), ("a", "甲", 0.2), ("b", "乙", 0.2))
    found = evaluate_terms(pairs, GOLD)
    table = [(b.low, b.pairs, round(b.mean_score, 3), b.right) for b in found.bins]
    assert table == [(0.2, 2, 0.2, 0.0), (0.9, 2, 0.95, 0.5)]
    assert found.calibration_error == pytest.approx((0.2 * 2 + 0.45 * 2) / 4)


def test_a_wrong_rendering_comes_with_what_gold_says() -> None:
    found = evaluate_terms(_predicted(("smart contract", "合同", 0.9), ("lunch", "午餐", 0.8)), GOLD)
    assert [w.expected for w in found.wrong] == [("智能合約", "智慧合約"), ()]


def _line(**changed: object) -> str:
    documents = [
        {"source_uri": "a", "target_uri": "b", "occurrences": [{"bead": 0, "source": [3, 9], "target": [0, 2]}]}
    ]
    row = {"source": "courts", "target": "法院", "score": 0.8, "source_forms": ["Court"], "target_forms": []}
    return json.dumps({**row, "documents": documents, **changed}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("source", "exact"), [("In courts.", 1), ("In Court..", 0), ("A courts.", 0), ("", 0)],
    ids=["exact", "a form with a letter too many", "shifted", "too short"],
)  # fmt: skip
def test_offsets_are_checked_against_the_documents(source: str, exact: int, tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(_line() + "\n", encoding="utf-8")
    found = exactness(read_predicted(tmp_path / "p.jsonl"), lambda s, t: (source, "法院。"))
    assert found
    assert (found.checked, found.exact, found.unread) == (1, exact, ())


def test_entries_of_documents_that_cannot_be_read_are_not_checked(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(_line() + "\n", encoding="utf-8")
    found = exactness(read_predicted(tmp_path / "p.jsonl"), lambda s, t: None)
    assert found
    assert (found.checked, found.unread) == (0, ("a", "b"))


def test_a_tsv_has_no_offsets_to_check() -> None:
    assert exactness(_predicted(("court", "法院", 0.9)), lambda s, t: ("", "")) is None


def test_gold_rows_with_alternatives_and_required(tmp_path: Path) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text("# one annotator\nsource\ttarget\trequired\nNFT\t代幣 | NFT\t0\ncourt\t法院\t1\n", encoding="utf-8")
    assert read_gold_terms(path) == [GoldTerm("NFT", "代幣", False, ("NFT",)), GoldTerm("court", "法院")]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("p.tsv", "", "is empty"), ("p.tsv", "a\tb\n1\t2\n", "needs the columns"),
        ("p.tsv", "source\ttarget\tscore\nx\ty\tz\n", "no number"), ("p.jsonl", "{", "p.jsonl:1: no line of"),
        ("p.jsonl", "[1]", "p.jsonl:1: no line of"), ("p.jsonl", '{"source": "a"}', "documents is missing"),
        ("p.jsonl", _line(score="high"), "p.jsonl:1: no line of"),
    ],
)  # fmt: skip
def test_a_malformed_list_is_named_with_its_line(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_predicted(tmp_path / name)


def test_a_gold_row_without_a_rendering_is_named(tmp_path: Path) -> None:
    (tmp_path / "gold.tsv").write_text("source\ttarget\ncourt\t|\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"gold.tsv:2: a gold row needs"):
        read_gold_terms(tmp_path / "gold.tsv")


def test_the_command_shows_figures_calibration_offsets_and_errors(
    root: Path, glossary: RunGlossary, tmp_path: Path
) -> None:
    out, gold = tmp_path / "terms.jsonl", root / "tests" / "cases" / "seeds" / "tea-garden.terms.tsv"
    assert glossary("extract", root / "seeds" / "tea-garden.txt", "--format", "jsonl", "-o", out).exit_code == 0
    shown = glossary("evaluate", "terms", out, gold, "--errors").stdout
    assert "exact offsets        1.000 of " in shown
    assert "0.9-1.0" in shown
    assert "missed" in shown
    tsv = tmp_path / "terms.tsv"
    glossary("extract", root / "seeds" / "tea-garden.txt", "-o", tsv)
    assert "not checked (only JSONL has offsets)" in glossary("evaluate", "terms", tsv, gold).stdout


@pytest.mark.parametrize("form", ["high-level APIs", "GPUs", "NFTs"])
def test_a_plural_acronym_is_its_singular(form: str) -> None:
    assert match_key(form) == match_key(form[:-1])
